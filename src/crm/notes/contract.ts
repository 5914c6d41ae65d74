/**
 * Notes on people and companies.
 *
 * GET    /api/people/:id/notes      PageQuery   → NotePage      newest first
 * POST   /api/people/:id/notes      NewNote     → 201 Note
 * GET    /api/companies/:id/notes   PageQuery   → NotePage
 * POST   /api/companies/:id/notes   NewNote     → 201 Note
 * PATCH  /api/notes/:id             NoteEdit    → Note
 * DELETE /api/notes/:id                         → Deleted
 */
import { z } from 'zod'
import { ClosedWhy, Confirmed, Id, Instant, page, RowVersion, Subject } from '../contract.ts'

// A long letter fits; a book is a document.
export const NOTE_CHARACTERS_MAX = 20_000
const NoteText = z
  .string()
  .trim()
  .min(1)
  .max(NOTE_CHARACTERS_MAX)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/u, 'control characters')

export const NewNote = z.strictObject({ id: Id.optional(), text: NoteText, confirmed: Confirmed })
export type NewNote = z.infer<typeof NewNote>

export const NoteEdit = z.strictObject({
  rowVersion: RowVersion,
  text: NoteText,
  confirmed: Confirmed,
})
export type NoteEdit = z.infer<typeof NoteEdit>

/** `text` is null when the vault could not open it; `closed` says why. */
export const Note = z.object({
  id: Id,
  subject: Subject,
  text: z.string().nullable(),
  closed: ClosedWhy.nullable(),
  createdAt: Instant,
  createdBy: Id.nullable(),
  updatedAt: Instant,
  updatedBy: Id.nullable(),
  rowVersion: RowVersion,
})
export type Note = z.infer<typeof Note>

export const NotePage = page(Note)
export const Deleted = z.object({ id: Id })
