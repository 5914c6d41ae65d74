import { useSyncExternalStore } from 'react'
import type { RecordKind, Sort } from '../api/shapes.ts'

export const filterNames = ['stage', 'owner', 'team', 'tag', 'city', 'language'] as const
export type FilterName = (typeof filterNames)[number]
export type ListState = { search: string; sort: Sort } & Record<FilterName, string[]>

const fresh: ListState = {
  search: '',
  sort: 'name',
  stage: [],
  owner: [],
  team: [],
  tag: [],
  city: [],
  language: [],
}

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
  return state.search !== '' || filterNames.some((name) => state[name].length > 0)
}

export const noFilters: Partial<ListState> = { ...fresh, sort: undefined as never }
// `sort` stays as it was when filters are cleared.
delete noFilters.sort

/** Asks the list to open its form for a new record, also from elsewhere (the palette). */
export function requestNew(kind: RecordKind, isWanted = true): void {
  wanted[kind] = isWanted
  tellAll()
}
export function useNewRequested(kind: RecordKind): boolean {
  return useSyncExternalStore(subscribe, () => wanted[kind])
}
