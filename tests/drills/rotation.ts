/**
 * `npm run drill -- rotation`: every kind of key is replaced under writes, and the whole program killed with SIGKILL at
 * random moments of it. After each start everybody who was there, and everybody whose creation was answered with 201, must
 * be there with their values; once a rotation ends, every sealed row of every table must open, under no key of before.
 * At the end reads are timed with and without a rotation beside them, in turns; `--rounds 0` does only that; run by itself, `--rate` says how fast.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { askOperator, operatorSocketPath } from '#platform/operator-socket.ts'
import { runDirectoryOf } from '#platform/run-directory.ts'
import { ofSubjects } from '#security/vault/key-work.ts'
import { openKeystore } from '#security/vault/keystore.ts'
import {
  ROWS_PER_SECOND as DEFAULT_ROWS_PER_SECOND,
  type Keys,
  type What,
} from '#security/vault/rotation/contract.ts'
import { rowOpener } from '#security/vault/vault.ts'
import { sealedTables } from '../../src/sealed-tables.ts'
import { chanceOf, openProgram } from '../support/program.ts'
import { subjectText } from '../support/subjects.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    people: { type: 'string', default: '400' },
    rate: { type: 'string', default: String(DEFAULT_ROWS_PER_SECOND) },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
  },
})
const KILLS = Number(values.rounds)
// Which share of the kills, and within how many milliseconds of its begin: some are over in a blink.
const KINDS: [What, number, number][] = [
  ['records', 0.28, 6_000],
  ['search', 0.2, 3_000],
  ['algorithm', 0.16, 3_000],
  ['segments', 0.16, 1_500],
  ['organisation', 0.1, 60],
  ['root', 0.1, 60],
]
const ROWS_PER_SECOND = 1_000
const LOOK_MS = 200
const READ_MS = 5_000
const READ_WINDOWS = 3
const READERS = 4

const drill = await openProgram()
const startedAt = performance.now()
const problems: string[] = []
const made = new Set<string>()
const kills: Record<string, number> = {}
let rows = 0
let isWriting = true
const reads: Record<'alone' | 'beside', number[]> = { alone: [], beside: [] }

const ask = (verb: string, args: Record<string, unknown> = {}) =>
  askOperator(
    operatorSocketPath(runDirectoryOf(drill.data)),
    verb,
    args,
    () => {},
    () => {},
  )
async function keysNow(): Promise<Keys> {
  const asked = await ask('vault status')
  if (asked.kind !== 'answer') throw new Error(`the server does not answer: ${asked.kind}`)
  return asked.answer.result as Keys
}
const begin = (what: What, rate = ROWS_PER_SECOND) => {
  // Its answer comes when all is done, or never.
  ask('vault rotate', { what, rate }).catch(() => {})
}
async function untilDone(): Promise<Keys> {
  for (;;) {
    const keys = await keysNow()
    if (!keys.running) return keys
    await sleep(LOOK_MS)
  }
}

/** Creates people until the server is gone; whoever was answered 201 is written down. */
async function write(cookie: string): Promise<void> {
  while (isWriting) {
    const familyName = `Proef ${randomUUID()}`
    try {
      const answer = await drill.call('POST', '/api/people', cookie, {
        familyName,
        emails: [{ value: `${randomUUID()}@drill.example` }],
      })
      if (answer.status === 201) made.add(familyName)
      // Sealed under a key that was replaced meanwhile: whoever does it again gets through.
      else if (answer.status !== 409) throw new Error(JSON.stringify(answer.body))
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error
    }
    await sleep(60)
  }
}

type Exported = { familyName?: string; updatedAt?: string }
async function peopleNow(): Promise<Map<string, string>> {
  const text = await drill.exported('people', 'administrator')
  const all = JSON.parse(text) as Exported[] | { people: Exported[] }
  const list = Array.isArray(all) ? all : (Object.values(all).find(Array.isArray) as Exported[])
  return new Map(
    list.map((one) => [`${one.familyName} ${(one as { id?: string }).id}`, JSON.stringify(one)]),
  )
}
async function compare(before: Map<string, string>, when: string): Promise<void> {
  // Whoever is made while this looks is looked for the next time.
  const promised = [...made]
  const now = await peopleNow()
  const lost = [...before].filter(([key, value]) => now.get(key) !== value)
  if (lost.length > 0) problems.push(`${when}: ${lost.length} people are lost or other than before`)
  const names = new Set([...now.keys()].map((key) => key.slice(0, key.lastIndexOf(' '))))
  const missing = promised.filter((name) => !names.has(name))
  if (missing.length > 0)
    problems.push(`${when}: ${missing.length} people are lost whose creation was answered`)
}

