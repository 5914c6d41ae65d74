-- id: L20
-- severity: medium
-- title: the rights of every colleague were looked at in the last quarter
-- why: rights that nobody looks at grow, and whoever takes over an old account gets them all
-- remedy: look at them in Settings, under access review; a fortnight after the day it was due this shows
select u.id::text as object, 'last looked at on ' || u.rights_reviewed_at::date as detail
from kluis.user_account u
where u.status = 'active' and u.rights_reviewed_at < now() - interval '3 months 14 days'
