-- Sign-in makes a grant once a factor is proven; one function uses it up, for the session it was made for.
grant select, insert, delete on kluis_auth.step_up to kluis_sign_in;
create policy sign_in on kluis_auth.step_up to kluis_sign_in using (true) with check (true);
grant select, update (used_at) on kluis_auth.step_up to kluis_identity;
create policy identity_reads on kluis_auth.step_up for select to kluis_identity using (true);
create policy identity_uses on kluis_auth.step_up for update to kluis_identity using (true) with check (used_at is not null);
grant execute on function kluis_ledger.record_event(text, jsonb, uuid) to kluis_identity;
grant usage on schema kluis_ledger to kluis_identity;
grant execute on function kluis.use_step_up(bytea, text, bytea) to kluis_app;
