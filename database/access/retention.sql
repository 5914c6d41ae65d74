-- Files that a law has kept. The rules are for everybody to know; what was set apart is for who looks after erasing, and its
-- contents only within a quarter of an hour of saying for what.
grant select on kluis.retention_rule to kluis_app, kluis_identity, kluis_rotation;
create policy signed_in on kluis.retention_rule for select to kluis_app using ((select kluis.uid()) is not null);
create policy identity_reads on kluis.retention_rule for select to kluis_identity using (true);
create policy rotation_sees on kluis.retention_rule for select to kluis_rotation using ((select kluis.is_indexer()));
grant execute on function kluis.retained_until(text, date) to kluis_app, kluis_worker, kluis_rotation;
grant execute on function kluis.require_not_erased(uuid) to kluis_app;
grant select on kluis.erasure to kluis_identity;
create policy identity_reads on kluis.erasure for select to kluis_identity using (true);
grant select, insert on kluis.left_key to kluis_identity;
create policy identity_leaves on kluis.left_key to kluis_identity using (true) with check (true);
grant select on kluis.left_key to kluis_rotation;
create policy rotation_sees on kluis.left_key for select to kluis_rotation using ((select kluis.is_indexer()));

create policy set_apart on kluis.file for select to kluis_app
  using (set_apart_at is not null and (select kluis.may('erasures:run')));

-- That a file is wrongly kept is corrected by who looks after erasing, of what they see.
create policy corrected on kluis.file for update to kluis_app
  using (retention_rule is not null and (select kluis.may('erasures:run')) and set_apart_at is null and ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:see')) or p.id = any ((select kluis.shared('files:see'))::uuid[])))
      or (select true from kluis.company c where c.id = company_id and (array[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:see')) or c.id = any ((select kluis.shared('files:see'))::uuid[])))
      or (select true from kluis.joint_party j where j.joint_dossier_id = file.joint_dossier_id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('files:see')) or p.id = any ((select kluis.shared('files:see'))::uuid[]))) limit 1)))
  with check ((select kluis.may('erasures:run')));

grant select, insert on kluis.retained_opening to kluis_app;
create policy erased on kluis.retained_opening for select to kluis_app using ((select kluis.may('erasures:run')));
create policy said on kluis.retained_opening for insert to kluis_app
  with check ((select kluis.may('erasures:run'))
    and (select true from kluis.file f where f.id = file_id and f.set_apart_at is not null));

-- The work of erasing sets apart, and takes away what is over.
grant select (retention_rule, retained_from, retained_until, set_apart_at, completed_at), update (retained_from, set_apart_at, row_version), delete on kluis.file to kluis_rotation;
create policy rotation_ends on kluis.file for delete to kluis_rotation
  using (retention_rule is not null and (select kluis.is_indexer()));
