-- What is asked of a record with its own columns, as person.photo_id: one statement reads both.

-- At most one, and nothing to whoever may not see files: row security decides here as everywhere. The record's own
-- before one that a merge brought; then the newest. Of many records listPhotos in src/crm/store.ts says the same.
create or replace function kluis.photo_id(one kluis.person) returns uuid
language sql stable parallel safe
as $$
  select f.id from kluis.file f
  where f.person_id = one.id and f.photo_of is not null and f.completed_at is not null and f.deleted_at is null
  order by f.photo_of = f.person_id desc, f.created_at desc, f.id
  limit 1
$$;
