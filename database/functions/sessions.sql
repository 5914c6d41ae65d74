-- Of the live session behind the token what the program must know beside who it is: until when it lasts, from where a
-- program's key is taken, and whether another token is due.
create or replace function kluis.session_terms()
returns table (expires_at timestamptz, address_ranges text[], is_rotation_due boolean)
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
  return query
  select s.expires_at, s.address_ranges::text[], s.rotation_due
  from kluis_auth.caller c join kluis_auth.session s on s.id = c.session_id;
end $$;
alter function kluis.session_terms() owner to kluis_identity;

-- A program has a key and nothing else: no factor, no invitation, no session of a person; and a person has no key.
create or replace function kluis_auth.refuse_program() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  is_program boolean := exists (select from kluis.user_account u where u.id = new.user_id and u.kind = 'program');
begin
  if tg_table_name = 'session' then
    if is_program <> (new.kind = 'program') then
      raise exception 'a program has sessions of its own kind, and nobody else has' using errcode = 'KL427';
    end if;
  elsif is_program then
    raise exception 'a program does not sign in' using errcode = 'KL427';
  end if;
  return new;
end $$;
alter function kluis_auth.refuse_program() owner to kluis_identity;

-- What only a human being decides: people, keys, rights, what others asked.
create or replace function kluis_auth.is_for_people(permission text) returns boolean
language sql immutable parallel safe set search_path = pg_catalog
begin atomic
  select permission ~ ':(manage|decide|review)$' or permission like 'break-glass:%';
end;
alter function kluis_auth.is_for_people(text) owner to kluis_identity;

create or replace function kluis_auth.guard_program() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  if tg_table_name = 'user_account' and tg_op = 'UPDATE' then
    if new.kind <> old.kind then
      raise exception 'a program stays a program, and a person a person' using errcode = 'KL427';
    end if;
  end if;
  if exists (
    select from kluis.user_account u join kluis.role_permission p on p.role_id = u.role_id
    where u.kind = 'program' and u.role_id = new.role_id and kluis_auth.is_for_people(p.permission)) then
    raise exception 'the role of a program can not hold what only people decide' using errcode = 'KL427';
  end if;
  return null;
end $$;
alter function kluis_auth.guard_program() owner to kluis_identity;

do $$
declare
  of_people regclass;
begin
  foreach of_people in array array['kluis_auth.session', 'kluis_auth.password', 'kluis_auth.totp', 'kluis_auth.passkey', 'kluis_auth.recovery_code', 'kluis_auth.invite', 'kluis_auth.federated_identity', 'kluis_auth.provisioned_user']::regclass[] loop
    execute format('create or replace trigger c_program before insert or update on %s for each row execute function kluis_auth.refuse_program()', of_people);
  end loop;
end $$;
create or replace trigger x_program after insert or update on kluis.user_account for each row execute function kluis_auth.guard_program();
create or replace trigger x_program after insert or update on kluis.role_permission for each row execute function kluis_auth.guard_program();

-- Who asked for a recovery and who agreed is whoever holds the session, and never a parameter.
create or replace function kluis_auth.stamp_recovery() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid := kluis.uid();
begin
  if asking is null then
    raise exception 'no session' using errcode = '42501';
  end if;
  if tg_op = 'INSERT' then
    new.state := 'asked';
    new.asked_by := asking;
    return new;
  end if;
  if old.state = 'asked' and new.state <> 'asked' then
    new.decided_by := asking;
    new.decided_at := now();
  elsif new.state <> old.state and not (old.state = 'agreed' and new.state = 'stopped') then
    raise exception 'this was decided already' using errcode = 'KL409';
  end if;
  if (new.id, new.user_id, new.asked_by) is distinct from (old.id, old.user_id, old.asked_by) then
    raise exception 'a recovery stays what was asked' using errcode = 'KL409';
  end if;
  return new;
end $$;
alter function kluis_auth.stamp_recovery() owner to kluis_identity;
create or replace trigger c_recovery before insert or update on kluis_auth.recovery for each row execute function kluis_auth.stamp_recovery();

-- Tells somebody something about their own account.
create or replace function kluis.tell_security(whom uuid, what text) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  insert into kluis.security_notice (user_id, kind, told_by) values (whom, what, kluis.uid());
end $$;
alter function kluis.tell_security(uuid, text) owner to kluis_identity;

-- What is still to be mailed, each once: two of these at once mail nobody twice. Not what is a week old: mail was set up later.
create or replace function kluis.take_security_mail()
returns table (id uuid, user_id uuid, language text, kind text)
language plpgsql security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  return query
  update kluis.security_notice n set mailed_at = now()
  from kluis.user_account a
  where a.id = n.user_id and a.status = 'active' and n.mailed_at is null and n.told_at > now() - interval '7 days'
    and n.id in (select due.id from kluis.security_notice due where due.mailed_at is null for update skip locked)
  returning n.id, n.user_id, a.language, n.kind;
end $$;
alter function kluis.take_security_mail() owner to kluis_identity;

create or replace function kluis.give_back_security_mail(ids uuid[]) returns void
language sql security definer set search_path = pg_catalog
begin atomic
  update kluis.security_notice n set mailed_at = null where n.id = any (give_back_security_mail.ids);
end;
alter function kluis.give_back_security_mail(uuid[]) owner to kluis_identity;
