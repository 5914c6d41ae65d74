/**
 * Whether a dossier, a list and a search stay as quick when there are ten times as many customers.
 * node bench/growth.ts [--large] [--json]
 */
import { parseArgs } from 'node:util'
import { memoryOf } from './load/processes.ts'
import { type Answer, figures, type Load, load } from './load/requests.ts'
import { openSecured, run, stop } from './load/secured.ts'

const { values } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const SIZES = values.large ? [10_000, 100_000, 1_000_000] : [10_000, 100_000]
const MS = 4_000
// How people search: the beginning of a name, a name with a slip, a part, two words.
const shaped: ((name: string) => string)[] = [
  (name) => name.slice(0, 4),
  (name) => name.replace(/(.)(.)(.+)/, '$1$3'),
  (name) => name.slice(1, 6),
  (name) => name,
]

type Run = {
  people: number
  read: Load
  list: Load
  search: Load
  restartMs: number
  indexMb: number
}

async function measure(people: number): Promise<Run> {
  const secured = await openSecured(people)
  const { side } = secured
  try {
    const { items } = await side.json<{ items: { id: string; displayName: string }[] }>({
      method: 'GET',
      path: '/api/people?limit=200&sort=-createdAt',
    })
    let turn = 0
    const timed = async (one: () => Promise<Answer>) => {
      await load(MS / 4, 1, one)
      return figures(await load(MS, 1, one), MS)
    }
    const result = {
      read: await timed(() =>
        side.ask({ method: 'GET', path: `/api/people/${items[turn++ % items.length]!.id}` }),
      ),
      list: await timed(() =>
        side.ask({
          method: 'GET',
          path: `/api/people?limit=50&sort=${turn++ % 2 ? 'name' : '-createdAt'}`,
        }),
      ),
      search: await timed(() => {
        const { displayName } = items[turn++ % items.length]!
        const asked = shaped[turn % shaped.length]!(displayName.split(' ').at(-1)!)
        return side.ask({
          method: 'GET',
          path: `/api/people?limit=50&search=${encodeURIComponent(asked)}`,
        })
      }),
    }
    const indexMb = memoryOf(secured.process.pid!).find(({ name }) =>
      name.includes('index-process'),
    )!.privateMb
    await stop(secured.process)
    const again = await run('start', secured.dataDirectory)
    const restartMs = Math.round(again.readyMs)
    await stop(again.process)
    return { people, ...result, restartMs, indexMb }
  } finally {
    await secured.close()
  }
}

const runs: Run[] = []
for (const people of SIZES) runs.push(await measure(people))
const [small, big] = [runs[0]!, runs[1]!]
const grown = (of: 'read' | 'list' | 'search') =>
  Number((big[of].p50Ms / small[of].p50Ms).toFixed(2))
const ratios = { read: grown('read'), list: grown('list'), search: grown('search') }
if (!values.json)
  for (const one of runs)
    console.log(
      `${one.people} people: read ${one.read.p50Ms} ms (p95 ${one.read.p95Ms}), list ${one.list.p50Ms} ms (p95 ${one.list.p95Ms}), search ${one.search.p50Ms} ms (p95 ${one.search.p95Ms}), index ${one.indexMb} MB, answers again ${one.restartMs} ms after a restart`,
    )
console.log(JSON.stringify({ bench: 'growth', ratios, runs }))
