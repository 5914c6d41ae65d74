-- id: R16
-- severity: high
-- title: the right to change a server parameter was given to nobody
-- why: SET or ALTER SYSTEM on one parameter can switch logging or security off
-- remedy: revoke set, alter system on parameter NAME from ROLE
select p.parname as object, a.grantee::regrole || ' has ' || lower(a.privilege_type) as detail
from pg_parameter_acl p, aclexplode(p.paracl) a
where a.grantee <> 10
