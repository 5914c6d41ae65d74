import { type RawBuilder, sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import type { SealedClass, SealedTable } from './catalogue.ts'

export type SealedRow = { id: string; subject_id: string; sealed: Buffer; counter: number }

/** Names come from the catalogue and the program, never from a request. */
function sealedColumns(table: SealedTable, sealedClass: SealedClass) {
  const columns = table.classes[sealedClass]
  if (!columns) throw new Error(`${table.table} has no class ${sealedClass}`)
  const subject =
    table.subject === 'itself'
      ? sql.ref('id')
      : table.subject === 'organisation'
        ? sql`(select o.id from kluis.organisation o)`
        : table.subject === 'person'
          ? sql.ref('person_id')
          : sql`coalesce(person_id, company_id)`
  const sealed = sql.ref(columns.column)
  const counter = sql.ref(columns.counterColumn)
  return {
    sealed,
    counter,
    subject,
    list: sql`id, ${subject} as subject_id, ${sealed} as sealed, ${counter} as counter`,
    from: sql.table(`kluis.${table.table}`),
  }
}

/** What is written down about an opening, beside who and when, which the database knows itself. */
export type Trace = { purpose: string; record: string }

/**
 * Rows and the trace of their opening in one statement: only what row security showed is in the trace, and
 * nothing is shown without it.
 */
function traced<T>(tx: ReadTx, table: SealedTable, rows: RawBuilder<T>, trace: Trace | undefined) {
  if (!trace) return tx.run(rows)
  const { purpose, record } = trace
  return tx.run(sql<T>`
    with shown as (${rows})
    select shown.*, (select kluis.record_opening(${purpose}, ${table.table}, (select array_agg(id) from shown), ${record})) as trace
    from shown`)
}

/** The sealed column of the asked rows, as row security shows them. */
export function readSealedRows(
  tx: ReadTx,
  table: SealedTable,
  sealedClass: SealedClass,
  ids: readonly string[],
  trace: Trace | undefined,
): Promise<SealedRow[]> {
  const { sealed, list, from } = sealedColumns(table, sealedClass)
  const rows = sql<SealedRow>`
    select ${list} from ${from}
    where id = any (${ids}::uuid[]) and ${sealed} is not null`
  return traced(tx, table, rows, trace)
}

/** Several sealed columns of the asked rows and readable ones beside them, `id` among them. */
export function readRecords(
  tx: ReadTx,
  table: SealedTable,
  classes: readonly SealedClass[],
  also: readonly string[],
  ids: readonly string[],
  trace: Trace | undefined,
): Promise<Record<string, unknown>[]> {
  const parts = classes.map((sealedClass) => sealedColumns(table, sealedClass))
  const { from, subject } = parts[0]!
  const sealed = parts.map(
    ({ sealed, counter }, at) =>
      sql`, ${sealed} as ${sql.ref(`sealed_${classes[at]}`)}, ${counter} as ${sql.ref(`counter_${classes[at]}`)}`,
  )
  const further = also.map((name) => sql`, ${sql.ref(name)}`)
  const rows = sql<Record<string, unknown>>`
    select ${subject} as subject_id${sql.join([...sealed, ...further], sql``)} from ${from}
    where id = any (${ids}::uuid[])`
  return traced(tx, table, rows, trace)
}

/** The next rows behind an id, with further readable columns. */
export function readSealedPage(
  tx: ReadTx,
  table: SealedTable,
  sealedClass: SealedClass,
  also: readonly string[],
  after: string,
  limit: number,
): Promise<(SealedRow & Record<string, unknown>)[]> {
  const { sealed, list, from } = sealedColumns(table, sealedClass)
  const further = also.map((name) => sql`, ${sql.ref(name)}`)
  return tx.run(sql<SealedRow & Record<string, unknown>>`
    select ${list}${sql.join(further, sql``)} from ${from}
    where id > ${after}::uuid and ${sealed} is not null
    order by id limit ${limit}`)
}

export async function drawKeySlots(tx: ReadTx, count: number): Promise<number> {
  const [row] = await tx.run(sql<{ first: number }>`select kluis.draw_key_slots(${count}) as first`)
  return row!.first
}
