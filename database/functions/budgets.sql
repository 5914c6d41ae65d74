-- The door: what somebody learns of customers is counted and refused here, in the statement that reads the sealed rows.
-- So it holds for every process, session and key of a person at once, and through a restart.

-- The trace of an opening, and its count. Person and session come from the token, not from a parameter. Gives the number
-- of the trace, or 0 where none is kept; -1 where the person must step up first, -2 where they are frozen: then whoever
-- asks must show nothing. `customers` are the people and companies behind the rows, each once; none where the program works with them
-- and shows nobody. `canaries` are those among the asked that only the program knows.
create or replace function kluis.record_opening(purpose text, table_name text, subject_ids uuid[], kind text, customers uuid[] default null, canaries uuid[] default null)
returns bigint
-- Plans are kept, and one made while few had been seen would read all of them once there are many.
language plpgsql security definer set search_path = pg_catalog set enable_seqscan = off
as $$
#variable_conflict use_variable
declare
  asking record;
  counts_as text := case kind when 'dossier' then 'opened' when 'look' then 'opened' when 'download' then 'opened' when 'reveal' then 'revealed' when 'export' then 'exported'
    else case when kind = 'none' and purpose = 'export' then 'exported' when kind = 'none' and purpose = 'reveal' then 'revealed' else 'listed' end end;
  said int;
  opening_id bigint;
begin
  select c.user_id, c.session_id, c.session_kind, c.role_id into asking from kluis_auth.caller c;
  if asking.user_id is null then
    raise exception 'no session' using errcode = '42501';
  end if;
  -- Row security shows nothing to whoever is frozen; this says why.
  if subject_ids is null then
    return case when exists (select from kluis.freeze f where f.user_id = asking.user_id and f.lifted_at is null) then -2 else 0 end;
  end if;
  if asking.session_kind = 'operator' then
    perform kluis.count_by_operator(asking.user_id, asking.role_id, counts_as, cardinality(customers));
  elsif cardinality(customers) > (
      select count(*) from kluis.budget_seen s
      where s.user_id = asking.user_id and s.subject_id = any (customers)
        and case counts_as when 'listed' then s.listed_at when 'opened' then s.opened_at when 'revealed' then s.revealed_at else s.exported_at end
          > now() - interval '24 hours') then
    said := kluis.count_customers(asking.user_id, asking.session_id, asking.role_id, counts_as, customers);
    if said < 0 then return said; end if;
  end if;
  -- A look has its trace where something sealed is opened with it; of a canary it always has.
  if kind = 'none' or (kind = 'look' and canaries is null) then return 0; end if;
  kind := case kind when 'look' then 'dossier' else kind end;
  -- A trace of a look may be lost with the last fraction of a second before a crash; an export's may not.
  if kind in ('list', 'dossier') then
    perform set_config('synchronous_commit', 'off', true);
  end if;
  insert into kluis.opening (user_id, session_id, purpose, kind, table_name, subject_ids)
  values (asking.user_id, asking.session_id, purpose, kind, table_name, subject_ids)
  returning id into opening_id;
  if canaries && subject_ids and kind in ('dossier', 'reveal', 'export', 'download') then
    return kluis.canary_met(asking.user_id, asking.role_id, kind, opening_id);
  end if;
  return opening_id;
end $$;
alter function kluis.record_opening(text, text, uuid[], text, uuid[], uuid[]) owner to kluis_identity;

-- Counts those the person did not learn of in this way within a day: 0, or why not. One request of a person after the
-- other, so that a hundred at once find what each of the others took. Whoever opens a dossier reads its name too.
-- Only record_opening calls it, as its owner and with its settings: setting them once more costs as much as the counting.
drop function if exists kluis.count_customers(uuid, uuid, text, text, uuid[]);
create function kluis.count_customers(person uuid, in_session uuid, role text, counts_as text, customers uuid[]) returns int
language plpgsql
as $$
declare
  kinds text[] := case counts_as when 'revealed' then array['revealed', 'opened', 'listed'] when 'opened' then array['opened', 'listed'] else array[counts_as] end;
  this_quarter timestamptz := date_bin('15 minutes', now(), 'epoch');
  a_day_ago timestamptz := now() - interval '24 hours';
  asked int := cardinality(customers);
  known record;
  dues int[];
  one record;
  most record;
  lists boolean := counts_as <> 'exported';
  opens boolean := counts_as in ('opened', 'revealed');
  may_go_on boolean;
  written int;
