-- id: R15
-- severity: high
-- title: the roles of the program cannot reach files, the network or the server's controls
-- why: these functions read the key files' directory or end the log
-- remedy: revoke execute on function NAME from ROLE, and from PUBLIC
select r.rolname || ' ' || p.oid::regprocedure as object, 'may execute' as detail
from pg_roles r, pg_proc p
where r.rolname in ('kluis_app', 'kluis_worker', 'kluis_sign_in', 'kluis_keeper', 'kluis_rotation')
  and p.pronamespace = 'pg_catalog'::regnamespace
  and p.proname in ('pg_read_file', 'pg_read_binary_file', 'pg_ls_dir', 'pg_stat_file', 'lo_import', 'lo_export', 'pg_reload_conf', 'pg_rotate_logfile', 'pg_promote', 'pg_create_physical_replication_slot', 'pg_create_logical_replication_slot', 'pg_switch_wal', 'pg_ls_logdir', 'pg_ls_waldir', 'pg_current_logfile')
  and has_function_privilege(r.oid, p.oid, 'execute')
  and not (p.proname in ('pg_create_physical_replication_slot', 'pg_create_logical_replication_slot') and not r.rolreplication)
