-- id: L22
-- severity: high
-- title: break-glass is looked at afterwards, within three days
-- why: what nobody looks at is a second way in, and no emergency
-- remedy: somebody with the right to review signs it under Approvals; give a second colleague that right where there is none
select 'break-glass ' || b.id as object, 'ended ' || to_char(coalesce(b.ended_at, b.ends_at), 'YYYY-MM-DD HH24:MI') || ', reviewed by nobody' as detail
from kluis.break_glass b
where b.reviewed_at is null and coalesce(b.ended_at, b.ends_at) < now() - interval '3 days'
