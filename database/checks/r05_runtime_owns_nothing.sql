-- id: R05
-- severity: critical
-- title: the roles of the program own nothing
-- why: an owner can switch row security off
-- remedy: alter ... owner to kluis_owner
with owned as (
  select relowner as owner, oid::regclass::text as object, 'table, view or sequence' as kind from pg_class
  union all select proowner, oid::regprocedure::text, 'function' from pg_proc
  union all select nspowner, nspname, 'schema' from pg_namespace
  union all select typowner, oid::regtype::text, 'type' from pg_type where typtype = 'd'
)
select object, kind || ' owned by ' || owner::regrole as detail
from owned join pg_roles r on r.oid = owned.owner
where r.rolcanlogin and r.rolname like 'kluis\_%' and r.rolname <> 'kluis_admin'
