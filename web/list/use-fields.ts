import { queryOptions, useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Field, RecordKind } from '../api/shapes.ts'

const MINUTES_5 = 300_000

/** What can be filtered, grouped and sorted by: the catalogue says, and the fields the organisation made. */
const fieldsQuery = (kind: RecordKind) =>
  queryOptions({
    queryKey: ['fields', kind],
    queryFn: () => ask<{ items: Field[] }>('GET', `/api/${kind}/fields`),
    staleTime: MINUTES_5,
  })

export function useFields(kind: RecordKind): Field[] {
  return useQuery(fieldsQuery(kind)).data?.items ?? []
}

export function useIsDay(kind: RecordKind, name: string | null): boolean {
  const field = useFields(kind).find((one) => one.name === name)
  return field?.kind === 'day' || field?.kind === 'yearly' || field?.kind === 'instant'
}
