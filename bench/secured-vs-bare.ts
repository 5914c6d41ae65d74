/**
 * What the security costs: Kluis as delivered against the same dossier on plaintext tables, in turns in one run.
 * node bench/secured-vs-bare.ts [--people N] [--slice MS] [--json]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Asked, figures, type Load, load, Side } from './load/requests.ts'
import { openSecured } from './load/secured.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '10000' },
    slice: { type: 'string', default: '1500' },
    json: { type: 'boolean', default: false },
  },
})
const people = Number(values.people)
const sliceMs = Number(values.slice)
const CONCURRENCY = [1, 8, 32]
const ROUNDS = 4
// Known to each place at the counter, to read and change.
const SAMPLE = 100

type Known = { id: string; rowVersion: number }
type Operation = 'read' | 'list' | 'create' | 'update'
const operations: Operation[] = ['read', 'list', 'create', 'update']

async function openBare(): Promise<{ side: Side; close(): Promise<void> }> {
  const script = fileURLToPath(new URL('load/bare-server.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, String(people)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const [line] = await once(child.stdout, 'data')
  const side = new Side((JSON.parse(String(line)) as { port: number }).port)
  return {
    side,
    async close() {
      side.close()
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}

/** The same work for both sides; each place at the counter updates people of its own, who are a colleague's to change. */
async function worker(sides: Side[]) {
  const places = await Promise.all(sides.map((side, at) => counterOf(side, at, sides.length)))
  return (operation: Operation, place: number) =>
    places[place % places.length]!(operation, Math.floor(place / places.length))
}

async function counterOf(side: Side, at: number, counters: number) {
  const { items } = await side.json<{ items: { id: string }[] }>({
    method: 'GET',
    path: `/api/people?limit=${SAMPLE}`,
  })
  const known = await Promise.all(
    items.map(({ id }) => side.json<Known>({ method: 'GET', path: `/api/people/${id}` })),
  )
  const versions = new Map(known.map(({ id, rowVersion }) => [id, rowVersion]))
  // Whoever changes what another changes meanwhile is refused.
  const own = known.filter(({ id }) => Number.parseInt(id.slice(0, 2), 16) % counters === at)
  let turn = 0
  const asked: Record<Operation, (place: number) => Asked> = {
    read: () => ({ method: 'GET', path: `/api/people/${known[turn++ % known.length]!.id}` }),
    list: () => ({
      method: 'GET',
      path: `/api/people?limit=50&sort=${turn++ % 2 ? 'name' : '-createdAt'}`,
    }),
    create: () => ({ method: 'POST', path: '/api/people', body: newPerson(turn++) }),
    update: (place) => {
      const { id } = own[place]!
      return {
        method: 'PATCH',
        path: `/api/people/${id}`,
        body: { rowVersion: versions.get(id), phones: [{ value: phone(turn++) }] },
      }
    },
  }
  return async (operation: Operation, place: number) => {
    const answer = await side.ask(asked[operation](place))
    if (operation === 'update' && answer.status === 200) {
      const { rowVersion } = JSON.parse(answer.body) as Known
      versions.set(own[place]!.id, rowVersion)
    }
    return answer
  }
}

const phone = (turn: number) => `+32475${String(100_000 + (turn % 900_000))}`
const newPerson = (turn: number) => ({
  givenName: 'Sofie',
  familyName: `Van Damme ${turn}`,
  emails: [{ value: `sofie.${turn}@mail.example` }],
  phones: [{ value: phone(turn) }],
  addresses: [{ street: 'Kerkstraat 1', postalCode: '9000', city: 'Gent', country: 'BE' }],
  language: 'nl',
  tags: ['bench'],
})

const [secured, bare] = await Promise.all([openSecured(people), openBare()])
try {
  const sides = { secured: await worker(secured.colleagues), bare: await worker([bare.side]) }
  const results: Record<
    string,
    Record<Operation, { ratio: number; secured: Load; bare: Load }>
  > = {}
  for (const concurrency of CONCURRENCY) {
    const row = {} as Record<Operation, { ratio: number; secured: Load; bare: Load }>
    for (const operation of operations) {
      const took = { secured: [] as number[], bare: [] as number[] }
      for (const name of ['secured', 'bare'] as const)
        await load(sliceMs / 3, concurrency, (place) => sides[name](operation, place))
      for (let round = 0; round < ROUNDS; round++)
        for (const name of ['secured', 'bare'] as const)
          took[name].push(
            ...(await load(sliceMs, concurrency, (place) => sides[name](operation, place))),
          )
      const ms = sliceMs * ROUNDS
      row[operation] = {
        ratio: Number((took.secured.length / took.bare.length).toFixed(2)),
        secured: figures(took.secured, ms),
        bare: figures(took.bare, ms),
      }
    }
    results[concurrency] = row
  }
  const ratios = Object.fromEntries(operations.map((one) => [one, results[8]![one].ratio]))
  if (!values.json)
    for (const [concurrency, row] of Object.entries(results))
      for (const operation of operations) {
        const { ratio, secured: ours, bare: theirs } = row[operation]
        console.log(
          `${concurrency} at once, ${operation}: ${ratio} (${ours.perSecond}/s, p95 ${ours.p95Ms} ms against ${theirs.perSecond}/s, p95 ${theirs.p95Ms} ms)`,
        )
      }
  console.log(JSON.stringify({ bench: 'secured-vs-bare', people, ratios, byConcurrency: results }))
} finally {
  await Promise.all([secured.close(), bare.close()])
}
