-- Joint dossiers: rules about all of their parties, those out of the caller's sight too.

-- Whether the caller may add somebody: they may edit one who was a party before, or they made the dossier in this very
-- transaction. A policy on the parties can't ask the parties; and the rows of its own statement are not there yet.
create or replace function kluis.may_join(dossier uuid) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select exists (
    select from kluis.joint_dossier d
    where d.id = dossier and d.ended_at is null
      and (d.created_at = now() and d.created_by = (select kluis.uid())
        or exists (
          select from kluis.joint_party j join kluis.person p on p.id = j.person_id and p.merged_into is null
          where j.joint_dossier_id = d.id
            and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit'))
              or p.id = any ((select kluis.shared('people:edit'))::uuid[])))));
end;
alter function kluis.may_join(uuid) owner to kluis_identity;

-- How many parties of each of these dossiers the caller does not see; of a dossier of which they see none, nothing.
create or replace function kluis.unseen_parties(dossiers uuid[]) returns table (joint_dossier_id uuid, unseen int)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select counted.id, counted.all_parties - counted.seen
  from (
    select j.joint_dossier_id as id, count(*)::int as all_parties,
      (count(*) filter (where array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:see'))
        or p.id = any ((select kluis.shared('people:see'))::uuid[])))::int as seen
    from kluis.joint_party j join kluis.person p on p.id = j.person_id
    where j.joint_dossier_id = any (dossiers) and p.merged_into is null
    group by j.joint_dossier_id) counted
  where counted.seen > 0;
end;
alter function kluis.unseen_parties(uuid[]) owner to kluis_identity;

-- Without a party nobody would see it any more: the last one stays, and the dossier is ended instead. Two who leave at once
-- wait for each other. Erasing takes the last one, and the key with them; a person who is removed takes their parties along.
create or replace function kluis.keep_a_party() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  if session_user <> 'kluis_app' then return null; end if;
  perform from kluis.joint_dossier d where d.id in (select j.joint_dossier_id from gone j) order by d.id for update;
  if exists (select from gone g join kluis.person p on p.id = g.person_id
    where not exists (select from kluis.joint_party j where j.joint_dossier_id = g.joint_dossier_id)) then
    raise exception 'the last party stays' using errcode = 'KL429';
  end if;
  return null;
end $$;
alter function kluis.keep_a_party() owner to kluis_identity;
create or replace trigger y_left after delete on kluis.joint_party referencing old table as gone for each statement execute function kluis.keep_a_party();

-- What moves between a joint dossier and one of its parties must not come to hang on a person who was merged away a moment
-- ago, by whoever waited for the merge: as of what is hung on somebody anew (kluis.attach_merge_guard).
create or replace function kluis.refuse_move_to_merged() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  if exists (select from kluis.person p where p.id = new.person_id and p.merged_into is not null) then
    raise exception 'this record was merged into another' using errcode = '42501';
  end if;
  return null;
end $$;
alter function kluis.refuse_move_to_merged() owner to kluis_identity;
do $$
declare
  hung text;
begin
  foreach hung in array array['note', 'note_version', 'task', 'file'] loop
    execute format('create or replace trigger x_moved after update on kluis.%I for each row when (old.joint_dossier_id is distinct from new.joint_dossier_id) execute function kluis.refuse_move_to_merged()', hung);
  end loop;
end $$;
