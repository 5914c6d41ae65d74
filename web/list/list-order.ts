import { useSyncExternalStore } from 'react'
import type { RecordKind } from '../api/shapes.ts'

// As the list was last shown, in memory: a dossier opened from it knows what stands before and behind.
type Order = { ids: readonly string[]; from: number; count: number }
const none: Order = { ids: [], from: 0, count: 0 }
const orders: Record<RecordKind, Order> = { people: none, companies: none }
const listeners = new Set<() => void>()

/** The rows in sight and around; `from` is the place of the first of them in the whole list. */
export function rememberOrder(kind: RecordKind, order: Order): void {
  orders[kind] = order
  for (const listener of listeners) listener()
}

export type Neighbours = {
  previous: string | undefined
  next: string | undefined
  place: number
  count: number
}

/** Undefined when this record was not in the list that was shown last. */
export function useNeighbours(kind: RecordKind, id: string): Neighbours | undefined {
  const { ids, from, count } = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => orders[kind],
  )
  const at = ids.indexOf(id)
  if (at < 0) return undefined
  return { previous: ids[at - 1], next: ids[at + 1], place: from + at + 1, count }
}
