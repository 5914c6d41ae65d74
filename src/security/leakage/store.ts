import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'

export type ColumnRow = {
  table: string
  column: string
  type: string
  /** A constraint lets only words of a fixed list in, or what another table names. */
  is_bound: boolean
  comment: string | null
}

/** Every column of every table of ours, from the database's own catalogue. */
export function listColumns(tx: ReadTx): Promise<ColumnRow[]> {
  return tx.run(sql<ColumnRow>`
    select n.nspname || '.' || c.relname as "table", a.attname as "column",
      case when dn.nspname = 'kluis' then t.typname else format_type(case when t.typelem <> 0 and t.typlen = -1 then t.typelem else t.oid end, null) end as type,
      exists (select from pg_constraint k where k.conrelid = c.oid and k.conkey = array[a.attnum]
        and (k.contype = 'f' or (k.contype = 'c' and pg_get_constraintdef(k.oid) ~ '(= ANY|<@) \\(?ARRAY'))) as is_bound,
      col_description(c.oid, a.attnum) as comment
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_type t on t.oid = a.atttypid
    join pg_namespace dn on dn.oid = t.typnamespace
    where n.nspname like 'kluis%' and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    order by n.nspname, c.relname, a.attnum`)
}
