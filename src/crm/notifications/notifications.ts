import type { ReadTx, Tx } from '#platform/db.ts'
import type { Who } from '#security/access/who.ts'
import type { Vault } from '#security/vault/vault.ts'
import { openNames, type SubjectRef } from '../subject-names.ts'
import type { Notification, Notifications, ReadMark } from './contract.ts'
import * as store from './store.ts'

export type NotificationParts = { vault: Vault }
type Asking = { tx: ReadTx; who: Who; now: Date }

export type Told = {
  userId: string
  kind: Notification['kind']
  subject: Notification['subject']
  taskId?: string
  noteId?: string
}
/** Tells colleagues, in the transaction of what happened. Ids only: each reads the rest under their own session. */
export type Notify = (tx: Tx, who: Who, told: Told[]) => Promise<void>

export const notify: Notify = (tx, who, told) =>
  store.insertNotifications(
    tx,
    told
      // Nobody needs to be told what they did themselves.
      .filter(({ userId, kind }) => userId !== who.userId || kind === 'import-done')
      .map(({ userId, kind, subject, taskId, noteId }) => ({
        user_id: userId,
        kind,
        [`${subject.kind}_id`]: subject.id,
        ...(taskId ? { task_id: taskId } : {}),
        ...(noteId ? { note_id: noteId } : {}),
      })),
  )

export async function listNotifications(
  { vault }: NotificationParts,
  { tx, who, now }: Asking,
): Promise<Notifications> {
  const [rows, reminders] = await Promise.all([
    store.listNotifications(tx),
    store.listDueReminders(tx, who.userId, now),
  ])
  const all = [...rows.map(ofRow), ...reminders.map(ofReminder)]
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, store.SHOWN_MAX)
  const subjects = all.flatMap(({ subject }) =>
    subject.kind === 'import' ? [] : [subject as SubjectRef],
  )
  const taskIds = all.flatMap(({ taskId }) => taskId ?? [])
  const [names, titles] = await Promise.all([
    openNames(vault, tx, subjects),
    vault.open<{ title: string }>(tx, {
      table: 'task',
      sealedClass: 'content',
      ids: taskIds,
      purpose: 'list',
      // It hangs on a record whose name is opened in the same turn.
      record: 'none',
    }),
  ])
  const items = all.map((one) => {
    const title = one.taskId ? titles.get(one.taskId) : undefined
    return {
      ...one,
      name: names.get(one.subject.id) ?? null,
      title: title?.kind === 'open' ? title.value.title : null,
    }
  })
  return { items, unread: items.filter(({ isRead }) => !isRead).length }
}

function ofRow(row: store.NotificationRow): Notification {
  return {
    id: row.id,
    kind: row.kind as Notification['kind'],
    subject:
      row.person_id !== null
        ? { kind: 'person', id: row.person_id }
        : row.company_id !== null
          ? { kind: 'company', id: row.company_id }
          : { kind: 'import', id: row.import_id! },
    name: null,
    taskId: row.task_id,
    title: null,
    noteId: row.note_id,
    by: row.created_by,
    at: row.updated_at.toISOString(),
    isRead: row.read_at !== null,
  }
}

/** Under the id of its task, until it is acknowledged. */
function ofReminder(row: Awaited<ReturnType<typeof store.listDueReminders>>[number]): Notification {
  return {
    id: row.id,
    kind: 'reminder',
    subject:
      row.person_id !== null
        ? { kind: 'person', id: row.person_id }
        : { kind: 'company', id: row.company_id! },
    name: null,
    taskId: row.id,
    title: null,
    noteId: null,
    by: null,
    at: row.remind_at.toISOString(),
    isRead: false,
  }
}

export async function markRead(
  parts: NotificationParts,
  asking: Asking,
  { ids }: ReadMark,
  writeAtOnce: <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<{ unread: number }> {
  const { tx, who, now } = asking
  const due = await store.listDueReminders(tx, who.userId, now)
  const acknowledged = due.filter(({ id }) => ids === null || ids.includes(id))
  await writeAtOnce((write) =>
    Promise.all([
      store.markRead(write, who.userId, ids, now),
      store.insertNotifications(
        write,
        acknowledged.map(({ id, person_id, company_id }) => ({
          user_id: who.userId,
          kind: 'reminder',
          ...(person_id ? { person_id } : { company_id: company_id! }),
          task_id: id,
          read_at: now,
        })),
      ),
    ]),
  )
  return { unread: (await listNotifications(parts, asking)).unread }
}
