-- Who may touch what of the organisation itself. Applied whole, each time, after everything was revoked.

grant usage on schema kluis to kluis_app, kluis_sign_in, kluis_keeper, kluis_worker, kluis_ledger, kluis_monitor, kluis_identity, kluis_ledger_owner;
grant usage on schema kluis_auth to kluis_sign_in, kluis_identity;

grant execute on function kluis.uid(), kluis.session_id(), kluis.scope(text), kluis.shared(text), kluis.may(text), kluis.who()
  to kluis_app, kluis_worker, kluis_sign_in, kluis_keeper, kluis_ledger, kluis_identity, kluis_ledger_owner;
grant execute on function kluis.is_indexer() to kluis_keeper;
grant execute on function kluis.draw_key_slots(int), kluis.seen_by(uuid) to kluis_app, kluis_worker;
grant execute on function kluis.opens_confidential() to kluis_app, kluis_worker;
grant execute on function kluis.can_see(uuid), kluis.opens_confidential(), kluis_auth.scope_in(text, text[], int2[], uuid[]), kluis_auth.shared_with(uuid, text),
  kluis_auth.colleague_may(uuid, text, uuid, uuid, uuid), kluis_auth.is_wider(kluis_auth.standing, kluis_auth.standing), kluis_auth.refresh_standing() to kluis_identity;
grant execute on function kluis.stamp_row(), kluis.stamp_actor() to kluis_app, kluis_worker, kluis_sign_in;
grant usage, update on sequence kluis.key_slot to kluis_identity;

-- The owner of the identity functions reads what they need, and writes traces; nobody can log in as it.
grant usage on schema kluis_auth to kluis_identity;
grant select on kluis_auth.session, kluis_auth.caller, kluis.user_account, kluis.team, kluis.team_member, kluis.role, kluis.role_permission to kluis_identity;
grant select, insert on kluis.opening to kluis_identity;
create policy identity_reads on kluis_auth.session for select to kluis_identity using (true);
create policy identity_reads on kluis.user_account for select to kluis_identity using (true);
create policy identity_reads on kluis.team_member for select to kluis_identity using (true);
create policy identity_reads on kluis.role_permission for select to kluis_identity using (true);
create policy identity_reads on kluis.team for select to kluis_identity using (true);
create policy identity_reads on kluis.role for select to kluis_identity using (true);
create policy identity_writes on kluis.opening for insert to kluis_identity with check (true);
create policy identity_reads on kluis.opening for select to kluis_identity using (true);

-- Colleagues, teams and roles: everyone signed in sees them, sign-in alone changes them.
grant select on kluis.organisation, kluis.team, kluis.role, kluis.role_permission, kluis.user_account, kluis.team_member to kluis_app, kluis_worker;
create policy signed_in on kluis.organisation for select to kluis_app, kluis_worker using ((select kluis.uid()) is not null);
create policy signed_in on kluis.team for select to kluis_app, kluis_worker using ((select kluis.uid()) is not null);
create policy signed_in on kluis.role for select to kluis_app, kluis_worker using ((select kluis.uid()) is not null);
create policy signed_in on kluis.role_permission for select to kluis_app, kluis_worker using ((select kluis.uid()) is not null);
create policy signed_in on kluis.user_account for select to kluis_app, kluis_worker using ((select kluis.uid()) is not null);
create policy signed_in on kluis.team_member for select to kluis_app, kluis_worker using ((select kluis.uid()) is not null);

grant select, insert on kluis.client_id to kluis_app;
create policy own on kluis.client_id for select to kluis_app using (user_id = (select kluis.uid()));
create policy own_new on kluis.client_id for insert to kluis_app with check (user_id = (select kluis.uid()));

-- kluis_sign_in makes the organisation, its people and their sessions: the one role that may.
grant select, insert, update on kluis.organisation, kluis.team, kluis.user_account to kluis_sign_in;
grant select, insert, delete on kluis.team_member to kluis_sign_in;
grant select on kluis.role, kluis.role_permission to kluis_sign_in;
grant select, insert, update, delete on kluis_auth.session to kluis_sign_in;
create policy sign_in on kluis.organisation to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis.team to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis.user_account to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis.team_member to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis.role for select to kluis_sign_in using (true);
create policy sign_in on kluis.role_permission for select to kluis_sign_in using (true);
create policy sign_in on kluis_auth.session to kluis_sign_in using (true) with check (true);
