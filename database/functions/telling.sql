-- Who is told of what. These functions ask for each colleague whether they may see the record, so that a notification
-- tells nobody of a record they have no right to; the app itself can write no notification.

-- Those who follow these records, but for who changed them. What is unread is told once more, not twice. Of a tie only
-- those who see the record at its other end too, of a confidential value only the roles that see its field.
create or replace function kluis.tell_followers(people uuid[], companies uuid[], other uuid default null, field uuid default null) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid;
begin
  -- Most records are followed by nobody, and every change asks.
  if not exists (select from kluis.follow f where f.person_id = any (people) or f.company_id = any (companies)) then
    return;
  end if;
  asking := kluis.uid();
  insert into kluis.notification as n (user_id, kind, person_id, told_by)
  select f.user_id, 'change', f.person_id, asking
  from kluis.follow f
  join kluis_auth.standing s on s.user_id = f.user_id
  join kluis.person r on r.id = f.person_id
  where f.person_id = any (people)
    and f.user_id is distinct from asking
    and kluis_auth.colleague_may(f.user_id, 'people:see', r.owner_id, r.team_id, r.id)
    and (other is null
      or exists (select from kluis.person o where o.id = other and kluis_auth.colleague_may(f.user_id, 'people:see', o.owner_id, o.team_id, o.id))
      or exists (select from kluis.company o where o.id = other and kluis_auth.colleague_may(f.user_id, 'companies:see', o.owner_id, o.team_id, o.id)))
    and (field is null or 'fields:confidential' = any (s.permissions)
      and (not exists (select from kluis.field_role g where g.field_id = field)
        or exists (select from kluis.field_role g where g.field_id = field and g.role_id = s.role_id)))
  on conflict (user_id, person_id) where kind = 'change' and read_at is null
    do update set told_at = now(), told_by = excluded.told_by;
  insert into kluis.notification as n (user_id, kind, company_id, told_by)
  select f.user_id, 'change', f.company_id, asking
  from kluis.follow f
  join kluis_auth.standing s on s.user_id = f.user_id
  join kluis.company r on r.id = f.company_id
  where f.company_id = any (companies)
    and f.user_id is distinct from asking
    and kluis_auth.colleague_may(f.user_id, 'companies:see', r.owner_id, r.team_id, r.id)
    and (other is null
      or exists (select from kluis.person o where o.id = other and kluis_auth.colleague_may(f.user_id, 'people:see', o.owner_id, o.team_id, o.id))
      or exists (select from kluis.company o where o.id = other and kluis_auth.colleague_may(f.user_id, 'companies:see', o.owner_id, o.team_id, o.id)))
    and (field is null or 'fields:confidential' = any (s.permissions)
      and (not exists (select from kluis.field_role g where g.field_id = field)
        or exists (select from kluis.field_role g where g.field_id = field and g.role_id = s.role_id)))
  on conflict (user_id, company_id) where kind = 'change' and read_at is null
    do update set told_at = now(), told_by = excluded.told_by;
end $$;
alter function kluis.tell_followers(uuid[], uuid[], uuid, uuid) owner to kluis_identity;

-- A change of a person or company: what it was, without a sealed value, and who must hear of it. Row by row: for one
-- row, which is nearly always, tables of old and new rows cost five times as much.
create or replace function kluis.record_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  is_person boolean := tg_table_name = 'person';
  what text[] := '{}';
begin
  if new.contact_seal_counter <> old.contact_seal_counter then
    -- Which fields, where the program said so; PostgreSQL can't see into what is sealed.
    what := coalesce(string_to_array(nullif(current_setting('kluis.changed_fields', true), ''), ' '), '{contact}');
  end if;
  if new.confidential_seal_counter <> old.confidential_seal_counter then what := what || 'confidential'::text; end if;
  if new.stage <> old.stage then what := what || 'stage'::text; end if;
  if new.owner_id <> old.owner_id then what := what || 'ownerId'::text; end if;
  if new.team_id <> old.team_id then what := what || 'teamId'::text; end if;
  if (new.deleted_at is null) <> (old.deleted_at is null) then
    what := what || case when new.deleted_at is null then 'restore' else 'trash' end;
  end if;
  if what = '{}' then return null; end if;
  insert into kluis.record_change
    (person_id, company_id, what, stage_before, stage_after, owner_before, owner_after, team_before, team_after, is_import, created_by)
  values (case when is_person then new.id end, case when is_person then null else new.id end, what,
    case when new.stage <> old.stage then old.stage end, case when new.stage <> old.stage then new.stage end,
    case when new.owner_id <> old.owner_id then old.owner_id end, case when new.owner_id <> old.owner_id then new.owner_id end,
    case when new.team_id <> old.team_id then old.team_id end, case when new.team_id <> old.team_id then new.team_id end,
    coalesce(current_setting('kluis.purpose', true), '') like '%import%', new.updated_by);
  if is_person then perform kluis.tell_followers(array[new.id], null); else perform kluis.tell_followers(null, array[new.id]); end if;
  return null;
