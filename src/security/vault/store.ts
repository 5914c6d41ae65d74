import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import type { SealedClass, SealedTable } from './catalogue.ts'

export type SealedRow = { id: string; subject_id: string; sealed: Buffer; counter: number }

/** The sealed column of the asked rows, as row security shows them. Names come from the catalogue, never from a request. */
export function readSealedRows(
  tx: ReadTx,
  table: SealedTable,
  sealedClass: SealedClass,
  ids: readonly string[],
): Promise<SealedRow[]> {
  const columns = table.classes[sealedClass]
  if (!columns) throw new Error(`${table.table} has no class ${sealedClass}`)
  const subject =
    table.subject === 'itself'
      ? sql.ref('id')
      : table.subject === 'organisation'
        ? sql`(select o.id from kluis.organisation o)`
        : table.table === 'affiliation'
          ? sql.ref('person_id')
          : sql`coalesce(person_id, company_id)`
  return tx.run(sql<SealedRow>`
    select id, ${subject} as subject_id, ${sql.ref(columns.column)} as sealed, ${sql.ref(columns.counterColumn)} as counter
    from ${sql.table(`kluis.${table.table}`)}
    where id = any (${ids}::uuid[]) and ${sql.ref(columns.column)} is not null`)
}

export async function recordOpening(
  tx: ReadTx,
  ask: { table: string; purpose: string; record: string; ids: readonly string[] },
): Promise<void> {
  await tx.run(
    sql`select kluis.record_opening(${ask.purpose}, ${ask.table}, ${ask.ids}::uuid[], ${ask.record})`,
  )
}

export async function drawKeySlots(tx: ReadTx, count: number): Promise<number> {
  const [row] = await tx.run(sql<{ first: number }>`select kluis.draw_key_slots(${count}) as first`)
  return row!.first
}
