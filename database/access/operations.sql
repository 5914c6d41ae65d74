-- Sign-in makes a grant once a factor is proven; one function uses it up, for the session it was made for.
grant select, insert, delete on kluis_auth.step_up to kluis_sign_in;
create policy sign_in on kluis_auth.step_up to kluis_sign_in using (true) with check (true);
grant select, update (used_at) on kluis_auth.step_up to kluis_identity;
create policy identity_reads on kluis_auth.step_up for select to kluis_identity using (true);
create policy identity_uses on kluis_auth.step_up for update to kluis_identity using (true) with check (used_at is not null);
grant usage on schema kluis_ledger to kluis_identity;
grant execute on function kluis_ledger.record_event(text, jsonb, uuid) to kluis_identity;
grant execute on function kluis.pass_guard(bytea, text, bytea), kluis.takes_four_eyes(text), kluis.count_deciders(), kluis.may_decide_for(uuid),
  kluis.decide_approval(uuid, boolean, kluis.sealed, int, bytea), kluis.withdraw_approval(uuid) to kluis_app;
grant execute on function kluis.takes_four_eyes(text), kluis_auth.may_decide(uuid, uuid), kluis_auth.came_by_provider_of(uuid, uuid) to kluis_identity;
grant usage on schema kluis_auth to kluis_identity;
grant select, insert, update on kluis_auth.rights_given to kluis_identity;
create policy identity on kluis_auth.rights_given to kluis_identity using (true) with check (true);
-- By which provider somebody came, and who set that up.
grant select (id, created_by, updated_by, updated_at) on kluis_auth.identity_provider to kluis_identity;
grant select (provider_id, user_id) on kluis_auth.federated_identity, kluis_auth.provisioned_user to kluis_identity;
grant select (provider_id, created_by, created_at) on kluis_auth.scim_token to kluis_identity;
create policy identity_reads on kluis_auth.identity_provider for select to kluis_identity using (true);
create policy identity_reads on kluis_auth.federated_identity for select to kluis_identity using (true);
create policy identity_reads on kluis_auth.provisioned_user for select to kluis_identity using (true);
create policy identity_reads on kluis_auth.scim_token for select to kluis_identity using (true);

-- What takes four eyes is for everybody to know, and for who manages the organisation to change.
grant select, update (four_eyes, break_glass_minutes, row_version) on kluis.safeguard to kluis_app;
create policy signed_in on kluis.safeguard for select to kluis_app using ((select kluis.uid()) is not null);
create policy managed on kluis.safeguard for update to kluis_app
  using ((select kluis.may('organisation:manage'))) with check ((select kluis.may('organisation:manage')));
grant select on kluis.safeguard to kluis_identity;
create policy identity_reads on kluis.safeguard for select to kluis_identity using (true);

-- One sees what one asked, and who decides sees what is asked. Nobody writes a decision: a function does.
grant select, insert (id, operation, request, content_sealed, created_by) on kluis.approval to kluis_app;
create policy own on kluis.approval for select to kluis_app using (created_by = (select kluis.uid()));
create policy for_deciders on kluis.approval for select to kluis_app using ((select kluis.may('approvals:decide')));
-- created_by is set by the database itself before this is asked.
create policy asked on kluis.approval for insert to kluis_app
  with check (created_by = (select kluis.uid()) and (select kluis.takes_four_eyes(operation)));
grant select, update on kluis.approval to kluis_identity;
create policy identity_reads on kluis.approval for select to kluis_identity using (true);
create policy identity_decides on kluis.approval for update to kluis_identity using (true) with check (true);

-- What was told of it, as long as it is one's own to see.
create policy own_of_operations on kluis.notification for select to kluis_app
  using (user_id = (select kluis.uid())
    and ((select true from kluis.approval a where a.id = approval_id)
      or (select true from kluis.break_glass b where b.id = break_glass_id)));

-- The sign-in role lifts what takes four eyes for the operator of the host, when nobody is left who could agree.
grant select, update (four_eyes, row_version) on kluis.safeguard to kluis_sign_in;
create policy sign_in on kluis.safeguard to kluis_sign_in using (true) with check (true);

-- Break-glass is seen by its owner and by who reviews it, and written by functions alone.
grant select on kluis.break_glass to kluis_app;
create policy own on kluis.break_glass for select to kluis_app using (user_id = (select kluis.uid()));
create policy for_reviewers on kluis.break_glass for select to kluis_app using ((select kluis.may('break-glass:review')));
grant select, insert, update on kluis.break_glass to kluis_identity;
create policy identity on kluis.break_glass to kluis_identity using (true) with check (true);
grant execute on function kluis_auth.seeing_only(text[]) to kluis_identity;
grant execute on function kluis.open_break_glass(uuid, kluis.sealed), kluis.end_break_glass(uuid), kluis.break_glass_openings(uuid),
  kluis.review_break_glass(uuid, kluis.sealed, int) to kluis_app;
grant execute on function kluis.tell_ended_break_glass() to kluis_sign_in;
