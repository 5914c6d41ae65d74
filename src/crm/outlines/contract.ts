/**
 * Records as whoever may not read contact data sees them: readable columns, newest first. Nothing sealed is read.
 *
 * GET /api/people/outline      PageQuery → OutlinePage; companies alike
 */
import { z } from 'zod'
import { Id, Instant, page, Stage } from '../contract.ts'

export const Outline = z.object({
  id: Id,
  stage: Stage,
  ownerId: Id,
  teamId: Id,
  createdAt: Instant,
  updatedAt: Instant,
})
export type Outline = z.infer<typeof Outline>
export const OutlinePage = page(Outline)
export type OutlinePage = z.infer<typeof OutlinePage>
