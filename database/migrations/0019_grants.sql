-- 0019: what asks more than a session. A grant says that somebody proved again who they are, for one request.
create table kluis_auth.step_up (
  id uuid primary key,
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  session_id uuid not null references kluis_auth.session on delete cascade,
  user_id uuid not null references kluis.user_account,
  operation text not null,
  -- Of the address and everything sent to it, keyed: the same operation on something else is another request.
  request bytea not null check (octet_length(request) = 16),
  factor text not null check (factor in ('passkey', 'password+totp', 'password+recovery', 'operator-socket')),
  made_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '5 minutes' check (expires_at <= made_at + interval '5 minutes'),
  used_at timestamptz
);
create index step_up_session on kluis_auth.step_up (session_id);

insert into kluis.table_opt_out values
  ('kluis_auth.step_up', 'ledger', 'its making and its use are events in the ledger');
