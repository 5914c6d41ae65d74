-- id: L09
-- severity: critical
-- title: there is no materialized view and no foreign table
-- why: both are copies without row security
-- remedy: drop it, or use a security_invoker view
select c.oid::regclass::text as object, case c.relkind when 'm' then 'materialized view' else 'foreign table' end as detail
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('m', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
