-- Budgets at the door. Counting and refusing is the work of definer functions (database/functions/budgets.sql); the app
-- may only look, change limits, freeze and lift, and none of that for itself where it would open something.

grant execute on function kluis.record_opening(text, text, uuid[], text, uuid[], uuid[]) to kluis_app, kluis_worker;
grant execute on function kluis.budget_left(text), kluis.is_frozen(), kluis.alarm_subjects(uuid), kluis.raise_budget(), kluis.raised_until() to kluis_app;
grant execute on function kluis.take_alarm_mail(), kluis.give_back_alarm_mail(uuid[]) to kluis_sign_in;

-- The limits are no secret: whoever works here may know how far they can go. Who changes them never makes or removes one.
grant select on kluis.budget to kluis_app;
grant update (hour_soft, hour_hard, day_soft, day_hard, freezes_on_canary, row_version) on kluis.budget to kluis_app;
create policy signed_in on kluis.budget for select to kluis_app using ((select kluis.uid()) is not null);
create policy managed on kluis.budget for update to kluis_app
  using ((select kluis.may('budgets:manage'))) with check ((select kluis.may('budgets:manage')));

-- One's own use, and everybody's for whoever manages budgets. Which customers it was is nobody's to read.
grant select on kluis.budget_use to kluis_app;
create policy own on kluis.budget_use for select to kluis_app
  using (user_id = (select kluis.uid()) or (select kluis.may('budgets:manage')));

-- A colleague is frozen by whoever manages budgets, and let go by somebody else than themselves alone.
grant select on kluis.freeze to kluis_app;
grant insert (id, user_id, why, content_sealed, content_seal_counter) on kluis.freeze to kluis_app;
grant update (lifted_at, content_sealed, content_seal_counter, row_version) on kluis.freeze to kluis_app;
create policy own on kluis.freeze for select to kluis_app
  using (user_id = (select kluis.uid()) or (select kluis.may('budgets:manage')));
create policy by_hand on kluis.freeze for insert to kluis_app
  with check (why = 'by-hand' and lifted_at is null and (select kluis.may('budgets:manage')));
create policy let_go on kluis.freeze for update to kluis_app
  using ((select kluis.may('budgets:manage')) and user_id <> (select kluis.uid()) and lifted_at is null)
  with check (lifted_at is not null);

-- Alarms: raised by the door, looked at once, by somebody else than whom they are about.
grant select on kluis.alarm to kluis_app;
grant update (reviewed_at, outcome, content_sealed, content_seal_counter, row_version) on kluis.alarm to kluis_app;
create policy seen on kluis.alarm for select to kluis_app using ((select kluis.may('alarms:see')));
create policy reviewed on kluis.alarm for update to kluis_app
  using ((select kluis.may('alarms:see')) and user_id <> (select kluis.uid()) and reviewed_at is null)
  with check (reviewed_at is not null);

-- What the functions of the door read and write; nobody can log in as their owner.
grant select, insert on kluis.budget to kluis_identity;
grant select, insert, update, delete on kluis.budget_seen, kluis.budget_use, kluis.budget_raise to kluis_identity;
grant select, insert on kluis.freeze, kluis.alarm to kluis_identity;
create policy identity_reads on kluis.budget for select to kluis_identity using (true);
create policy identity_makes on kluis.budget for insert to kluis_identity with check (true);
create policy identity_counts on kluis.budget_seen to kluis_identity using (true) with check (true);
create policy identity_counts on kluis.budget_use to kluis_identity using (true) with check (true);
create policy identity_raises on kluis.budget_raise to kluis_identity using (true) with check (true);
create policy identity_reads on kluis.freeze for select to kluis_identity using (true);
create policy identity_freezes on kluis.freeze for insert to kluis_identity with check (true);
create policy identity_reads on kluis.alarm for select to kluis_identity using (true);
create policy identity_raises on kluis.alarm for insert to kluis_identity with check (true);

-- The operator of the machine freezes and lifts through the role of sign-in, which sees no customer.
grant select, insert, update on kluis.freeze to kluis_sign_in;
create policy operator on kluis.freeze to kluis_sign_in using (true) with check (true);
