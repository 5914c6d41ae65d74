-- Replacing keys and erasing them: work of a role of its own, under the indexer's session. It sees what is sealed of
-- customers, what was merged away too, and which key each row has; it writes nothing but the same values sealed anew, and
-- what records are found by.
grant usage on schema kluis_ledger to kluis_rotation;
grant execute on function kluis_ledger.record_event(text, jsonb, uuid) to kluis_rotation;
grant execute on function kluis.uid(), kluis.is_indexer(), kluis.slot_of(bytea), kluis.draw_key_slots(int), kluis.stamp_row(), kluis.stamp_actor() to kluis_rotation;
grant execute on function kluis.slot_of(bytea) to kluis_identity;
grant select on kluis.key_boundary to kluis_identity;
create policy guard_reads on kluis.key_boundary for select to kluis_identity using (true);
grant usage on schema kluis to kluis_rotation;

do $$
declare
  t record;
begin
  for t in
    select c.relname as name,
      string_agg(quote_ident(a.attname), ', ') filter (where a.atttypid = 'kluis.sealed'::regtype
        or a.attname in ('id', 'person_id', 'company_id', 'joint_dossier_id', 'field_id', 'merged_into', 'merged_id', 'key_slot', 'row_version', 'exact_token')
        or a.attname like '%\_seal\_counter') as seen,
      string_agg(quote_ident(a.attname), ', ') filter (where a.atttypid = 'kluis.sealed'::regtype
        or a.attname in ('key_slot', 'exact_token')) as changed
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'kluis'::regnamespace and c.relkind = 'r'
      and exists (select from pg_attribute s where s.attrelid = c.oid and s.atttypid = 'kluis.sealed'::regtype and not s.attisdropped)
      and (c.relname in ('person', 'company', 'joint_dossier')
        or exists (select from pg_attribute s where s.attrelid = c.oid and s.attname = 'person_id' and not s.attisdropped))
    group by c.relname
  loop
    execute format('grant select (%s), update (%s) on kluis.%I to kluis_rotation', t.seen, t.changed, t.name);
    execute format('create policy rotation_sees on kluis.%I for select to kluis_rotation using ((select kluis.is_indexer()))', t.name);
    execute format('create policy rotation_seals on kluis.%I for update to kluis_rotation using ((select kluis.is_indexer())) with check ((select kluis.is_indexer()))', t.name);
  end loop;
end $$;

grant select, insert, delete on kluis.person_lookup, kluis.company_lookup to kluis_rotation;
create policy rotation_sees on kluis.person_lookup for select to kluis_rotation using ((select kluis.is_indexer()));
create policy rotation_hashes on kluis.person_lookup for insert to kluis_rotation with check ((select kluis.is_indexer()));
create policy rotation_clears on kluis.person_lookup for delete to kluis_rotation using ((select kluis.is_indexer()));
create policy rotation_sees on kluis.company_lookup for select to kluis_rotation using ((select kluis.is_indexer()));
create policy rotation_hashes on kluis.company_lookup for insert to kluis_rotation with check ((select kluis.is_indexer()));
create policy rotation_clears on kluis.company_lookup for delete to kluis_rotation using ((select kluis.is_indexer()));

grant select, insert, update on kluis.key_rotation to kluis_rotation;
create policy rotation_keeps on kluis.key_rotation to kluis_rotation using ((select kluis.is_indexer())) with check ((select kluis.is_indexer()));
grant select, update on kluis.key_boundary to kluis_rotation;
create policy rotation_keeps on kluis.key_boundary to kluis_rotation using ((select kluis.is_indexer())) with check ((select kluis.is_indexer()));
grant select, insert on kluis.erasure to kluis_rotation;
create policy rotation_sees on kluis.erasure for select to kluis_rotation using ((select kluis.is_indexer()));
create policy rotation_keeps on kluis.erasure for insert to kluis_rotation with check ((select kluis.is_indexer()));

-- Colleagues look at how far it is, and at what was erased; none of them writes either.
grant select on kluis.key_rotation, kluis.erasure to kluis_app;
create policy managed on kluis.key_rotation for select to kluis_app using ((select kluis.may('keys:manage')));
create policy erased on kluis.erasure for select to kluis_app using ((select kluis.may('erasures:run')));
