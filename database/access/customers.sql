-- Customers: whose records a colleague sees, changes or removes is what their role says, with its reach: their own, those of
-- their teams and the teams below, or all; and what is shared with them until a moment. The address asked it before, this is
-- the second place. Owner, team and the nil id, which stands for everything, are held against the scope of the permission:
-- one question a statement. What is shared is asked only for a record that is in no scope.
-- What was merged into another record is not there, for anybody (database/access/duplicates.sql has who undoes it).

grant select on kluis.person, kluis.company to kluis_identity;
create policy identity_reads on kluis.person for select to kluis_identity using (true);
create policy identity_reads on kluis.company for select to kluis_identity using (true);

grant select, insert, update, delete on kluis.person, kluis.company, kluis.affiliation, kluis.note, kluis.task to kluis_app;
grant select, insert on kluis.reveal to kluis_app;
grant select, insert, delete on kluis.person_lookup, kluis.company_lookup to kluis_app;

create policy seen on kluis.person for select to kluis_app
  using (merged_into is null and (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:see')) or id = any ((select kluis.shared('people:see'))::uuid[])));
create policy made on kluis.person for insert to kluis_app
  with check (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:create'))
    and (confidential_sealed is null or (select kluis.may('fields:confidential'))));
create policy changed on kluis.person for update to kluis_app
  using (merged_into is null and (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or id = any ((select kluis.shared('people:edit'))::uuid[])))
  with check (merged_into is null and (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:see')) or id = any ((select kluis.shared('people:see'))::uuid[])));
create policy removed on kluis.person for delete to kluis_app
  using (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:delete')));

create policy seen on kluis.company for select to kluis_app
  using (merged_into is null and (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:see')) or id = any ((select kluis.shared('companies:see'))::uuid[])));
create policy made on kluis.company for insert to kluis_app
  with check (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:create'))
    and (confidential_sealed is null or (select kluis.may('fields:confidential'))));
create policy changed on kluis.company for update to kluis_app
  using (merged_into is null and (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')) or id = any ((select kluis.shared('companies:edit'))::uuid[])))
  with check (merged_into is null and (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:see')) or id = any ((select kluis.shared('companies:see'))::uuid[])));
create policy removed on kluis.company for delete to kluis_app
  using (merged_into is null and array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:delete')));

-- What hangs on a record needs the record to be visible: row security of the parent decides inside these. A scalar
-- subquery and not `exists`: that one PostgreSQL may answer by reading all parents into a hash table first.
create policy parent_seen on kluis.person_lookup for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id));
create policy parent_changed on kluis.person_lookup for insert to kluis_app
  with check ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))));
create policy parent_removed on kluis.person_lookup for delete to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))));

-- A reason is given once and never changed.
create policy parent_seen on kluis.reveal for select to kluis_app
  using ((select kluis.may('openings:see')) and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));
create policy parent_revealed on kluis.reveal for insert to kluis_app
  with check ((select true from kluis.person p where p.id = person_id and array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:reveal')))
      or (select true from kluis.company c where c.id = company_id and array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:reveal'))));

create policy parent_seen on kluis.company_lookup for select to kluis_app
  using ((select true from kluis.company c where c.id = company_id));
create policy parent_changed on kluis.company_lookup for insert to kluis_app
  with check ((select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')) or c.id = any ((select kluis.shared('companies:edit'))::uuid[]))));
create policy parent_removed on kluis.company_lookup for delete to kluis_app
  using ((select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')) or c.id = any ((select kluis.shared('companies:edit'))::uuid[]))));

create policy both_seen on kluis.affiliation for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id)
     and (select true from kluis.company c where c.id = company_id));
create policy both_changed on kluis.affiliation for insert to kluis_app
  with check ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[])))
     and (select true from kluis.company c where c.id = company_id));
create policy both_updated on kluis.affiliation for update to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[])))
     and (select true from kluis.company c where c.id = company_id))
  with check ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[])))
     and (select true from kluis.company c where c.id = company_id));
create policy both_removed on kluis.affiliation for delete to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[])))
     and (select true from kluis.company c where c.id = company_id));

