-- A colleague's standing: worked out anew for everybody whenever an account, a team or a role changes. That is rare and a
-- matter of milliseconds; the question is asked several times a statement.
--
-- What follows from a role: a right reaches no further than seeing does, so that nobody writes what they may not read.
-- Who makes records may also edit them. Notes, tasks and files are for whoever reads contents; revealing is for whoever
-- may have confidential values; and of people and companies, whoever may not read contact data has an outline alone.
create or replace view kluis_auth.role_rights with (security_invoker = true) as
with granted as (
  select p.role_id, p.permission, split_part(p.permission, ':', 1) as object, split_part(p.permission, ':', 2) as action,
    case p.scope when 'own' then 1 when 'team' then 2 else 3 end::int2 as reach
  from kluis.role_permission p
), limited as (
  select g.role_id, g.permission, g.object, g.action, least(g.reach, sees.reach, case when g.action = 'create' then edits.reach end) as reach
  from granted g
  left join granted sees on sees.role_id = g.role_id and sees.object = g.object and sees.action = 'see'
  left join granted edits on edits.role_id = g.role_id and edits.object = g.object and edits.action = 'edit'
  where g.object not in ('people', 'companies', 'notes', 'tasks', 'files')
    or (sees.reach is not null and (g.action <> 'create' or edits.reach is not null))
)
select l.role_id,
  case when l.object in ('people', 'companies') and class.has_contact is null then l.object || ':outline' else l.permission end as permission,
  l.reach
from limited l
left join lateral (select true as has_contact from kluis.role_permission p where p.role_id = l.role_id and p.permission = 'fields:contact') class on true
where case
    when l.object in ('people', 'companies') and class.has_contact is null then l.action = 'see'
    when l.object in ('people', 'companies') and l.action = 'reveal' then exists (select from granted c where c.role_id = l.role_id and c.permission = 'fields:confidential')
    when l.object in ('notes', 'tasks', 'files') then exists (select from granted c where c.role_id = l.role_id and c.permission = 'fields:content')
    else true
  end;

-- In a team, and above those below it: whoever is in a team reaches the records of all teams under it.
create or replace view kluis_auth.reached_team with (security_invoker = true) as
with recursive reached (user_id, team_id, through_id) as (
  select m.user_id, m.team_id, m.team_id from kluis.team_member m
  union
  select r.user_id, t.id, r.through_id from reached r join kluis.team t on t.parent_id = r.team_id
)
select user_id, team_id, through_id from reached;

-- Who is frozen may nothing and sees nobody, whatever their role.
create or replace view kluis_auth.standing_due with (security_invoker = true) as
select due.user_id, due.role_id, due.language,
  case when f.id is null then due.permissions else '{}' end as permissions,
  case when f.id is null then due.scope else '{}' end as scope,
  case when f.id is null then due.reaches else '{}' end as reaches
from (
select u.id as user_id, u.role_id, u.language,
  coalesce(rights.permissions, '{}') as permissions,
  array[u.id] || coalesce(teams.ids, '{}') as scope,
  coalesce(rights.reaches, '{}') as reaches
from kluis.user_account u
left join (
  select r.role_id, array_agg(r.permission order by r.permission) as permissions, array_agg(r.reach order by r.permission) as reaches
  from kluis_auth.role_rights r group by r.role_id
) rights on rights.role_id = u.role_id
left join (
  select one.user_id, array_agg(one.team_id order by one.team_id) as ids
  from (select distinct r.user_id, r.team_id from kluis_auth.reached_team r) one group by one.user_id
) teams on teams.user_id = u.id
where u.status = 'active'
) as due
left join kluis.freeze f on f.user_id = due.user_id and f.lifted_at is null;

create or replace function kluis_auth.refresh_standing() returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  -- One after the other: the second sees what the first committed, and neither writes back an older answer.
  perform pg_advisory_xact_lock(hashtext('kluis_auth.standing'));
  -- A token from before other rights is not to be one from after; a freeze is no change of rights.
  update kluis_auth.session x set rotation_due = true
    from kluis_auth.standing s join kluis_auth.standing_due d on d.user_id = s.user_id
    where x.user_id = s.user_id and x.kind = 'user' and x.revoked_at is null and x.replaced_at is null and not x.rotation_due
      and s.scope <> '{}' and d.scope <> '{}'
      and (s.role_id, s.permissions, s.scope, s.reaches) is distinct from (d.role_id, d.permissions, d.scope, d.reaches);
  delete from kluis_auth.standing s
    where not exists (select from kluis_auth.standing_due d where d.user_id = s.user_id);
  insert into kluis_auth.standing as s (user_id, role_id, language, permissions, scope, reaches)
    select d.user_id, d.role_id, d.language, d.permissions, d.scope, d.reaches from kluis_auth.standing_due d
    on conflict (user_id) do update
      set role_id = excluded.role_id, language = excluded.language, permissions = excluded.permissions, scope = excluded.scope, reaches = excluded.reaches
    where (s.role_id, s.language, s.permissions, s.scope, s.reaches)
      is distinct from (excluded.role_id, excluded.language, excluded.permissions, excluded.scope, excluded.reaches);
