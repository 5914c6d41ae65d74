/**
 * Gives a record to a colleague, with a note for them.
 *
 * POST /api/people/:id/hand-over      HandOver → HandedOver
 * POST /api/companies/:id/hand-over   HandOver → HandedOver
 */
import { z } from 'zod'
import { Id, RowVersion } from '../contract.ts'

export const HandOver = z.strictObject({
  rowVersion: RowVersion,
  ownerId: Id,
  teamId: Id,
  /** Stands in the dossier as a note of the giver. */
  note: z.string().trim().min(1).max(20_000).optional(),
  /** Said once the writer has seen that the text holds a national number. */
  isConfirmed: z.boolean().default(false),
})
export type HandOver = z.infer<typeof HandOver>

/** `isInSight`: whether the giver still sees the record. */
export const HandedOver = z.object({ isInSight: z.boolean() })
export type HandedOver = z.infer<typeof HandedOver>
