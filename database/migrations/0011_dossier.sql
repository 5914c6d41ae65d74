-- 0011: the dossier in full. Notes with their earlier texts, files, what changed of a record, who follows it and what
-- they are told. Names, texts and contents are sealed; ids, times and kinds of change stay readable.

alter table kluis.note
  add column edited_at timestamptz,
  add column edited_by uuid,
  add column pinned_at timestamptz,
  add column pinned_by uuid,
  add column deleted_at timestamptz,
  add column deleted_by uuid;

-- A text as it stood before an edit: who had written it and when; who replaced it is the row's own stamp.
create table kluis.note_version (
  id uuid primary key default gen_random_uuid(),
  note_id uuid not null references kluis.note on delete cascade,
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  written_at timestamptz not null,
  written_by uuid,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check (num_nonnulls(person_id, company_id) = 1)
);
create index note_version_note on kluis.note_version (note_id, created_at desc);
create index note_version_person on kluis.note_version (person_id) where person_id is not null;
create index note_version_company on kluis.note_version (company_id) where company_id is not null;

-- One frame of a sealed file, as docs/formats/sealed-file.md describes it. Plaintext does not fit: it lacks the magic.
create domain kluis.sealed_frame as bytea
  check (octet_length(value) between 4132 and 1048612 and substring(value from 1 for 3) = '\x4b4601'::bytea);

-- Name, type and size are sealed together, the key of the contents apart. Without completed_at the upload is under way,
-- or was left.
create table kluis.file (
  id uuid primary key default gen_random_uuid(),
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  key_sealed kluis.sealed not null,
  key_seal_counter int not null default 1,
  frame_count int not null check (frame_count between 1 and 64),
  completed_at timestamptz,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  deleted_at timestamptz,
  deleted_by uuid,
  check (num_nonnulls(person_id, company_id) = 1)
);
create index file_person on kluis.file (person_id, created_at desc);
create index file_company on kluis.file (company_id, created_at desc);
create index file_unfinished on kluis.file (created_by, created_at) where completed_at is null;

create table kluis.file_frame (
  file_id uuid not null references kluis.file on delete cascade,
  number int not null check (number between 0 and 63),
  sealed kluis.sealed_frame not null,
  primary key (file_id, number)
);
-- Ciphertext does not shrink: PostgreSQL need not try.
alter table kluis.file_frame alter column sealed set storage external;

-- What changed of a record, without any value that is sealed. Written by a trigger alone.
create table kluis.record_change (
  id uuid primary key default gen_random_uuid(),
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  what text[] not null,
  stage_before text,
  stage_after text,
  owner_before uuid,
  owner_after uuid,
  team_before uuid,
  team_after uuid,
  is_import boolean not null default false,
  created_at timestamptz not null default now(),
  created_by uuid,
  check (num_nonnulls(person_id, company_id) = 1)
);
create index record_change_person on kluis.record_change (person_id, created_at desc);
create index record_change_company on kluis.record_change (company_id, created_at desc);

create table kluis.follow (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references kluis.user_account,
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  created_at timestamptz not null default now(),
  unique (user_id, person_id),
  unique (user_id, company_id),
  check (num_nonnulls(person_id, company_id) = 1)
);
create index follow_person on kluis.follow (person_id) where person_id is not null;
create index follow_company on kluis.follow (company_id) where company_id is not null;

-- What a colleague is told: ids only. Written by functions that ask who may see the record.
create table kluis.notification (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references kluis.user_account,
  kind text not null check (kind in ('mention', 'change', 'hand-over')),
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  note_id uuid references kluis.note on delete cascade,
  told_at timestamptz not null default now(),
  told_by uuid,
  read_at timestamptz,
  check (num_nonnulls(person_id, company_id) = 1)
);
create index notification_user on kluis.notification (user_id, told_at desc, id desc);
create index notification_unread on kluis.notification (user_id) where read_at is null;
-- Told once until it is read, whoever changes it meanwhile.
create unique index notification_change_person on kluis.notification (user_id, person_id) where kind = 'change' and read_at is null;
create unique index notification_change_company on kluis.notification (user_id, company_id) where kind = 'change' and read_at is null;
create index notification_person on kluis.notification (person_id);
create index notification_company on kluis.notification (company_id);
create index notification_note on kluis.notification (note_id) where note_id is not null;

alter table kluis.opening drop constraint opening_kind_check;
alter table kluis.opening add constraint opening_kind_check
  check (kind in ('list', 'dossier', 'reveal', 'export', 'download'));

insert into kluis.table_opt_out values
  ('kluis.file_frame', 'ledger', 'ciphertext bound to its file, whose row is in the ledger; a changed, moved or missing frame does not open'),
  ('kluis.record_change', 'ledger', 'derived from changes that are in the ledger'),
  ('kluis.follow', 'ledger', 'which records a colleague wants to hear of'),
  ('kluis.notification', 'ledger', 'derived from changes that are in the ledger');

insert into kluis.role_permission
select role_id, permission
from (values
  ('administrator', array['files:see', 'files:edit']),
  ('manager', array['files:see', 'files:edit']),
  ('sales', array['files:see', 'files:edit']),
  ('support', array['files:see', 'files:edit']),
  ('privacy-officer', array['files:see'])
) as granted(role_id, permissions), unnest(permissions) as permission;
