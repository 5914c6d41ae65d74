-- Duplicates. Two records are compared, merged or told apart by whoever sees both. The merge itself is work of
-- kluis_worker under the caller's session: it also sees what was merged away, and moves everything that hangs on a
-- record, what its caller may not read included; nothing may be left behind to go with the record after 30 days.

-- That a merge happened is told to whoever sees what it became and saw what was merged away.
grant select on kluis.merge to kluis_app;
create policy both_seen on kluis.merge for select to kluis_app
  using (array[merged_owner_id, merged_team_id, '00000000-0000-0000-0000-000000000000']
      && case when person_id is null then (select kluis.scope('companies:see')) else (select kluis.scope('people:see')) end
    and ((select true from kluis.person p where p.id = person_id)
      or (select true from kluis.company c where c.id = company_id)));

grant select, insert, delete on kluis.not_duplicate to kluis_app;
create policy both_seen on kluis.not_duplicate for select to kluis_app
  using ((select true from kluis.person p where p.id = first_person_id) and (select true from kluis.person p where p.id = second_person_id)
      or (select true from kluis.company c where c.id = first_company_id) and (select true from kluis.company c where c.id = second_company_id));
create policy both_told_apart on kluis.not_duplicate for insert to kluis_app
  with check (((select kluis.may('people:edit')) and (select true from kluis.person p where p.id = first_person_id) and (select true from kluis.person p where p.id = second_person_id))
      or ((select kluis.may('companies:edit')) and (select true from kluis.company c where c.id = first_company_id) and (select true from kluis.company c where c.id = second_company_id)));
create policy both_taken_back on kluis.not_duplicate for delete to kluis_app
  using (((select kluis.may('people:edit')) and (select true from kluis.person p where p.id = first_person_id) and (select true from kluis.person p where p.id = second_person_id))
      or ((select kluis.may('companies:edit')) and (select true from kluis.company c where c.id = first_company_id) and (select true from kluis.company c where c.id = second_company_id)));

