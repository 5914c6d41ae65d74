/**
 * What fifty people who sign in at once cost the others: reads of a dossier while nobody signs in and while fifty do, in
 * turns in one run. Each sign-in is one password that is hashed; the memory is that of the program alone.
 * node bench/sign-in.ts [--people N] [--slice MS] [--json]
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { figures, load, Side } from './load/requests.ts'
import { openSecured } from './load/secured.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '2000' },
    slice: { type: 'string', default: '3000' },
    json: { type: 'boolean', default: false },
  },
})
const sliceMs = Number(values.slice)
const AT_ONCE = 50
const READERS = 4
const ROUNDS = 3

// Each from a network of its own, as a proxy before it would say: the rate limit would else answer in the place of the hash.
process.env.KLUIS_TRUST_PROXY = 'loopback'
const secured = await openSecured(Number(values.people))
const places = Array.from(
  { length: AT_ONCE },
  (_, at) => new Side(secured.port, { 'x-forwarded-for': `198.18.${at}.1` }),
)
try {
  const { items } = await secured.side.json<{ items: { id: string }[] }>({
    method: 'GET',
    // No more than one opens in an hour without being asked who one is.
    path: '/api/people?limit=100',
  })
  let turn = 0
  const read = () =>
    secured.side.ask({ method: 'GET', path: `/api/people/${items[turn++ % items.length]!.id}` })
  await load(sliceMs / 2, READERS, read)

  const quiet: number[] = []
  const busy: number[] = []
  const told: Record<number, number> = {}
  let memoryMb = 0
  for (let round = 0; round < ROUNDS; round++) {
    quiet.push(...(await load(sliceMs, READERS, read)))
    let isOver = false
    const signingIn = places.map(async (place, at) => {
      for (let i = 0; !isOver; i++) {
        const email = `nobody-${round}-${at}-${i}@bureau.example`
        const body = { email, password: 'paard batterij nietje correct' }
        const { status } = await place.ask({ method: 'POST', path: '/api/sign-in', body })
        told[status] = (told[status] ?? 0) + 1
      }
    })
    busy.push(...(await load(sliceMs, READERS, read)))
    memoryMb = Math.max(memoryMb, residentMb(secured.process.pid!))
    isOver = true
    await Promise.all(signingIn)
  }
  const [alone, beside] = [figures(quiet, sliceMs * ROUNDS), figures(busy, sliceMs * ROUNDS)]
  const ratio = {
    p50: Number((beside.p50Ms / alone.p50Ms).toFixed(2)),
    p95: Number((beside.p95Ms / alone.p95Ms).toFixed(2)),
  }
  if (values.json) console.log(JSON.stringify({ alone, beside, ratio, told, memoryMb }))
  else {
    console.log('reads of a dossier          a second   p50 ms   p95 ms')
    for (const [name, one] of [
      ['nobody signs in', alone],
      [`${AT_ONCE} sign in at once`, beside],
    ] as const)
      console.log(
        `${name.padEnd(26)} ${String(one.perSecond).padStart(9)} ${String(one.p50Ms).padStart(8)} ${String(one.p95Ms).padStart(8)}`,
      )
    console.log(`ratio: p50 ${ratio.p50}, p95 ${ratio.p95}; aim 2 at most`)
    console.log(`sign-ins answered: ${JSON.stringify(told)}; memory at most ${memoryMb} MB`)
  }
} finally {
  for (const place of places) place.close()
  await secured.close()
}

function residentMb(pid: number): number {
  const found = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(found?.[1] ?? 0) / 1024)
}
