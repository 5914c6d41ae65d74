-- id: L05
-- severity: high
-- title: every policy names its roles
-- why: a policy for PUBLIC also covers roles that do not exist yet
-- remedy: alter policy NAME on TABLE to ROLE
select p.polrelid::regclass || ' ' || p.polname as object, 'for PUBLIC' as detail
from pg_policy p where 0 = any (p.polroles)