begin
  perform pg_advisory_xact_lock(hashtextextended('kluis.budget ' || person, 0));
  if exists (select from kluis.freeze f where f.user_id = person and f.lifted_at is null) then return -2; end if;

  select count(*) as any_way, count(*) filter (where s.listed_at > a_day_ago) as listed, count(*) filter (where s.opened_at > a_day_ago) as opened,
    count(*) filter (where s.revealed_at > a_day_ago) as revealed, count(*) filter (where s.exported_at > a_day_ago) as exported
  into known from kluis.budget_seen s where s.user_id = person and s.subject_id = any (customers);
  dues := case counts_as when 'revealed' then array[asked - known.revealed, asked - known.opened, asked - known.listed]
    when 'opened' then array[asked - known.opened, asked - known.listed]
    when 'exported' then array[asked - known.exported] else array[asked - known.listed] end;

  for one in
    select k.kind, k.due, b.hour_soft, b.hour_hard, b.day_soft, b.day_hard, u.in_day, u.tried_in_day, u.in_hour, u.tried_in_hour
    from unnest(kinds, dues) with ordinality as k(kind, due, at)
    left join kluis.budget b on b.role_id = role and b.kind = k.kind
    -- Whole quarters that reach into the last hour or day: never less than what counts.
    cross join lateral (
      select
        coalesce(sum(x.counted - x.forgiven), 0) as in_day,
        coalesce(sum(x.counted + x.refused - x.forgiven), 0) as tried_in_day,
        coalesce(sum(x.counted - x.forgiven) filter (where x.quarter > now() - interval '75 minutes'), 0) as in_hour,
        coalesce(sum(x.counted + x.refused - x.forgiven) filter (where x.quarter > now() - interval '75 minutes'), 0) as tried_in_hour
      from kluis.budget_use x
      where x.user_id = person and x.kind = k.kind and x.quarter > now() - interval '24 hours 15 minutes') u
    where k.due > 0
    order by k.at
  loop
    most := one;
    -- A role for which nobody wrote limits has the least that any has.
    if one.hour_soft is null then
      select min(b.hour_soft) as hour_soft, min(b.hour_hard) as hour_hard, min(b.day_soft) as day_soft, min(b.day_hard) as day_hard
      into most from kluis.budget b where b.kind = one.kind;
    end if;
    continue when one.in_hour + one.due <= most.hour_soft and one.in_day + one.due <= most.day_soft
      and one.tried_in_hour + one.due <= most.hour_hard and one.tried_in_day + one.due <= most.day_hard;

    may_go_on := coalesce(may_go_on, exists (select from kluis.budget_raise r where r.session_id = in_session and r.until > now()));
    if one.tried_in_hour + one.due > most.hour_hard or one.tried_in_day + one.due > most.day_hard then
      -- One page too large for whoever is below the soft limit is no misuse yet: they step up first.
      if may_go_on or one.tried_in_hour > most.hour_soft or one.tried_in_day > most.day_soft then
        perform kluis.freeze_over(person, 'budget', 'hard-limit', one.kind, null);
        return -2;
      end if;
    end if;
    if not may_go_on then
      insert into kluis.budget_use as u (user_id, kind, quarter, refused) values (person, one.kind, this_quarter, one.due)
      on conflict (user_id, kind, quarter) do update set refused = u.refused + excluded.refused;
      return -1;
    end if;
  end loop;

  if known.any_way = 0 then
    -- Nobody else writes of this person now: without a conflict to look for, a row costs half.
    insert into kluis.budget_seen (user_id, subject_id, listed_at, opened_at, revealed_at, exported_at)
    select person, one_of.id, case when lists then now() end, case when opens then now() end,
      case when counts_as = 'revealed' then now() end, case when counts_as = 'exported' then now() end
    from unnest(customers) as one_of(id);
  elsif known.any_way = asked then
    -- Met in a list, and now opened: as most dossiers are.
    update kluis.budget_seen s set
      listed_at = case when s.listed_at > a_day_ago or not lists then s.listed_at else now() end,
      opened_at = case when s.opened_at > a_day_ago or not opens then s.opened_at else now() end,
      revealed_at = case when s.revealed_at > a_day_ago or counts_as <> 'revealed' then s.revealed_at else now() end,
      exported_at = case when s.exported_at > a_day_ago or counts_as <> 'exported' then s.exported_at else now() end
    where s.user_id = person and s.subject_id = any (customers);
  else
    -- Whom the person knew keeps the moment from which they count anew.
    insert into kluis.budget_seen as s (user_id, subject_id, listed_at, opened_at, revealed_at, exported_at)
    select person, one_of.id, case when lists then now() end, case when opens then now() end,
      case when counts_as = 'revealed' then now() end, case when counts_as = 'exported' then now() end
    from unnest(customers) as one_of(id)
    on conflict (user_id, subject_id) do update set
      listed_at = case when s.listed_at > a_day_ago then s.listed_at else excluded.listed_at end,
      opened_at = case when s.opened_at > a_day_ago then s.opened_at else excluded.opened_at end,
      revealed_at = case when s.revealed_at > a_day_ago then s.revealed_at else excluded.revealed_at end,
      exported_at = case when s.exported_at > a_day_ago then s.exported_at else excluded.exported_at end;
  end if;
  update kluis.budget_use u set counted = u.counted + dues[array_position(kinds, u.kind)]
  where u.user_id = person and u.kind = any (kinds) and u.quarter = this_quarter and dues[array_position(kinds, u.kind)] > 0;
  get diagnostics written = row_count;
  if written < cardinality(array_remove(dues, 0)) then
    insert into kluis.budget_use (user_id, kind, quarter, counted)
    select person, k.kind, this_quarter, k.due from unnest(kinds, dues) as k(kind, due) where k.due > 0
    on conflict (user_id, kind, quarter) do nothing;
    -- Once a quarter: what no longer keeps anybody from being counted.
    delete from kluis.budget_seen s where s.user_id = person
      and greatest(s.listed_at, s.opened_at, s.revealed_at, s.exported_at) < now() - interval '25 hours';
    delete from kluis.budget_use u where u.user_id = person and u.quarter < now() - interval '92 days';
  end if;
  return 0;
