/**
 * What a list can be asked: filters of nested groups, an order, a place, groups with counts.
 *
 * GET  /api/{people,companies}/fields               → Fields       what can be filtered, sorted and grouped by
 * POST /api/{people,companies}/list     ListQuestion → a page from any place
 * POST /api/{people,companies}/groups   GroupQuestion → Groups
 */
import { z } from 'zod'

export const operators = [
  'is',
  'is-not',
  'contains',
  'contains-not',
  'starts-with',
  'empty',
  'not-empty',
  'before',
  'after',
  'in-last-days',
  'not-in-last-days',
  'in-next-days',
  'at-least',
  'at-most',
] as const
export const Operator = z.enum(operators)
export type Operator = z.infer<typeof Operator>

/** Several values are alternatives. */
export const Condition = z.strictObject({
  field: z.string().min(1).max(80),
  operator: Operator,
  values: z.array(z.string().trim().max(200)).max(100).default([]),
})
export type Condition = z.infer<typeof Condition>
export type Filter = { all: Filter[] } | { any: Filter[] } | Condition

const CONDITIONS_MAX = 50
// Nobody reads a filter that is deeper; and what has no bound can be sent without end.
const LEVELS = 3

function nested(levels: number): z.ZodType<Filter, unknown> {
  if (levels === 0) return Condition
  const inner = nested(levels - 1)
  return z.union([
    Condition,
    z.strictObject({ all: z.array(inner).max(CONDITIONS_MAX) }),
    z.strictObject({ any: z.array(inner).max(CONDITIONS_MAX) }),
  ])
}
export const Filter = nested(LEVELS).refine((filter) => countConditions(filter) <= CONDITIONS_MAX, {
  message: 'too many conditions',
})

export function countConditions(filter: Filter): number {
  if ('field' in filter) return 1
  const parts = 'all' in filter ? filter.all : filter.any
  return parts.reduce((sum, one) => sum + countConditions(one), 0)
}

// Any field that can be filtered by; `-` turns it round.
export const SortBy = z
  .string()
  .max(80)
  .regex(/^-?[\w.-]+$/)
export const ListKind = z.enum(['people', 'companies'])
export type ListKind = z.infer<typeof ListKind>

const question = {
  search: z.string().trim().max(200).default(''),
  filter: Filter.optional(),
  /** true: only what is in the trash. */
  deleted: z.boolean().default(false),
}
export const PLACE_MAX = 10_000_000
export const ListQuestion = z.strictObject({
  ...question,
  sort: SortBy.optional(),
  /** The place of the first row; the list is entered anywhere. */
  from: z.number().int().min(0).max(PLACE_MAX).default(0),
  limit: z.number().int().min(1).max(200).default(50),
})
export type ListQuestion = z.infer<typeof ListQuestion>

export const GroupQuestion = z.strictObject({
  ...question,
  by: z.string().min(1).max(80),
  /** How days are put together. */
  part: z.enum(['day', 'month', 'year']).default('month'),
  sums: z.array(z.string().max(80)).max(10).default([]),
})
export type GroupQuestion = z.infer<typeof GroupQuestion>

const Sums = z.record(z.string(), z.number())
/** `value` is null for the rows that have none; `others` is how many groups were left out, being too many. */
export const Groups = z.object({
  isIndexReady: z.boolean(),
  total: z.number().int(),
  sums: Sums,
  others: z.number().int(),
  groups: z.array(
    z.object({
      value: z.string().nullable(),
      /** Of a value that is a person or company, where the caller sees that. */
      name: z.string().nullable(),
      count: z.number().int(),
      sums: Sums,
    }),
  ),
})
export type Groups = z.infer<typeof Groups>

export const fieldKinds = [
  'text',
  'choice',
  'day',
  'yearly',
  'instant',
  'number',
  'stage',
  'user',
  'team',
  'yes-no',
  'segment',
  'record',
  'sector',
] as const
export const Field = z.object({
  name: z.string(),
  label: z.object({ nl: z.string(), en: z.string() }),
  kind: z.enum(fieldKinds),
  operators: z.array(Operator),
  /** Of the linked company or person, of what hangs on the record, of what it is tied to; null for the record itself. */
  of: z
    .enum(['company', 'person', 'task', 'note', 'file', 'activity', 'affiliation', 'relation'])
    .nullable(),
  /** What the values are the ids of; null where they are none. */
  recordKind: z.enum(['person', 'company']).nullable(),
  isGroupable: z.boolean(),
  isSortable: z.boolean(),
  /** What coded values are called; null where a value speaks for itself. */
  valueNames: z.record(z.string(), z.object({ nl: z.string(), en: z.string() })).nullable(),
})
export type Field = z.infer<typeof Field>
export const Fields = z.object({ items: z.array(Field) })

