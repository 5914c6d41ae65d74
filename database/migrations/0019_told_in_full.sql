-- 0019: what happened is told in full: confidential values, files, ties and merges; and a default view is one of everyone.

-- That a confidential value changed, told to the roles that see its field; the value itself is nowhere in it.
alter table kluis.record_change add column field_id uuid references kluis.field_definition;
create index record_change_field on kluis.record_change (field_id) where field_id is not null;

-- The feed, newest first. A tie stands in the timeline of both ends: the feed takes one of the two.
create index record_change_tied on kluis.record_change (created_at desc, id)
  where person_id is not null and other_company_id is not null or person_id < other_person_id or company_id < other_company_id;
create index merge_happened on kluis.merge (coalesce(undone_at, created_at) desc, id);
create index merge_undone on kluis.merge (merged_id) where undone_at is not null;
create index file_updated on kluis.file (updated_at desc, id) where completed_at is not null;

-- It has two arguments more.
drop function if exists kluis.tell_followers(uuid[], uuid[]);

-- Left by views that were taken back from everyone.
delete from kluis.default_view d using kluis.saved_view v where v.id = d.view_id and v.shared_with <> 'everyone';

-- Who left a company and came back, or has two jobs there, is tied to it more than once. When and as what is sealed, so
-- PostgreSQL counts the ties of a pair, and of two that are made at once takes one.
alter table kluis.affiliation
  drop constraint affiliation_person_id_company_id_key,
  add column stint int not null default 1 check (stint >= 1),
  add constraint affiliation_stint unique (person_id, company_id, stint);
