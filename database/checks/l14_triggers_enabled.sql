-- id: L14
-- severity: high
-- title: no trigger is switched off, and no rule rewrites a table
-- why: a silent trigger is a change without a line in the ledger
-- remedy: alter table NAME enable trigger TRIGGER
select t.tgrelid::regclass || ' ' || t.tgname as object, 'switched off' as detail
from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and t.tgenabled <> 'O'
union all
select r.ev_class::regclass || ' ' || r.rulename, 'rewrite rule'
from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and c.relkind in ('r', 'p')
union all
select t.name, 'records change without a line in the ledger'
from (select c.oid::regclass::text as name, c.oid, n.nspname || '.' || c.relname as full_name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('kluis', 'kluis_auth') and c.relkind in ('r', 'p')) t
where not exists (select from kluis.table_opt_out o where o.table_name = t.full_name and o.what = 'ledger')
  and 3 > (select count(*) from pg_trigger g join pg_proc p on p.oid = g.tgfoid join pg_namespace n on n.oid = p.pronamespace
           where g.tgrelid = t.oid and n.nspname = 'kluis_ledger' and not g.tgisinternal)
