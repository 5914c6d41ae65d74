-- 0032: names found by their beginning in the database, for an organisation that chose it knowingly. Off by default: what
-- is kept here can largely be read by counting (docs/decisions/2026-11-26-searching-at-size.md).
alter table kluis.search_setting add column name_prefixes boolean not null default false;

-- A token of each beginning of each word of a name, under a key of the team and the kind of record. `seal_counter` says of
-- which contact data: a record whose own is another, or which moved to another team, lacks its tokens.
create table kluis.name_prefix (
  id uuid primary key default gen_random_uuid(),
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  team_id uuid not null references kluis.team,
  token bytea not null check (octet_length(token) = 16),
  seal_counter int not null,
  check (num_nonnulls(person_id, company_id) = 1)
);
create unique index name_prefix_person on kluis.name_prefix (person_id, token) where person_id is not null;
create unique index name_prefix_company on kluis.name_prefix (company_id, token) where company_id is not null;
create index name_prefix_token on kluis.name_prefix (token);

insert into kluis.table_opt_out values
  ('kluis.name_prefix', 'ledger', 'derived from the record, whose change is in the ledger; that it is kept at all is one too');
