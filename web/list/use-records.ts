import { useDebouncedValue } from '@mantine/hooks'
import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { RecordKind, RecordPage, Row } from '../api/shapes.ts'
import { abilities, type ListState } from './list-memory.ts'

const PAGE = 100
const TYPING_MS = 120
// Skeleton rows below what is loaded where the number of rows is not known.
const AHEAD = 8

export type Records = {
  /** How many rows the list has, loaded or not. */
  count: number
  total: number | null
  rowAt: (index: number) => Row | undefined
  /** All rows that are in memory now. */
  loaded: Row[]
  /** The list tells which rows are in sight; what is missing there is fetched. */
  see: (first: number, last: number) => void
  isPending: boolean
  isFetching: boolean
  error: Error | null
}

/**
 * The rows of a list. People are counted by the index and fetched wherever one scrolls to (a cursor is the
 * number of rows before it); companies come one page after another.
 */
export function useRecords(kind: RecordKind, state: ListState): Records {
  const [search] = useDebouncedValue(state.search.trim(), TYPING_MS)
  const able = abilities[kind]
  const asked = {
    ...Object.fromEntries(able.filters.map((name) => [name, state[name]])),
    ...(able.canSearch ? { search } : {}),
    ...(able.canSort ? { sort: state.sort } : {}),
  }
  const jumping = useJumping(kind, asked, able.canSearch)
  const stepping = useStepping(kind, asked, !able.canSearch)
  return able.canSearch ? jumping : stepping
}

function useJumping(kind: RecordKind, asked: object, enabled: boolean): Records {
  const [seen, setSeen] = useState({ first: 0, last: 0 })
  const pageQuery = (at: number) => ({
    queryKey: [kind, 'list', asked, at],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      ask<RecordPage>('GET', `/api/${kind}`, {
        query: { ...asked, limit: PAGE, ...(at > 0 ? { cursor: String(at * PAGE) } : {}) },
        signal,
      }),
    enabled,
  })
  const first = useQuery({ ...pageQuery(0), placeholderData: keepPreviousData })
  const total = first.data?.total ?? null
  const pagesInSight: number[] = []
  const lastPage = total === null ? 0 : Math.floor(Math.max(0, total - 1) / PAGE)
  for (
    let at = Math.floor(seen.first / PAGE);
    at <= Math.min(lastPage, Math.floor(seen.last / PAGE));
    at++
  )
    if (at > 0) pagesInSight.push(at)
  const others = useQueries({ queries: pagesInSight.map(pageQuery) })
  const pages = new Map<number, Row[]>()
  if (first.data) pages.set(0, first.data.items)
  pagesInSight.forEach((at, i) => {
    const items = others[i]?.data?.items
    if (items) pages.set(at, items)
  })
  return {
    count: total ?? first.data?.items.length ?? 0,
    total,
    rowAt: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    loaded: [...pages.values()].flat(),
    see: (from, to) =>
      setSeen((now) => (now.first === from && now.last === to ? now : { first: from, last: to })),
    isPending: first.isPending,
    isFetching: first.isFetching || others.some((one) => one.isFetching),
    error: first.error ?? others.find((one) => one.error)?.error ?? null,
  }
}

function useStepping(kind: RecordKind, asked: object, enabled: boolean): Records {
  const list = useInfiniteQuery({
    queryKey: [kind, 'list', asked, 'steps'],
    queryFn: ({ pageParam, signal }) =>
      ask<RecordPage>('GET', `/api/${kind}`, {
        query: { ...asked, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    enabled,
  })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return {
    count: rows.length + (list.hasNextPage ? AHEAD : 0),
    total: list.data && !list.hasNextPage ? rows.length : null,
    rowAt: (index) => rows[index],
    loaded: rows,
    see: (_, to) => {
      if (list.hasNextPage && !list.isFetchingNextPage && to >= rows.length - PAGE / 2)
        void list.fetchNextPage()
    },
    isPending: list.isPending,
    isFetching: list.isFetching,
    error: list.error,
  }
}

/** Shows a change in every list in memory before the server has been asked again. */
export function useRowPatch(kind: RecordKind) {
  const queries = useQueryClient()
  const patchPage = (page: RecordPage, ids: ReadonlySet<string>, change: Partial<Row>) => ({
    ...page,
    items: page.items.map((row) => (ids.has(row.id) ? { ...row, ...change } : row)),
  })
  return {
    patch: (ids: ReadonlySet<string>, change: Partial<Row>) =>
      queries.setQueriesData<RecordPage | InfiniteData<RecordPage>>(
        { queryKey: [kind, 'list'] },
        (old) => {
          if (!old) return old
          return 'pages' in old
            ? { ...old, pages: old.pages.map((page) => patchPage(page, ids, change)) }
            : patchPage(old, ids, change)
        },
      ),
    refresh: () => queries.invalidateQueries({ queryKey: [kind] }),
  }
}
