/**
 * The timeline of a dossier: notes, tasks, files and changes of the record, newest first; and its trash.
 *
 * GET /api/people/:id/timeline      TimelineQuery → TimelinePage
 * GET /api/companies/:id/timeline   TimelineQuery → TimelinePage
 * GET /api/people/:id/revision                    → Revision, so that a screen sees that a colleague changed it
 * GET /api/people/:id/trash                       → DossierTrash, the notes and files thrown away last
 * GET /api/companies/:id/trash                    → DossierTrash
 *
 * /api/joint-dossiers/:id has the same three. The timeline of a person shows what hangs on their joint dossiers too.
 */
import { z } from 'zod'
import { ClosedWhy, Cursor, Day, Id, Instant, Limit, page, RowVersion, Stage } from '../contract.ts'

/** `by` is null for what no colleague did, such as an import of long ago. */
export const Revision = z.object({ rowVersion: RowVersion, at: Instant, by: Id.nullable() })
export type Revision = z.infer<typeof Revision>

export const timelineKinds = ['note', 'task', 'file', 'change', 'tie', 'import'] as const
export type TimelineKind = (typeof timelineKinds)[number]
const Kind = z.enum(timelineKinds)

export const TimelineQuery = z.strictObject({
  limit: Limit,
  cursor: Cursor.optional(),
  /** None given: all. `tie`: with whom ties began and ended; `import`: what an import brought or changed. */
  kind: z
    .union([Kind.transform((one) => [one]), z.array(Kind).min(1).max(timelineKinds.length)])
    .optional(),
  /** What this colleague wrote, made or changed. */
  by: Id.optional(),
  /** Every word must be in the text, title or file name; changes have none. */
  search: z.string().trim().max(200).optional(),
})
export type TimelineQuery = z.infer<typeof TimelineQuery>

const common = {
  id: Id,
  createdAt: Instant,
  createdBy: Id.nullable(),
}
/** On which joint dossier it hangs, where that is not the one asked of; a name is null when the vault could not open it. */
const jointDossier = z.object({ id: Id, name: z.string().nullable() }).nullable()
const sealed = {
  ...common,
  jointDossier,
  updatedAt: Instant,
  rowVersion: RowVersion,
  closed: ClosedWhy.nullable(),
}

const NoteEntry = z.object({
  kind: z.literal('note'),
  text: z.string().nullable(),
  editedAt: Instant.nullable(),
  editedBy: Id.nullable(),
  isPinned: z.boolean(),
  isImported: z.boolean(),
  ...sealed,
})
const FileEntry = z.object({
  kind: z.literal('file'),
  name: z.string().nullable(),
  size: z.number().int().nullable(),
  ...sealed,
})
const Moved = z.object({ before: Id.nullable(), after: Id.nullable() })

export const TimelineEntry = z.discriminatedUnion('kind', [
  NoteEntry,
  FileEntry,
  z.object({
    kind: z.literal('task'),
    title: z.string().nullable(),
    dueOn: Day.nullable(),
    assigneeId: Id.nullable(),
    doneAt: Instant.nullable(),
    doneBy: Id.nullable(),
    ...sealed,
  }),
  /** A file that lies in the trash of the dossier, by the moment it was thrown away. */
  z.object({
    kind: z.literal('file-removed'),
    name: z.string().nullable(),
    closed: ClosedWhy.nullable(),
    jointDossier,
    ...common,
  }),
  /** Another record was merged into this one: for whoever saw both. Its name is kept as long as undoing is possible. */
  z.object({
    kind: z.literal('merge'),
    name: z.string().nullable(),
    undoneAt: Instant.nullable(),
    undoneBy: Id.nullable(),
    ...common,
  }),
  /** Which fields, without what is sealed of them; `contact` where a program did not say which. */
  z.object({
    kind: z.literal('change'),
    what: z.array(z.string()),
    stage: z.object({ before: Stage, after: Stage }).nullable(),
    owner: Moved.nullable(),
    team: Moved.nullable(),
    /** With whom a tie began or ended; a name is empty when the vault could not open it. */
    other: z.object({ kind: z.enum(['person', 'company']), id: Id, name: z.string() }).nullable(),
    isImported: z.boolean(),
    ...common,
  }),
  /** The record came to be. */
  z.object({ kind: z.literal('created'), isImported: z.boolean(), ...common }),
])
export type TimelineEntry = z.infer<typeof TimelineEntry>

/** `pinned` stands on the first page alone, when nothing is filtered. A page of a search may be short and have a next. */
export const TimelinePage = page(TimelineEntry).extend({ pinned: z.array(NoteEntry) })
export type TimelinePage = z.infer<typeof TimelinePage>

const Thrown = { deletedAt: Instant, deletedBy: Id.nullable() }
export const DossierTrash = z.object({
  items: z.array(
    z.discriminatedUnion('kind', [NoteEntry.extend(Thrown), FileEntry.extend(Thrown)]),
  ),
})
export type DossierTrash = z.infer<typeof DossierTrash>
