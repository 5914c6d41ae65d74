-- id: L10
-- severity: critical
-- title: functions with their owner's rights are owned by a role nobody can log in as, and cannot be bent
-- why: such a function is above row security; a search_path could swap what it calls
-- remedy: write the body as BEGIN ATOMIC, or add SET search_path; alter function NAME owner to kluis_identity
select p.oid::regprocedure::text as object,
  case when r.rolcanlogin or r.rolsuper then 'owned by ' || r.rolname else 'no BEGIN ATOMIC body and no search_path' end as detail
from pg_proc p
join pg_roles r on r.oid = p.proowner
join pg_namespace n on n.oid = p.pronamespace
where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
  and (r.rolcanlogin or r.rolsuper
    or (p.prosqlbody is null and not exists (select from unnest(p.proconfig) as one where one like 'search_path=%')))