end $$;
alter function kluis.record_changed() owner to kluis_identity;

-- A confidential value was given, changed or cleared: that, by whom and of which field, never what it is. A record that
-- came to be in the same moment says so itself, a merge moves values, and what goes with its record leaves nothing.
create or replace function kluis.confidential_value_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  value record;
  purpose text := coalesce(current_setting('kluis.purpose', true), '');
begin
  if tg_op = 'DELETE' then value := old; else value := new; end if;
  if purpose like '%merge%' or session_user = 'kluis_rotation'
    or not exists (select from kluis.person p where p.id = value.person_id and p.created_at < now())
      and not exists (select from kluis.company c where c.id = value.company_id and c.created_at < now()) then
    return null;
  end if;
  insert into kluis.record_change (person_id, company_id, what, field_id, is_import, created_by)
  values (value.person_id, value.company_id, array['custom.' || value.field_id], value.field_id, purpose like '%import%', kluis.uid());
  perform kluis.tell_followers(array[value.person_id], array[value.company_id], null, value.field_id);
  return null;
end $$;
alter function kluis.confidential_value_changed() owner to kluis_identity;

-- A note, task or file was made or changed.
create or replace function kluis.dossier_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  -- Sealed anew under another key is no change.
  if session_user = 'kluis_rotation' then return null; end if;
  perform kluis.tell_followers(
    -- Of a joint dossier whoever follows one of its parties hears.
    (select array_agg(distinct one.person_id) from (
      select n.person_id from new_rows n where n.person_id is not null
      union all
      select j.person_id from new_rows n join kluis.joint_party j on j.joint_dossier_id = n.joint_dossier_id) one),
    (select array_agg(distinct company_id) from new_rows where company_id is not null));
  return null;
end $$;
alter function kluis.dossier_changed() owner to kluis_identity;

do $$
declare
  source text;
begin
  foreach source in array array['person', 'company'] loop
    execute format('create or replace trigger y_changed after update on kluis.%I for each row execute function kluis.record_changed()', source);
  end loop;
  foreach source in array array['note', 'task'] loop
    execute format('create or replace trigger y_told_insert after insert on kluis.%I referencing new table as new_rows for each statement execute function kluis.dossier_changed()', source);
    execute format('create or replace trigger y_told_update after update on kluis.%I referencing new table as new_rows for each statement execute function kluis.dossier_changed()', source);
  end loop;
  create or replace trigger y_changed after insert or update or delete on kluis.confidential_value for each row execute function kluis.confidential_value_changed();
  -- Of a file only once it is whole.
  create or replace trigger y_told_update after update on kluis.file referencing new table as new_rows for each statement execute function kluis.dossier_changed();
end $$;

-- Of a joint dossier the party under which a colleague is told of it: the first one they see and may do this with. Null where
-- they see none.
create or replace function kluis_auth.party_seen_by(whom uuid, dossier uuid, needs text) returns uuid
language sql stable security definer set search_path = pg_catalog
begin atomic
  select p.id
  from kluis.joint_party j join kluis.person p on p.id = j.person_id
  where j.joint_dossier_id = dossier and p.merged_into is null
    and kluis_auth.colleague_may(whom, 'people:see', p.owner_id, p.team_id, p.id)
    and kluis_auth.colleague_may(whom, needs, p.owner_id, p.team_id, p.id)
  order by j.created_at, j.id limit 1;
end;
alter function kluis_auth.party_seen_by(uuid, uuid, text) owner to kluis_identity;

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
  if found_note.id is null or not (kluis.may('notes:edit') or kluis.may('notes:create'))
    or not kluis.can_see(coalesce(found_note.person_id, found_note.company_id, found_note.joint_dossier_id)) then
    raise exception 'no such note' using errcode = '42501';
  end if;
  select coalesce(array_agg(s.user_id), '{}') into told
  from kluis_auth.standing s
  where s.user_id = any (mentioned)
    and (exists (select from kluis.person p where p.id = found_note.person_id
        and kluis_auth.colleague_may(s.user_id, 'people:see', p.owner_id, p.team_id, p.id)
        and kluis_auth.colleague_may(s.user_id, 'notes:see', p.owner_id, p.team_id, p.id))
      or kluis_auth.party_seen_by(s.user_id, found_note.joint_dossier_id, 'notes:see') is not null
      or exists (select from kluis.company c where c.id = found_note.company_id
        and kluis_auth.colleague_may(s.user_id, 'companies:see', c.owner_id, c.team_id, c.id)
        and kluis_auth.colleague_may(s.user_id, 'notes:see', c.owner_id, c.team_id, c.id)));
  insert into kluis.notification (user_id, kind, person_id, company_id, note_id, told_by)
  select one, 'mention', coalesce(found_note.person_id, kluis_auth.party_seen_by(one, found_note.joint_dossier_id, 'notes:see')),
    found_note.company_id, about, asking
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
  mine uuid[] := kluis.scope(needs || 'edit');
