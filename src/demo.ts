import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import type { Progress } from '#platform/operator-socket.ts'
import { makeDemoPeople } from './demo-people.ts'
import type { Running } from './main.ts'
import type { Web } from './web.ts'

export type DemoUser = {
  email: string
  password: string
  totpSecret: string
  role: string
  team: string
}
type SignedIn = DemoUser & { cookie: string; teamId: string }
type Call = (
  method: 'GET' | 'POST' | 'PATCH' | 'PUT',
  url: string,
  body?: unknown,
  cookie?: string,
) => Promise<Called>
type Filling = Pick<Running, 'signIn' | 'setUpLink'> & Pick<Web, 'http'>
type Called = { body: Record<string, unknown>; cookies: { name: string; value: string }[] }

const SEED = 20_261_124
const NOTED_PEOPLE = 100
// Several files each, so that one sees it going on.
const FILE_ROWS = 1_000
const TASKS = [
  'Offerte nabellen',
  'Contract opsturen',
  'Verjaardagskaart',
  'Levering bevestigen',
  'Afspraak inplannen',
]
const TEAMS = ['Verkoop', 'Binnendienst']

/**
 * Fills an empty installation through its own addresses; colleagues are invited as the operator of the host invites them. Whoever looks at the demo sees what users would have made.
 */
export async function fillDemo(
  running: Filling,
  { dataDirectory, people }: { dataDirectory: string; people: number },
  onProgress: (progress: Progress) => void,
): Promise<DemoUser[]> {
  const link = await running.setUpLink()
  if (!link) return []
  const call = callerOf(running)
  const administrator = await setUp(call, link)
  const others = await inviteOthers(running, call, administrator)
  const users = [administrator, ...others]
  const told = users.map(({ cookie, teamId, ...user }) => user)
  // Before the customers: cut off half-way, one can sign in all the same.
  writeFileSync(join(dataDirectory, 'demo-users.json'), `${JSON.stringify(told, null, 2)}\n`, {
    mode: 0o600,
  })
  await fillCustomers(call, users, people, onProgress)
  // What filled the demo leaves no session behind that its users would not recognise.
  for (const { cookie } of users) await call('POST', '/api/sign-out', undefined, cookie)
  return told
}

/** Calls the program without a network, and takes no refusal for an answer. */
function callerOf(running: Filling): Call {
  return async (method, url, body, cookie) => {
    const type = typeof body === 'string' ? 'text/csv' : 'application/octet-stream'
    const isFile = typeof body === 'string' || Buffer.isBuffer(body)
    const response = await running.http.inject({
      method,
      url,
      headers: {
        host: 'localhost',
        ...(cookie ? { cookie } : {}),
        ...(isFile ? { 'content-type': type } : {}),
      },
      ...(body === undefined ? {} : { payload: body as object | string }),
    })
    if (response.statusCode >= 300)
      throw new Error(`the demo could not be filled: ${method} ${url} said ${response.body}`)
    return { body: response.json(), cookies: response.cookies }
  }
}

async function setUp(call: Call, link: URL): Promise<SignedIn> {
  const user = newUser('an.beheer@demo.example', 'administrator', TEAMS[0]!)
  const begun = await call('POST', '/api/set-up', {
    token: link.pathname.split('/').at(-1),
    organisation: { name: 'Voorbeeld & Zonen', visibility: 'everyone', language: 'nl' },
    administrator: {
      name: 'An Beheer',
      email: user.email,
      password: user.password,
      language: 'nl',
    },
  })
  const administrator = await enrol(call, user, begun)
  // Set-up names the first team itself.
  const { body } = await call('GET', '/api/teams', undefined, administrator.cookie)
  const [first] = body.items as { id: string; rowVersion: number }[]
  await call(
    'PATCH',
    `/api/teams/${first!.id}`,
    { rowVersion: first!.rowVersion, name: TEAMS[0] },
    administrator.cookie,
  )
  return administrator
}

async function inviteOthers(
  { signIn }: Filling,
  call: Call,
  administrator: SignedIn,
): Promise<SignedIn[]> {
  const second = await call('POST', '/api/teams', { name: TEAMS[1] }, administrator.cookie)
  const teamIds = [administrator.teamId, String(second.body.id)]
  const asked = [
    ['Sam Verkoop', 'sam.verkoop@demo.example', 'sales', 0],
    ['Sofie Steun', 'sofie.steun@demo.example', 'support', 1],
    ['Pia Privacy', 'pia.privacy@demo.example', 'privacy-officer', 1],
  ] as const
  const joined: SignedIn[] = []
  for (const [name, email, role, team] of asked) {
    const user = newUser(email, role, TEAMS[team]!)
    const given = { email, name, roleId: role, teamId: teamIds[team]! }
    const { link } = await signIn.invite(given, null, new Date())
    const token = new URL(link).pathname.split('/').at(-1)
    const begun = await call('POST', `/api/join/${token}`, {
      name,
      password: user.password,
      language: 'nl',
    })
    joined.push(await enrol(call, user, begun))
  }
  return joined
}

