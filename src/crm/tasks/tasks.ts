import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { findNationalNumbers } from '#platform/national-number.ts'
import { Problem, refuse } from '#platform/problem.ts'
import { findClientId, insertClientId } from '#security/access/client-ids.ts'
import type { Who } from '#security/access/who.ts'
import {
  type OpenOutcome,
  openedOrRefuse,
  type SealTarget,
  type Vault,
} from '#security/vault/vault.ts'
import type { HangsOn } from '../contract.ts'
import { hangsOnOf } from '../hangs-on.ts'
import { openJointNames } from '../joint-names.ts'
import { findJointEnd, requireGoingOn } from '../store.ts'
import { nameOf } from '../subject-names.ts'
import type { NewTask, Repeats, Task, TaskEdit, TaskQuery } from './contract.ts'
import { nextDue } from './repeat.ts'
import * as store from './store.ts'

export type TaskParts = { vault: Vault; tellAssigned: TellAssigned }
/** Tells a colleague, in the same transaction, that a task is theirs. */
export type TellAssigned = (tx: Tx, taskId: string) => Promise<void>
type Asking = { tx: ReadTx; who: Who; now: Date }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Content = { title: string }
/** A page of tasks with the names of whom they are about; the names' opening is recorded as a list. */
export async function listTasks(parts: TaskParts, { tx, who }: Asking, query: TaskQuery) {
  const rows = await store.listTasks(
    tx,
    {
      assigneeId: query.mine ? who.userId : undefined,
      isDone: query.done,
      personId: query.personId,
      companyId: query.companyId,
      jointDossierId: query.jointDossierId,
      dueUntil: query.dueUntil,
    },
    query.cursor === undefined ? undefined : readCursor(query.cursor),
    query.limit + 1,
  )
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return {
    items: await openTasks(parts, tx, page, 'list'),
    nextCursor: last ? `${last.due_on ?? 'infinity'}_${last.id}` : null,
  }
}

function readCursor(cursor: string): store.TaskPosition {
  const found = /^(\d{4,6}-\d\d-\d\d|infinity)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
    cursor,
  )
  if (!found) refuse('invalid-fields', { fields: [{ field: 'cursor', problem: 'unknown' }] })
  return { dueOn: found[1]!, id: found[2]! }
}

async function openTasks(
  { vault }: TaskParts,
  tx: ReadTx,
  rows: store.TaskRow[],
  record: 'list' | 'dossier',
): Promise<Task[]> {
  if (rows.length === 0) return []
  const subjects = (kind: HangsOn['kind']) => [
    ...new Set(rows.flatMap((row) => row[`${kind}_id`] ?? [])),
  ]
  const names = async (kind: 'person' | 'company', ids: readonly string[]) => {
    const opened = await vault.open<Parameters<typeof nameOf>[0]>(tx, {
      table: kind,
      sealedClass: 'contact',
      ids,
      purpose: record,
      record,
    })
    const name = (one: OpenOutcome<Parameters<typeof nameOf>[0]>) =>
      one.kind === 'open' ? nameOf(one.value) : null
    return new Map([...opened].map(([id, one]) => [id, name(one)]))
  }
  const [contents, people, companies, joint] = await Promise.all([
    vault.open<Content>(tx, {
      table: 'task',
      sealedClass: 'content',
      ids: rows.map((row) => row.id),
      purpose: record,
      record: 'none',
    }),
    names('person', subjects('person')),
    names('company', subjects('company')),
    openJointNames(vault, tx, subjects('joint_dossier'), record, (ids) => names('person', ids)),
  ])
  const all = new Map([...people, ...companies, ...joint])
  return rows.map((row) => line(row, contents.get(row.id), all.get(hangsOnOf(row).id) ?? null))
}

function line(
  row: store.TaskRow,
  content: OpenOutcome<Content> | undefined,
  subjectName: string | null,
): Task {
  return {
    id: row.id,
    subject: hangsOnOf(row),
    subjectName,
    title: content?.kind === 'open' ? content.value.title : null,
    closed: content?.kind === 'closed' ? content.why : null,
    dueOn: row.due_on,
    assigneeId: row.assignee_id,
    repeats: row.repeats as Repeats | null,
    remindAt: row.remind_at?.toISOString() ?? null,
    doneAt: row.done_at?.toISOString() ?? null,
    doneBy: row.done_by,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
    rowVersion: row.row_version,
  }
}

