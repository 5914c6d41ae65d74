-- id: L03
-- severity: medium
-- title: a table that someone may read has a policy
-- why: a grant without a policy looks like a right and gives nothing, until somebody "repairs" it
-- remedy: write the policy in database/access/, or take the grant away
select c.oid::regclass::text as object, 'granted to ' || a.grantee::regrole || ' without a policy for it' as detail
from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and c.relkind in ('r', 'p')
  and a.privilege_type = 'SELECT' and a.grantee <> c.relowner
  and not exists (select from pg_policy p where p.polrelid = c.oid and (a.grantee = any (p.polroles) or 0 = any (p.polroles)))
