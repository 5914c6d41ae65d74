-- id: L15
-- severity: high
-- title: no publication, subscription or logical slot carries rows away
-- why: logical replication is above row security
-- remedy: drop publication NAME; select pg_drop_replication_slot(NAME)
select pubname::text as object, 'publication' as detail from pg_publication
union all
select slot_name::text, 'logical slot' from pg_replication_slots where slot_type = 'logical'
