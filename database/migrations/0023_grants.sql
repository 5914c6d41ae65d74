-- 0023: what asks more than a session. A grant says that somebody proved again who they are, for one request.
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

-- What the organisation asks of itself: for which operations a second person must agree, and how long break-glass lasts.
create table kluis.safeguard (
  id uuid primary key default gen_random_uuid(),
  is_only boolean not null default true unique check (is_only),
  four_eyes text[] not null default '{}',
  break_glass_minutes int not null default 60 check (break_glass_minutes between 15 and 240),
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);
insert into kluis.safeguard default values;

-- A request that waits for somebody else. Why, what will be done and the request itself are sealed.
create table kluis.approval (
  id uuid primary key,
  operation text not null,
  request bytea not null check (octet_length(request) = 16),
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  expires_at timestamptz not null default now() + interval '3 days',
  decided_by uuid references kluis.user_account,
  decided_at timestamptz,
  is_approved boolean,
  -- Keyed, of this row and of who approved it: one that is written past the program approves nothing.
  proof bytea check (octet_length(proof) = 16),
  withdrawn_at timestamptz,
  used_at timestamptz,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid not null references kluis.user_account,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check (decided_by <> created_by),
  check (num_nonnulls(decided_by, decided_at, is_approved) in (0, 3)),
  check ((proof is not null) = coalesce(is_approved, false)),
  check (used_at is null or (is_approved and withdrawn_at is null)),
  check (expires_at <= created_at + interval '4 days')
);
create index approval_asked on kluis.approval (created_by, created_at desc);
create index approval_created on kluis.approval (created_at desc);
-- Of one request one waits at a time.
create unique index approval_open on kluis.approval (created_by, request)
  where decided_at is null and withdrawn_at is null;

-- Who gave whom their rights, and when last: a colleague one has just made does not agree to what one asks.
create table kluis_auth.rights_given (
  user_id uuid not null references kluis.user_account on delete cascade,
  given_by uuid not null references kluis.user_account on delete cascade,
  given_at timestamptz not null default now(),
  primary key (user_id, given_by)
);

-- Break-glass: a colleague sees everything for a while, changes nothing, and everybody who must know is told.
create table kluis.break_glass (
  id uuid primary key,
  user_id uuid not null references kluis.user_account,
  session_id uuid not null,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  opened_at timestamptz not null default now(),
  ends_at timestamptz not null check (ends_at <= opened_at + interval '4 hours'),
  ended_at timestamptz,
  reviewed_by uuid references kluis.user_account,
  reviewed_at timestamptz,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check (reviewed_by <> user_id),
  check ((reviewed_by is null) = (reviewed_at is null))
);
create index break_glass_live on kluis.break_glass (session_id) where ended_at is null;
create index break_glass_opened on kluis.break_glass (opened_at desc);
create index opening_session on kluis.opening (session_id, at) where session_id is not null;

-- Whatever kinds and subjects there were before: these beside them.
alter table kluis.notification
  add column approval_id uuid references kluis.approval on delete cascade,
  add column break_glass_id uuid references kluis.break_glass on delete cascade;
do $$
declare
  kinds text := (select pg_get_constraintdef(oid) from pg_constraint where conname = 'notification_kind_check');
  subjects text := (select pg_get_constraintdef(oid) from pg_constraint where conname = 'notification_check');
begin
  alter table kluis.notification drop constraint notification_kind_check, drop constraint notification_check;
  execute 'alter table kluis.notification add constraint notification_kind_check ' || replace(kinds, 'ARRAY[',
    'ARRAY[''approval-asked''::text, ''approval-approved''::text, ''approval-refused''::text, ''break-glass-opened''::text, ''break-glass-ended''::text, ');
  execute 'alter table kluis.notification add constraint notification_check '
    || replace(subjects, 'num_nonnulls(', 'num_nonnulls(approval_id, break_glass_id, ');
end $$;
alter table kluis.notification
  add constraint notification_approval_check check ((approval_id is not null) = (kind like 'approval-%')),
  add constraint notification_break_glass_check check ((break_glass_id is not null) = (kind like 'break-glass-%'));
create index notification_approval on kluis.notification (approval_id) where approval_id is not null;
create index notification_break_glass on kluis.notification (break_glass_id) where break_glass_id is not null;

insert into kluis.table_opt_out values
  ('kluis_auth.rights_given', 'ledger', 'derived from changes of accounts and roles, which are in the ledger');

insert into kluis.role_permission (role_id, permission)
select role_id, permission
from (values
  ('administrator', array['approvals:decide', 'break-glass:use', 'break-glass:review']),
  ('manager', array['approvals:decide', 'break-glass:use']),
  ('privacy-officer', array['approvals:decide', 'break-glass:review'])
) as granted(role_id, permissions), unnest(permissions) as permission;
