-- id: L07
-- severity: medium
-- title: policies ask who the caller is once a statement, not once a row
-- why: without the sub-select a list costs forty times as much
-- remedy: write (select kluis.uid()) instead of kluis.uid()
with expressions as (
  select p.polrelid, p.polname, coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' ' || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') as text
  from pg_policy p
)
select polrelid::regclass || ' ' || polname as object, 'a bare call' as detail
from expressions
where regexp_replace(text, 'SELECT\s+kluis\.(uid|scope|shared|may|role_fields|is_indexer)\(', '', 'g') ~ 'kluis\.(uid|scope|shared|may|role_fields|is_indexer)\('
