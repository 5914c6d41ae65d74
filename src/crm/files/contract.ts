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
 *
 * GET    /api/retention-rules                          → RetentionRules, the laws that have documents kept
 * PUT    /api/files/:id/retention            RetentionEdit → FileLine; under a key of its own from here on, or no longer
 * GET    /api/retained-files                 RetainedQuery → RetainedPage, what is over and what erasures set apart
 * PUT    /api/retained-files/:id/retention   RetentionEdit → FileLine, the same for who looks after erasures
 * POST   /api/retained-files/:id/openings    RetainedOpening → 201 Said; its content can be fetched for a quarter of an hour
 * POST   /api/retained-files/erasures        answered where keys are: security/vault/erasing/routes.ts
 */
import { z } from 'zod'
import {
  ClosedWhy,
  Cursor,
  Day,
  HangsOn,
  Id,
  IdParams,
  Instant,
  Limit,
  Line,
  page,
  RowVersion,
} from '../contract.ts'

export const FileId = IdParams
export const FILE_BYTES_MAX = 25 * 1024 * 1024

const Name = z.string().min(1).max(500)
export const Retention = z.strictObject({
  rule: z.string().max(40),
  /** The day of the document; of rules that begin at the end of a relation, that end, or null as long as there is none. */
  from: Day.nullable(),
})
export type Retention = z.infer<typeof Retention>

/** A type is what the sender says it is: shown, never believed. */
export const NewFile = z.strictObject({
  name: Name,
  type: z.string().max(200).optional(),
  size: z.number().int().min(0),
  /** Of a person: once whole it is their photo, and the one before is in the trash. */
  isPhoto: z.boolean().optional(),
  /** A law has it kept: it is sealed under a key of its own from the start. */
  retention: Retention.optional(),
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
  /** `until`: the first day on which it may go; null as long as the relation lasts. */
  retention: Retention.extend({ until: Day.nullable() }).nullable(),
})
export type FileLine = z.infer<typeof FileLine>
export const FilePage = page(FileLine)
export type FilePage = z.infer<typeof FilePage>
export const Deleted = z.object({ id: Id })

export const RetentionRule = z.object({
  code: z.string(),
  jurisdiction: z.enum(['BE', 'NL', 'EU']),
  name: z.object({ nl: z.string(), en: z.string() }),
  statute: z.string(),
  years: z.number().int(),
  startsAt: z.enum(['document', 'end-of-relation']),
  fromNewYear: z.boolean(),
})
export type RetentionRule = z.infer<typeof RetentionRule>
export const RetentionRules = z.object({ items: z.array(RetentionRule) })
export type RetentionRules = z.infer<typeof RetentionRules>

/** Null: no law has it kept. A shorter time, or none, is for who looks after erasures. */
export const RetentionEdit = z.strictObject({
  rowVersion: RowVersion,
  retention: Retention.nullable(),
})
export type RetentionEdit = z.infer<typeof RetentionEdit>

export const retainedPurposes = ['audit', 'dispute', 'authority', 'access-request'] as const
export const RetainedPurpose = z.enum(retainedPurposes)
export type RetainedPurpose = z.infer<typeof RetainedPurpose>

export const RetainedQuery = z.strictObject({
  state: z.enum(['over', 'set-apart']),
  limit: Limit,
  cursor: Cursor.optional(),
})
export type RetainedQuery = z.infer<typeof RetainedQuery>
/** `subject`: whose dossier it lies in; null once that was erased. */
export const RetainedFile = FileLine.extend({
  subject: HangsOn.nullable(),
  subjectName: z.string().nullable(),
  setApartAt: Instant.nullable(),
  openings: z.array(
    z.object({ at: Instant, by: Id.nullable(), purpose: RetainedPurpose, reason: z.string() }),
  ),
})
export type RetainedFile = z.infer<typeof RetainedFile>
export const RetainedPage = page(RetainedFile)
export type RetainedPage = z.infer<typeof RetainedPage>

export const RetainedOpening = z.strictObject({ purpose: RetainedPurpose, reason: Line })
export type RetainedOpening = z.infer<typeof RetainedOpening>
export const Said = z.object({ id: Id })
