/**
 * Every address that the program has, asked by every role for what is its own, its team's and another team's. The list of
 * addresses is the program's; what each is asked with stands in ../support/address-slots.ts, and an address that has an id
 * nothing is said of there fails.
 *
 * Another team's id must be answered with the same bytes as one that does not exist; and whatever is asked, by whom, no
 * answer holds a word of the other team's, and no row of theirs is read, changed, removed or hung upon.
 */
import { randomUUID } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import type { Route } from '#security/access/route.ts'
import { bodies, kindOf, type SlotKind, slotsOf } from '../support/address-slots.ts'
import { grantFor } from '../support/grants.ts'
import { type Caller, keepToken, openTestKluis, type TestKluis } from '../support/kluis.ts'
import { type Kind, type Made, Records } from '../support/records.ts'

const FOREIGN = 'zqvreemd'
const roles = ['administrator', 'manager', 'sales', 'support', 'privacy-officer'] as const
type Role = (typeof roles)[number]
type Probe = { route: Route; address: string; slot: string; kind: Kind | 'client' }

// Whoever has the session has these, and nobody else of the team.
const ownOnly = new Set<SlotKind>([
  'upload',
  'whole upload',
  'share',
  'view',
  'import',
  'export',
  'session',
  'passkey',
  'notification',
])
// Ending the session or key one asks with is a question of its own (src/security/sign-in).
const notTakenAway = new Set<SlotKind>(['session', 'passkey'])

let kluis: TestKluis
let probes: Probe[]
let mate: Caller
let teammates: Records
let ana: Caller
let theirs: Records
const callers = new Map<Role, { caller: Caller; records: Records; seesAll: boolean }>()
const foreign = new Map<Kind, Made>()

beforeAll(async () => {
  kluis = await openTestKluis()
  const bea = await kluis.setUp('team')
  // There are more addresses than dossiers that somebody of sales opens in an hour.
  await kluis.admin.query(
    `update kluis.budget set hour_soft = hour_hard * 10, hour_hard = hour_hard * 10, day_soft = day_hard * 10, day_hard = day_hard * 10,
       row_version = row_version + 1 where kind = 'opened'`,
  )
  const ours = await kluis.newTeam('Onze ploeg')
  ana = await kluis.colleague(bea, 'manager', await kluis.newTeam('Andere ploeg'))
  mate = await kluis.colleague(bea, 'manager', ours)
  teammates = new Records(kluis, mate, 'ploeg')
  for (const role of roles) {
    const caller = await kluis.colleague(bea, role, ours)
    callers.set(role, {
      caller,
      records: new Records(kluis, caller, 'eigen'),
      seesAll: await sees(caller),
    })
  }
  probes = kluis.app.routes
    .filter((route) => route.kind !== 'open')
    .flatMap((route) => {
      const address = `${route.method} ${route.path}`
      return slotsOf(route).flatMap((slot) => {
        const kind = kindOf(address, slot)
        if (kind === 'unknown') throw new Error(`${address}: whose is the id at ${slot}?`)
        return kind === 'shared' ? [] : [{ route, address, slot, kind }]
      })
    })
  theirs = new Records(kluis, ana, FOREIGN)
  for (const { kind } of probes)
    if (kind !== 'client' && !foreign.has(kind))
      // What she shows everyone is nobody's secret; what she keeps to herself must not be made so.
      foreign.set(kind, await theirs.make(kind === 'view for everyone' ? 'view' : kind, ana))
}, 120_000)
afterAll(() => kluis.close())

async function sees({ userId }: Caller): Promise<boolean> {
  const { rows } = await kluis.admin.query(
    `select '00000000-0000-0000-0000-000000000000' = any (kluis_auth.scope_in('people:see', permissions, reaches, scope)) as all
     from kluis_auth.standing where user_id = $1`,
    [userId],
  )
  return rows[0].all
}

/** Where one thing has an id in two places of its address, both come with it. */
function idAtPlace({ id, more = {} }: Made, slot: string): string {
  return more[slot.replace('params.', '')] ?? id
}

