-- Secure when nothing is done. Runs after all migrations and functions, before the access files:
-- every table gets forced row security, its triggers and no grants; opting out is a row with a reason.
do $$
declare
  t record;
  f record;
  p record;
begin
  for p in
    select schemaname, tablename, policyname from pg_policies where schemaname in ('kluis', 'kluis_auth', 'kluis_ledger')
  loop
    execute format('drop policy %I on %I.%I', p.policyname, p.schemaname, p.tablename);
  end loop;

  for t in
    select c.oid::regclass as name, n.nspname || '.' || c.relname as full_name, n.nspname, c.oid
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and c.relkind in ('r', 'p')
  loop
    execute format('alter table %s owner to kluis_owner', t.name);
    execute format('alter table %s enable row level security', t.name);
    execute format('alter table %s force row level security', t.name);
    execute format('revoke all on table %s from public, kluis_app, kluis_sign_in, kluis_keeper, kluis_rotation, kluis_worker, kluis_ledger, kluis_monitor, kluis_identity, kluis_ledger_owner', t.name);

    if t.nspname <> 'kluis_ledger' and exists (select from pg_attribute where attrelid = t.oid and attname = 'row_version' and not attisdropped)
       and not exists (select from kluis.table_opt_out o where o.table_name = t.full_name and o.what = 'row-version') then
      execute format('create or replace trigger a_stamp_row before insert or update on %s for each row execute function kluis.stamp_row()', t.name);
    end if;
    if (select count(*) from pg_attribute where attrelid = t.oid and attname in ('created_by', 'updated_by') and not attisdropped) = 2 then
      execute format('create or replace trigger b_stamp_actor before insert or update on %s for each row execute function kluis.stamp_actor()', t.name);
    end if;
    if t.nspname in ('kluis', 'kluis_auth')
       and not exists (select from kluis.table_opt_out o where o.table_name = t.full_name and o.what = 'ledger') then
      perform kluis_ledger.attach(t.name);
    end if;
    if t.nspname = 'kluis' and t.full_name not like '%\_lookup'
       and exists (select from pg_attribute where attrelid = t.oid and attname in ('person_id', 'company_id') and not attisdropped) then
      perform kluis.attach_merge_guard(t.name);
    end if;
    if t.nspname = 'kluis'
       and exists (select from pg_attribute where attrelid = t.oid and atttypid = 'kluis.sealed'::regtype and not attisdropped)
       and exists (select from pg_attribute where attrelid = t.oid and attname in ('person_id', 'key_slot') and not attisdropped) then
      perform kluis.attach_slot_guard(t.name);
    end if;
  end loop;

  for f in
    select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and c.relkind = 'S'
  loop
    execute format('revoke all on sequence %s from public, kluis_app, kluis_sign_in, kluis_keeper, kluis_rotation, kluis_worker, kluis_ledger, kluis_monitor, kluis_identity, kluis_ledger_owner', f.name);
  end loop;
  for f in
    select pr.oid::regprocedure as name from pg_proc pr join pg_namespace n on n.oid = pr.pronamespace
    where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger')
  loop
    execute format('revoke all on function %s from public', f.name);
  end loop;
end $$;
