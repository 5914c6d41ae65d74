-- What asks more than a session: a grant, and where the organisation chose so somebody else's approval. Only here are they
-- used up.

-- Whether somebody else must agree. Changing what takes four eyes takes four eyes itself.
create or replace function kluis.takes_four_eyes(wanted text) returns boolean
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
  select exists (select from kluis.safeguard s
    where wanted = any (s.four_eyes) or (wanted = 'change-safeguards' and s.four_eyes <> '{}'));
end;
alter function kluis.takes_four_eyes(text) owner to kluis_identity;

-- Lets one request pass, or says what it lacks. Two requests with one grant or one approval wait for each other on its row,
-- and the second finds it used. The program looks at what bound the rows it is given here.
create or replace function kluis.pass_guard(hash bytea, wanted text, asked bytea)
returns table (lacks text, grant_id uuid, approval_id uuid, approved_by uuid, proof bytea)
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  caller record;
  agreed record;
begin
  select c.user_id, c.session_id into caller from kluis_auth.caller c;
  if kluis.takes_four_eyes(wanted) then
    select a.id, a.decided_by, a.proof into agreed from kluis.approval a
    where a.created_by = caller.user_id and a.operation = wanted and a.request = asked
      and a.is_approved and a.used_at is null and a.withdrawn_at is null and a.expires_at > now()
    order by a.decided_at limit 1 for update;
    if agreed.id is null then
      return query select 'approval-needed', null::uuid, null::uuid, null::uuid, null::bytea;
      return;
    end if;
    approval_id := agreed.id;
    approved_by := agreed.decided_by;
    proof := agreed.proof;
  end if;
  update kluis_auth.step_up s set used_at = now()
  where s.token_hash = hash
    and s.session_id = caller.session_id and s.user_id = caller.user_id
    and s.operation = wanted and s.request = asked
    and s.used_at is null and s.expires_at > now()
  returning s.id into grant_id;
  if grant_id is null then
    return query select 'step-up-needed', null::uuid, null::uuid, null::uuid, null::bytea;
    return;
  end if;
  perform kluis_ledger.record_event('step-up-used', jsonb_build_object('operation', wanted), grant_id);
  if approval_id is not null then
    update kluis.approval a set used_at = now(), row_version = a.row_version + 1 where a.id = approval_id;
    perform kluis_ledger.record_event('approval-used', jsonb_build_object('operation', wanted), approval_id);
  end if;
  return next;
end $$;
alter function kluis.pass_guard(bytea, text, bytea) owner to kluis_identity;

-- Who gave somebody their rights, told by the accounts and the roles themselves.
create or replace function kluis_auth.account_rights_given() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid := kluis.uid();
begin
  if asking is not null and asking <> new.id
    and (tg_op = 'INSERT' or (old.role_id, old.status) is distinct from (new.role_id, new.status)) then
    insert into kluis_auth.rights_given as g (user_id, given_by) values (new.id, asking)
    on conflict (user_id, given_by) do update set given_at = now();
  end if;
  return null;
end $$;
alter function kluis_auth.account_rights_given() owner to kluis_identity;
create or replace trigger y_rights_given after insert or update on kluis.user_account for each row execute function kluis_auth.account_rights_given();

create or replace function kluis_auth.role_rights_given() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid := kluis.uid();
begin
  if asking is not null then
    insert into kluis_auth.rights_given as g (user_id, given_by)
    select a.id, asking from kluis.user_account a where a.role_id = new.role_id and a.id <> asking
    on conflict (user_id, given_by) do update set given_at = now();
  end if;
  return null;
end $$;
alter function kluis_auth.role_rights_given() owner to kluis_identity;
create or replace trigger y_rights_given after insert or update on kluis.role_permission for each row execute function kluis_auth.role_rights_given();

-- Whether somebody is here by a provider of sign-in, or a directory, that another set up or gave a token to, and either is of
-- less than a week ago: who came that way may be whoever the other likes.
create or replace function kluis_auth.came_by_provider_of(newcomer uuid, maker uuid) returns boolean
language sql stable security definer set search_path = pg_catalog
begin atomic
  select exists (
    select from kluis_auth.identity_provider p
    join kluis.user_account u on u.id = newcomer
    where (exists (select from kluis_auth.federated_identity f where f.provider_id = p.id and f.user_id = newcomer)
        or exists (select from kluis_auth.provisioned_user v where v.provider_id = p.id and v.user_id = newcomer))
      and (maker in (p.created_by, p.updated_by) and greatest(p.updated_at, u.created_at) > now() - interval '7 days'
        or exists (select from kluis_auth.scim_token k where k.provider_id = p.id and k.created_by = maker
          and greatest(k.created_at, u.created_at) > now() - interval '7 days')));
end;
alter function kluis_auth.came_by_provider_of(uuid, uuid) owner to kluis_identity;

