/**
 * The worst case: a colleague's session and their second factor in the wrong hands. It walks everything as fast as it can, fifty
 * requests at once, and proves who it is whenever that is asked; each way with an account of its own, then all ways with one, then
 * all with a program's key. Counts how many customers it learned of before it was stopped, against the hard limit of the role.
 *
 * `npm run drill -- scraper`. Exit 1 when one got more. Last line: JSON.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { inflateRawSync, constants as zlib } from 'node:zlib'
import { Secret, TOTP } from 'otpauth'
import { type Answer, type Asked, Side } from '../../bench/load/requests.ts'
import { run, stop } from '../../bench/load/secured.ts'
import { SoftwareAuthenticator } from '../support/software-authenticator.ts'

const { values } = parseArgs({
  options: { people: { type: 'string', default: '6000' }, seed: { type: 'string' } },
})
const AT_ONCE = 50
// So many refusals after each other, and a scraper knows it is over.
const PATIENCE = 200
const STEP_UPS_MAX = 60
const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const data = mkdtempSync(join(tmpdir(), 'kluis-scraper-'))

type User = { email: string; password: string; totpSecret: string; role: string }
type Way = (scraper: Scraper) => AsyncGenerator<Asked> | Generator<Asked>
const kinds = ['listed', 'opened', 'revealed', 'exported'] as const
type Kind = (typeof kinds)[number]
type Refused = { code: string; detail?: { operation: string; request?: string } }

/**
 * Which customers' data stand in the answers, by how far each went: named at all, read in their dossier, shown in confidence,
 * taken out. A question that was answered with a number alone counts as one customer of whom it may have told.
 */
class Scraper {
  readonly got: Record<Kind, Set<string>> = {
    listed: new Set(),
    opened: new Set(),
    revealed: new Set(),
    exported: new Set(),
  }
  readonly codes = new Map<string, number>()
  readonly side: Side
  readonly #device: SoftwareAuthenticator | undefined
  #refused = 0
  #stepUps = 0
  #raising: Promise<boolean> | undefined
  asked = 0
  constructor(side: Side, device?: SoftwareAuthenticator) {
    this.side = side
    this.#device = device
  }
  get isStopped() {
    return this.#refused >= PATIENCE
  }
  get stepUps() {
    return this.#stepUps
  }
  take({ path, body: sent }: Asked, { status, body, bytes }: Answer): void {
    this.asked++
    if (status === 403) {
      const { code } = JSON.parse(body) as Refused
      this.codes.set(code, (this.codes.get(code) ?? 0) + 1)
      if (code === 'frozen' || code === 'step-up-needed' || code === 'over-budget') this.#refused++
      return
    }
    if (status !== 200) return
    this.#refused = 0
    const [, , , about, part] = path.split('?')[0]!.split('/')
    const named = new Set(this.#named(path.endsWith('take-out') ? unpacked(bytes) : body))
    const isEmpty = part !== undefined && part !== 'reveal' && !/\[\{/.test(body)
    // Who else looked at a record says nothing of the customer.
    if (about && customers.has(about) && !isEmpty && part !== 'openings') {
      if (part === 'reveal') this.got.revealed.add(about)
      if (part === undefined || inDossier.has(part)) this.got.opened.add(about)
      named.add(about)
    }
    if (path.endsWith('/merges/preview'))
      for (const id of Object.values(sent as Record<string, string>)) this.got.opened.add(id)
    const into = /export|take-out/.test(path) ? this.got.exported : this.got.listed
    for (const id of named) into.add(id)
    const { search } = (sent ?? {}) as { search?: string }
    if (search && /"total":\d/.test(body)) this.got.listed.add(`${path} ${search}`)
  }
  #named(body: string): string[] {
    const found = [...body.matchAll(/[\w.+-]+@voorbeeld\.example/g)].flatMap(
      ([address]) => idOf.get(address) ?? [],
    )
    if (body.startsWith('{')) this.#walk(JSON.parse(body), found)
    else
      for (const [id] of body.matchAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g))
        if (customers.has(id)) found.push(id)
    return found
  }
  #walk(one: unknown, found: string[]): void {
    if (Array.isArray(one)) for (const each of one) this.#walk(each, found)
    else if (one && typeof one === 'object') {
      const given = one as Record<string, unknown>
      const about = (given.subject as { id?: string } | undefined)?.id ?? given.id
      const says = ['displayName', 'name', 'subjectName', 'familyName', 'title', 'body'].some(
        (name) => typeof given[name] === 'string' && given[name] !== '',
      )
      if (says && typeof about === 'string' && customers.has(about)) found.push(about)
      for (const each of Object.values(given)) this.#walk(each, found)
    }
  }
  /** Asks, and proves who it is where that is asked. */
  async ask(asked: Asked): Promise<Answer> {
    const answer = await this.side.ask(asked)
    if (answer.status !== 403 || this.#stepUps >= STEP_UPS_MAX) return answer
    const { code, detail } = JSON.parse(answer.body) as Refused
    if (code !== 'step-up-needed' || !detail) return answer
    if (detail.request)
      return this.#granted(asked, detail as { operation: string; request: string })
    this.#raising ??= this.#raise()
    return (await this.#raising) ? this.side.ask(asked) : answer
  }
  /** Beyond the soft limit, once a session. */
  async #raise(): Promise<boolean> {
    const more: Asked = { method: 'POST', path: '/api/budgets/own/more', body: {} }
    const refused = JSON.parse((await this.side.ask(more)).body) as Refused
    if (!refused.detail?.request) return false
    const { status } = await this.#granted(more, refused.detail as never)
    return status === 200
  }
  async #granted(asked: Asked, guarded: { operation: string; request: string }): Promise<Answer> {
    this.#stepUps++
    const device = this.#device
    if (!device) return this.side.ask(asked)
    const { operation, request } = guarded
    const given = await this.side.json<{ passkey: { ceremony: string; options: never } }>({
      method: 'POST',
      path: '/api/step-up/options',
      body: { operation, request },
    })
    const { ceremony, options } = given.passkey
    const credential = device.signIn(options, { origin })
    const { grant } = await this.side.json<{ grant: string }>({
      method: 'POST',
      path: '/api/step-up',
      body: { operation, request, proof: { kind: 'passkey', ceremony, credential } },
    })
    return this.side.ask({ ...asked, headers: { 'kluis-grant': grant } })
  }
  /** Fifty at once, until the way ends or nothing but refusals comes. */
  async walk(way: Way, atOnce = AT_ONCE): Promise<void> {
    this.#refused = 0
    // Before it is asked: whoever is refused fifty times at once first is frozen by that already.
    this.#raising ??= this.#raise()
    await this.#raising
    const next = way(this)
    const place = async () => {
      while (!this.isStopped) {
        const { value, done } = await next.next()
        if (done || !value) return
        this.take(value, await this.ask(value))
      }
    }
    await Promise.all(Array.from({ length: atOnce }, place))
  }
}

