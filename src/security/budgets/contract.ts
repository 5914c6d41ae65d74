/**
 * How many customers somebody may learn of, who is frozen, and what alarmed.
 *
 * GET   /api/budgets/own                     → OwnUse, also while frozen
 * POST  /api/budgets/own/more                → OwnUse, after a step-up
 * GET   /api/budgets                         → Budgets
 * PATCH /api/budgets/:id     BudgetEdit      → Budget
 * GET   /api/budgets/use                     → Uses, of everybody
 * GET   /api/budgets/habits                  → Habits, with what they propose
 * GET   /api/freezes                         → Freezes
 * POST  /api/freezes         NewFreeze       → Freeze
 * POST  /api/freezes/:id/lift LiftFreeze     → Freeze
 * GET   /api/alarms          AlarmQuery      → Alarms
 * POST  /api/alarms/:id/review Review        → Alarm
 */
import { z } from 'zod'

const Id = z.uuid()
const Count = z.number().int()
const Instant = z.iso.datetime()
const Reason = z.string().trim().min(1).max(500)
export const IdParams = z.object({ id: Id })

/**
 * listed: the name was shown, in a list, a search or beside something else; opened: the dossier; revealed: confidential
 * values; exported: taken out. Whoever opens has listed too.
 */
export const budgetKinds = ['listed', 'opened', 'revealed', 'exported'] as const
export const BudgetKind = z.enum(budgetKinds)
export type BudgetKind = z.infer<typeof BudgetKind>

const Limit = z.number().int().min(0).max(10_000_000)
const limits = { hourSoft: Limit, hourHard: Limit, daySoft: Limit, dayHard: Limit }
export const Limits = z.object(limits)
export type Limits = z.infer<typeof Limits>

export const Budget = z.object({
  id: Id,
  roleId: z.string(),
  kind: BudgetKind,
  ...limits,
  /** Whoever of this role opens a canary is frozen at once; asked of `opened` alone. */
  freezesOnCanary: z.boolean(),
  rowVersion: Count,
})
export type Budget = z.infer<typeof Budget>
export const Budgets = z.object({ items: z.array(Budget) })
export const BudgetEdit = z
  .strictObject({ ...limits, freezesOnCanary: z.boolean(), rowVersion: Count })
  .partial()
  .required({ rowVersion: true })
export type BudgetEdit = z.infer<typeof BudgetEdit>

/** Of the last hour and the last day, in whole quarters, so never less than it was. */
export const Used = z.object({ kind: BudgetKind, inHour: Count, inDay: Count })
export type Used = z.infer<typeof Used>
/** Each full hour of the last day in which something was counted. */
export const HourOfUse = z.object({ kind: BudgetKind, at: Instant, counted: Count })

export const OwnUse = z.object({
  budgets: z.array(Budget),
  used: z.array(Used),
  hours: z.array(HourOfUse),
  /** This session stepped up, and may go on to the hard limit until then. */
  raisedUntil: Instant.nullable(),
  frozen: z
    .object({
      id: Id,
      since: Instant,
      why: z.enum(['budget', 'canary', 'by-hand']),
      by: Id.nullable(),
    })
    .nullable(),
  /** Colleagues who can lift a freeze. */
  lifters: z.array(Id),
})
export type OwnUse = z.infer<typeof OwnUse>

export const Uses = z.object({
  items: z.array(
    z.object({
      userId: Id,
      roleId: z.string(),
      used: z.array(Used),
      hours: z.array(HourOfUse),
    }),
  ),
})
export type Uses = z.infer<typeof Uses>

/** How many a usual hour, and a usual day, of somebody has: half of them below `median`, nearly all below `high`. */
const Spread = z.object({ median: Count, high: Count, most: Count })
export const Habits = z.object({
  /** Since when is counted; proposals come after two weeks. */
  since: Instant.nullable(),
  roles: z.array(
    z.object({
      budget: Budget,
      people: Count,
      days: Count,
      hour: Spread,
      day: Spread,
      /** Null: too little is known, or the limits fit. */
      proposal: Limits.nullable(),
    }),
  ),
  people: z.array(
    z.object({ userId: Id, kind: BudgetKind, days: Count, hour: Spread, day: Spread }),
  ),
})
export type Habits = z.infer<typeof Habits>

export const Freeze = z.object({
  id: Id,
  userId: Id,
  why: z.enum(['budget', 'canary', 'by-hand']),
  since: Instant,
  /** Who froze them; null when it was the operator of the machine. The door does it in the name of whom it froze. */
  by: Id.nullable(),
  reason: z.string().nullable(),
  liftedAt: Instant.nullable(),
  liftedBy: Id.nullable(),
  liftReason: z.string().nullable(),
  rowVersion: Count,
})
export type Freeze = z.infer<typeof Freeze>
export const Freezes = z.object({ items: z.array(Freeze) })
export const NewFreeze = z.strictObject({ userId: Id, reason: Reason })
export const LiftFreeze = z.strictObject({ reason: Reason, rowVersion: Count })

export const outcomes = ['rightful', 'mistake', 'misuse', 'test'] as const
export const Outcome = z.enum(outcomes)
export const Alarm = z.object({
  id: Id,
  kind: z.enum([
    'hard-limit',
    'canary-opened',
    'canary-exported',
    // The operator of the machine, in this colleague's name, above the hard limit of their role.
    'by-operator',
    'frozen-by-hand',
    'let-go',
  ]),
  userId: Id,
  budgetKind: BudgetKind.nullable(),
  at: Instant,
  /** Which canaries it was; empty for whoever may not know them. */
  canaryIds: z.array(Id),
  reviewedAt: Instant.nullable(),
  reviewedBy: Id.nullable(),
  outcome: Outcome.nullable(),
  note: z.string().nullable(),
  /** Nobody looked for three days. */
  isOverdue: z.boolean(),
  rowVersion: Count,
})
export type Alarm = z.infer<typeof Alarm>
export const Alarms = z.object({ items: z.array(Alarm), open: Count })
export const Review = z.strictObject({
  outcome: Outcome,
  note: z.string().trim().max(2000),
  rowVersion: Count,
})
