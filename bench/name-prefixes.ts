/**
 * Names found by their beginning in the database, on a host without an index in memory: how long it takes to write them, how
 * much room they take, and how fast a page of fifty is found and opened over HTTP, by who sees all and by who sees one of two teams.
 * node bench/name-prefixes.ts [--people 100000] [--json]
 */
import { parseArgs } from 'node:util'
import pg from 'pg'
import { runDirectoryOf } from '#platform/run-directory.ts'
import { figures } from './load/requests.ts'
import { openSecured } from './load/secured.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
})
const QUESTIONS = 200
const LOOK_MS = 250

// For the program that is started below, as its operator would.
process.env.KLUIS_NAME_INDEX = 'off'
const secured = await openSecured(Number(values.people))
try {
  const admin = new pg.Client({
    host: runDirectoryOf(secured.dataDirectory),
    ...{ port: 5432, user: 'kluis_admin', database: 'kluis' },
  })
  await admin.connect()
  const began = performance.now()
  await admin.query(
    'update kluis.search_setting set name_prefixes = true, row_version = row_version + 1',
  )
  type State = { names: { isWriting: boolean; found: number; records: number } }
  for (let isThere = false; !isThere; ) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    const { names } = await secured.side.json<State>({ method: 'GET', path: '/api/search' })
    isThere = !names.isWriting && names.found === names.records
  }
  const seconds = (performance.now() - began) / 1_000
  const [size] = (
    await admin.query(`select pg_total_relation_size('kluis.name_prefix') / 1e6 as mb,
      (select count(*) from kluis.name_prefix) as tokens, (select count(*) from kluis.person) as people`)
  ).rows
  await admin.end()

  const [all, oneTeam] = secured.colleagues as [(typeof secured)['side'], (typeof secured)['side']]
  const names: { givenName: string; familyName: string }[] = []
  for (let cursor = ''; names.length < QUESTIONS; ) {
    const page = await all.json<{ items: typeof names; nextCursor: string }>({
      method: 'GET',
      path: `/api/people?limit=200&cursor=${cursor}`,
    })
    // "Van" and "de" alone are the beginning of nobody.
    const isWord = /^\p{L}{3,}$/u
    names.push(
      ...page.items.filter((one) => isWord.test(one.givenName) && isWord.test(one.familyName)),
    )
    cursor = page.nextCursor
  }
  const kinds: Record<string, (name: (typeof names)[number]) => string> = {
    'three letters of a last name': ({ familyName }) => familyName.slice(0, 3),
    'five letters of a last name': ({ familyName }) => familyName.slice(0, 5),
    'a whole last name': ({ familyName }) => familyName,
    'first and last name': ({ givenName, familyName }) => `${givenName} ${familyName}`,
    'three letters of each': ({ givenName, familyName }) =>
      `${givenName.slice(0, 3)} ${familyName.slice(0, 3)}`,
    'only van': () => 'van',
  }
  const found: Record<string, Record<string, ReturnType<typeof figures>>> = {}
  for (const [what, textOf] of Object.entries(kinds)) {
    const took: Record<string, number[]> = { all: [], 'one of two teams': [] }
    for (const name of names.slice(0, QUESTIONS))
      for (const [who, side] of [
        ['all', all],
        ['one of two teams', oneTeam],
      ] as const) {
        const search = encodeURIComponent(textOf(name))
        const from = performance.now()
        const page = await side.json<{ isByPrefix: boolean; items: unknown[] }>({
          method: 'GET',
          path: `/api/people?limit=50&search=${search}`,
        })
        took[who]!.push(performance.now() - from)
        if (!page.isByPrefix) throw new Error('it was not found by a prefix')
        if (who === 'all' && page.items.length === 0) throw new Error('nobody was found')
      }
    found[what] = Object.fromEntries(
      Object.entries(took).map(([who, ms]) => [who, figures(ms, 1_000)]),
    )
  }
  const result = {
    people: Number(size.people),
    writtenInSeconds: Number(seconds.toFixed(1)),
    tokens: Number(size.tokens),
    megabytes: Math.round(Number(size.mb)),
    found,
  }
  if (values.json) console.log(JSON.stringify(result))
  else {
    const { found: kindsFound, ...sizes } = result
    console.log(sizes)
    for (const [what, byWho] of Object.entries(kindsFound))
      for (const [who, { p50Ms, p95Ms }] of Object.entries(byWho))
        console.log(`${what}, ${who}: ${p50Ms} / ${p95Ms} ms`)
  }
} finally {
  await secured.close()
}
