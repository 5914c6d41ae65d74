-- A role that came with a release of its own has limits from the start, too.
insert into kluis.budget (role_id, kind, hour_soft, hour_hard, day_soft, day_hard)
select r.id, b.kind, b.hour_soft, b.hour_hard, b.day_soft, b.day_hard
from kluis.role r join kluis.budget b on b.role_id = 'sales'
on conflict (role_id, kind) do nothing;
