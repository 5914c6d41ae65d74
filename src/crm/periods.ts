/** From when until when a tie holds. Days as people write them down; '' is a day nobody knows. */
import { refuse } from '#platform/problem.ts'

export type Period = { since: string; until: string }

/** The day it is here, where the server stands. */
export function today(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** Its last day is over. */
export function isPast({ until }: Pick<Period, 'until'>, day: string): boolean {
  return until !== '' && until < day
}

/** Some day lies in both. A day nobody knows may be any. */
export function overlap(a: Period, b: Period): boolean {
  const endsBefore = (one: Period, other: Period) =>
    one.until !== '' && other.since !== '' && one.until < other.since
  return !endsBefore(a, b) && !endsBefore(b, a)
}

export function requireOrder({ since, until }: Period): void {
  if (since !== '' && until !== '' && until < since)
    refuse('invalid-fields', { fields: [{ field: 'until', problem: 'before-since' }] })
}
