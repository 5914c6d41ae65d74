/** Sectors are searched on the server: their table is longer than anything a screen should fetch before it is asked for. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Sectors } from '../api/shapes.ts'
import type { Speak } from '../language/words.tsx'

export type Sector = Sectors['items'][number]
const TYPING_MS = 150

/** By a code or by words; the divisions where nothing is typed. */
export function useFoundSectors(typed: string, enabled = true): Sector[] {
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS)
  return (
    useQuery({
      queryKey: ['sectors', search],
      queryFn: ({ signal }) => ask<Sectors>('GET', '/api/sectors', { query: { search }, signal }),
      staleTime: Number.POSITIVE_INFINITY,
      placeholderData: keepPreviousData,
      enabled,
    }).data?.items ?? []
  )
}

/** What codes are called that somebody chose earlier. */
export function useSectorsOf(codes: readonly string[]): Sector[] {
  return (
    useQuery({
      queryKey: ['sectors', 'of', ...codes],
      queryFn: ({ signal }) =>
        ask<Sectors>('GET', '/api/sectors', { query: { codes: codes.join(',') }, signal }),
      staleTime: Number.POSITIVE_INFINITY,
      enabled: codes.length > 0,
    }).data?.items ?? []
  )
}

export const sectorLabel = (one: Sector, t: Speak) => `${one.written} ${one[t.language]}`
