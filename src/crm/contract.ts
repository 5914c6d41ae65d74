/** Shapes that people and companies, notes and tasks have in common. */
import { z } from 'zod'
import { FieldValue, GivenValues } from './fields/contract.ts'

export const Id = z.uuid()
export const IdParams = z.strictObject({ id: Id })
export const RowVersion = z.number().int().min(1)
export const Instant = z.iso.datetime()
export const Day = z.iso.date()

export const stages = ['lead', 'prospect', 'customer', 'former'] as const
export const Stage = z.enum(stages)
export type Stage = z.infer<typeof Stage>

// A value somebody typed: one line, trimmed, never empty.
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
    .regex(/^[^\u0000-\u001f\u007f]*$/u, 'control characters')

export const Line = line(200)
export const ShortLine = line(80)
/** Null clears the field. */
export const cleared = <T extends z.ZodType>(shape: T) => shape.nullable().optional()

export const Labelled = z.strictObject({ value: line(254), label: ShortLine.optional() })
export type Labelled = z.infer<typeof Labelled>

export const Address = z.strictObject({
  street: line(200).optional(),
  postalCode: line(20).optional(),
  city: line(120).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'two capital letters, ISO 3166')
    .optional(),
  label: ShortLine.optional(),
})
export type Address = z.infer<typeof Address>

export const Addresses = z.array(Address).max(20)
export const Tags = z.array(line(60)).max(50)
export const Language = z.string().regex(/^[a-z]{2}$/, 'two small letters, ISO 639')

/** Who sees a record, as the organisation set it: what the lock beside a sealed field says. */
export const VisibleTo = z.enum(['owner', 'team', 'everyone'])

export const sorts = [
  'name',
  '-name',
  'createdAt',
  '-createdAt',
  'updatedAt',
  '-updatedAt',
] as const
export const Sort = z.enum(sorts)
export type Sort = z.infer<typeof Sort>

// One screen of a list. Whoever needs more wants an export.
export const PAGE_MAX = 200
export const PAGE_DEFAULT = 50
export const Limit = z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT)
// A position in a list sorted by name holds that name, sealed.
export const Cursor = z.string().min(1).max(2_000)

// `?stage=lead&stage=customer` and `?stage=lead` both mean a choice of several.
const several = <T extends z.ZodType>(shape: T) =>
  z.union([shape.transform((one) => [one]), z.array(shape).min(1).max(50)]).optional()

// A script that leaves a value empty means that it has none.
const orNone = <T extends z.ZodType>(shape: T) =>
  z.preprocess((given) => (given === '' ? undefined : given), shape.optional())

export const RecordQuery = z.strictObject({
  search: z.string().trim().max(200).optional(),
  sort: orNone(Sort),
  limit: Limit,
  cursor: orNone(Cursor),
  stage: several(Stage),
  owner: several(Id),
  team: several(Id),
  tag: several(z.string().min(1).max(60)),
  city: several(z.string().min(1).max(120)),
  language: several(z.string().min(1).max(10)),
  /** true: only what is in the trash. */
  deleted: z.enum(['true', 'false']).default('false'),
})
export type RecordQuery = z.infer<typeof RecordQuery>

export const PageQuery = z.strictObject({ limit: Limit, cursor: Cursor.optional() })

/**
 * `total` is null and `isIndexReady` false while the search index loads, or where there is none; then the newest stand first.
 * `isByPrefix`: of those whose name has a word that begins so, of the caller's teams; else the search was not done then.
 */
export const recordPage = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.number().int().nullable(),
    isIndexReady: z.boolean(),
    isByPrefix: z.boolean(),
    /** Where nothing was found: those whom the caller sees and who are called nearly so. */
    closest: z.array(z.object({ id: Id, displayName: z.string() })),
  })

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

const FacetValue = z.object({ value: z.string(), count: z.number().int() })
/** What the filter menus offer: values the caller can see, most frequent first, with their counts. */
export const Facets = z.object({
  isIndexReady: z.boolean(),
  /** From 0 to 1, while the index is being filled. */
  indexProgress: z.number(),
  /** There is none: it will not be ready. */
  isIndexOff: z.boolean(),
  /** Without the index, names are found by their beginning. */
  isByPrefix: z.boolean(),
  stage: z.array(FacetValue),
  owner: z.array(FacetValue),
  team: z.array(FacetValue),
  tag: z.array(FacetValue),
  city: z.array(FacetValue),
  language: z.array(FacetValue),
})

// Enough for "all on this screen and a few more"; a longer list is sent in parts.
export const BULK_MAX = 1_000

// Removing is asked of whoever does it once more than this goes, so it goes in one request.
export const TRASH_FREELY_MAX = 20
export const TRASH_MAX = 10_000

