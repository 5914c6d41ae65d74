-- An import is seen, and taken back, by whoever ran it.
grant select, insert, update on kluis.import_run to kluis_app;
create policy own on kluis.import_run for select to kluis_app using (user_id = (select kluis.uid()));
create policy own_run on kluis.import_run for insert to kluis_app with check (user_id = (select kluis.uid()) and (select kluis.may('imports:run')));
create policy own_reverted on kluis.import_run for update to kluis_app using (user_id = (select kluis.uid()) and (select kluis.may('imports:run'))) with check (user_id = (select kluis.uid()));
