-- 0013: fields of one's own making. What a field is called, what it is for and what can be chosen in it is sealed under
-- the organisation's key: a stolen dump does not tell what is kept of customers. What PostgreSQL decides by stays readable.
create table kluis.field_definition (
  id uuid primary key default gen_random_uuid(),
  record_kind text not null check (record_kind in ('person', 'company')),
  kind text not null check (kind in ('text', 'long-text', 'number', 'money', 'date', 'choice', 'choices', 'yes-no', 'link', 'person', 'company')),
  sensitivity text not null check (sensitivity in ('contact', 'confidential')),
  search text not null default 'none' check (search in ('none', 'index', 'exact')),
  is_required boolean not null default false,
  position int not null default 0,
  archived_at timestamptz,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  -- Where many records share a value, equality tells which value it is.
  check (search <> 'exact' or kind in ('text', 'link')),
  -- The memory index answers everyone who sees a record.
  check (search <> 'index' or sensitivity = 'contact')
);

-- Which roles see a confidential field; without a row every role does. With a version, so that the ledger misses one.
create table kluis.field_role (
  id uuid primary key default gen_random_uuid(),
  field_id uuid not null references kluis.field_definition,
  role_id text not null references kluis.role,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  unique (field_id, role_id)
);

-- One confidential value of one record, sealed under that record's key. A row of its own, so that row security decides
-- by role, and nothing is there to open for whoever may not see it. Its blind index stands here and not with the others:
-- it is seen by the same roles.
create table kluis.confidential_value (
  id uuid primary key default gen_random_uuid(),
  field_id uuid not null references kluis.field_definition,
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  confidential_sealed kluis.sealed not null,
  confidential_seal_counter int not null default 1,
  exact_token bytea check (octet_length(exact_token) = 16),
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check (num_nonnulls(person_id, company_id) = 1),
  -- At the end of the transaction: a merge swaps the values of two records.
  unique (person_id, field_id) deferrable initially deferred,
  unique (company_id, field_id) deferrable initially deferred
);
create index confidential_value_field on kluis.confidential_value (field_id);
create index confidential_value_token on kluis.confidential_value (exact_token) where exact_token is not null;

alter table kluis.person_lookup
  drop constraint person_lookup_kind_check,
  add constraint person_lookup_kind_check
    check (kind in ('email', 'phone', 'iban', 'reference') or kind ~ '^custom:[0-9a-f-]{36}$');
alter table kluis.company_lookup
  drop constraint company_lookup_kind_check,
  add constraint company_lookup_kind_check
    check (kind in ('email', 'phone', 'iban', 'enterprise-number', 'reference') or kind ~ '^custom:[0-9a-f-]{36}$');

-- Of a company too it is told why something confidential was shown.
alter table kluis.reveal
  alter column person_id drop not null,
  add column company_id uuid references kluis.company on delete cascade,
  add constraint reveal_subject_check check (num_nonnulls(person_id, company_id) = 1);
create index reveal_company on kluis.reveal (company_id, created_at desc) where company_id is not null;
