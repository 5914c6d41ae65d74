-- How a change gets into the ledger. Actor and time come from the database, never from a parameter.

-- Fixed binary encoding of a row for its hash: for each column its length (4 bytes, -1 for null) and its
-- value as the type's send function writes it. docs/formats/ledger.md.
create or replace function kluis_ledger.encoding_of(target regclass, columns text[], alias text) returns text
language sql stable set search_path = pg_catalog
as $$
  select string_agg(
    format('case when %1$s.%2$I is null then ''\xffffffff''::bytea else int4send(octet_length(%3$s(%1$s.%2$I%4$s))) || %3$s(%1$s.%2$I%4$s) end',
      alias, a.attname, base.typsend::text, case when ty.typtype = 'd' then '::' || format_type(base.oid, null) else '' end),
    ' || ' order by c.position)
  from unnest(columns) with ordinality as c(name, position)
  join pg_attribute a on a.attrelid = target and a.attname = c.name
  join pg_type ty on ty.oid = a.atttypid
  join pg_type base on base.oid = case when ty.typtype = 'd' then ty.typbasetype else ty.oid end
$$;

-- Puts the triggers on one table: set-based, so that ten thousand rows cost one statement.
create or replace function kluis_ledger.attach(target regclass) returns void
language plpgsql set search_path = pg_catalog
as $$
declare
  full_name text := (select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = target);
  short_name text := replace(full_name, '.', '_');
  wanted text[] := (select array_agg(attname::text order by attnum) from pg_attribute where attrelid = target and attnum > 0 and not attisdropped);
  current_version int;
  is_new boolean;
  has_id boolean := 'id' = any (wanted) and (select atttypid = 'uuid'::regtype from pg_attribute where attrelid = target and attname = 'id');
  has_version boolean := 'row_version' = any (wanted);
  -- Set by kluis.stamp_actor on the same row a moment before, from the session: no need to ask again.
  has_actor boolean := array['created_by', 'updated_by'] <@ wanted;
  kind text;
begin
  select version into current_version from kluis_ledger.hashed_columns h
    where h.table_name = full_name and h.columns = wanted order by version desc limit 1;
  is_new := current_version is null;
  if is_new then
    insert into kluis_ledger.hashed_columns (table_name, version, columns)
    select full_name, coalesce(max(version), 0) + 1, wanted from kluis_ledger.hashed_columns h where h.table_name = full_name
    returning version into current_version;
  end if;

  foreach kind in array array['insert', 'update', 'delete'] loop
    execute format($f$
      create or replace function kluis_ledger.%1$I() returns trigger
      language plpgsql security definer set search_path = pg_catalog
      as $body$
      declare
        asking uuid := %8$s;
        stated text := nullif(current_setting('kluis.purpose', true), '');
      begin
        insert into kluis_ledger.outbox (actor_id, action, table_name, row_id, row_version, hash_version, row_hash, purpose)
        select %9$s, %2$L, %3$L, %4$s, %5$s, %6$s, %7$s, stated from changed;
        return null;
      end $body$ $f$,
      'trace_' || short_name || '_' || kind, kind, full_name,
      case when has_id then 'changed.id' else 'null::uuid' end,
      case when has_version then 'changed.row_version' else 'null::int' end,
      current_version,
      case when kind = 'delete' then 'null::bytea' else 'sha256(' || kluis_ledger.encoding_of(target, wanted, 'changed') || ')' end,
      case when has_actor and kind <> 'delete' then 'null' else 'kluis.uid()' end,
      case when has_actor and kind <> 'delete' then 'case when session_user = ''kluis_rotation'' then null else changed.updated_by end' else 'asking' end);
    execute format('alter function kluis_ledger.%I() owner to kluis_ledger_owner', 'trace_' || short_name || '_' || kind);
    execute format('drop trigger if exists z_ledger_%s on %s', kind, target);
    execute format('create trigger z_ledger_%1$s after %1$s on %2$s referencing %3$s table as changed for each statement execute function kluis_ledger.%4$I()',
      kind, target, case when kind = 'delete' then 'old' else 'new' end, 'trace_' || short_name || '_' || kind);
  end loop;

  if has_id and has_version then
    execute format($f$
      create or replace function kluis_ledger.%1$I() returns table (row_id uuid, row_version int, row_hash bytea)
      language sql stable security definer set search_path = pg_catalog
      as $body$ select t.id, t.row_version, sha256(%2$s) from %3$s t $body$ $f$,
      'rows_' || short_name, kluis_ledger.encoding_of(target, wanted, 't'), target);
    execute format('alter function kluis_ledger.%I() owner to kluis_ledger_owner', 'rows_' || short_name);
    execute format('revoke all on function kluis_ledger.%I() from public', 'rows_' || short_name);
    execute format('grant execute on function kluis_ledger.%I() to kluis_ledger', 'rows_' || short_name);
    execute format('grant select on %s to kluis_ledger_owner', target);
    execute format('create policy ledger_reads on %s for select to kluis_ledger_owner using (true)', target);
    -- Rows from before they were hashed in this way, such as those a migration made: each gets a leaf that says so.
    if is_new then
      execute format('insert into kluis_ledger.outbox (action, table_name, row_id, row_version, hash_version, row_hash, purpose)
        select ''update'', %L, t.id, t.row_version, %s, sha256(%s), ''covered'' from %s t',
        full_name, current_version, kluis_ledger.encoding_of(target, wanted, 't'), target);
    end if;
  end if;
end $$;

-- What is no change of a row: sign-ins, exports, key operations, check runs. No personal data in `detail`.
create or replace function kluis_ledger.record_event(kind text, detail jsonb, about uuid default null) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  insert into kluis_ledger.outbox (actor_id, action, table_name, row_id, purpose, detail)
  values (kluis.uid(), 'event', null, about, kind, detail);
end $$;
alter function kluis_ledger.record_event(text, jsonb, uuid) owner to kluis_ledger_owner;
