-- id: R09
-- severity: medium
-- title: every role of the program has a connection limit
-- why: one runaway part must not keep the others out
-- remedy: alter role NAME connection limit N
select rolname as object, 'no limit' as detail
from pg_roles where rolcanlogin and rolname like 'kluis\_%' and rolname <> 'kluis_admin' and rolconnlimit < 0
