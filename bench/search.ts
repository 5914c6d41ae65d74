/**
 * How fast the memory index fills and answers, and how much memory it takes.
 * node bench/search.ts [--large] [--json]
 */
import { fileURLToPath } from 'node:url'
import type {
  IndexDocument,
  Indexed,
  IndexFilter,
  IndexQuery,
} from '#security/search/index-types.ts'
import { openSearchIndex } from '#security/search/search-index.ts'

type Figures = { p50Ms: number; p95Ms: number; maxMs: number }
type Run = {
  people: number
  buildSeconds: number
  memoryMb: number
  notesSeconds: number
  notesMb: number
  kinds: Record<string, Figures>
}

const QUESTIONS = 200
const TEAMS = 50
const SYLLABLES =
  'ba bel ber bos bra da dek den der dij el en ge gel ha hof ho jan ka ker klaas koe la li lo ma meer mei mul na ni ol pe pie ra ro sen ster ta ti va veld ver vi vos wa wil wou za'.split(
    ' ',
  )
const TAGS = ['vip', 'nieuwsbrief', 'beurs', 'b2b', 'dealer', 'partner']
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
const below = (bound: number) => Math.floor(chance() * bound)
// Squared twice: a few names are very common, most are rare, as in a telephone directory.
const skewed = (bound: number) => Math.floor(chance() ** 4 * bound)

function makeWord(syllables: number): string {
  let word = ''
  for (let i = 0; i < syllables; i++) word += SYLLABLES[below(SYLLABLES.length)]
  return word[0]!.toUpperCase() + word.slice(1)
}

const givenNames = Array.from({ length: 20_000 }, () => makeWord(2 + below(2)))
const familyNames = Array.from({ length: 150_000 }, () => makeWord(2 + below(3)))
const cities = Array.from({ length: 2_000 }, () => makeWord(3))

function makePerson(number: number): IndexDocument {
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

function* makeBatches(people: number): Iterable<Indexed[]> {
  for (let from = 0; from < people; from += 1000)
    yield Array.from({ length: Math.min(1000, people - from) }, (_, i) => makePerson(from + i))
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
function* makeNotes(people: number): Iterable<Indexed[]> {
  for (let from = 0; from < people; from += 1000)
    yield Array.from({ length: Math.min(1000, people - from) }, (_, i) => ({
      relation: 'note' as const,
      id: idOf(3, from + i),
      subjects: [{ kind: 'person' as const, id: idOf(0, from + i) }],
      at: 1_700_000_000_000 + from + i,
      body: makeText(20 + below(61)),
    }))
}

const oneTeam = { everything: false, userId: 'nobody', teamIds: ['team-7'] }
const all = { everything: true, userId: 'nobody', teamIds: [] }
const aFamily = () => familyNames[skewed(familyNames.length)]!.toLowerCase()
const aGiven = () => givenNames[skewed(givenNames.length)]!.toLowerCase()

function swapLetters(word: string): string {
  const at = 1 + below(word.length - 2)
  return word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2)
}

const KINDS: Record<string, () => Partial<IndexQuery>> = {
  'two letters': () => ({ text: aFamily().slice(0, 2) }),
  'two letters, all visible': () => ({ text: aFamily().slice(0, 2), scope: all }),
  'four letters': () => ({ text: aFamily().slice(0, 4) }),
  'inside a word': () => ({ text: aFamily().slice(1, 5) }),
  'two words': () => ({ text: `${aGiven()} ${aFamily()}` }),
  'one typo': () => ({ text: swapLetters(aFamily()) }),
  'with particles': () => ({ text: `van den ${aFamily()} ${aGiven()}` }),
  'only van, all visible': () => ({ text: 'van', scope: all }),
  'five digits of a phone': () => ({ text: String(10_000 + below(90_000)) }),
  'list by name': () => ({}),
  'list by name, all visible': () => ({ scope: all }),
  'filtered list, newest first': () => ({
    filters: { stage: 'customer' },
    sort: { by: 'updatedAt', descending: true },
  }),
}

const page = { from: 0, scope: all } as const
const holds = (field: string, ...values: string[]): IndexFilter => ({
  field,
  test: 'contains',
  values,
})

// Each asks something new, so that no answer is at hand from the question before.
const FILTERS: Record<string, () => Partial<IndexQuery>> = {
  'e-mail contains': () => ({ ...page, where: holds('email', aFamily().slice(0, 5)) }),
  'no e-mail that contains, newest first': () => ({
    ...page,
    where: { not: holds('email', aFamily().slice(0, 5)) },
    sort: { by: 'updatedAt', descending: true },
  }),
  'city is, or street contains, and a birthday soon': () => ({
    ...page,
    where: {
      all: [
        {
          any: [
            { field: 'city', test: 'equals', values: [cities[skewed(cities.length)]!] },
            holds('street', aFamily().slice(0, 4)),
          ],
        },
        { field: 'birthday of the year', test: 'range', from: 101 + below(1000), to: 1232 },
      ],
    },
  }),
  'has an open task, no note since': () => ({
    ...page,
    where: {
      all: [
        { field: 'task.isOpen', test: 'there' },
        { not: { field: 'note.createdAt', test: 'range', from: 1_700_000_000_000 + below(1000) } },
      ],
    },
  }),
  'works at a company in a city': () => ({
    ...page,
    where: { field: 'company.city', test: 'equals', values: [cities[skewed(cities.length)]!] },
  }),
  'a note contains a word': () => ({ ...page, where: holds('note.body', aFamily()) }),
  'a note contains a letter': () => ({
    ...page,
    where: holds('note.body', String.fromCharCode(97 + below(26))),
  }),
  'no note contains, and an open task does': () => ({
    ...page,
    where: {
      all: [
        { not: holds('note.body', aFamily().slice(0, 4)) },
        holds('task.body', aFamily().slice(0, 3)),
      ],
    },
  }),
  'no activity since, newest first': () => ({
    ...page,
    where: {
      not: { field: 'activity.lastAt', test: 'range', from: 1_700_000_000_000 + below(100_000) },
    },
    sort: { by: 'updatedAt', descending: true },
  }),
  'has a partner, own team': () => ({
    from: 0,
    where: { field: 'relation.partner', test: 'there' },
    sort: { by: { field: 'city' }, descending: below(2) === 0 },
    text: aFamily().slice(0, 2),
  }),
  'has a partner or works in a department': () => ({
    ...page,
    where: {
      any: [
        { field: 'relation.partner', test: 'there' },
        {
          all: [
            {
              field: 'affiliation.department',
              test: 'equals',
              values: [TAGS[below(TAGS.length)]!],
            },
            { not: holds('email', String(below(1_000_000))) },
          ],
        },
      ],
    },
  }),
  'main contact, and linked to one company': () => ({
    ...page,
    where: {
      all: [
        { field: 'main.id', test: 'there' },
        { field: 'company.count', test: 'range', from: 1, to: 2 },
        { not: holds('email', String(below(1_000_000))) },
      ],
    },
  }),
  'own team, tag and phone contains': () => ({
    from: 0,
    where: {
      all: [
        { field: 'tag', test: 'equals', values: [TAGS[below(TAGS.length)]!] },
        holds('phone', String(below(1000)).padStart(3, '0')),
      ],
    },
  }),
  'any place of the whole list': () => ({ scope: all, from: below(100_000) }),
  'sorted by the name of whom a field refers to': () => ({
    ...page,
    where: { not: holds('email', String(below(1_000_000))) },
    sort: {
      by: { field: 'custom.referrer', recordKind: 'person', became: {} },
      descending: below(2) === 0,
    },
  }),
  'sorted by city, first time': () => ({
    ...page,
    where: { not: holds('email', String(below(1_000_000))) },
    sort: { by: { field: 'city' }, descending: false },
  }),
}

async function measure(ask: () => Promise<unknown>): Promise<Figures> {
  const takenMs: number[] = []
  for (let i = 0; i < QUESTIONS; i++) {
    const startedMs = performance.now()
    await ask()
    takenMs.push(performance.now() - startedMs)
  }
  takenMs.sort((a, b) => a - b)
  const at = (share: number) =>
    Number(takenMs[Math.min(QUESTIONS - 1, Math.floor(QUESTIONS * share))]!.toFixed(2))
  return { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) }
}

