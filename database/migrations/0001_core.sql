-- 0001: who works here. The organisation, its teams, roles and people who sign in, and their sessions.
do $$ begin
  if current_setting('server_version_num')::int < 150000 then
    raise exception 'PostgreSQL 15 or newer is needed; this is %', current_setting('server_version');
  end if;
  if current_setting('server_encoding') <> 'UTF8' then
    raise exception 'the database must be UTF8; this one is %', current_setting('server_encoding');
  end if;
end $$;

create schema kluis;
create schema kluis_auth;
create schema kluis_ledger;

-- Ciphertext as docs/formats/sealed-record.md describes it. Plaintext does not fit: it lacks the magic.
create domain kluis.sealed as bytea
  check (octet_length(value) >= 63 and substring(value from 1 for 3) = '\x4b5301'::bytea);

-- The visible way out of what every table gets (forced row security stays for all).
create table kluis.table_opt_out (
  table_name text not null,
  what text not null check (what in ('ledger', 'row-version')),
  reason text not null,
  primary key (table_name, what)
);

create table kluis.organisation (
  id uuid primary key,
  is_only boolean not null default true unique check (is_only),   -- one organisation per installation
  name_sealed kluis.sealed,
  name_seal_counter int not null default 0,
  visibility text not null default 'team' check (visibility in ('owner', 'team', 'everyone')),
  language text not null default 'nl' check (language in ('nl', 'en')),
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by uuid
);

create table kluis.team (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 80),
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by uuid
);

create table kluis.role (
  id text primary key
);

create table kluis.role_permission (
  role_id text not null references kluis.role,
  permission text not null,
  primary key (role_id, permission)
);

create table kluis.user_account (
  id uuid primary key default gen_random_uuid(),
  email_token bytea not null unique check (octet_length(email_token) = 16),
  profile_sealed kluis.sealed not null,
  profile_seal_counter int not null default 1,
  role_id text not null references kluis.role,
  language text not null default 'nl' check (language in ('nl', 'en')),
  status text not null default 'invited' check (status in ('invited', 'active', 'disabled')),
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);

create table kluis.team_member (
  team_id uuid not null references kluis.team,
  user_id uuid not null references kluis.user_account,
  primary key (user_id, team_id)
);

create table kluis_auth.session (
  id uuid primary key default gen_random_uuid(),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  user_id uuid references kluis.user_account,
  kind text not null check (kind in ('user', 'operator', 'indexer')),
  purpose text,
  factor text not null,
  user_agent text,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  idle_seconds int not null check (idle_seconds > 0),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  check ((kind = 'indexer') = (user_id is null))
);
create index session_of_user on kluis_auth.session (user_id);

-- One key per person and company: a number drawn here is a slot in the keystore and is never reused.
-- Slots 0 to 63 belong to the organisation itself.
create sequence kluis.key_slot minvalue 64 start 64 no cycle;

-- Client-made ids, per user: a foreign id can't be felt by trying to create it.
create table kluis.client_id (
  user_id uuid not null references kluis.user_account,
  client_id uuid not null,
  table_name text not null,
  row_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (user_id, client_id)
);

-- Who opened what, why. Written only by kluis.record_opening.
create table kluis.opening (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  user_id uuid,
  session_id uuid,
  purpose text not null,
  kind text not null check (kind in ('list', 'dossier', 'reveal', 'export')),
  table_name text not null,
  subject_ids uuid[] not null
);
create index opening_subjects on kluis.opening using gin (subject_ids);
create index opening_user on kluis.opening (user_id, at desc);

insert into kluis.table_opt_out values
  ('kluis.table_opt_out', 'ledger', 'definition, changed by migrations only'),
  ('kluis.opening', 'ledger', 'is itself a trace; reveal and export are also events in the ledger'),
  ('kluis.client_id', 'ledger', 'a lookup beside the record, whose change is in the ledger'),
  ('kluis_auth.session', 'ledger', 'sign-in and sign-out are events in the ledger; the stamp of last use is not');

insert into kluis.role values ('administrator'), ('manager'), ('sales'), ('support'), ('privacy-officer');

insert into kluis.role_permission
select role_id, permission
from (values
  ('administrator', array['people:see','people:edit','people:delete','people:export','people:reveal','companies:see','companies:edit','companies:delete','companies:export','notes:see','notes:edit','tasks:see','tasks:edit','imports:run','openings:see','users:manage','organisation:manage','ledger:see']),
  ('manager', array['people:see','people:edit','people:delete','people:export','people:reveal','companies:see','companies:edit','companies:delete','companies:export','notes:see','notes:edit','tasks:see','tasks:edit','imports:run','openings:see']),
  ('sales', array['people:see','people:edit','people:delete','people:reveal','companies:see','companies:edit','companies:delete','notes:see','notes:edit','tasks:see','tasks:edit','imports:run','openings:see']),
  ('support', array['people:see','people:edit','companies:see','companies:edit','notes:see','notes:edit','tasks:see','tasks:edit']),
  ('privacy-officer', array['people:see','people:export','people:reveal','companies:see','companies:export','notes:see','tasks:see','openings:see','records:see-all','ledger:see'])
) as granted(role_id, permissions), unnest(permissions) as permission;
