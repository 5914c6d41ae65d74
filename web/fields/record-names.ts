import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { DossierKind } from '../api/shapes.ts'

type Named = { kind: DossierKind; id: string }

/** The names of customers that are known by their id only; one that the reader may not see stays without. */
export function useNamesOf(wanted: readonly Named[]): Record<string, string> {
  const found = useQuery({
    queryKey: ['names', wanted],
    enabled: wanted.length > 0,
    queryFn: async () => {
      const records = await Promise.allSettled(
        wanted.map(({ kind, id }) => ask<{ displayName: string }>('GET', `/api/${kind}/${id}`)),
      )
      return Object.fromEntries(
        records.flatMap((one, at) =>
          one.status === 'fulfilled' ? [[wanted[at]!.id, one.value.displayName]] : [],
        ),
      )
    },
  })
  return found.data ?? {}
}
