-- Fields of one's own making. That a field exists is told to the roles that see it, and to whoever makes fields. Kind,
-- record kind and sensitivity are columns nobody may change: a value sealed as confidential must not become common.
grant select on kluis.field_definition, kluis.field_role to kluis_identity;
create policy identity_reads on kluis.field_definition for select to kluis_identity using (true);
create policy identity_reads on kluis.field_role for select to kluis_identity using (true);
grant execute on function kluis.role_fields(text) to kluis_app;

grant select, insert on kluis.field_definition to kluis_app;
grant update (search, is_required, position, archived_at, content_sealed, content_seal_counter, row_version) on kluis.field_definition to kluis_app;
create policy role_sees on kluis.field_definition for select to kluis_app
  using ((sensitivity = 'contact' and (select kluis.uid()) is not null)
    or array[id] && (select kluis.role_fields('person')) or array[id] && (select kluis.role_fields('company'))
    or (select kluis.may('organisation:manage')));
create policy managed_made on kluis.field_definition for insert to kluis_app with check ((select kluis.may('organisation:manage')));
create policy managed_changed on kluis.field_definition for update to kluis_app
  using ((select kluis.may('organisation:manage'))) with check ((select kluis.may('organisation:manage')));

grant select, insert, delete on kluis.field_role to kluis_app;
create policy managed_seen on kluis.field_role for select to kluis_app using ((select kluis.may('organisation:manage')));
create policy managed_made on kluis.field_role for insert to kluis_app with check ((select kluis.may('organisation:manage')));
create policy managed_removed on kluis.field_role for delete to kluis_app using ((select kluis.may('organisation:manage')));

-- A value is there for whoever sees the record and whose role sees the field. Whose it is and of which field can't be
-- changed by the app: those columns are not granted.
grant select, insert, delete on kluis.confidential_value to kluis_app;
grant update (confidential_sealed, confidential_seal_counter, exact_token, row_version) on kluis.confidential_value to kluis_app;
create policy role_sees on kluis.confidential_value for select to kluis_app
  using ((array[field_id] && (select kluis.role_fields('person')) and (select true from kluis.person p where p.id = person_id))
      or (array[field_id] && (select kluis.role_fields('company')) and (select true from kluis.company c where c.id = company_id)));
create policy role_made on kluis.confidential_value for insert to kluis_app
  with check ((array[field_id] && (select kluis.role_fields('person')) and (select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))))
      or (array[field_id] && (select kluis.role_fields('company')) and (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')) or c.id = any ((select kluis.shared('companies:edit'))::uuid[])))));
create policy role_changed on kluis.confidential_value for update to kluis_app
  using ((array[field_id] && (select kluis.role_fields('person')) and (select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))))
      or (array[field_id] && (select kluis.role_fields('company')) and (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')) or c.id = any ((select kluis.shared('companies:edit'))::uuid[])))));
create policy role_removed on kluis.confidential_value for delete to kluis_app
  using ((array[field_id] && (select kluis.role_fields('person')) and (select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))))
      or (array[field_id] && (select kluis.role_fields('company')) and (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')) or c.id = any ((select kluis.shared('companies:edit'))::uuid[])))));

-- The one that was overtaken by a newer value goes when a merge is undone.
grant delete on kluis.confidential_value to kluis_worker;
create policy merge_removes on kluis.confidential_value for delete to kluis_worker
  using ((select true from kluis.person r where r.id = person_id) or (select true from kluis.company r where r.id = company_id));

-- Held in memory by the program; filled by the keeper under the indexer's session.
grant select on kluis.field_definition, kluis.field_role to kluis_keeper;
create policy indexed on kluis.field_definition for select to kluis_keeper using ((select kluis.is_indexer()));
create policy indexed on kluis.field_role for select to kluis_keeper using ((select kluis.is_indexer()));
grant select (id) on kluis.organisation to kluis_keeper;
create policy indexed on kluis.organisation for select to kluis_keeper using ((select kluis.is_indexer()));
