-- 0009: an import that is paused, goes on after a crash, and is taken back whole; what columns mean, remembered.

alter table kluis.import_run drop constraint import_run_state_check;
alter table kluis.import_run add constraint import_run_state_check
  check (state in ('running', 'paused', 'done', 'failed', 'reverted'));
alter table kluis.import_run
  add column total_rows int not null default 0,
  add column people int not null default 0,
  add column companies int not null default 0;

-- The file, sealed in pieces, until its run has ended.
create table kluis.import_file (
  id uuid primary key,
  import_id uuid not null references kluis.import_run on delete cascade,
  part int not null,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  created_at timestamptz not null default now(),
  unique (import_id, part)
);

-- What a batch made and met, so that a run goes on knowing what it knew.
create table kluis.import_batch (
  id uuid primary key,
  import_id uuid not null references kluis.import_run on delete cascade,
  first_row int not null,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  created_at timestamptz not null default now(),
  unique (import_id, first_row)
);
create index import_batch_created on kluis.import_batch (created_at);

-- A record as it was before an import changed it, under that record's own key: erasing the customer erases this too.
create table kluis.import_change (
  id uuid primary key,
  import_id uuid not null references kluis.import_run on delete cascade,
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  -- Of the record, after the import.
  record_version int not null,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  created_at timestamptz not null default now(),
  check (num_nonnulls(person_id, company_id) = 1)
);
create index import_change_import on kluis.import_change (import_id);
create index import_change_person on kluis.import_change (person_id);
create index import_change_company on kluis.import_change (company_id);
create index import_change_created on kluis.import_change (created_at);
create index note_import on kluis.note (import_id) where import_id is not null;

alter table kluis.task add column import_id uuid;
create index task_import on kluis.task (import_id) where import_id is not null;

-- What the columns of a source mean, for the whole organisation; found by a keyed hash of its header row.
create table kluis.import_mapping (
  id uuid primary key default gen_random_uuid(),
  source bytea not null check (octet_length(source) = 16),
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);
create index import_mapping_source on kluis.import_mapping (source);

insert into kluis.table_opt_out values
  ('kluis.import_file', 'ledger', 'a file until its import ends; what it made is in the ledger'),
  ('kluis.import_batch', 'ledger', 'how far an import is; what it made is in the ledger'),
  ('kluis.import_change', 'ledger', 'what a record was before an import, for its importer and for 30 days; the change is in the ledger');
