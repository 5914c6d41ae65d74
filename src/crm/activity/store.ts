import { type RawBuilder, sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'

export type Happened = {
  id: string
  person_id: string | null
  company_id: string | null
  /** Of a note, task or file alone. */
  joint_dossier_id?: string | null
  row_version: number
  updated_at: Date
  updated_by: string | null
  /** A task that is done, a file in the trash, a merge that was undone. */
  is_over: boolean
  position: string
  /** Of a tie: what it did, and its other end. */
  what?: string[]
  other_person_id?: string | null
  other_company_id?: string | null
  /** Of a file: it was added the last time it changed. */
  is_added?: boolean
  /** Of a merge: its name can still be opened. */
  is_named?: boolean
}
const records = ['person', 'company', 'note', 'task'] as const
export const sources = [...records, 'file', 'tie', 'merge'] as const
export type Source = (typeof sources)[number]

// What hangs on a record in the trash is not shown; row security hides what hangs on a foreign one.
const isThere = (personId: string, companyId: string) => sql<boolean>`coalesce(
  (select true from kluis.person p where p.id = ${sql.ref(personId)} and p.deleted_at is null),
  (select true from kluis.company c where c.id = ${sql.ref(companyId)} and c.deleted_at is null))`
const hangsThere = sql<boolean>`(${isThere('person_id', 'company_id')} or (select true from kluis.joint_dossier d where d.id = joint_dossier_id))`
const parentThere = isThere('person_id', 'company_id')
const otherThere = isThere('other_person_id', 'other_company_id')

/** Behind a place in the order, newest first and then by id; everything where there is no place yet. */
function isBehind(at: RawBuilder<unknown>, before: Position | undefined): RawBuilder<boolean> {
  if (!before) return sql<boolean>`true`
  return sql<boolean>`(${at} <= ${before.at}::timestamptz
    and (${at} < ${before.at}::timestamptz or id > ${before.id}::uuid))`
}
const updatedAt = sql<Date>`updated_at`
const createdAt = sql<Date>`created_at`
const mergedAt = sql<Date>`coalesce(undone_at, created_at)`

/** The last changes of one sort, in the order of an index. */
export function listHappened(
  tx: ReadTx,
  source: Source,
  before: Position | undefined,
  limit: number,
): Promise<Happened[]> {
  if (source === 'file') return listFiles(tx, before, limit)
  if (source === 'tie') return listTies(tx, before, limit)
  if (source === 'merge') return listMerges(tx, before, limit)
  return listChanged(tx, source, before, limit)
}

function listChanged(
  tx: ReadTx,
  source: (typeof records)[number],
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
      isRecord
        ? sql<null>`null::uuid`.as('joint_dossier_id')
        : sql<string | null>`joint_dossier_id`.as('joint_dossier_id'),
      sql<boolean>`${source === 'task' ? sql`done_at is not null` : sql`false`}`.as('is_over'),
      sql<string>`updated_at::text`.as('position'),
    ])
    .where(isRecord ? sql<boolean>`deleted_at is null` : hangsThere)
    // A note that was thrown away is no news either.
    .where(source === 'note' ? sql<boolean>`deleted_at is null` : sql<boolean>`true`)
  // The merge, or its undoing, says it already, to whoever may know of it.
  if (isRecord)
    query = query.where(
      sql<boolean>`not exists (select from kluis.merge m
          where m.merged_id = ${sql.ref(`${source}.id`)} and m.undone_at is not null and m.undone_at = ${sql.ref(`${source}.updated_at`)})
        and not exists (select from kluis.merge m where m.${sql.ref(`${source}_id`)} = ${sql.ref(`${source}.id`)}
        and (m.created_at = ${sql.ref(`${source}.updated_at`)} or m.undone_at = ${sql.ref(`${source}.updated_at`)}))`,
    )
  return query
    .where(isBehind(updatedAt, before))
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}

function listFiles(tx: ReadTx, before: Position | undefined, limit: number): Promise<Happened[]> {
  const query = tx
    .selectFrom('file')
    .select(['id', 'person_id', 'company_id', 'joint_dossier_id'])
    .select(['row_version', 'updated_at', 'updated_by'])
    .select([
      sql<boolean>`deleted_at is not null`.as('is_over'),
      // Making it whole is the second thing that happens to a file.
      sql<boolean>`row_version = 2`.as('is_added'),
      sql<string>`updated_at::text`.as('position'),
    ])
    .where('completed_at', 'is not', null)
    .where(hangsThere)
  return query
    .where(isBehind(updatedAt, before))
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}

function listTies(tx: ReadTx, before: Position | undefined, limit: number): Promise<Happened[]> {
  const query = tx
    .selectFrom('record_change')
    .select(['id', 'person_id', 'company_id', 'what', 'other_person_id', 'other_company_id'])
    .select([
      sql<number>`1`.as('row_version'),
      'created_at as updated_at',
      'created_by as updated_by',
      sql<boolean>`false`.as('is_over'),
      sql<string>`created_at::text`.as('position'),
    ])
    // One of the two lines of a tie, as the index has it.
    .where(
      sql<boolean>`(person_id is not null and other_company_id is not null or person_id < other_person_id or company_id < other_company_id)`,
    )
    .where(parentThere)
    .where(otherThere)
  return query
    .where(isBehind(createdAt, before))
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Row security shows a merge to those who saw both records, and to nobody else. */
function listMerges(tx: ReadTx, before: Position | undefined, limit: number): Promise<Happened[]> {
  return tx
    .selectFrom('merge')
    .select(['id', 'person_id', 'company_id', 'row_version'])
    .select([
      mergedAt.as('updated_at'),
      sql<string | null>`coalesce(undone_by, created_by)`.as('updated_by'),
      sql<boolean>`undone_at is not null`.as('is_over'),
      sql<boolean>`content_sealed is not null`.as('is_named'),
      sql<string>`coalesce(undone_at, created_at)::text`.as('position'),
    ])
    .where(parentThere)
    .where(isBehind(mergedAt, before))
    .orderBy(mergedAt, 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
}