export async function showTask(parts: TaskParts, { tx }: Asking, id: string): Promise<Task> {
  const row = (await store.findTask(tx, id)) ?? refuse('not-found')
  const [task] = await openTasks(parts, tx, [row], 'dossier')
  return task!
}

export async function createTask(
  parts: TaskParts,
  asking: Asking,
  given: NewTask,
  writeAtOnce: WriteAtOnce,
): Promise<Task> {
  const { tx, who } = asking
  const { subject } = given
  const assigneeId = given.assigneeId ?? who.userId
  const [known, keySlot, isColleague] = await Promise.all([
    given.id && findClientId(tx, who.userId, given.id, 'task'),
    store.findKeySlot(tx, subject),
    store.isColleague(tx, assigneeId),
  ])
  if (known) return showTask(parts, asking, known)
  if (keySlot === undefined) refuse('not-found')
  await requireGoingOn(tx, subject)
  if (!isColleague)
    refuse('invalid-fields', { fields: [{ field: 'assigneeId', problem: 'unknown' }] })
  requireNoNationalNumber(given.title, given.confirmed)
  let id: string = randomUUID()
  const [sealed] = await parts.vault.seal([
    { target: target({ id, subject, keySlot, sealCounter: 1 }), value: { title: given.title } },
  ])
  const row = {
    id,
    person_id: subject.kind === 'person' ? subject.id : null,
    company_id: subject.kind === 'company' ? subject.id : null,
    joint_dossier_id: subject.kind === 'joint_dossier' ? subject.id : null,
    content_sealed: sealed!,
    assignee_id: assigneeId,
    due_on: given.dueOn ?? null,
    ...repeatOf(given.repeats ?? null, given.dueOn ?? null),
    remind_at: given.remindAt ? new Date(given.remindAt) : null,
  }
  await writeAtOnce((write) =>
    Promise.all([
      given.id
        ? insertClientId(write, 'task', { user_id: who.userId, client_id: given.id, row_id: id })
        : undefined,
      store.insertTask(write, row),
      parts.tellAssigned(write, id),
    ]),
  ).catch(async (error: { code?: string }) => {
    // The same client-made id arrived twice at once: the other request won, and both get its task.
    const winner =
      error.code === '23505' && given.id && (await findClientId(tx, who.userId, given.id, 'task'))
    if (!winner) throw error
    id = winner
  })
  return showTask(parts, asking, id)
}

/** What comes back needs a day to come back from. */
function repeatOf(repeats: Repeats | null, dueOn: string | null) {
  if (repeats !== null && dueOn === null)
    refuse('invalid-fields', { fields: [{ field: 'dueOn', problem: 'needed-to-repeat' }] })
  return { repeats, repeat_day: repeats === null ? null : Number(dueOn!.slice(8)) }
}

function target(at: {
  id: string
  subject: HangsOn
  keySlot: number
  sealCounter: number
}): SealTarget {
  return {
    table: 'task',
    sealedClass: 'content',
    rowId: at.id,
    subjectId: at.subject.id,
    keySlot: at.keySlot,
    sealCounter: at.sealCounter,
  }
}

/** A national number is not kept by accident: the writer is asked first, before anything is stored. */
function requireNoNationalNumber(title: string, isConfirmed: boolean): void {
  const found = findNationalNumbers(title)
  if (found.length > 0 && !isConfirmed) refuse('national-number-found', { found })
}

