-- 0015: relations between people and between companies, and what of ties the timeline tells. What a relation is, since
-- when and until when is sealed; which records it ties stays readable, as of affiliations.

create table kluis.relation (
  id uuid primary key default gen_random_uuid(),
  -- Under whose key it is sealed; of a group, the company that is owned.
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  other_person_id uuid references kluis.person on delete cascade,
  other_company_id uuid references kluis.company on delete cascade,
  -- The other company stands above this one. Readable, because PostgreSQL itself refuses a ring.
  is_parent boolean not null default false,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check (num_nonnulls(person_id, other_person_id) = 2 and num_nonnulls(company_id, other_company_id) = 0 and person_id <> other_person_id and not is_parent
      or num_nonnulls(person_id, other_person_id) = 0 and num_nonnulls(company_id, other_company_id) = 2 and company_id <> other_company_id)
);
create index relation_person on kluis.relation (person_id) where person_id is not null;
create index relation_company on kluis.relation (company_id) where company_id is not null;
create index relation_other_person on kluis.relation (other_person_id) where other_person_id is not null;
create index relation_other_company on kluis.relation (other_company_id) where other_company_id is not null;

-- With whom a tie began or ended. Shown to whoever sees both.
alter table kluis.record_change
  add column other_person_id uuid references kluis.person on delete cascade,
  add column other_company_id uuid references kluis.company on delete cascade;
create index record_change_other_person on kluis.record_change (other_person_id) where other_person_id is not null;
create index record_change_other_company on kluis.record_change (other_company_id) where other_company_id is not null;
