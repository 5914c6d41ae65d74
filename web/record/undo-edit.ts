/** The way back from one change of a record: what the fields held before, as long as they hold what we put there. */

// Masked when they are read: what stood there is not known here, so it can't be put back from here.
const UNREADABLE = new Set(['ibans', 'confidential'])

type Fields = Record<string, unknown>

/** What to send to have things as they were; undefined when this page does not know how they were. */
export function wayBack(change: object, before: object, after: object): Fields | undefined {
  const { custom, ...rest } = change as Fields
  const [were, are] = [before as Fields, after as Fields]
  const fields = Object.keys(rest)
  const ids = Object.keys((custom as Fields | undefined) ?? {})
  if (fields.length + ids.length === 0) return undefined
  if (!fields.every((field) => field in were && !UNREADABLE.has(field))) return undefined
  const masked = { ...(were.confidential as Fields), ...(are.confidential as Fields) }
  if (ids.some((id) => id in masked)) return undefined
  const back = Object.fromEntries(fields.map((field) => [field, were[field]]))
  if (ids.length === 0) return back
  const values = (were.custom as Fields | undefined) ?? {}
  return { ...back, custom: Object.fromEntries(ids.map((id) => [id, values[id] ?? null])) }
}

/** Whether the fields of a change still hold what it left them at. */
export function isUntouched(change: object, after: object, now: object): boolean {
  const held = (record: object) => {
    const { custom, ...rest } = change as Fields
    const values = ((record as Fields).custom as Fields | undefined) ?? {}
    return JSON.stringify([
      Object.keys(rest).map((field) => (record as Fields)[field]),
      Object.keys((custom as Fields | undefined) ?? {}).map((id) => values[id] ?? null),
    ])
  }
  return held(after) === held(now)
}