export async function editTask(
  parts: TaskParts,
  asking: Asking,
  id: string,
  edit: TaskEdit,
  writeAtOnce: WriteAtOnce,
): Promise<Task> {
  const { tx, who, now } = asking
  const row = (await store.findTask(tx, id)) ?? refuse('not-found')
  if (edit.rowVersion !== row.row_version) await refuseStale(parts, asking, row.id, edit)
  if (edit.assigneeId && !(await store.isColleague(tx, edit.assigneeId)))
    refuse('invalid-fields', { fields: [{ field: 'assigneeId', problem: 'unknown' }] })
  const patch: store.TaskPatch = {}
  if (edit.title !== undefined) {
    requireNoNationalNumber(edit.title, edit.confirmed)
    const sealCounter = row.content_seal_counter + 1
    const [sealed] = await parts.vault.seal([
      {
        target: target({ id: row.id, subject: hangsOnOf(row), keySlot: row.key_slot, sealCounter }),
        value: { title: edit.title },
      },
    ])
    patch.content_sealed = sealed!
    patch.content_seal_counter = sealCounter
  }
  if (edit.dueOn !== undefined) patch.due_on = edit.dueOn
  if (edit.assigneeId !== undefined) patch.assignee_id = edit.assigneeId
  if (edit.remindAt !== undefined)
    patch.remind_at = edit.remindAt === null ? null : new Date(edit.remindAt)
  if (edit.repeats !== undefined || (edit.dueOn !== undefined && row.repeats !== null))
    Object.assign(
      patch,
      repeatOf(
        (edit.repeats === undefined ? row.repeats : edit.repeats) as Repeats | null,
        edit.dueOn === undefined ? row.due_on : edit.dueOn,
      ),
    )
  let next: store.NewTaskRow | undefined
  if (edit.isDone !== undefined) {
    patch.done_at = edit.isDone ? now : null
    patch.done_by = edit.isDone ? who.userId : null
    if (edit.isDone && row.done_at === null)
      next = await nextTask(parts, asking, { ...row, ...patch })
    if (next) patch.next_id = next.id
    if (!edit.isDone) patch.next_id = null
  }
  const isGiven = patch.assignee_id !== undefined && patch.assignee_id !== row.assignee_id
  try {
    const [isChanged] = await writeAtOnce((write) =>
      Promise.all([
        store.changeTask(write, row.id, edit.rowVersion, patch),
        next && store.insertTask(write, next),
        edit.isDone === false && row.next_id && store.removeUntouched(write, row.next_id),
        isGiven && parts.tellAssigned(write, row.id),
      ]),
    )
    if (!isChanged) refuse('not-found')
  } catch (error) {
    if (error instanceof Problem && error.code === 'changed-meanwhile')
      await refuseStale(parts, asking, row.id, edit)
    throw error
  }
  return showTask(parts, asking, row.id)
}

/** The task that follows one that comes back; undefined for one that does not. */
async function nextTask(
  { vault }: TaskParts,
  { tx, now }: Asking,
  row: store.TaskRow,
): Promise<store.NewTaskRow | undefined> {
  const { repeats, due_on: due, repeat_day: day } = row
  if (repeats === null || due === null) return undefined
  // Of what is over nothing comes back.
  if (row.joint_dossier_id && (await findJointEnd(tx, row.joint_dossier_id))) return undefined
  const content = (
    await vault.open<Content>(tx, {
      table: 'task',
      sealedClass: 'content',
      ids: [row.id],
      purpose: 'edit',
      record: 'none',
    })
  ).get(row.id)
  const value = openedOrRefuse(content)
  const dueOn = nextDue(due, repeats as Repeats, day ?? Number(due.slice(8)), localDay(now))
  const id = randomUUID()
  const [sealed] = await vault.seal([
    {
      target: target({ id, subject: hangsOnOf(row), keySlot: row.key_slot, sealCounter: 1 }),
      value,
    },
  ])
  const later = Date.parse(dueOn) - Date.parse(due)
  return {
    id,
    person_id: row.person_id,
    company_id: row.company_id,
    joint_dossier_id: row.joint_dossier_id,
    content_sealed: sealed!,
    assignee_id: row.assignee_id,
    due_on: dueOn,
    repeats,
    repeat_day: day,
    remind_at: row.remind_at && new Date(row.remind_at.getTime() + later),
  }
}

function localDay(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** The second of two editors learns what the task is now, and which of their fields it differs in. */
async function refuseStale(
  parts: TaskParts,
  asking: Asking,
  id: string,
  edit: TaskEdit,
): Promise<never> {
  const [current, row] = await Promise.all([
    showTask(parts, asking, id),
    store.findTask(asking.tx, id),
  ])
  const now = { ...current, isDone: current.doneAt !== null }
  const changedFields = (['title', 'dueOn', 'assigneeId', 'isDone'] as const).filter(
    (field) => edit[field] !== undefined && edit[field] !== now[field],
  )
  refuse('changed-meanwhile', {
    current,
    changedFields,
    changedBy: row?.updated_by ?? null,
    changedAt: current.updatedAt,
  })
}

export async function removeTask(
  { tx }: Asking,
  id: string,
  writeAtOnce: WriteAtOnce,
): Promise<{ id: string }> {
  const row = (await store.findTask(tx, id)) ?? refuse('not-found')
  if (!(await writeAtOnce((write) => store.removeTask(write, row.id)))) refuse('not-found')
  return { id: row.id }
}
