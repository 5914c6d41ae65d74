-- The owner of the tables is held by row security too, so a migration could not change a row that is already there. Lifted
-- in the transaction that applies the migrations, and forced again by after_migrations.sql before anyone sees it.
do $$
declare
  t regclass;
begin
  for t in
    select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and c.relkind in ('r', 'p') and c.relforcerowsecurity
  loop
    execute format('alter table %s no force row level security', t);
  end loop;
end $$;
