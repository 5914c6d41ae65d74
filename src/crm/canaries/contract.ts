/**
 * Canaries: believable customers who do not exist. Whoever opens one, or takes one out, is told of.
 *
 * GET    /api/canaries                 → Canaries
 * POST   /api/canaries     NewCanaries → Canaries
 * DELETE /api/canaries/:id             → Canaries, with this one in the trash
 */
import { z } from 'zod'
import { Id, Instant } from '../contract.ts'

export const CANARIES_MAX = 50

export const Canary = z.object({
  id: Id,
  name: z.string().nullable(),
  teamId: Id,
  ownerId: Id,
  createdAt: Instant,
  isRetired: z.boolean(),
})
export type Canary = z.infer<typeof Canary>
/** `people`: how many records of people the caller sees in all, canaries among them. */
export const Canaries = z.object({ items: z.array(Canary), people: z.number().int() })
export type Canaries = z.infer<typeof Canaries>

export const NewCanaries = z.strictObject({
  count: z.number().int().min(1).max(CANARIES_MAX),
  teamId: Id.optional(),
  /** A domain of the organisation's own: whoever writes to a canary writes to them. Without it they have no address. */
  mailDomain: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'domain')
    .max(190)
    .optional(),
})
export type NewCanaries = z.infer<typeof NewCanaries>
