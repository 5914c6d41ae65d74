import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'

export type Happened = {
  id: string
  person_id: string | null
  company_id: string | null
  row_version: number
  updated_at: Date
  updated_by: string | null
  is_done: boolean
  position: string
}
export type Source = 'person' | 'company' | 'note' | 'task'

// What hangs on a record in the trash is not shown; row security hides what hangs on a foreign one.
const parentThere = sql<boolean>`coalesce(
  (select true from kluis.person p where p.id = person_id and p.deleted_at is null),
  (select true from kluis.company c where c.id = company_id and c.deleted_at is null))`

/** The last changes of one sort, in the order of an index. */
export function listChanged(
  tx: ReadTx,
  source: Source,
  before: Position | undefined,
  limit: number,
): Promise<Happened[]> {
  const isRecord = source === 'person' || source === 'company'
  const subject = (kind: 'person' | 'company') =>
    isRecord
      ? sql<string | null>`${source === kind ? sql.ref('id') : sql`null::uuid`}`
      : sql<string | null>`${sql.ref(`${kind}_id`)}`
  let query = tx
    .selectFrom(source as 'task')
    .select(['id', 'row_version', 'updated_at', 'updated_by'])
    .select([
      subject('person').as('person_id'),
      subject('company').as('company_id'),
      sql<boolean>`${source === 'task' ? sql`done_at is not null` : sql`false`}`.as('is_done'),
      sql<string>`updated_at::text`.as('position'),
    ])
    .where(isRecord ? sql<boolean>`deleted_at is null` : parentThere)
    // A note that was thrown away is no news either.
    .where(source === 'note' ? sql<boolean>`deleted_at is null` : sql<boolean>`true`)
  if (before)
    query = query
      .where('updated_at', '<=', sql<Date>`${before.at}::timestamptz`)
      .where(sql<boolean>`(updated_at < ${before.at}::timestamptz or id > ${before.id}::uuid)`)
  return query.orderBy('updated_at', 'desc').orderBy('id').limit(limit).execute()
}
