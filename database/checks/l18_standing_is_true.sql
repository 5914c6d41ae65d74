-- id: L18
-- severity: critical
-- title: what row security takes for a colleague's rights is what accounts, teams and roles say
-- why: policies read the worked-out rights; changed there, nobody sees it in the list of roles and teams
-- remedy: select kluis_auth.refresh_standing(), and find out in the ledger and PostgreSQL's log who changed it
select coalesce(s.user_id, d.user_id)::text as object,
  case when d.user_id is null then 'has rights and is not active'
       when s.user_id is null then 'is active and has no rights'
       else 'role, permissions or scope differ' end as detail
from kluis_auth.standing s
full join kluis_auth.standing_due d on d.user_id = s.user_id
where (s.role_id, s.permissions, s.scope, s.reaches) is distinct from (d.role_id, d.permissions, d.scope, d.reaches)
