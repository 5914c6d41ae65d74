-- What asks more than a session, and what it took. Only here is a grant used up.

-- Uses the grant behind this hash for what is asked now, and gives its id; null where there is none for it. Two requests with
-- one grant wait for each other on its row, and the second finds it used.
create or replace function kluis.use_step_up(hash bytea, wanted text, asked bytea) returns uuid
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  found uuid;
begin
  update kluis_auth.step_up s set used_at = now()
  from kluis_auth.caller c
  where s.token_hash = hash
    and s.session_id = c.session_id and s.user_id = c.user_id
    and s.operation = wanted and s.request = asked
    and s.used_at is null and s.expires_at > now()
  returning s.id into found;
  if found is not null then
    perform kluis_ledger.record_event('step-up-used', jsonb_build_object('operation', wanted), found);
  end if;
  return found;
end $$;
alter function kluis.use_step_up(bytea, text, bytea) owner to kluis_identity;
