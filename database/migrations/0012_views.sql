-- 0012: views and segments, own bookmarks, notifications, tasks that come back, and the order in which things happened.

-- A view is how somebody looks at a list; a segment is a filter with a name. Both may name customers, in their title and
-- in what they filter by, so all of it is sealed under the organisation's key. Whose it is stays readable.
create table kluis.saved_view (
  id uuid primary key default gen_random_uuid(),
  list text not null check (list in ('people', 'companies')),
  kind text not null check (kind in ('view', 'segment')),
  shared_with text not null default 'nobody' check (shared_with in ('nobody', 'team', 'everyone')),
  owner_id uuid not null references kluis.user_account,
  team_id uuid references kluis.team,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check ((shared_with = 'team') = (team_id is not null))
);
create index saved_view_owner on kluis.saved_view (owner_id);
create index saved_view_team on kluis.saved_view (team_id) where team_id is not null;
create index saved_view_everyone on kluis.saved_view (shared_with) where shared_with = 'everyone';

-- What a colleague of a role sees first. Only a view that everyone sees can be one.
create table kluis.default_view (
  role_id text not null references kluis.role,
  list text not null check (list in ('people', 'companies')),
  view_id uuid not null references kluis.saved_view on delete cascade,
  primary key (role_id, list)
);
create index default_view_view on kluis.default_view (view_id);

create table kluis.favourite (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references kluis.user_account,
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  created_at timestamptz not null default now(),
  check (num_nonnulls(person_id, company_id) = 1),
  unique (user_id, person_id),
  unique (user_id, company_id)
);
create index favourite_person on kluis.favourite (person_id);
create index favourite_company on kluis.favourite (company_id);

-- Tasks are told of too: that one was given to somebody, and that a reminder of one was read.
alter table kluis.notification
  drop constraint notification_kind_check,
  add column task_id uuid references kluis.task on delete cascade,
  add constraint notification_kind_check
    check (kind in ('mention', 'change', 'hand-over', 'assigned', 'reminder'));
create index notification_task on kluis.notification (task_id) where task_id is not null;

alter table kluis.task
  add column repeats text check (repeats in ('daily', 'weekly', 'monthly', 'yearly')),
  -- The day of the month it began with: from the 31st it goes to the 28th of February and back to the 31st.
  add column repeat_day int check (repeat_day between 1 and 31),
  add column remind_at timestamptz,
  -- The task that came after this one was done, so that undoing takes it back.
  add column next_id uuid;
create index task_reminder on kluis.task (assignee_id, remind_at) where remind_at is not null and done_at is null;

create index person_updated on kluis.person (updated_at desc, id);
create index company_updated on kluis.company (updated_at desc, id);
create index note_updated on kluis.note (updated_at desc, id);
create index task_updated on kluis.task (updated_at desc, id);
create index opening_dossier on kluis.opening (user_id, at desc) where kind = 'dossier';

insert into kluis.table_opt_out values
  ('kluis.favourite', 'ledger', 'a colleague''s own bookmark; it changes no record');

insert into kluis.role_permission values ('administrator', 'views:share'), ('manager', 'views:share');
