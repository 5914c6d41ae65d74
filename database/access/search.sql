-- What can be searched is for everybody to know, and for who manages the organisation to change; the index reads it.
grant select, update (content_search, row_version) on kluis.search_setting to kluis_app;
create policy signed_in on kluis.search_setting for select to kluis_app using ((select kluis.uid()) is not null);
create policy managed on kluis.search_setting for update to kluis_app
  using ((select kluis.may('organisation:manage'))) with check ((select kluis.may('organisation:manage')));
grant select on kluis.search_setting to kluis_keeper;
create policy indexed on kluis.search_setting for select to kluis_keeper using ((select kluis.is_indexer()));
