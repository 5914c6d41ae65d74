-- What every record gets: its stamps, set by the database and never by the caller.

-- A change must present the version it was made on, plus one. So no code can lose an update.
create or replace function kluis.stamp_row() returns trigger
language plpgsql
as $$
begin
  if tg_op = 'INSERT' then
    new.row_version := 1;
    new.created_at := now();
    new.updated_at := now();
    return new;
  end if;
  if new.row_version is distinct from old.row_version + 1 then
    raise exception 'this row is at version %', old.row_version using errcode = 'KL409';
  end if;
  new.created_at := old.created_at;
  new.updated_at := now();
  return new;
end $$;

-- The same for tables that say by whom.
create or replace function kluis.stamp_actor() returns trigger
language plpgsql
as $$
declare
  asking uuid := kluis.uid();
begin
  new.created_by := case when tg_op = 'INSERT' then asking else old.created_by end;
  new.updated_by := asking;
  return new;
end $$;

-- A block of n slots, contiguous, never handed out twice. Gives the first.
create or replace function kluis.draw_key_slots(wanted int) returns bigint
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  first_slot bigint;
begin
  if wanted not between 1 and 4096 then
    raise exception 'between 1 and 4096 slots can be drawn at once, not %', wanted;
  end if;
  perform pg_advisory_xact_lock(hashtext('kluis.key_slot'));
  first_slot := nextval('kluis.key_slot');
  if wanted > 1 then
    perform setval('kluis.key_slot', first_slot + wanted - 1);
  end if;
  return first_slot;
end $$;
alter function kluis.draw_key_slots(int) owner to kluis_identity;

-- Whether the caller sees this person or company: the rule of database/access/customers.sql in words
-- that a definer function can ask.
create or replace function kluis.can_see(subject uuid) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select exists (
    select from kluis.person p
    where p.id = subject and p.merged_into is null
      and array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope()))
  or exists (
    select from kluis.company c
    where c.id = subject and c.merged_into is null
      and array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope()));
end;
alter function kluis.can_see(uuid) owner to kluis_identity;

-- Who has seen this customer, or a record that was merged into it, newest first, at most 200. Nothing when the caller
-- may not see the customer.
create or replace function kluis.seen_by(subject uuid)
returns table (at timestamptz, user_id uuid, purpose text, kind text)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select o.at, o.user_id, o.purpose, o.kind
  from kluis.opening o
  where o.subject_ids && (array[subject] || coalesce((
      select array_agg(m.merged_id) from kluis.merge m
      where (m.person_id = subject or m.company_id = subject) and m.undone_at is null), '{}'))
    and kluis.may('openings:see')
    and kluis.can_see(subject)
  order by o.at desc
  limit 200;
end;
alter function kluis.seen_by(uuid) owner to kluis_identity;

-- The dossiers the caller opened last, newest first. The trace of others stays closed to them.
create or replace function kluis.recently_opened()
returns table (table_name text, subject_id uuid, at timestamptz)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select latest.table_name, subject.id, max(latest.at)
  from (
    select o.table_name, o.subject_ids, o.at
    from kluis.opening o
    where o.user_id = (select kluis.uid()) and o.kind = 'dossier'
    order by o.at desc
    limit 300
  ) latest, unnest(latest.subject_ids) as subject(id)
  where latest.table_name in ('person', 'company')
  group by 1, 2
  order by 3 desc
  limit 30;
end;
alter function kluis.recently_opened() owner to kluis_identity;
