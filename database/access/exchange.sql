-- An import is seen, and taken back, by whoever ran it; what it told of rows goes with it.
grant select, insert, update on kluis.import_run to kluis_app;
grant select, insert, delete on kluis.import_row to kluis_app;

create policy own on kluis.import_run for select to kluis_app using (created_by = (select kluis.uid()));
-- created_by is set by the database itself before this is asked.
create policy own_run on kluis.import_run for insert to kluis_app
  with check (created_by = (select kluis.uid()) and (select kluis.may('imports:run')));
create policy own_changed on kluis.import_run for update to kluis_app
  using (created_by = (select kluis.uid()) and (select kluis.may('imports:run')))
  with check (created_by = (select kluis.uid()));

create policy run_seen on kluis.import_row for select to kluis_app
  using (exists (select from kluis.import_run r where r.id = import_id));
create policy run_told on kluis.import_row for insert to kluis_app
  with check ((select kluis.may('imports:run')) and exists (select from kluis.import_run r where r.id = import_id));
create policy run_forgotten on kluis.import_row for delete to kluis_app
  using ((select kluis.may('imports:run')) and exists (select from kluis.import_run r where r.id = import_id));

-- The file and the progress of a run are its importer's alone, and only while they may import.
grant select, insert, delete on kluis.import_file, kluis.import_batch, kluis.import_change to kluis_app;

create policy run_seen on kluis.import_file for select to kluis_app
  using (exists (select from kluis.import_run r where r.id = import_id));
create policy run_kept on kluis.import_file for insert to kluis_app
  with check ((select kluis.may('imports:run')) and exists (select from kluis.import_run r where r.id = import_id));
create policy run_forgotten on kluis.import_file for delete to kluis_app
  using ((select kluis.may('imports:run')) and exists (select from kluis.import_run r where r.id = import_id));

create policy run_seen on kluis.import_batch for select to kluis_app
  using (exists (select from kluis.import_run r where r.id = import_id));
create policy run_kept on kluis.import_batch for insert to kluis_app
  with check ((select kluis.may('imports:run')) and exists (select from kluis.import_run r where r.id = import_id));
create policy run_forgotten on kluis.import_batch for delete to kluis_app
  using ((select kluis.may('imports:run')) and exists (select from kluis.import_run r where r.id = import_id));

-- What a record was before needs the record to be visible too: a customer that moved away takes their past along.
create policy run_seen on kluis.import_change for select to kluis_app
  using (exists (select from kluis.import_run r where r.id = import_id)
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));
create policy run_kept on kluis.import_change for insert to kluis_app
  with check ((select kluis.may('imports:run')) and exists (select from kluis.import_run r where r.id = import_id)
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));
create policy run_forgotten on kluis.import_change for delete to kluis_app
  using ((select kluis.may('imports:run')) and exists (select from kluis.import_run r where r.id = import_id));

-- What columns mean is the organisation's: who imports next month is somebody else.
grant select, insert, update, delete on kluis.import_mapping to kluis_app;
create policy importers on kluis.import_mapping for select to kluis_app using ((select kluis.may('imports:run')));
create policy importers_remember on kluis.import_mapping for insert to kluis_app with check ((select kluis.may('imports:run')));
create policy importers_correct on kluis.import_mapping for update to kluis_app
  using ((select kluis.may('imports:run'))) with check ((select kluis.may('imports:run')));
create policy importers_forget on kluis.import_mapping for delete to kluis_app using ((select kluis.may('imports:run')));

-- Whose import it was, and which records it changed: kluis.import_merges tells its importer which of them were merged since.
grant select (id, created_by, state) on kluis.import_run to kluis_identity;
grant select (import_id, person_id, company_id) on kluis.import_change to kluis_identity;
create policy identity_reads on kluis.import_run for select to kluis_identity using (true);
create policy identity_reads on kluis.import_change for select to kluis_identity using (true);
