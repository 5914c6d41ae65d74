-- What a law has kept is kept by the database: whichever program asks, such a file does not go before its time.

-- The first day on which a file may go; nothing as long as that is not known.
create or replace function kluis.retained_until(rule text, since date) returns date
language sql stable security definer set search_path = pg_catalog
begin atomic
  select case when r.from_new_year
      then make_date(extract(year from since)::int + 1 + r.years, 1, 1)
      else (since + make_interval(years => r.years))::date
    end
  from kluis.retention_rule r where r.code = rule and since is not null;
end;
alter function kluis.retained_until(text, date) owner to kluis_identity;

-- Whoever was erased gets no document any more. The lock waits for an erasure that is under way, and the look behind it sees
-- it. Of a record out of sight it says nothing: row security refuses such a file in the same words as for one that never was.
create or replace function kluis.require_not_erased(subject uuid) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  if not kluis.can_see(subject) then return; end if;
  perform from kluis.person p where p.id = subject for key share;
  perform from kluis.company c where c.id = subject for key share;
  perform from kluis.joint_dossier d where d.id = subject for key share;
  if exists (select from kluis.erasure e where e.subject_id = subject or e.also_ids @> array[subject]) then
    raise exception 'this record was erased' using errcode = 'KL410';
  end if;
end $$;
alter function kluis.require_not_erased(uuid) owner to kluis_identity;

create or replace function kluis.keep_by_law() returns trigger
language plpgsql set search_path = pg_catalog
as $$
declare
  -- What has not wholly arrived is no document yet.
  is_kept boolean := tg_op <> 'INSERT' and old.retention_rule is not null and old.completed_at is not null;
  is_running boolean := is_kept and (old.retained_until is null or old.retained_until > current_date);
begin
  if tg_op = 'DELETE' then
    -- Wrongly kept, it goes earlier by an erasure that names it, with its reason.
    if is_running and current_user = 'kluis_rotation' then
      if exists (select from kluis.erasure e where e.kind = 'file' and (e.subject_id = old.id or e.also_ids @> array[old.id])) then
        return old;
      end if;
    end if;
    if is_running then
      raise exception 'a law has this file kept' using errcode = 'KL425';
    end if;
    return old;
  end if;
  -- The program's other roles replace keys, merge and erase, and may ask for no rights.
  if tg_op = 'UPDATE' and current_user = 'kluis_app' and new.set_apart_at is distinct from old.set_apart_at then
    raise exception 'files are set apart by an erasure alone' using errcode = '42501';
  end if;
  if current_user = 'kluis_app' and new.retention_rule is not null and (tg_op = 'INSERT' or old.retention_rule is null) then
    perform kluis.require_not_erased(coalesce(new.person_id, new.company_id, new.joint_dossier_id));
  end if;
  if tg_op = 'INSERT' or new.retention_rule is distinct from old.retention_rule or new.retained_from is distinct from old.retained_from then
    new.retained_until := kluis.retained_until(new.retention_rule, new.retained_from);
  else
    new.retained_until := old.retained_until;
  end if;
  if is_running then
    if new.deleted_at is not null and old.deleted_at is null then
      raise exception 'a law has this file kept' using errcode = 'KL425';
    end if;
    if current_user = 'kluis_app' then
      -- Its contents stay what they were: under another key, counter or number of frames nobody would read them. Its name may
      -- change, by one write at a time.
      if new.key_slot is distinct from old.key_slot or new.key_sealed is distinct from old.key_sealed or new.completed_at is null
        or new.key_seal_counter <> old.key_seal_counter or new.frame_count <> old.frame_count
        or new.content_seal_counter <> old.content_seal_counter + (new.content_sealed is distinct from old.content_sealed)::int then
        raise exception 'a law has this file kept' using errcode = 'KL425';
      end if;
      -- Shorter, or not kept at all: corrected by who looks after erasing. That the relation ended is no correction.
      if (new.retention_rule is null or new.retained_until is not null and (old.retained_until is null or new.retained_until < old.retained_until))
        and not (new.retention_rule is not distinct from old.retention_rule and old.retained_from is null)
        and not kluis.may('erasures:run') then
        raise exception 'a law has this file kept' using errcode = 'KL425';
      end if;
    end if;
  end if;
  return new;
end $$;
create or replace trigger e_keep_by_law before insert or update or delete on kluis.file
  for each row execute function kluis.keep_by_law();

create or replace function kluis.leave_key() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  insert into kluis.left_key (slot, subject_id)
  select f.key_slot, coalesce(f.person_id, f.company_id, f.joint_dossier_id) from removed f where f.key_slot is not null
  on conflict do nothing;
  return null;
end $$;
alter function kluis.leave_key() owner to kluis_identity;
create or replace trigger y_leave_key after delete on kluis.file
  referencing old table as removed for each statement execute function kluis.leave_key();
