-- id: L13
-- severity: high
-- title: no unique index on a customer's table tells one team what another has
-- why: "already exists" is an answer about a row the caller may not see
-- remedy: drop the index; duplicates are found by blind index and shown to those who may see both
select i.indexrelid::regclass::text as object, 'unique over more than ids' as detail
from pg_index i
join pg_class c on c.oid = i.indrelid
join pg_namespace n on n.oid = c.relnamespace
where i.indisunique and n.nspname = 'kluis'
  and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname in ('owner_id', 'person_id', 'company_id') and not a.attisdropped)
  and exists (
    select from unnest(i.indkey::int2[]) with ordinality as k(attnum, position)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where k.position = 1 and a.attname not in ('id', 'person_id', 'company_id', 'user_id', 'import_id', 'import_run_id'))
