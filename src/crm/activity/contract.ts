/**
 * What happened on the records the caller may see, newest first.
 *
 * GET /api/activity    ActivityQuery → ActivityPage
 */
import { z } from 'zod'
import { Cursor, HangsOn, Id, Instant, page, Subject } from '../contract.ts'

export const ActivityQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(30),
  cursor: Cursor.optional(),
})
export type ActivityQuery = z.infer<typeof ActivityQuery>

export const Activity = z.object({
  /** Of the record, note, task, file, tie or merge itself. */
  id: Id,
  kind: z.enum([
    'created',
    'changed',
    'noted',
    'note-changed',
    'task-made',
    'task-changed',
    'task-done',
    'file-added',
    'file-changed',
    'file-removed',
    'tie-added',
    'tie-ended',
    'tie-removed',
    'merged',
    'merge-undone',
  ]),
  subject: HangsOn,
  /** Null where the vault could not open it. */
  name: z.string().nullable(),
  /** Of a task or a file; of a merge, what the record that went was called, as long as it can be undone. */
  title: z.string().nullable(),
  /** With whom a tie began or ended. */
  other: z.object({ subject: Subject, name: z.string().nullable() }).nullable(),
  by: Id.nullable(),
  at: Instant,
})
export type Activity = z.infer<typeof Activity>
export const ActivityPage = page(Activity)
