-- id: L16
-- severity: medium
-- title: what policies ask of a row leads an index
-- why: otherwise every list walks the whole table
-- remedy: create index on TABLE (team_id, ...), (owner_id, ...)
select c.oid::regclass || '.' || a.attname as object, 'leads no index' as detail
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid
where n.nspname = 'kluis' and c.relkind in ('r', 'p') and a.attname in ('owner_id', 'team_id', 'person_id', 'company_id') and not a.attisdropped
  and exists (select from pg_policy p where p.polrelid = c.oid and pg_get_expr(p.polqual, p.polrelid) ~ ('\m' || a.attname || '\M'))
  and not exists (select from pg_index i where i.indrelid = c.oid and i.indkey[0] = a.attnum)
