import type { ProblemCode } from '#platform/problem.ts'
import type { ClosedWhy } from './sealed-record.ts'

/** What whoever needs the value is told: why it stays closed, and so who can do something about it. */
export function refusalOf(why: ClosedWhy): ProblemCode {
  if (why === 'no-key') return 'keystore-unavailable'
  if (why === 'erased') return 'record-erased'
  return why === 'key-damaged' ? why : 'record-damaged'
}
