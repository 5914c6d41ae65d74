-- Keys that were replaced. Row security has no say in which key sealed a row, so this does.

-- The key slot in the header of a sealed record: docs/formats/sealed-record.md.
create or replace function kluis.slot_of(sealed bytea) returns bigint
language sql immutable parallel safe
return ('x' || encode(substring(sealed from 5 for 8), 'hex'))::bit(64)::bigint;

-- Whoever sealed something under a key of before, and comes to write it only now, does it again with what the record has
-- now: under the old key it would be lost with it. What lies there from before is left alone.
create or replace function kluis.attach_slot_guard(target regclass) returns void
language plpgsql set search_path = pg_catalog
as $$
declare
  short_name text := (select relname from pg_class where oid = target);
  kind text;
  is_closed text;
begin
  foreach kind in array array['insert', 'update'] loop
    is_closed := (
      select string_agg(case kind
          when 'insert' then format('kluis.slot_of(n.%1$I) between 64 and b.closed_until', attname)
          else format('(kluis.slot_of(n.%1$I) between 64 and b.closed_until and n.%1$I is distinct from o.%1$I)', attname)
        end, ' or ' order by attnum)
      from pg_attribute where attrelid = target and atttypid = 'kluis.sealed'::regtype and not attisdropped);
    execute format($f$
      create or replace function kluis.%1$I() returns trigger
      language plpgsql security definer set search_path = pg_catalog
      as $body$
      begin
        if exists (select from inserted n %2$s cross join kluis.key_boundary b where %3$s) then
          raise exception 'this was sealed under a key that has been replaced' using errcode = 'KL409';
        end if;
        return null;
      end $body$ $f$,
      'slot_guard_' || short_name || '_' || kind,
      case when kind = 'update' then 'join before o on o.id = n.id' else '' end, is_closed);
    execute format('alter function kluis.%I() owner to kluis_identity', 'slot_guard_' || short_name || '_' || kind);
    execute format('create or replace trigger x_slot_guard_%1$s after %1$s on %2$s referencing new table as inserted%3$s for each statement execute function kluis.%4$I()',
      kind, target, case when kind = 'update' then ' old table as before' else '' end, 'slot_guard_' || short_name || '_' || kind);
  end loop;
end $$;
