-- 0005: imports. Counts are readable; the name of the file and the rows that were told are sealed.
create table kluis.import_run (
  id uuid primary key default gen_random_uuid(),
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  state text not null default 'running' check (state in ('running', 'done', 'failed', 'reverted')),
  read_rows int not null default 0,
  created_rows int not null default 0,
  updated_rows int not null default 0,
  skipped_rows int not null default 0,
  refused_rows int not null default 0,
  flagged_rows int not null default 0,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  reverted_at timestamptz
);
create index import_run_created_by on kluis.import_run (created_by, created_at desc);

-- Rows that did not simply come in, for 30 days: refused ones as they stood, sealed.
create table kluis.import_row (
  id uuid primary key,
  import_id uuid not null references kluis.import_run on delete cascade,
  line int not null,
  outcome text not null check (outcome in ('created', 'updated', 'skipped', 'refused')),
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  created_at timestamptz not null default now()
);
create index import_row_import on kluis.import_row (import_id, line);
create index import_row_created on kluis.import_row (created_at);

insert into kluis.table_opt_out values
  ('kluis.import_row', 'ledger', 'what a file held, for its importer and for 30 days; the run and what it made are in the ledger');
