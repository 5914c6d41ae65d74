-- 0014: notifications by mail. How somebody wants to hear, and up to when they were told. No address and no text: those
-- are made when a mail leaves, and a mail names no customer.
create table kluis.notification_mail (
  user_id uuid primary key references kluis.user_account on delete cascade,
  wish text not null default 'soon' check (wish in ('never', 'soon', 'daily')),
  told_until timestamptz not null default now()
);
insert into kluis.table_opt_out (table_name, what, reason) values
  ('kluis.notification_mail', 'ledger', 'a wish of one''s own and when the last mail left; what was told stays in the notifications');
