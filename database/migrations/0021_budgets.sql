-- 0021: how many customers somebody may learn of, by day and by hour, and who is frozen. Counted in PostgreSQL, in the
-- statement that reads the sealed rows.
create table kluis.budget (
  id uuid primary key default gen_random_uuid(),
  role_id text not null references kluis.role on delete cascade,
  kind text not null check (kind in ('listed', 'opened', 'revealed', 'exported')),
  hour_soft int not null,
  hour_hard int not null,
  day_soft int not null,
  day_hard int not null,
  -- Whoever of this role opens a canary is frozen at once, and not only told of. Asked of `opened` alone.
  freezes_on_canary boolean not null default false,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  unique (role_id, kind),
  check (hour_soft between 0 and hour_hard and day_soft between 0 and day_hard and day_hard <= 10000000
    and hour_soft <= day_soft and hour_hard <= day_hard)
);

insert into kluis.budget (role_id, kind, hour_soft, hour_hard, day_soft, day_hard)
select role_id, kind, hour_soft, hour_hard, day_soft, day_hard
from (values
  ('administrator',   'listed', 3000, 5000, 5000, 8000),  ('administrator',   'opened', 150, 300, 400, 800),
  ('administrator',   'revealed', 20, 60, 60, 150),       ('administrator',   'exported', 20000, 1000000, 50000, 2000000),
  ('manager',         'listed', 3000, 5000, 5000, 8000),  ('manager',         'opened', 150, 300, 400, 800),
  ('manager',         'revealed', 20, 60, 60, 150),       ('manager',         'exported', 20000, 1000000, 50000, 2000000),
  ('sales',           'listed', 2500, 4000, 4000, 6000),  ('sales',           'opened', 100, 200, 250, 500),
  ('sales',           'revealed', 15, 40, 40, 80),        ('sales',           'exported', 200, 500, 500, 1000),
  ('support',         'listed', 2500, 4000, 4000, 6000),  ('support',         'opened', 120, 250, 400, 700),
  ('support',         'revealed', 15, 40, 40, 80),        ('support',         'exported', 200, 500, 500, 1000),
  ('privacy-officer', 'listed', 3000, 5000, 5000, 8000),  ('privacy-officer', 'opened', 100, 200, 250, 500),
  ('privacy-officer', 'revealed', 15, 40, 40, 80),        ('privacy-officer', 'exported', 20000, 1000000, 50000, 2000000)
) as given (role_id, kind, hour_soft, hour_hard, day_soft, day_hard);

-- Which customers somebody was counted for; whoever looks at the same one again within the day is not counted twice.
create table kluis.budget_seen (
  user_id uuid not null references kluis.user_account on delete cascade,
  kind text not null check (kind in ('listed', 'opened', 'revealed', 'exported')),
  subject_id uuid not null,
  counted_at timestamptz not null default now(),
  primary key (user_id, kind, subject_id)
);

-- The same as numbers by the quarter of an hour, without customers: what limits are held against and habits are read from.
create table kluis.budget_use (
  user_id uuid not null references kluis.user_account on delete cascade,
  kind text not null check (kind in ('listed', 'opened', 'revealed', 'exported')),
  quarter timestamptz not null,
  counted int not null default 0,
  -- Asked for and not given, because the soft limit was reached.
  refused int not null default 0,
  -- Of `counted` what a colleague who lifted a freeze let go.
  forgiven int not null default 0,
  primary key (user_id, kind, quarter)
);

-- A session that stepped up may go on from the soft limit to the hard one.
create table kluis.budget_raise (
  session_id uuid primary key references kluis_auth.session on delete cascade,
  until timestamptz not null
);

-- Who is frozen sees no customer, in any session, until somebody else lifts it.
create table kluis.freeze (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references kluis.user_account on delete cascade,
  why text not null check (why in ('budget', 'canary', 'by-hand')),
  lifted_at timestamptz,
  content_sealed kluis.sealed,
  content_seal_counter int not null default 0,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);
create unique index freeze_of_user on kluis.freeze (user_id) where lifted_at is null;
create index freeze_newest on kluis.freeze (created_at desc);

-- What somebody must look at: a limit that was reached, a canary that was opened or exported.
create table kluis.alarm (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('hard-limit', 'canary-opened', 'canary-exported')),
  user_id uuid not null references kluis.user_account on delete cascade,
  budget_kind text check (budget_kind in ('listed', 'opened', 'revealed', 'exported')),
  opening_id bigint references kluis.opening,
  freeze_id uuid references kluis.freeze,
  reviewed_at timestamptz,
  outcome text check (outcome in ('rightful', 'mistake', 'misuse', 'test')),
  content_sealed kluis.sealed,
  content_seal_counter int not null default 0,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check ((reviewed_at is null) = (outcome is null))
);
create index alarm_newest on kluis.alarm (created_at desc, id desc);
create index alarm_open on kluis.alarm (created_at) where reviewed_at is null;
create index alarm_of_user on kluis.alarm (user_id, created_at desc);

-- One kind more, whatever kinds there are by now.
alter table kluis.notification
  add column alarm_id uuid references kluis.alarm on delete cascade,
  add column mailed_at timestamptz;
do $$
declare
  kinds text := (select pg_get_constraintdef(oid) from pg_constraint where conname = 'notification_kind_check');
  subjects text := (select pg_get_constraintdef(oid) from pg_constraint where conname = 'notification_check');
begin
  alter table kluis.notification drop constraint notification_kind_check, drop constraint notification_check;
  execute 'alter table kluis.notification add constraint notification_kind_check ' || replace(kinds, 'ARRAY[', 'ARRAY[''alarm''::text, ');
  execute 'alter table kluis.notification add constraint notification_check ' || replace(subjects, 'num_nonnulls(', 'num_nonnulls(alarm_id, ');
end $$;
alter table kluis.notification add constraint notification_alarm_check check ((alarm_id is not null) = (kind = 'alarm'));
create index notification_alarm on kluis.notification (alarm_id) where alarm_id is not null;
create index notification_alarm_mail on kluis.notification (told_at) where kind = 'alarm' and mailed_at is null;

insert into kluis.table_opt_out values
  ('kluis.budget_seen', 'ledger', 'is itself a trace, kept for a day'),
  ('kluis.budget_use', 'ledger', 'is itself a trace: numbers of openings'),
  ('kluis.budget_raise', 'ledger', 'the step-up behind it is an event in the ledger');

insert into kluis.role_permission
select role_id, permission
from (values
  ('administrator', array['budgets:manage', 'alarms:see', 'canaries:manage']),
  ('manager', array['budgets:manage', 'alarms:see']),
  ('privacy-officer', array['alarms:see'])
) as granted(role_id, permissions), unnest(permissions) as permission;
