import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { HangsOn } from '../contract.ts'

export type TaskRow = {
  id: string
  person_id: string | null
  company_id: string | null
  joint_dossier_id: string | null
  key_slot: number
  content_seal_counter: number
  assignee_id: string | null
  due_on: string | null
  repeats: string | null
  repeat_day: number | null
  remind_at: Date | null
  next_id: string | null
  done_at: Date | null
  done_by: string | null
  row_version: number
  created_at: Date
  created_by: string | null
  updated_at: Date
  updated_by: string | null
}

export type TaskFilter = {
  assigneeId?: string | undefined
  isDone?: boolean | undefined
  personId?: string | undefined
  companyId?: string | undefined
  jointDossierId?: string | undefined
  dueUntil?: string | undefined
}

/** Where a page ended: the due day (`infinity` without one) and the id. */
export type TaskPosition = { dueOn: string; id: string }

// What hangs on a record in the trash is not shown; row security hides what hangs on a foreign one. Scalar
// subqueries, since a join may read all people to find those of fifty tasks.
const keySlot = sql<number>`coalesce(
  (select p.key_slot from kluis.person p where p.id = task.person_id and p.deleted_at is null),
  (select c.key_slot from kluis.company c where c.id = task.company_id and c.deleted_at is null),
  (select d.key_slot from kluis.joint_dossier d where d.id = task.joint_dossier_id))`

function visibleTasks(tx: ReadTx) {
  return tx
    .selectFrom('task')
    .where(sql<boolean>`${keySlot} is not null`)
    .select([
      'task.id',
      'task.person_id',
      'task.company_id',
      'task.joint_dossier_id',
      'task.content_seal_counter',
      'task.assignee_id',
      'task.due_on',
      'task.repeats',
      'task.repeat_day',
      'task.remind_at',
      'task.next_id',
      'task.done_at',
      'task.done_by',
      'task.row_version',
      'task.created_at',
      'task.created_by',
      'task.updated_at',
      'task.updated_by',
      keySlot.as('key_slot'),
    ])
}

export async function findTask(tx: ReadTx, id: string): Promise<TaskRow | undefined> {
  return visibleTasks(tx).where('task.id', '=', id).executeTakeFirst()
}

/** What is due first comes first; tasks without a day come last. */
export async function listTasks(
  tx: ReadTx,
  filter: TaskFilter,
  after: TaskPosition | undefined,
  limit: number,
): Promise<TaskRow[]> {
  const dueOn = sql<string>`coalesce(task.due_on, 'infinity'::date)`
  let query = visibleTasks(tx)
  if (filter.assigneeId) query = query.where('task.assignee_id', '=', filter.assigneeId)
  if (filter.personId) query = query.where('task.person_id', '=', filter.personId)
  if (filter.companyId) query = query.where('task.company_id', '=', filter.companyId)
  if (filter.jointDossierId)
    query = query.where('task.joint_dossier_id', '=', filter.jointDossierId)
  if (filter.dueUntil) query = query.where('task.due_on', '<=', filter.dueUntil)
  if (filter.isDone !== undefined)
    query = query.where('task.done_at', filter.isDone ? 'is not' : 'is', null)
  if (after)
    query = query.where(
      sql<boolean>`(${dueOn}, task.id) > (${after.dueOn}::date, ${after.id}::uuid)`,
    )
  return query.orderBy(dueOn).orderBy('task.id').limit(limit).execute()
}

/** The key slot of a record the caller sees: what a task about it is sealed under. */
export async function findKeySlot(tx: ReadTx, { kind, id }: HangsOn): Promise<number | undefined> {
  let query = tx
    .selectFrom(kind as 'person')
    .select('key_slot')
    .where('id', '=', id)
  // A joint dossier is ended, and never thrown away.
  if (kind !== 'joint_dossier') query = query.where('deleted_at', 'is', null)
  return (await query.executeTakeFirst())?.key_slot
}

export type NewTaskRow = {
  id: string
  person_id: string | null
  company_id: string | null
  joint_dossier_id: string | null
  content_sealed: Sealed
  assignee_id: string | null
  due_on: string | null
  repeats: string | null
  repeat_day: number | null
  remind_at: Date | null
}

export async function insertTask(tx: Tx, row: NewTaskRow): Promise<void> {
  await tx.insertInto('task').values(row).execute()
}

export type TaskPatch = Partial<{
  content_sealed: Sealed
  content_seal_counter: number
  assignee_id: string
  due_on: string | null
  repeats: string | null
  repeat_day: number | null
  remind_at: Date | null
  next_id: string | null
  done_at: Date | null
  done_by: string | null
}>

/** PostgreSQL raises KL409 when `version` is not the row's own. False: not there for this caller. */
export async function changeTask(
  tx: Tx,
  id: string,
  version: number,
  patch: TaskPatch,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('task')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function removeTask(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('task').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Takes back what followed from a task that was ticked by mistake, unless somebody touched it. */
export async function removeUntouched(tx: Tx, id: string): Promise<void> {
  await tx
    .deleteFrom('task')
    .where('id', '=', id)
    .where('row_version', '=', 1)
    .where('done_at', 'is', null)
    .execute()
}

/** Whether this user works here: a task for nobody would never be done. */
export async function isColleague(tx: ReadTx, userId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('user_account')
    .select('id')
    .where('id', '=', userId)
    .where('status', '=', 'active')
    .executeTakeFirst()
  return row !== undefined
}