/** A name of one's own making leads to one's own thing from then on, so each is tried with another of theirs. */
function foreignFor({ kind, slot }: Probe): Promise<Made> | Made {
  if (kind !== 'client') return foreign.get(kind)!
  return theirs.make(slot === 'query.export' ? 'export' : 'person', ana)
}

/** The request of one probe: its own id at each place but the one that is tried. */
async function ask(
  by: Caller,
  { route, address, slot: tried }: Pick<Probe, 'route' | 'address' | 'slot'>,
  idAt: (slot: string) => Promise<Made | undefined>,
  triedId: Made,
): Promise<LightMyRequestResponse> {
  const made = new Map<string, Made>()
  for (const slot of [...slotsOf(route), 'body.ids[] again']) {
    const own = slot === tried ? triedId : await idAt(slot)
    if (own) made.set(slot, own)
  }
  const at = (slot: string) => {
    const one = made.get(slot)
    return one ? idAtPlace(one, slot) : randomUUID()
  }
  const path = route.path.replace(/:(\w+)/g, (_, name) =>
    name === 'number' ? '0' : at(`params.${name}`),
  )
  const query = tried.startsWith('query.') ? `?${tried.slice(6)}=${triedId.id}` : ''
  const body = bodies[address]?.({
    id: at,
    version: (slot) => made.get(slot)?.rowVersion ?? 1,
    self: by,
  })
  const isPiece = route.path.includes('/pieces/')
  const inject = async (headers: Record<string, string>) => {
    const answer = await kluis.app.http.inject({
      method: route.method,
      url: path + query,
      cookies: { kluis: by.token },
      headers: { ...headers, ...(isPiece ? { 'content-type': 'application/octet-stream' } : {}) },
      ...(isPiece ? { payload: Buffer.alloc(9) } : body ? { payload: body } : {}),
    })
    return keepToken(by, answer)
  }
  const answer = await inject({})
  // What takes a second factor is asked with one: it must be no other answer that the factor is kept for.
  const { code, detail } = answer.statusCode === 403 ? answer.json() : {}
  if (code !== 'step-up-needed' || !detail?.request) return answer
  return inject({ 'kluis-grant': await grantFor(kluis, by, detail) })
}

/** Which cookies are set or cleared, and how; but for a session's token that was due, whatever is asked. */
function cookiesOf({ headers }: LightMyRequestResponse): string[] {
  return [headers['set-cookie'] ?? []]
    .flat()
    .filter((line) => !/^kluis=[^;]/.test(line))
    .map((line) => line.replace(/^([^=]+)=[^;]+/, '$1=…').replace(/expires=[^;]+/i, ''))
    .sort()
}

/** All that an answer says, but for the id it was asked with and the clock. */
function bytesOf(answer: LightMyRequestResponse, asked: Made, kind: Probe['kind']): string {
  const { date: _, 'set-cookie': __, ...others } = answer.headers
  const headers = { ...others, cookies: cookiesOf(answer) }
  // A name that the caller makes up makes something, of which ids and moments differ.
  if (kind === 'client') return `${answer.statusCode} ${Object.keys(headers)}`
  const said = `${answer.statusCode} ${JSON.stringify(headers)} ${answer.body}`
  return [asked.id, ...Object.values(asked.more ?? {})].reduce(
    (text, id) => text.replaceAll(id, 'ID'),
    said,
  )
}

/** Also within what is packed. */
async function holds(answer: LightMyRequestResponse, words: string): Promise<boolean> {
  if (answer.body.includes(words)) return true
  if (!answer.rawPayload.subarray(0, 2).equals(Buffer.from('PK'))) return false
  const zip = await fromBufferPromise(answer.rawPayload, { lazyEntries: true })
  for await (const entry of zip.eachEntry())
    for await (const piece of await zip.openReadStreamPromise(entry))
      if (piece.includes(words)) return true
  return false
}