end $$;
alter function kluis.count_customers(uuid, uuid, text, text, uuid[]) owner to kluis_identity;

-- The operator of the machine has the keys at hand: what they do in somebody's name is traced and not limited, takes nothing of
-- that colleague's budget, and alarms once a day above the hard limit of the colleague's role. Each look counts.
create or replace function kluis.count_by_operator(person uuid, role text, counts_as text, many int) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  in_day bigint;
begin
  if coalesce(many, 0) = 0 then return; end if;
  insert into kluis.budget_use as u (user_id, kind, quarter, by_operator) values (person, counts_as, date_bin('15 minutes', now(), 'epoch'), many)
  on conflict (user_id, kind, quarter) do update set by_operator = u.by_operator + excluded.by_operator;
  select sum(u.by_operator) into in_day from kluis.budget_use u
  where u.user_id = person and u.kind = counts_as and u.quarter > now() - interval '24 hours 15 minutes';
  if in_day > (select min(b.day_hard) from kluis.budget b where b.kind = counts_as and b.role_id = role)
    and not exists (select from kluis.alarm a where a.user_id = person and a.kind = 'by-operator' and a.budget_kind = counts_as and a.created_at > now() - interval '24 hours') then
    perform kluis.raise_alarm(person, 'by-operator', counts_as, null, null);
  end if;
end $$;
alter function kluis.count_by_operator(uuid, text, text, int) owner to kluis_identity;

create or replace function kluis.freeze_over(person uuid, reason text, alarm_kind text, budget_kind text, opening bigint) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  frozen uuid;
begin
  insert into kluis.freeze (user_id, why) values (person, reason)
  on conflict (user_id) where lifted_at is null do nothing returning id into frozen;
  perform kluis.raise_alarm(person, alarm_kind, budget_kind, opening, frozen);
