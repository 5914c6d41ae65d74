-- A colleague's standing: worked out anew for everybody whenever an account, a team, a role or the organisation's
-- setting changes. That is rare and a matter of milliseconds; the question is asked several times a statement.
-- Who is frozen may nothing and sees nobody, whatever their role.
create or replace view kluis_auth.standing_due with (security_invoker = true) as
select due.user_id, due.role_id, due.language,
  case when f.id is null then due.permissions else '{}' end as permissions,
  case when f.id is null then due.scope else '{}' end as scope
from (
select u.id as user_id, u.role_id, u.language,
  (select coalesce(array_agg(p.permission order by p.permission), '{}') from kluis.role_permission p where p.role_id = u.role_id) as permissions,
  array[u.id]
    || (select coalesce(array_agg(m.team_id order by m.team_id), '{}') from kluis.team_member m
        where m.user_id = u.id and o.visibility in ('team', 'everyone'))
    || case when o.visibility = 'everyone'
        or exists (select from kluis.role_permission p where p.role_id = u.role_id and p.permission = 'records:see-all')
        then array['00000000-0000-0000-0000-000000000000'::uuid] else '{}' end as scope
from kluis.user_account u
cross join kluis.organisation o
where u.status = 'active'
) as due
left join kluis.freeze f on f.user_id = due.user_id and f.lifted_at is null;

create or replace function kluis_auth.refresh_standing() returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  -- One after the other: the second sees what the first committed, and neither writes back an older answer.
  perform pg_advisory_xact_lock(hashtext('kluis_auth.standing'));
  delete from kluis_auth.standing s
    where not exists (select from kluis_auth.standing_due d where d.user_id = s.user_id);
  insert into kluis_auth.standing as s (user_id, role_id, language, permissions, scope)
    select d.user_id, d.role_id, d.language, d.permissions, d.scope from kluis_auth.standing_due d
    on conflict (user_id) do update set role_id = excluded.role_id, language = excluded.language, permissions = excluded.permissions, scope = excluded.scope
    where (s.role_id, s.language, s.permissions, s.scope)
      is distinct from (excluded.role_id, excluded.language, excluded.permissions, excluded.scope);
end $$;
alter function kluis_auth.refresh_standing() owner to kluis_identity;

create or replace function kluis_auth.standing_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  perform kluis_auth.refresh_standing();
  return null;
end $$;
alter function kluis_auth.standing_changed() owner to kluis_identity;

do $$
declare
  source regclass;
begin
  foreach source in array array['kluis.organisation', 'kluis.user_account', 'kluis.team_member', 'kluis.role_permission', 'kluis.freeze']::regclass[] loop
    execute format('create or replace trigger y_standing after insert or update or delete or truncate on %s for each statement execute function kluis_auth.standing_changed()', source);
  end loop;
end $$;