/** The texts of a ZIP that may have been broken off. */
function unpacked(bytes: Buffer): string {
  const mark = Buffer.from('PK\u0003\u0004', 'latin1')
  const texts: string[] = []
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 4)) {
    const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28)
    try {
      const text = inflateRawSync(bytes.subarray(from), { finishFlush: zlib.Z_SYNC_FLUSH })
      texts.push(text.toString('utf8'))
    } catch {
      // A mark by chance, or a file that is stored as it is: its bytes are looked at whole.
      texts.push(bytes.subarray(from).toString('latin1'))
    }
  }
  return texts.join('\n')
}

// What is read there is the dossier, and not its name alone.
const inDossier = new Set(['timeline', 'notes', 'files', 'trash'])

const get = (path: string): Asked => ({ method: 'GET', path })
const letters = 'abcdefghijklmnopqrstuvwxyz'.split('')

const ways: Record<string, Way> = {
  async *'pages of the list'() {
    for (let from = 0; from < customers.size; from += 100)
      yield {
        method: 'POST',
        path: '/api/people/list',
        body: { from, limit: 100, sort: 'createdAt' },
      }
    for (const sort of ['name', '-name', '-createdAt'])
      for (let from = 0; from < customers.size; from += 100)
        yield { method: 'POST', path: '/api/people/list', body: { from, limit: 100, sort } }
    for (let from = 0; from < customers.size; from += 100)
      yield { method: 'POST', path: '/api/companies/list', body: { from, limit: 100 } }
  },
  *'search by letters and digits'() {
    for (const one of [...letters, ...'0123456789'])
      for (const two of ['', ...letters])
        for (const kind of ['people', 'companies'])
          yield get(`/api/${kind}?limit=100&search=${one}${two}`)
    for (const one of letters)
      for (const two of letters)
        for (let from = 0; from < 400; from += 100)
          yield {
            method: 'POST',
            path: '/api/people/list',
            body: { from, limit: 100, search: one + two },
          }
  },
  *'ids of dossiers'() {
    for (const [id, kind] of customers) yield get(`/api/${kind}/${id}`)
  },
  *'what hangs on dossiers'() {
    for (const [id, kind] of customers)
      for (const part of [
        'affiliations',
        'relations',
        'timeline',
        'notes',
        'files',
        'trash',
        'merges',
        'openings',
      ])
        yield get(`/api/${kind}/${id}/${part}`)
  },
  *'activity, tasks, notifications, favourites'() {
    for (let day = 0; day < 400; day++)
      for (const what of ['activity', 'tasks', 'notifications', 'recent', 'favourites'])
        yield get(`/api/${what}?limit=100`)
  },
  *'guesses at what is known'() {
    for (const address of idOf.keys())
      yield {
        method: 'POST',
        path: '/api/people/duplicates',
        body: { emails: [address] },
      }
  },
  *'duplicates, trash and merges'() {
    for (let page = 0; page < 60; page++) {
      yield get(`/api/people/likely-duplicates?limit=100`)
      yield get(`/api/companies/likely-duplicates?limit=100`)
      yield get(`/api/people?limit=100&deleted=true`)
    }
    const ids = [...customers].filter(([, kind]) => kind === 'people').map(([id]) => id)
    for (let at = 0; at + 1 < ids.length; at += 2)
      yield {
        method: 'POST',
        path: '/api/people/merges/preview',
        body: { keptId: ids[at], otherId: ids[at + 1] },
      }
  },
  *'revealing confidential values'() {
    for (const [id, kind] of customers)
      yield { method: 'POST', path: `/api/${kind}/${id}/reveal`, body: { reason: 'proef' } }
  },
  *'counts and groups, to spell names out'() {
    for (const one of letters)
      for (const two of letters)
        for (const three of letters) {
          const search = one + two + three
          // Behind the last row: a number, and nobody's data.
          const body = { from: customers.size, limit: 1, search }
          yield { method: 'POST', path: '/api/people/list', body }
          yield { method: 'POST', path: '/api/people/groups', body: { by: 'stage', search } }
        }
  },
}