function newUser(email: string, role: string, team: string): DemoUser {
  // Nobody chose it, so nobody can guess it: the demo listens like the real thing.
  return { email, password: randomBytes(18).toString('base64url'), totpSecret: '', role, team }
}

async function enrol(call: Call, user: DemoUser, begun: Called): Promise<SignedIn> {
  const totpSecret = (begun.body.totp as { secret: string }).secret
  const code = new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate()
  const done = await call('POST', '/api/enrol/totp', { code }, cookieOf(begun, /-pending$/))
  const cookie = cookieOf(done, /^(__Host-)?kluis$/)
  const session = await call('GET', '/api/session', undefined, cookie)
  const [teamId] = (session.body.user as { teamIds: string[] }).teamIds
  return { ...user, totpSecret, cookie, teamId: teamId! }
}

function cookieOf({ cookies }: Called, named: RegExp): string {
  const found = cookies.find(({ name, value }) => named.test(name) && value !== '')
  if (!found) throw new Error(`no cookie like ${named} was set`)
  return `${found.name}=${found.value}`
}

// A handful of people is a test's, which counts them.
const DUPLICATES_FROM = 500

async function fillCustomers(
  call: Call,
  users: SignedIn[],
  count: number,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const made = await makeDemoPeople(count, SEED)
  const administrator = users[0]!
  const seller = users.find(({ role }) => role === 'sales')!
  // Companies first: the people of the file find theirs by name.
  for (const [i, company] of made.companies.entries())
    await call('POST', '/api/companies', company, (i % 2 ? seller : administrator).cookie)
  const half = Math.ceil(made.rows.length / 2)
  for (const [user, from, to] of [
    [administrator, 0, half],
    [seller, half, made.rows.length],
  ] as const)
    for (let at = from; at < to; at += FILE_ROWS) {
      const rows = made.rows.slice(at, Math.min(at + FILE_ROWS, to))
      await call('POST', '/api/imports', [made.header, ...rows].join('\n'), user.cookie)
      onProgress({ done: at + rows.length, total: count })
    }
  const first = await call(
    'GET',
    `/api/people?limit=${Math.min(NOTED_PEOPLE, count)}&sort=-createdAt`,
    undefined,
    administrator.cookie,
  )
  for (const [i, person] of (first.body.items as { id: string }[]).entries()) {
    const body = made.noteBodies[i % made.noteBodies.length]
    await call('POST', `/api/people/${person.id}/notes`, { body }, administrator.cookie)
  }
  const people = first.body.items as { id: string }[]
  for (const [i, { id }] of people.slice(0, TASKS.length * 2).entries())
    await call(
      'POST',
      '/api/tasks',
      { subject: { kind: 'person', id }, title: TASKS[i % TASKS.length], dueOn: dayFromNow(i - 2) },
      (i % 2 ? seller : administrator).cookie,
    )
  if (count >= DUPLICATES_FROM) {
    await addDuplicates(call, administrator.cookie)
    await addTies(call, administrator.cookie)
  }
  // The second team has customers of its own.
  const second = users.find(({ team }) => team === TEAMS[1])!
  const ids = people.filter((_, i) => i % 4 === 3).map(({ id }) => id)
  if (ids.length > 0)
    await call(
      'POST',
      '/api/people/bulk',
      { ids, change: { kind: 'team', teamId: second.teamId } },
      administrator.cookie,
    )
}

