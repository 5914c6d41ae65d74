import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { RecordKind, View, Views } from '../api/shapes.ts'

const viewsQuery = (kind: RecordKind) =>
  queryOptions({
    queryKey: ['views', kind],
    queryFn: () => ask<Views>('GET', '/api/views', { query: { list: kind } }),
  })

export function useViews(kind: RecordKind): Views | undefined {
  return useQuery(viewsQuery(kind)).data
}

export function useSegments(kind: RecordKind): View[] {
  return (useViews(kind)?.items ?? []).filter((one) => one.kind === 'segment' && one.content)
}

/** How many records each segment holds now; asked while somebody looks at them. */
export function useCounts(kind: RecordKind, isShown: boolean): Map<string, number | null> {
  const counts = useQuery({
    queryKey: ['views', kind, 'counts'],
    enabled: isShown,
    staleTime: 0,
    queryFn: () =>
      ask<{ items: { id: string; count: number | null }[] }>('GET', '/api/views/counts', {
        query: { list: kind },
      }),
  })
  return new Map(counts.data?.items.map(({ id, count }) => [id, count]))
}

export function useForgetViews(kind: RecordKind): () => Promise<void> {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['views', kind] })
}
