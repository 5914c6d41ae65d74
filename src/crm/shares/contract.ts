/**
 * A record given to a colleague or a team, to see or to edit, until a day. It ends by itself.
 *
 * GET    /api/people/:id/shares              → Shares; companies alike
 * POST   /api/people/:id/shares     NewShare → Share; one with the same colleague or team is replaced
 * DELETE /api/shares/:id                     → Done
 * GET    /api/shares                         → SharedRecords: with me, and by me
 */
import { z } from 'zod'
import { Id, Instant, Subject } from '../contract.ts'

export const Share = z.object({
  id: Id,
  userId: Id.nullable(),
  teamId: Id.nullable(),
  mayEdit: z.boolean(),
  endsAt: Instant,
  by: Id.nullable(),
  at: Instant,
})
export type Share = z.infer<typeof Share>
export const Shares = z.object({ items: z.array(Share) })
export type Shares = z.infer<typeof Shares>

/** The last day that it lasts, at most a year away. */
export const NewShare = z.strictObject({
  userId: Id.optional(),
  teamId: Id.optional(),
  mayEdit: z.boolean().default(false),
  until: z.iso.date(),
})
export type NewShare = z.infer<typeof NewShare>
export const Done = z.object({ done: z.literal(true) })

const SharedRecord = Share.extend({ subject: Subject, subjectName: z.string().nullable() })
export const SharedRecords = z.object({
  withMe: z.array(SharedRecord),
  byMe: z.array(SharedRecord),
})
export type SharedRecords = z.infer<typeof SharedRecords>