const exports: Way = function* () {
  for (let i = 0; i < 40; i++)
    for (const path of [
      'people/export.json',
      'people/export.csv',
      'companies/export.csv',
      'take-out',
    ])
      yield get(`/api/${path}`)
}

/** One step of each in turn, so that no way is closed before another was tried. */
function inTurns(all: Way[]): Way {
  return async function* (scraper) {
    const going = all.map((way) => way(scraper))
    for (let at = 0; going.length > 0; at++) {
      const one = going[at % going.length]!
      const { value, done } = await one.next()
      if (done) going.splice(at % going.length, 1)
      else yield value
    }
  }
}

let made = 0
const customers = new Map<string, 'people' | 'companies'>()
const idOf = new Map<string, string>()
const app = await run('demo', data, ['--people', values.people])
const origin = `http://localhost:${app.port}`
try {
  const users = JSON.parse(readFileSync(join(data, 'demo-users.json'), 'utf8')) as User[]
  const administrator = users.find(({ role }) => role === 'administrator')!
  readEverything(users.find(({ role }) => role === 'manager') ?? administrator)
  const asAdministrator = new Side(app.port, { cookie: await signIn(administrator) })
  const hard = await limits(asAdministrator)
  asAdministrator.close()
  const rows: Row[] = []
  const tell = (name: string, role: string, scraper: Scraper) => {
    const { got, asked, codes, stepUps } = scraper
    for (const kind of kinds)
      rows.push({ name, role, kind, got: got[kind].size, hard: hard(role, kind), asked, stepUps })
    const ended = [...codes].map(([code, times]) => `${code} ${times}×`).join(', ')
    const most = kinds.map((kind) => `${kind} ${got[kind].size} of ${hard(role, kind)}`).join(', ')
    console.log(
      `${name}: ${most}; ${asked} requests, ${stepUps} step-ups; ${ended || 'not stopped'}`,
    )
    scraper.side.close()
  }
  for (const [name, way] of Object.entries(ways)) {
    const scraper = await newColleague('sales')
    // What takes several questions each is broken off by the freeze when fifty go at once: after each other it gets more.
    await scraper.walk(way, name === 'revealing confidential values' ? 1 : AT_ONCE)
    tell(name, 'sales', scraper)
  }
  const exporter = await newColleague('manager')
  await exporter.walk(exports, 1)
  tell('exports', 'manager', exporter)
  const whole = await newColleague('manager')
  await whole.walk(inTurns([...Object.values(ways), exports]))
  tell('everything with one account', 'manager', whole)
  const program = new Scraper(new Side(app.port, { authorization: `Bearer ${programKey()}` }))
  await program.walk(inTurns(Object.values(ways)))
  tell("everything with a program's key", 'sales', program)
  const over = rows.filter((row) => row.got > row.hard)
  console.log(`\n${table(rows)}\n`)
  console.log(JSON.stringify({ drill: 'scraper', customers: customers.size, over, rows }))
  process.exitCode = over.length === 0 ? 0 : 1
} finally {
  await stop(app.process)
  rmSync(data, { recursive: true, force: true })
}

