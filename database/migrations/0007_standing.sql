-- 0007: what each active colleague may do and whose records they see, worked out when it changes and not at each
-- question. Derived by kluis_auth.refresh_standing from accounts, teams, roles and the organisation's setting.
create table kluis_auth.standing (
  user_id uuid primary key references kluis.user_account on delete cascade,
  role_id text not null,
  language text not null,
  permissions text[] not null,
  -- The colleague, their teams, and the nil id where they see everything.
  scope uuid[] not null
);

insert into kluis.table_opt_out values
  ('kluis_auth.standing', 'ledger', 'derived from accounts, teams and roles, whose changes are in the ledger; check L18 compares');