/*
 * Views and segments.
 *
 * GET    /api/views?list=people            → Views      those the caller may see, and which comes first
 * POST   /api/views             NewView    → 201 View
 * PATCH  /api/views/:id         ViewEdit   → View
 * DELETE /api/views/:id                    → Removed
 * GET    /api/views/counts?list=people     → Counts     how many records each segment holds now
 * POST   /api/views/default     DefaultView → DefaultView
 */
const Word = z.string().trim().min(1).max(80)
export const ViewColumn = z.strictObject({
  id: z.string().min(1).max(80),
  widthPx: z.number().int().min(40).max(800).optional(),
})
/** What is sealed: the name too, since it may name a customer. */
export const ViewContent = z.strictObject({
  name: Word,
  filter: Filter.nullable().default(null),
  search: z.string().trim().max(200).default(''),
  sort: SortBy.default('name'),
  /** In their order; empty for the columns of the list itself. */
  columns: z.array(ViewColumn).max(60).default([]),
  /** How many columns stay in sight when one scrolls aside. */
  frozen: z.number().int().min(0).max(10).default(0),
  groupBy: z.string().max(80).nullable().default(null),
  groupPart: z.enum(['day', 'month', 'year']).default('month'),
})
export type ViewContent = z.infer<typeof ViewContent>

export const SharedWith = z.enum(['nobody', 'team', 'everyone'])
export type SharedWith = z.infer<typeof SharedWith>
export const ViewKind = z.enum(['view', 'segment'])
export const ViewParams = z.object({ id: z.uuid() })
export const ViewsQuery = z.strictObject({ list: ListKind })

/** `content` is null where the vault could not open it. */
export const View = z.object({
  id: z.uuid(),
  list: ListKind,
  kind: ViewKind,
  sharedWith: SharedWith,
  teamId: z.uuid().nullable(),
  ownerId: z.uuid(),
  mayChange: z.boolean(),
  rowVersion: z.number().int(),
  content: ViewContent.nullable(),
})
export type View = z.infer<typeof View>
export const Views = z.object({
  items: z.array(View),
  /** The view that the caller's role begins with. */
  defaultId: z.uuid().nullable(),
})
export type Views = z.infer<typeof Views>

export const NewView = z.strictObject({
  list: ListKind,
  kind: ViewKind,
  sharedWith: SharedWith.default('nobody'),
  /** Where it is shared with a team. */
  teamId: z.uuid().optional(),
  content: ViewContent,
})
export type NewView = z.infer<typeof NewView>
export const ViewEdit = z.strictObject({
  rowVersion: z.number().int().min(1),
  sharedWith: SharedWith.optional(),
  teamId: z.uuid().optional(),
  content: ViewContent.optional(),
})
export type ViewEdit = z.infer<typeof ViewEdit>
export const Removed = z.object({ id: z.uuid() })
/** A count is null where the segment can't be counted: it is made of one that is gone, or the index still loads. */
export const Counts = z.object({
  items: z.array(z.object({ id: z.uuid(), count: z.number().int().nullable() })),
})
export const DefaultView = z.strictObject({
  list: ListKind,
  roleId: z.string().max(60),
  viewId: z.uuid().nullable(),
})
export type DefaultView = z.infer<typeof DefaultView>
export const Defaults = z.object({ items: z.array(DefaultView) })

/*
 * Cells of a list, as in a spreadsheet: one, a pasted range, or their undoing.
 *
 * POST /api/{people,companies}/cells   CellChange → CellReply
 */
export const CELL_ROWS_MAX = 200
export const CellChange = z.strictObject({
  rows: z
    .array(
      z.strictObject({
        id: z.uuid(),
        rowVersion: z.number().int().min(1),
        /** By column, as somebody would type it. */
        cells: z.record(z.string().max(60), z.string().trim().max(10_000)),
      }),
    )
    .min(1)
    .max(CELL_ROWS_MAX),
})
export type CellChange = z.infer<typeof CellChange>
/** One answer a row, in their order. `before` undoes: sent back as cells, with the new version. */
export const CellOutcome = z.discriminatedUnion('outcome', [
  z.object({
    id: z.string(),
    outcome: z.literal('changed'),
    before: z.record(z.string(), z.string()),
    rowVersion: z.number(),
  }),
  z.object({
    id: z.string(),
    outcome: z.literal('invalid'),
    problems: z.array(z.object({ column: z.string(), problem: z.string() })),
  }),
  z.object({ id: z.string(), outcome: z.literal('changed-meanwhile'), by: z.string().nullable() }),
  z.object({ id: z.string(), outcome: z.literal('not-found') }),
  z.object({ id: z.string(), outcome: z.literal('closed'), why: z.string() }),
])
export type CellOutcome = z.infer<typeof CellOutcome>
export const CellReply = z.object({ results: z.array(CellOutcome) })
