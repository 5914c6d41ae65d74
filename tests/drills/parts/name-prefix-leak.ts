/**
 * What a thief of the database reads of names where an organisation keeps their beginnings: of the demo's own rows, and of as
 * many people as unevenly named as those of a country. Also with other lengths, and what those find: why there are these.
 */
import { namePrefixes, PREFIX_LETTERS, wordPrefixes } from '#security/search/name-prefixes.ts'
import { fold } from '#security/search/words.ts'
import { guessNames, type Kept, type Known } from './name-attack.ts'

export type Named = { id: string; givenName: string; familyName: string }
export type Read = { family: number; given: number }
export type PrefixLeak = {
  people: number
  /** Of the demo's rows, with public statistics, and with the exact frequencies. */
  demo: { public: Read; exact: Read; commonest: Read }
  countryPeople: number
  country: Read
  lengths: {
    letters: readonly number[]
    tokens: number
    country: Read
    /** Of what is shown for the first four, six and all letters of a name, how much begins so; among the demo's names, which are many. */
    right: { four: number; six: number; whole: number }
  }[]
}

const COUNTRY_PEOPLE = 100_000
const LENGTHS: readonly (readonly number[])[] = [
  [3],
  PREFIX_LETTERS,
  [3, 4, 5, 6, 8],
  [3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
]

export function measurePrefixLeak(
  rows: readonly Kept[],
  truth: readonly Named[],
  statistics: readonly Named[],
): PrefixLeak {
  const named = [...truth, ...statistics]
  const [real, elsewhere] = [drawCountry(truth, statistics, 3), drawCountry(truth, statistics, 5)]
  const lengths = LENGTHS.map((letters) => {
    const kept = real.map((person) => keptOf(person, letters))
    return {
      letters,
      tokens: kept.reduce((sum, { tokens }) => sum + tokens.length, 0) / kept.length,
      country: judged(real, guessNames(kept, knownOf(elsewhere, letters))),
      right: {
        four: right(named, letters, 4),
        six: right(named, letters, 6),
        whole: right(named, letters, 99),
      },
    }
  })
  const commonest = (of: (person: Named) => string) => {
    const counts = [...Map.groupBy(statistics, of)].sort((a, b) => b[1].length - a[1].length)
    return truth.filter((person) => of(person) === counts[0]![0]).length / truth.length
  }
  return {
    people: truth.length,
    demo: {
      public: judged(truth, guessNames(rows, knownOf(statistics, PREFIX_LETTERS))),
      exact: judged(truth, guessNames(rows, knownOf(truth, PREFIX_LETTERS))),
      commonest: { family: commonest(familyWord), given: commonest(givenWord) },
    },
    countryPeople: COUNTRY_PEOPLE,
    country: lengths.find(({ letters }) => letters === PREFIX_LETTERS)!.country,
    lengths,
  }
}

const wordsOf = (name: string) => fold(name).match(/[\p{L}\p{N}]+/gu) ?? []
// Of "van den Berg" it is "berg" that is read or not.
const familyWord = ({ familyName }: Named) => wordsOf(familyName).at(-1) ?? ''
const givenWord = ({ givenName }: Named) => wordsOf(givenName)[0] ?? ''

function judged(truth: readonly Named[], guessed: ReadonlyMap<string, string[]>): Read {
  const share = (of: (person: Named) => string) =>
    truth.filter((person) => guessed.get(person.id)?.includes(of(person))).length / truth.length
  return { family: share(familyWord), given: share(givenWord) }
}

/** Each name of the statistics, as often as it comes. */
function knownOf(people: readonly Named[], letters: readonly number[]): Known {
  const known = new Map<string, Known['words'][number]>()
  for (const name of people.flatMap(({ givenName, familyName }) => [givenName, familyName]))
    for (const beginnings of wordPrefixes('person', name, letters)) {
      const first = beginnings[0]
      if (first === undefined) continue
      const own = wordsOf(name)
      const word = own.find((one) => `${one}.`.startsWith(first)) ?? own.join('')
      const key = `${word} ${beginnings.join()}`
      const there = known.get(key)
      known.set(key, { word, beginnings, count: (there?.count ?? 0) + 1 })
    }
  return { people: people.length, words: [...known.values()] }
}

/** What would be kept of a person; the letters themselves stand for their tokens, which are equal where these are. */
function keptOf({ id, givenName, familyName }: Named, letters: readonly number[]): Kept {
  const name = `${givenName} ${familyName}`
  const tokens =
    letters === PREFIX_LETTERS
      ? namePrefixes('person', name)
      : [...new Set(wordPrefixes('person', name, letters).flat())]
  return { id, team: Number(id) % 2 === 0 ? 'north' : 'south', tokens }
}

/** The same names in other numbers: each half as common as the one before it, a third, a fourth, as names of a country nearly are. */
function drawCountry(a: readonly Named[], b: readonly Named[], seed: number): Named[] {
  const random = randomFrom(seed)
  const ranked = (of: (person: Named) => string) => {
    const names = [...new Set([...a, ...b].map(of).filter(Boolean))].sort()
    // The same order of commonness in every draw.
    const order = randomFrom(1)
    const shuffled = names.map((name) => ({ name, at: order() })).sort((x, y) => x.at - y.at)
    let sum = 0
    const until = shuffled.map((_, rank) => {
      sum += 1 / (rank + 1)
      return sum
    })
    return () => {
      const drawn = random() * sum
      return shuffled[until.findIndex((end) => drawn < end)]!.name
    }
  }
  const [given, family] = [ranked((one) => one.givenName), ranked((one) => one.familyName)]
  return Array.from({ length: COUNTRY_PEOPLE }, (_, at) => ({
    id: String(at),
    givenName: given(),
    familyName: family(),
  }))
}

/** The same numbers for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

function right(people: readonly Named[], letters: readonly number[], typed: number): number {
  const beginning = new Map<string, number>()
  const families = people.map(familyWord).filter((word) => word.length >= 3)
  const count = (one: string) => beginning.set(one, (beginning.get(one) ?? 0) + 1)
  for (const word of families) for (let n = 3; n <= word.length; n++) count(word.slice(0, n))
  let [shown, fits] = [0, 0]
  for (const word of families) {
    const text = word.slice(0, typed)
    const asked = letters.findLast((n) => n <= text.length) ?? text.length
    shown += beginning.get(text.slice(0, asked))!
    fits += beginning.get(text)!
  }
  return fits / shown
}
