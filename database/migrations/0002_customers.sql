-- 0002: customers. What names or describes a person or a company is sealed; what stays readable is
-- ids, owner, team, stage, dates and counters.

create table kluis.person (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references kluis.user_account,
  team_id uuid not null references kluis.team,
  stage text not null default 'lead' check (stage in ('lead', 'prospect', 'customer', 'former')),
  key_slot bigint not null check (key_slot >= 64),
  contact_sealed kluis.sealed not null,
  contact_seal_counter int not null default 1,
  confidential_sealed kluis.sealed,
  confidential_seal_counter int not null default 0,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  deleted_at timestamptz,
  deleted_by uuid,
  import_id uuid
);
create index person_team_created on kluis.person (team_id, created_at desc);
create index person_owner_created on kluis.person (owner_id, created_at desc);
create index person_created on kluis.person (created_at desc, id);
create index person_import on kluis.person (import_id) where import_id is not null;

create table kluis.company (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references kluis.user_account,
  team_id uuid not null references kluis.team,
  stage text not null default 'lead' check (stage in ('lead', 'prospect', 'customer', 'former')),
  key_slot bigint not null check (key_slot >= 64),
  contact_sealed kluis.sealed not null,
  contact_seal_counter int not null default 1,
  confidential_sealed kluis.sealed,
  confidential_seal_counter int not null default 0,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  deleted_at timestamptz,
  deleted_by uuid,
  import_id uuid
);
create index company_team_created on kluis.company (team_id, created_at desc);
create index company_owner_created on kluis.company (owner_id, created_at desc);
create index company_created on kluis.company (created_at desc, id);
create index company_import on kluis.company (import_id) where import_id is not null;

-- Exact blind indexes (HMAC, equality only). Never unique: that would tell one team what another has.
create table kluis.person_lookup (
  person_id uuid not null references kluis.person on delete cascade,
  kind text not null check (kind in ('email', 'phone', 'iban', 'reference')),
  token bytea not null check (octet_length(token) = 16),
  primary key (person_id, kind, token)
);
create index person_lookup_token on kluis.person_lookup (token);

create table kluis.company_lookup (
  company_id uuid not null references kluis.company on delete cascade,
  kind text not null check (kind in ('email', 'phone', 'iban', 'enterprise-number', 'reference')),
  token bytea not null check (octet_length(token) = 16),
  primary key (company_id, kind, token)
);
create index company_lookup_token on kluis.company_lookup (token);

-- A person's role at a company. Sealed under the person's key.
create table kluis.affiliation (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references kluis.person on delete cascade,
  company_id uuid not null references kluis.company on delete cascade,
  content_sealed kluis.sealed,
  content_seal_counter int not null default 0,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  unique (person_id, company_id)
);
create index affiliation_company on kluis.affiliation (company_id);

create table kluis.note (
  id uuid primary key default gen_random_uuid(),
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  import_id uuid,
  check (num_nonnulls(person_id, company_id) = 1)
);
create index note_person on kluis.note (person_id, created_at desc);
create index note_company on kluis.note (company_id, created_at desc);

create table kluis.task (
  id uuid primary key default gen_random_uuid(),
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  assignee_id uuid references kluis.user_account,
  due_on date,
  done_at timestamptz,
  done_by uuid,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check (num_nonnulls(person_id, company_id) = 1)
);
create index task_person on kluis.task (person_id, created_at desc);
create index task_company on kluis.task (company_id, created_at desc);
create index task_assignee on kluis.task (assignee_id, due_on) where done_at is null;

insert into kluis.table_opt_out values
  ('kluis.person_lookup', 'ledger', 'derived from the person, whose change is in the ledger'),
  ('kluis.company_lookup', 'ledger', 'derived from the company, whose change is in the ledger');
