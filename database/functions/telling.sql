-- Who is told of what. These functions ask for each colleague whether they may see the record, so that a notification
-- tells nobody of a record they have no right to; the app itself can write no notification.

-- Those who follow these records, but for who changed them. What is unread is told once more, not twice.
create or replace function kluis.tell_followers(people uuid[], companies uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid := kluis.uid();
begin
  insert into kluis.notification as n (user_id, kind, person_id, told_by)
  select f.user_id, 'change', f.person_id, asking
  from kluis.follow f
  join kluis_auth.standing s on s.user_id = f.user_id
  join kluis.person r on r.id = f.person_id
  where f.person_id = any (people)
    and f.user_id is distinct from asking
    and array[r.owner_id, r.team_id, '00000000-0000-0000-0000-000000000000'] && s.scope
  on conflict (user_id, person_id) where kind = 'change' and read_at is null
    do update set told_at = now(), told_by = excluded.told_by;
  insert into kluis.notification as n (user_id, kind, company_id, told_by)
  select f.user_id, 'change', f.company_id, asking
  from kluis.follow f
  join kluis_auth.standing s on s.user_id = f.user_id
  join kluis.company r on r.id = f.company_id
  where f.company_id = any (companies)
    and f.user_id is distinct from asking
    and array[r.owner_id, r.team_id, '00000000-0000-0000-0000-000000000000'] && s.scope
  on conflict (user_id, company_id) where kind = 'change' and read_at is null
    do update set told_at = now(), told_by = excluded.told_by;
end $$;
alter function kluis.tell_followers(uuid[], uuid[]) owner to kluis_identity;

-- A change of people or companies: what it was, without a sealed value, and who must hear of it.
create or replace function kluis.record_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  is_person boolean := tg_table_name = 'person';
  -- Which contact fields, where the program said so; PostgreSQL can't see into what is sealed.
  fields text[] := string_to_array(nullif(current_setting('kluis.changed_fields', true), ''), ' ');
  by_import boolean := coalesce(current_setting('kluis.purpose', true), '') like '%import%';
  changed uuid[];
begin
  with said as (
    select n.id, n.updated_by, n.stage, n.owner_id, n.team_id, o.stage as old_stage, o.owner_id as old_owner_id, o.team_id as old_team_id,
      case when n.contact_seal_counter <> o.contact_seal_counter then coalesce(fields, '{contact}') else '{}' end
      || array_remove(array[
        case when n.confidential_seal_counter <> o.confidential_seal_counter then 'confidential' end,
        case when n.stage <> o.stage then 'stage' end,
        case when n.owner_id <> o.owner_id then 'ownerId' end,
        case when n.team_id <> o.team_id then 'teamId' end,
        case when n.deleted_at is not null and o.deleted_at is null then 'trash' end,
        case when n.deleted_at is null and o.deleted_at is not null then 'restore' end], null) as what
    from new_rows n join old_rows o on o.id = n.id
  ), noted as (
    insert into kluis.record_change
      (person_id, company_id, what, stage_before, stage_after, owner_before, owner_after, team_before, team_after, is_import, created_by)
    select case when is_person then s.id end, case when is_person then null else s.id end, s.what,
      case when s.stage <> s.old_stage then s.old_stage end, case when s.stage <> s.old_stage then s.stage end,
      case when s.owner_id <> s.old_owner_id then s.old_owner_id end, case when s.owner_id <> s.old_owner_id then s.owner_id end,
      case when s.team_id <> s.old_team_id then s.old_team_id end, case when s.team_id <> s.old_team_id then s.team_id end,
      by_import, s.updated_by
    from said s where s.what <> '{}'
    returning coalesce(person_id, company_id) as id
  )
  select array_agg(id) into changed from noted;
  if changed is not null then
    perform kluis.tell_followers(case when is_person then changed end, case when is_person then null else changed end);
  end if;
  return null;
end $$;
alter function kluis.record_changed() owner to kluis_identity;

-- A note, task or file was made or changed.
create or replace function kluis.dossier_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  perform kluis.tell_followers(
    (select array_agg(distinct person_id) from new_rows where person_id is not null),
    (select array_agg(distinct company_id) from new_rows where company_id is not null));
  return null;
end $$;
alter function kluis.dossier_changed() owner to kluis_identity;

do $$
declare
  source text;
begin
  foreach source in array array['person', 'company'] loop
    execute format('create or replace trigger y_changed after update on kluis.%I referencing old table as old_rows new table as new_rows for each statement execute function kluis.record_changed()', source);
  end loop;
  foreach source in array array['note', 'task'] loop
    execute format('create or replace trigger y_told_insert after insert on kluis.%I referencing new table as new_rows for each statement execute function kluis.dossier_changed()', source);
    execute format('create or replace trigger y_told_update after update on kluis.%I referencing new table as new_rows for each statement execute function kluis.dossier_changed()', source);
  end loop;
  -- Of a file only once it is whole.
  create or replace trigger y_told_update after update on kluis.file referencing new table as new_rows for each statement execute function kluis.dossier_changed();
end $$;

-- Tells the colleagues who are mentioned in a note and may see its record; gives those. The others hear nothing.
create or replace function kluis.tell_mentioned(about uuid, mentioned uuid[]) returns uuid[]
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid := kluis.uid();
  found_note kluis.note;
  told uuid[];
begin
  select * into found_note from kluis.note n where n.id = about;
  if found_note.id is null or not kluis.may('notes:edit')
    or not kluis.can_see(coalesce(found_note.person_id, found_note.company_id)) then
    raise exception 'no such note' using errcode = '42501';
  end if;
  select coalesce(array_agg(s.user_id), '{}') into told
  from kluis_auth.standing s
  where s.user_id = any (mentioned)
    and 'notes:see' = any (s.permissions)
    and (exists (select from kluis.person p where p.id = found_note.person_id
        and array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && s.scope)
      or exists (select from kluis.company c where c.id = found_note.company_id
        and array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && s.scope));
  insert into kluis.notification (user_id, kind, person_id, company_id, note_id, told_by)
  select one, 'mention', found_note.person_id, found_note.company_id, about, asking
  from unnest(told) as one where one <> asking;
  return told;
end $$;
alter function kluis.tell_mentioned(uuid, uuid[]) owner to kluis_identity;

-- Gives a record to a colleague, also to one of a team whose records the giver does not see: the one way a record
-- leaves one's sight. The new owner must be able to work with it, and is told.
create or replace function kluis.hand_over(kind text, subject uuid, version int, new_owner uuid, new_team uuid) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  needs text := case kind when 'person' then 'people:' else 'companies:' end;
begin
  if not kluis.may(needs || 'edit') or not kluis.can_see(subject)
    or not exists (select from kluis_auth.standing s where s.user_id = new_owner and (needs || 'see') = any (s.permissions)) then
    raise exception 'no such record or colleague' using errcode = '42501';
  end if;
  if kind = 'person' then
    update kluis.person set owner_id = new_owner, team_id = new_team, row_version = version + 1 where id = subject and deleted_at is null;
  else
    update kluis.company set owner_id = new_owner, team_id = new_team, row_version = version + 1 where id = subject and deleted_at is null;
  end if;
  if not found then
    raise exception 'no such record' using errcode = '42501';
  end if;
  insert into kluis.notification (user_id, kind, person_id, company_id, told_by)
  select new_owner, 'hand-over', case when kind = 'person' then subject end, case when kind = 'company' then subject end, kluis.uid()
  where new_owner <> kluis.uid();
end $$;
alter function kluis.hand_over(text, uuid, int, uuid, uuid) owner to kluis_identity;

-- Tells a colleague of the task that was given to them. Row security keeps it from them until they may see the record.
create or replace function kluis.tell_assigned(about uuid) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid := kluis.uid();
begin
  insert into kluis.notification (user_id, kind, person_id, company_id, task_id, told_by)
  select t.assignee_id, 'assigned', t.person_id, t.company_id, t.id, asking
  from kluis.task t
  where t.id = about
    and t.assignee_id <> asking
    and kluis.may('tasks:edit')
    and kluis.can_see(coalesce(t.person_id, t.company_id));
end $$;
alter function kluis.tell_assigned(uuid) owner to kluis_identity;

-- The caller has read that these tasks of theirs are due; null stands for all. A reminder that is set later is told again.
create or replace function kluis.read_reminders(tasks uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  insert into kluis.notification (user_id, kind, person_id, company_id, task_id, told_by, read_at)
  select t.assignee_id, 'reminder', t.person_id, t.company_id, t.id, t.assignee_id, now()
  from kluis.task t
  where t.assignee_id = kluis.uid() and t.done_at is null and t.remind_at <= now()
    and (tasks is null or t.id = any (tasks))
    and not exists (select from kluis.notification n
      where n.task_id = t.id and n.kind = 'reminder' and n.user_id = t.assignee_id and n.told_at >= t.remind_at);
end $$;
alter function kluis.read_reminders(uuid[]) owner to kluis_identity;
