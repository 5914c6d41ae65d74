-- id: L12
-- severity: critical
-- title: no partition can be reached past its parent's row security
-- why: policies of the parent do not hold when the partition is asked directly
-- remedy: revoke all on PARTITION from ROLE
select i.inhrelid::regclass::text as object, 'reachable by ' || a.grantee::regrole as detail
from pg_inherits i join pg_class c on c.oid = i.inhrelid, aclexplode(c.relacl) a
where c.relkind in ('r', 'p') and a.grantee <> c.relowner and not c.relforcerowsecurity
