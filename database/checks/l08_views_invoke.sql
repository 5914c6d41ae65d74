-- id: L08
-- severity: critical
-- title: every view asks with the caller's rights
-- why: a view with its owner's rights shows what the caller may not see
-- remedy: alter view NAME set (security_invoker = true)
select c.oid::regclass::text as object, 'not security_invoker' as detail
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and c.relkind = 'v'
  and not coalesce(c.reloptions::text[] && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1'], false)
