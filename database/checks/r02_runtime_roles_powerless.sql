-- id: R02
-- severity: critical
-- title: the roles of the program carry no power attribute
-- why: an attribute is a way round every policy
-- remedy: alter role NAME nosuperuser nocreaterole nocreatedb noreplication
select rolname as object,
  concat_ws(', ', case when rolsuper then 'superuser' end, case when rolcreaterole then 'createrole' end,
    case when rolcreatedb then 'createdb' end, case when rolreplication and rolname <> 'kluis_backup' then 'replication' end) as detail
from pg_roles
where rolname like 'kluis\_%' and rolname <> 'kluis_admin'
  and (rolsuper or rolcreaterole or rolcreatedb or (rolreplication and rolname <> 'kluis_backup'))
