/**
 * Notes on people, companies and joint dossiers: Markdown text, in which `<@user id>` mentions a colleague.
 *
 * GET    /api/people/:id/notes        → Notes, the newest 200
 * GET    /api/companies/:id/notes     → Notes; /api/joint-dossiers/:id/notes alike
 * POST   /api/people/:id/notes        NewNote  → 201 WrittenNote
 * POST   /api/companies/:id/notes     NewNote  → 201 WrittenNote; /api/joint-dossiers/:id/notes alike
 * PATCH  /api/notes/:id               NoteEdit → WrittenNote; the text before is kept
 * POST   /api/notes/:id/pin           NotePin  → Note
 * GET    /api/notes/:id/versions               → NoteVersions, earlier texts, newest first
 * DELETE /api/notes/:id                        → Deleted, to the trash
 * POST   /api/notes/:id/restore                → Deleted
 * DELETE /api/notes/:id/for-good               → Deleted, with its earlier texts; only from the trash
 */
import { z } from 'zod'
import { ClosedWhy, Id, Instant, RowVersion } from '../contract.ts'

export const NoteId = z.object({ id: z.uuid() })
const Body = z.string().trim().min(1).max(20_000)
/** Said once the writer has seen that the text holds a national number. */
const IsConfirmed = z.boolean().default(false)
export const NewNote = z.strictObject({ body: Body, isConfirmed: IsConfirmed })
export type NewNote = z.infer<typeof NewNote>
/** With an older `rowVersion` it is refused: `changed-meanwhile`, detail `{ current: Note }`. */
export const NoteEdit = z.strictObject({
  rowVersion: RowVersion,
  body: Body,
  isConfirmed: IsConfirmed,
})
export type NoteEdit = z.infer<typeof NoteEdit>
export const NotePin = z.strictObject({ rowVersion: RowVersion, isPinned: z.boolean() })
export type NotePin = z.infer<typeof NotePin>

/** `closed` says why the vault could not open it; then the body is empty. */
export const Note = z.object({
  id: z.string(),
  body: z.string(),
  writtenBy: z.string().nullable(),
  writtenAt: Instant,
  /** Of the text; a pin is no edit. */
  editedBy: z.string().nullable(),
  editedAt: Instant.nullable(),
  isPinned: z.boolean(),
  rowVersion: z.number(),
  closed: ClosedWhy.nullable(),
})
export type Note = z.infer<typeof Note>
export const Notes = z.object({ items: z.array(Note) })

/** `untold`: mentioned, but without the right to see this record; they were told nothing. */
export const WrittenNote = Note.extend({ untold: z.array(Id) })
export type WrittenNote = z.infer<typeof WrittenNote>

/** A text as it stood, who had written it and when, and who replaced it when. */
export const NoteVersions = z.object({
  items: z.array(
    z.object({
      id: Id,
      body: z.string(),
      writtenBy: z.string().nullable(),
      writtenAt: Instant,
      replacedBy: z.string().nullable(),
      replacedAt: Instant,
      closed: ClosedWhy.nullable(),
    }),
  ),
})
export type NoteVersions = z.infer<typeof NoteVersions>
export const Deleted = z.object({ id: z.uuid() })
