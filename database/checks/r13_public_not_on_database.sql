-- id: R13
-- severity: high
-- title: PUBLIC has neither connect nor temporary tables on this database
-- why: a temporary table shadows a real one for the next user of a pooled connection
-- remedy: revoke all on database NAME from public
select d.datname as object, 'PUBLIC has ' || lower(a.privilege_type) as detail
from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
where d.datname = current_database() and a.grantee = 0
