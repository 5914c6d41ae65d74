-- id: L06
-- severity: high
-- title: what the app's policies rest on is the verified session, never a bare setting
-- why: a setting can be forged by any SQL; only the token's hash can't
-- remedy: use (select kluis.uid()), (select kluis.scope('people:see')), or require a visible parent
with expressions as (
  select p.polrelid, p.polname, coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') as text
  from pg_policy p
  where exists (select from unnest(p.polroles) as role where role::regrole::text in ('kluis_app', 'kluis_worker', 'kluis_keeper', 'kluis_rotation'))
)
select polrelid::regclass || ' ' || polname as object,
  case when text ~ 'current_setting|session_user|current_user|inet_client_addr' then 'rests on a setting or a database user' else 'asks nobody' end as detail
from expressions
where text ~ 'current_setting|session_user|current_user|inet_client_addr'
   or text !~ 'kluis\.(uid|scope|may|role_fields|is_indexer)\(|EXISTS|SELECT true( AS bool)?\s+FROM kluis\.(person|company) '
