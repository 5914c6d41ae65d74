import { z } from 'zod'

export const PersonId = z.object({ id: z.uuid() })
export const NewNote = z.strictObject({
  body: z.string().trim().min(1).max(20_000),
  /** Said once the writer has seen that the text holds a national number. */
  isConfirmed: z.boolean().default(false),
})
export const Note = z.object({
  id: z.string(),
  body: z.string(),
  writtenBy: z.string().nullable(),
  writtenAt: z.iso.datetime(),
})
export const Notes = z.object({ items: z.array(Note) })
