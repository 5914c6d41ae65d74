-- id: L02
-- severity: critical
-- title: row security is forced on every table, on its owner too
-- why: a definer function owned by the table's owner would see every row
-- remedy: alter table NAME force row level security
select c.oid::regclass::text as object, 'row security is not forced' as detail
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and c.relkind in ('r', 'p') and not c.relforcerowsecurity
