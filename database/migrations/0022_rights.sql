-- 0022: rights as data. A permission says how far it reaches, roles are made and edited by the organisation, teams stand
-- above teams, a record is shared until a day, and every colleague's rights are looked at each quarter.

-- What follows from a role is worked out anew at the end, under its new rules.
drop trigger if exists y_standing on kluis.role_permission;
drop trigger if exists y_standing on kluis.organisation;

alter table kluis.role
  -- What the organisation calls it; without one the program has a name in both languages.
  add column name text check (length(name) between 1 and 60),
  add column is_built_in boolean not null default false,
  add column row_version int not null default 1,
  add column created_at timestamptz not null default now(),
  add column created_by uuid,
  add column updated_at timestamptz not null default now(),
  add column updated_by uuid;
update kluis.role set is_built_in = true;

-- Whose records a permission is for: one's own, those of one's teams and the teams below, or all. One that is about no
-- record reaches the organisation.
alter table kluis.role_permission
  add column scope text not null default 'organisation' check (scope in ('own', 'team', 'organisation'));

-- Roles that could change could also make, and whoever may change notes, tasks and files may remove them.
insert into kluis.role_permission (role_id, permission)
select p.role_id, follows.permission
from kluis.role_permission p
join (values
  ('people:edit', 'people:create'), ('companies:edit', 'companies:create'), ('people:reveal', 'companies:reveal'),
  ('notes:edit', 'notes:create'), ('notes:edit', 'notes:delete'),
  ('tasks:edit', 'tasks:create'), ('tasks:edit', 'tasks:delete'),
  ('files:edit', 'files:create'), ('files:edit', 'files:delete'),
  -- Whoever may throw a customer away may share one.
  ('people:delete', 'people:share'), ('companies:delete', 'companies:share')
) as follows(from_permission, permission) on follows.from_permission = p.permission;
insert into kluis.role_permission (role_id, permission)
select r.id, class.permission from kluis.role r, (values ('fields:contact'), ('fields:confidential'), ('fields:content')) as class(permission);
insert into kluis.role_permission (role_id, permission, scope) values
  ('administrator', 'rights:manage', 'organisation'), ('administrator', 'rights:see', 'organisation'),
  ('administrator', 'rights:review', 'organisation'), ('manager', 'rights:review', 'team'),
  ('privacy-officer', 'rights:see', 'organisation');

-- The setting of the organisation becomes the reach of each right: everybody sees what they saw. A new installation is
-- asked at its set-up, and its privacy officer sees everything, as before.
update kluis.role_permission p
set row_version = p.row_version + 1, scope = case
    when exists (select from kluis.role_permission a where a.role_id = p.role_id and a.permission = 'records:see-all') then 'organisation'
    else case coalesce((select o.visibility from kluis.organisation o), 'team') when 'owner' then 'own' when 'everyone' then 'organisation' else 'team' end
  end
where p.permission ~ '^(people|companies|notes|tasks|files):';
delete from kluis.role_permission where permission = 'records:see-all';

alter table kluis.team add column parent_id uuid references kluis.team check (parent_id <> id);
create index team_parent on kluis.team (parent_id) where parent_id is not null;

-- A record given to see or to edit, until a moment, to a colleague or a team. It ends by itself: whoever asks looks at the clock.
create table kluis.record_share (
  id uuid primary key default gen_random_uuid(),
  person_id uuid references kluis.person on delete cascade,
  company_id uuid references kluis.company on delete cascade,
  user_id uuid references kluis.user_account,
  team_id uuid references kluis.team,
  may_edit boolean not null default false,
  ends_at timestamptz not null,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  check (num_nonnulls(person_id, company_id) = 1),
  check (num_nonnulls(user_id, team_id) = 1),
  check (ends_at > created_at and ends_at <= created_at + interval '366 days')
);
create index record_share_person on kluis.record_share (person_id) where person_id is not null;
create index record_share_company on kluis.record_share (company_id) where company_id is not null;
create index record_share_user on kluis.record_share (user_id, ends_at) where user_id is not null;
create index record_share_team on kluis.record_share (team_id, ends_at) where team_id is not null;
create index record_share_maker on kluis.record_share (created_by);

-- How far each permission reaches, in the order of `permissions`: 1 own, 2 team, 3 organisation.
alter table kluis_auth.standing add column reaches int2[] not null default '{}';

-- A look at what a colleague may do: who looked, when, and what became of it. Kept for good.
alter table kluis.user_account add column rights_reviewed_at timestamptz not null default now();
create table kluis.access_review (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references kluis.user_account,
  due_on date not null,
  -- No references: a review outlives a role.
  role_before text not null,
  role_after text not null,
  teams_kept uuid[] not null,
  teams_removed uuid[] not null,
  shares_kept int not null,
  shares_removed int not null,
  is_disabled boolean not null,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);
create index access_review_user on kluis.access_review (user_id, created_at desc);

-- The last day on which a colleague used a permission; of no customer, and no more than one row each.
create table kluis.right_use (
  user_id uuid not null references kluis.user_account on delete cascade,
  permission text not null,
  last_on date not null default current_date,
  primary key (user_id, permission)
);

-- A role that goes takes what it saw first along.
alter table kluis.default_view drop constraint default_view_role_id_fkey,
  add constraint default_view_role_id_fkey foreign key (role_id) references kluis.role on delete cascade;

-- One kind more, whatever kinds there are by now.
do $$
declare
  kinds text := (select pg_get_constraintdef(oid) from pg_constraint where conname = 'notification_kind_check');
begin
  alter table kluis.notification drop constraint notification_kind_check;
  execute 'alter table kluis.notification add constraint notification_kind_check ' || replace(kinds, 'ARRAY[', 'ARRAY[''shared''::text, ');
end $$;

insert into kluis.table_opt_out values
  ('kluis.right_use', 'ledger', 'which permissions a colleague used of late, by day');

-- What asked the organisation's setting is made anew by this release's functions.
alter table kluis.organisation drop column visibility cascade;
