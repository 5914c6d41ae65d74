/**
 * Tasks on people, companies and joint dossiers, with a due day.
 *
 * GET    /api/tasks                 TaskQuery   → TaskPage      what is due first, first
 * POST   /api/tasks                 NewTask     → 201 Task
 * GET    /api/tasks/:id                         → Task
 * PATCH  /api/tasks/:id             TaskEdit    → Task
 * DELETE /api/tasks/:id                         → Deleted
 */
import { z } from 'zod'
import {
  ClosedWhy,
  Confirmed,
  Cursor,
  cleared,
  Day,
  HangsOn,
  Id,
  Instant,
  Limit,
  Line,
  page,
  RowVersion,
} from '../contract.ts'

const flag = z.enum(['true', 'false']).transform((word) => word === 'true')

export const TaskQuery = z.strictObject({
  mine: flag.optional(),
  done: flag.optional(),
  personId: Id.optional(),
  companyId: Id.optional(),
  jointDossierId: Id.optional(),
  dueUntil: Day.optional(),
  limit: Limit,
  cursor: Cursor.optional(),
})
export type TaskQuery = z.infer<typeof TaskQuery>

/** When it is done, the next one is made: as many days, weeks, months or years later. */
export const Repeats = z.enum(['daily', 'weekly', 'monthly', 'yearly'])
export type Repeats = z.infer<typeof Repeats>

/** Without an assignee, the task is the caller's own. */
export const NewTask = z.strictObject({
  id: Id.optional(),
  subject: HangsOn,
  title: Line,
  dueOn: cleared(Day),
  assigneeId: Id.optional(),
  repeats: cleared(Repeats),
  remindAt: cleared(Instant),
  confirmed: Confirmed,
})
export type NewTask = z.infer<typeof NewTask>

export const TaskEdit = z.strictObject({
  rowVersion: RowVersion,
  title: Line.optional(),
  dueOn: cleared(Day),
  assigneeId: Id.optional(),
  repeats: cleared(Repeats),
  remindAt: cleared(Instant),
  isDone: z.boolean().optional(),
  confirmed: Confirmed,
})
export type TaskEdit = z.infer<typeof TaskEdit>

/** `title` is null when the vault could not open it; `closed` says why. */
export const Task = z.object({
  id: Id,
  subject: HangsOn,
  subjectName: z.string().nullable(),
  title: z.string().nullable(),
  closed: ClosedWhy.nullable(),
  dueOn: Day.nullable(),
  assigneeId: Id.nullable(),
  repeats: Repeats.nullable(),
  remindAt: Instant.nullable(),
  doneAt: Instant.nullable(),
  doneBy: Id.nullable(),
  createdAt: Instant,
  createdBy: Id.nullable(),
  updatedAt: Instant,
  rowVersion: RowVersion,
})
export type Task = z.infer<typeof Task>

export const TaskPage = page(Task)
export const Deleted = z.object({ id: Id })
