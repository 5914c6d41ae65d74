-- id: R01
-- severity: critical
-- title: no superuser can log in except the one that made the cluster
-- why: a superuser is above row security, the ledger's triggers and every grant
-- remedy: alter role NAME nosuperuser
select rolname as object, 'superuser with login' as detail
from pg_roles where rolsuper and rolcanlogin and oid <> 10
