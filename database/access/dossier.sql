-- What hangs on a record beside notes and tasks: earlier texts, files, changes; and what a colleague follows and is told.

grant select, insert, delete on kluis.note_version to kluis_app;
create policy note_seen on kluis.note_version for select to kluis_app
  using ((select kluis.may('notes:see')) and (select true from kluis.note n where n.id = note_id));
-- An earlier text is of its note and under its subject; what it says is never changed, and it moves only where its note is.
grant update (person_id, company_id, joint_dossier_id, content_sealed, content_seal_counter, row_version) on kluis.note_version to kluis_app;
create policy note_edited on kluis.note_version for insert to kluis_app
  with check (((select true from kluis.person p where p.id = note_version.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or p.id = any ((select kluis.shared('notes:edit'))::uuid[])))
      or (select true from kluis.company c where c.id = note_version.company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or c.id = any ((select kluis.shared('notes:edit'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = note_version.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or p.id = any ((select kluis.shared('notes:edit'))::uuid[]))) limit 1))
    and (select coalesce(n.person_id, n.company_id, n.joint_dossier_id) = coalesce(note_version.person_id, note_version.company_id, note_version.joint_dossier_id)
      from kluis.note n where n.id = note_id));
create policy note_moved on kluis.note_version for update to kluis_app
  using ((select true from kluis.person p where p.id = note_version.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or p.id = any ((select kluis.shared('notes:edit'))::uuid[])))
      or (select true from kluis.company c where c.id = note_version.company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or c.id = any ((select kluis.shared('notes:edit'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = note_version.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or p.id = any ((select kluis.shared('notes:edit'))::uuid[]))) limit 1))
  with check (((select true from kluis.person p where p.id = note_version.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or p.id = any ((select kluis.shared('notes:edit'))::uuid[])))
      or (select true from kluis.company c where c.id = note_version.company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or c.id = any ((select kluis.shared('notes:edit'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = note_version.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:edit')) or p.id = any ((select kluis.shared('notes:edit'))::uuid[]))) limit 1))
    and (select coalesce(n.person_id, n.company_id, n.joint_dossier_id) = coalesce(note_version.person_id, note_version.company_id, note_version.joint_dossier_id)
      from kluis.note n where n.id = note_id));
create policy note_removed on kluis.note_version for delete to kluis_app
  using (((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:delete')) or p.id = any ((select kluis.shared('notes:delete'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:delete')) or c.id = any ((select kluis.shared('notes:delete'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = note_version.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('notes:delete')) or p.id = any ((select kluis.shared('notes:delete'))::uuid[]))) limit 1))
    and (select true from kluis.note n where n.id = note_id));

grant select, insert, update, delete on kluis.file to kluis_app;
grant execute on function kluis.photo_id(kluis.person) to kluis_app;
create policy parent_seen on kluis.file for select to kluis_app
  using (set_apart_at is null and ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:see')) or p.id = any ((select kluis.shared('files:see'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:see')) or c.id = any ((select kluis.shared('files:see'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = file.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:see')) or p.id = any ((select kluis.shared('files:see'))::uuid[]))) limit 1)));
create policy parent_filed on kluis.file for insert to kluis_app
  with check ((photo_of is null or photo_of = person_id) and ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:create')) or p.id = any ((select kluis.shared('files:create'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:create')) or c.id = any ((select kluis.shared('files:create'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = file.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:create')) or p.id = any ((select kluis.shared('files:create'))::uuid[]))) limit 1) and (select d.ended_at is null from kluis.joint_dossier d where d.id = file.joint_dossier_id)));
create policy parent_changed on kluis.file for update to kluis_app
  using (set_apart_at is null and ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:edit')) or p.id = any ((select kluis.shared('files:edit'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:edit')) or c.id = any ((select kluis.shared('files:edit'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = file.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:edit')) or p.id = any ((select kluis.shared('files:edit'))::uuid[]))) limit 1)))
  with check ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:edit')) or p.id = any ((select kluis.shared('files:edit'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:edit')) or c.id = any ((select kluis.shared('files:edit'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = file.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:edit')) or p.id = any ((select kluis.shared('files:edit'))::uuid[]))) limit 1));
create policy parent_removed on kluis.file for delete to kluis_app
  using (set_apart_at is null and ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:delete')) or p.id = any ((select kluis.shared('files:delete'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:delete')) or c.id = any ((select kluis.shared('files:delete'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = file.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:delete')) or p.id = any ((select kluis.shared('files:delete'))::uuid[]))) limit 1)));

-- Frames come in while a file is under way, from who began it, and never change after.
grant select, insert on kluis.file_frame to kluis_app;
create policy file_seen on kluis.file_frame for select to kluis_app
  using ((select kluis.may('files:see'))
    and (select f.set_apart_at is null or exists (select from kluis.retained_opening o
        where o.file_id = f.id and o.created_by = (select kluis.uid()) and o.created_at > now() - interval '15 minutes')
      from kluis.file f where f.id = file_frame.file_id));
create policy file_under_way on kluis.file_frame for insert to kluis_app
  with check ((select kluis.may('files:create'))
    and (select f.completed_at is null and f.created_by = (select kluis.uid()) and number < f.frame_count
      from kluis.file f where f.id = file_id));

grant select on kluis.record_change to kluis_app;
-- Of a tie, only to whoever sees whom it is with; of a confidential value, only to a role that sees its field.
create policy parent_seen on kluis.record_change for select to kluis_app
  using (((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id))
    and (other_person_id is null or (select true from kluis.person p where p.id = other_person_id))
    and (other_company_id is null or (select true from kluis.company c where c.id = other_company_id))
    and (field_id is null or array[field_id] && (select kluis.role_fields('person')) or array[field_id] && (select kluis.role_fields('company'))));

grant select, insert, delete on kluis.follow to kluis_app;
create policy own on kluis.follow for select to kluis_app using (user_id = (select kluis.uid()));
create policy own_new on kluis.follow for insert to kluis_app
  with check (user_id = (select kluis.uid())
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));
create policy own_ended on kluis.follow for delete to kluis_app using (user_id = (select kluis.uid()));

-- Of a record that was taken out of sight a notification tells nothing any more.
grant select on kluis.notification to kluis_app;
grant update (read_at) on kluis.notification to kluis_app;
create policy own on kluis.notification for select to kluis_app
  using (user_id = (select kluis.uid())
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)
      or (select true from kluis.import_run r where r.id = import_id)
      or (select true from kluis.alarm a where a.id = alarm_id)
      -- Of no record: how many one got of somebody who left.
      or leaver_id is not null));
create policy own_read on kluis.notification for update to kluis_app
  using (user_id = (select kluis.uid())) with check (user_id = (select kluis.uid()));

-- The functions that tell colleagues.
grant select on kluis.note, kluis.task, kluis.follow to kluis_identity;
grant select, insert, update on kluis.notification to kluis_identity;
grant select, insert on kluis.record_change to kluis_identity;
grant update (owner_id, team_id, row_version) on kluis.person, kluis.company to kluis_identity;
create policy identity_reads on kluis.note for select to kluis_identity using (true);
create policy identity_reads on kluis.task for select to kluis_identity using (true);
create policy identity_reads on kluis.follow for select to kluis_identity using (true);
create policy identity_tells on kluis.notification to kluis_identity using (true) with check (true);
create policy identity_notes on kluis.record_change to kluis_identity using (true) with check (true);
create policy identity_hands_over on kluis.person for update to kluis_identity using (true) with check (true);
create policy identity_hands_over on kluis.company for update to kluis_identity using (true) with check (true);
grant execute on function kluis.tell_mentioned(uuid, uuid[]), kluis.tell_assigned(uuid), kluis.read_reminders(uuid[]), kluis.read_waiting_imports(uuid[]), kluis.hand_over(text, uuid, int, uuid, uuid) to kluis_app;
