-- Who asks. The token comes in a transaction-local setting; only its hash is stored. Bodies are resolved
-- when they are created (BEGIN ATOMIC), so no search_path can bend them. Policies call them as
-- (select kluis.uid()): once a statement, not once a row. The fixed search_path keeps their plans: PostgreSQL plans
-- anew what is called under another path than before, and that costs more than the whole answer.

-- The live session behind the token: the one place that says when a session counts. What policies ask reads it once
-- and calls nothing else of ours, since every call of such a function costs as much as a small query.
create or replace view kluis_auth.caller with (security_invoker = true) as
select s.id as session_id, s.kind as session_kind, s.last_seen_at, u.id as user_id, u.role_id, u.language
from kluis_auth.session s
join kluis.user_account u on u.id = s.user_id
where s.token_hash = sha256(convert_to(current_setting('kluis.session', true), 'UTF8'))
  and s.revoked_at is null
  and s.expires_at > now()
  and s.last_seen_at > now() - make_interval(secs => s.idle_seconds)
  and u.status = 'active';

create or replace function kluis.uid() returns uuid
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select c.user_id from kluis_auth.caller c;
end;
alter function kluis.uid() owner to kluis_identity;

create or replace function kluis.session_id() returns uuid
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select c.session_id from kluis_auth.caller c;
end;
alter function kluis.session_id() owner to kluis_identity;

-- The indexer's session opens nothing as kluis_app: only policies of kluis_keeper ask this.
create or replace function kluis.is_indexer() returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select exists (
    select from kluis_auth.session s
    where s.token_hash = sha256(convert_to(current_setting('kluis.session', true), 'UTF8'))
      and s.kind = 'indexer'
      and s.revoked_at is null
      and s.expires_at > now());
end;
alter function kluis.is_indexer() owner to kluis_identity;

-- Whose records the caller sees, as one list to hold against a record's owner and team: the caller, their teams
-- unless the organisation shows records to their owner only, and the nil id where they see everything. With a
-- permission: none at all without it. Null without a session, so that nothing matches.
create or replace function kluis.scope(needs text default null) returns uuid[]
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select array[c.user_id]
    || (select coalesce(array_agg(m.team_id), '{}') from kluis.team_member m
        where m.user_id = c.user_id and o.visibility in ('team', 'everyone'))
    || case when o.visibility = 'everyone'
        or exists (select from kluis.role_permission p where p.role_id = c.role_id and p.permission = 'records:see-all')
        then array['00000000-0000-0000-0000-000000000000'::uuid] else '{}' end
  from kluis_auth.caller c
  cross join kluis.organisation o
  where needs is null
    or exists (select from kluis.role_permission p where p.role_id = c.role_id and p.permission = needs);
end;
alter function kluis.scope(text) owner to kluis_identity;

create or replace function kluis.may(wanted text) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select exists (
    select from kluis_auth.caller c
    join kluis.role_permission p on p.role_id = c.role_id
    where p.permission = wanted);
end;
alter function kluis.may(text) owner to kluis_identity;

-- Everything the program needs to know of the caller, in one row; none when there is no session.
create or replace function kluis.who()
returns table (user_id uuid, session_id uuid, session_kind text, role_id text, language text, permissions text[], team_ids uuid[], sees_all boolean, visibility text, last_seen_at timestamptz)
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select c.user_id, c.session_id, c.session_kind, c.role_id, c.language,
    (select coalesce(array_agg(p.permission order by p.permission), '{}') from kluis.role_permission p where p.role_id = c.role_id),
    (select coalesce(array_agg(m.team_id), '{}') from kluis.team_member m where m.user_id = c.user_id),
    '00000000-0000-0000-0000-000000000000' = any (kluis.scope()),
    o.visibility,
    c.last_seen_at
  from kluis_auth.caller c
  cross join kluis.organisation o;
end;
alter function kluis.who() owner to kluis_identity;
