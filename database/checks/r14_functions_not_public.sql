-- id: R14
-- severity: high
-- title: no function of ours may be executed by PUBLIC, now or when made later
-- why: PostgreSQL lets everyone execute a new function unless told otherwise
-- remedy: revoke execute on function NAME from public; alter default privileges for role OWNER revoke execute on functions from public
select p.oid::regprocedure::text as object, 'PUBLIC may execute' as detail
from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
  aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and a.grantee = 0
union all
select r.rolname, 'functions made later go to PUBLIC'
from pg_roles r
where r.rolname in ('kluis_owner', 'kluis_identity', 'kluis_ledger_owner')
  and not exists (
    select from pg_default_acl d where d.defaclrole = r.oid and d.defaclnamespace = 0 and d.defaclobjtype = 'f'
      and not exists (select from aclexplode(d.defaclacl) a where a.grantee = 0))
