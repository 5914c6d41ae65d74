/**
 * `npm run sqlmap -- [--only PATTERN] [--out FILE]`: sqlmap, at its highest level and risk and with a session's cookie, against
 * every parameter of every list, search, sort and filter of a demo of its own. The parameters come from the list of
 * addresses; one that this file has no ordinary value for counts as not tested, so that a new one is not forgotten.
 *
 * Before all others it is shown a hole that is there, on the same PostgreSQL: a run that finds nothing proves something
 * only when the tool finds that. Needs sqlmap (Debian: apt-get install sqlmap). Last line: JSON. Exit 1: a parameter is
 * injectable, or the hole was not found; 3: some parameters were not tested to the end.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { openProgram, type Program } from '../tests/support/program.ts'
import { listFederationTargets, openNetworks } from './sqlmap-federation.ts'

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, out: { type: 'string' } },
})
const only = new RegExp(values.only)
const INJECTABLE = 1
const INCOMPLETE = 3
const PARAMETER_MS = 15 * 60_000
// What makes a query slow is told from what is slow by itself on a busy machine.
const DELAY_SECONDS = '10'

/** `isRefused`: the demo has no ordinary value for it, so it is tried from one that is refused as it stands. */
type Target = {
  name: string
  url: string
  body?: string
  parameter?: string
  isRefused?: boolean
  /** Beside what every run is given; a session's cookie is not. */
  more?: string[]
}
type Outcome = 'clean' | 'injectable' | 'incomplete'
type Described = {
  paths: Record<
    string,
    Record<string, { parameters: { name: string; in: string }[]; requestBody?: unknown }>
  >
}

const program = await openProgram()
const work = mkdtempSync(join(tmpdir(), 'kluis-sqlmap-'))
let exitCode = 0
try {
  // See sqlmap-federation.ts.
  process.env.KLUIS_TRUST_PROXY = 'loopback'
  await program.start('demo', 'the demo is filled', ['--people', '300'])
  const cookie = await program.signIn('administrator')
  const { targets, unknown } = await listTargets(program, cookie)
  const networks = await openNetworks(program)
  if (only.test('single sign-on'))
    targets.push(...(await listFederationTargets(program, cookie, networks.base)))
  const hole = await openHole(program)
  const found = await run({ name: 'the planted hole', url: hole.url, parameter: 'id' }, '')
  hole.close()
  if (found !== 'injectable') throw new Error(`the planted hole was ${found}: nothing is proven`)
  const outcomes: Record<Outcome, string[]> = {
    ...{ clean: [], injectable: [] },
    // A parameter that is new: say its ordinary value below.
    incomplete: unknown.filter((name) => only.test(name)),
  }
  for (const target of targets.filter(({ name, more }) =>
    only.test(more ? `single sign-on ${name}` : name),
  )) {
    const began = Date.now()
    // One that is refused as it stands, or a session that ended, would make every answer the same and so look clean.
    const ordinary = await statusOf(target, cookie)
    if (ordinary >= 400 && !target.isRefused) {
      outcomes.incomplete.push(target.name)
      process.stdout.write(`incomplete        ${target.name}: as it stands answered ${ordinary}\n`)
      continue
    }
    const outcome = await run(target, cookie)
    outcomes[outcome].push(target.name)
    process.stdout.write(
      `${outcome.padEnd(10)} ${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${target.name}\n`,
    )
    if (values.out) writeFileSync(values.out, JSON.stringify(outcomes, null, 1))
  }
  networks.close()
  if (outcomes.incomplete.length > 0) exitCode = INCOMPLETE
  if (outcomes.injectable.length > 0) exitCode = INJECTABLE
  const { clean, injectable, incomplete } = outcomes
  process.stdout.write(
    `${JSON.stringify({ plantedHoleFound: true, clean: clean.length, injectable, incomplete })}\n`,
  )
} finally {
  await program.kill()
  rmSync(program.root, { recursive: true, force: true })
  rmSync(work, { recursive: true, force: true })
}
process.exit(exitCode)

function typeOf(body: string): string {
  return body.startsWith('{') ? 'application/json' : 'text/csv'
}

async function statusOf({ url, body, more = [] }: Target, cookie: string): Promise<number> {
  const given = more.filter((_, at) => more[at - 1] === '-H').map((line) => line.split(': ', 2))
  const response = await fetch(url, {
    redirect: 'manual',
    headers: {
      cookie,
      ...Object.fromEntries(given),
      ...(body && !more.length ? { 'content-type': typeOf(body) } : {}),
    },
    ...(body ? { method: 'POST', body: body.replace('*', '') } : {}),
  })
  await response.arrayBuffer()
  return response.status
}

/** One run for one parameter: what sqlmap says of the others then says nothing of this one. */
function run(target: Target, cookie: string): Promise<Outcome> {
  const args = [
    ...[
      '-u',
      target.url,
      ...(cookie && !target.more ? ['--cookie', cookie] : []),
      '--level',
      '5',
      '--risk',
      '3',
    ],
    ...[
      '--dbms',
      'PostgreSQL',
      '--time-sec',
      DELAY_SECONDS,
      '--ignore-code',
      '400,403,404,409,422',
    ],
    ...['--batch', '--flush-session', '--disable-coloring', '--skip-waf', '--output-dir', work],
    ...(target.parameter ? ['-p', target.parameter] : []),
    ...(target.body ? ['--data', target.body] : []),
    ...(target.body && !target.more ? ['-H', `content-type: ${typeOf(target.body)}`] : []),
    ...(target.more ?? []),
  ]
  return new Promise((resolve, reject) => {
    const child = spawn('sqlmap', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const limit = setTimeout(() => child.kill(), PARAMETER_MS)
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (values.out) appendFileSync(`${values.out}.log`, chunk)
    })
    child.on('error', () => reject(new Error('sqlmap is not here: apt-get install sqlmap')))
    child.on('exit', () => {
      clearTimeout(limit)
      if (/^Parameter: /m.test(said)) resolve('injectable')
      else if (said.includes('all tested parameters do not appear to be injectable'))
        resolve('clean')
      else resolve('incomplete')
    })
  })
}

