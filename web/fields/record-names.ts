import { useQueries } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { CustomValue, FieldDefinition } from '../api/shapes.ts'

/** The names of the customers that values refer to; one that the reader may not see stays without. */
export function useRecordNames(
  held: readonly (readonly [FieldDefinition, CustomValue | null | undefined])[],
): Record<string, string> {
  const wanted = new Map(
    held.flatMap(([{ kind }, value]) => {
      if ((kind !== 'person' && kind !== 'company') || typeof value !== 'string') return []
      return [[value, kind === 'person' ? ('people' as const) : ('companies' as const)] as const]
    }),
  )
  const ids = [...wanted.keys()]
  const found = useQueries({
    queries: ids.map((id) => {
      const of = wanted.get(id)!
      return {
        queryKey: [of, 'one', id],
        queryFn: () => ask<{ displayName: string }>('GET', `/api/${of}/${id}`),
      }
    }),
  })
  return Object.fromEntries(
    ids.flatMap((id, at) => {
      const name = found[at]?.data?.displayName
      return name ? [[id, name]] : []
    }),
  )
}