end $$;
alter function kluis.freeze_over(uuid, text, text, text, bigint) owner to kluis_identity;

-- Everybody who sees alarms is told, but for whom it is about and who did it. What the operator of the machine did in
-- somebody's name, they are told of too.
create or replace function kluis.raise_alarm(person uuid, alarm_kind text, counted text, opening bigint, frozen uuid) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  did uuid := case when alarm_kind in ('frozen-by-hand', 'let-go') then coalesce(kluis.uid(), person) else person end;
  raised uuid;
begin
  insert into kluis.alarm (kind, user_id, budget_kind, opening_id, freeze_id) values (alarm_kind, person, counted, opening, frozen) returning id into raised;
  insert into kluis.notification (user_id, kind, alarm_id, told_by)
  select s.user_id, 'alarm', raised, did
  from kluis_auth.standing s
  where 'alarms:see' = any (s.permissions) and (alarm_kind = 'by-operator' or s.user_id not in (person, did));
end $$;
alter function kluis.raise_alarm(uuid, text, text, bigint, uuid) owner to kluis_identity;

-- A canary was opened or taken out: told once a quarter of an hour for each person, however many they met.
create or replace function kluis.canary_met(person uuid, role text, opening_kind text, opening bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  met text := case opening_kind when 'export' then 'canary-exported' else 'canary-opened' end;
begin
  if met = 'canary-opened' and exists (select from kluis.budget b where b.role_id = role and b.kind = 'opened' and b.freezes_on_canary) then
    perform kluis.freeze_over(person, 'canary', met, null, opening);
    return -2;
  end if;
  if not exists (select from kluis.alarm a where a.user_id = person and a.kind = met and a.reviewed_at is null and a.created_at > now() - interval '15 minutes') then
    perform kluis.raise_alarm(person, met, null, opening, null);
  end if;
  return opening;
end $$;
alter function kluis.canary_met(uuid, text, text, bigint) owner to kluis_identity;

-- Whoever lifts a freeze lets the person begin anew: what was counted until then stands in the way no more.
create or replace function kluis.freeze_lifted() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  update kluis.budget_use u set forgiven = u.counted, refused = 0
  where u.user_id = new.user_id and u.quarter > now() - interval '25 hours';
  delete from kluis.budget_raise r using kluis_auth.session s where s.id = r.session_id and s.user_id = new.user_id;
  perform kluis.raise_alarm(new.user_id, 'let-go', null, null, new.id);
  return null;
end $$;
alter function kluis.freeze_lifted() owner to kluis_identity;
create or replace trigger y_lifted after update on kluis.freeze for each row
  when (old.lifted_at is null and new.lifted_at is not null) execute function kluis.freeze_lifted();

-- A colleague who freezes another, or somebody else's session that does, is seen by whoever looks at alarms.
create or replace function kluis.frozen_by_hand() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  perform kluis.raise_alarm(new.user_id, 'frozen-by-hand', null, null, new.id);
  return null;
end $$;
alter function kluis.frozen_by_hand() owner to kluis_identity;
create or replace trigger y_by_hand after insert on kluis.freeze for each row
  when (new.why = 'by-hand') execute function kluis.frozen_by_hand();

-- A role that an organisation makes begins with the limits of sales.
create or replace function kluis.role_budgeted() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  insert into kluis.budget (role_id, kind, hour_soft, hour_hard, day_soft, day_hard)
  select new.id, b.kind, b.hour_soft, b.hour_hard, b.day_soft, b.day_hard from kluis.budget b where b.role_id = 'sales'
  on conflict (role_id, kind) do nothing;
  return null;
end $$;
alter function kluis.role_budgeted() owner to kluis_identity;
create or replace trigger y_budgeted after insert on kluis.role for each row execute function kluis.role_budgeted();

-- What the caller used of a budget within the day, and how many more they may have before they step up and before they are
-- frozen: for work that is refused whole rather than broken off. The door counts all the same.
drop function if exists kluis.budget_left(text);
create function kluis.budget_left(counts_as text) returns table (used int, soft int, hard int)
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
  return query
  select u.in_day::int,
    case when r.session_id is null then greatest(0, least(b.hour_soft - u.in_hour, b.day_soft - u.in_day)) else l.hard end::int,
    l.hard::int
  from kluis_auth.caller c
  join kluis.budget b on b.role_id = c.role_id and b.kind = counts_as
  left join kluis.budget_raise r on r.session_id = c.session_id and r.until > now()
  cross join lateral (
    select coalesce(sum(x.counted - x.forgiven), 0) as in_day,
      coalesce(sum(x.counted - x.forgiven) filter (where x.quarter > now() - interval '75 minutes'), 0) as in_hour
    from kluis.budget_use x
    where x.user_id = c.user_id and x.kind = counts_as and x.quarter > now() - interval '24 hours 15 minutes') u
  cross join lateral (select greatest(0, least(b.hour_hard - u.in_hour, b.day_hard - u.in_day)) as hard) l
  where c.session_kind <> 'operator';
end $$;
alter function kluis.budget_left(text) owner to kluis_identity;

create or replace function kluis.is_frozen() returns boolean
language plpgsql stable parallel safe security definer set search_path = pg_catalog
as $$
begin
  return exists (select from kluis_auth.caller c join kluis.freeze f on f.user_id = c.user_id and f.lifted_at is null);
end $$;
alter function kluis.is_frozen() owner to kluis_identity;

-- Who must hear of an alarm by mail, once, and at once. Numbers only.
create or replace function kluis.take_alarm_mail() returns table (user_id uuid, language text, alarms int)
language plpgsql security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  return query
  with taken as (
    update kluis.notification n set mailed_at = now()
    where n.kind = 'alarm' and n.mailed_at is null and n.told_at > now() - interval '1 day'
    returning n.user_id
  )
  select a.id, a.language, count(*)::int
  from taken t join kluis.user_account a on a.id = t.user_id
  where a.status = 'active'
  group by a.id, a.language;
end $$;
alter function kluis.take_alarm_mail() owner to kluis_identity;

-- The records of the opening that an alarm is about; which of them is a canary, the program alone can tell.
create or replace function kluis.alarm_subjects(about uuid) returns uuid[]
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
  return (select o.subject_ids from kluis.alarm a join kluis.opening o on o.id = a.opening_id
    where a.id = about and kluis.may('canaries:manage'));
end $$;
alter function kluis.alarm_subjects(uuid) owner to kluis_identity;

-- The mail did not leave: it is due again.
create or replace function kluis.give_back_alarm_mail(recipients uuid[]) returns void
language sql security definer set search_path = pg_catalog
begin atomic
  update kluis.notification n set mailed_at = null
  where n.user_id = any (recipients) and n.kind = 'alarm' and n.mailed_at > now() - interval '10 minutes';
end;
alter function kluis.give_back_alarm_mail(uuid[]) owner to kluis_identity;

-- The session stepped up a moment ago for this: until the day is over it may go on to the hard limit. A session alone, so
-- that a stolen one gains nothing when its person steps up in theirs.
create or replace function kluis.raise_budget() returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking record;
begin
  select c.session_id into asking from kluis_auth.caller c;
  if asking.session_id is null or not exists (
      select from kluis_auth.step_up g
      where g.session_id = asking.session_id and g.operation = 'more-dossiers' and g.used_at > now() - interval '1 minute') then
    raise exception 'no step-up' using errcode = '42501';
  end if;
  insert into kluis.budget_raise as r (session_id, until) values (asking.session_id, now() + interval '12 hours')
  on conflict (session_id) do update set until = excluded.until;
end $$;
alter function kluis.raise_budget() owner to kluis_identity;

create or replace function kluis.raised_until() returns timestamptz
language plpgsql stable security definer set search_path = pg_catalog
as $$
begin
  return (select r.until from kluis.budget_raise r join kluis_auth.caller c on c.session_id = r.session_id where r.until > now());
end $$;
alter function kluis.raised_until() owner to kluis_identity;
