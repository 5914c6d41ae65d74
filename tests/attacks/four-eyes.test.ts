import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { exportAs } from '#crm/exchange/verbs.ts'
import { FourEyesOperation, Preview } from '#security/access/contract.ts'
import { deviceOf, grantAhead, grantFor } from '../support/grants.ts'
import {
  type Caller,
  codeNow,
  cookie,
  type Method,
  openTestKluis,
  type TestKluis,
} from '../support/kluis.ts'

// The attacker is a colleague who wants alone what takes two; they have their own session and factor, and any SQL in it.
let kluis: TestKluis
let ana: Caller
let piet: Caller
let mia: Caller
let app: pg.Client
const nowhere = async () => {}
const EXPORT = '/api/people/export.csv'
const REASON = { 'kluis-reason': encodeURIComponent('Mailing voor de opendeurdag, één keer') }

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  piet = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
  mia = await kluis.colleague(ana, 'manager', ana.teamId)
  await ana.call('POST', '/api/people', { familyName: 'Peeters' })
  app = new pg.Client({ ...inject('postgres'), user: 'kluis_app', database: kluis.databaseName })
  await app.connect()
  // They have been here for a while.
  await kluis.admin.query(`update kluis_auth.rights_given set given_at = now() - interval '8 days'`)
  await ana.call('PUT', '/api/safeguards', {
    rowVersion: 1,
    fourEyes: ['export', 'bulk-delete'],
    breakGlassMinutes: 60,
  })
})
afterAll(async () => {
  await app.end()
  await kluis.close()
})
beforeEach(async () => {
  for (const { id } of await mine(mia)) await mia.call('POST', `/api/approvals/${id}/withdraw`)
})

type Shown = { id: string; state: string; askedBy: string; mayDecide: boolean }
const list = async (who: Caller, state = 'open'): Promise<Shown[]> =>
  (await who.call('GET', `/api/approvals?state=${state}`)).json().items
const mine = async (who: Caller) =>
  (await list(who)).filter(({ askedBy }) => askedBy === who.userId)
const send = (who: Caller, url: string, headers: Record<string, string> = {}) =>
  kluis.send('GET', url, undefined, { kluis: who.token }, headers)
async function ask(who: Caller, url = EXPORT): Promise<string> {
  const asked = await send(who, url, REASON)
  expect(asked.json()).toMatchObject({ code: 'approval-asked' })
  return asked.json().detail.id
}
const approve = (who: Caller, id: string) =>
  who.call('POST', `/api/approvals/${id}/approve`, { note: 'Akkoord' })
/** SQL as the app, under somebody's own session: all that an injection has. */
async function asApp(who: Caller, sql: string, values: unknown[] = []) {
  await app.query('begin')
  try {
    await app.query(`select set_config('kluis.session', $1, true)`, [who.token])
    return await app.query(sql, values)
  } finally {
    await app.query('commit')
  }
}
const stateOf = async (id: string) => (await list(ana, 'all')).find((one) => one.id === id)?.state

test('whatever may take four eyes tells what it will do, or it could never be done', () => {
  // Changing what takes four eyes takes four eyes itself.
  const operations = [...FourEyesOperation.options, 'change-safeguards']
  const told = kluis.app.routes.filter(({ operation }) => {
    const said = typeof operation === 'function' ? operation.toString() : (operation ?? '')
    return operations.some((one) => said.includes(one))
  })
  expect(told.length).toBeGreaterThan(25)
  for (const route of told)
    expect([route.path, typeof route.preview]).toEqual([route.path, 'function'])
})

/** Every value in what was sent, but for the version it was made on and what is secret. */
function valuesOf(sent: unknown): string[] {
  if (typeof sent !== 'object' || sent === null) return [String(sent)]
  return Object.entries(sent).flatMap(([name, value]) =>
    ['rowVersion', 'clientSecret'].includes(name)
      ? []
      : typeof value === 'boolean'
        ? // Whether it is so is told by its name, or not at all.
          value
          ? [name]
          : []
        : valuesOf(value),
  )
}

