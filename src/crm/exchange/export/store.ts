import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { RecordKind } from '../duplicates.ts'

export type ExportedRow = {
  id: string
  stage: string
  owner_id: string
  team_id: string
  created_at: Date
  updated_at: Date
}

/** The next records behind an id that the caller may take out, without those in the trash. */
export function listForExport(
  tx: ReadTx,
  kind: RecordKind,
  after: string,
  limit: number,
): Promise<ExportedRow[]> {
  return tx.run(sql<ExportedRow>`
    select id, stage, owner_id, team_id, created_at, updated_at from ${sql.table(`kluis.${kind}`)}
    where id > ${after}::uuid and deleted_at is null and ${isExported(kind)} order by id limit ${limit}`)
}

const nil = '00000000-0000-0000-0000-000000000000'
const mayExport = { person: 'people:export', company: 'companies:export' } as const

/** Of what the caller sees, what their right to export reaches; what is only shared with them is not taken out. */
export function isExported(kind: RecordKind, row?: string) {
  const column = (name: string) => sql.ref(row ? `${row}.${name}` : name)
  return sql<boolean>`array[${column('owner_id')}, ${column('team_id')}, ${sql.lit(nil)}] && (select kluis.scope(${sql.lit(mayExport[kind])}))`
}

export type ExportedTable =
  | RecordKind
  | 'affiliation'
  | 'relation'
  | 'joint_dossier'
  | 'joint_party'
  | 'note'
  | 'note_version'
  | 'task'
  | 'file'
  | 'record_change'
  | 'reveal'
  | 'not_duplicate'
  | 'follow'
  | 'favourite'
  | 'saved_view'
  | 'field_definition'
  | 'user_account'

/** About how many rows an export will have: what is made or thrown away meanwhile is not counted again. */
export async function countForExport(tx: ReadTx, table: ExportedTable): Promise<number> {
  const [row] = await tx.run(sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(`kluis.${table}`)} where ${isThere(table)}`)
  return row!.count
}

function isThere(table: ExportedTable) {
  if (table === 'file')
    return sql`deleted_at is null and completed_at is not null and set_apart_at is null`
  if (table === 'person' || table === 'company')
    return sql`deleted_at is null and ${isExported(table)}`
  return table === 'note' ? sql`deleted_at is null` : sql`true`
}

/** A session that ended sees no rows, and an export would take that for the end of them. */
export async function requireSession(tx: ReadTx): Promise<void> {
  const [row] = await tx.run(sql<{ is_there: boolean }>`select kluis.uid() is not null as is_there`)
  if (!row?.is_there) refuse('not-signed-in')
}

/** Beside the openings of each record: that somebody took so many of them out, and as what. */
export async function recordExport(
  tx: ReadTx,
  detail: { table: string; rows: number; format: string; by: string; isBrokenOff?: true },
): Promise<void> {
  await tx.run(sql`select kluis_ledger.record_event('export', ${JSON.stringify(detail)}::jsonb)`)
}
/** Refuses an export that the door would break off halfway: so many customers, of a colleague's budget for a day. */
export async function requireBudget(tx: ReadTx, total: number): Promise<void> {
  const [left] = await tx.run(
    sql<{ used: number; soft: number; hard: number }>`select * from kluis.budget_left('exported')`,
  )
  if (!left) return
  // Whom they took out today already costs nothing.
  const further = total - left.used
  if (further > left.hard) refuse('over-budget', { count: total, left: left.hard })
  if (further > left.soft) refuse('step-up-needed', { operation: 'more-dossiers' })
}
