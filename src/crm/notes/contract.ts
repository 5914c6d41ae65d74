/**
 * Notes on people and companies.
 *
 * GET    /api/people/:id/notes      → Notes, the newest 200
 * GET    /api/companies/:id/notes   → Notes
 * POST   /api/people/:id/notes      NewNote  → 201 Note
 * POST   /api/companies/:id/notes   NewNote  → 201 Note
 * PATCH  /api/notes/:id             NoteEdit → Note
 * DELETE /api/notes/:id                      → Deleted
 */
import { z } from 'zod'
import { ClosedWhy } from '../contract.ts'

export const NoteId = z.object({ id: z.uuid() })
const Body = z.string().trim().min(1).max(20_000)
/** Said once the writer has seen that the text holds a national number. */
const IsConfirmed = z.boolean().default(false)
export const NewNote = z.strictObject({ body: Body, isConfirmed: IsConfirmed })
export type NewNote = z.infer<typeof NewNote>
export const NoteEdit = z.strictObject({
  rowVersion: z.number().int().min(1),
  body: Body,
  isConfirmed: IsConfirmed,
})
export type NoteEdit = z.infer<typeof NoteEdit>
/** `closed` says why the vault could not open it; then the body is empty. */
export const Note = z.object({
  id: z.string(),
  body: z.string(),
  writtenBy: z.string().nullable(),
  writtenAt: z.iso.datetime(),
  rowVersion: z.number(),
  closed: ClosedWhy.nullable(),
})
export type Note = z.infer<typeof Note>
export const Notes = z.object({ items: z.array(Note) })
export const Deleted = z.object({ id: z.uuid() })