type Row = {
  name: string
  role: string
  kind: Kind
  got: number
  hard: number
  asked: number
  stepUps: number
}

/** By way: how many were learned of, of how many; a way that reached no further has no number there. */
function table(all: Row[]): string {
  const lines = [...Map.groupBy(all, ({ name }) => name)].map(([name, [first, ...rest]]) => {
    const cells = [first!, ...rest].map(({ got, hard }) => (got === 0 ? '' : `${got} of ${hard}`))
    return `| ${name} | ${first!.role} | ${cells.join(' | ')} | ${first!.asked} | ${first!.stepUps} |`
  })
  return [
    '| way | role | named | read | confidential | taken out | requests | step-ups |',
    '|---|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n')
}

type Limit = { id: string; roleId: string; kind: Kind; hourHard: number; rowVersion: number }

/** The hard limits of an hour; a manager's export ends at the people, so that all companies are too many. */
async function limits(administrator: Side): Promise<(role: string, kind: Kind) => number> {
  const read = async () => (await administrator.json<{ items: Limit[] }>(get('/api/budgets'))).items
  const of = (items: Limit[], role: string, kind: Kind) =>
    items.find((one) => one.roleId === role && one.kind === kind)!
  const { id, rowVersion } = of(await read(), 'manager', 'exported')
  const most = [...customers.values()].filter((kind) => kind === 'people').length
  await administrator.json({
    method: 'PATCH',
    path: `/api/budgets/${id}`,
    body: { hourSoft: 500, daySoft: 500, hourHard: most, dayHard: most, rowVersion },
  })
  const items = await read()
  return (role, kind) => of(items, role, kind).hourHard
}

function onHost(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args, '--data', data], {
    maxBuffer: 2 ** 30,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`kluis ${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}

/** What there is to get, by the operator's own export, which no budget limits. */
function readEverything({ email }: User): void {
  for (const kind of ['people', 'companies'] as const) {
    const rows = JSON.parse(onHost('export', kind, '--as', email, '--format', 'json')) as {
      id: string
      emails?: { value: string }[]
    }[]
    for (const row of rows) {
      customers.set(row.id, kind)
      for (const { value } of row.emails ?? []) idOf.set(value, row.id)
    }
  }
}

async function post(path: string, body: object, cookie = ''): Promise<Response> {
  return fetch(`http://127.0.0.1:${app.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  })
}
function cookieOf(response: Response, last: RegExp): string {
  return (
    response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0]!)
      .find((one) => last.test(one.split('=')[0]!)) ?? ''
  )
}

async function signIn({ email, password, totpSecret }: User): Promise<string> {
  const half = await post('/api/sign-in', { email, password })
  const totp = new TOTP({ secret: Secret.fromBase32(totpSecret) })
  // The demo's own sign-in used the code of this step: the next one is new.
  const code = totp.generate({ timestamp: Date.now() + 30_000 })
  const whole = await post('/api/sign-in/totp', { code }, cookieOf(half, /pending$/))
  return cookieOf(whole, /kluis$/)
}

function lastLine<T>(said: string): T {
  return JSON.parse(said.trim().split('\n').at(-1)!) as T
}

/** Somebody new of this role, with a passkey that the scraper holds too. */
async function newColleague(role: string): Promise<Scraper> {
  const email = `scraper-${made++}@bureau.example`
  const name = `Collega ${made}`
  const invite = ['users', 'invite', email, '--name', name, '--role', role]
  const { link } = lastLine<{ link: string }>(onHost(...invite, '--team', 'Verkoop', '--json'))
  const joined = await post(`/api/join/${new URL(link).pathname.split('/')[2]}`, {
    name,
    password: 'paard batterij nietje correct',
    language: 'nl',
  })
  const pending = cookieOf(joined, /pending$/)
  const device = new SoftwareAuthenticator()
  const options = await (await post('/api/enrol/passkey/options', {}, pending)).json()
  const credential = device.register(options as never, { origin })
  const enrolled = await post('/api/enrol/passkey', { name: 'Sleutel', credential }, pending)
  const cookie = cookieOf(enrolled, /kluis$/)
  if (!cookie) throw new Error(`no session: ${enrolled.status} ${await enrolled.text()}`)
  return new Scraper(new Side(app.port, { cookie }), device)
}

function programKey(): string {
  const users = JSON.parse(readFileSync(join(data, 'demo-users.json'), 'utf8')) as User[]
  const { email } = users.find(({ role }) => role === 'administrator')!
  const create = ['api-key', 'create', 'Webwinkel', '--role', 'sales', '--responsible', email]
  const more = ['--team', 'Verkoop', '--from', '127.0.0.1', '--json']
  return lastLine<{ key: string }>(onHost(...create, ...more)).key
}
