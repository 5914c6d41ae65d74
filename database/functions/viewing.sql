-- Who sees what, and why: answered by the rules that row security asks, kluis_auth.scope_in and kluis_auth.shared_with.

-- By which rule a colleague may do this with a record; null where they may not.
create or replace function kluis_auth.rule_of(whom uuid, needs text, owner uuid, team uuid, subject uuid) returns text
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select case
      when not kluis_auth.colleague_may(whom, needs, owner, team, subject) then null
      when owner = whom then 'owner'
      when array[team] && array_remove(kluis_auth.scope_in(needs, s.permissions, s.reaches, s.scope), whom) then 'team'
      when array['00000000-0000-0000-0000-000000000000'::uuid] && kluis_auth.scope_in(needs, s.permissions, s.reaches, s.scope) then 'organisation'
      else 'share'
    end
  from kluis_auth.standing s where s.user_id = whom;
end;
alter function kluis_auth.rule_of(uuid, text, uuid, uuid, uuid) owner to kluis_identity;

-- Whether the caller looks after this colleague's rights: of their teams or of all, as their role reaches; nobody who has
-- more of the administration than they; and not themselves, unless nobody else could.
create or replace function kluis_auth.may_review(whom uuid) returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return coalesce((
    select case c.reaches[array_position(c.permissions, 'rights:review')]
        when 3 then true
        when 2 then exists (select from kluis.team_member m where m.user_id = whom and m.team_id = any (c.scope))
        else false
      end
      and not exists (
        select from kluis_auth.standing s, unnest(s.permissions) as had
        where s.user_id = whom and had ~ '^(users|rights|organisation|approvals|break-glass|budgets|alarms|canaries|api-keys|keys|privacy|ledger):' and had <> all (c.permissions))
      and (whom <> c.user_id
        or not exists (select from kluis_auth.standing s where s.user_id <> whom and 'rights:review' = any (s.permissions)))
    from kluis_auth.caller c), false);
end $$;
alter function kluis_auth.may_review(uuid) owner to kluis_identity;

-- Whether the caller may look at what this colleague may do: their own rights, those they look after, or all.
create or replace function kluis_auth.may_look(whom uuid) returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return whom = kluis.uid() or kluis.may('rights:see') or kluis_auth.may_review(whom);
end $$;
alter function kluis_auth.may_look(uuid) owner to kluis_identity;

-- Each permission a colleague has now, its reach, and the last day they used it.
create or replace function kluis.rights_of(whom uuid)
returns table (permission text, reach int, last_on date)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select one.permission, one.reach::int, u.last_on
  from kluis_auth.standing s
  cross join lateral unnest(s.permissions, s.reaches) as one (permission, reach)
  left join kluis.right_use u on u.user_id = s.user_id and u.permission = one.permission
  where s.user_id = whom and (select kluis_auth.may_look(whom))
  order by one.permission;
end;
alter function kluis.rights_of(uuid) owner to kluis_identity;

-- The same for a role, whoever holds it.
create or replace function kluis.role_reach(role text)
returns table (permission text, reach int)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select r.permission, r.reach::int from kluis_auth.role_rights r
  where r.role_id = role and (select kluis.uid()) is not null
  order by r.permission;
end;
alter function kluis.role_reach(text) owner to kluis_identity;

-- The teams whose records a colleague reaches, each with the team of theirs it stands under.
create or replace function kluis.teams_of(whom uuid)
returns table (team_id uuid, through_id uuid)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select r.team_id, r.through_id from kluis_auth.reached_team r
  where r.user_id = whom and (select kluis_auth.may_look(whom))
  order by r.through_id, r.team_id;
end;
alter function kluis.teams_of(uuid) owner to kluis_identity;

-- What is shared with a colleague now, themselves or through a team they reach: which record, until when, by whom.
create or replace function kluis.shares_of(whom uuid)
returns table (id uuid, person_id uuid, company_id uuid, team_id uuid, may_edit boolean, ends_at timestamptz, shared_by uuid, shared_at timestamptz)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select r.id, r.person_id, r.company_id, r.team_id, r.may_edit, r.ends_at, r.created_by, r.created_at
  from kluis.record_share r
  where r.ends_at > now() and (select kluis_auth.may_look(whom))
    and (r.user_id = whom or r.team_id in (select t.team_id from kluis_auth.reached_team t where t.user_id = whom))
  order by r.ends_at
  limit 1000;
end;
alter function kluis.shares_of(uuid) owner to kluis_identity;

-- How many records a colleague sees, and by which rule; each counts once, by the first that holds.
create or replace function kluis.reach_of(whom uuid)
returns table (kind text, owned bigint, of_teams bigint, of_all bigint, shared bigint, may_edit bigint, is_outline boolean)
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
  s kluis_auth.standing;
  object text;
  seeing uuid[];
  editing uuid[];
  lent uuid[];
  lent_to_edit uuid[];
  has_outline boolean;
