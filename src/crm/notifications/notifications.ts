import type { ReadTx, Tx } from '#platform/db.ts'
import { readPosition, writePosition } from '#platform/page-cursor.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { Vault } from '#security/vault/vault.ts'
import { openNames } from '../subject-names.ts'
import type { Following, Notification, NotificationPage } from './contract.ts'
import * as store from './store.ts'

export type NotificationParts = {
  vault: Vault
  /** The imports this program is at work on; one that should be under way and is not waits for its owner. */
  liveImports(): string[]
}
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

/** What the caller was told; the names are opened for it, and their opening is recorded as a list. */
export async function listNotifications(
  parts: NotificationParts,
  { tx, who }: { tx: ReadTx; who: Who },
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<NotificationPage> {
  const { vault } = parts
  const before = cursor === undefined ? undefined : readPosition(cursor)
  const [rows, unread, notices, due, waiting, reviews] = await Promise.all([
    store.listNotifications(tx, before, limit + 1),
    store.countUnread(tx),
    store.listUnreadNotices(tx),
    store.listDueReminders(tx),
    listWaiting(parts, tx),
    findReviews(tx, who),
  ])
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const told = [
    ...(before
      ? []
      : [
          ...notices.map(ofNotice),
          ...reviews.map(ofReviews),
          ...due.map(ofReminder),
          ...waiting.map(ofWaiting),
        ]),
    ...page.map(ofRow),
  ]
  const [names, imports, titles] = await Promise.all([
    openNames(
      vault,
      tx,
      told.flatMap(({ subject }) => subject ?? []),
    ),
    openImports(
      vault,
      tx,
      told.flatMap(({ importId }) => importId ?? []),
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
    items: told.map(({ importId, ...one }) => {
      const title = one.taskId ? titles.get(one.taskId) : undefined
      return {
        ...one,
        subjectName: (one.subject && names.get(one.subject.id)) ?? null,
        import: (importId && imports.get(importId)) || null,
        title: title?.kind === 'open' ? title.value.title : null,
      }
    }),
    nextCursor: last ? writePosition({ at: last.position, id: last.id }) : null,
    unread: unread + notices.length + due.length + waiting.length + reviews.length,
  }
}

export async function showUnread(
  parts: NotificationParts,
  { tx, who }: { tx: ReadTx; who: Who },
): Promise<{ unread: number }> {
  const [unread, notices, due, waiting, reviews] = await Promise.all([
    store.countUnread(tx),
    store.listUnreadNotices(tx),
    store.listDueReminders(tx),
    listWaiting(parts, tx),
    findReviews(tx, who),
  ])
  return { unread: unread + notices.length + due.length + waiting.length + reviews.length }
}

/** One line for all whose rights were to be looked at by now, for whoever is to do it. */
async function findReviews(tx: ReadTx, who: Who): Promise<OverdueReviews[]> {
  if (!who.permissions.has('rights:review')) return []
  const { count, since } = await store.countOverdueReviews(tx)
  return count > 0 && since ? [{ id: who.userId, count, since }] : []
}
type OverdueReviews = { id: string; count: number; since: Date }

/** The end of a session or of the program stopped them; no one could write that down. */
async function listWaiting({ liveImports }: NotificationParts, tx: ReadTx) {
  const before = liveImports()
  const rows = await store.listUnreadRunning(tx)
  // One that ended, or began, while its row was read stands not still.
  const live = new Set([...before, ...liveImports()])
  return rows.filter(({ id }) => !live.has(id))
}

/** How each went, with the name of its file. */
async function openImports(
  vault: Vault,
  tx: ReadTx,
  ids: string[],
): Promise<Map<string, Notification['import']>> {
  if (ids.length === 0) return new Map()
  const [rows, contents] = await Promise.all([
    store.listImports(tx, ids),
    vault.open<{ fileName: string }>(tx, {
      table: 'import_run',
      sealedClass: 'content',
      ids,
      purpose: 'list',
      record: 'none',
    }),
  ])
  return new Map(
    rows.map(({ id, total_rows, read_rows, refused_rows }) => {
      const content = contents.get(id)
      const fileName = content?.kind === 'open' ? content.value.fileName : ''
      return [id, { fileName, total: total_rows, read: read_rows, refused: refused_rows }]
    }),
  )
}

type Told = Omit<Notification, 'subjectName' | 'title' | 'import'> & { importId: string | null }

function ofRow(row: store.NotificationRow): Told {
  return {
    id: row.id,
    kind: row.kind as Notification['kind'],
    subject: row.person_id || row.company_id ? subjectOf(row) : null,
    noteId: row.note_id,
    taskId: row.task_id,
    importId: row.import_id,
    count: row.handed_count,
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
    importId: null,
    count: null,
    at: row.remind_at!.toISOString(),
    by: null,
    isRead: false,
  }
}

function ofWaiting({ id, updated_at }: store.ImportRow): Told {
  return {
    id,
    kind: 'import-waiting',
    subject: null,
    noteId: null,
    taskId: null,
    importId: id,
    count: null,
    at: updated_at.toISOString(),
    by: null,
    isRead: false,
  }
}

/** Of one's own account, until it is read. */
function ofNotice({ id, kind, told_at, told_by }: store.NoticeRow): Told {
  return {
    id,
    kind: kind as Notification['kind'],
    subject: null,
    noteId: null,
    taskId: null,
    importId: null,
    count: null,
    at: told_at.toISOString(),
    by: told_by,
    isRead: false,
  }
}

function ofReviews({ id, count, since }: OverdueReviews): Told {
  return {
    id,
    kind: 'reviews-due',
    subject: null,
    noteId: null,
    taskId: null,
    importId: null,
    count,
    at: since.toISOString(),
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
