/** What limits would fit how people work: proposed after two weeks of counting, and never set by itself. */
import type { ReadTx } from '#platform/db.ts'
import { shownBudget } from './budgets.ts'
import type { Budget, Habits, Limits } from './contract.ts'
import * as store from './store.ts'

const LEARNED_MS = 14 * 86_400_000
const DAYS_MIN = 5
// Whoever works as usual is asked to step up on hardly any day, and is never stopped.
const SOFT_OF_HIGH = 1.5
const HARD_OF_MOST = 3
// Limits within a fifth of what they would be fit.
const FITS = 0.2

export async function showHabits(tx: ReadTx, now: Date): Promise<Habits> {
  const [since, budgets, ofRoles, ofPeople] = await Promise.all([
    store.countingSince(tx),
    store.listBudgets(tx),
    store.listSpreads(tx, 'role'),
    store.listSpreads(tx, 'person'),
  ])
  const isLearned = since !== null && now.getTime() - since.getTime() >= LEARNED_MS
  const found = new Map(ofRoles.map((row) => [`${row.who} ${row.kind}`, row]))
  return {
    since: since?.toISOString() ?? null,
    roles: budgets.map((row) => {
      const budget = shownBudget(row)
      const habit = found.get(`${budget.roleId} ${budget.kind}`)
      return {
        budget,
        people: habit?.people ?? 0,
        days: habit?.days ?? 0,
        hour: hourOf(habit),
        day: dayOf(habit),
        proposal: isLearned && habit && habit.days >= DAYS_MIN ? proposalOf(budget, habit) : null,
      }
    }),
    people: ofPeople.map((row) => ({
      userId: row.who,
      kind: row.kind,
      days: row.days,
      hour: hourOf(row),
      day: dayOf(row),
    })),
  }
}

const hourOf = (row: store.SpreadRow | undefined) => ({
  median: row?.hour_median ?? 0,
  high: row?.hour_high ?? 0,
  most: row?.hour_most ?? 0,
})
const dayOf = (row: store.SpreadRow | undefined) => ({
  median: row?.day_median ?? 0,
  high: row?.day_high ?? 0,
  most: row?.day_most ?? 0,
})

export function proposalOf(
  budget: Budget,
  habit: Pick<store.SpreadRow, 'hour_high' | 'hour_most' | 'day_high' | 'day_most'>,
): Limits | null {
  const hourSoft = rounded(habit.hour_high * SOFT_OF_HIGH)
  const daySoft = Math.max(hourSoft, rounded(habit.day_high * SOFT_OF_HIGH))
  const hourHard = Math.max(hourSoft, rounded(habit.hour_most * HARD_OF_MOST))
  const dayHard = Math.max(daySoft, hourHard, rounded(habit.day_most * HARD_OF_MOST))
  const proposed = { hourSoft, hourHard, daySoft, dayHard }
  const isOther = (Object.keys(proposed) as (keyof Limits)[]).some(
    (name) => Math.abs(proposed[name] - budget[name]) > budget[name] * FITS,
  )
  return isOther ? proposed : null
}

/** Up to a number that a person would choose. */
function rounded(count: number): number {
  const least = Math.max(10, count)
  const step = 10 ** Math.max(1, Math.floor(Math.log10(least)) - 1) * (least > 100 ? 5 : 1)
  return Math.ceil(least / step) * step
}