end $$;
alter function kluis_auth.refresh_standing() owner to kluis_identity;

-- Whether the second may anything that the first may not.
create or replace function kluis_auth.is_wider(was kluis_auth.standing, is_now kluis_auth.standing) returns boolean
language plpgsql immutable set search_path = pg_catalog
as $$
begin
  return exists (
      select from unnest(is_now.permissions, is_now.reaches) as now_may (permission, reach)
      where now_may.reach > coalesce(was.reaches[array_position(was.permissions, now_may.permission)], 0))
    or (2 = any (is_now.reaches) and not is_now.scope <@ was.scope);
end $$;

-- Nobody widens their own rights, by whatever they change: role, permissions of a role, a seat in a team, a team under
-- their own. Only who alone could do it for them may: rights where nobody else manages those, a seat where nobody else
-- manages colleagues. And somebody who manages colleagues and
-- rights is always left.
create or replace function kluis_auth.standing_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid := kluis.uid();
  was kluis_auth.standing;
  is_now kluis_auth.standing;
begin
  select s.* into was from kluis_auth.standing s where s.user_id = asking;
  perform kluis_auth.refresh_standing();
  -- Freezing and lifting have rules of their own, and a freeze must hold whoever it is.
  if asking is null or tg_table_name = 'freeze' then return null; end if;
  if not exists (select from kluis_auth.standing s where array['users:manage', 'rights:manage'] <@ s.permissions) then
    raise exception 'nobody would be left who manages colleagues and their rights' using errcode = 'KL423';
  end if;
  select s.* into is_now from kluis_auth.standing s where s.user_id = asking;
  if kluis_auth.is_wider(was, is_now)
    -- A team that was just made has nobody's records.
    and not (tg_table_name = 'team' and tg_op = 'INSERT')
    and exists (select from kluis_auth.standing s where s.user_id <> asking
      and case tg_table_name when 'role_permission' then 'rights:manage' else 'users:manage' end = any (s.permissions)) then
    raise exception 'nobody widens their own rights' using errcode = 'KL403';
  end if;
  return null;
end $$;
alter function kluis_auth.standing_changed() owner to kluis_identity;

do $$
declare
  source regclass;
begin
  foreach source in array array['kluis.user_account', 'kluis.team', 'kluis.team_member', 'kluis.role_permission', 'kluis.freeze']::regclass[] loop
    execute format('create or replace trigger y_standing after insert or update or delete or truncate on %s for each statement execute function kluis_auth.standing_changed()', source);
  end loop;
end $$;

-- No team stands above itself. Whoever moves a team waits for the other who does.
create or replace function kluis.refuse_team_ring() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  if new.parent_id is null then return null; end if;
  perform pg_advisory_xact_lock(hashtext('kluis.team ring'));
  if exists (
    with recursive above (id) as (
      select new.parent_id
      union
      select t.parent_id from above a join kluis.team t on t.id = a.id where t.parent_id is not null)
    select from above where id = new.id) then
    raise exception 'a team can not stand above itself' using errcode = 'KL424';
  end if;
  return null;
end $$;
alter function kluis.refuse_team_ring() owner to kluis_identity;
create or replace trigger x_ring after insert or update on kluis.team for each row execute function kluis.refuse_team_ring();

-- Nobody gives more of the administration than they have themselves, to a colleague or to a role.
create or replace function kluis.guard_administration() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  given text[];
begin
  -- At the set-up, and by the operator on the host, there is no session.
  if kluis.uid() is null then return new; end if;
  if tg_table_name = 'role_permission' then
    given := array[new.permission];
  elsif tg_op = 'UPDATE' and new.role_id = old.role_id then
    return new;
  else
    select array_agg(p.permission) into given from kluis.role_permission p where p.role_id = new.role_id;
  end if;
  if exists (
    select from unnest(given) as one
    where one ~ '^(users|rights|organisation|approvals|break-glass|budgets|alarms|canaries|api-keys|keys|privacy|ledger):' and not kluis.may(one)) then
    raise exception 'nobody gives more of the administration than they have' using errcode = 'KL403';
  end if;
  return new;
end $$;
alter function kluis.guard_administration() owner to kluis_identity;
create or replace trigger d_administration before insert or update on kluis.role_permission for each row execute function kluis.guard_administration();
create or replace trigger d_administration before insert or update on kluis.user_account for each row execute function kluis.guard_administration();

-- What the set-up asks: whose records colleagues see. Written as the reach of each right, before anybody has any.
create or replace function kluis.set_up_scopes(wanted text) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  if exists (select from kluis.user_account) then
    raise exception 'there are colleagues already' using errcode = '42501';
  end if;
  update kluis.role_permission p set scope = wanted, row_version = p.row_version + 1
  where p.permission ~ '^(people|companies|notes|tasks|files):' and p.scope = 'team' and p.scope <> wanted;
end $$;
alter function kluis.set_up_scopes(text) owner to kluis_identity;
