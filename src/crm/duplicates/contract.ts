/**
 * Duplicates: records that may be one customer, and merging them.
 *
 * GET    /api/people/likely-duplicates    LikelyQuery  → LikelyPage
 * POST   /api/people/not-duplicates       ToldApart    → 201 { id }
 * DELETE /api/people/not-duplicates/:id                → { id }
 * POST   /api/people/merges/preview       MergeQuestion → MergePreview
 * POST   /api/people/merges               MergeRequest → Merged
 * GET    /api/people/:id/merges                        → Merges
 * POST   /api/people/merges/:id/undo                   → Undone
 * And the same under /api/companies.
 */
import { z } from 'zod'
import { Cursor, Id, Instant, Stage } from '../contract.ts'
import { RecordNames } from '../fields/contract.ts'

export const MergeId = z.object({ id: z.uuid() })

export const reasons = [
  'enterprise-number',
  'reference',
  'email',
  'iban',
  'phone',
  'name',
  'similar-name',
  'address',
  'birthday',
  'website',
] as const
export const Reason = z.enum(reasons)
export type Reason = z.infer<typeof Reason>

/** What speaks against it: father and son have one name and one address. */
export const Caution = z.enum([
  'birthday',
  'given-name',
  'family-name',
  'name',
  'enterprise-number',
])
export type Caution = z.infer<typeof Caution>

export const LikelyRecord = z.object({
  id: Id,
  displayName: z.string(),
  email: z.string(),
  phone: z.string(),
  street: z.string(),
  city: z.string(),
  birthday: z.string(),
  stage: Stage,
  ownerId: z.string(),
  teamId: z.string(),
  createdAt: Instant,
})
export type LikelyRecord = z.infer<typeof LikelyRecord>

export const LikelyPair = z.object({
  first: LikelyRecord,
  second: LikelyRecord,
  /** 0 to 99: how much speaks for one customer. At most 45 when something speaks against it. */
  score: z.number().int(),
  reasons: z.array(Reason),
  cautions: z.array(Caution),
})
export type LikelyPair = z.infer<typeof LikelyPair>

export const LikelyQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.preprocess((given) => (given === '' ? undefined : given), Cursor.optional()),
  /** Only the pairs with this record. */
  of: z.uuid().optional(),
})
export type LikelyQuery = z.infer<typeof LikelyQuery>
/** `lookedAt` is when the background look ended last; null until the first one has. */
export const LikelyPage = z.object({
  items: z.array(LikelyPair),
  nextCursor: z.string().nullable(),
  total: z.number().int(),
  isLooking: z.boolean(),
  lookedAt: Instant.nullable(),
})
export type LikelyPage = z.infer<typeof LikelyPage>

export const ToldApart = z.strictObject({ ids: z.tuple([z.uuid(), z.uuid()]) })
export const Told = z.object({ id: Id })

/** Whose value stays, for a field of the record; `both` for what can have several. */
export const Choice = z.enum(['kept', 'other', 'both'])
export type Choice = z.infer<typeof Choice>
const Choices = z.record(z.string().max(60), Choice).default({})

export const MergeQuestion = z.strictObject({
  keptId: z.uuid(),
  otherId: z.uuid(),
  choices: Choices,
})
export type MergeQuestion = z.infer<typeof MergeQuestion>
export const MergeRequest = z.strictObject({
  ...MergeQuestion.shape,
  /** The versions that were looked at: a record that changed since is not merged unseen. */
  keptVersion: z.number().int().min(1),
  otherVersion: z.number().int().min(1),
})
export type MergeRequest = z.infer<typeof MergeRequest>

/** Account numbers are masked; whom may not reveal them learns only that there are some. */
export const MergeField = z.object({
  name: z.string(),
  isMany: z.boolean(),
  isSame: z.boolean(),
  kept: z.unknown(),
  other: z.unknown(),
  choice: Choice,
  result: z.unknown(),
})
export type MergeField = z.infer<typeof MergeField>

const Head = z.object({
  id: Id,
  displayName: z.string(),
  rowVersion: z.number().int(),
  createdAt: Instant,
  updatedAt: Instant,
  updatedBy: z.string().nullable(),
})
export const MergePreview = z.object({
  kept: Head,
  other: Head,
  displayName: z.string(),
  score: z.number().int(),
  reasons: z.array(Reason),
  cautions: z.array(Caution),
  fields: z.array(MergeField),
  /** Of the people and companies that values name, as far as the caller sees them. */
  customNames: RecordNames,
  /** How many of each hang on the other record and move, as far as the caller may see them. */
  moves: z.record(z.string(), z.number().int()),
})
export type MergePreview = z.infer<typeof MergePreview>

export const Merged = z.object({
  id: Id,
  keptId: Id,
  mergedId: Id,
  displayName: z.string(),
  undoUntil: Instant,
})
export type Merged = z.infer<typeof Merged>

/** What was merged into a record and not undone. The name is empty once undoing is over. */
export const Merges = z.object({
  items: z.array(
    z.object({
      id: Id,
      mergedId: Id,
      mergedName: z.string(),
      at: Instant,
      by: z.string().nullable(),
      undoUntil: Instant,
      canUndo: z.boolean(),
    }),
  ),
})
export type Merges = z.infer<typeof Merges>

/** What came after the merge stays with the record that was kept, and is said here. */
export const Undone = z.object({
  keptId: Id,
  restoredId: Id,
  stayed: z.object({ fields: z.array(z.string()), rows: z.record(z.string(), z.number().int()) }),
})
export type Undone = z.infer<typeof Undone>
