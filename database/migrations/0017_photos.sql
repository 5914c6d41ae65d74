-- 0017: photos of people. A photo is a file like any other, sealed in frames, that is marked as somebody's.

-- Whose photo it is. It says so of its own person alone: after a merge the photo of the record that was merged away is
-- a file of the kept one, and comes behind the kept one's own. No reference, so that a merge does not move it.
alter table kluis.file
  add column photo_of uuid,
  add column import_id uuid,
  add constraint file_photo_check check (photo_of is null or person_id is not null);
create index file_photo on kluis.file (person_id) where photo_of is not null;
create index file_import on kluis.file (import_id) where import_id is not null;
