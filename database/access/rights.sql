-- Rights as data: roles and their permissions, what is shared, who looked at whose rights. That nobody widens their own
-- rights, or gives more of the administration than they have, holds for every table and is in functions/standing.sql.

grant insert (id, name), update (name, row_version), delete on kluis.role to kluis_app;
create policy managed_made on kluis.role for insert to kluis_app with check ((select kluis.may('rights:manage')) and not is_built_in);
create policy managed_named on kluis.role for update to kluis_app
  using ((select kluis.may('rights:manage'))) with check ((select kluis.may('rights:manage')));
-- The role of whoever sets Kluis up stays.
create policy managed_removed on kluis.role for delete to kluis_app using ((select kluis.may('rights:manage')) and id <> 'administrator');

grant insert (role_id, permission, scope), update (scope, row_version), delete on kluis.role_permission to kluis_app;
create policy managed_given on kluis.role_permission for insert to kluis_app with check ((select kluis.may('rights:manage')));
create policy managed_changed on kluis.role_permission for update to kluis_app
  using ((select kluis.may('rights:manage'))) with check ((select kluis.may('rights:manage')));
create policy managed_taken on kluis.role_permission for delete to kluis_app using ((select kluis.may('rights:manage')));

-- Whoever sees a record sees with whom it is shared. It is shared in one's own right, no further than one may oneself: not
-- what one has by a share, and to edit only what one edits. Ended by who shared it, by whoever may share it, or by who has it.
grant select, insert, delete on kluis.record_share to kluis_app;
create policy parent_seen on kluis.record_share for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id) or (select true from kluis.company c where c.id = company_id));
create policy own_right on kluis.record_share for insert to kluis_app
  with check (created_by = (select kluis.uid()) and ((select true from kluis.person p where p.id = person_id and array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:share'))
        and (not may_edit or array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit'))))
      or (select true from kluis.company c where c.id = company_id and array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:share'))
        and (not may_edit or array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit'))))));
create policy ended on kluis.record_share for delete to kluis_app
  using (created_by = (select kluis.uid()) or user_id = (select kluis.uid())
      or (select true from kluis.person p where p.id = person_id and array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:share')))
      or (select true from kluis.company c where c.id = company_id and array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:share'))));

-- What became of a look at somebody's rights: they themselves and those who may look see it. Written by one function.
grant select on kluis.access_review to kluis_app;
create policy concerned on kluis.access_review for select to kluis_app
  using (user_id = (select kluis.uid()) or (select kluis.may('rights:review')) or (select kluis.may('rights:see')));

grant select, insert (user_id, permission, last_on), update (last_on) on kluis.right_use to kluis_app;
create policy own on kluis.right_use for select to kluis_app using (user_id = (select kluis.uid()));
create policy own_new on kluis.right_use for insert to kluis_app with check (user_id = (select kluis.uid()));
create policy own_changed on kluis.right_use for update to kluis_app
  using (user_id = (select kluis.uid())) with check (user_id = (select kluis.uid()));

-- The functions that look at rights, and hand over what a leaver had.
grant select, delete on kluis.record_share to kluis_identity;
grant select, insert on kluis.access_review to kluis_identity;
grant select on kluis.right_use, kluis.saved_view to kluis_identity;
grant update (role_id, status, rights_reviewed_at, row_version) on kluis.user_account to kluis_identity;
grant delete on kluis.team_member to kluis_identity;
grant update (scope, row_version) on kluis.role_permission to kluis_identity;
grant update (assignee_id, row_version) on kluis.task to kluis_identity;
grant update (owner_id, row_version) on kluis.saved_view to kluis_identity;
create policy identity_reads on kluis.record_share for select to kluis_identity using (true);
create policy identity_ends on kluis.record_share for delete to kluis_identity using (true);
create policy identity_reviews on kluis.access_review to kluis_identity using (true) with check (true);
create policy identity_reads on kluis.right_use for select to kluis_identity using (true);
create policy identity_reviews on kluis.user_account for update to kluis_identity using (true) with check (true);
create policy identity_reviews on kluis.team_member for delete to kluis_identity using (true);
create policy identity_sets_up on kluis.role_permission for update to kluis_identity using (true) with check (true);
create policy identity_hands_over on kluis.task for update to kluis_identity using (true) with check (true);
create policy identity_reads on kluis.saved_view for select to kluis_identity using (true);
create policy identity_hands_over on kluis.saved_view for update to kluis_identity using (true) with check (true);

-- What ends when somebody leaves, and whose token is due when rights change.
grant update (revoked_at, rotation_due) on kluis_auth.session to kluis_identity;
grant select, update (used_at) on kluis_auth.invite to kluis_identity;
grant delete on kluis_auth.step_up, kluis.saved_view to kluis_identity;
create policy identity_ends on kluis_auth.session for update to kluis_identity using (true) with check (true);
create policy identity_ends on kluis_auth.invite to kluis_identity using (true) with check (true);
create policy identity_ends on kluis_auth.step_up for delete to kluis_identity using (true);
create policy identity_ends on kluis.saved_view for delete to kluis_identity using (true);
grant execute on function kluis_auth.end_break_glass_of(uuid, timestamptz) to kluis_identity;

grant execute on function kluis_auth.rule_of(uuid, text, uuid, uuid, uuid), kluis_auth.may_review(uuid), kluis_auth.may_look(uuid) to kluis_identity;
grant execute on function kluis.set_up_scopes(text) to kluis_sign_in;
grant execute on function kluis.reviews_due(boolean), kluis.rights_of(uuid), kluis.teams_of(uuid), kluis.shares_of(uuid), kluis.reach_of(uuid),
  kluis.unused_rights(), kluis.seen_as(uuid, text, uuid, int), kluis.who_sees(uuid), kluis.role_reach(text), kluis.outlines(text, timestamptz, uuid, int),
  kluis.leaving(uuid), kluis.hand_over_everything(uuid, uuid[], int),
  kluis.review_rights(uuid, text, uuid[], uuid[], boolean) to kluis_app;
