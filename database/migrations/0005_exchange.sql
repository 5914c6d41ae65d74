-- 0005: imports. Counts only; what a file held is in the records it made, sealed.
create table kluis.import_run (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references kluis.user_account,
  read_rows int not null,
  created_rows int not null,
  skipped_rows int not null,
  refused_rows int not null,
  created_at timestamptz not null default now(),
  reverted_at timestamptz
);
create index import_run_user on kluis.import_run (user_id, created_at desc);