-- Whoever may edit a record may have it merged, and may undo that; the same rows as kluis_app, and what was merged away.
grant select, update on kluis.person, kluis.company to kluis_worker;
create policy merge_sees on kluis.person for select to kluis_worker
  using (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')));
create policy merge_changes on kluis.person for update to kluis_worker
  using (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')))
  with check (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')));
create policy merge_sees on kluis.company for select to kluis_worker
  using (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')));
create policy merge_changes on kluis.company for update to kluis_worker
  using (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')))
  with check (array[owner_id, team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('companies:edit')));

-- Everything that hangs on a person or a company, tables of later releases included. What an import changed of one
-- record stays with it: taken back on the other, it would bring back values the other never had. With whom one record
-- was shared stays with it too: nobody said that the other may be seen. Beginnings of names are written anew by the keeper.
do $$
declare
  t record;
begin
  for t in
    select c.oid::regclass as name, c.relname like '%\_lookup' as is_lookup,
      string_agg(format('(select true from kluis.%1$I r where r.id = %2$I)', substring(a.attname from '(person|company)_id$'), a.attname), ' or ' order by a.attname) as parent_seen,
      -- Its ends, and what is sealed anew for another record; nothing else that a row is of, such as the note of an earlier text.
      (select string_agg(quote_ident(m.attname), ', ' order by m.attnum) from pg_attribute m
        where m.attrelid = c.oid and m.attnum > 0 and not m.attisdropped and m.attgenerated = ''
          and (m.atttypid <> 'uuid'::regtype or m.attname in ('person_id', 'company_id', 'other_person_id', 'other_company_id', 'undone_by'))) as moved
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'kluis'::regnamespace and c.relkind = 'r' and a.attname in ('person_id', 'company_id', 'other_person_id', 'other_company_id') and not a.attisdropped
      and c.relname not in ('import_change', 'record_share', 'name_prefix')
    group by c.oid, c.relname
  loop
    execute format('grant select, %s on %s to kluis_worker', case when t.is_lookup then 'insert, delete' else format('update (%s)', t.moved) end, t.name);
    execute format('create policy merge_sees on %s for select to kluis_worker using (%s)', t.name, t.parent_seen);
    if t.is_lookup then
      execute format('create policy merge_adds on %s for insert to kluis_worker with check (%s)', t.name, t.parent_seen);
      execute format('create policy merge_removes on %s for delete to kluis_worker using (%s)', t.name, t.parent_seen);
    else
      execute format('create policy merge_moves on %s for update to kluis_worker using (%s) with check (%s)', t.name, t.parent_seen, t.parent_seen);
    end if;
  end loop;
end $$;

grant insert on kluis.merge to kluis_worker;
create policy merge_kept on kluis.merge for insert to kluis_worker
  with check ((select true from kluis.person p where p.id = person_id) and (select true from kluis.person p where p.id = merged_id)
      or (select true from kluis.company c where c.id = company_id) and (select true from kluis.company c where c.id = merged_id));
-- What was told apart from the one stays told apart from the other: one side seen is enough to carry that over.
grant select, insert, delete on kluis.not_duplicate to kluis_worker;
create policy merge_sees on kluis.not_duplicate for select to kluis_worker
  using ((select true from kluis.person p where p.id = first_person_id) or (select true from kluis.person p where p.id = second_person_id)
      or (select true from kluis.company c where c.id = first_company_id) or (select true from kluis.company c where c.id = second_company_id));
create policy merge_carries on kluis.not_duplicate for insert to kluis_worker
  with check ((select true from kluis.person p where p.id = first_person_id) or (select true from kluis.person p where p.id = second_person_id)
      or (select true from kluis.company c where c.id = first_company_id) or (select true from kluis.company c where c.id = second_company_id));
create policy merge_takes_back on kluis.not_duplicate for delete to kluis_worker
  using ((select true from kluis.person p where p.id = first_person_id) or (select true from kluis.person p where p.id = second_person_id)
      or (select true from kluis.company c where c.id = first_company_id) or (select true from kluis.company c where c.id = second_company_id));
grant usage on schema kluis_ledger to kluis_worker;
grant execute on function kluis_ledger.record_event(text, jsonb, uuid) to kluis_worker;
grant execute on function kluis.leads_to(uuid), kluis.import_merges(uuid) to kluis_app;
grant select on kluis.merge to kluis_identity;
create policy identity_reads on kluis.merge for select to kluis_identity using (true);

-- The look for duplicates is the keeper's, under the indexer's session: which records share a value, no value itself.
-- It also takes away, after 30 days and not before, what was left of a merge.
grant select on kluis.person_lookup, kluis.company_lookup to kluis_keeper;
create policy compared on kluis.person_lookup for select to kluis_keeper using ((select kluis.is_indexer()));
create policy compared on kluis.company_lookup for select to kluis_keeper using ((select kluis.is_indexer()));
grant select on kluis.not_duplicate to kluis_keeper;
create policy compared on kluis.not_duplicate for select to kluis_keeper using ((select kluis.is_indexer()));
grant select, update on kluis.merge to kluis_keeper;
create policy due on kluis.merge for select to kluis_keeper using ((select kluis.is_indexer()) and created_at < now() - interval '30 days');
create policy cleared on kluis.merge for update to kluis_keeper
  using ((select kluis.is_indexer()) and key_slot is not null and created_at < now() - interval '30 days')
  with check ((select kluis.is_indexer()));
grant delete on kluis.person, kluis.company to kluis_keeper;
create policy remains_seen on kluis.person for select to kluis_keeper using ((select kluis.is_indexer()) and merged_at < now() - interval '30 days');
create policy remains_removed on kluis.person for delete to kluis_keeper using ((select kluis.is_indexer()) and merged_at < now() - interval '30 days');
create policy remains_seen on kluis.company for select to kluis_keeper using ((select kluis.is_indexer()) and merged_at < now() - interval '30 days');
create policy remains_removed on kluis.company for delete to kluis_keeper using ((select kluis.is_indexer()) and merged_at < now() - interval '30 days');
