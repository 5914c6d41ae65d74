import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'

export type SubjectKind = 'person' | 'company'
export type Subject = { kind: SubjectKind; id: string }

/** The caller's own, of records they still see. */
export function listNotifications(tx: ReadTx, before: Position | undefined, limit: number) {
  let query = tx
    .selectFrom('notification')
    .select([
      'id',
      'kind',
      'person_id',
      'company_id',
      'note_id',
      'task_id',
      'import_id',
      'approval_id',
      'break_glass_id',
      'handed_count',
      'told_at',
      'told_by',
      'read_at',
    ])
    .select(sql<string>`told_at::text`.as('position'))
    .where('user_id', '=', sql<string>`kluis.uid()`)
    // That a reminder was read, or that an import stands still, is no news.
    .where(sql<boolean>`kind not in ('reminder', 'import-waiting')`)
  if (before)
    query = query.where(
      sql<boolean>`(told_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`,
    )
  return query.orderBy('told_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}
export type NotificationRow = Awaited<ReturnType<typeof listNotifications>>[number]

export async function countUnread(tx: ReadTx): Promise<number> {
  const row = await tx
    .selectFrom('notification')
    .select(sql<number>`count(*)`.as('count'))
    .where('user_id', '=', sql<string>`kluis.uid()`)
    .where('read_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}

// A screen full; whoever lets more of them wait sees these first.
const REMINDERS_MAX = 50

/** What the caller wanted to be reminded of and has not read since: no clock of ours is needed, the question is the clock. */
export function listDueReminders(tx: ReadTx) {
  return (
    tx
      .selectFrom('task')
      .select(['id', 'company_id', 'remind_at'])
      // Of a joint dossier it stands under a party that the caller sees.
      .select(
        sql<string | null>`coalesce(person_id, (select j.person_id from kluis.joint_party j
        where j.joint_dossier_id = task.joint_dossier_id order by j.created_at, j.id limit 1))`.as(
          'person_id',
        ),
      )
      .where(
        sql<boolean>`(joint_dossier_id is null or (select true from kluis.joint_party j
        where j.joint_dossier_id = task.joint_dossier_id limit 1))`,
      )
      .where('assignee_id', '=', sql<string>`kluis.uid()`)
      .where('done_at', 'is', null)
      .where('remind_at', '<=', sql<Date>`now()`)
      .where(
        sql<boolean>`not exists (select from kluis.notification n
        where n.task_id = task.id and n.kind = 'reminder' and n.user_id = task.assignee_id and n.told_at >= task.remind_at)`,
      )
      .orderBy('remind_at', 'desc')
      .limit(REMINDERS_MAX)
      .execute()
  )
}

/** What concerns the caller's own account and was not read yet. */
export function listUnreadNotices(tx: ReadTx) {
  return tx
    .selectFrom('security_notice')
    .select(['id', 'kind', 'told_at', 'told_by'])
    .where('user_id', '=', sql<string>`kluis.uid()`)
    .where('read_at', 'is', null)
    .orderBy('told_at', 'desc')
    .limit(REMINDERS_MAX)
    .execute()
}
export type NoticeRow = Awaited<ReturnType<typeof listUnreadNotices>>[number]

/** Of whom the caller is to look at the rights, and was to by now. */
export async function countOverdueReviews(
  tx: ReadTx,
): Promise<{ count: number; since: Date | null }> {
  const [row] = await tx.run(sql<{ count: number; since: Date | null }>`
    select count(*)::int as count, min(due_on)::timestamptz as since from kluis.reviews_due(true)`)
  return row!
}

const IMPORT_COLUMNS = ['id', 'total_rows', 'read_rows', 'refused_rows', 'updated_at'] as const

/** Imports of the caller that are under way as far as the database knows, and were not read of since they last moved. */
export function listUnreadRunning(tx: ReadTx) {
  return tx
    .selectFrom('import_run')
    .select(IMPORT_COLUMNS)
    .where('created_by', '=', sql<string>`kluis.uid()`)
    .where('state', '=', 'running')
    .where(
      sql<boolean>`not exists (select from kluis.notification n
        where n.import_id = import_run.id and n.kind = 'import-waiting' and n.told_at >= import_run.updated_at)`,
    )
    .orderBy('updated_at', 'desc')
    .limit(REMINDERS_MAX)
    .execute()
}

export function listImports(tx: ReadTx, ids: string[]) {
  return tx
    .selectFrom('import_run')
    .select(IMPORT_COLUMNS)
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .execute()
}
export type ImportRow = Awaited<ReturnType<typeof listImports>>[number]

export async function tellAssigned(tx: Tx, taskId: string): Promise<void> {
  await tx.run(sql`select kluis.tell_assigned(${taskId}::uuid)`)
}

export type DueMail = {
  user_id: string
  language: 'nl' | 'en'
  told_from: Date
  told_until: Date
  counts: Record<string, number>
}

export function takeDueMail(tx: Tx): Promise<DueMail[]> {
  return tx.run(sql<DueMail>`select * from kluis.take_due_mail()`)
}

export async function giveBackMail(
  tx: Tx,
  { user_id, told_from, told_until }: DueMail,
): Promise<void> {
  await tx.run(
    sql`select kluis.give_back_mail(${user_id}::uuid, ${told_from}::timestamptz, ${told_until}::timestamptz)`,
  )
}

/** Who holds this permission now, for a role that reads accounts. */
export function listHolders(tx: ReadTx, permission: string) {
  return tx
    .selectFrom('user_account')
    .innerJoin('role_permission', 'role_permission.role_id', 'user_account.role_id')
    .select(['user_account.id', 'user_account.language'])
    .where('role_permission.permission', '=', permission)
    .where('user_account.status', '=', 'active')
    .execute()
}

export async function findMailWish(tx: ReadTx): Promise<string | undefined> {
  return (await tx.selectFrom('notification_mail').select('wish').executeTakeFirst())?.wish
}

export async function keepMailWish(tx: Tx, userId: string, wish: string): Promise<void> {
  await tx
    .insertInto('notification_mail')
    .values({ user_id: userId, wish })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ wish }))
    .execute()
}

/** Without ids: all of them. */
export async function markRead(tx: Tx, ids: readonly string[] | null): Promise<void> {
  let query = tx
    .updateTable('notification')
    .set({ read_at: sql<Date>`now()` })
    .where('user_id', '=', sql<string>`kluis.uid()`)
    .where('read_at', 'is', null)
  let notices = tx
    .updateTable('security_notice')
    .set({ read_at: sql<Date>`now()` })
    .where('user_id', '=', sql<string>`kluis.uid()`)
    .where('read_at', 'is', null)
  if (ids) {
    query = query.where(sql<boolean>`id = any (${ids}::uuid[])`)
    notices = notices.where(sql<boolean>`id = any (${ids}::uuid[])`)
  }
  // A reminder stands under the id of its task, an import under its own.
  await Promise.all([
    query.execute(),
    notices.execute(),
    tx.run(sql`select kluis.read_reminders(${ids}::uuid[])`),
    tx.run(sql`select kluis.read_waiting_imports(${ids}::uuid[])`),
  ])
}

export async function isSubjectThere(tx: ReadTx, { kind, id }: Subject): Promise<boolean> {
  const row = await tx
    .selectFrom(kind as 'person')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}

export async function isFollowing(tx: ReadTx, { kind, id }: Subject): Promise<boolean> {
  const row = await tx
    .selectFrom('follow')
    .select('id')
    .where(`${kind}_id`, '=', id)
    .executeTakeFirst()
  return row !== undefined
}

export async function follow(tx: Tx, userId: string, { kind, id }: Subject): Promise<void> {
  await tx
    .insertInto('follow')
    .values({ user_id: userId, [`${kind}_id`]: id })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function unfollow(tx: Tx, { kind, id }: Subject): Promise<void> {
  await tx.deleteFrom('follow').where(`${kind}_id`, '=', id).execute()
}
