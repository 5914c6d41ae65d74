-- What a merged record's id leads to, for whoever may see both: old links go on working, and nobody learns of a
-- merge who saw only one of the two.
create or replace function kluis.leads_to(subject uuid) returns uuid
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return (
    select coalesce(m.person_id, m.company_id)
    from kluis.merge m
    where m.merged_id = subject and m.undone_at is null
      and array[m.merged_owner_id, m.merged_team_id, '00000000-0000-0000-0000-000000000000']
        && case when m.person_id is null then (select kluis.scope('companies:see')) else (select kluis.scope('people:see')) end
      and kluis.can_see(coalesce(m.person_id, m.company_id))
    limit 1);
end $$;
alter function kluis.leads_to(uuid) owner to kluis_identity;

-- What hangs on two records is moved by whoever sees one of them, since a merge leaves nothing behind; where it is moved
-- to they must see all the same. A policy knows only the row as it will be, and not which of its ends moved.
create or replace function kluis.refuse_move_out_of_sight() returns trigger
language plpgsql set search_path = pg_catalog
as $$
declare
  was jsonb := to_jsonb(old);
  part record;
begin
  for part in
    select key, value::uuid as subject from jsonb_each_text(to_jsonb(new))
    where key in ('person_id', 'company_id', 'other_person_id', 'other_company_id', 'photo_of', 'joint_dossier_id') and value is not null
  loop
    continue when was->>part.key = part.subject::text;
    if part.key = 'joint_dossier_id' then
      -- Nor is anything new hung on what is over.
      continue when exists (select from kluis.joint_dossier d where d.id = part.subject and d.ended_at is null);
    elsif part.key like '%person_id' or part.key = 'photo_of' then
      continue when exists (select from kluis.person p where p.id = part.subject);
    else
      continue when exists (select from kluis.company c where c.id = part.subject);
    end if;
    raise exception 'nothing is moved to a record out of sight' using errcode = '42501';
  end loop;
  return new;
end $$;

-- What hangs on a record must not be hung on one that was merged away a moment ago: its writer saw it before the merge
-- and waited for it. A trigger, since a policy looks with the eyes of the statement's beginning.
create or replace function kluis.attach_merge_guard(target regclass) returns void
language plpgsql set search_path = pg_catalog
as $$
declare
  short_name text := (select relname from pg_class where oid = target);
  guarded text := (
    select string_agg(format('exists (select from inserted i join kluis.%1$I r on r.id = i.%2$I where r.merged_into is not null)',
      substring(attname from '(person|company)_id$'), attname), ' or ' order by attname)
    from pg_attribute where attrelid = target and attname in ('person_id', 'company_id', 'other_person_id', 'other_company_id') and not attisdropped);
begin
  execute format($f$
    create or replace function kluis.%1$I() returns trigger
    language plpgsql security definer set search_path = pg_catalog
    as $body$
    begin
      if %2$s then
        raise exception 'this record was merged into another' using errcode = '42501';
      end if;
      return null;
    end $body$ $f$, 'merge_guard_' || short_name, guarded);
  execute format('alter function kluis.%I() owner to kluis_identity', 'merge_guard_' || short_name);
  execute format('create or replace trigger x_merge_guard after insert on %s referencing new table as inserted for each statement execute function kluis.%I()',
    target, 'merge_guard_' || short_name);
  execute format('create or replace trigger c_move_guard before update on %s for each row when (%s) execute function kluis.refuse_move_out_of_sight()',
    target, (select string_agg(format('old.%1$I is distinct from new.%1$I', attname), ' or ' order by attname)
      from pg_attribute where attrelid = target and attname in ('person_id', 'company_id', 'other_person_id', 'other_company_id', 'photo_of', 'joint_dossier_id') and not attisdropped));
end $$;

-- Which records are one with another since, of those that an import of the caller's made or changed: taking the import
-- back leaves them alone, since what was merged into them is not the import's. Told of as merges (`is_told`) only to
-- whoever saw both.
create or replace function kluis.import_merges(import uuid) returns table (kind text, subject uuid, is_told boolean)
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
  return query select case when m.person_id is null then 'company' else 'person' end, coalesce(m.person_id, m.company_id),
    bool_or(array[m.merged_owner_id, m.merged_team_id, '00000000-0000-0000-0000-000000000000']
        && case when m.person_id is null then (select kluis.scope('companies:see')) else (select kluis.scope('people:see')) end)
  from kluis.merge m
  where m.undone_at is null
    and exists (select from kluis.import_run r where r.id = import and r.created_by = kluis.uid())
    and kluis.can_see(coalesce(m.person_id, m.company_id))
    and (exists (select from kluis.person p where p.id in (m.person_id, m.merged_id) and p.import_id = import)
      or exists (select from kluis.company c where c.id in (m.company_id, m.merged_id) and c.import_id = import)
      or exists (select from kluis.import_change i where i.import_id = import
        and (i.person_id in (m.person_id, m.merged_id) or i.company_id in (m.company_id, m.merged_id))))
  group by m.person_id, m.company_id;
end $$;
alter function kluis.import_merges(uuid) owner to kluis_identity;
