/**
 * `npm run drill -- import-killed`: an import of 100,000 rows, the whole program killed with SIGKILL in the middle of it
 * three times, and resumed each time. The counts must be those of an import that nobody disturbed, with no record twice.
 * Some of its people are there before and get what the file says of them; when the import is taken back, everybody must
 * be as before, byte for byte, and nothing of the file left.
 */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { chanceOf, openProgram } from '../support/program.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    rows: { type: 'string', default: '100000' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
  },
})
const ROWS = Number(values.rows)
const KILLS = Number(values.rounds)
const LOOK_MS = 100
const SAMPLES = 40
// Of those in the file, so many are there before.
const KNOWN = Math.min(1_000, ROWS / 10)

type Run = {
  id: string
  state: string
  read: number
  created: number
  updated: number
  skipped: number
  refused: number
  people: number
  companies: number
}

/** Each tenth row repeats one before it; every company has four people and is spelled in two ways. */
function makeFile(): { csv: string; people: number; companies: number; repeated: number } {
  const lines = ['Voornaam;Naam;E-mail;Bedrijf;Opmerkingen']
  const people = new Set<number>()
  const companies = new Set<number>()
  for (let i = 0; i < ROWS; i++) {
    const of = i % 10 === 9 ? i - 7 : i
    people.add(of)
    companies.add(Math.floor(of / 4))
    lines.push(
      `Kilian;Proef${of};p${of}@drill.example;Bedrijf ${Math.floor(of / 4)}${i % 2 ? ' BV' : ''};nummer ${of}`,
    )
  }
  return {
    csv: lines.join('\n'),
    people: people.size,
    companies: companies.size,
    repeated: ROWS - people.size,
  }
}

const drill = await openProgram()
const file = makeFile()
const startedAt = performance.now()
const problems: string[] = []
let kills = 0
let importSeconds = 0
let revertSeconds = 0
try {
  await drill.start('demo', 'sign in as one of', ['--people', '20'])
  const cookie = await drill.signIn('administrator')
  const listed = async (path: string) =>
    (await drill.call('GET', path, cookie)).body as {
      total: number
      items: { id: string; displayName: string }[]
    }
  const known = Array.from(
    { length: KNOWN },
    (_, i) => `Kilian;Proef${i * 10};p${i * 10}@drill.example;0471${String(i).padStart(6, '0')}`,
  )
  await drill.call(
    'POST',
    '/api/imports',
    cookie,
    ['Voornaam;Naam;E-mail;GSM', ...known].join('\n'),
  )
  const valuesOf = async () =>
    (await drill.exported('people', 'administrator')).replace(/,"updatedAt":"[^"]*"/g, '')
  const valuesBefore = await valuesOf()
  const before = {
    people: (await listed('/api/people')).total,
    companies: (await listed('/api/companies')).total,
  }
  const begun = await drill.call(
    'POST',
    '/api/imports?wait=false&fileName=drill.csv&duplicates=update',
    cookie,
    file.csv,
  )
  if (begun.status !== 201) throw new Error(JSON.stringify(begun.body))
  const id = String(begun.body.importId)
  const runOf = async () => (await drill.call('GET', `/api/imports/${id}`, cookie)).body as Run

  for (let round = 1; round <= KILLS; round++) {
    // Somewhere in the part of the file that this round is for.
    const at = ((round - 1 + 0.2 + 0.6 * chanceOf(values.seed, round)) / KILLS) * ROWS
    let run = await runOf()
    while (run.state === 'running' && run.read < at) {
      await sleep(LOOK_MS)
      run = await runOf()
    }
    if (run.state !== 'running') break
    await drill.kill()
    kills++
    await drill.start('start', 'is ready after')
    const stopped = await runOf()
    if (stopped.state !== 'interrupted')
      problems.push(`after kill ${round} it says ${stopped.state}`)
    console.log(`round ${round}: killed at ${run.read} rows, ${stopped.read} are stored`)
    await drill.call('POST', `/api/imports/${id}/resume`, cookie, {})
  }
  let done = await runOf()
  while (done.state === 'running') {
    await sleep(LOOK_MS)
    done = await runOf()
  }
  // Lists are answered from the index, which is filled anew after a start.
  while (!((await drill.call('GET', '/api/health', '')).body.index as { isReady: boolean }).isReady)
    await sleep(LOOK_MS)
  const expected: Record<string, unknown> = {
    state: 'done',
    read: ROWS,
    created: file.people - KNOWN,
    updated: KNOWN + file.repeated,
    skipped: 0,
    refused: 0,
    people: file.people - KNOWN,
    companies: file.companies,
  }
  for (const [name, value] of Object.entries(expected))
    if (done[name as keyof Run] !== value)
      problems.push(`${name} is ${done[name as keyof Run]}, not ${value}`)
  for (const kind of ['people', 'companies'] as const) {
    const { total } = await listed(`/api/${kind}`)
    const made = total - before[kind]
    const wanted = file[kind] - (kind === 'people' ? KNOWN : 0)
    if (made !== wanted) problems.push(`${kind}: the list has ${made}, not ${wanted}`)
  }
  // Whoever was in the batch that a kill cut off is there once, with one company and one note.
  for (let one = 0; one < SAMPLES; one++) {
    const of = Math.floor(chanceOf(values.seed, 100 + one) * (ROWS / 10)) * 10
    const found = (await listed(`/api/people?search=${encodeURIComponent(`p${of}@drill.example`)}`))
      .items
    const same = found.filter(({ displayName }) => displayName === `Kilian Proef${of}`)
    const parts = await Promise.all(
      ['affiliations', 'notes'].map((part) => listed(`/api/people/${same[0]?.id}/${part}`)),
    )
    const counts = [same.length, ...parts.map(({ items }) => items?.length)]
    if (counts.some((count) => count !== 1))
      problems.push(`Proef${of}: people, companies, notes are ${counts.join(', ')}, not 1, 1, 1`)
  }
  importSeconds = Math.round((performance.now() - startedAt) / 1000)
  const revertedAt = performance.now()
  const { body: reverted } = await drill.call('POST', `/api/imports/${id}/revert`, cookie, {})
  revertSeconds = Math.round((performance.now() - revertedAt) / 1000)
  const gone = {
    removed: file.people - KNOWN,
    removedCompanies: file.companies,
    restored: KNOWN,
    keptBecauseChanged: 0,
    keptBecauseMerged: 0,
  }
  for (const [name, value] of Object.entries(gone))
    if (reverted[name] !== value)
      problems.push(`reverted: ${name} is ${reverted[name]}, not ${value}`)
  for (const kind of ['people', 'companies'] as const) {
    const { total } = await listed(`/api/${kind}`)
    if (total !== before[kind])
      problems.push(`${kind}: ${total} after the revert, not ${before[kind]}`)
  }
  if ((await valuesOf()) !== valuesBefore)
    problems.push('after the revert the people are not, byte for byte, what they were before')
  if (kills < KILLS) problems.push(`it was done after ${kills} kills; ask for more --rows`)
} finally {
  await drill.kill()
  rmSync(drill.root, { recursive: true, force: true })
}
for (const line of problems) console.log(`WRONG ${line}`)
console.log(
  JSON.stringify({
    rows: ROWS,
    kills,
    seed: values.seed,
    people: file.people,
    companies: file.companies,
    knownBefore: KNOWN,
    problems: problems.length,
    importSeconds,
    revertSeconds,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  }),
)
process.exit(problems.length === 0 ? 0 : 1)