test('who agrees to other rights or rules reads every value that is sent, none is slipped in beside', async () => {
  const { call } = ana
  const role = (await call('POST', '/api/rights/roles', { name: 'Stage', copyOf: 'sales' })).json()
  const limit = (await call('GET', '/api/budgets')).json().items[0]
  const place = { roleId: 'sales', teamId: ana.teamId }
  const settings = {
    ...{ name: 'Aanbieder', issuer: 'http://127.0.0.1:9', clientId: 'kluis-4' },
    ...{ domains: ['elders.example'], groupsClaim: 'groepen', everyoneElse: place },
    groups: [{ group: 'de top', roleId: 'administrator', teamId: ana.teamId }],
    secondFactor: { amr: ['pwd'], acr: ['urn:niets'] },
    ...{ makesColleagues: true, isRequired: true, signsOutThere: true },
    exemptUserIds: [mia.userId],
  }
  const provider = { settings, clientSecret: 'een-geheim-van-veertig-tekens-of-zo' }
  const made = await call('POST', '/api/identity-providers', provider)
  const { id } = made.json().items.at(-1)
  const invited = { email: 'n@bureau.example', name: 'Nieuw', ...place }
  const rules = { asks: 'two-factors', idleMinutes: 25, absoluteMinutes: 95, recoveredBy: 1 }
  const limits = { hourSoft: 41, hourHard: 42, daySoft: 43, dayHard: 44 }
  const changed = { roleId: 'manager', teamIds: [ana.teamId], status: 'active' }
  const grants = [{ permission: 'people:see', scope: 'organisation' }]
  const asked: [Method, string, object][] = [
    ['POST', '/api/invites', invited],
    ['PATCH', `/api/users/${mia.userId}`, changed],
    ['PATCH', `/api/rights/roles/${role.id}`, { name: 'Onschuldig', grants }],
    ['PATCH', '/api/sign-in-rules/sales', rules],
    ['PATCH', `/api/budgets/${limit.id}`, { ...limits, freezesOnCanary: true }],
    ['POST', '/api/identity-providers', provider],
    ['PATCH', `/api/identity-providers/${id}`, provider],
    ['POST', `/api/identity-providers/${id}/switch`, { isOn: true }],
    ['POST', `/api/identity-providers/${id}/scim-tokens`, { days: 77 }],
    ['POST', `/api/users/${mia.userId}/leave`, { receivers: [piet.userId] }],
  ]
  await kluis.admin.query(
    `update kluis.safeguard set four_eyes = four_eyes || '{change-rights}', row_version = row_version + 1`,
  )
  for (const [method, url, body] of asked) {
    const sent =
      url.includes('scim') || /users|invites|leave/.test(url) ? body : { rowVersion: 1, ...body }
    const isNew = method === 'POST' && url.endsWith('providers')
    const refused = await kluis.send(method, url, isNew ? body : sent, { kluis: ana.token })
    expect(refused.json().code, url + refused.body).toBe('approval-needed')
    const told = JSON.stringify(refused.json().detail.preview.facts)
    for (const value of valuesOf(body)) expect(told, url).toContain(value)
  }
  await kluis.admin.query(
    `update kluis.safeguard set four_eyes = array_remove(four_eyes, 'change-rights'), row_version = row_version + 1`,
  )
})

test('an export waits for somebody else, is done once by who asked it, and then waits again', async () => {
  const refused = (await send(mia, EXPORT)).json()
  expect(refused).toMatchObject({
    code: 'approval-needed',
    detail: {
      deciders: 2,
      isWaiting: false,
      preview: { what: 'export-people', facts: { count: 1 } },
    },
  })
  expect(Preview.safeParse(refused.detail.preview).success).toBe(true)
  const id = await ask(mia)
  expect((await send(mia, EXPORT)).json().detail.isWaiting).toBe(true)
  expect((await send(mia, EXPORT, REASON)).json()).toMatchObject({
    code: 'already-done',
    detail: { why: 'asked' },
  })
  const [waiting] = (await list(piet)).filter((one) => one.id === id)
  expect(waiting).toMatchObject({
    reason: 'Mailing voor de opendeurdag, één keer',
    preview: { what: 'export-people', facts: { count: 1, format: 'csv' } },
    mayDecide: true,
  })
  expect((await approve(piet, id)).json()).toMatchObject({ state: 'approved', note: 'Akkoord' })
  // A second person is not the first one's factor: both are asked.
  expect((await send(mia, EXPORT)).json().code).toBe('step-up-needed')
  expect((await mia.call('GET', `/api/approvals/${id}/request`)).json()).toEqual({
    method: 'GET',
    url: EXPORT,
    body: null,
  })
  expect((await mia.call('GET', EXPORT)).body).toContain('Peeters')
  expect((await send(mia, EXPORT)).json().code).toBe('approval-needed')
  expect(await stateOf(id)).toBe('used')
})

