-- id: R12
-- severity: critical
-- title: PUBLIC may create in no schema
-- why: a planted function or table can shadow a real one
-- remedy: revoke create on schema NAME from public
select n.nspname as object, 'PUBLIC has create' as detail
from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
where a.grantee = 0 and a.privilege_type = 'CREATE'
