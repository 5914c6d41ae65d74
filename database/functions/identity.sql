-- Who asks. The token comes in a transaction-local setting; only its hash is stored. The fixed search_path keeps
-- anyone from bending the names, and keeps the plans: PL/pgSQL plans a question once a connection, where a body in
-- SQL is planned at each statement before PostgreSQL 18. Policies call them as (select kluis.uid()): once a
-- statement, not once a row.

-- What is left of somebody's permissions meanwhile: to see.
create or replace function kluis_auth.seeing_only(permissions text[]) returns text[]
language sql immutable parallel safe set search_path = pg_catalog
begin atomic
  select coalesce(array_agg(one order by one), '{}') from unnest(permissions) as one
  where one like '%:see' or one in ('records:see-all', 'break-glass:use');
end;
alter function kluis_auth.seeing_only(text[]) owner to kluis_identity;

-- The live session behind the token and what its owner may do: the one place that says when a session counts.
-- Only active colleagues have a standing. What policies ask reads this once and calls nothing else of ours.
create or replace view kluis_auth.caller with (security_invoker = true) as
select s.id as session_id, s.kind as session_kind, s.last_seen_at, s.user_id, t.role_id, t.language,
  -- While break-glass is open in this session (functions/break_glass.sql): everything is seen, and nothing is changed.
  case when b.id is null then t.permissions else kluis_auth.seeing_only(t.permissions) end as permissions,
  -- Who is frozen has none, and break-glass gives none.
  case when b.id is null or t.scope = '{}' then t.scope else t.scope || '00000000-0000-0000-0000-000000000000'::uuid end as scope,
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

-- The indexer's session opens nothing as kluis_app: only policies of kluis_keeper ask this.
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

-- Whose records the caller sees, as one list to hold against a record's owner and team: the caller, their teams
-- unless the organisation shows records to their owner only, and the nil id where they see everything. With a
-- permission: none at all without it. Null without a session, so that nothing matches.
create or replace function kluis.scope(needs text default null) returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return (select c.scope from kluis_auth.caller c where needs is null or needs = any (c.permissions));
end $$;
alter function kluis.scope(text) owner to kluis_identity;

create or replace function kluis.may(wanted text) returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return coalesce((select wanted = any (c.permissions) from kluis_auth.caller c), false);
end $$;
alter function kluis.may(text) owner to kluis_identity;

-- Everything the program needs to know of the caller, in one row; none when there is no session.
create or replace function kluis.who()
returns table (user_id uuid, session_id uuid, session_kind text, role_id text, language text, permissions text[], team_ids uuid[], sees_all boolean, visibility text, last_seen_at timestamptz)
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select c.user_id, c.session_id, c.session_kind, c.role_id, c.language, c.permissions,
    (select coalesce(array_agg(m.team_id), '{}') from kluis.team_member m where m.user_id = c.user_id),
    '00000000-0000-0000-0000-000000000000' = any (c.scope),
    o.visibility,
    c.last_seen_at
  from kluis_auth.caller c
  cross join kluis.organisation o;
end;
alter function kluis.who() owner to kluis_identity;
