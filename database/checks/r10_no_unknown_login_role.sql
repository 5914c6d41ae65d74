-- id: R10
-- severity: low
-- title: nobody can log in whom Kluis does not know
-- why: a forgotten role is a door nobody watches
-- remedy: drop role NAME, or accept it with an owner and an end date
select rolname as object, 'unknown role that can log in' as detail
from pg_roles
where rolcanlogin and oid <> 10
  and rolname not in ('kluis_admin', 'kluis_migrate', 'kluis_app', 'kluis_sign_in', 'kluis_keeper', 'kluis_rotation', 'kluis_worker', 'kluis_ledger', 'kluis_monitor', 'kluis_backup')
