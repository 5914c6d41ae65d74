import type { Repeats } from './contract.ts'

const DAY_MS = 86_400_000

/**
 * The day after a task that comes back, the first one behind today: whoever ticks off a daily task a week late gets
 * one task, not seven. `dayOfMonth` is where it began: the 31st stays the last day of a shorter month.
 */
export function nextDue(due: string, repeats: Repeats, dayOfMonth: number, today: string): string {
  let next = due
  for (let count = 1; next <= today || next === due; count++)
    next = stepped(due, repeats, dayOfMonth, count)
  return next
}

function stepped(due: string, repeats: Repeats, dayOfMonth: number, count: number): string {
  const from = Date.parse(`${due}T00:00:00Z`)
  if (repeats === 'daily' || repeats === 'weekly')
    return written(from + count * (repeats === 'daily' ? 1 : 7) * DAY_MS)
  const [year, month] = due.split('-').map(Number) as [number, number]
  const months = month - 1 + count * (repeats === 'monthly' ? 1 : 12)
  const last = new Date(Date.UTC(year, months + 1, 0)).getUTCDate()
  return written(Date.UTC(year, months, Math.min(dayOfMonth, last)))
}

function written(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
