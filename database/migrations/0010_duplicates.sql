-- 0010: merging two records that are one customer. What was merged away stays for 30 days as it was, sealed under
-- its own key and shown to nobody; its id goes on leading to what it became.

alter table kluis.person
  add column merged_into uuid references kluis.person on delete cascade,
  add column merged_at timestamptz,
  add constraint person_merged check ((merged_into is null) = (merged_at is null) and merged_into is distinct from id);
create index person_merged_into on kluis.person (merged_into) where merged_into is not null;

alter table kluis.company
  add column merged_into uuid references kluis.company on delete cascade,
  add column merged_at timestamptz,
  add constraint company_merged check ((merged_into is null) = (merged_at is null) and merged_into is distinct from id);
create index company_merged_into on kluis.company (merged_into) where merged_into is not null;

-- Hangs on what the record became: when that is merged in turn, this moves along with everything else.
create table kluis.merge (
  id uuid primary key default gen_random_uuid(),
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  -- Which record was kept then; another than the one above once that was merged too.
  kept_id uuid not null,
  merged_id uuid not null,
  -- Who saw the record that was merged away: only they are told that it was.
  merged_owner_id uuid not null,
  merged_team_id uuid not null,
  -- Of the record that was merged away, until that key is destroyed.
  key_slot bigint,
  -- What the kept record was before, and what moved: what undoing needs, and gone after 30 days.
  content_sealed kluis.sealed,
  content_seal_counter int not null default 0,
  undone_at timestamptz,
  undone_by uuid,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check (num_nonnulls(person_id, company_id) = 1)
);
create index merge_person on kluis.merge (person_id, created_at desc);
create index merge_company on kluis.merge (company_id, created_at desc);
create index merge_merged on kluis.merge (merged_id) where undone_at is null;
create index merge_due on kluis.merge (created_at) where key_slot is not null;

-- Two records that somebody looked at and found to be two customers. The smaller id stands first.
create table kluis.not_duplicate (
  id uuid primary key default gen_random_uuid(),
  first_person_id uuid references kluis.person on delete cascade,
  second_person_id uuid references kluis.person on delete cascade,
  first_company_id uuid references kluis.company on delete cascade,
  second_company_id uuid references kluis.company on delete cascade,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check (num_nonnulls(first_person_id, second_person_id) = 2 and num_nonnulls(first_company_id, second_company_id) = 0 and first_person_id < second_person_id
      or num_nonnulls(first_person_id, second_person_id) = 0 and num_nonnulls(first_company_id, second_company_id) = 2 and first_company_id < second_company_id)
);
create unique index not_duplicate_people on kluis.not_duplicate (first_person_id, second_person_id) where first_person_id is not null;
create unique index not_duplicate_companies on kluis.not_duplicate (first_company_id, second_company_id) where first_company_id is not null;
create index not_duplicate_second_person on kluis.not_duplicate (second_person_id) where second_person_id is not null;
create index not_duplicate_second_company on kluis.not_duplicate (second_company_id) where second_company_id is not null;
