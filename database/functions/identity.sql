-- Who asks. The token comes in a transaction-local setting; only its hash is stored. The fixed search_path keeps
-- anyone from bending the names, and keeps the plans: PL/pgSQL plans a question once a connection, where a body in
-- SQL is planned at each statement before PostgreSQL 18. Policies call them as (select kluis.uid()): once a
-- statement, not once a row.

-- What is left of somebody's permissions meanwhile: to see.
create or replace function kluis_auth.seeing_only(permissions text[]) returns text[]
language sql immutable parallel safe set search_path = pg_catalog
begin atomic
  select coalesce(array_agg(one order by one), '{}') from unnest(permissions) as one
  where one like '%:see' or one like '%:outline' or one in ('fields:contact', 'fields:content', 'break-glass:use');
end;
alter function kluis_auth.seeing_only(text[]) owner to kluis_identity;

-- The live session behind the token and what its owner may do: the one place that says when a session counts.
-- Only active colleagues have a standing. What policies ask reads this once and calls nothing else of ours.
create or replace view kluis_auth.caller with (security_invoker = true) as
select s.id as session_id, s.kind as session_kind, s.last_seen_at, s.user_id, t.role_id, t.language,
  -- While break-glass is open in this session (functions/break_glass.sql) its owner sees everything and changes nothing.
  case when b.id is null then t.permissions else kluis_auth.seeing_only(t.permissions) end as permissions,
  t.scope,
  case when b.id is null then t.reaches
    else array_fill(3::int2, array[cardinality(kluis_auth.seeing_only(t.permissions))]) end as reaches,
  b.id as break_glass_id
from kluis_auth.session s
join kluis_auth.standing t on t.user_id = s.user_id
left join kluis.break_glass b on b.session_id = s.id and b.user_id = s.user_id and b.ended_at is null and b.ends_at > now()
where s.token_hash = sha256(convert_to(current_setting('kluis.session', true), 'UTF8'))
  and s.revoked_at is null
  and s.expires_at > now()
  and s.last_seen_at > now() - make_interval(secs => s.idle_seconds);

create or replace function kluis.uid() returns uuid
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return (select c.user_id from kluis_auth.caller c);
end $$;
alter function kluis.uid() owner to kluis_identity;

create or replace function kluis.session_id() returns uuid
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return (select c.session_id from kluis_auth.caller c);
end $$;
alter function kluis.session_id() owner to kluis_identity;

-- The indexer's session opens nothing as kluis_app: only policies of kluis_keeper and kluis_rotation ask this.
create or replace function kluis.is_indexer() returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return exists (
    select from kluis_auth.session s
    where s.token_hash = sha256(convert_to(current_setting('kluis.session', true), 'UTF8'))
      and s.kind = 'indexer'
      and s.revoked_at is null
      and s.expires_at > now());
end $$;
alter function kluis.is_indexer() owner to kluis_identity;

-- Whose records a permission is for, as one list to hold against a record's owner and team: `scope` is the colleague, and
-- then the teams whose records they reach. The nil id stands for everything; null for a permission they have not. One rule
-- for the caller, for whoever is told of something, and for the rights viewer. PostgreSQL writes it into what asks.
create or replace function kluis_auth.scope_in(needs text, permissions text[], reaches int2[], scope uuid[]) returns uuid[]
language sql immutable parallel safe
return case reaches[array_position(permissions, needs)]
  when 1 then scope[1:1]
  when 2 then scope
  when 3 then scope || '00000000-0000-0000-0000-000000000000'::uuid
end;

-- The same for the caller. Null without a session or without the permission, so that nothing matches.
create or replace function kluis.scope(needs text default null) returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return (select kluis_auth.scope_in(needs, c.permissions, c.reaches, c.scope) from kluis_auth.caller c);
end $$;
alter function kluis.scope(text) owner to kluis_identity;

create or replace function kluis.may(wanted text) returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return coalesce((select wanted = any (c.permissions) from kluis_auth.caller c), false);
end $$;
alter function kluis.may(text) owner to kluis_identity;

-- Which records are shared with a colleague at this moment, themselves or through a team they reach, as far as a
-- permission goes: to see, or to edit too. A share widens whose records a permission is for; it gives no permission, and
-- never the right to remove, export, reveal or share a record.
create or replace function kluis_auth.shared_with(whom uuid, needs text) returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return (
    select array_agg(shared.subject)
    from kluis_auth.standing s
    cross join lateral (
      select coalesce(r.person_id, r.company_id) as subject, r.person_id, r.may_edit
      from kluis.record_share r where r.user_id = s.user_id and r.ends_at > now()
      union all
      select coalesce(r.person_id, r.company_id), r.person_id, r.may_edit
      from kluis.record_share r where r.team_id = any (s.scope) and r.ends_at > now()
    ) shared
    where s.user_id = whom and needs = any (s.permissions)
      and case split_part(needs, ':', 1) when 'people' then shared.person_id is not null when 'companies' then shared.person_id is null else true end
      and case
        when needs like '%:see' then true
        when needs in ('people:edit', 'companies:edit') or needs ~ '^(notes|tasks|files):(create|edit|delete)$' then shared.may_edit
        else false
      end);
end $$;
alter function kluis_auth.shared_with(uuid, text) owner to kluis_identity;

-- The same for the caller. Asked only for a record that is not in the caller's scope.
create or replace function kluis.shared(needs text) returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return (select kluis_auth.shared_with(c.user_id, needs) from kluis_auth.caller c);
end $$;
alter function kluis.shared(text) owner to kluis_identity;

-- Whether a colleague may do this with a record of this owner and team: for whoever tells colleagues of records, hands
-- records over to them, or shows what they see.
create or replace function kluis_auth.colleague_may(whom uuid, needs text, owner uuid, team uuid, subject uuid) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select exists (
    select from kluis_auth.standing s
    where s.user_id = whom
      and array[owner, team, '00000000-0000-0000-0000-000000000000'] && kluis_auth.scope_in(needs, s.permissions, s.reaches, s.scope))
  or coalesce(subject = any (kluis_auth.shared_with(whom, needs)), false);
end;
alter function kluis_auth.colleague_may(uuid, text, uuid, uuid, uuid) owner to kluis_identity;

-- Whether the session may be given confidential values. A merge moves what its caller may not read, by a role of its own.
create or replace function kluis.opens_confidential() returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return session_user = 'kluis_worker' or coalesce((select 'fields:confidential' = any (c.permissions) from kluis_auth.caller c), false);
end $$;
alter function kluis.opens_confidential() owner to kluis_identity;

-- Everything the program needs to know of the caller, in one row; none when there is no session. `reached` are the teams
-- whose records a right with the reach of a team is for: their own and those below.
create or replace function kluis.who()
returns table (user_id uuid, session_id uuid, session_kind text, role_id text, language text, permissions text[], reaches int2[],
  team_ids uuid[], reached uuid[], shared_people uuid[], shared_companies uuid[], last_seen_at timestamptz)
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select c.user_id, c.session_id, c.session_kind, c.role_id, c.language, c.permissions, c.reaches,
    (select coalesce(array_agg(m.team_id order by m.created_at, m.team_id), '{}') from kluis.team_member m where m.user_id = c.user_id),
    c.scope[2:],
    coalesce(kluis_auth.shared_with(c.user_id, 'people:see'), '{}'),
    coalesce(kluis_auth.shared_with(c.user_id, 'companies:see'), '{}'),
    c.last_seen_at
  from kluis_auth.caller c;
end;
alter function kluis.who() owner to kluis_identity;
