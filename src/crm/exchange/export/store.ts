import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { RecordKind } from '../duplicates.ts'

export type ExportedRow = {
  id: string
  stage: string
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
    select id, stage, created_at, updated_at from ${sql.table(`kluis.${kind}`)}
    where id > ${after}::uuid and deleted_at is null and ${isExported(kind)} order by id limit ${limit}`)
}

const nil = '00000000-0000-0000-0000-000000000000'
const mayExport = { person: 'people:export', company: 'companies:export' } as const

/** Of what the caller sees, what their right to export reaches; what is only shared with them is not taken out. */
function isExported(kind: RecordKind, row: 'r' | undefined = undefined) {
  const column = (name: string) => sql.ref(row ? `${row}.${name}` : name)
  return sql<boolean>`array[${column('owner_id')}, ${column('team_id')}, ${sql.lit(nil)}] && (select kluis.scope(${sql.lit(mayExport[kind])}))`
}

/** Of what hangs on one or two records: those are in the take-out themselves, so not in the trash either. */
function hangsOnExported(columns: readonly [string, RecordKind][]) {
  return sql.join(
    columns.map(
      ([
        column,
        kind,
      ]) => sql`(h.${sql.ref(column)} is null or exists (select from ${sql.table(`kluis.${kind}`)} r
        where r.id = h.${sql.ref(column)} and r.deleted_at is null and ${isExported(kind, 'r')}))`,
    ),
    sql` and `,
  )
}
const subjects = [
  ['person_id', 'person'],
  ['company_id', 'company'],
] as const satisfies [string, RecordKind][]
const ends = [
  ...subjects,
  ['other_person_id', 'person'],
  ['other_company_id', 'company'],
] as const satisfies [string, RecordKind][]

export type ExportedTable = RecordKind | 'affiliation' | 'relation' | 'note' | 'task'

/** About how many rows an export will have: what is made or thrown away meanwhile is not counted again. */
export async function countForExport(tx: ReadTx, table: ExportedTable): Promise<number> {
  const isThere =
    table === 'person' || table === 'company'
      ? sql`deleted_at is null and ${isExported(table)}`
      : sql`true`
  const [row] = await tx.run(sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(`kluis.${table}`)} where ${isThere}`)
  return row!.count
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

export type HungRow = {
  id: string
  person_id: string | null
  company_id: string | null
  created_at: Date
  created_by: string | null
  updated_at: Date
}

/** The next affiliations behind an id whose person and company the caller sees, without those in the trash. */
export function listAffiliations(tx: ReadTx, after: string, limit: number): Promise<HungRow[]> {
  return tx.run(sql<HungRow>`
    select h.id, h.person_id, h.company_id, h.created_at, h.created_by, h.updated_at
    from kluis.affiliation h
    where h.id > ${after}::uuid and ${hangsOnExported([...subjects])} order by h.id limit ${limit}`)
}

/** The next relations behind an id of which the caller sees both ends, without those in the trash. */
export function listRelations(
  tx: ReadTx,
  after: string,
  limit: number,
): Promise<(HungRow & OtherEnd)[]> {
  return tx.run(sql<HungRow & OtherEnd>`
    select h.id, h.person_id, h.company_id, h.other_person_id, h.other_company_id, h.created_at, h.created_by, h.updated_at
    from kluis.relation h
    where h.id > ${after}::uuid and ${hangsOnExported([...ends])} order by h.id limit ${limit}`)
}

type OtherEnd = { other_person_id?: string | null; other_company_id?: string | null }
export type ExportedTask = HungRow &
  OtherEnd & {
    due_on: string | null
    done_at: Date | null
    assignee_id: string | null
  }

/** The next notes or tasks behind an id, of records that are not in the trash. */
export function listHung(
  tx: ReadTx,
  kind: 'note' | 'task',
  after: string,
  limit: number,
): Promise<ExportedTask[]> {
  const more =
    kind === 'task'
      ? sql`h.due_on::text, h.done_at, h.assignee_id`
      : sql`null as due_on, null as done_at, null as assignee_id`
  return tx.run(sql<ExportedTask>`
    select h.id, h.person_id, h.company_id, h.created_at, h.created_by, h.updated_at, ${more}
    from ${sql.table(`kluis.${kind}`)} h
    where h.id > ${after}::uuid and ${hangsOnExported([...subjects])} order by h.id limit ${limit}`)
}
