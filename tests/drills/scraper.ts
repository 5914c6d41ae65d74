/**
 * A salesperson's session in the wrong hands: it walks everything as fast as it can, fifty requests at once, each way with
 * an account of its own and then all ways with one. Counts how many customers' data it got before it was stopped.
 *
 * `npm run drill -- scraper`. Exit 1 when one got more than the hard limit of their role. Last line: JSON.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Secret, TOTP } from 'otpauth'
import { type Answer, type Asked, Side } from '../../bench/load/requests.ts'
import { run, stop } from '../../bench/load/secured.ts'

const { values } = parseArgs({
  options: { people: { type: 'string', default: '12000' }, seed: { type: 'string' } },
})
const AT_ONCE = 50
// So many refusals after each other, and a scraper knows it is over.
const PATIENCE = 200
const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const data = mkdtempSync(join(tmpdir(), 'kluis-scraper-'))

type User = { email: string; password: string; totpSecret: string; role: string }
type Way = (scraper: Scraper) => AsyncGenerator<Asked> | Generator<Asked>

/** Which customers' data stand in an answer: by an address that is one customer's, or an id beside a name. */
class Scraper {
  readonly seen = new Set<string>()
  readonly ids = new Set<string>()
  readonly codes = new Map<string, number>()
  readonly side: Side
  #refused = 0
  asked = 0
  constructor(side: Side) {
    this.side = side
  }
  get isStopped() {
    return this.#refused >= PATIENCE
  }
  take({ path }: Asked, { status, body }: Answer): void {
    this.asked++
    if (status === 403) {
      const { code } = JSON.parse(body) as { code: string }
      this.codes.set(code, (this.codes.get(code) ?? 0) + 1)
      if (code === 'frozen' || code === 'step-up-needed') this.#refused++
      return
    }
    if (status !== 200) return
    this.#refused = 0
    // Whatever is said of the one who was asked for, without naming them.
    const about = path.split('/')[3]?.split('?')[0]
    if (about && customers.has(about) && !/^\{"items":\[\]/.test(body)) this.seen.add(about)
    for (const [address] of body.matchAll(/[\w.+-]+@voorbeeld\.example/g)) {
      const id = idOf.get(address)
      if (id) this.seen.add(id)
    }
    if (body.startsWith('{')) this.#walk(JSON.parse(body))
  }
  #walk(one: unknown): void {
    if (Array.isArray(one)) for (const each of one) this.#walk(each)
    else if (one && typeof one === 'object') {
      const given = one as Record<string, unknown>
      const about = (given.subject as { id?: string } | undefined)?.id ?? given.id
      const says = ['displayName', 'name', 'subjectName', 'familyName', 'title', 'body'].some(
        (name) => typeof given[name] === 'string' && given[name] !== '',
      )
      if (typeof about === 'string' && customers.has(about)) {
        this.ids.add(about)
        if (says) this.seen.add(about)
      }
      for (const each of Object.values(given)) this.#walk(each)
    }
  }
  /** Fifty at once, until the way ends or nothing but refusals comes. */
  async walk(way: Way): Promise<void> {
    this.#refused = 0
    const next = way(this)
    const place = async () => {
      while (!this.isStopped) {
        const { value, done } = await next.next()
        if (done || !value) return
        this.take(value, await this.side.ask(value))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, place))
  }
}

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
  *exports() {
    for (let i = 0; i < 40; i++)
      for (const path of [
        'people/export.csv',
        'people/export.json',
        'companies/export.csv',
        'take-out',
      ])
        yield get(`/api/${path}`)
  },
}

let made = 0
const customers = new Map<string, 'people' | 'companies'>()
const idOf = new Map<string, string>()
const app = await run('demo', data, ['--people', values.people])
try {
  const users = JSON.parse(readFileSync(join(data, 'demo-users.json'), 'utf8')) as User[]
  const administrator = users.find(({ role }) => role === 'administrator')!
  readEverything(users.find(({ role }) => role === 'manager') ?? administrator)
  const asAdministrator = new Side(app.port, { cookie: await signIn(administrator) })
  const { items: budgets } = await asAdministrator.json<{
    items: { roleId: string; kind: string; dayHard: number; daySoft: number }[]
  }>(get('/api/budgets'))
  const hard = budgets.find(({ roleId, kind }) => roleId === 'sales' && kind === 'listed')!.dayHard
  const { items: teams } = await asAdministrator.json<{ items: { id: string }[] }>(
    get('/api/teams'),
  )
  const results: Record<string, { got: number; asked: number; codes: object }> = {}
  const told = (name: string, { seen, asked, codes }: Scraper) => {
    results[name] = { got: seen.size, asked, codes: Object.fromEntries(codes) }
    console.log(
      `${name}: ${seen.size} customers in ${asked} requests; ${JSON.stringify(results[name]!.codes)}`,
    )
  }
  for (const [name, way] of Object.entries(ways)) {
    const scraper = new Scraper(await newSalesperson(asAdministrator, teams[0]!.id))
    await scraper.walk(way)
    told(name, scraper)
    scraper.side.close()
  }
  const whole = new Scraper(await newSalesperson(asAdministrator, teams[0]!.id))
  for (const way of Object.values(ways)) await whole.walk(way)
  told('everything with one account', whole)
  whole.side.close()
  asAdministrator.close()
  const most = Math.max(...Object.values(results).map(({ got }) => got))
  console.log(JSON.stringify({ drill: 'scraper', customers: customers.size, hard, most, results }))
  process.exitCode = most <= hard ? 0 : 1
} finally {
  await stop(app.process)
  rmSync(data, { recursive: true, force: true })
}

/** What there is to get, by the operator's own export, which no budget limits. */
function readEverything({ email }: User): void {
  for (const kind of ['people', 'companies'] as const) {
    const { stdout } = spawnSync(
      process.execPath,
      [cli, 'export', kind, '--as', email, '--format', 'json', '--data', data],
      { maxBuffer: 2 ** 30, encoding: 'utf8' },
    )
    const rows = JSON.parse(stdout) as { id: string; emails?: { value: string }[] }[]
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
function codeOf(secret: string, later = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + later })
}

async function signIn({ email, password, totpSecret }: User): Promise<string> {
  const half = await post('/api/sign-in', { email, password })
  const whole = await post(
    '/api/sign-in/totp',
    { code: codeOf(totpSecret, 30_000) },
    cookieOf(half, /pending$/),
  )
  return cookieOf(whole, /kluis$/)
}

async function newSalesperson(administrator: Side, teamId: string): Promise<Side> {
  const email = `scraper-${made++}@bureau.example`
  const { link } = await administrator.json<{ link: string }>({
    method: 'POST',
    path: '/api/invites',
    body: { email, name: `Verkoper ${made}`, roleId: 'sales', teamId } as object,
  })
  const joined = await post(`/api/join/${new URL(link).pathname.split('/')[2]}`, {
    name: `Verkoper ${made}`,
    password: 'paard batterij nietje correct',
    language: 'nl',
  })
  const { totp } = (await joined.json()) as { totp: { secret: string } }
  const enrolled = await post(
    '/api/enrol/totp',
    { code: codeOf(totp.secret) },
    cookieOf(joined, /pending$/),
  )
  const cookie = cookieOf(enrolled, /kluis$/)
  if (!cookie) throw new Error(`no session: ${enrolled.status} ${await enrolled.text()}`)
  return new Side(app.port, { cookie })
}
