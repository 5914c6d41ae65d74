-- A role that came before these limits, or with a migration, begins with those of sales.
do $$
begin
  if exists (select from kluis.role r where not exists (select from kluis.budget b where b.role_id = r.id)) then
    insert into kluis.budget (role_id, kind, hour_soft, hour_hard, day_soft, day_hard)
    select r.id, b.kind, b.hour_soft, b.hour_hard, b.day_soft, b.day_hard
    from kluis.role r join kluis.budget b on b.role_id = 'sales'
    on conflict (role_id, kind) do nothing;
  end if;
end $$;