test('who agrees to a bulk removal reads whom it is about, as far as they may see them', async () => {
  const made = async (by: Caller, familyName: string): Promise<string> =>
    (await by.call('POST', '/api/people', { familyName })).json().id
  const elsewhere = await kluis.newTeam('Elders')
  const boss = await kluis.colleague(ana, 'manager', elsewhere)
  await kluis.admin.query(`update kluis_auth.rights_given set given_at = now() - interval '8 days'`)
  const ids: string[] = []
  for (let i = 0; i < 25; i++) ids.push(await made(mia, `Peer${String.fromCharCode(97 + i)}`))
  const body = { ids, change: { kind: 'trash' } }
  const asked = await kluis.send('POST', '/api/people/bulk', body, { kluis: mia.token }, REASON)
  const { id } = asked.json().detail
  const records = async (who: Caller) =>
    kluis.send('GET', `/api/approvals/${id}/records`, undefined, { kluis: who.token })
  const seen = (await records(ana)).json()
  expect([seen.count, seen.items.length, seen.hidden]).toEqual([25, 20, 0])
  expect(seen.items[0]).toMatchObject({ id: ids[0], kind: 'person', name: 'Peera' })
  const foreign = (await records(boss)).json()
  expect([foreign.count, foreign.items, foreign.hidden]).toEqual([25, [], 20])
  expect((await records(mia)).statusCode).toBe(200)
  const sales = await kluis.colleague(ana, 'sales', ana.teamId)
  expect((await records(sales)).statusCode).toBe(403)
})

test('nobody has more than twenty requests waiting, also when they are asked at once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 25 }, (_, i) =>
      send(mia, `${EXPORT}?columns=familyName&from=${i}`, REASON),
    ),
  )
  const codes = answers.map((one) => one.json().code as string)
  expect(codes.filter((code) => code === 'approval-asked')).toHaveLength(20)
  expect(answers.find((one) => one.json().code === 'not-allowed')?.json().detail).toEqual({
    why: 'too-many-asked',
  })
  const [first] = await mine(mia)
  await mia.call('POST', `/api/approvals/${first!.id}/withdraw`)
  expect((await send(mia, '/api/people/export.json', REASON)).json().code).toBe('approval-asked')
})

test('the ledger has what was asked, agreed to and done, and the reason stands nowhere readable', async () => {
  const id = await ask(mia)
  await approve(piet, id)
  await mia.call('GET', EXPORT)
  const { rows } = await kluis.admin.query(
    `select purpose, actor_id from kluis_ledger.outbox where action = 'event' and row_id = $1 order by id`,
    [id],
  )
  expect(rows).toEqual([
    { purpose: 'approval-asked', actor_id: mia.userId },
    { purpose: 'approval-given', actor_id: piet.userId },
    { purpose: 'approval-used', actor_id: mia.userId },
  ])
  const kept = await kluis.admin.query('select a::text as text from kluis.approval a')
  expect(JSON.stringify(kept.rows)).not.toMatch(/opendeurdag|Akkoord/)
})

test('those who may agree are told, and who asked hears what they said', async () => {
  const told = async (who: Caller) =>
    (await who.call('GET', '/api/notifications'))
      .json()
      .items.map(({ kind }: { kind: string }) => kind)
  await piet.call('POST', '/api/notifications/read', {})
  const id = await ask(mia)
  expect(await told(piet)).toContain('approval-asked')
  expect((await piet.call('GET', '/api/approvals/waiting')).json()).toEqual({ waiting: 1 })
  await piet.call('POST', `/api/approvals/${id}/refuse`, { note: 'Niet nodig' })
  expect(await told(mia)).toContain('approval-refused')
  expect(await stateOf(id)).toBe('refused')
  expect((await send(mia, EXPORT)).json().code).toBe('approval-needed')
})

