-- id: R11
-- severity: high
-- title: no role or database overrides a protective setting
-- why: row_security = off or a bent search_path for one role is easily overlooked
-- remedy: alter role NAME reset SETTING
select coalesce(nullif(setrole, 0)::regrole::text, 'all roles') || ' in ' || coalesce((select datname from pg_database d where d.oid = setdatabase), 'all databases') as object, one as detail
from pg_db_role_setting, unnest(setconfig) as one
where split_part(one, '=', 1) not in ('statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout', 'transaction_timeout', 'plan_cache_mode')
