-- Who asks. The token comes in a transaction-local setting; only its hash is stored. Bodies are resolved
-- when they are created (BEGIN ATOMIC), so no search_path can bend them. Policies call them as
-- (select kluis.uid()): once a statement, not once a row. The fixed search_path keeps their plans: PostgreSQL plans
-- anew what is called under another path than before, and that costs more than the whole answer.

create or replace function kluis.uid() returns uuid
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select s.user_id
  from kluis_auth.session s
  join kluis.user_account u on u.id = s.user_id
  where s.token_hash = sha256(convert_to(current_setting('kluis.session', true), 'UTF8'))
    and s.revoked_at is null
    and s.expires_at > now()
    and s.last_seen_at > now() - make_interval(secs => s.idle_seconds)
    and u.status = 'active';
end;
alter function kluis.uid() owner to kluis_identity;

create or replace function kluis.session_id() returns uuid
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select s.id
  from kluis_auth.session s
  where s.token_hash = sha256(convert_to(current_setting('kluis.session', true), 'UTF8'))
    and s.revoked_at is null
    and s.expires_at > now()
    and s.last_seen_at > now() - make_interval(secs => s.idle_seconds);
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

-- Teams whose records the caller sees: none when the organisation shows records to their owner only.
create or replace function kluis.teams() returns uuid[]
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select coalesce(array_agg(m.team_id), '{}')
  from kluis.team_member m
  where m.user_id = kluis.uid()
    and exists (select from kluis.organisation o where o.visibility in ('team', 'everyone'));
end;
alter function kluis.teams() owner to kluis_identity;

create or replace function kluis.may(wanted text) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select exists (
    select from kluis.user_account u
    join kluis.role_permission p on p.role_id = u.role_id
    where u.id = kluis.uid() and p.permission = wanted);
end;
alter function kluis.may(text) owner to kluis_identity;

create or replace function kluis.sees_all() returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select kluis.uid() is not null
    and (exists (select from kluis.organisation o where o.visibility = 'everyone')
         or kluis.may('records:see-all'));
end;
alter function kluis.sees_all() owner to kluis_identity;

-- Everything the program needs to know of the caller, in one row; none when there is no session.
create or replace function kluis.who()
returns table (user_id uuid, session_id uuid, session_kind text, role_id text, language text, permissions text[], team_ids uuid[], sees_all boolean, visibility text, last_seen_at timestamptz)
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select u.id, s.id, s.kind, u.role_id, u.language,
    (select coalesce(array_agg(p.permission order by p.permission), '{}') from kluis.role_permission p where p.role_id = u.role_id),
    (select coalesce(array_agg(m.team_id), '{}') from kluis.team_member m where m.user_id = u.id),
    o.visibility = 'everyone' or kluis.may('records:see-all'),
    o.visibility,
    s.last_seen_at
  from kluis_auth.session s
  join kluis.user_account u on u.id = s.user_id
  cross join kluis.organisation o
  where s.token_hash = sha256(convert_to(current_setting('kluis.session', true), 'UTF8'))
    and s.revoked_at is null
    and s.expires_at > now()
    and s.last_seen_at > now() - make_interval(secs => s.idle_seconds)
    and u.status = 'active';
end;
alter function kluis.who() owner to kluis_identity;
