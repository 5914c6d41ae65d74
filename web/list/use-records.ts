import { useDebouncedValue } from '@mantine/hooks'
import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useMemo } from 'react'
import { ask } from '../api/client.ts'
import type { CompanyPage, PersonPage, RecordKind } from '../api/shapes.ts'
import type { Row } from './columns.tsx'
import type { ListState } from './list-memory.ts'

const PAGE = 100
// What the server gives at once.
const PAGE_MAX = 200
const TYPING_MS = 120

type RecordPage = PersonPage | CompanyPage

/** The rows of a list as far as they were scrolled to, page by page. */
export function useRecords(kind: RecordKind, state: ListState) {
  const [search] = useDebouncedValue(state.search.trim(), TYPING_MS)
  const asked = { ...state, search }
  const list = useInfiniteQuery({
    queryKey: [kind, 'list', asked],
    queryFn: ({ pageParam, signal }) =>
      ask<RecordPage>('GET', `/api/${kind}`, {
        query: {
          ...asked,
          limit: PAGE,
          cursor: pageParam,
        },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
  const rows = useMemo<Row[]>(
    () => list.data?.pages.flatMap((page) => page.items as Row[]) ?? [],
    [list.data],
  )
  /** The ids of all that match, also of what was not scrolled to yet. */
  const allIds = async (): Promise<string[]> => {
    const ids: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: RecordPage = await ask('GET', `/api/${kind}`, {
        query: { ...asked, limit: PAGE_MAX, cursor },
      })
      for (const { id } of page.items) ids.push(id)
      cursor = page.nextCursor
    }
    return ids
  }
  return { list, rows, total: list.data?.pages[0]?.total ?? null, allIds }
}

/** Shows a change in every list that is open before the server has been asked again. */
export function useRowPatch(kind: RecordKind) {
  const queries = useQueryClient()
  return {
    patch: (ids: ReadonlySet<string>, change: Partial<Row> | 'gone') =>
      queries.setQueriesData<InfiniteData<RecordPage>>({ queryKey: [kind, 'list'] }, (old) =>
        old
          ? {
              ...old,
              pages: old.pages.map((page) => ({
                ...page,
                items: (page.items as Row[]).flatMap((row) => {
                  if (!ids.has(row.id)) return [row]
                  return change === 'gone' ? [] : [{ ...row, ...change } as Row]
                }) as never,
              })),
            }
          : old,
      ),
    refresh: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: [kind] }),
        queries.invalidateQueries({ queryKey: ['facets', kind] }),
      ]),
  }
}
