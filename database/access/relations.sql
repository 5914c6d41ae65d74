-- Relations: both ends must be visible, to see one as to make, change or end one. Whoever sees one end learns nothing.
-- The record under whose key it is sealed is changed by it: that one must be the caller's to edit.

grant select, insert, update, delete on kluis.relation to kluis_app;
create policy both_seen on kluis.relation for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id) and (select true from kluis.person p where p.id = other_person_id)
      or (select true from kluis.company c where c.id = company_id) and (select true from kluis.company c where c.id = other_company_id));
create policy both_tied on kluis.relation for insert to kluis_app
  with check (((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))) and (select true from kluis.person p where p.id = other_person_id))
      or ((select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')) or c.id = any ((select kluis.shared('companies:edit'))::uuid[]))) and (select true from kluis.company c where c.id = other_company_id)));
create policy both_changed on kluis.relation for update to kluis_app
  using (((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))) and (select true from kluis.person p where p.id = other_person_id))
      or ((select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')) or c.id = any ((select kluis.shared('companies:edit'))::uuid[]))) and (select true from kluis.company c where c.id = other_company_id)))
  with check ((select true from kluis.person p where p.id = person_id) and (select true from kluis.person p where p.id = other_person_id)
      or (select true from kluis.company c where c.id = company_id) and (select true from kluis.company c where c.id = other_company_id));
create policy both_ended on kluis.relation for delete to kluis_app
  using (((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))) and (select true from kluis.person p where p.id = other_person_id))
      or ((select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')) or c.id = any ((select kluis.shared('companies:edit'))::uuid[]))) and (select true from kluis.company c where c.id = other_company_id)));

-- The function that refuses a ring looks through all of a group.
grant select on kluis.relation to kluis_identity;
create policy identity_reads on kluis.relation for select to kluis_identity using (true);
