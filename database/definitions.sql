-- What decides who sees and what is recorded, each with a hash of its definition: the program reads this when it has
-- applied its own files, and again at `kluis check`.
with ours as (select oid, nspname from pg_namespace where nspname in ('kluis', 'kluis_auth', 'kluis_ledger'))
select object, encode(sha256(convert_to(definition, 'UTF8')), 'hex') as hash from (
  select 'function ' || p.oid::regprocedure as object, pg_get_functiondef(p.oid) || ' ' || p.proowner::regrole || ' ' || coalesce(p.proacl::text, '') as definition
  from pg_proc p where p.pronamespace in (select oid from ours) and p.prokind in ('f', 'p')
  union all
  select 'policy ' || p.polrelid::regclass || ' ' || p.polname,
    concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::regrole[], pg_get_expr(p.polqual, p.polrelid), '|', pg_get_expr(p.polwithcheck, p.polrelid))
  from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace in (select oid from ours)
  union all
  select 'trigger ' || t.tgrelid::regclass || ' ' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
  from pg_trigger t join pg_class c on c.oid = t.tgrelid where c.relnamespace in (select oid from ours) and not t.tgisinternal
  union all
  select 'rule ' || r.ev_class::regclass || ' ' || r.rulename, pg_get_ruledef(r.oid)
  from pg_rewrite r join pg_class c on c.oid = r.ev_class where c.relnamespace in (select oid from ours)
  union all
  select 'grants on ' || c.oid::regclass, concat_ws(' ', c.relowner::regrole, c.relacl, c.relrowsecurity, c.relforcerowsecurity,
    (select string_agg(a.attname || ' ' || a.attacl::text, ' ' order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attacl is not null))
  from pg_class c where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
) as defined
