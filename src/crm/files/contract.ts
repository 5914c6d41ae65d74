/**
 * Files on people, companies and joint dossiers, sealed: up to 25 MiB each, sent and kept in pieces of 1 MiB.
 *
 * GET    /api/people/:id/files               PageQuery → FilePage, the newest first
 * GET    /api/companies/:id/files            PageQuery → FilePage; /api/joint-dossiers/:id/files alike
 * POST   /api/people/:id/files               NewFile   → 201 Upload
 * POST   /api/companies/:id/files            NewFile   → 201 Upload; /api/joint-dossiers/:id/files alike
 * GET    /api/files/:id/upload                         → Upload, what arrived of one's own upload
 * PUT    /api/files/:id/pieces/:number       its bytes as application/octet-stream → Upload
 * POST   /api/files/:id/complete                       → FileLine, once every piece is there; a photo with more in it than
 *                                                       the picture is kept without, under another id
 * GET    /api/files/:id/photo                          the bytes of a person's photo, for showing; recorded as the dossier's opening
 * GET    /api/files/:id/content                        the bytes, as an attachment; recorded as a download
 * PATCH  /api/files/:id                      FileEdit  → FileLine
 * DELETE /api/files/:id                                → Deleted, to the trash
 * POST   /api/files/:id/restore                        → Deleted
 * DELETE /api/files/:id/for-good                       → Deleted; only from the trash, or a left upload
 */
import { z } from 'zod'
import { ClosedWhy, Id, IdParams, Instant, page, RowVersion } from '../contract.ts'

export const FileId = IdParams
export const FILE_BYTES_MAX = 25 * 1024 * 1024

const Name = z.string().min(1).max(500)
/** A type is what the sender says it is: shown, never believed. */
export const NewFile = z.strictObject({
  name: Name,
  type: z.string().max(200).optional(),
  size: z.number().int().min(0),
  /** Of a person: once whole it is their photo, and the one before is in the trash. */
  isPhoto: z.boolean().optional(),
})
export type NewFile = z.infer<typeof NewFile>

export const PieceParams = z.strictObject({
  id: Id,
  number: z.coerce.number().int().min(0).max(63),
})

/** Every piece is `pieceBytes` long, but for the last. One that arrived is not taken a second time. */
export const Upload = z.object({
  id: Id,
  pieceBytes: z.number().int(),
  pieces: z.number().int(),
  received: z.array(z.number().int()),
})
export type Upload = z.infer<typeof Upload>

export const FileEdit = z.strictObject({ rowVersion: RowVersion, name: Name })
export type FileEdit = z.infer<typeof FileEdit>

/** `closed` says why the vault could not open it; then name and size are null. */
export const FileLine = z.object({
  id: Id,
  name: z.string().nullable(),
  type: z.string().nullable(),
  size: z.number().int().nullable(),
  createdAt: Instant,
  createdBy: Id.nullable(),
  rowVersion: RowVersion,
  closed: ClosedWhy.nullable(),
})
export type FileLine = z.infer<typeof FileLine>
export const FilePage = page(FileLine)
export type FilePage = z.infer<typeof FilePage>
export const Deleted = z.object({ id: Id })