/** Every row that is the other team's or names one that is; each trace of an opening is such a row too. */
async function foreignRows(): Promise<string> {
  const ids = [...foreign.values()].flatMap(({ id, more = {} }) => [id, ...Object.values(more)])
  const { rows: tables } = await kluis.admin.query(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'kluis' and c.relkind in ('r', 'p') and not c.relispartition`,
  )
  const seen: string[] = []
  for (const { name } of tables as { name: string }[]) {
    // What somebody called their own by such an id says nothing of it, and is their own.
    if (name === 'kluis.client_id') continue
    const { rows } = await kluis.admin.query(
      // What she opens herself in the meantime is her own affair.
      `select t::text as row from ${name} t where t::text like any ($1) ${name === 'kluis.opening' ? 'and user_id <> $2' : 'and $2 <> gen_random_uuid()'} order by 1`,
      [ids.map((id) => `%${id}%`), ana.userId],
    )
    seen.push(...rows.map(({ row }) => `${name} ${row}`))
  }
  return seen.join('\n')
}

// What nobody sees but its maker is a question to whoever sees every customer, too.
const isForeignTo = (seesAll: boolean, kind: Probe['kind']) =>
  !seesAll || kind === 'client' || ownOnly.has(kind)

test('every address with an id says whose it is, and there are as many as there should be', () => {
  expect(probes.length).toBeGreaterThan(120)
  expect(
    Object.keys(bodies).filter(
      (one) => !kluis.app.routes.some((r) => `${r.method} ${r.path}` === one),
    ),
  ).toEqual([])
})

test.each(roles)(
  "%s: another team's id is answered with the same bytes as one that does not exist, everywhere",
  async (role) => {
    const before = await foreignRows()
    expect(await differences(role, probes)).toEqual([])
    if (!callers.get(role)!.seesAll) expect(await foreignRows()).toBe(before)
  },
)

test('with one policy opened, the same questions find it', async () => {
  const { rows } = await kluis.admin.query(
    `select pg_get_expr(polqual, polrelid) as using from pg_policy where polname = 'seen' and polrelid = 'kluis.person'::regclass`,
  )
  const ofPeople = probes.filter(({ route }) => /^\/api\/people\/:id($|\/notes)/.test(route.path))
  await kluis.admin.query('alter policy seen on kluis.person using (true)')
  const found = await differences('support', ofPeople)
  await kluis.admin.query(`alter policy seen on kluis.person using (${rows[0].using})`)
  expect(found.length).toBeGreaterThan(0)
})

/** What is answered otherwise for another team's id than for nobody's, or tells of it. */
async function differences(role: Role, asked: Probe[]): Promise<string[]> {
  const { caller, records, seesAll } = callers.get(role)!
  const kept = new Map<string, Promise<Made | undefined>>()
  const own = (slot: string, address: string) => {
    const kind = kindOf(address, slot.replace(' again', ''))
    if (kind === 'shared' || kind === 'client' || kind === 'unknown')
      return Promise.resolve(undefined)
    const by = mayMake(role) || ownOnly.has(kind) ? records : teammates
    // Two of the same kind are two records.
    const key = `${kind}${slot.includes('again') ? ' again' : ''}`
    if (!kept.has(key))
      kept.set(
        key,
        by.make(kind, caller).catch(() => undefined),
      )
    return kept.get(key)!
  }
  const differing: string[] = []
  for (const probe of asked.filter(({ kind }) => isForeignTo(seesAll, kind))) {
    const theirs = await foreignFor(probe)
    const nobodys: Made = {
      ...theirs,
      id: randomUUID(),
      ...(theirs.more
        ? {
            more: Object.fromEntries(Object.keys(theirs.more).map((key) => [key, randomUUID()])),
          }
        : {}),
    }
    // With what is one's own beside it; and where the address has two ids, with both theirs.
    const alone = (slot: string) => own(slot, probe.address)
    const both = (whole: Made) => async (slot: string) =>
      slot.startsWith('params.') ? whole : own(slot, probe.address)
    for (const beside of theirs.more ? [() => alone, both] : [() => alone]) {
      const there = await ask(caller, probe, beside(theirs), theirs)
      const nowhere = await ask(caller, probe, beside(nobodys), nobodys)
      if (bytesOf(there, theirs, probe.kind) !== bytesOf(nowhere, nobodys, probe.kind))
        differing.push(`${probe.address} ${probe.slot}: ${there.statusCode} ${there.body}`)
      if (!seesAll && (await holds(there, FOREIGN)))
        differing.push(`${probe.address} ${probe.slot} tells of it`)
    }
  }
  return differing
}

const nothing = (): Made => ({ id: randomUUID(), rowVersion: 1 })

/** Reading leaves it as it is, so what was made for one question is there for the next. */
const readable = new Map<string, Promise<Made | undefined>>()
function makeFor({ route, kind }: Probe, by: Records, owner: Caller): Promise<Made | undefined> {
  const make = () =>
    by.make(kind as Kind, owner).catch((error: unknown) => {
      if (ownOnly.has(kind)) return undefined
      throw error
    })
  const key = `${kind} ${owner.userId}`
  if (route.method !== 'GET') return make()
  if (!readable.has(key)) readable.set(key, make())
  return readable.get(key)!
}

/** The others see what a teammate made. */
const mayMake = (role: Role) => role !== 'support' && role !== 'privacy-officer'

test.each(roles)(
  "%s: what is their own and their team's is answered, so that the refusals above say something",
  async (role) => {
    const { caller, records, seesAll } = callers.get(role)!
    const permissions = (await caller.call('GET', '/api/session')).json().permissions as string[]
    const wrong: string[] = []
    for (const probe of probes) {
      const { route, address, slot, kind } = probe
      if (kind === 'client' || notTakenAway.has(kind)) continue
      const isAllowed = route.needs === 'signed-in' || permissions.includes(route.needs)
      for (const whose of ['own', 'team'] as const) {
        if (whose === 'team' && ownOnly.has(kind)) continue
        const owner = whose === 'own' ? caller : mate
        const by = ownOnly.has(kind) || (whose === 'own' && mayMake(role)) ? records : teammates
        const asked = isAllowed ? await makeFor(probe, by, owner) : nothing()
        // Who may not import or export has nothing of the kind.
        if (!asked) continue
        const beside = (at: string) => {
          const other = kindOf(address, at.replace(' again', ''))
          const isRecord = other !== 'shared' && other !== 'client' && other !== 'unknown'
          // What one is put back on is the same record, and so is what has two ids in its address.
          if (asked.more || at === 'body.ids[]' || at === 'body.change.before[].id')
            return Promise.resolve(asked)
          return isRecord && isAllowed ? teammates.make(other, owner) : Promise.resolve(undefined)
        }
        const { statusCode, body } = await ask(caller, probe, beside, asked)
        const isAnswered = statusCode < 300 || statusCode === 409
        if (isAllowed ? !isAnswered : statusCode !== 403)
          wrong.push(`${whose} ${address} ${slot}: ${statusCode} ${body}`)
      }
    }
    expect(wrong).toEqual([])
    expect(seesAll).toBe(role === 'privacy-officer')
  },
)

test.each(roles)(
  "%s: no address that is asked without an id tells of another team's",
  async (role) => {
    const { caller, seesAll } = callers.get(role)!
    const telling: string[] = []
    let asked = 0
    for (const route of kluis.app.routes) {
      const address = `${route.method} ${route.path}`
      const isQuestion = route.method === 'GET' || /\/(list|groups|duplicates)$/.test(route.path)
      if (route.kind === 'open' || route.path.includes('/:') || !isQuestion) continue
      const answer = await ask(caller, { route, address, slot: '' }, async () => undefined, {
        id: '',
        rowVersion: 1,
      })
      if (answer.statusCode < 300) asked++
      if (!seesAll && (await holds(answer, FOREIGN))) telling.push(`${address}: ${answer.body}`)
    }
    expect(asked).toBeGreaterThan(15)
    expect(telling).toEqual([])
  },
)
