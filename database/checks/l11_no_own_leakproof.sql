-- id: L11
-- severity: high
-- title: no function of ours claims to be leakproof
-- why: a leakproof function is run on rows before row security has refused them
-- remedy: alter function NAME not leakproof
select p.oid::regprocedure::text as object, 'leakproof' as detail
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where p.proleakproof and n.nspname not in ('pg_catalog', 'information_schema')
union all
select p.oid::regprocedure::text, 'a function of PostgreSQL was declared leakproof'
from pg_proc p where p.proleakproof and p.proname in ('arraycontains', 'arrayoverlap', 'textlike', 'jsonb_contains', 'ts_match_vq')