async function run(people: number): Promise<Run> {
  const index = await openSearchIndex({
    order: 'nl',
    onLost: () => {
      throw new Error(`the index process ended while ${people} people were measured`)
    },
  })
  try {
    const startedMs = performance.now()
    await index.load(makeBatches(people), people)
    await index.query({ kind: 'person', scope: all, limit: 1 })
    const buildSeconds = Number(((performance.now() - startedMs) / 1000).toFixed(2))
    const { memoryBytes } = await index.state()
    const notesStartedMs = performance.now()
    for (const batch of makeNotes(people)) await index.put(batch)
    const notesSeconds = Number(((performance.now() - notesStartedMs) / 1000).toFixed(2))
    const notesMb = Math.round(((await index.state()).memoryBytes - memoryBytes) / 1048576)
    const kinds: Run['kinds'] = {}
    for (const [name, ask] of Object.entries(KINDS))
      kinds[name] = await measure(() =>
        index.query({ kind: 'person', scope: oneTeam, limit: 20, ...ask() }),
      )
    kinds['change one record'] = await measure(() =>
      index.put([{ ...makePerson(below(people)), rowVersion: 2 }]),
    )
    for (const [name, ask] of Object.entries(FILTERS))
      kinds[name] = await measure(() =>
        index.query({ kind: 'person', scope: oneTeam, limit: 100, ...ask() }),
      )
    kinds['grouped by city'] = await measure(() =>
      index.groups({ kind: 'person', scope: all, by: 'city', sums: [] }),
    )
    const deep: IndexQuery = { kind: 'person', scope: all, limit: 500 }
    for (let page = 0; page < 10; page++) {
      const { nextCursor } = await index.query(deep)
      if (nextCursor !== undefined) deep.cursor = nextCursor
    }
    kinds['page after 5,000 rows'] = await measure(() => index.query({ ...deep, limit: 20 }))
    const memoryMb = Math.round(memoryBytes / 1048576)
    return { people, buildSeconds, memoryMb, notesSeconds, notesMb, kinds }
  } finally {
    await index.close()
  }
}

/** 10,000 and 100,000 people; a million with `large`. */
export async function benchSearch({ large }: { large: boolean }): Promise<Run[]> {
  const runs: Run[] = []
  for (const people of large ? [10_000, 100_000, 1_000_000] : [10_000, 100_000])
    runs.push(await run(people))
  return runs
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runs = await benchSearch({ large: process.argv.includes('--large') })
  if (process.argv.includes('--json')) console.log(JSON.stringify(runs, null, 2))
  else
    for (const { people, buildSeconds, memoryMb, notesSeconds, notesMb, kinds } of runs) {
      console.log(`${people} people: filled in ${buildSeconds} s, ${memoryMb} MB`)
      console.log(`a note for each: in ${notesSeconds} s, ${notesMb} MB more`)
      console.table(kinds)
    }
}
