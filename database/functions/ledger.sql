-- How a change gets into the ledger. Actor and time come from the database, never from a parameter.

create or replace function kluis.session_kind() returns text
language sql stable parallel safe security definer
begin atomic
  select s.kind
  from kluis_auth.session s
  where s.token_hash = sha256(convert_to(current_setting('kluis.session', true), 'UTF8'))
    and s.revoked_at is null
    and s.expires_at > now()
    and s.last_seen_at > now() - make_interval(secs => s.idle_seconds);
end;
alter function kluis.session_kind() owner to kluis_identity;

-- Who acts when nobody presents a session: the role that signed in to PostgreSQL, so that an
-- administrator's own SQL shows as such.
create or replace function kluis_ledger.actor_kind() returns text
language sql stable set search_path = pg_catalog
as $$ select coalesce(kluis.session_kind(), 'role:' || session_user) $$;

-- A purpose is a word of the program's. What doesn't look like one may be a name and is not kept.
create or replace function kluis_ledger.stated_purpose() returns text
language sql stable set search_path = pg_catalog
as $$
  select case when given ~ '^[A-Za-z0-9 ./:_-]{1,100}$' then given when given <> '' then 'unreadable' end
  from current_setting('kluis.purpose', true) as given
$$;

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
  join pg_attribute a on a.attrelid = target and a.attname = c.name and not a.attisdropped
  join pg_type ty on ty.oid = a.atttypid
  join pg_type base on base.oid = case when ty.typtype = 'd' then ty.typbasetype else ty.oid end
$$;

-- The expression that names a row: its uuid, or for a table with another key the first 16 bytes of
-- the key's hash.
create or replace function kluis_ledger.naming_of(target regclass, alias text) returns text
language sql stable set search_path = pg_catalog
as $$
  select case
    when names is null then null
    when names = array['id'] and is_uuid then alias || '.id'
    else format('encode(substring(sha256(%s) for 16), ''hex'')::uuid', kluis_ledger.encoding_of(target, names, alias))
  end
  from (
    select array_agg(a.attname::text order by k.position) as names, bool_and(a.atttypid = 'uuid'::regtype) as is_uuid
    from pg_index i
    cross join unnest(i.indkey::int2[]) with ordinality as k(attnum, position)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where i.indrelid = target and i.indisprimary
  ) as key
$$;

-- The version of a table's list of columns; a list that is not the newest one becomes the next version.
create or replace function kluis_ledger.hash_version_of(full_name text, wanted text[]) returns int
language plpgsql set search_path = pg_catalog
as $$
declare
  newest record;
begin
  select version, columns into newest from kluis_ledger.hashed_columns h
    where h.table_name = full_name order by version desc limit 1;
  if newest.columns = wanted then
    return newest.version;
  end if;
  insert into kluis_ledger.hashed_columns (table_name, version, columns)
  values (full_name, coalesce(newest.version, 0) + 1, wanted);
  return coalesce(newest.version, 0) + 1;
end $$;

-- Makes kluis_ledger.rows_SCHEMA_TABLE: every row's hash by each version of its columns that can still be
-- computed, from one row's id onward. Only the sequencer's role may ask.
create or replace function kluis_ledger.make_reader(target regclass, full_name text, has_version boolean) returns void
language plpgsql set search_path = pg_catalog
as $$
declare
  reader text := 'rows_' || replace(full_name, '.', '_');
  versions text;
  hashes text;
begin
  select string_agg(h.version::text, ', ' order by h.version),
    string_agg('sha256(' || kluis_ledger.encoding_of(target, h.columns, 't') || ')', ', ' order by h.version)
  into versions, hashes
  from kluis_ledger.hashed_columns h
  where h.table_name = full_name
    and h.columns <@ (select array_agg(attname::text) from pg_attribute where attrelid = target and attnum > 0 and not attisdropped);
  execute format($f$
    create or replace function kluis_ledger.%1$I(from_id uuid, at_most int) returns table (row_id uuid, row_version int, hash_versions int[], row_hashes bytea[])
    language sql stable security definer set search_path = pg_catalog
    as $body$ select %2$s, %3$s, array[%4$s], array[%5$s] from %6$s t where %2$s >= from_id order by 1 limit at_most $body$ $f$,
    reader, kluis_ledger.naming_of(target, 't'), case when has_version then 't.row_version' else 'null::int' end, versions, hashes, target);
  execute format('alter function kluis_ledger.%I(uuid, int) owner to kluis_ledger_owner', reader);
  execute format('revoke all on function kluis_ledger.%I(uuid, int) from public', reader);
  execute format('grant execute on function kluis_ledger.%I(uuid, int) to kluis_ledger', reader);
  execute format('grant select on %s to kluis_ledger_owner', target);
  execute format('create policy ledger_reads on %s for select to kluis_ledger_owner using (true)', target);
end $$;

-- Puts the triggers on one table: set-based, so that ten thousand rows cost one statement.
create or replace function kluis_ledger.attach(target regclass) returns void
language plpgsql set search_path = pg_catalog
as $$
declare
  full_name text := (select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = target);
  wanted text[] := (select array_agg(attname::text order by attnum) from pg_attribute where attrelid = target and attnum > 0 and not attisdropped);
  current_version int := kluis_ledger.hash_version_of(full_name, wanted);
  version_of text := case when 'row_version' = any (wanted) then '%s.row_version' else 'null::int' end;
  name_of text := kluis_ledger.naming_of(target, 'changed');
  trigger_function text;
  kind text;
