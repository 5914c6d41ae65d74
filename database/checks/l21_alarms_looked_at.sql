-- id: L21
-- severity: high
-- title: every alarm was looked at within three days, and nobody stays frozen for a week
-- why: an alarm that nobody looks at stops nobody, and a colleague who is forgotten works around Kluis
-- remedy: Settings → Budgets: look at the alarms and at who is frozen, and say what was found
select a.id::text as object, 'alarm of ' || a.created_at::date || ', looked at by nobody' as detail
from kluis.alarm a
where a.reviewed_at is null and a.created_at < now() - interval '3 days'
union all
select f.id::text, 'frozen since ' || f.created_at::date
from kluis.freeze f join kluis.user_account u on u.id = f.user_id
where f.lifted_at is null and u.status = 'active' and f.created_at < now() - interval '7 days'