begin
  if not kluis_auth.may_look(whom) then return; end if;
  select t.* into s from kluis_auth.standing t where t.user_id = whom;
  if s.user_id is null then return; end if;
  foreach object in array array['people', 'companies'] loop
    has_outline := (object || ':outline') = any (s.permissions);
    seeing := kluis_auth.scope_in(object || case when has_outline then ':outline' else ':see' end, s.permissions, s.reaches, s.scope);
    editing := coalesce(kluis_auth.scope_in(object || ':edit', s.permissions, s.reaches, s.scope), '{}');
    lent := coalesce(kluis_auth.shared_with(whom, object || ':see'), '{}');
    lent_to_edit := coalesce(kluis_auth.shared_with(whom, object || ':edit'), '{}');
    return query execute format($q$
      select %2$L::text,
        count(*) filter (where r.owner_id = $1),
        count(*) filter (where r.owner_id <> $1 and r.team_id = any ($2)),
        count(*) filter (where r.owner_id <> $1 and not coalesce(r.team_id = any ($2), false) and '00000000-0000-0000-0000-000000000000' = any ($2)),
        count(*) filter (where not coalesce(array[r.owner_id, r.team_id, '00000000-0000-0000-0000-000000000000'] && $2, false)),
        count(*) filter (where array[r.owner_id, r.team_id, '00000000-0000-0000-0000-000000000000'] && $3 or r.id = any ($5)),
        $6
      from kluis.%1$I r
      where r.merged_into is null and r.deleted_at is null
        and (array[r.owner_id, r.team_id, '00000000-0000-0000-0000-000000000000'] && $2 or r.id = any ($4)) $q$,
      case object when 'people' then 'person' else 'company' end, case object when 'people' then 'person' else 'company' end)
      using whom, seeing, editing, lent, lent_to_edit, has_outline;
  end loop;
end $$;
alter function kluis.reach_of(uuid) owner to kluis_identity;

-- "Look as": the records a colleague sees, as readable columns; nothing sealed is given out, so nothing is opened.
create or replace function kluis.seen_as(whom uuid, kind text, after uuid, wanted int)
returns table (id uuid, stage text, owner_id uuid, team_id uuid, created_at timestamptz, rule text, may_edit boolean)
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
  object text := case kind when 'person' then 'people' else 'companies' end;
  s kluis_auth.standing;
  needs text;
  seeing uuid[];
  lent uuid[];
begin
  if not kluis.may('rights:see') then return; end if;
  select t.* into s from kluis_auth.standing t where t.user_id = whom;
  needs := object || case when (object || ':outline') = any (s.permissions) then ':outline' else ':see' end;
  seeing := kluis_auth.scope_in(needs, s.permissions, s.reaches, s.scope);
  lent := kluis_auth.shared_with(whom, object || ':see');
  return query execute format($q$
    select r.id, r.stage, r.owner_id, r.team_id, r.created_at, kluis_auth.rule_of($1, $2, r.owner_id, r.team_id, r.id),
      kluis_auth.colleague_may($1, $3, r.owner_id, r.team_id, r.id)
    from kluis.%1$I r
    where r.id > $4 and r.merged_into is null and r.deleted_at is null
      and (array[r.owner_id, r.team_id, '00000000-0000-0000-0000-000000000000'] && $6 or r.id = any ($7))
    order by r.id limit $5 $q$, case kind when 'person' then 'person' else 'company' end)
    using whom, needs, object || ':edit', after, least(wanted, 200), seeing, lent;
end $$;
alter function kluis.seen_as(uuid, text, uuid, int) owner to kluis_identity;

