-- What can be searched is for everybody to know, and for who manages the organisation to change; the index reads it.
grant select, update (content_search, name_prefixes, row_version) on kluis.search_setting to kluis_app;
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

-- Beginnings of names, where the organisation chose to have them (migrations/0032_name_prefixes.sql): written under the
-- indexer's session alone and only while that is chosen, read of records one sees. Whoever asks finds by the tokens the
-- keeper made for their own teams; row security of the record decides as in any list.
grant select (person_id, company_id, token) on kluis.name_prefix to kluis_app;
create policy parent_seen on kluis.name_prefix for select to kluis_app
  using (case when company_id is null then (select true from kluis.person p where p.id = person_id)
    else (select true from kluis.company c where c.id = company_id) end);
grant select (team_id) on kluis.person, kluis.company to kluis_rotation;
grant select (name_prefixes) on kluis.search_setting to kluis_rotation;
create policy rotation_asks on kluis.search_setting for select to kluis_rotation using ((select kluis.is_indexer()));
grant select, insert, delete on kluis.name_prefix to kluis_rotation;
create policy rotation_sees on kluis.name_prefix for select to kluis_rotation using ((select kluis.is_indexer()));
create policy rotation_hashes on kluis.name_prefix for insert to kluis_rotation
  with check ((select kluis.is_indexer()) and (select s.name_prefixes from kluis.search_setting s));
create policy rotation_clears on kluis.name_prefix for delete to kluis_rotation using ((select kluis.is_indexer()));
-- Let go as a whole, files on the disk included, when it is chosen no longer.
grant truncate on kluis.name_prefix to kluis_identity;
