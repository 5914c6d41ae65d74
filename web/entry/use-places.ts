import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Groups, Places } from '../api/shapes.ts'
import { foldPlace } from './place-names.ts'

const NAME_MIN = 2
const CODE_MIN = 3
const OWN_MAX = 8

/** `isSure` when a table says so; otherwise it is what one's own customers have, right or wrong. */
type Found = { places: Places['items']; isSure: boolean }

/** Places that begin with what was typed, by postcode or by name; nothing until there is something to look for. */
export function usePlaces(country: string, typed: string): Found {
  const text = searchText(country, typed)
  const found = useQuery({
    queryKey: ['places', country, text],
    queryFn: ({ signal }) =>
      ask<Places>('GET', '/api/places', { query: { country, text }, signal }),
    enabled: text !== '',
    staleTime: Number.POSITIVE_INFINITY,
  })
  const isUnknown = found.data?.isCountryKnown === false
  const own = useOwnCities(country, text, isUnknown)
  const places = isUnknown ? own : (found.data?.items ?? [])
  return { places: text === '' ? [] : places, isSure: !isUnknown }
}

function searchText(country: string, typed: string): string {
  const text = typed.trim()
  // The letters of a Dutch code are a street's; its digits are the place's.
  const digits = /^\d+/.exec(text)?.[0]
  if (digits && country === 'NL') return digits.length === 4 ? digits : ''
  return text.length >= (digits ? CODE_MIN : NAME_MIN) ? foldPlace(text) : ''
}

/** Where no table is there: the cities that one's own customers with this postcode live in. */
function useOwnCities(country: string, text: string, isAsked: boolean): Places['items'] {
  const isCode = /^\d{4,}$/.test(text)
  const found = useQuery({
    queryKey: ['places', 'own', country, text],
    queryFn: () =>
      ask<Groups>('POST', '/api/people/groups', {
        body: {
          by: 'city',
          filter: {
            all: [
              { field: 'postalCode', operator: 'starts-with', values: [text] },
              { field: 'country', operator: 'is', values: [country] },
            ],
          },
        },
      }),
    enabled: isAsked && isCode,
  })
  return (found.data?.groups ?? [])
    .flatMap(({ value }) => (value ? [{ postalCode: text, name: value, alsoNamed: [] }] : []))
    .slice(0, OWN_MAX)
}
