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