/** Every sealed row of customers, opened here with the keystore as it lies there, while nothing is being replaced. */
async function openAll(when: string): Promise<void> {
  const copy = join(drill.root, 'keys')
  rmSync(copy, { recursive: true, force: true })
  cpSync(join(drill.data, 'keystore'), copy, { recursive: true })
  const rootKey = readFileSync(join(drill.data, 'root.key'))
  const keystore = openKeystore({ directory: copy, rootKey, mayCreate: false })
  const openRow = rowOpener(keystore)
  const admin = new pg.Client({ ...drill.postgres, user: 'kluis_admin', database: 'kluis' })
  await admin.connect()
  rows = 0
  let closed = 0
  for (const table of ofSubjects(sealedTables))
    for (const [name, { column, counterColumn }] of Object.entries(table.classes)) {
      const { rows: found } = await admin.query(
        `select id, ${subjectText(table)} as subject_id, ${column} as sealed, ${counterColumn} as counter
         from kluis.${table.table} where ${column} is not null`,
      )
      for (const row of found) {
        rows++
        if (openRow({ table: table.table, sealedClass: name as never }, row).kind === 'closed')
          closed++
      }
    }
  await admin.end()
  if (closed > 0) problems.push(`${when}: ${closed} of ${rows} sealed rows do not open`)
}

async function readFor(cookie: string, ids: string[], into: number[]): Promise<void> {
  const until = performance.now() + READ_MS
  await Promise.all(
    Array.from({ length: READERS }, async (_, reader) => {
      for (let i = reader; performance.now() < until; i++) {
        const from = performance.now()
        const answer = await drill.call('GET', `/api/people/${ids[i % ids.length]}`, cookie)
        if (answer.status !== 200) problems.push(`a read was answered ${answer.status}`)
        into.push(performance.now() - from)
      }
    }),
  )
}
const quantile = (all: number[], share: number) =>
  Number((all.toSorted((a, b) => a - b)[Math.floor(all.length * share)] ?? 0).toFixed(1))

try {
  await drill.start('demo', 'sign in as one of', ['--people', values.people])
  const cookie = await drill.signIn('administrator')
  const before = await peopleNow()
  const writers = [write(cookie), write(cookie)]
  let round = 0
  for (const [what, share, withinMs] of KINDS) {
    const count = KILLS === 0 ? 0 : Math.max(1, Math.round(KILLS * share))
    if (count === 0) continue
    for (let one = 0; one < count; one++) {
      round++
      if (!(await keysNow()).running) begin(what)
      await sleep(chanceOf(values.seed, round) * withinMs)
      await drill.kill()
      await drill.start('start', 'is ready after')
      kills[what] = (kills[what] ?? 0) + 1
      const { running } = await keysNow()
      await compare(before, `${what}, kill ${round}`)
      console.log(`kill ${round}: ${what}, ${running ? `goes on in ${running.phase}` : 'over'}`)
    }
    if (!(await keysNow()).running) begin(what)
    await sleep(LOOK_MS)
    const { last } = await untilDone()
    const done = last.find((row) => row.what === what)
    if (!done) problems.push(`${what} did not end`)
    else if (done.unopened > 0) problems.push(`${what}: ${done.unopened} rows did not open`)
    await openAll(what)
    console.log(`${what}: ended, ${rows} sealed rows open`)
  }
  isWriting = false
  await Promise.all(writers)
  await compare(before, 'at the end')
  const ids = [...before.keys()].slice(0, 50).map((key) => key.slice(key.lastIndexOf(' ') + 1))
  for (let window = 0; window < READ_WINDOWS; window++) {
    await readFor(cookie, ids, reads.alone)
    let isReading = true
    const rotating = (async () => {
      while (isReading) {
        begin('records', Number(values.rate))
        await sleep(LOOK_MS)
        await untilDone()
      }
    })()
    await readFor(cookie, ids, reads.beside)
    isReading = false
    const { running } = await keysNow()
    if (running)
      await drill.call('PATCH', `/api/keys/rotations/${running.id}`, cookie, {
        rowsPerSecond: 100_000,
      })
    await rotating
  }
  const verified = await ask('ledger verify')
  if (verified.kind !== 'answer' || verified.answer.exitCode !== 0)
    problems.push('the ledger does not verify')
} finally {
  isWriting = false
  await drill.kill()
  rmSync(drill.root, { recursive: true, force: true })
}
for (const line of problems) console.log(`WRONG ${line}`)
console.log(
  JSON.stringify({
    seed: values.seed,
    kills,
    killsInAll: Object.values(kills).reduce((sum, one) => sum + one, 0),
    peopleMade: made.size,
    sealedRows: rows,
    reads: {
      alone: reads.alone.length,
      beside: reads.beside.length,
      p50Ms: [quantile(reads.alone, 0.5), quantile(reads.beside, 0.5)],
      p95Ms: [quantile(reads.alone, 0.95), quantile(reads.beside, 0.95)],
      p95Rise: Number((quantile(reads.beside, 0.95) / quantile(reads.alone, 0.95) - 1).toFixed(2)),
    },
    problems: problems.length,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  }),
)
process.exit(problems.length === 0 ? 0 : 1)
