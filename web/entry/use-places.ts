import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Groups, Places } from '../api/shapes.ts'
import { foldPlace } from './place-names.ts'

type Group = Groups['groups'][number]

const NAME_MIN = 2
const CODE_MIN = 3
const OWN_MAX = 8
const OWN_MIN = 4
const RARE = 4

/** `isSure` when a table says so; otherwise it is what one's own customers have, right or wrong. */
type Found = { places: Places['items']; isSure: boolean }

/** Places that begin with what was typed, by postcode or by name; nothing until there is something to look for. */
export function usePlaces(country: string, typed: string): Found {
  const text = /^[A-Z]{2}$/.test(country) ? searchText(country, typed) : ''
  const found = useQuery({
    queryKey: ['places', country, text],
    queryFn: ({ signal }) =>
      ask<Places>('GET', '/api/places', { query: { country, text }, signal }),
    enabled: text !== '',
    staleTime: Number.POSITIVE_INFINITY,
  })
  const isUnknown = found.data?.isCountryKnown === false
  const own = useOwnPlaces(country, text, typed.trim(), isUnknown)
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

/**
 * Where no table is there: what one's own customers have. A city with its postcodes, or a postcode with its cities;
 * what stands beside it in few records only is another address of somebody who has several.
 */
function useOwnPlaces(
  country: string,
  text: string,
  typed: string,
  isAsked: boolean,
): Places['items'] {
  const isCode = /^\d/.test(text)
  const [field, by] = isCode ? ['postalCode', 'city'] : ['city', 'postalCode']
  const found = useQuery({
    queryKey: ['places', 'own', country, text],
    queryFn: async () => {
      const filter = {
        all: [
          { field, operator: isCode ? 'starts-with' : 'is', values: [text] },
          { field: 'country', operator: 'is', values: [country] },
        ],
      }
      const [people, companies] = await Promise.all(
        ['people', 'companies'].map((kind) =>
          ask<Groups>('POST', `/api/${kind}/groups`, { body: { by, filter } })
            .then(({ groups }) => groups)
            // Whose role does not show them: then without.
            .catch(() => []),
        ),
      )
      const groups = [...people!, ...companies!]
      return addUp(isCode ? groups : groups.map((one) => withoutLetters(country, one)))
    },
    enabled: isAsked && text.length >= OWN_MIN,
  })
  return (found.data ?? []).map((value) =>
    isCode
      ? { postalCode: text, name: value, alsoNamed: [] }
      : { postalCode: value, name: typed, alsoNamed: [] },
  )
}

/** Of a Dutch code only the digits say where. */
function withoutLetters(country: string, group: Group): Group {
  return country === 'NL' && group.value ? { ...group, value: group.value.slice(0, 4) } : group
}

function addUp(groups: Group[]): string[] {
  const counts = new Map<string, number>()
  for (const { value, count } of groups)
    if (value) counts.set(value, (counts.get(value) ?? 0) + count)
  const ordered = [...counts].sort(([, a], [, b]) => b - a)
  const most = ordered[0]?.[1] ?? 0
  return ordered
    .filter(([, count]) => count * RARE > most)
    .slice(0, OWN_MAX)
    .map(([value]) => value)
}