begin
  if name_of is null then
    raise exception 'table % has no primary key, so the ledger cannot name its rows', full_name;
  end if;
  foreach kind in array array['insert', 'update', 'delete'] loop
    trigger_function := 'trace_' || replace(full_name, '.', '_') || '_' || kind;
    execute format($f$
      create or replace function kluis_ledger.%1$I() returns trigger
      language plpgsql security definer set search_path = pg_catalog
      as $body$
      begin
        insert into kluis_ledger.outbox (actor_id, actor_kind, action, table_name, row_id, row_version, hash_version, row_hash, purpose)
        select actor.id, actor.kind, %2$L, %3$L, %4$s, %5$s, %6$s, %7$s, actor.purpose
        from changed, (select kluis.uid() as id, kluis_ledger.actor_kind() as kind, kluis_ledger.stated_purpose() as purpose offset 0) actor;
        return null;
      end $body$ $f$,
      trigger_function, kind, full_name, name_of, format(version_of, 'changed'), current_version,
      case when kind = 'delete' then 'null::bytea' else 'sha256(' || kluis_ledger.encoding_of(target, wanted, 'changed') || ')' end);
    execute format('alter function kluis_ledger.%I() owner to kluis_ledger_owner', trigger_function);
    execute format('drop trigger if exists z_ledger_%s on %s', kind, target);
    execute format('create trigger z_ledger_%1$s after %1$s on %2$s referencing %3$s table as changed for each statement execute function kluis_ledger.%4$I()',
      kind, target, case when kind = 'delete' then 'old' else 'new' end, trigger_function);
  end loop;
  perform kluis_ledger.make_reader(target, full_name, 'row_version' = any (wanted));
end $$;

-- Writes down once the rows that were there before their table was attached, and those whose earlier hash
-- can no longer be computed because a column is gone. Runs last, when grants and policies stand.
create or replace function kluis_ledger.write_baseline() returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  fresh record;
begin
  for fresh in
    select h.table_name, h.version from kluis_ledger.hashed_columns h
    where not h.is_written and h.version = (select max(version) from kluis_ledger.hashed_columns n where n.table_name = h.table_name)
      and (h.version = 1 or exists (select from kluis_ledger.hashed_columns e where e.table_name = h.table_name and not e.columns <@ h.columns))
    order by 1
  loop
    execute format(
      $f$insert into kluis_ledger.outbox (actor_kind, action, table_name, row_id, row_version, hash_version, row_hash, purpose)
      select 'migration', %L, %L, r.row_id, r.row_version, %s, r.row_hashes[array_position(r.hash_versions, %s)], 'baseline'
      from kluis_ledger.%I('00000000-0000-0000-0000-000000000000', null) r$f$,
      case when fresh.version = 1 then 'insert' else 'update' end, fresh.table_name, fresh.version, fresh.version,
      'rows_' || replace(fresh.table_name, '.', '_'));
  end loop;
  update kluis_ledger.hashed_columns set is_written = true where not is_written;
end $$;
alter function kluis_ledger.write_baseline() owner to kluis_ledger_owner;

-- Triggers of covered tables that are gone or switched off.
create or replace function kluis_ledger.silent_triggers() returns table (table_name text, trigger_name text)
language sql stable security definer set search_path = pg_catalog
as $$
  select h.table_name, 'z_ledger_' || kind
  from (select distinct table_name from kluis_ledger.hashed_columns) h, unnest(array['insert', 'update', 'delete']) as kind
  where to_regclass(h.table_name) is not null
    and not exists (select from pg_trigger g where g.tgrelid = to_regclass(h.table_name)
      and g.tgname = 'z_ledger_' || kind and g.tgenabled in ('O', 'A'))
  order by 1, 2
$$;
alter function kluis_ledger.silent_triggers() owner to kluis_ledger_owner;

-- What is no change of a row: sign-ins, exports, role changes, key operations, check runs. Values of
-- `detail` are counters and words of the program, never text that people type.
create or replace function kluis_ledger.record_event(kind text, detail jsonb, about uuid default null) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  if kind is null or kind !~ '^[a-z][a-z0-9-]{1,60}$' then
    raise exception 'an event is named like sign-in-slowed';
  end if;
  if jsonb_typeof(coalesce(detail, '{}')) <> 'object' or exists (
    select from jsonb_each(detail) as d(key, value)
    where key !~ '^[A-Za-z][A-Za-z0-9]{0,40}$'
      or jsonb_typeof(value) in ('object', 'array')
      or (jsonb_typeof(value) = 'string' and value #>> '{}' !~ '^[A-Za-z0-9._:+/=-]{0,100}$')) then
    raise exception 'the detail of an event holds numbers and words of the program only: a ledger keeps no personal data';
  end if;
  insert into kluis_ledger.outbox (actor_id, actor_kind, action, row_id, purpose, event, detail)
  values (kluis.uid(), kluis_ledger.actor_kind(), 'event', about, kluis_ledger.stated_purpose(), kind, detail);
end $$;
alter function kluis_ledger.record_event(text, jsonb, uuid) owner to kluis_ledger_owner;
