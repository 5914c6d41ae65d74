import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'

export type NotificationRow = {
  id: string
  kind: string
  person_id: string | null
  company_id: string | null
  import_id: string | null
  task_id: string | null
  note_id: string | null
  created_by: string | null
  updated_at: Date
  read_at: Date | null
}
export const SHOWN_MAX = 100

/** Row security leaves out what is about something the reader does not see any more. */
export function listNotifications(tx: ReadTx): Promise<NotificationRow[]> {
  return tx
    .selectFrom('notification')
    .select([
      'id',
      'kind',
      'person_id',
      'company_id',
      'import_id',
      'task_id',
      'note_id',
      'created_by',
      'updated_at',
      'read_at',
    ])
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(SHOWN_MAX)
    .execute()
}

export type Told = {
  user_id: string
  kind: string
  person_id?: string
  company_id?: string
  import_id?: string
  task_id?: string
  note_id?: string
  read_at?: Date
}

export async function insertNotifications(tx: Tx, rows: Told[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('notification').values(rows).execute()
}

/** Reminders that are due and not acknowledged since: they need no clock of ours, the question is the clock. */
export function listDueReminders(
  tx: ReadTx,
  userId: string,
  now: Date,
): Promise<{ id: string; person_id: string | null; company_id: string | null; remind_at: Date }[]> {
  return tx
    .selectFrom('task')
    .select(['id', 'person_id', 'company_id'])
    .select(sql<Date>`remind_at`.as('remind_at'))
    .where('assignee_id', '=', userId)
    .where('done_at', 'is', null)
    .where('remind_at', '<=', now)
    .where(
      sql<boolean>`not exists (select from kluis.notification n
        where n.task_id = task.id and n.kind = 'reminder' and n.user_id = ${userId}::uuid and n.updated_at >= task.remind_at)`,
    )
    .orderBy('remind_at', 'desc')
    .limit(SHOWN_MAX)
    .execute()
}

/** Null: all of them. */
export async function markRead(
  tx: Tx,
  userId: string,
  ids: string[] | null,
  now: Date,
): Promise<void> {
  let query = tx
    .updateTable('notification')
    .set({ read_at: now, row_version: sql<number>`row_version + 1` })
    .where('user_id', '=', userId)
    .where('read_at', 'is', null)
  if (ids !== null) query = query.where(sql<boolean>`id = any (${ids}::uuid[])`)
  await query.execute()
}
