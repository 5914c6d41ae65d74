-- Whom a mail is due, and of how much: numbers, no record and no name. What somebody has read, may no longer see, or was
-- mailed of before, is left out. Takes them: two of these at once mail nobody twice.
create or replace function kluis.take_due_mail()
returns table (user_id uuid, language text, told_from timestamptz, told_until timestamptz, counts jsonb)
language plpgsql security definer set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(hashtext('kluis.take_due_mail'));
  return query
  with asked as (
    select a.id, a.language as words,
      -- Whoever never chose hears soon, and when mail is first set up not of last year.
      coalesce(m.told_until, now() - interval '1 day') as from_then,
      case coalesce(m.wish, 'soon')
        -- The last time that it was seven in the morning.
        when 'daily' then date_trunc('day', now() - interval '7 hours') + interval '7 hours'
        -- A moment, in which they may read it themselves.
        when 'soon' then now() - interval '2 minutes'
      end as until_then
    from kluis.user_account a
    left join kluis.notification_mail m on m.user_id = a.id
    where a.status = 'active'
  ), told as (
    select a.id, n.kind
    from asked a
    join kluis.notification n on n.user_id = a.id and n.read_at is null and n.kind <> 'alarm' and n.told_at > a.from_then and n.told_at <= a.until_then
    left join kluis.person p on p.id = n.person_id
    left join kluis.company c on c.id = n.company_id
    where (n.person_id is null or kluis_auth.colleague_may(a.id, 'people:see', p.owner_id, p.team_id, p.id))
      and (n.company_id is null or kluis_auth.colleague_may(a.id, 'companies:see', c.owner_id, c.team_id, c.id))
    union all
    select a.id, 'reminder'
    from asked a
    join kluis.task t on t.assignee_id = a.id and t.done_at is null and t.remind_at > a.from_then and t.remind_at <= a.until_then
    where not exists (select from kluis.notification n
        where n.task_id = t.id and n.kind = 'reminder' and n.user_id = a.id and n.told_at >= t.remind_at)
  ), counted as (
    select one.id, jsonb_object_agg(one.kind, one.how_many) as of_kinds
    from (select t.id, t.kind, count(*) as how_many from told t group by t.id, t.kind) one
    group by one.id
  ), taken as (
    insert into kluis.notification_mail as m (user_id, told_until)
    select a.id, a.until_then from asked a join counted c on c.id = a.id
    on conflict on constraint notification_mail_pkey do update set told_until = excluded.told_until
  )
  select a.id, a.words, a.from_then, a.until_then, c.of_kinds
  from asked a join counted c on c.id = a.id;
end $$;
alter function kluis.take_due_mail() owner to kluis_identity;

-- The mail did not leave: it is due again. Moments come back in whole milliseconds.
create or replace function kluis.give_back_mail(recipient uuid, told_from timestamptz, told_until timestamptz) returns void
language sql security definer set search_path = pg_catalog
begin atomic
  update kluis.notification_mail m set told_until = give_back_mail.told_from
  where m.user_id = give_back_mail.recipient and m.told_until < give_back_mail.told_until + interval '1 millisecond';
end;
alter function kluis.give_back_mail(uuid, timestamptz, timestamptz) owner to kluis_identity;
