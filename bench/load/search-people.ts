/** People, companies and what hangs on them, for the bench of the search: the same every run. */
import type { IndexDocument, Indexed } from '#security/search/index-types.ts'
import { fold } from '#security/search/words.ts'
import type { PlainPerson } from './plaintext-search.ts'

const TEAMS = 50
const SYLLABLES =
  'ba bel ber bos bra da dek den der dij el en ge gel ha hof ho jan ka ker klaas koe la li lo ma meer mei mul na ni ol pe pie ra ro sen ster ta ti va veld ver vi vos wa wil wou za'.split(
    ' ',
  )
export const TAGS = ['vip', 'nieuwsbrief', 'beurs', 'b2b', 'dealer', 'partner']
const PARTICLES = ['van den', 'van de', 'de', 'van der', 'ter', "van 't"]

/** The same people every run: a small generator with a fixed seed (mulberry32). */
function makeChance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const chance = makeChance(2026)
export const below = (bound: number) => Math.floor(chance() * bound)
// Squared twice: a few names are very common, most are rare, as in a telephone directory.
export const skewed = (bound: number) => Math.floor(chance() ** 4 * bound)

function makeWord(syllables: number): string {
  let word = ''
  for (let i = 0; i < syllables; i++) word += SYLLABLES[below(SYLLABLES.length)]
  return word[0]!.toUpperCase() + word.slice(1)
}

export const givenNames = Array.from({ length: 20_000 }, () => makeWord(2 + below(2)))
export const familyNames = Array.from({ length: 150_000 }, () => makeWord(2 + below(3)))
export const cities = Array.from({ length: 2_000 }, () => makeWord(3))

export function makePerson(number: number): IndexDocument {
  const given = givenNames[skewed(givenNames.length)]!
  const core = familyNames[skewed(familyNames.length)]!
  const family = chance() < 0.15 ? `${PARTICLES[below(PARTICLES.length)]} ${core}` : core
  const city = cities[skewed(cities.length)]!
  const phone = `+316${String(below(100_000_000)).padStart(8, '0')}`
  return {
    kind: 'person',
    id: idOf(0, number),
    rowVersion: 1,
    names: [given, family],
    sortName: { given, family },
    fragments: [`${given}.${core}${below(100)}@example.nl`.toLowerCase(), phone, city],
    filters: {
      stage: chance() < 0.3 ? 'customer' : 'lead',
      city,
      language: 'nl',
      country: 'NL',
      postalCode: String(1000 + below(8999)),
      tag: TAGS.filter(() => chance() < 0.1),
      // A field of the organisation's own that names a person.
      'custom.referrer': chance() < 0.5 ? [idOf(0, below(10_000))] : [],
    },
    // What the catalogue declares for a person beside that, as long as real ones are.
    texts: {
      givenName: [given],
      familyName: [family],
      company: chance() < 0.5 ? [`${makeWord(3)} ${makeWord(2)} BV`] : [],
      email: [`${given}.${core}${below(100)}@example.nl`.toLowerCase()],
      phone: [phone],
      street: [`${makeWord(3)}straat ${below(200)}`],
      reference: [`K-${number}`],
    },
    numbers: { birthday: below(20_000), 'birthday of the year': 101 + below(1100) },
    ownerId: null,
    teamId: `team-${below(TEAMS)}`,
    isDeleted: false,
    createdAt: 1_700_000_000_000 + number,
    updatedAt: 1_700_000_000_000 + below(100_000_000),
  }
}

function asPlain({ id, teamId, names, sortName, fragments }: IndexDocument): PlainPerson {
  const words = fold([...names, ...fragments].join(' '))
  return {
    id,
    team: teamId!,
    name: fold(names.join(' ')),
    words: ` ${words} `,
    sortName: fold(`${sortName.family} ${sortName.given}`),
  }
}

export function* makeBatches(people: number, plain: PlainPerson[]): Iterable<Indexed[]> {
  for (let from = 0; from < people; from += 1000) {
    const batch = Array.from({ length: Math.min(1000, people - from) }, (_, i) =>
      makePerson(from + i),
    )
    for (const one of batch) plain.push(asPlain(one))
    yield batch
  }
  // A company for every fourth person; a task, a note and a workplace for every second.
  for (let from = 0; from < people / 4; from += 1000)
    yield Array.from({ length: Math.min(1000, people / 4 - from) }, (_, i) => makeCompany(from + i))
  for (let from = 0; from < people; from += 1000)
    yield Array.from({ length: 500 }, (_, i) => from + i * 2).flatMap(relatedTo(people))
}

const idOf = (kind: number, number: number) =>
  `00000000-0000-400${kind}-8000-${String(number).padStart(12, '0')}`

function makeCompany(number: number): IndexDocument {
  const { addresses: _, ...like } = makePerson(number)
  const name = `${makeWord(3)} ${number}`
  return {
    ...like,
    kind: 'company',
    id: idOf(1, number),
    names: [name],
    sortName: { family: name },
  }
}

const relatedTo = (people: number) => (number: number) => {
  const person = { kind: 'person' as const, id: idOf(0, number) }
  const company = { kind: 'company' as const, id: idOf(1, below(people / 4)) }
  const documents: Indexed[] = [
    {
      relation: 'task',
      id: idOf(2, number),
      subjects: [person],
      isMarked: chance() < 0.5,
      at: 20_000,
      body: makeText(3 + below(5)),
    },
    {
      relation: 'relation',
      id: idOf(5, number),
      subjects: [person, { kind: 'person', id: idOf(0, below(people)) }],
      roles: chance() < 0.5 ? ['partner', 'partner'] : ['parent', 'child'],
    },
    {
      relation: 'affiliation',
      id: idOf(4, number),
      subjects: [person, company],
      isMarked: chance() < 0.2,
      texts: { jobTitle: 'Inkoper', department: TAGS[below(TAGS.length)]! },
    },
  ]
  return documents
}

// Half of a language's words in a text are the same few hundred.
const makeText = (words: number) =>
  Array.from({ length: words }, () => familyNames[skewed(familyNames.length)]!.toLowerCase()).join(
    ' ',
  )

/** One for each person, of twenty to eighty words. */
export function* makeNotes(people: number): Iterable<Indexed[]> {
  for (let from = 0; from < people; from += 1000)
    yield Array.from({ length: Math.min(1000, people - from) }, (_, i) => ({
      relation: 'note' as const,
      id: idOf(3, from + i),
      subjects: [{ kind: 'person' as const, id: idOf(0, from + i) }],
      at: 1_700_000_000_000 + from + i,
      body: makeText(20 + below(61)),
    }))
}
