import { useSyncExternalStore } from 'react'
import type { RecordKind, Sort } from '../api/shapes.ts'

export type FilterName = 'stage' | 'owner' | 'tag' | 'city'
/** An empty text is no filter. */
export type ListState = { search: string; sort: Sort } & Record<FilterName, string>

/** What the server can do with each list. */
export const abilities: Record<
  RecordKind,
  { canSearch: boolean; canSort: boolean; filters: readonly FilterName[] }
> = {
  people: { canSearch: true, canSort: true, filters: ['stage', 'owner', 'tag', 'city'] },
  companies: { canSearch: false, canSort: false, filters: ['stage', 'owner'] },
}

export const noFilters = { search: '', stage: '', owner: '', tag: '', city: '' }
const fresh: ListState = { ...noFilters, sort: 'name' }

// In memory and not in the address: what somebody searched is a customer's name, and addresses stay in
// the browser's history and in the logs of proxies.
const states: Record<RecordKind, ListState> = { people: fresh, companies: fresh }
const wanted: Record<RecordKind, boolean> = { people: false, companies: false }
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
function tellAll(): void {
  for (const listener of listeners) listener()
}

/** Search, filters and order of a list, as they were left. */
export function useListState(kind: RecordKind): [ListState, (change: Partial<ListState>) => void] {
  const state = useSyncExternalStore(subscribe, () => states[kind])
  return [
    state,
    (change) => {
      states[kind] = { ...states[kind], ...change }
      tellAll()
    },
  ]
}

export function isFiltered(state: ListState): boolean {
  return Object.keys(noFilters).some((name) => state[name as FilterName] !== '')
}

/** Asks the list to open its form for a new record, also from elsewhere (the palette). */
export function requestNew(kind: RecordKind, isWanted = true): void {
  wanted[kind] = isWanted
  tellAll()
}
export function useNewRequested(kind: RecordKind): boolean {
  return useSyncExternalStore(subscribe, () => wanted[kind])
}
