-- 0008: what says who somebody is and what they may do is bound and compared like everything else.

-- A passkey says under a key of the keystore whose it is, so that nobody can plant one in the database.
-- One from before this lacks it and signs nobody in: its owner gets a new link (kluis users reset-factor).
alter table kluis_auth.passkey add column proof bytea check (octet_length(proof) = 16);

-- With an id and a version, the ledger compares their rows: a right or a seat in a team, given past it, shows.
alter table kluis.team_member
  add column id uuid not null default gen_random_uuid(),
  add column row_version int not null default 1,
  add column created_at timestamptz not null default now(),
  add column updated_at timestamptz not null default now();
alter table kluis.role_permission
  add column id uuid not null default gen_random_uuid(),
  add column row_version int not null default 1,
  add column created_at timestamptz not null default now(),
  add column updated_at timestamptz not null default now();