const Change = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('stage'), stage: Stage }),
  z.strictObject({ kind: z.literal('owner'), ownerId: Id }),
  z.strictObject({ kind: z.literal('team'), teamId: Id }),
  z.strictObject({ kind: z.literal('add-tag'), tag: line(60) }),
  z.strictObject({ kind: z.literal('remove-tag'), tag: line(60) }),
  /** Of a field seen with the record, and of a kind that many share. */
  z.strictObject({ kind: z.literal('custom'), fieldId: Id, value: FieldValue.nullable() }),
  z.strictObject({ kind: z.literal('trash') }),
  z.strictObject({ kind: z.literal('untrash') }),
  z.strictObject({
    kind: z.literal('restore'),
    before: z
      .array(
        z.strictObject({
          id: Id,
          stage: Stage.optional(),
          ownerId: Id.optional(),
          teamId: Id.optional(),
          tags: Tags.optional(),
          custom: GivenValues.optional(),
        }),
      )
      .max(BULK_MAX),
  }),
])

/** Each change names one thing. `restore` undoes: it takes the `before` values of an earlier reply. */
export const BulkChange = z
  .strictObject({ ids: z.array(Id).min(1).max(TRASH_MAX), change: Change })
  .refine(({ ids, change }) => change.kind === 'trash' || ids.length <= BULK_MAX, {
    path: ['ids'],
    message: `at most ${BULK_MAX} at once`,
  })
export type BulkChange = z.infer<typeof BulkChange>

const Before = z.object({
  stage: Stage.optional(),
  ownerId: Id.optional(),
  teamId: Id.optional(),
  tags: z.array(z.string()).optional(),
  custom: GivenValues.optional(),
})

/** Why a row is shown without its values: the vault says it, the screen shows a broken lock. */
export const ClosedWhy = z.enum(['not-ours', 'no-key', 'key-damaged', 'erased', 'damaged'])

/** One answer per id, in the order asked. `not-found` is also the answer for a record of others. */
export const BulkReply = z.object({
  changed: z.number().int(),
  results: z.array(
    z.discriminatedUnion('outcome', [
      z.object({ id: Id, outcome: z.literal('changed'), before: Before }),
      z.object({ id: Id, outcome: z.literal('unchanged') }),
      z.object({ id: Id, outcome: z.literal('not-found') }),
      z.object({ id: Id, outcome: z.literal('changed-meanwhile') }),
      z.object({
        id: Id,
        outcome: z.literal('closed'),
        why: ClosedWhy,
      }),
    ]),
  ),
})
export type BulkReply = z.infer<typeof BulkReply>

/** Why confidential fields are opened; kept, sealed, beside the trace. */
export const RevealRequest = z.strictObject({ reason: line(500) })

/** Who has seen this record, newest first, at most 200; and each time account numbers were shown, with why. */
export const Openings = z.object({
  items: z.array(
    z.object({
      at: Instant,
      userId: z.string().nullable(),
      purpose: z.string(),
      kind: z.enum(['list', 'dossier', 'reveal', 'export', 'download']),
    }),
  ),
  reveals: z.array(z.object({ at: Instant, userId: z.string().nullable(), reason: z.string() })),
})
export type Openings = z.infer<typeof Openings>

/** Records the caller may see that share an e-mail, phone, IBAN or number with what was typed. */
export const DuplicateReply = z.object({
  items: z.array(
    z.object({
      id: Id,
      displayName: z.string(),
      // By what one recognises them.
      email: z.string(),
      city: z.string(),
      ownerId: z.string(),
      /** `name`: a similar name, perhaps at the same address. */
      on: z.array(z.enum(['email', 'phone', 'iban', 'enterprise-number', 'reference', 'name'])),
    }),
  ),
})

/**
 * A text that seems to hold a national number is refused with `national-number-found` (detail:
 * `{ found: [{ kind, at, length }] }`) until it is sent again with `confirmed`.
 */
export const Confirmed = z.boolean().default(false)

const ofPerson = z.strictObject({ kind: z.literal('person'), id: Id })
const ofCompany = z.strictObject({ kind: z.literal('company'), id: Id })
/** One of both: a record with a place in the lists. */
export const Subject = z.discriminatedUnion('kind', [ofPerson, ofCompany])
export type Subject = z.infer<typeof Subject>

/** What a note, task or file hangs on: one of both, or a joint dossier. */
export const HangsOn = z.discriminatedUnion('kind', [
  ofPerson,
  ofCompany,
  z.strictObject({ kind: z.literal('joint_dossier'), id: Id }),
])
export type HangsOn = z.infer<typeof HangsOn>
/** Where each of the three is addressed. */
export type HangingPath = 'people' | 'companies' | 'joint-dossiers'