/** Every query parameter of every address that has any, and every text of the questions that lists are asked. */
async function listTargets(
  of: Program,
  cookie: string,
): Promise<{ targets: Target[]; unknown: string[] }> {
  const base = of.base
  const get = async (path: string) => (await of.call('GET', path, cookie)).body
  const person = (await get('/api/people?limit=1')) as { items: { id: string }[] }
  const company = (await get('/api/companies?limit=1')) as { items: { id: string }[] }
  const { user } = (await get('/api/session')) as { user: { id: string; teamIds: string[] } }
  const [personId, companyId] = [person.items[0]!.id, company.items[0]!.id]
  const value: Record<string, string> = {
    ...{ search: 'an', sort: 'name', limit: '5', stage: 'lead', owner: user.id, tag: 'klant' },
    ...{ team: user.teamIds[0]!, city: 'Gent', language: 'nl', deleted: 'false', mine: 'true' },
    ...{ done: 'false', dueUntil: '2030-01-01', list: 'people', country: 'BE', text: 'Gent' },
    ...{ kind: 'note', by: user.id, of: personId },
    ...{ personId, companyId, export: crypto.randomUUID() },
    // Of an import, whose body is a file.
    ...{ dryRun: 'true', mapping: 'Naam=familyName', duplicates: 'skip', key: 'auto' },
    ...{ nationalNumbers: 'leave-out', fileName: 'k.csv', sheet: 'A', preset: 'none' },
    ...{ wait: 'true', remembered: 'use' },
  }
  const described = (await get('/api/openapi.json')) as Described
  const targets: Target[] = []
  const unknown: string[] = []
  for (const [path, methods] of Object.entries(described.paths)) {
    const address = path.replace('{id}', path.includes('/companies/') ? companyId : personId)
    for (const [method, { parameters }] of Object.entries(methods))
      for (const { name } of parameters.filter((one) => one.in === 'query')) {
        // A cursor is of its own list; where the demo has one page only, that of another stands for it.
        let isRefused = false
        if (name === 'cursor') {
          const { nextCursor } = (await get(`${address}?limit=1`)) as { nextCursor: string | null }
          isRefused = !nextCursor
          value.cursor = nextCursor ?? value.cursor ?? 'x'
        }
        if (value[name] === undefined) {
          unknown.push(`${method.toUpperCase()} ${path} ?${name}`)
          continue
        }
        // Some ask two things together and answer neither alone; and a thousand imports shall bring nobody in.
        const beside: Record<string, string> = path.startsWith('/api/imports')
          ? { dryRun: 'true' }
          : {}
        if (path === '/api/places') Object.assign(beside, { country: 'BE', text: 'Gent' })
        const query = new URLSearchParams({ ...beside, [name]: value[name] })
        targets.push({
          name: `${method.toUpperCase()} ${path} ?${name}`,
          url: `${base}${address}?${query}`,
          parameter: name,
          isRefused,
          ...(method === 'post' ? { body: 'Naam\nPeeters' } : {}),
        })
      }
  }
  for (const list of ['people', 'companies']) {
    const field = list === 'people' ? 'familyName' : 'name'
    for (const [path, question] of [
      [
        'list',
        {
          search: 'an*',
          sort: `${field}*`,
          filter: { all: [{ field: `${field}*`, operator: 'contains*', values: ['a*'] }] },
        },
      ],
      ['groups', { by: 'stage*', part: 'year*', search: 'an*' }],
      ['duplicates', { name: 'An*', reference: 'K-1*', exceptId: `${personId}*` }],
    ] as const) {
      const whole = JSON.stringify(question)
      // One mark of an injection a run: the others of the same question stay as ordinary values.
      const places = [...whole.matchAll(/\*/g)].map(({ index }) => index)
      for (const at of places)
        targets.push({
          name: `POST /api/${list}/${path} ${whole.slice(0, at).match(/"[^"]*$/)![0]}*`,
          url: `${base}/api/${list}/${path}`,
          body: [...whole].filter((letter, i) => letter !== '*' || i === at).join(''),
        })
    }
  }
  return { targets, unknown }
}

/** What nobody should write: a value put into the text of a query. */
async function openHole(of: Program): Promise<{ url: string; close: () => void }> {
  const database = new pg.Client({ ...of.postgres, user: 'kluis_app', database: 'kluis' })
  await database.connect()
  const server = createServer((request, response) => {
    const id = new URL(request.url!, 'http://localhost').searchParams.get('id')
    database
      .query(
        `select name from (values ('a', 'An'), ('b', 'Bea')) as r (id, name) where id = '${id}'`,
      )
      .then(
        ({ rows }) => response.end(JSON.stringify(rows)),
        () => response.writeHead(400).end('{}'),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/?id=a`,
    close: () => {
      server.close()
      server.closeAllConnections()
      void database.end()
    },
  }
}
