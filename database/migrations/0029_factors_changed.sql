-- 0029: people are told when what they sign in with was changed, in their name too.
alter table kluis.security_notice
  drop constraint security_notice_kind_check,
  add constraint security_notice_kind_check check (kind in
    ('new-device', 'recovery-asked', 'recovery-to-agree', 'factors-reset', 'factors-changed', 'sessions-ended', 'key-orphaned', 'key-elsewhere'));
