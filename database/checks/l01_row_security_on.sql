-- id: L01
-- severity: critical
-- title: row security is on for every table
-- why: without it a session sees every row
-- remedy: alter table NAME enable row level security
select c.oid::regclass::text as object, 'row security is off' as detail
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and c.relkind in ('r', 'p') and not c.relrowsecurity
