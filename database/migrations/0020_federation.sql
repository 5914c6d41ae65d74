-- 0020: sign-in by the organisation's own provider (OpenID Connect), and colleagues it keeps here (SCIM 2.0).
-- What a provider may decide stands in its sealed settings, whole: whoever writes rows past the program changes none of it.
create table kluis_auth.identity_provider (
  id uuid primary key default gen_random_uuid(),
  profile_sealed kluis.sealed not null,
  profile_seal_counter int not null default 1,
  secret_sealed kluis.sealed not null,
  secret_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);

-- Who somebody is at a provider: issuer and subject as a keyed hash. The proof says under the same key whose it is here.
create table kluis_auth.federated_identity (
  id uuid primary key default gen_random_uuid(),
  provider_id uuid not null references kluis_auth.identity_provider on delete cascade,
  user_id uuid not null references kluis.user_account,
  subject_token bytea not null unique check (octet_length(subject_token) = 16),
  proof bytea not null check (octet_length(proof) = 16),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  unique (user_id, provider_id)
);

-- Bearer tokens of the provider's program that keeps colleagues here.
create table kluis_auth.scim_token (
  id uuid primary key default gen_random_uuid(),
  provider_id uuid not null references kluis_auth.identity_provider on delete cascade,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  created_by uuid,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  check (expires_at <= created_at + interval '366 days')
);
create index scim_token_of_provider on kluis_auth.scim_token (provider_id);

-- What the provider's program calls a colleague, given back to it as it was given.
create table kluis_auth.provisioned_user (
  id uuid primary key default gen_random_uuid(),
  provider_id uuid not null references kluis_auth.identity_provider on delete cascade,
  user_id uuid not null references kluis.user_account,
  user_name_token bytea not null check (octet_length(user_name_token) = 16),
  external_id_token bytea check (octet_length(external_id_token) = 16),
  profile_sealed kluis.sealed not null,
  profile_seal_counter int not null default 1,
  -- The version of the account as the provider shut it, which it may open again; what an administrator did since it may not.
  shut_version int,
  is_deleted boolean not null default false,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, user_id)
);
create index provisioned_user_name on kluis_auth.provisioned_user (provider_id, user_name_token);
create index provisioned_external_id on kluis_auth.provisioned_user (provider_id, external_id_token);

insert into kluis.table_opt_out values
  ('kluis_auth.federated_identity', 'ledger', 'its stamp moves at each sign-in, which is an event; linking and unlinking are events too'),
  ('kluis_auth.scim_token', 'ledger', 'its stamp moves with each use; making and revoking one are events');
