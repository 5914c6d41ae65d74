-- 0026: one row for whom somebody saw, in whatever way, so that opening a dossier is one line written and not one for each way.
-- Whoever is counted was signed in a moment ago: no key to the account is looked up for each customer.
drop table kluis.budget_seen;
create table kluis.budget_seen (
  user_id uuid not null,
  subject_id uuid not null,
  listed_at timestamptz,
  opened_at timestamptz,
  revealed_at timestamptz,
  exported_at timestamptz,
  primary key (user_id, subject_id)
)
-- Who is listed is opened a moment later, in the same place.
with (fillfactor = 80);

-- What the operator of the machine opened in somebody's name: not of their budget, and told above it.
alter table kluis.budget_use add column by_operator int not null default 0;
alter table kluis.alarm drop constraint alarm_kind_check;
alter table kluis.alarm add constraint alarm_kind_check check (kind in ('hard-limit', 'canary-opened', 'canary-exported', 'by-operator', 'frozen-by-hand', 'let-go'));

-- What nobody decides stays few: whoever asks more than this first lets some of it be decided or takes it back.
create index approval_open_of on kluis.approval (created_by) where decided_at is null and withdrawn_at is null;
