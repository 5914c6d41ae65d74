-- 0025: whoever gets the records of a leaver is told how many; and somebody who comes by a provider steps up there.

alter table kluis.notification
  add column leaver_id uuid references kluis.user_account on delete cascade,
  add column handed_count int check (handed_count > 0);
-- Whatever kinds and subjects there were before: these beside them.
do $$
declare
  kinds text := (select pg_get_constraintdef(oid) from pg_constraint where conname = 'notification_kind_check');
  subjects text := (select pg_get_constraintdef(oid) from pg_constraint where conname = 'notification_check');
begin
  alter table kluis.notification drop constraint notification_kind_check, drop constraint notification_check;
  execute 'alter table kluis.notification add constraint notification_kind_check ' || replace(kinds, 'ARRAY[', 'ARRAY[''handed-over''::text, ');
  execute 'alter table kluis.notification add constraint notification_check ' || replace(subjects, 'num_nonnulls(', 'num_nonnulls(leaver_id, ');
end $$;
alter table kluis.notification
  add constraint notification_leaver_check check ((leaver_id is not null) = (kind = 'handed-over') and (handed_count is not null) = (kind = 'handed-over'));
create index notification_leaver on kluis.notification (leaver_id, user_id) where leaver_id is not null;

alter table kluis_auth.step_up
  drop constraint step_up_factor_check,
  add constraint step_up_factor_check
    check (factor in ('passkey', 'password+totp', 'password+recovery', 'operator-socket', 'provider', 'provider+totp'));
