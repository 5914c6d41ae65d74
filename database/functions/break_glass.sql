-- Break-glass: for one session and for minutes its owner sees everything and changes nothing. That it is over needs no job:
-- kluis_auth.caller looks at the clock.

create or replace function kluis.open_break_glass(given_id uuid, content kluis.sealed) returns timestamptz
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  caller record;
  until_then timestamptz;
begin
  select c.user_id, c.session_id, c.break_glass_id into caller from kluis_auth.caller c
  where 'break-glass:use' = any (c.permissions);
  if caller.user_id is null or caller.break_glass_id is not null then
    return null;
  end if;
  insert into kluis.break_glass (id, user_id, session_id, content_sealed, ends_at)
  select given_id, caller.user_id, caller.session_id, content, now() + make_interval(mins => s.break_glass_minutes)
  from kluis.safeguard s
  returning ends_at into until_then;
  insert into kluis.notification (user_id, kind, break_glass_id, told_by)
  select s.user_id, 'break-glass-opened', given_id, caller.user_id
  from kluis_auth.standing s
  where 'break-glass:review' = any (s.permissions) and s.user_id <> caller.user_id;
  perform kluis_ledger.record_event('break-glass-opened', '{}', given_id);
  return until_then;
end $$;
alter function kluis.open_break_glass(uuid, kluis.sealed) owner to kluis_identity;

-- It is over, by whatever hand or by the clock: those who review hear that it waits for them.
create or replace function kluis_auth.end_break_glass_of(which uuid, at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  update kluis.break_glass b set ended_at = at, row_version = b.row_version + 1 where b.id = which;
  insert into kluis.notification (user_id, kind, break_glass_id, told_by)
  select s.user_id, 'break-glass-ended', which, kluis.uid()
  from kluis_auth.standing s join kluis.break_glass b on b.id = which
  where 'break-glass:review' = any (s.permissions) and s.user_id <> b.user_id;
  perform kluis_ledger.record_event('break-glass-ended', '{}', which);
end $$;
alter function kluis_auth.end_break_glass_of(uuid, timestamptz) owner to kluis_identity;

-- What ran out since this was last asked; gives how many. Two at once tell nobody twice.
create or replace function kluis.tell_ended_break_glass() returns int
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  over uuid[];
begin
  select coalesce(array_agg(due.id), '{}') into over
  from (select b.id from kluis.break_glass b where b.ended_at is null and b.ends_at <= now() for update skip locked) due;
  perform kluis_auth.end_break_glass_of(b.id, b.ends_at) from kluis.break_glass b where b.id = any (over);
  return cardinality(over);
end $$;
alter function kluis.tell_ended_break_glass() owner to kluis_identity;

-- Its owner ends it, or somebody who reviews.
create or replace function kluis.end_break_glass(which uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog
as $$
declare
  asking uuid := kluis.uid();
begin
  perform from kluis.break_glass b
  where b.id = which and b.ended_at is null and b.ends_at > now()
    and (b.user_id = asking or kluis.may('break-glass:review'))
  for update;
  if not found then
    return false;
  end if;
  perform kluis_auth.end_break_glass_of(which, now());
  return true;
end $$;
alter function kluis.end_break_glass(uuid) owner to kluis_identity;

-- What was opened meanwhile, and which of it its owner sees without break-glass too. For who reviews, and not for oneself.
create or replace function kluis.break_glass_openings(which uuid)
returns table (at timestamptz, purpose text, kind text, table_name text, subject_id uuid, is_own boolean)
language plpgsql stable security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  return query
  select o.at, o.purpose, o.kind, o.table_name, subject.id,
    coalesce(array[p.owner_id, p.team_id, c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000']
      && coalesce(kluis_auth.scope_in(sees || ':see', s.permissions, s.reaches, s.scope),
        kluis_auth.scope_in(sees || ':outline', s.permissions, s.reaches, s.scope)), false)
  from kluis.break_glass b
  join kluis.opening o on o.session_id = b.session_id and o.at between b.opened_at and coalesce(b.ended_at, b.ends_at)
  cross join unnest(o.subject_ids) as subject(id)
  left join kluis.person p on p.id = subject.id
  left join kluis.company c on c.id = subject.id
  left join kluis_auth.standing s on s.user_id = b.user_id
  cross join lateral (select case when p.id is not null then 'people' else 'companies' end as sees) of_kind
  where b.id = which and kluis.may('break-glass:review') and b.user_id <> kluis.uid()
  order by o.kind = 'list', o.at
  limit 2000;
end $$;
alter function kluis.break_glass_openings(uuid) owner to kluis_identity;

create or replace function kluis.review_break_glass(which uuid, content kluis.sealed, counter int) returns boolean
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  update kluis.break_glass b set reviewed_by = kluis.uid(), reviewed_at = now(), content_sealed = content,
    content_seal_counter = counter, ended_at = coalesce(b.ended_at, b.ends_at), row_version = b.row_version + 1
  where b.id = which and b.reviewed_at is null and coalesce(b.ended_at, b.ends_at) <= now()
    and b.user_id <> kluis.uid() and kluis.may('break-glass:review');
  if not found then
    return false;
  end if;
  perform kluis_ledger.record_event('break-glass-reviewed', '{}', which);
  return true;
end $$;
alter function kluis.review_break_glass(uuid, kluis.sealed, int) owner to kluis_identity;
