-- What can be searched is for everybody to know, and for who manages the organisation to change; the index reads it.
grant select, update (content_search, row_version) on kluis.search_setting to kluis_app;
create policy signed_in on kluis.search_setting for select to kluis_app using ((select kluis.uid()) is not null);
create policy managed on kluis.search_setting for update to kluis_app
  using ((select kluis.may('organisation:manage'))) with check ((select kluis.may('organisation:manage')));
grant select on kluis.search_setting to kluis_keeper;
create policy indexed on kluis.search_setting for select to kluis_keeper using ((select kluis.is_indexer()));

-- What shows which records share a value of a field of one's own: counted and removed by functions, for who makes fields.
grant execute on function kluis.exact_spread(), kluis.forget_exact(uuid) to kluis_app;
grant select, delete on kluis.person_lookup, kluis.company_lookup to kluis_identity;
create policy identity_spread on kluis.person_lookup for select to kluis_identity using (kind like 'custom:%');
create policy identity_spread on kluis.company_lookup for select to kluis_identity using (kind like 'custom:%');
create policy identity_forgets on kluis.person_lookup for delete to kluis_identity using (kind like 'custom:%');
create policy identity_forgets on kluis.company_lookup for delete to kluis_identity using (kind like 'custom:%');
grant select (field_id, exact_token, row_version), update (exact_token, row_version) on kluis.confidential_value to kluis_identity;
-- What becomes of a row is read too, so its token can't be asked for here.
create policy identity_spread on kluis.confidential_value for select to kluis_identity using (true);
create policy identity_forgets on kluis.confidential_value for update to kluis_identity using (exact_token is not null) with check (exact_token is null);
