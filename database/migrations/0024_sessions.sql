-- 0024: how long a session lasts and with what one signs in, per role; lost factors that two restore; programs with keys of
-- their own; what is told about one's own account.

-- A role without a row has the limits that src/security/sign-in/role-rules.ts names.
create table kluis_auth.role_sign_in (
  id uuid primary key default gen_random_uuid(),
  role_id text not null unique references kluis.role on delete cascade,
  idle_minutes int not null check (idle_minutes between 5 and 480),
  absolute_minutes int not null check (absolute_minutes between 15 and 1440),
  asks text not null check (asks in ('two-factors', 'passkey', 'device-bound')),
  recovered_by int not null check (recovered_by in (1, 2)),
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check (idle_minutes <= absolute_minutes)
);

alter table kluis_auth.session
  drop constraint session_kind_check,
  add constraint session_kind_check check (kind in ('user', 'operator', 'indexer', 'program')),
  -- Part of the network address, under the key of the organisation: see docs/decisions.
  add column place_sealed kluis.sealed,
  add column place_seal_counter int not null default 0,
  -- Its owner's rights or factors changed: the next request gets another token.
  add column rotation_due boolean not null default false,
  add column replaced_at timestamptz,
  -- Only of a program: from where its key is taken.
  add column address_ranges cidr[],
  add constraint session_program_check check ((kind = 'program') = (address_ranges is not null));

create index session_of_programs on kluis_auth.session (user_id) where kind = 'program';

alter table kluis_auth.passkey
  -- Whether its maker may copy it to other devices (WebAuthn's flag BE); unknown until it is used again.
  add column may_sync boolean,
  add column transports text[] not null default '{}'
    check (transports <@ array['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']);
update kluis_auth.passkey set may_sync = true where is_synced;

-- A second half that somebody else tells: whoever holds the link alone gets nowhere.
alter table kluis_auth.invite add column code_hash bytea check (octet_length(code_hash) = 32);

create table kluis_auth.recovery (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references kluis.user_account,
  state text not null default 'asked' check (state in ('asked', 'agreed', 'stopped')),
  asked_by uuid not null references kluis.user_account,
  decided_by uuid references kluis.user_account,
  decided_at timestamptz,
  expires_at timestamptz not null,
  reason_sealed kluis.sealed not null,
  reason_seal_counter int not null default 1,
  invite_id uuid references kluis_auth.invite,
  code_sealed kluis.sealed,
  code_seal_counter int not null default 0,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (asked_by <> user_id),
  check ((state = 'asked') = (decided_by is null)),
  -- Two people, and neither of them the one it is about.
  check (state <> 'agreed' or (decided_by <> asked_by and decided_by <> user_id and invite_id is not null))
);
create unique index recovery_asked on kluis_auth.recovery (user_id) where state = 'asked';
create index recovery_of_user on kluis_auth.recovery (user_id, created_at desc);

-- A program is an account that nobody signs in to. Somebody answers for it.
alter table kluis.user_account
  add column kind text not null default 'person' check (kind in ('person', 'program')),
  add column responsible_id uuid references kluis.user_account,
  alter column email_token drop not null,
  add constraint user_account_program_check
    check (case kind when 'program' then email_token is null and responsible_id is not null else email_token is not null and responsible_id is null end);
create index user_account_responsible on kluis.user_account (responsible_id) where responsible_id is not null;

-- What concerns somebody's own account. No name, no address: who reads it looks it up in their own security page.
create table kluis.security_notice (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references kluis.user_account on delete cascade,
  kind text not null check (kind in
    ('new-device', 'recovery-asked', 'recovery-to-agree', 'factors-reset', 'sessions-ended', 'key-orphaned', 'key-elsewhere')),
  told_by uuid,
  told_at timestamptz not null default now(),
  read_at timestamptz,
  mailed_at timestamptz
);
create index security_notice_unread on kluis.security_notice (user_id, told_at desc) where read_at is null;
create index security_notice_unmailed on kluis.security_notice (told_at) where mailed_at is null;

insert into kluis.table_opt_out (table_name, what, reason) values
  ('kluis.security_notice', 'ledger', 'what it tells of is itself an event in the ledger');

insert into kluis.role_permission (role_id, permission) values ('administrator', 'api-keys:manage');