-- Whether `decider` may agree to what `asker` asks: somebody else, with the right, who did not get it from the asker just now.
create or replace function kluis_auth.may_decide(decider uuid, asker uuid) returns boolean
language sql stable security definer set search_path = pg_catalog
begin atomic
  select decider <> asker
    and exists (select from kluis_auth.standing s where s.user_id = decider and 'approvals:decide' = any (s.permissions))
    and not exists (select from kluis_auth.rights_given g
      where g.user_id = decider and g.given_by = asker and g.given_at > now() - interval '7 days')
    -- A link to begin anew, made by the asker: whoever used it may be the asker.
    and not exists (select from kluis_auth.invite i
      where i.user_id = decider and i.created_by = asker and i.code_hash is not null and i.created_at > now() - interval '7 days')
    and not kluis_auth.came_by_provider_of(decider, asker);
end;
alter function kluis_auth.may_decide(uuid, uuid) owner to kluis_identity;

-- How many others could agree to what the caller asks.
create or replace function kluis.count_deciders() returns int
language sql stable security definer set search_path = pg_catalog
begin atomic
  select count(*)::int from kluis_auth.standing s, (select kluis.uid() as id) me where kluis_auth.may_decide(s.user_id, me.id);
end;
alter function kluis.count_deciders() owner to kluis_identity;

-- Whether the caller could agree to what this colleague asks.
create or replace function kluis.may_decide_for(asker uuid) returns boolean
language sql stable security definer set search_path = pg_catalog
begin atomic
  select coalesce(kluis_auth.may_decide(kluis.uid(), asker), false);
end;
alter function kluis.may_decide_for(uuid) owner to kluis_identity;

-- Decides. The constraint of the table refuses one's own request as well. Gives what stood in the way, or null.
create or replace function kluis.decide_approval(which uuid, approve boolean, content kluis.sealed, counter int, bound bytea)
returns text
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid := kluis.uid();
  waiting kluis.approval;
begin
  if not kluis.may('approvals:decide') then
    return 'not-allowed';
  end if;
  select * into waiting from kluis.approval a where a.id = which for update;
  if waiting.id is null then
    return 'not-found';
  elsif waiting.created_by = asking then
    return 'own';
  elsif waiting.decided_at is not null or waiting.withdrawn_at is not null or waiting.expires_at <= now() then
    return 'already-done';
  elsif not kluis_auth.may_decide(asking, waiting.created_by) then
    return 'too-new';
  end if;
  update kluis.approval a set decided_by = asking, decided_at = now(), is_approved = approve, proof = case when approve then bound end,
    content_sealed = content, content_seal_counter = counter,
    -- It is done within a day, or asked again.
    expires_at = least(now() + interval '1 day', a.created_at + interval '4 days'),
    row_version = a.row_version + 1
  where a.id = which;
  perform kluis_ledger.record_event(case when approve then 'approval-given' else 'approval-refused' end,
    jsonb_build_object('operation', waiting.operation), which);
  -- It waits for nobody any more.
  update kluis.notification n set read_at = now() where n.approval_id = which and n.kind = 'approval-asked' and n.read_at is null;
  insert into kluis.notification (user_id, kind, approval_id, told_by)
  values (waiting.created_by, case when approve then 'approval-approved' else 'approval-refused' end, which, asking);
  return null;
end $$;
alter function kluis.decide_approval(uuid, boolean, kluis.sealed, int, bytea) owner to kluis_identity;

create or replace function kluis.withdraw_approval(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  update kluis.approval a set withdrawn_at = now(), row_version = a.row_version + 1
  where a.id = which and a.created_by = kluis.uid() and a.used_at is null and a.withdrawn_at is null
    and (a.decided_at is null or a.is_approved);
  if not found then
    return false;
  end if;
  update kluis.notification n set read_at = now() where n.approval_id = which and n.kind = 'approval-asked' and n.read_at is null;
  perform kluis_ledger.record_event('approval-withdrawn', '{}', which);
  return true;
end $$;
alter function kluis.withdraw_approval(uuid) owner to kluis_identity;

-- Those who could agree are told of each new request.
create or replace function kluis.approval_asked() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  -- Whoever asks without end hides one among many, or tires those who decide. Two at once wait for each other.
  perform pg_advisory_xact_lock(hashtextextended('kluis.approval ' || new.created_by, 0));
  if (select count(*) from kluis.approval a where a.created_by = new.created_by and a.decided_at is null and a.withdrawn_at is null and a.expires_at > now()) > 20 then
    raise exception 'too many approvals are asked' using errcode = 'KL428';
  end if;
  insert into kluis.notification (user_id, kind, approval_id, told_by)
  select s.user_id, 'approval-asked', new.id, new.created_by
  from kluis_auth.standing s where kluis_auth.may_decide(s.user_id, new.created_by);
  perform kluis_ledger.record_event('approval-asked', jsonb_build_object('operation', new.operation), new.id);
  return null;
end $$;
alter function kluis.approval_asked() owner to kluis_identity;
create or replace trigger y_asked after insert on kluis.approval for each row execute function kluis.approval_asked();
