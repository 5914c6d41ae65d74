/** The way back from one change of a record: what the fields held before, as long as they hold what we put there. */

// Masked when they are read: what stood there is not known here, so it can't be put back from here.
const UNREADABLE = new Set(['ibans', 'confidential'])

type Fields = Record<string, unknown>

/** What to send to have things as they were; undefined when this page does not know how they were. */
export function wayBack(change: object, before: object): Fields | undefined {
  const fields = Object.keys(change)
  const known = before as Fields
  const canTell = fields.every(
    (field) => field in known && !UNREADABLE.has(field) && !isNested((change as Fields)[field]),
  )
  if (!canTell || fields.length === 0) return undefined
  return Object.fromEntries(fields.map((field) => [field, known[field]]))
}

/** Fields inside a field: of those only some are sent, and some of them may be masked. */
function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether the fields of a change still hold what it left them at. */
export function isUntouched(change: object, after: object, now: object): boolean {
  return Object.keys(change).every(
    (field) => JSON.stringify((after as Fields)[field]) === JSON.stringify((now as Fields)[field]),
  )
}
