import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { IndexKind } from '#security/search/index-types.ts'
import type { Openings } from './contract.ts'

/** What a person and a company have in common beside what is sealed. */
export type IndexRow = {
  id: string
  owner_id: string
  team_id: string
  stage: string
  row_version: number
  created_at: Date
  updated_at: Date
  deleted_at: Date | null
}
export const COLUMNS = [
  'owner_id',
  'team_id',
  'stage',
  'row_version',
  'created_at',
  'updated_at',
  'deleted_at',
] as const

export function listRows(tx: ReadTx, kind: IndexKind, ids: readonly string[]): Promise<IndexRow[]> {
  return tx
    .selectFrom(kind)
    .select(['id', ...COLUMNS])
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .execute()
}

/**
 * Says which contact fields the change that follows in this transaction is of: the database can't see into what is
 * sealed, and the timeline tells of a change by its fields. Names from the program, never from a request.
 */
export async function nameChangedFields(tx: Tx, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await tx.run(sql`select set_config('kluis.changed_fields', ${names.join(' ')}, true)`)
}

/** As much of a task or note as a filter looks at: nothing that is sealed. */
export type RelatedRow = {
  id: string
  person_id: string | null
  company_id: string | null
  created_at: Date
  assignee_id: string | null
  due_on: string | null
  done_at: Date | null
}

function relatedRows(tx: ReadTx, relation: 'task' | 'note') {
  const only = <T>(column: string) =>
    relation === 'task' ? sql<T | null>`${sql.ref(column)}` : sql<T | null>`null`
  let query = tx.selectFrom(relation as 'task')
  // What was thrown away hangs on nobody.
  if (relation === 'note') query = query.where(sql<boolean>`deleted_at is null`)
  return query
    .select(['id', 'person_id', 'company_id', 'created_at'])
    .select([
      only<string>('assignee_id').as('assignee_id'),
      only<string>('due_on').as('due_on'),
      only<Date>('done_at').as('done_at'),
    ])
}

export function listRelatedRows(
  tx: ReadTx,
  relation: 'task' | 'note',
  ids: readonly string[],
): Promise<RelatedRow[]> {
  return relatedRows(tx, relation).where(sql<boolean>`id = any (${ids}::uuid[])`).execute()
}

/** The next ones by id, for filling the index. */
export function listRelatedAfter(
  tx: ReadTx,
  relation: 'task' | 'note',
  after: string | undefined,
  limit: number,
): Promise<RelatedRow[]> {
  let query = relatedRows(tx, relation)
  if (after) query = query.where('id', '>', after)
  return query.orderBy('id').limit(limit).execute()
}

export function listAffiliationSides(
  tx: ReadTx,
  ids: readonly string[],
): Promise<{ id: string; person_id: string; company_id: string }[]> {
  return tx
    .selectFrom('affiliation')
    .select(['id', 'person_id', 'company_id'])
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .execute()
}

/** The next ones by id, for filling the index; also those of which nothing is sealed. */
export function listAffiliationSidesAfter(
  tx: ReadTx,
  after: string | undefined,
  limit: number,
): Promise<{ id: string; person_id: string; company_id: string }[]> {
  let query = tx.selectFrom('affiliation').select(['id', 'person_id', 'company_id'])
  if (after) query = query.where('id', '>', after)
  return query.orderBy('id').limit(limit).execute()
}

/** Who opened this record; refuses as missing what the caller may not see. */
export async function listOpenings(
  tx: ReadTx,
  kind: IndexKind,
  id: string,
): Promise<Openings['items']> {
  const [[record], rows] = await Promise.all([
    listRows(tx, kind, [id]),
    tx.run(
      sql<{
        at: Date
        user_id: string | null
        purpose: string
        kind: Openings['items'][number]['kind']
      }>`select * from kluis.seen_by(${id}::uuid)`,
    ),
  ])
  if (!record) refuse('not-found')
  return rows.map(({ at, user_id, purpose, kind }) => ({
    at: at.toISOString(),
    userId: user_id,
    purpose,
    kind,
  }))
}
