-- id: L19
-- severity: high
-- title: every column that can hold text is sealed, holds words of a fixed list, or says what it shows
-- why: one undeclared column is where the next customer's data stands readable, in every dump and replica
-- remedy: seal it; or let a check constraint name its words; or say in database/readable.sql what it shows and to whom
select format('%s.%s', c.oid::regclass, a.attname) as object, format('a %s nobody declared', format_type(a.atttypid, a.atttypmod)) as detail
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
where n.nspname like 'kluis%' and c.relkind in ('r', 'p', 'm', 'f') and a.attnum > 0 and not a.attisdropped
  -- What can't hold text: numbers, moments, yes or no, ids. Any other type can, also one that is new.
  and case t.typcategory when 'A' then t.typelem else t.oid end not in (
    'bool'::regtype, 'int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'float8'::regtype, 'oid'::regtype, 'xid8'::regtype,
    'uuid'::regtype, 'date'::regtype, 'timestamptz'::regtype, 'interval'::regtype)
  -- Plaintext does not fit in these: they ask for the header of a sealed value.
  and t.oid not in (
    select d.oid from pg_type d
    where d.typnamespace = 'kluis'::regnamespace and d.typname in ('sealed', 'sealed_frame')
      and exists (select from pg_constraint k where k.contypid = d.oid and k.convalidated and pg_get_constraintdef(k.oid) ~ '4b5301|4b4601'))
  and not exists (
    select from pg_constraint k
    where k.conrelid = c.oid and k.conkey = array[a.attnum] and k.convalidated
      and (k.contype = 'f' or (k.contype = 'c' and pg_get_constraintdef(k.oid) ~ format('^CHECK \(\(%s (= ANY|<@) \(?ARRAY\[[^()]*\]\)?\)\)$', a.attname))))
  and coalesce(col_description(c.oid, a.attnum), '') !~ '^(readable|token|hash|key): .'
