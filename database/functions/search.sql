-- How evenly the values of each field of one's own with an exact search are spread, for who makes fields; the tokens
-- themselves stay where they are.
create or replace function kluis.exact_spread()
returns table (field_id uuid, records bigint, different bigint, most bigint)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select spread.field_id, sum(spread.held)::bigint, count(*), max(spread.held)
  from (
    select substr(l.kind, 8)::uuid as field_id, count(*) as held from kluis.person_lookup l where l.kind like 'custom:%' group by l.kind, l.token
    union all
    select substr(l.kind, 8)::uuid, count(*) from kluis.company_lookup l where l.kind like 'custom:%' group by l.kind, l.token
    union all
    select v.field_id, count(*) from kluis.confidential_value v where v.exact_token is not null group by v.field_id, v.exact_token
  ) as spread
  where (select kluis.may('organisation:manage'))
  group by spread.field_id;
end;
alter function kluis.exact_spread() owner to kluis_identity;

-- A field is no longer found by its whole value: what showed which records share one goes, also of records the caller does
-- not see.
create or replace function kluis.forget_exact(field uuid) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  if not kluis.may('organisation:manage') then
    raise insufficient_privilege;
  end if;
  delete from kluis.person_lookup where kind = 'custom:' || field;
  delete from kluis.company_lookup where kind = 'custom:' || field;
  update kluis.confidential_value set exact_token = null, row_version = row_version + 1
    where field_id = field and exact_token is not null;
end $$;
alter function kluis.forget_exact(uuid) owner to kluis_identity;

-- Names are no longer to be found by their beginning: what showed which are alike goes at once, whoever says so.
create or replace function kluis.forget_name_prefixes() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  truncate kluis.name_prefix;
  return null;
end $$;
alter function kluis.forget_name_prefixes() owner to kluis_identity;
create or replace trigger y_forget_prefixes after update on kluis.search_setting for each row
  when (old.name_prefixes and not new.name_prefixes) execute function kluis.forget_name_prefixes();
