-- Roles of the cluster. Applied first, whole, each time; passwords (outside the embedded server) are set
-- by migrate.ts as SCRAM verifiers, so that no password is ever written in SQL.
-- Each can do what its room needs, none more; none is a superuser, none bypasses row security.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      -- name, may log in, connection limit
      ('kluis_owner',        false, -1),   -- owns every table; nobody is it
      ('kluis_identity',     false, -1),   -- owns the functions that may read sessions
      ('kluis_ledger_owner', false, -1),   -- owns the function that alone may add to the outbox
      ('kluis_migrate',      true,   4),
      ('kluis_app',          true,  40),
      ('kluis_sign_in',      true,   8),
      ('kluis_keeper',       true,   4),
      ('kluis_rotation',     true,   4),
      ('kluis_worker',       true,   8),
      ('kluis_ledger',       true,   4),
      ('kluis_monitor',      true,   4),
      ('kluis_backup',       true,   4)
    ) as role_list(name, can_login, connection_limit)
  loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      execute format('create role %I', wanted.name);
    end if;
    execute format('alter role %I %s nocreatedb nocreaterole noinherit connection limit %s', wanted.name,
      case when wanted.can_login then 'login' else 'nologin' end, wanted.connection_limit);
    -- A role may always change its own settings, so SQL as that role could leave some for every later connection.
    execute format('alter role %I reset all', wanted.name);
    execute format('alter role %I in database %I reset all', wanted.name, current_database());
    -- A session that hangs must not hold the sequencer or a lock for long.
    if wanted.can_login and wanted.name not in ('kluis_migrate', 'kluis_backup') then
      execute format('alter role %I set statement_timeout = %L', wanted.name, '60s');
      execute format('alter role %I set idle_in_transaction_session_timeout = %L', wanted.name, '10s');
      -- Rows are asked by id, whatever the ids: planning each time anew costs more than the answer.
      execute format('alter role %I set plan_cache_mode = %L', wanted.name, 'force_generic_plan');
    end if;
  end loop;
end $$;

-- Whoever applies these files must be able to act as the owners.
do $$
begin
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant kluis_owner, kluis_identity, kluis_ledger_owner to %I', current_user);
  end if;
end $$;

-- PUBLIC gets nothing: no connection, no temporary tables (they shadow real ones on a pooled connection).
do $$
begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to kluis_migrate, kluis_app, kluis_sign_in, kluis_keeper, kluis_rotation, kluis_worker, kluis_ledger, kluis_monitor, kluis_backup', current_database());
  execute format('grant create on database %I to kluis_owner', current_database());
end $$;
revoke all on schema public from public;
alter default privileges revoke execute on functions from public;
alter default privileges for role kluis_owner revoke execute on functions from public;
alter default privileges for role kluis_identity revoke execute on functions from public;
alter default privileges for role kluis_ledger_owner revoke execute on functions from public;

-- Nor does anybody read how the statements of a connection are named: see src/platform/sync-batch.ts. Where whoever
-- applies these files may not do this, check L17 says so.
do $$
begin
  if (select rolsuper from pg_roles where rolname = current_user) then
    revoke all on pg_catalog.pg_prepared_statements from public;
    revoke all on function pg_catalog.pg_prepared_statement() from public;
  end if;
end $$;
