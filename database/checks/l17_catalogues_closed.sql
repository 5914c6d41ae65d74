-- id: L17
-- severity: high
-- title: the roles of the program cannot read statistics, password verifiers or names of statements
-- why: pg_statistic holds samples of values, pg_authid the verifiers; with a name, injected SQL puts a statement of its own in another's place
-- remedy: revoke select on NAME from ROLE
select r.rolname || ' ' || c.name as object, 'may read' as detail
from pg_roles r, (values ('pg_catalog.pg_statistic'), ('pg_catalog.pg_authid'), ('pg_catalog.pg_statistic_ext_data'), ('pg_catalog.pg_prepared_statements')) as c(name)
where r.rolname in ('kluis_app', 'kluis_worker', 'kluis_sign_in', 'kluis_keeper', 'kluis_rotation', 'kluis_monitor')
  and has_table_privilege(r.oid, c.name, 'select')
