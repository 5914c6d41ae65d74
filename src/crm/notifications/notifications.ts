import type { ReadTx, Tx } from '#platform/db.ts'
import { readPosition, writePosition } from '#platform/page-cursor.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { Vault } from '#security/vault/vault.ts'
import { openNames } from '../subject-names.ts'
import type { Following, Notification, NotificationPage } from './contract.ts'
import * as store from './store.ts'

export type NotificationParts = { vault: Vault }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

/** What the caller was told; the names are opened for it, and their opening is recorded as a list. */
export async function listNotifications(
  { vault }: NotificationParts,
  tx: ReadTx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<NotificationPage> {
  const before = cursor === undefined ? undefined : readPosition(cursor)
  const [rows, unread, due] = await Promise.all([
    store.listNotifications(tx, before, limit + 1),
    store.countUnread(tx),
    store.listDueReminders(tx),
  ])
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const told = [...(before ? [] : due.map(ofReminder)), ...page.map(ofRow)]
  const [names, titles] = await Promise.all([
    openNames(
      vault,
      tx,
      told.map(({ subject }) => subject),
    ),
    vault.open<{ title: string }>(tx, {
      table: 'task',
      sealedClass: 'content',
      ids: told.flatMap(({ taskId }) => taskId ?? []),
      purpose: 'list',
      // It hangs on a record whose name is opened in the same turn.
      record: 'none',
    }),
  ])
  return {
    items: told.map((one) => {
      const title = one.taskId ? titles.get(one.taskId) : undefined
      return {
        ...one,
        subjectName: names.get(one.subject.id) ?? null,
        title: title?.kind === 'open' ? title.value.title : null,
      }
    }),
    nextCursor: last ? writePosition({ at: last.position, id: last.id }) : null,
    unread: unread + due.length,
  }
}

export async function showUnread(tx: ReadTx): Promise<{ unread: number }> {
  const [unread, due] = await Promise.all([store.countUnread(tx), store.listDueReminders(tx)])
  return { unread: unread + due.length }
}

type Told = Omit<Notification, 'subjectName' | 'title'>

function ofRow(row: store.NotificationRow): Told {
  return {
    id: row.id,
    kind: row.kind as Notification['kind'],
    subject: subjectOf(row),
    noteId: row.note_id,
    taskId: row.task_id,
    at: row.told_at.toISOString(),
    by: row.told_by,
    isRead: row.read_at !== null,
  }
}

/** Under the id of its task, until it is read. */
function ofReminder(row: Awaited<ReturnType<typeof store.listDueReminders>>[number]): Told {
  return {
    id: row.id,
    kind: 'reminder',
    subject: subjectOf(row),
    noteId: null,
    taskId: row.id,
    at: row.remind_at!.toISOString(),
    by: null,
    isRead: false,
  }
}

function subjectOf(row: { person_id: string | null; company_id: string | null }): store.Subject {
  return row.person_id
    ? { kind: 'person', id: row.person_id }
    : { kind: 'company', id: row.company_id! }
}

export async function showFollowing(tx: ReadTx, subject: store.Subject): Promise<Following> {
  const [isThere, isFollowing] = await Promise.all([
    store.isSubjectThere(tx, subject),
    store.isFollowing(tx, subject),
  ])
  if (!isThere) refuse('not-found')
  return { isFollowing }
}

export async function changeFollowing(
  tx: ReadTx,
  who: Who,
  subject: store.Subject,
  isFollowing: boolean,
  writeAtOnce: WriteAtOnce,
): Promise<Following> {
  if (!(await store.isSubjectThere(tx, subject))) refuse('not-found')
  await writeAtOnce((write) =>
    isFollowing ? store.follow(write, who.userId, subject) : store.unfollow(write, subject),
  )
  return { isFollowing }
}
