-- The confidential fields the caller's role sees, of people or of companies; none without a session, or without
-- the right to confidential values at all. Archived ones too:
-- a value that stands is still shown.
create or replace function kluis.role_fields(wanted text) returns uuid[]
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
declare
  asking text := (select c.role_id from kluis_auth.caller c where 'fields:confidential' = any (c.permissions));
begin
  return (
    select array_agg(f.id) from kluis.field_definition f
    where asking is not null and f.record_kind = wanted and f.sensitivity = 'confidential'
      and (exists (select from kluis.field_role r where r.field_id = f.id and r.role_id = asking)
        or not exists (select from kluis.field_role r where r.field_id = f.id)));
end $$;
alter function kluis.role_fields(text) owner to kluis_identity;
