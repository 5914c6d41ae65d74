-- id: R04
-- severity: critical
-- title: the roles of the program are members of no owner and no predefined power role
-- why: SET ROLE from an injected statement would make the app the owner
-- remedy: revoke ROLE from NAME
with recursive reach(member, role, path) as (
  select m.member, m.roleid, m.member::regrole || ' → ' || m.roleid::regrole from pg_auth_members m
  union all
  select r.member, m.roleid, r.path || ' → ' || m.roleid::regrole from reach r join pg_auth_members m on m.member = r.role
)
select r.member::regrole::text as object, r.path as detail
from reach r
join pg_roles w on w.oid = r.member
join pg_roles t on t.oid = r.role
where w.rolname in ('kluis_app', 'kluis_worker', 'kluis_sign_in', 'kluis_keeper', 'kluis_rotation', 'kluis_ledger', 'kluis_monitor')
  and (t.rolname like 'kluis\_%' or t.rolname like 'pg\_%' or t.rolsuper)
  and not (w.rolname = 'kluis_monitor' and t.rolname in ('pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables'))
