/**
 * One's own bookmarks, and the dossiers one opened last.
 *
 * GET  /api/favourites                    → Subjects
 * POST /api/favourites     Favourite      → Favourite
 * GET  /api/recent                        → Subjects
 */
import { z } from 'zod'
import { Instant, Subject } from '../contract.ts'

export const Favourite = z.strictObject({ subject: Subject, isFavourite: z.boolean() })
export type Favourite = z.infer<typeof Favourite>
/** `name` is null where the vault could not open it. */
export const Subjects = z.object({
  items: z.array(z.object({ subject: Subject, name: z.string().nullable(), at: Instant })),
})
export type Subjects = z.infer<typeof Subjects>
