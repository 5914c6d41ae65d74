-- A view is seen by whoever made it, by the team it is shared with, or by everyone. It is changed by its maker; one of
-- everyone by whoever may share views with everyone too.
grant select, insert, update, delete on kluis.saved_view, kluis.default_view to kluis_app;
create policy shared on kluis.saved_view for select to kluis_app
  using (owner_id = (select kluis.uid())
    or (shared_with = 'everyone' and (select kluis.uid()) is not null)
    or team_id = any (array(select m.team_id from kluis.team_member m where m.user_id = (select kluis.uid()))));
create policy own_made on kluis.saved_view for insert to kluis_app
  with check (owner_id = (select kluis.uid())
    and (shared_with <> 'everyone' or (select kluis.may('views:share')))
    and (team_id is null or team_id = any (array(select m.team_id from kluis.team_member m where m.user_id = (select kluis.uid())))));
create policy own_changed on kluis.saved_view for update to kluis_app
  using (owner_id = (select kluis.uid()) or (shared_with = 'everyone' and (select kluis.may('views:share'))))
  with check ((owner_id = (select kluis.uid()) or (shared_with = 'everyone' and (select kluis.may('views:share'))))
    and (shared_with <> 'everyone' or (select kluis.may('views:share')))
    and (team_id is null or team_id = any (array(select m.team_id from kluis.team_member m where m.user_id = (select kluis.uid())))));
create policy own_removed on kluis.saved_view for delete to kluis_app
  using (owner_id = (select kluis.uid()) or (shared_with = 'everyone' and (select kluis.may('views:share'))));

create policy signed_in on kluis.default_view for select to kluis_app using ((select kluis.uid()) is not null);
create policy shared_made on kluis.default_view for insert to kluis_app
  with check ((select kluis.may('views:share'))
    and (select true from kluis.saved_view v where v.id = view_id and v.shared_with = 'everyone'));
create policy shared_removed on kluis.default_view for delete to kluis_app using ((select kluis.may('views:share')));

-- What takes a view away as the first of a role once it is no longer everyone's.
grant select, delete on kluis.default_view to kluis_identity;
create policy identity_withdraws on kluis.default_view to kluis_identity using (true);

-- A bookmark is one's own, and only of what one sees.
grant select, insert, delete on kluis.favourite to kluis_app;
create policy own on kluis.favourite for select to kluis_app
  using (user_id = (select kluis.uid())
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));
create policy own_made on kluis.favourite for insert to kluis_app
  with check (user_id = (select kluis.uid())
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));
create policy own_removed on kluis.favourite for delete to kluis_app using (user_id = (select kluis.uid()));

grant execute on function kluis.recently_opened() to kluis_app;
