/**
 * How fast the memory index fills and answers, and how much memory it takes; against `pg_trgm` on the same people in
 * plaintext, asked the same in turns.
 * node bench/search.ts [--large] [--only N] [--against] [--questions N] [--json]
 * `--against`: only the comparison, without notes and filters.
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { IndexFilter, IndexQuery } from '#security/search/index-types.ts'
import { openSearchIndex } from '#security/search/search-index.ts'
import { openPlainSearch, type PlainKind, type PlainPerson } from './load/plaintext-search.ts'
import {
  below,
  cities,
  familyNames,
  givenNames,
  makeBatches,
  makeNotes,
  makePerson,
  skewed,
  TAGS,
} from './load/search-people.ts'

type Figures = { p50Ms: number; p95Ms: number; maxMs: number }
type Alone = {
  notesSeconds: number
  notesMb: number
  /** What is left in the process once it let the notes go. */
  withoutNotesMb: number
  kinds: Record<string, Figures>
}
type Run = {
  people: number
  buildSeconds: number
  memoryMb: number
  against: Against
} & Partial<Alone>
type Against = {
  version: string
  fillSeconds: number
  sizeMb: number
  kinds: Record<string, { kluis: Figures; pgTrgm: Figures }>
}

const { values: given } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    only: { type: 'string' },
    against: { type: 'boolean', default: false },
    questions: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
})
const QUESTIONS = Number(given.questions)
// Of more people a filter takes long enough to be measured by fewer questions.
const FILTERED_MAX = 200_000
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

async function measure(ask: () => Promise<unknown>, questions = QUESTIONS): Promise<Figures> {
  const takenMs: number[] = []
  for (let i = 0; i < questions; i++) takenMs.push(await timed(ask))
  return figuresOf(takenMs)
}

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await ask()
  return performance.now() - startedMs
}

function figuresOf(takenMs: number[]): Figures {
  takenMs.sort((a, b) => a - b)
  const last = takenMs.length - 1
  const at = (share: number) =>
    Number(takenMs[Math.min(last, Math.floor(takenMs.length * share))]!.toFixed(2))
  return { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) }
}

type Text = { kind: PlainKind; text: (people: PlainPerson[]) => string }
const TEXTS: Record<string, Text> = {
  'prefix of two letters': { kind: 'prefix', text: () => aFamily().slice(0, 2) },
  'prefix of four letters': { kind: 'prefix', text: () => aFamily().slice(0, 4) },
  'part of a word': { kind: 'substring', text: () => aFamily().slice(1, 5) },
  'one typo': { kind: 'typo', text: () => swapLetters(aFamily()) },
  'a whole name': { kind: 'exact', text: (people) => people[below(people.length)]!.name },
  'a name hardly anybody has': { kind: 'exact', text: () => `${aGiven()} ${aFamily()}` },
}

/** The same text to both, one after the other, for somebody who sees one team in fifty and for one who sees all. */
async function compare(index: Index, plain: PlainPerson[]): Promise<Against> {
  const other = await openPlainSearch(plain)
  const kinds: Against['kinds'] = {}
  try {
    for (const [name, { kind, text }] of Object.entries(TEXTS))
      for (const team of ['team-7', undefined]) {
        const taken = { kluis: [] as number[], pgTrgm: [] as number[] }
        for (let i = 0; i < QUESTIONS; i++) {
          const asked = text(plain)
          const scope = team === undefined ? all : oneTeam
          taken.kluis.push(
            await timed(() => index.query({ kind: 'person', text: asked, scope, limit: 20 })),
          )
          taken.pgTrgm.push(await timed(() => other.ask(kind, asked, team)))
        }
        kinds[`${name}, ${team === undefined ? 'all' : 'one team'}`] = {
          kluis: figuresOf(taken.kluis),
          pgTrgm: figuresOf(taken.pgTrgm),
        }
      }
    const { version, fillSeconds, sizeMb } = other
    return { version, fillSeconds, sizeMb, kinds }
  } finally {
    await other.close()
  }
}

type Index = Awaited<ReturnType<typeof openSearchIndex>>

/** Notes, filters, and what is left once the notes are let go. */
async function runAlone(index: Index, people: number, memoryBytes: number): Promise<Alone> {
  const notesStartedMs = performance.now()
  for (const batch of makeNotes(people)) await index.put(batch)
  const notesSeconds = Number(((performance.now() - notesStartedMs) / 1000).toFixed(2))
  const notesMb = Math.round(((await index.state()).memoryBytes - memoryBytes) / 1048576)
  const kinds: Alone['kinds'] = {}
  for (const [name, ask] of Object.entries(KINDS))
    kinds[name] = await measure(() =>
      index.query({ kind: 'person', scope: oneTeam, limit: 20, ...ask() }),
    )
  kinds['change one record'] = await measure(() =>
    index.put([{ ...makePerson(below(people)), rowVersion: 2 }]),
  )
  const questions = people > FILTERED_MAX ? QUESTIONS / 5 : QUESTIONS
  for (const [name, ask] of Object.entries(FILTERS))
    kinds[name] = await measure(
      () => index.query({ kind: 'person', scope: oneTeam, limit: 100, ...ask() }),
      questions,
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
  await index.contents('off')
  const withoutNotesMb = Math.round((await index.state()).memoryBytes / 1048576)
  return { notesSeconds, notesMb, withoutNotesMb, kinds }
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
    const plain: PlainPerson[] = []
    await index.load(makeBatches(people, plain), people)
    await index.query({ kind: 'person', scope: all, limit: 1 })
    const buildSeconds = Number(((performance.now() - startedMs) / 1000).toFixed(2))
    const { memoryBytes } = await index.state()
    const memoryMb = Math.round(memoryBytes / 1048576)
    const alone = given.against ? {} : await runAlone(index, people, memoryBytes)
    const against = await compare(index, plain)
    return { people, buildSeconds, memoryMb, ...alone, against }
  } finally {
    await index.close()
  }
}

/** 10,000 and 100,000 people; a million with `large`. */
export async function benchSearch(sizes: number[]): Promise<Run[]> {
  const runs: Run[] = []
  for (const people of sizes) runs.push(await run(people))
  return runs
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const usual = given.large ? [10_000, 100_000, 1_000_000] : [10_000, 100_000]
  const runs = await benchSearch(given.only ? [Number(given.only)] : usual)
  if (given.json) console.log(JSON.stringify(runs, null, 2))
  else
    for (const { against, kinds, ...one } of runs) {
      console.log(`${one.people} people: filled in ${one.buildSeconds} s, ${one.memoryMb} MB`)
      if (kinds) {
        console.log(`a note for each: in ${one.notesSeconds} s, ${one.notesMb} MB more`)
        console.log(`with the notes let go again: ${one.withoutNotesMb} MB`)
        console.table(kinds)
      }
      const { version, fillSeconds, sizeMb } = against
      console.log(`pg_trgm in ${version}: filled in ${fillSeconds} s, ${sizeMb} MB`)
      console.table(
        Object.fromEntries(
          Object.entries(against.kinds).map(([name, { kluis, pgTrgm }]) => [
            name,
            {
              'Kluis p50': kluis.p50Ms,
              'Kluis p95': kluis.p95Ms,
              'pg_trgm p50': pgTrgm.p50Ms,
              'pg_trgm p95': pgTrgm.p95Ms,
            },
          ]),
        ),
      )
    }
}
