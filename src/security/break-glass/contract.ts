/**
 * Break-glass: emergency access. Everything is seen for a while and nothing changed; others are told at once, and look
 * afterwards at what was opened.
 *
 * GET  /api/break-glass/live               → Live: what is open now and concerns the caller
 * GET  /api/break-glass                    → BreakGlasses, for who reviews; one's own for the others
 * POST /api/break-glass          Opening   → BreakGlass
 * POST /api/break-glass/:id/end            → BreakGlass
 * GET  /api/break-glass/:id/openings       → Openings
 * POST /api/break-glass/:id/review Review  → BreakGlass
 */
import { z } from 'zod'

const Id = z.uuid()
const Instant = z.iso.datetime()

export const Opening = z.strictObject({ reason: z.string().trim().min(10).max(500) })
export const Review = z.strictObject({ review: z.string().trim().min(3).max(2000) })
export const BreakGlassId = z.object({ id: Id })

export const BreakGlass = z.object({
  id: Id,
  userId: Id,
  reason: z.string(),
  openedAt: Instant,
  endsAt: Instant,
  endedAt: Instant.nullable(),
  isLive: z.boolean(),
  isOfThisSession: z.boolean(),
  review: z.string(),
  reviewedBy: Id.nullable(),
  reviewedAt: Instant.nullable(),
  /** The caller may look at it and sign. */
  mayReview: z.boolean(),
})
export type BreakGlass = z.infer<typeof BreakGlass>
export const BreakGlasses = z.object({ items: z.array(BreakGlass) })
export const Live = z.object({
  items: z.array(BreakGlass.pick({ id: true, userId: true, endsAt: true, isOfThisSession: true })),
})
export type Live = z.infer<typeof Live>

/** `isOwn`: its owner sees it without break-glass too. `name` is null where it does not open. */
export const OpenedRecord = z.object({
  at: Instant,
  kind: z.string(),
  purpose: z.string(),
  subject: z.object({ kind: z.enum(['person', 'company']), id: Id }).nullable(),
  name: z.string().nullable(),
  isOwn: z.boolean(),
})
export type OpenedRecord = z.infer<typeof OpenedRecord>
export const OpenedRecords = z.object({
  items: z.array(OpenedRecord),
  /** Shown in a list and not opened, and not the owner's own. */
  listed: z.number().int(),
})
export type OpenedRecords = z.infer<typeof OpenedRecords>
