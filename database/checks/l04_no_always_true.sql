-- id: L04
-- severity: critical
-- title: no policy of the app is always true
-- why: it ticks the box and protects nothing between colleagues
-- remedy: state who sees the row in database/access/
select p.polrelid::regclass || ' ' || p.polname as object, 'always true' as detail
from pg_policy p
where p.polpermissive
  and coalesce(regexp_replace(pg_get_expr(p.polqual, p.polrelid), '[() ]', '', 'g'), 'x') in ('true', '1=1', 'x')
  and coalesce(regexp_replace(pg_get_expr(p.polwithcheck, p.polrelid), '[() ]', '', 'g'), 'x') in ('true', '1=1', 'x')
  -- Roles without a person behind them see their own few tables whole; nobody can log in as the first two.
  and exists (select from unnest(p.polroles) as role where role = 0 or role::regrole::text not in ('kluis_identity', 'kluis_ledger_owner', 'kluis_sign_in', 'kluis_ledger', 'kluis_monitor'))