create policy parent_seen on kluis.note for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:see')) or p.id = any ((select kluis.shared('notes:see'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:see')) or c.id = any ((select kluis.shared('notes:see'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = note.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:see')) or p.id = any ((select kluis.shared('notes:see'))::uuid[]))) limit 1));
create policy parent_noted on kluis.note for insert to kluis_app
  with check ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:create')) or p.id = any ((select kluis.shared('notes:create'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:create')) or c.id = any ((select kluis.shared('notes:create'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = note.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:create')) or p.id = any ((select kluis.shared('notes:create'))::uuid[]))) limit 1) and (select d.ended_at is null from kluis.joint_dossier d where d.id = note.joint_dossier_id));
create policy parent_changed on kluis.note for update to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or p.id = any ((select kluis.shared('notes:edit'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or c.id = any ((select kluis.shared('notes:edit'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = note.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or p.id = any ((select kluis.shared('notes:edit'))::uuid[]))) limit 1))
  with check ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or p.id = any ((select kluis.shared('notes:edit'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or c.id = any ((select kluis.shared('notes:edit'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = note.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or p.id = any ((select kluis.shared('notes:edit'))::uuid[]))) limit 1));
create policy parent_removed on kluis.note for delete to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:delete')) or p.id = any ((select kluis.shared('notes:delete'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:delete')) or c.id = any ((select kluis.shared('notes:delete'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = note.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:delete')) or p.id = any ((select kluis.shared('notes:delete'))::uuid[]))) limit 1));

create policy parent_seen on kluis.task for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:see')) or p.id = any ((select kluis.shared('tasks:see'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:see')) or c.id = any ((select kluis.shared('tasks:see'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = task.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:see')) or p.id = any ((select kluis.shared('tasks:see'))::uuid[]))) limit 1));
create policy parent_tasked on kluis.task for insert to kluis_app
  with check ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:create')) or p.id = any ((select kluis.shared('tasks:create'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:create')) or c.id = any ((select kluis.shared('tasks:create'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = task.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:create')) or p.id = any ((select kluis.shared('tasks:create'))::uuid[]))) limit 1) and (select d.ended_at is null from kluis.joint_dossier d where d.id = task.joint_dossier_id));
create policy parent_changed on kluis.task for update to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:edit')) or p.id = any ((select kluis.shared('tasks:edit'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:edit')) or c.id = any ((select kluis.shared('tasks:edit'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = task.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:edit')) or p.id = any ((select kluis.shared('tasks:edit'))::uuid[]))) limit 1))
  with check ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:edit')) or p.id = any ((select kluis.shared('tasks:edit'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:edit')) or c.id = any ((select kluis.shared('tasks:edit'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = task.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:edit')) or p.id = any ((select kluis.shared('tasks:edit'))::uuid[]))) limit 1));
create policy parent_removed on kluis.task for delete to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:delete')) or p.id = any ((select kluis.shared('tasks:delete'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:delete')) or c.id = any ((select kluis.shared('tasks:delete'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = task.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('tasks:delete')) or p.id = any ((select kluis.shared('tasks:delete'))::uuid[]))) limit 1));

-- The memory index is filled by the keeper's role, under the indexer's session, and by nothing else.
grant select on kluis.person, kluis.company, kluis.affiliation to kluis_keeper;
create policy indexed on kluis.person for select to kluis_keeper using (merged_into is null and (select kluis.is_indexer()));
create policy indexed on kluis.company for select to kluis_keeper using (merged_into is null and (select kluis.is_indexer()));
create policy indexed on kluis.affiliation for select to kluis_keeper using ((select kluis.is_indexer()));
-- Of what hangs on them it reads what filters ask, and opens as much: no earlier text of a note, no content of a file.
grant select (id, person_id, company_id, joint_dossier_id, created_at, created_by, deleted_at, content_sealed, content_seal_counter) on kluis.note to kluis_keeper;
grant select (id, person_id, company_id, joint_dossier_id, assignee_id, due_on, done_at, content_sealed, content_seal_counter) on kluis.task to kluis_keeper;
grant select (id, person_id, company_id, joint_dossier_id, created_at, completed_at, deleted_at, photo_of, key_slot, set_apart_at, content_sealed, content_seal_counter) on kluis.file to kluis_keeper;
grant select (id, person_id, company_id, other_person_id, other_company_id, is_parent, content_sealed, content_seal_counter) on kluis.relation to kluis_keeper;
create policy indexed on kluis.file for select to kluis_keeper using (set_apart_at is null and (select kluis.is_indexer()));
create policy indexed on kluis.relation for select to kluis_keeper using ((select kluis.is_indexer()));
create policy indexed on kluis.note for select to kluis_keeper using ((select kluis.is_indexer()));
create policy indexed on kluis.task for select to kluis_keeper using ((select kluis.is_indexer()));
