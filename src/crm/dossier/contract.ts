/**
 * The timeline of a dossier: notes and tasks together, newest first.
 *
 * GET /api/people/:id/timeline      PageQuery → TimelinePage
 * GET /api/companies/:id/timeline   PageQuery → TimelinePage
 */
import { z } from 'zod'
import { ClosedWhy, Day, Id, Instant, page, RowVersion } from '../contract.ts'

const common = {
  id: Id,
  createdAt: Instant,
  createdBy: Id.nullable(),
  updatedAt: Instant,
  rowVersion: RowVersion,
  closed: ClosedWhy.nullable(),
}

export const TimelineEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('note'), text: z.string().nullable(), ...common }),
  z.object({
    kind: z.literal('task'),
    title: z.string().nullable(),
    dueOn: Day.nullable(),
    assigneeId: Id.nullable(),
    doneAt: Instant.nullable(),
    doneBy: Id.nullable(),
    ...common,
  }),
])
export type TimelineEntry = z.infer<typeof TimelineEntry>

export const TimelinePage = page(TimelineEntry)