-- Which colleagues see a record, which may change it, and by which rule. For whoever sees the record themselves.
create or replace function kluis.who_sees(subject uuid)
returns table (user_id uuid, sees_by text, edits_by text, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog
begin atomic
  with record as (
    select p.id, p.owner_id, p.team_id, 'people' as object from kluis.person p where p.id = subject and (select kluis.can_see(subject))
    union all
    select c.id, c.owner_id, c.team_id, 'companies' from kluis.company c where c.id = subject and (select kluis.can_see(subject))
  )
  select s.user_id,
    kluis_auth.rule_of(s.user_id, r.object || ':see', r.owner_id, r.team_id, r.id),
    kluis_auth.rule_of(s.user_id, r.object || ':edit', r.owner_id, r.team_id, r.id),
    (select max(x.ends_at) from kluis.record_share x
      where (x.person_id = r.id or x.company_id = r.id) and x.ends_at > now() and (x.user_id = s.user_id or x.team_id = any (s.scope)))
  from record r cross join kluis_auth.standing s
  where kluis_auth.colleague_may(s.user_id, r.object || ':see', r.owner_id, r.team_id, r.id);
end;
alter function kluis.who_sees(uuid) owner to kluis_identity;

-- What somebody sees of records whose contact data they may not read: columns that are readable, newest first.
create or replace function kluis.outlines(kind text, before timestamptz, behind uuid, wanted int)
returns table (id uuid, stage text, owner_id uuid, team_id uuid, created_at timestamptz, updated_at timestamptz)
language plpgsql stable security definer set search_path = pg_catalog
as $$
declare
  seeing uuid[] := kluis.scope(case kind when 'person' then 'people:outline' else 'companies:outline' end);
begin
  return query execute format($q$
    select r.id, r.stage, r.owner_id, r.team_id, r.created_at, r.updated_at from kluis.%1$I r
    where r.merged_into is null and r.deleted_at is null and array[r.owner_id, r.team_id, '00000000-0000-0000-0000-000000000000'] && $1
      and ($2 is null or r.created_at < $2 or r.created_at = $2 and r.id > $3)
    order by r.created_at desc, r.id limit $4 $q$, case kind when 'person' then 'person' else 'company' end)
    using seeing, before, behind, least(wanted, 200);
end $$;
alter function kluis.outlines(text, timestamptz, uuid, int) owner to kluis_identity;

-- Whose rights the caller is to look at, and by when: three months after the last time. Only those that are overdue is
-- asked again and again, for the bell.
create or replace function kluis.reviews_due(is_overdue boolean)
returns table (user_id uuid, due_on date, reviewed_at timestamptz)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select u.id, (u.rights_reviewed_at + interval '3 months')::date, u.rights_reviewed_at
  from kluis.user_account u
  where u.status = 'active' and (select kluis.may('rights:review'))
    and (not is_overdue or (u.rights_reviewed_at + interval '3 months')::date < current_date) and kluis_auth.may_review(u.id)
  order by 2, 1;
end;
alter function kluis.reviews_due(boolean) owner to kluis_identity;

-- A look at somebody's rights is finished: what was taken away goes in the same transaction, and what became of it is
-- kept. A review takes away; a role it gives instead may nothing that the old one may not.
create or replace function kluis.review_rights(whom uuid, new_role text, teams_gone uuid[], shares_gone uuid[], is_leaving boolean) returns uuid
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  account kluis.user_account;
  kept uuid[];
  taken uuid[];
  ended int;
  made uuid;
begin
  select u.* into account from kluis.user_account u where u.id = whom and u.status = 'active' for update;
  if account.id is null or not kluis_auth.may_review(whom) or not exists (select from kluis.role r where r.id = new_role) then
    raise exception 'no such colleague' using errcode = '42501';
  end if;
  if new_role <> account.role_id and exists (
    select from kluis_auth.role_rights n where n.role_id = new_role
      and not exists (select from kluis_auth.role_rights o where o.role_id = account.role_id and o.permission = n.permission and o.reach >= n.reach)) then
    raise exception 'this role gives more' using errcode = 'KL403';
  end if;
  with gone as (delete from kluis.team_member m where m.user_id = whom and m.team_id = any (teams_gone) returning m.team_id)
  select coalesce(array_agg(g.team_id), '{}') into taken from gone g;
  select coalesce(array_agg(m.team_id), '{}') into kept from kluis.team_member m where m.user_id = whom and m.team_id <> all (taken);
  with gone as (delete from kluis.record_share r where r.user_id = whom and r.id = any (shares_gone) returning r.id)
  select count(*) into ended from gone;
  update kluis.user_account u
    set role_id = new_role, rights_reviewed_at = now(), row_version = u.row_version + 1, status = case when is_leaving then 'disabled' else u.status end
    where u.id = whom;
  insert into kluis.access_review (user_id, due_on, role_before, role_after, teams_kept, teams_removed, shares_kept, shares_removed, is_disabled)
  values (whom, (account.rights_reviewed_at + interval '3 months')::date, account.role_id, new_role, kept, taken,
    (select count(*) from kluis.record_share r where r.user_id = whom and r.ends_at > now()), ended, is_leaving)
  returning id into made;
  return made;
end $$;
alter function kluis.review_rights(uuid, text, uuid[], uuid[], boolean) owner to kluis_identity;

-- Permissions of roles that nobody who has the role used in 90 days: proposed to be taken away. What was given of late, and
-- what is watched for less long than that, is left alone.
create or replace function kluis.unused_rights() returns table (role_id text, permission text)
language sql stable security definer set search_path = pg_catalog
begin atomic
  select p.role_id, p.permission
  from kluis.role_permission p
  where (select kluis.uid()) is not null
    and p.created_at < now() - interval '90 days'
    and (select min(r.created_at) from kluis.role r) < now() - interval '90 days'
    and exists (select from kluis.user_account u where u.role_id = p.role_id and u.status = 'active' and u.created_at < now() - interval '90 days')
    and not exists (
      select from kluis.right_use x join kluis.user_account u on u.id = x.user_id and u.status = 'active'
      where u.role_id = p.role_id and x.permission = p.permission and x.last_on >= current_date - 90);
end;
alter function kluis.unused_rights() owner to kluis_identity;