test('nobody agrees to their own request, by the program or by SQL', async () => {
  const id = await ask(mia)
  expect((await approve(mia, id)).json()).toMatchObject({
    code: 'not-allowed',
    detail: { why: 'own' },
  })
  const sealed = `(select content_sealed from kluis.approval where id = '${id}')`
  const tried = await asApp(
    mia,
    `select kluis.decide_approval($1, true, ${sealed}, 2, decode(repeat('00', 16), 'hex')) as why`,
    [id],
  )
  expect(tried.rows).toEqual([{ why: 'own' }])
  for (const sql of [
    `update kluis.approval set is_approved = true`,
    `insert into kluis.approval (id, operation, request, content_sealed, created_by, decided_by, decided_at, is_approved, proof)
     select gen_random_uuid(), operation, request, content_sealed, created_by, '${piet.userId}', now(), true, request from kluis.approval where id = '${id}'`,
  ])
    await expect(asApp(mia, sql)).rejects.toThrow(/permission denied/)
  // Not even whoever may write any row.
  await expect(
    kluis.admin.query(
      `update kluis.approval set decided_by = created_by, decided_at = now(), is_approved = true, proof = request, row_version = row_version + 1 where id = $1`,
      [id],
    ),
  ).rejects.toThrow(/approval_check/)
  expect(await stateOf(id)).toBe('asked')
})

test('an approval that is written into the table, or moved to another request, approves nothing', async () => {
  const id = await ask(mia)
  await kluis.admin.query(
    `update kluis.approval set decided_by = $2, decided_at = now(), is_approved = true, proof = request, row_version = row_version + 1 where id = $1`,
    [id, piet.userId],
  )
  expect((await mia.call('GET', EXPORT)).json().code).toBe('approval-needed')
  const other = await ask(mia, '/api/companies/export.csv')
  await approve(piet, other)
  const { request } = (await send(mia, EXPORT)).json().detail
  await kluis.admin.query(
    'update kluis.approval set request = $2, row_version = row_version + 1 where id = $1',
    [other, Buffer.from(request, 'base64url')],
  )
  expect((await mia.call('GET', EXPORT)).json().code).toBe('approval-needed')
})

test('an approver’s session alone approves nothing, and what they agreed to is not theirs to do', async () => {
  const id = await ask(mia)
  const url = `/api/approvals/${id}/approve`
  const stolen = await kluis.send('POST', url, { note: '' }, { kluis: piet.token })
  expect(stolen.json().code).toBe('step-up-needed')
  // By SQL in that session: decided, but without what only the program can make.
  const sealed = `(select content_sealed from kluis.approval where id = '${id}')`
  await asApp(
    piet,
    `select kluis.decide_approval($1, true, ${sealed}, 1, decode(repeat('00', 16), 'hex'))`,
    [id],
  )
  expect((await mia.call('GET', EXPORT)).json().code).toBe('approval-needed')
  const another = await ask(mia)
  await approve(ana, another)
  expect((await piet.call('GET', EXPORT)).json().code).toBe('approval-needed')
  expect((await piet.call('GET', `/api/approvals/${another}/request`)).json().code).toBe(
    'not-found',
  )
})

test('one decides once: approving twice, or after it was withdrawn or expired, changes nothing', async () => {
  const id = await ask(mia)
  const grants = [
    await grantAhead(kluis, piet, 'POST', `/api/approvals/${id}/approve`, { note: '' }),
    await grantAhead(kluis, ana, 'POST', `/api/approvals/${id}/approve`, { note: '' }),
  ]
  const both = await Promise.all(
    [piet, ana].map((who, i) =>
      kluis.send(
        'POST',
        `/api/approvals/${id}/approve`,
        { note: '' },
        { kluis: who.token },
        grants[i],
      ),
    ),
  )
  expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409])
  await mia.call('POST', `/api/approvals/${id}/withdraw`)
  expect((await mia.call('GET', EXPORT)).json().code).toBe('approval-needed')
  const late = await ask(mia)
  await kluis.admin.query(
    `update kluis.approval set expires_at = now() - interval '1 second', row_version = row_version + 1 where id = $1`,
    [late],
  )
  expect((await approve(piet, late)).json().code).toBe('already-done')
  // What nobody decided in time may be asked anew.
  expect(await ask(mia)).not.toBe(late)
})