begin
  -- In the giver's own right: what is only shared with them is not theirs to give.
  if not exists (
      select from kluis.person p where kind = 'person' and p.id = subject and p.merged_into is null
        and array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && mine
      union all
      select from kluis.company c where kind = 'company' and c.id = subject and c.merged_into is null
        and array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && mine)
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
  -- Of a joint dossier under a party that they see; who sees none hears nothing, as of any task out of their sight.
  select t.assignee_id, 'assigned', coalesce(t.person_id, kluis_auth.party_seen_by(t.assignee_id, t.joint_dossier_id, 'tasks:see')), t.company_id, t.id, asking
  from kluis.task t
  where t.id = about
    and t.assignee_id <> asking
    and (kluis.may('tasks:edit') or kluis.may('tasks:create'))
    and kluis.can_see(coalesce(t.person_id, t.company_id, t.joint_dossier_id))
    and (t.joint_dossier_id is null or kluis_auth.party_seen_by(t.assignee_id, t.joint_dossier_id, 'tasks:see') is not null);
end $$;
alter function kluis.tell_assigned(uuid) owner to kluis_identity;

-- The caller has read that these tasks of theirs are due; null stands for all. A reminder that is set later is told again.
create or replace function kluis.read_reminders(tasks uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  insert into kluis.notification (user_id, kind, person_id, company_id, task_id, told_by, read_at)
  select t.assignee_id, 'reminder', coalesce(t.person_id, kluis_auth.party_seen_by(t.assignee_id, t.joint_dossier_id, 'tasks:see')), t.company_id, t.id, t.assignee_id, now()
  from kluis.task t
  where t.assignee_id = kluis.uid() and t.done_at is null and t.remind_at <= now()
    and (tasks is null or t.id = any (tasks))
    and (t.joint_dossier_id is null or kluis_auth.party_seen_by(t.assignee_id, t.joint_dossier_id, 'tasks:see') is not null)
    and not exists (select from kluis.notification n
      where n.task_id = t.id and n.kind = 'reminder' and n.user_id = t.assignee_id and n.told_at >= t.remind_at);
end $$;
alter function kluis.read_reminders(uuid[]) owner to kluis_identity;

-- An import ended: whoever began it is told, also when they left the screen or signed out meanwhile. Once, under the id
-- of the import; going on with one that failed may end it anew.
create or replace function kluis.import_ended() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  insert into kluis.notification as n (id, user_id, kind, import_id, told_by)
  values (new.id, new.created_by, 'import-' || new.state, new.id, new.created_by)
  on conflict (id) do update set kind = excluded.kind, told_at = now(), read_at = null;
  return null;
end $$;
alter function kluis.import_ended() owner to kluis_identity;
create or replace trigger y_ended after update on kluis.import_run for each row
  when (new.state is distinct from old.state and new.state in ('done', 'failed') and new.created_by is not null)
  execute function kluis.import_ended();

-- The caller has read that these imports of theirs stand still; null stands for all. One that moved since is told again.
create or replace function kluis.read_waiting_imports(imports uuid[]) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  insert into kluis.notification as n (id, user_id, kind, import_id, told_by, read_at)
  select r.id, r.created_by, 'import-waiting', r.id, r.created_by, now()
  from kluis.import_run r
  where r.created_by = kluis.uid() and r.state = 'running' and (imports is null or r.id = any (imports))
  on conflict (id) do update set kind = excluded.kind, told_at = now(), read_at = now();
end $$;
alter function kluis.read_waiting_imports(uuid[]) owner to kluis_identity;

-- With whom a record is shared, they hear: a colleague, or those in the team.
create or replace function kluis.tell_shared() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  insert into kluis.notification (user_id, kind, person_id, company_id, told_by)
  select told.user_id, 'shared', new.person_id, new.company_id, new.created_by
  from (select new.user_id where new.user_id is not null
    union select m.user_id from kluis.team_member m where m.team_id = new.team_id) told(user_id)
  where told.user_id is distinct from new.created_by;
  return null;
end $$;
alter function kluis.tell_shared() owner to kluis_identity;
create or replace trigger y_told after insert on kluis.record_share for each row execute function kluis.tell_shared();
