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
  -- The same values under other keys: whoever works on the record meets no change. The role may write nothing else.
  if current_user = 'kluis_rotation' and new.row_version = old.row_version then
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
  if current_user = 'kluis_rotation' and tg_op = 'UPDATE' then return new; end if;
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

-- What a share does not give, and what nobody may take along: who owns a record and of which team it is, is changed by
-- whoever edits it in their own right, and it is thrown away by whoever may remove it. Confidential values are written by
-- those who may have them. A hand-over and a merge ask in their own way.
create or replace function kluis.guard_record() returns trigger
language plpgsql
as $$
declare
  object text := case tg_table_name when 'person' then 'people:' else 'companies:' end;
  place uuid[] := array[old.owner_id, old.team_id, '00000000-0000-0000-0000-000000000000'];
begin
  if current_user <> 'kluis_app' then return new; end if;
  if (new.owner_id <> old.owner_id or new.team_id <> old.team_id) and not place && coalesce(kluis.scope(object || 'edit'), '{}')
    or (new.deleted_at is null) <> (old.deleted_at is null) and not place && coalesce(kluis.scope(object || 'delete'), '{}')
    or new.confidential_seal_counter <> old.confidential_seal_counter and not kluis.may('fields:confidential') then
    raise exception 'not with this record' using errcode = '42501';
  end if;
  return new;
end $$;
create or replace trigger d_guard before update on kluis.person for each row
  when (new.owner_id <> old.owner_id or new.team_id <> old.team_id or (new.deleted_at is null) <> (old.deleted_at is null) or new.confidential_seal_counter <> old.confidential_seal_counter)
  execute function kluis.guard_record();
create or replace trigger d_guard before update on kluis.company for each row
  when (new.owner_id <> old.owner_id or new.team_id <> old.team_id or (new.deleted_at is null) <> (old.deleted_at is null) or new.confidential_seal_counter <> old.confidential_seal_counter)
  execute function kluis.guard_record();

-- A note or file is thrown away, and put back, by whoever may remove it where it hangs.
create or replace function kluis.guard_removal() returns trigger
language plpgsql
as $$
declare
  needs text := tg_table_name || 's:delete';
begin
  if current_user <> 'kluis_app' then return new; end if;
  if not coalesce((select bool_or(coalesce(array[r.owner_id, r.team_id, '00000000-0000-0000-0000-000000000000'] && kluis.scope(needs), false) or coalesce(r.id = any (kluis.shared(needs)), false))
      from (select p.id, p.owner_id, p.team_id from kluis.person p where p.id = new.person_id
        union all select c.id, c.owner_id, c.team_id from kluis.company c where c.id = new.company_id
        -- Of a joint dossier where one of its parties is.
        union all select p.id, p.owner_id, p.team_id from kluis.joint_party j join kluis.person p on p.id = j.person_id
          where j.joint_dossier_id = new.joint_dossier_id) r), false) then
    raise exception 'not with this record' using errcode = '42501';
  end if;
  return new;
end $$;
create or replace trigger d_guard before update on kluis.note for each row
  when ((new.deleted_at is null) <> (old.deleted_at is null)) execute function kluis.guard_removal();
create or replace trigger d_guard before update on kluis.file for each row
  when ((new.deleted_at is null) <> (old.deleted_at is null)) execute function kluis.guard_removal();

-- Whether the caller sees this person, company or joint dossier: the rule of database/access/customers.sql and
-- joint_dossiers.sql in words that a definer function can ask.
create or replace function kluis.can_see(subject uuid) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select exists (
    select from kluis.person p
    where p.id = subject and p.merged_into is null
      and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:see'))
        or p.id = any ((select kluis.shared('people:see'))::uuid[])))
  or exists (
    select from kluis.company c
    where c.id = subject and c.merged_into is null
      and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:see'))
        or c.id = any ((select kluis.shared('companies:see'))::uuid[])))
  or exists (
    select from kluis.joint_party j join kluis.person p on p.id = j.person_id
    where j.joint_dossier_id = subject and p.merged_into is null
      and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:see'))
        or p.id = any ((select kluis.shared('people:see'))::uuid[])));
end;
alter function kluis.can_see(uuid) owner to kluis_identity;

-- Who has seen this customer, or a record that was merged into it, or a joint dossier since the customer is a party of it,
-- newest first, at most 200. Nothing when the caller may not see the customer.
create or replace function kluis.seen_by(subject uuid)
returns table (at timestamptz, user_id uuid, purpose text, kind text)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select o.at, o.user_id, o.purpose, o.kind
  from kluis.opening o
  where o.subject_ids && (array[subject] || coalesce((
      select array_agg(m.merged_id) from kluis.merge m
      where (m.person_id = subject or m.company_id = subject) and m.undone_at is null), '{}')
      || coalesce((select array_agg(j.joint_dossier_id) from kluis.joint_party j where j.person_id = subject), '{}'))
    and (o.table_name <> 'joint_dossier' or o.subject_ids && array[subject] or exists (
      select from kluis.joint_party j where j.person_id = subject and j.joint_dossier_id = any (o.subject_ids) and j.created_at <= o.at))
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