test('what was approved must be done within a day', async () => {
  const id = await ask(mia)
  await approve(piet, id)
  const { rows } = await kluis.admin.query(
    `select expires_at <= now() + interval '1 day' as soon from kluis.approval where id = $1`,
    [id],
  )
  expect(rows).toEqual([{ soon: true }])
  await kluis.admin.query(
    `update kluis.approval set expires_at = now() - interval '1 second', row_version = row_version + 1 where id = $1`,
    [id],
  )
  expect((await mia.call('GET', EXPORT)).json().code).toBe('approval-needed')
})

test('of two uses of one approval at once exactly one passes', async () => {
  const id = await ask(mia)
  await approve(piet, id)
  const guarded = (await send(mia, EXPORT)).json().detail
  const grants = [await grantFor(kluis, mia, guarded), await grantFor(kluis, mia, guarded)]
  const answers = await Promise.all(
    grants.map((grant) => send(mia, EXPORT, { 'kluis-grant': grant })),
  )
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 403])
})

test('a colleague whom one has just given the right does not agree to what one asks', async () => {
  const friend = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
  const id = await ask(ana)
  expect((await approve(friend, id)).json()).toMatchObject({
    code: 'not-allowed',
    detail: { why: 'too-new' },
  })
  expect((await list(friend)).find((one) => one.id === id)!.mayDecide).toBe(false)
  // Of what a third one asks they may.
  const other = await ask(mia)
  expect((await approve(friend, other)).statusCode).toBe(200)
  // A role that is changed a moment ago counts as well.
  await ana.call('PATCH', `/api/users/${mia.userId}`, { roleId: 'administrator' })
  expect((await approve(mia, id)).json().detail).toEqual({ why: 'too-new' })
  await ana.call('PATCH', `/api/users/${mia.userId}`, { roleId: 'manager' })
  await kluis.admin.query(`update kluis_auth.rights_given set given_at = now() - interval '8 days'`)
  await ana.call('POST', `/api/approvals/${id}/withdraw`)
})

test('whoever renewed the factors of a colleague does not agree to their own request as that colleague', async () => {
  const els = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
  await kluis.admin.query(`update kluis_auth.rights_given set given_at = now() - interval '8 days'`)
  const id = await ask(ana)
  const mayDecide = async () => (await list(els)).find((one) => one.id === id)!.mayDecide
  expect(await mayDecide()).toBe(true)
  const reset = await ana.call('POST', `/api/users/${els.userId}/reset-factor`, {
    reason: 'Zogezegd toestel kwijt',
  })
  const { link, code } = reset.json()
  const begun = await kluis.send('POST', `/api/join/${new URL(link).pathname.split('/')[2]}`, {
    ...{ name: 'Collega', password: 'een heel ander lang wachtwoord', language: 'nl', code },
  })
  const { secret } = begun.json().totp
  const pending = { 'kluis-pending': cookie(begun, 'kluis-pending') }
  const enrolled = await kluis.send('POST', '/api/enrol/totp', { code: codeNow(secret) }, pending)
  Object.assign(els, { token: cookie(enrolled, 'kluis'), totpSecret: secret })
  expect(await mayDecide()).toBe(false)
  expect((await approve(els, id)).json().detail).toEqual({ why: 'too-new' })
  await ana.call('POST', `/api/approvals/${id}/withdraw`)
})

test('on the device of who asked, nobody else agrees', async () => {
  const id = await ask(mia)
  const signedIn = await kluis.send('POST', '/api/sign-in/passkey/options')
  const opened = await kluis.send(
    'POST',
    '/api/sign-in/passkey',
    { credential: (await deviceOf(kluis, mia)).signIn(signedIn.json()) },
    { 'kluis-pending': signedIn.cookies[0]!.value },
  )
  const device = opened.cookies.find(({ name }) => name === 'kluis-device')!.value
  const url = `/api/approvals/${id}/approve`
  const headers = await grantAhead(kluis, piet, 'POST', url, { note: '' })
  const cookies = { kluis: piet.token, 'kluis-device': device }
  const tried = await kluis.send('POST', url, { note: '' }, cookies, headers)
  expect(tried.json()).toMatchObject({ code: 'not-allowed', detail: { why: 'same-device' } })
})

