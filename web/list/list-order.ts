import { useSyncExternalStore } from 'react'
import type { RecordKind } from '../api/shapes.ts'

// As the list was last shown, in memory: a dossier opened from it knows what stands before and behind.
const orders: Record<RecordKind, readonly string[]> = { people: [], companies: [] }
const listeners = new Set<() => void>()

export function rememberOrder(kind: RecordKind, ids: readonly string[]): void {
  orders[kind] = ids
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
  const ids = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => orders[kind],
  )
  const at = ids.indexOf(id)
  if (at < 0) return undefined
  return { previous: ids[at - 1], next: ids[at + 1], place: at + 1, count: ids.length }
}
