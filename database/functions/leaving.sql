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
-- Whoever does it does not come by customers they do not see, unless nobody else could give them those.
-- Each receiver is told once, of how many. Views that the leaver kept to themselves go with the last batch: nobody else ever
-- saw them, and each is a question, made again in a minute.
create or replace function kluis.hand_over_everything(whom uuid, receivers uuid[], wanted int) returns bigint
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  many int := coalesce(array_length(receivers, 1), 0);
  got uuid[] := '{}';
  remaining bigint;
begin
  if not kluis.may('users:manage') or many = 0 or whom = any (receivers) or whom = kluis.uid()
    or not exists (select from kluis.user_account u where u.id = whom)
    or exists (select from unnest(receivers) as one where not exists (
      select from kluis_auth.standing s where s.user_id = one and array['people:edit', 'companies:edit', 'tasks:edit'] <@ s.permissions)) then
    raise exception 'not to these colleagues' using errcode = '42501';
  end if;
  if kluis.uid() = any (receivers)
    and exists (select from kluis_auth.standing s where s.user_id <> kluis.uid() and 'users:manage' = any (s.permissions))
    and (exists (select from kluis.person p where p.owner_id = whom and p.merged_into is null
        and not coalesce(array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && kluis.scope('people:see'), false))
      or exists (select from kluis.company c where c.owner_id = whom and c.merged_into is null
        and not coalesce(array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && kluis.scope('companies:see'), false))) then
    raise exception 'nobody widens their own rights' using errcode = 'KL403';
  end if;
  perform pg_advisory_xact_lock(hashtext('kluis.hand_over_everything'));
  with next as (
    select p.id, row_number() over (order by p.id) as place from kluis.person p where p.owner_id = whom and p.merged_into is null order by p.id limit wanted)
  , given as (
    update kluis.person p set owner_id = receivers[1 + n.place % many], row_version = p.row_version + 1 from next n where n.id = p.id returning p.owner_id)
  select got || coalesce(array_agg(g.owner_id), '{}') into got from given g;
  with next as (
    select c.id, row_number() over (order by c.id) as place from kluis.company c where c.owner_id = whom and c.merged_into is null order by c.id limit wanted)
  , given as (
    update kluis.company c set owner_id = receivers[1 + n.place % many], row_version = c.row_version + 1 from next n where n.id = c.id returning c.owner_id)
  select got || coalesce(array_agg(g.owner_id), '{}') into got from given g;
  with next as (
    select t.id, row_number() over (order by t.id) as place,
      coalesce((select p.owner_id from kluis.person p where p.id = t.person_id), (select c.owner_id from kluis.company c where c.id = t.company_id)) as record_owner
    from kluis.task t where t.assignee_id = whom and t.done_at is null order by t.id limit wanted)
  , given as (
  update kluis.task t set row_version = t.row_version + 1,
    assignee_id = case when n.record_owner <> whom and exists (select from kluis_auth.standing s where s.user_id = n.record_owner and 'tasks:see' = any (s.permissions))
      then n.record_owner else receivers[1 + n.place % many] end
  from next n where n.id = t.id returning t.assignee_id)
  select got || coalesce(array_agg(g.assignee_id), '{}') into got from given g;
  -- One line of each leaver, however many batches it takes; the lock above lets one batch through at a time.
  with more as (
    select receiver, count(*) as many from unnest(got) as receiver where receiver <> kluis.uid() group by receiver
  ), again as (
    update kluis.notification n set handed_count = n.handed_count + m.many, told_at = now(), told_by = kluis.uid(), read_at = null
    from more m where n.leaver_id = whom and n.user_id = m.receiver returning n.user_id
  )
  insert into kluis.notification (user_id, kind, leaver_id, handed_count, told_by)
  select m.receiver, 'handed-over', whom, m.many, kluis.uid() from more m where m.receiver not in (select a.user_id from again a);
  update kluis.saved_view v set owner_id = receivers[1], row_version = v.row_version + 1 where v.owner_id = whom and v.shared_with <> 'nobody';
  delete from kluis.record_share r where r.user_id = whom;
  select l.people + l.companies + l.tasks into remaining from kluis.leaving(whom) l;
  if remaining = 0 then
    delete from kluis.saved_view v where v.owner_id = whom and v.shared_with = 'nobody';
  end if;
  return remaining;
end $$;
alter function kluis.hand_over_everything(uuid, uuid[], int) owner to kluis_identity;

-- What ends when somebody can not sign in any more, whoever shut them out and how: an administrator, a review of rights, the
-- organisation's directory, the operator. Keys of programs work on, and those who manage them are told: a business stops
-- for no leaver.
create or replace function kluis_auth.account_left() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid := kluis.uid();
begin
  update kluis_auth.session s set revoked_at = now() where s.user_id = new.id and s.revoked_at is null;
  update kluis_auth.invite i set used_at = now() where i.user_id = new.id and i.used_at is null;
  delete from kluis_auth.step_up g where g.user_id = new.id and g.used_at is null;
  with void as (
    update kluis.approval a set withdrawn_at = now(), row_version = a.row_version + 1
    where a.created_by = new.id and a.used_at is null and a.withdrawn_at is null and (a.decided_at is null or a.is_approved)
    returning a.id)
  update kluis.notification n set read_at = now() from void v where n.approval_id = v.id and n.kind = 'approval-asked' and n.read_at is null;
  perform kluis_auth.end_break_glass_of(b.id, now()) from kluis.break_glass b
  where b.user_id = new.id and b.ended_at is null and b.ends_at > now();
  if exists (select from kluis.user_account p where p.responsible_id = new.id and p.kind = 'program' and p.status = 'active') then
    insert into kluis.security_notice (user_id, kind, told_by)
    select s.user_id, 'key-orphaned', asking from kluis_auth.standing s
    where 'api-keys:manage' = any (s.permissions) and s.user_id <> new.id;
  end if;
  return null;
end $$;
alter function kluis_auth.account_left() owner to kluis_identity;
create or replace trigger y_left after update on kluis.user_account for each row
  when (old.status <> 'disabled' and new.status = 'disabled') execute function kluis_auth.account_left();