test('somebody without the right sees no request of others, and decides none', async () => {
  const sam = await kluis.colleague(ana, 'sales', ana.teamId)
  const id = await ask(mia)
  expect(await list(sam)).toEqual([])
  expect((await sam.call('POST', `/api/approvals/${id}/refuse`, { note: '' })).json().code).toBe(
    'not-allowed',
  )
  expect((await asApp(sam, 'select id from kluis.approval')).rows).toEqual([])
  expect((await sam.call('POST', `/api/approvals/${id}/withdraw`)).json().code).toBe('not-found')
})

test('a colleague is shut out at once, also where their rights take two', async () => {
  const sam = await kluis.colleague(ana, 'sales', ana.teamId)
  const { rowVersion, fourEyes } = (await ana.call('GET', '/api/safeguards')).json()
  const more = { rowVersion, fourEyes: [...fourEyes, 'change-rights'], breakGlassMinutes: 60 }
  const asked = await kluis.send('PUT', '/api/safeguards', more, { kluis: ana.token }, REASON)
  await approve(piet, asked.json().detail.id)
  expect((await ana.call('PUT', '/api/safeguards', more)).statusCode).toBe(200)
  const patch = (body: object) => ana.call('PATCH', `/api/users/${sam.userId}`, body)
  expect((await patch({ roleId: 'manager' })).json().code).toBe('approval-needed')
  expect((await patch({ status: 'disabled', roleId: 'manager' })).json().code).toBe(
    'approval-needed',
  )
  expect((await patch({ status: 'disabled' })).statusCode).toBe(200)
  expect((await patch({ status: 'active' })).json().code).toBe('approval-needed')
  await kluis.admin.query(
    `update kluis.safeguard set four_eyes = '{export,bulk-delete}', row_version = row_version + 1`,
  )
})

test('what takes four eyes is not lifted by one', async () => {
  const { rowVersion } = (await ana.call('GET', '/api/safeguards')).json()
  const none = { rowVersion, fourEyes: [], breakGlassMinutes: 60 }
  expect((await ana.call('PUT', '/api/safeguards', none)).json()).toMatchObject({
    code: 'approval-needed',
    detail: { preview: { what: 'safeguards', facts: { operations: [] } } },
  })
  // Nor under its own name for the operation that has a grant already.
  expect((await mia.call('PUT', '/api/safeguards', none)).json().code).toBe('not-allowed')
})

test('on the command line an export in somebody’s name needs the same approval', async () => {
  const asked = { as: mia.email, kind: 'person', format: 'csv' } as const
  await expect(exportAs(kluis.app, asked, nowhere)).rejects.toThrow(/four eyes/)
  await approve(piet, await ask(mia))
  expect((await exportAs(kluis.app, asked, nowhere)).exitCode).toBe(0)
  await expect(exportAs(kluis.app, asked, nowhere)).rejects.toThrow(/four eyes/)
})

test('where nobody is left who could agree, the operator of the host lifts it, and the ledger says who', async () => {
  expect(await kluis.app.approvals.liftFourEyes()).toEqual(['export', 'bulk-delete'])
  expect((await send(mia, EXPORT)).json().code).toBe('step-up-needed')
  const { rows } = await kluis.admin.query(
    `select actor_id from kluis_ledger.outbox where purpose = 'four-eyes-lifted'`,
  )
  expect(rows).toEqual([{ actor_id: null }])
  await kluis.admin.query(
    `update kluis.user_account set status = 'disabled', row_version = row_version + 1 where id <> $1`,
    [ana.userId],
  )
  const { rowVersion } = (await ana.call('GET', '/api/safeguards')).json()
  const alone = { rowVersion, fourEyes: ['export'], breakGlassMinutes: 60 }
  expect((await ana.call('PUT', '/api/safeguards', alone)).json()).toMatchObject({
    code: 'not-allowed',
    detail: { why: 'nobody-to-approve' },
  })
})
