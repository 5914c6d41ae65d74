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

/** The next records behind an id that the caller sees, without those in the trash. */
export function listForExport(
  tx: ReadTx,
  kind: RecordKind,
  after: string,
  limit: number,
): Promise<ExportedRow[]> {
  return tx.run(sql<ExportedRow>`
    select id, stage, created_at, updated_at from ${sql.table(`kluis.${kind}`)}
    where id > ${after}::uuid and deleted_at is null order by id limit ${limit}`)
}

export type ExportedTable = RecordKind | 'affiliation' | 'relation' | 'note' | 'task'

/** About how many rows an export will have: what is made or thrown away meanwhile is not counted again. */
export async function countForExport(tx: ReadTx, table: ExportedTable): Promise<number> {
  const isThere = ['person', 'company'].includes(table) ? sql`deleted_at is null` : sql`true`
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
    select a.id, a.person_id, a.company_id, a.created_at, a.created_by, a.updated_at
    from kluis.affiliation a
    join kluis.person p on p.id = a.person_id and p.deleted_at is null
    join kluis.company c on c.id = a.company_id and c.deleted_at is null
    where a.id > ${after}::uuid order by a.id limit ${limit}`)
}

/** The next relations behind an id of which the caller sees both ends, without those in the trash. */
export function listRelations(
  tx: ReadTx,
  after: string,
  limit: number,
): Promise<(HungRow & OtherEnd)[]> {
  const gone = (table: 'person' | 'company', column: string) =>
    sql`not exists (select from ${sql.table(`kluis.${table}`)} g where g.id = ${sql.ref(`r.${column}`)} and g.deleted_at is not null)`
  return tx.run(sql<HungRow & OtherEnd>`
    select r.id, r.person_id, r.company_id, r.other_person_id, r.other_company_id, r.created_at, r.created_by, r.updated_at
    from kluis.relation r
    where r.id > ${after}::uuid and ${gone('person', 'person_id')} and ${gone('person', 'other_person_id')}
      and ${gone('company', 'company_id')} and ${gone('company', 'other_company_id')}
    order by r.id limit ${limit}`)
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
    where h.id > ${after}::uuid
      and not exists (select from kluis.person p where p.id = h.person_id and p.deleted_at is not null)
      and not exists (select from kluis.company c where c.id = h.company_id and c.deleted_at is not null)
    order by h.id limit ${limit}`)
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
