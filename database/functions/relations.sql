-- Nobody stands above themselves: not at once, and not through companies the caller may not see. Whoever ties groups
-- waits for the other who does, so that two halves of a ring can't be made at the same time.
create or replace function kluis.refuse_ring() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  if not new.is_parent then return null; end if;
  perform pg_advisory_xact_lock(hashtext('kluis.relation ring'));
  if exists (
    with recursive above (id) as (
      select new.other_company_id
      union
      select r.other_company_id from above a join kluis.relation r on r.company_id = a.id and r.is_parent)
    select from above where id = new.company_id) then
    raise exception 'a company can not stand above itself' using errcode = 'KL422';
  end if;
  return null;
end $$;
alter function kluis.refuse_ring() owner to kluis_identity;

-- That a tie began or ended stands in the timeline of both. An import says so of its records, and a merge moves ties
-- without changing one. What is deleted with its record leaves nothing.
create or replace function kluis.tie_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  what text := case tg_op when 'INSERT' then 'tie-added' when 'DELETE' then 'tie-removed'
    else substring(current_setting('kluis.changed_fields', true) from '^tie-ended$') end;
  tie record;
  a_person uuid;
  a_company uuid;
  b_person uuid;
  b_company uuid;
begin
  if what is null or coalesce(current_setting('kluis.purpose', true), '') ~ 'import|merge' then return null; end if;
  if tg_op = 'DELETE' then tie := old; else tie := new; end if;
  a_person := tie.person_id;
  -- An affiliation ties a person to a company, a relation two of a kind.
  if tg_table_name = 'affiliation' then
    b_company := tie.company_id;
  else
    a_company := tie.company_id;
    b_person := tie.other_person_id;
    b_company := tie.other_company_id;
  end if;
  if (select count(*) from kluis.person p where p.id in (a_person, b_person)) <> num_nonnulls(a_person, b_person)
    or (select count(*) from kluis.company c where c.id in (a_company, b_company)) <> num_nonnulls(a_company, b_company) then
    return null;
  end if;
  insert into kluis.record_change (person_id, company_id, what, other_person_id, other_company_id, created_by)
  values (a_person, a_company, array[what], b_person, b_company, kluis.uid()),
    (b_person, b_company, array[what], a_person, a_company, kluis.uid());
  perform kluis.tell_followers(array[a_person], array[a_company], coalesce(b_person, b_company));
  perform kluis.tell_followers(array[b_person], array[b_company], coalesce(a_person, a_company));
  return null;
end $$;
alter function kluis.tie_changed() owner to kluis_identity;

do $$
declare
  source text;
begin
  create or replace trigger z_ring after insert or update on kluis.relation for each row execute function kluis.refuse_ring();
  foreach source in array array['affiliation', 'relation'] loop
    execute format('create or replace trigger y_tied after insert or update or delete on kluis.%I for each row execute function kluis.tie_changed()', source);
  end loop;
end $$;
