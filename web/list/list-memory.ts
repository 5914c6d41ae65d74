import { useSyncExternalStore } from 'react'
import type { Filter, RecordKind, ViewContent } from '../api/shapes.ts'

export const filterNames = ['stage', 'owner', 'team', 'tag', 'city', 'language'] as const
export type FilterName = (typeof filterNames)[number]
export type ListState = {
  search: string
  sort: string
  /** What was built of conditions and groups, beside the chips. */
  filter: Filter | null
  groupBy: string | null
  groupPart: 'day' | 'month' | 'year'
  /** Columns as the view has them or as they were changed since; null for this device's own. */
  layout: Pick<ViewContent, 'columns' | 'frozen'> | null
  viewId: string | null
} & Record<FilterName, string[]>

const fresh: ListState = {
  search: '',
  sort: 'name',
  filter: null,
  groupBy: null,
  groupPart: 'month',
  layout: null,
  viewId: null,
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
  return (
    state.search !== '' ||
    state.filter !== null ||
    filterNames.some((name) => state[name].length > 0)
  )
}

export const noFilters: Partial<ListState> = {
  search: '',
  filter: null,
  ...Object.fromEntries(filterNames.map((name) => [name, []])),
}

const fieldOf: Record<FilterName, string> = {
  stage: 'stage',
  owner: 'ownerId',
  team: 'teamId',
  tag: 'tag',
  city: 'city',
  language: 'language',
}

/** Chips and conditions together, as the server is asked. */
export function filterOf(state: ListState): Filter | null {
  const chips: Filter[] = filterNames.flatMap((name) =>
    state[name].length > 0
      ? [{ field: fieldOf[name], operator: 'is' as const, values: state[name] }]
      : [],
  )
  const all = state.filter ? [...chips, state.filter] : chips
  if (all.length === 0) return null
  return all.length === 1 ? all[0]! : { all }
}

/** A view in the place of what was there. */
export function stateOf(viewId: string, content: ViewContent): Partial<ListState> {
  return {
    ...noFilters,
    search: content.search,
    filter: content.filter,
    sort: content.sort,
    groupBy: content.groupBy,
    groupPart: content.groupPart,
    layout:
      content.columns.length > 0 ? { columns: content.columns, frozen: content.frozen } : null,
    viewId,
  }
}

export const noView: Partial<ListState> = {
  ...noFilters,
  sort: 'name',
  groupBy: null,
  layout: null,
  viewId: null,
}

/** Asks the list to open its form for a new record, also from elsewhere (the palette). */
export function requestNew(kind: RecordKind, isWanted = true): void {
  wanted[kind] = isWanted
  tellAll()
}
export function useNewRequested(kind: RecordKind): boolean {
  return useSyncExternalStore(subscribe, () => wanted[kind])
}
