-- Joint dossiers have no owner and no team: whoever sees one of the parties sees the dossier, and whoever may edit one changes
-- it. A party out of sight is not there, and only counted (kluis.unseen_parties). Nobody gets in by adding somebody of their
-- own: kluis.may_join asks for a party that was there before, and no column says which dossier a party is of once it is made.

grant select, insert on kluis.joint_dossier to kluis_app;
grant update (content_sealed, content_seal_counter, ended_at, ended_by, review_since, row_version) on kluis.joint_dossier to kluis_app;
create policy party_seen on kluis.joint_dossier for select to kluis_app
  using ((select true from kluis.joint_party j where j.joint_dossier_id = joint_dossier.id and (select true from kluis.person p where p.id = j.person_id) limit 1));
create policy made on kluis.joint_dossier for insert to kluis_app with check ((select kluis.may('people:edit')));
create policy party_changed on kluis.joint_dossier for update to kluis_app
  using ((select true from kluis.joint_party j where j.joint_dossier_id = joint_dossier.id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))) limit 1))
  with check ((select true from kluis.joint_party j where j.joint_dossier_id = joint_dossier.id and (select true from kluis.person p where p.id = j.person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))) limit 1));

grant select, insert, delete on kluis.joint_party to kluis_app;
grant update (content_sealed, content_seal_counter, row_version) on kluis.joint_party to kluis_app;
create policy person_seen on kluis.joint_party for select to kluis_app
  using ((select true from kluis.person p where p.id = person_id));
create policy person_joined on kluis.joint_party for insert to kluis_app
  with check ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))) and kluis.may_join(joint_dossier_id));
create policy person_changed on kluis.joint_party for update to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))))
  with check ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))));
create policy person_left on kluis.joint_party for delete to kluis_app
  using ((select true from kluis.person p where p.id = person_id and (array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')) or p.id = any ((select kluis.shared('people:edit'))::uuid[]))));
grant execute on function kluis.may_join(uuid), kluis.unseen_parties(uuid[]) to kluis_app;

-- The functions that ask of all parties: who may join, who is told, who sees what.
grant select on kluis.joint_party, kluis.joint_dossier to kluis_identity;
-- To hold it while a party leaves it.
grant update (row_version) on kluis.joint_dossier to kluis_identity;
create policy identity_reads on kluis.joint_party for select to kluis_identity using (true);
create policy identity_reads on kluis.joint_dossier for select to kluis_identity using (true);
create policy identity_holds on kluis.joint_dossier for update to kluis_identity using (true) with check (false);

-- Erasing: the parties that were erased go, and whoever stays hears that it is to be read again.
grant delete on kluis.joint_party to kluis_rotation;
create policy rotation_parts on kluis.joint_party for delete to kluis_rotation using ((select kluis.is_indexer()));
grant select (review_since), update (review_since) on kluis.joint_dossier to kluis_rotation;
