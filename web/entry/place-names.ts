import type { Places } from '../api/shapes.ts'

type Place = Places['items'][number]

/** Without accents, capitals and signs between words: Sint-Niklaas and sint niklaas are one. */
export function foldPlace(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^st /, 'sint ')
}

/** Whether a city as typed is one of these places, in any language. */
export function isAmong(city: string, places: Place[]): boolean {
  const folded = foldPlace(city)
  return places.some(({ name, alsoNamed }) =>
    [name, ...alsoNamed].some((one) => foldPlace(one) === folded),
  )
}

/** The one city that a postcode can only mean: also where it has a name in each language. */
export function onlyPlace(places: Place[], language: 'nl' | 'en'): Place | undefined {
  const [first, second, more] = places
  if (!first || more) return undefined
  if (!second) return first
  // Brussel and Bruxelles are one place; the Dutch name stands first.
  const isSame = second.alsoNamed.includes(first.name)
  return isSame ? (language === 'nl' ? first : second) : undefined
}

export function placeOption({ postalCode, name, alsoNamed }: Place): string {
  return `${postalCode} ${name}${alsoNamed.length > 0 ? ` (${alsoNamed.join(', ')})` : ''}`
}
