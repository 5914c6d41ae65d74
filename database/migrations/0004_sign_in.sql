-- 0004: how people prove who they are. Secrets are sealed under the organisation's key or hashed;
-- only kluis_sign_in reaches this schema.
create table kluis_auth.password (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null unique references kluis.user_account,
  hash_sealed kluis.sealed not null,
  hash_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table kluis_auth.totp (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null unique references kluis.user_account,
  secret_sealed kluis.sealed not null,
  secret_seal_counter int not null default 1,
  -- A code is good once: the step it was made for must rise.
  last_step bigint not null default 0,
  confirmed_at timestamptz,
  created_at timestamptz not null default now()
);

create table kluis_auth.passkey (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references kluis.user_account,
  credential_id bytea not null unique,
  public_key bytea not null,
  sign_count bigint not null default 0,
  name text not null default '' check (length(name) <= 80),
  is_synced boolean not null default false,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkey_of_user on kluis_auth.passkey (user_id);

create table kluis_auth.recovery_code (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references kluis.user_account,
  code_hash bytea not null check (octet_length(code_hash) = 32),
  used_at timestamptz,
  unique (user_id, code_hash)
);

create table kluis_auth.invite (
  id uuid primary key default gen_random_uuid(),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  user_id uuid references kluis.user_account,      -- null: the one-time set-up link
  created_at timestamptz not null default now(),
  created_by uuid,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- Why an administrator took someone's factors away; only sealed, since reasons name people.
  reason_sealed kluis.sealed,
  reason_seal_counter int not null default 0
);
create index invite_of_user on kluis_auth.invite (user_id) where user_id is not null;

-- Devices and networks from which someone signed in before, as hashes. Failures there are counted apart,
-- so that nobody elsewhere can keep the owner of an account out.
create table kluis_auth.known_place (
  user_id uuid not null references kluis.user_account,
  key bytea not null check (octet_length(key) = 16),
  last_used_at timestamptz not null default now(),
  primary key (user_id, key)
);

-- Attempts, by account, by network and by both; neither the address nor the account is readable.
create table kluis_auth.attempt (
  key bytea primary key check (octet_length(key) = 16),
  failures int not null default 0,
  last_failed_at timestamptz not null default now()
);

insert into kluis.table_opt_out values
  ('kluis_auth.known_place', 'ledger', 'a convenience of the rate limits; the sign-in itself is an event'),
  ('kluis_auth.attempt', 'ledger', 'counters; the moment someone is slowed down is an event'),
  ('kluis_auth.totp', 'ledger', 'its counter moves at each sign-in, which is an event; enrolment and reset are events too'),
  ('kluis_auth.passkey', 'ledger', 'its counter moves at each sign-in, which is an event; enrolment and reset are events too');
