-- Relations: both ends must be visible, to see one as to make, change or end one. Whoever sees one end learns nothing.

grant select, insert, update, delete on kluis.relation to kluis_app;
create policy both_seen on kluis.relation for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id) and (select true from kluis.person p where p.id = other_person_id)
      or (select true from kluis.company c where c.id = company_id) and (select true from kluis.company c where c.id = other_company_id));
create policy both_tied on kluis.relation for insert to kluis_app
  with check (((select kluis.may('people:edit')) and (select true from kluis.person p where p.id = person_id) and (select true from kluis.person p where p.id = other_person_id))
      or ((select kluis.may('companies:edit')) and (select true from kluis.company c where c.id = company_id) and (select true from kluis.company c where c.id = other_company_id)));
create policy both_changed on kluis.relation for update to kluis_app
  using (((select kluis.may('people:edit')) and (select true from kluis.person p where p.id = person_id) and (select true from kluis.person p where p.id = other_person_id))
      or ((select kluis.may('companies:edit')) and (select true from kluis.company c where c.id = company_id) and (select true from kluis.company c where c.id = other_company_id)))
  with check ((select true from kluis.person p where p.id = person_id) and (select true from kluis.person p where p.id = other_person_id)
      or (select true from kluis.company c where c.id = company_id) and (select true from kluis.company c where c.id = other_company_id));
create policy both_ended on kluis.relation for delete to kluis_app
  using (((select kluis.may('people:edit')) and (select true from kluis.person p where p.id = person_id) and (select true from kluis.person p where p.id = other_person_id))
      or ((select kluis.may('companies:edit')) and (select true from kluis.company c where c.id = company_id) and (select true from kluis.company c where c.id = other_company_id)));

-- The function that refuses a ring looks through all of a group.
grant select on kluis.relation to kluis_identity;
create policy identity_reads on kluis.relation for select to kluis_identity using (true);
