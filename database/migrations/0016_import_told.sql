-- 0016: who brought in a file hears how it ended, under the id of the import.
alter table kluis.notification
  drop constraint notification_kind_check,
  drop constraint notification_check,
  add column import_id uuid references kluis.import_run on delete cascade,
  add constraint notification_kind_check check (kind in
    ('mention', 'change', 'hand-over', 'assigned', 'reminder', 'import-done', 'import-failed', 'import-waiting')),
  add constraint notification_check check (num_nonnulls(person_id, company_id, import_id) = 1),
  add constraint notification_import_check check ((import_id is not null) = (kind like 'import-%'));
create index notification_import on kluis.notification (import_id) where import_id is not null;
create index import_run_running on kluis.import_run (created_by) where state = 'running';
