-- id: R06
-- severity: high
-- title: the owners of tables and functions cannot log in
-- why: a password for the owner is a password for everything
-- remedy: alter role NAME nologin
select rolname as object, 'can log in' as detail
from pg_roles where rolname in ('kluis_owner', 'kluis_identity', 'kluis_ledger_owner') and rolcanlogin
