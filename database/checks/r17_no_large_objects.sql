-- id: R17
-- severity: medium
-- title: there are no large objects
-- why: row security does not cover them
-- remedy: select lo_unlink(oid)
select oid::text as object, 'large object of ' || lomowner::regrole as detail from pg_largeobject_metadata
union all
select name, setting from pg_settings where name = 'lo_compat_privileges' and setting = 'on'
