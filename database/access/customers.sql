-- Customers: a record is seen by its owner, by its team, or by everyone, as the organisation sets.
-- Writing needs the permission of the role too; the address asked it before, this is the second place. Owner, team
-- and the nil id, which stands for everything, are held against the caller's scope: one question a statement.
-- What was merged into another record is not there, for anybody (database/access/duplicates.sql has who undoes it).

grant select on kluis.person, kluis.company to kluis_identity;
create policy identity_reads on kluis.person for select to kluis_identity using (true);
create policy identity_reads on kluis.company for select to kluis_identity using (true);

grant select, insert, update, delete on kluis.person, kluis.company, kluis.affiliation, kluis.note, kluis.task to kluis_app;
grant select, insert on kluis.reveal to kluis_app;
grant select, insert, delete on kluis.person_lookup, kluis.company_lookup to kluis_app;

create policy seen on kluis.person for select to kluis_app
  using (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope()));
create policy made on kluis.person for insert to kluis_app
  with check (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')));
create policy changed on kluis.person for update to kluis_app
  using (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')))
  with check (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope()));
create policy removed on kluis.person for delete to kluis_app
  using (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:delete')));

create policy seen on kluis.company for select to kluis_app
  using (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope()));
create policy made on kluis.company for insert to kluis_app
  with check (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')));
create policy changed on kluis.company for update to kluis_app
  using (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')))
  with check (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope()));
create policy removed on kluis.company for delete to kluis_app
  using (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:delete')));

-- What hangs on a record needs the record to be visible: row security of the parent decides inside these. A scalar
-- subquery and not `exists`: that one PostgreSQL may answer by reading all parents into a hash table first.
create policy parent_seen on kluis.person_lookup for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id));
create policy parent_changed on kluis.person_lookup for insert to kluis_app
  with check ((select kluis.may('people:edit')) and (select true from kluis.person p where p.id = person_id));
create policy parent_removed on kluis.person_lookup for delete to kluis_app
  using ((select kluis.may('people:edit')) and (select true from kluis.person p where p.id = person_id));

-- A reason is given once and never changed.
create policy parent_seen on kluis.reveal for select to kluis_app
  using ((select kluis.may('openings:see')) and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));
create policy parent_revealed on kluis.reveal for insert to kluis_app
  with check ((select kluis.may('people:reveal')) and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));

create policy parent_seen on kluis.company_lookup for select to kluis_app
  using ((select true from kluis.company c where c.id = company_id));
create policy parent_changed on kluis.company_lookup for insert to kluis_app
  with check ((select kluis.may('companies:edit')) and (select true from kluis.company c where c.id = company_id));
create policy parent_removed on kluis.company_lookup for delete to kluis_app
  using ((select kluis.may('companies:edit')) and (select true from kluis.company c where c.id = company_id));

create policy both_seen on kluis.affiliation for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id)
     and (select true from kluis.company c where c.id = company_id));
create policy both_changed on kluis.affiliation for insert to kluis_app
  with check ((select kluis.may('people:edit'))
     and (select true from kluis.person p where p.id = person_id)
     and (select true from kluis.company c where c.id = company_id));
create policy both_updated on kluis.affiliation for update to kluis_app
  using ((select kluis.may('people:edit'))
     and (select true from kluis.person p where p.id = person_id)
     and (select true from kluis.company c where c.id = company_id))
  with check ((select true from kluis.person p where p.id = person_id)
     and (select true from kluis.company c where c.id = company_id));
create policy both_removed on kluis.affiliation for delete to kluis_app
  using ((select kluis.may('people:edit'))
     and (select true from kluis.person p where p.id = person_id)
     and (select true from kluis.company c where c.id = company_id));

create policy parent_seen on kluis.note for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id));
create policy parent_noted on kluis.note for insert to kluis_app
  with check ((select kluis.may('notes:edit'))
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));
create policy parent_changed on kluis.note for update to kluis_app
  using ((select kluis.may('notes:edit'))
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)))
  with check ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id));
create policy parent_removed on kluis.note for delete to kluis_app
  using ((select kluis.may('notes:edit'))
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));

create policy parent_seen on kluis.task for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id));
create policy parent_tasked on kluis.task for insert to kluis_app
  with check ((select kluis.may('tasks:edit'))
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));
create policy parent_changed on kluis.task for update to kluis_app
  using ((select kluis.may('tasks:edit'))
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)))
  with check ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id));
create policy parent_removed on kluis.task for delete to kluis_app
  using ((select kluis.may('tasks:edit'))
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));

-- The memory index is filled by the keeper's role, under the indexer's session, and by nothing else.
grant select on kluis.person, kluis.company, kluis.affiliation to kluis_keeper;
create policy indexed on kluis.person for select to kluis_keeper using (merged_into is null and (select kluis.is_indexer()));
create policy indexed on kluis.company for select to kluis_keeper using (merged_into is null and (select kluis.is_indexer()));
create policy indexed on kluis.affiliation for select to kluis_keeper using ((select kluis.is_indexer()));
-- Of what hangs on them it reads what filters ask, and opens as much: no earlier text of a note, no content of a file.
grant select (id, person_id, company_id, created_at, created_by, deleted_at, content_sealed, content_seal_counter) on kluis.note to kluis_keeper;
grant select (id, person_id, company_id, assignee_id, due_on, done_at, content_sealed, content_seal_counter) on kluis.task to kluis_keeper;
grant select (id, person_id, company_id, created_at, completed_at, deleted_at, photo_of, content_sealed, content_seal_counter) on kluis.file to kluis_keeper;
grant select (id, person_id, company_id, other_person_id, other_company_id, is_parent, content_sealed, content_seal_counter) on kluis.relation to kluis_keeper;
create policy indexed on kluis.file for select to kluis_keeper using ((select kluis.is_indexer()));
create policy indexed on kluis.relation for select to kluis_keeper using ((select kluis.is_indexer()));
create policy indexed on kluis.note for select to kluis_keeper using ((select kluis.is_indexer()));
create policy indexed on kluis.task for select to kluis_keeper using ((select kluis.is_indexer()));
