import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'

export type SubjectKind = 'person' | 'company'

export async function isSubjectThere(tx: ReadTx, kind: SubjectKind, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom(kind as 'person')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

export function listNotes(
  tx: ReadTx,
  kind: SubjectKind,
  id: string,
  before: Position | undefined,
  limit: number,
) {
  let query = tx
    .selectFrom('note')
    .select(['id', 'created_at', 'created_by', 'updated_at', 'row_version'])
    .select(sql<string>`created_at::text`.as('position'))
    .where(`${kind}_id`, '=', id)
  if (before)
    query = query.where(
      sql<boolean>`(created_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`,
    )
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export function listTasks(
  tx: ReadTx,
  kind: SubjectKind,
  id: string,
  before: Position | undefined,
  limit: number,
) {
  let query = tx
    .selectFrom('task')
    .select(['id', 'created_at', 'created_by', 'updated_at', 'row_version'])
    .select(['due_on', 'assignee_id', 'done_at', 'done_by'])
    .select(sql<string>`created_at::text`.as('position'))
    .where(`${kind}_id`, '=', id)
  if (before)
    query = query.where(
      sql<boolean>`(created_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`,
    )
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export type NoteRow = Awaited<ReturnType<typeof listNotes>>[number]
export type TaskRow = Awaited<ReturnType<typeof listTasks>>[number]