/** What a file that was filled by several people looks like: some customers stand in it twice. */
async function addDuplicates(call: Call, cookie: string): Promise<void> {
  const home = { street: 'Kouter 12', postalCode: '9000', city: 'Gent', country: 'BE' }
  const square = { ...home, street: 'Dorpsplein 3', postalCode: '9800', city: 'Deinze' }
  const lieve = { familyName: 'Vandewalle', emails: [{ value: 'lieve.vandewalle@mail.example' }] }
  for (const person of [
    { ...lieve, givenName: 'Lieve', phones: [{ value: '0475 22 33 44' }], addresses: [home] },
    { ...lieve, givenName: 'L.', company: 'Vandewalle Interieur', stage: 'customer' },
    { givenName: 'Elisabeth', familyName: 'Verhaegen', addresses: [home] },
    { givenName: 'Elisabeht', familyName: 'Verhaegen', addresses: [home], tags: ['beurs'] },
    // Father and son.
    { givenName: 'Karel', familyName: 'Steyaert', birthday: '1950-03-01', addresses: [square] },
    { givenName: 'Karel', familyName: 'Steyaert', birthday: '1981-07-15', addresses: [square] },
  ])
    await call('POST', '/api/people', person, cookie)
  for (const company of [
    { name: 'Meubelhuis Delaere BV', enterpriseNumber: 'BE0403170701' },
    { name: 'Delaere Meubelen', enterpriseNumber: '0403.170.701', stage: 'customer' },
  ])
    await call('POST', '/api/companies', company, cookie)
}

/** A household, a group of companies, and a sole trader who is one of the household. */
async function addTies(call: Call, cookie: string): Promise<void> {
  const make = async (path: string, given: object) =>
    String((await call('POST', `/api/${path}`, given, cookie)).body.id)
  const relate = (path: string, otherId: string, kind: string, more: object = {}) =>
    call('POST', `/api/${path}/relations`, { otherId, kind, ...more }, cookie)
  const home = { street: 'Lindelaan 8', postalCode: '9030', city: 'Gent', country: 'BE' }
  const family = { familyName: 'De Wilde', addresses: [home] }
  const joris = await make('people', { ...family, givenName: 'Joris' })
  const mia = await make('people', { ...family, givenName: 'Mia', familyName: 'Verlinden' })
  const lotte = await make('people', { ...family, givenName: 'Lotte', birthday: '2012-04-09' })
  await relate(`people/${joris}`, mia, 'partner', { livesTogether: true, since: '2009-06-20' })
  await relate(`people/${mia}`, lotte, 'child', { livesTogether: true })
  const group = await make('companies', { name: 'De Linde Groep NV', sector: '70' })
  const builder = await make('companies', {
    name: 'De Linde Bouw BV',
    sector: '41',
    employeeCount: 84,
    addresses: [
      { ...home, street: 'Kaai 14', label: 'Hoofdkantoor' },
      {
        ...home,
        street: 'Nijverheidsweg 2',
        city: 'Evergem',
        postalCode: '9940',
        label: 'Magazijn',
      },
    ],
  })
  await relate(`companies/${builder}`, group, 'parent-company')
  await relate(
    `companies/${group}`,
    await make('companies', { name: 'De Linde Vastgoed BV', sector: '68' }),
    'subsidiary',
  )
  const gardens = await make('companies', {
    name: 'Tuinwerken Joris',
    sector: '81',
    employeeCount: 1,
    isSoleTrader: true,
  })
  await relate(`companies/${builder}`, gardens, 'supplier')
  const works = (companyId: string, more: object) =>
    call('POST', `/api/people/${joris}/affiliations`, { companyId, ...more }, cookie)
  await works(gardens, { jobTitle: 'Zaakvoerder', isSelf: true, since: '2018-01-01' })
  await works(builder, { jobTitle: 'Werfleider', since: '2010-03-01', until: '2017-12-31' })
  await addJoint(call, cookie, joris, mia)
}

/** What the two of a household share, and a document that a law has kept. */
async function addJoint(call: Call, cookie: string, owner: string, partner: string): Promise<void> {
  const joint = await call(
    'POST',
    '/api/joint-dossiers',
    {
      name: 'Woonkrediet Lindelaan',
      parties: [
        { personId: owner, role: 'owner', since: '2019-05-02' },
        { personId: partner, role: 'partner', since: '2019-05-02' },
      ],
    },
    cookie,
  )
  const path = `/api/joint-dossiers/${joint.body.id}`
  const body = 'Willen in het najaar verbouwen: samen bekijken wat er nog te lenen is.'
  await call('POST', `${path}/notes`, { body }, cookie)
  const content = Buffer.from('Factuur 2026-0117 voor het kredietadvies van 15 maart 2026.\n')
  const file = await call(
    'POST',
    `${path}/files`,
    {
      name: 'factuur-2026-0117.txt',
      type: 'text/plain',
      size: content.length,
      retention: { rule: 'BE-FISC-10', from: '2026-03-15' },
    },
    cookie,
  )
  await call('PUT', `/api/files/${file.body.id}/pieces/0`, content, cookie)
  await call('POST', `/api/files/${file.body.id}/complete`, undefined, cookie)
}

function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}
