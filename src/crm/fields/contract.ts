/**
 * Fields of one's own making: of people and of companies.
 *
 * GET   /api/fields                     → Definitions    those the caller's role sees, archived ones too
 * GET   /api/fields/all                 → Definitions    every one, for whoever manages the organisation
 * GET   /api/fields/spread              → FieldSpreads   likewise; of texts and links
 * POST  /api/fields        NewField     → 201 Definition
 * PATCH /api/fields/:id    FieldChange  → Definition
 * POST  /api/fields/order  FieldOrder   → Ordered
 */
import { z } from 'zod'

export const fieldKinds = [
  'text',
  'long-text',
  'number',
  'money',
  'date',
  'choice',
  'choices',
  'yes-no',
  'link',
  'person',
  'company',
] as const
export const FieldKind = z.enum(fieldKinds)
export type FieldKind = z.infer<typeof FieldKind>
export const RecordKind = z.enum(['person', 'company'])
export type RecordKind = z.infer<typeof RecordKind>
/** contact: whoever sees the record; confidential: masked, and only for the roles of the field. */
export const Sensitivity = z.enum(['contact', 'confidential'])
export const FieldSearch = z.enum(['none', 'index', 'exact'])
/** Of other kinds many records have the same value, and equality would tell which. */
export const exactKinds: readonly FieldKind[] = ['text', 'link']
/** Of these kinds many records are changed at once. */
export const bulkKinds: readonly FieldKind[] = ['choice', 'choices', 'yes-no', 'date', 'text']

export const TEXT_MAX = 300
export const LONG_TEXT_MAX = 10_000
export const LINK_MAX = 2_000
export const OPTIONS_MAX = 200
export const FIELDS_MAX = 100

const text = (max: number) => z.string().trim().max(max)
const both = (max: number) => z.strictObject({ nl: text(max), en: text(max) })
/** In one language at least; the screens show the other where one is empty. */
const Label = both(80).refine(({ nl, en }) => nl !== '' || en !== '', { message: 'label' })
const Sentence = both(300)
const nothing = { nl: '', en: '' }

export const FieldOption = z.object({
  id: z.uuid(),
  label: both(80),
  isArchived: z.boolean(),
})
export type FieldOption = z.infer<typeof FieldOption>

export const FieldDefinition = z.object({
  id: z.uuid(),
  recordKind: RecordKind,
  kind: FieldKind,
  label: both(80),
  help: Sentence,
  /** Why it is kept, for the processing register. */
  purpose: Sentence,
  sensitivity: Sensitivity,
  search: FieldSearch,
  isRequired: z.boolean(),
  /** Empty: every role. */
  roles: z.array(z.string()),
  options: z.array(FieldOption),
  /** ISO 4217, of money. */
  currency: z.string(),
  position: z.number().int(),
  isArchived: z.boolean(),
  rowVersion: z.number().int(),
})
export type FieldDefinition = z.infer<typeof FieldDefinition>
export const Definitions = z.object({ items: z.array(FieldDefinition) })

const Currency = z.string().regex(/^[A-Z]{3}$/, 'three capital letters, ISO 4217')
const Roles = z.array(z.string().min(1).max(60)).max(50)

export const NewField = z.strictObject({
  recordKind: RecordKind,
  kind: FieldKind,
  label: Label,
  help: Sentence.default(nothing),
  purpose: Sentence.default(nothing),
  sensitivity: Sensitivity,
  search: FieldSearch.default('none'),
  isRequired: z.boolean().default(false),
  roles: Roles.default([]),
  options: z
    .array(z.strictObject({ label: Label }))
    .max(OPTIONS_MAX)
    .default([]),
  currency: Currency.default('EUR'),
})
export type NewField = z.infer<typeof NewField>

/** Kind, record kind and sensitivity stay what they are. */
export const FieldChange = z.strictObject({
  rowVersion: z.number().int().min(1),
  label: Label.optional(),
  help: Sentence.optional(),
  purpose: Sentence.optional(),
  search: FieldSearch.optional(),
  isRequired: z.boolean().optional(),
  roles: Roles.optional(),
  /** In their order; one without an id is new. One that is left out is archived: records may hold it. */
  options: z
    .array(
      z.strictObject({
        id: z.uuid().optional(),
        label: Label,
        isArchived: z.boolean().default(false),
      }),
    )
    .max(OPTIONS_MAX)
    .optional(),
  isArchived: z.boolean().optional(),
})
export type FieldChange = z.infer<typeof FieldChange>

/** How the values of a field are spread, for who wonders whether it may be found by its whole value. */
export const FieldSpread = z.object({
  id: z.uuid(),
  /** How many records have a value, how many values differ, and how many records have the most frequent one. */
  records: z.number().int(),
  different: z.number().int(),
  most: z.number().int(),
  isEnough: z.boolean(),
  isSkewed: z.boolean(),
})
export type FieldSpread = z.infer<typeof FieldSpread>
export const FieldSpreads = z.object({ items: z.array(FieldSpread) })

export const FieldParams = z.object({ id: z.uuid() })
export const FieldOrder = z.strictObject({
  recordKind: RecordKind,
  ids: z.array(z.uuid()).max(FIELDS_MAX * 2),
})
export type FieldOrder = z.infer<typeof FieldOrder>
export const Ordered = z.object({ done: z.literal(true) })

/*
 * Values, by the id of their field. A text, a number, yes or no as they are; money as '1234.50', a date as
 * '2026-11-25', a choice by the id of its option, a person or company by its id.
 */
export const FieldValue = z.union([
  z.string().max(LONG_TEXT_MAX),
  z.number(),
  z.boolean(),
  z.array(z.string().max(80)).max(OPTIONS_MAX),
])
export type FieldValue = z.infer<typeof FieldValue>
export const FieldValues = z.record(z.uuid(), FieldValue)
export type FieldValues = z.infer<typeof FieldValues>
/** The same in each line of a list: they were checked when they were given, and fifty records are not checked again. */
export const ShownValues: z.ZodType<FieldValues> = z
  .any()
  .describe('values by the id of their field')
/** Null empties one; those not named stay. */
export const GivenValues = z.record(z.uuid(), FieldValue.nullable())
export type GivenValues = z.infer<typeof GivenValues>
/** That a confidential value is there, and no more. */
export const MaskedValues = z.record(z.string(), z.string())
export type MaskedValues = z.infer<typeof MaskedValues>
/** Of the records that values name, as far as the reader sees them. */
export const RecordNames = z.record(z.string(), z.string())
export const MASK = '••••'
