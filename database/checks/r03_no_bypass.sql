-- id: R03
-- severity: critical
-- title: no role bypasses row security except the backup's
-- why: BYPASSRLS makes every policy void for that role
-- remedy: alter role NAME nobypassrls
select rolname as object, 'bypassrls' as detail
from pg_roles where rolbypassrls and not rolsuper and rolname <> 'kluis_backup'
