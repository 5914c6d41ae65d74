-- What somebody who leaves has: to be seen before it is handed over.
create or replace function kluis.leaving(whom uuid)
returns table (people bigint, companies bigint, tasks bigint, views bigint, shares_had bigint, shares_made bigint)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select
    (select count(*) from kluis.person p where p.owner_id = whom and p.merged_into is null),
    (select count(*) from kluis.company c where c.owner_id = whom and c.merged_into is null),
    (select count(*) from kluis.task t where t.assignee_id = whom and t.done_at is null),
    (select count(*) from kluis.saved_view v where v.owner_id = whom and v.shared_with <> 'nobody'),
    (select count(*) from kluis.record_share r where r.user_id = whom and r.ends_at > now()),
    (select count(*) from kluis.record_share r where r.created_by = whom and r.ends_at > now())
  where kluis.may('users:manage') and exists (select from kluis.user_account u where u.id = whom);
end;
alter function kluis.leaving(uuid) owner to kluis_identity;

-- Gives the next of what somebody has to colleagues, in turn; gives how much is left. Records stay of their team; an open
-- task goes to who owns its record then. What was shared with the leaver ends; what they shared lasts as long as it was said.
create or replace function kluis.hand_over_everything(whom uuid, receivers uuid[], wanted int) returns bigint
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  many int := coalesce(array_length(receivers, 1), 0);
begin
  if not kluis.may('users:manage') or many = 0 or whom = any (receivers) or whom = kluis.uid()
    or not exists (select from kluis.user_account u where u.id = whom)
    or exists (select from unnest(receivers) as one where not exists (
      select from kluis_auth.standing s where s.user_id = one and array['people:edit', 'companies:edit', 'tasks:edit'] <@ s.permissions)) then
    raise exception 'not to these colleagues' using errcode = '42501';
  end if;
  perform pg_advisory_xact_lock(hashtext('kluis.hand_over_everything'));
  with next as (
    select p.id, row_number() over (order by p.id) as place from kluis.person p where p.owner_id = whom and p.merged_into is null order by p.id limit wanted)
  update kluis.person p set owner_id = receivers[1 + n.place % many], row_version = p.row_version + 1 from next n where n.id = p.id;
  with next as (
    select c.id, row_number() over (order by c.id) as place from kluis.company c where c.owner_id = whom and c.merged_into is null order by c.id limit wanted)
  update kluis.company c set owner_id = receivers[1 + n.place % many], row_version = c.row_version + 1 from next n where n.id = c.id;
  with next as (
    select t.id, row_number() over (order by t.id) as place,
      coalesce((select p.owner_id from kluis.person p where p.id = t.person_id), (select c.owner_id from kluis.company c where c.id = t.company_id)) as record_owner
    from kluis.task t where t.assignee_id = whom and t.done_at is null order by t.id limit wanted)
  update kluis.task t set row_version = t.row_version + 1,
    assignee_id = case when n.record_owner <> whom and exists (select from kluis_auth.standing s where s.user_id = n.record_owner and 'tasks:see' = any (s.permissions))
      then n.record_owner else receivers[1 + n.place % many] end
  from next n where n.id = t.id;
  update kluis.saved_view v set owner_id = receivers[1], row_version = v.row_version + 1 where v.owner_id = whom and v.shared_with <> 'nobody';
  delete from kluis.record_share r where r.user_id = whom;
  return (select l.people + l.companies + l.tasks from kluis.leaving(whom) l);
end $$;
alter function kluis.hand_over_everything(uuid, uuid[], int) owner to kluis_identity;
