import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportAs } from '#crm/exchange/verbs.ts'
import { Operation } from '#security/access/contract.ts'
import { deviceOf, grantAhead, grantFor } from '../support/grants.ts'
import { type Caller, codeNow, cookie, openTestKluis, type TestKluis } from '../support/kluis.ts'
import type { Ceremony } from '../support/software-authenticator.ts'

// The attacker has a session that is not theirs, or may write any row of PostgreSQL; what they lack is the factor.
let kluis: TestKluis
let ana: Caller
let bert: Caller
const EXPORT = '/api/people/export.csv'

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  bert = await kluis.colleague(ana, 'manager', ana.teamId)
  await ana.call('POST', '/api/people', { familyName: 'Peeters' })
})
afterAll(() => kluis.close())

const send = (who: { token: string }, url: string, headers = {}) =>
  kluis.send('GET', url, undefined, { kluis: who.token }, headers)
const refusalOf = async (who: { token: string }, url = EXPORT) => (await send(who, url)).json()
const events = async (kind: string) => {
  const { rows } = await kluis.admin.query<{ actor_id: string; detail: object }>(
    'select actor_id, detail from kluis_ledger.outbox where purpose = $1 order by id',
    [kind],
  )
  return rows
}
const secondSession = async (who: Caller) => {
  const asked = await kluis.send('POST', '/api/sign-in/passkey/options')
  const device = await deviceOf(kluis, who)
  const opened = await kluis.send(
    'POST',
    '/api/sign-in/passkey',
    { credential: device.signIn(asked.json()) },
    { 'kluis-pending': cookie(asked, 'kluis-pending') },
  )
  return { ...who, token: cookie(opened, 'kluis') }
}

test('every operation is asked by an address, and what an address asks is an operation', () => {
  const asked = kluis.app.routes.flatMap(({ operation }) => operation ?? [])
  const words = asked.filter((one) => typeof one === 'string')
  const ids = Array.from({ length: 21 }, () => ana.userId)
  const told = asked.flatMap((one) =>
    typeof one === 'function'
      ? [
          one({ body: { ids, change: { kind: 'trash' } } }),
          one({ body: { status: 'disabled', change: { kind: 'untrash' }, ids: [] } }),
          one({ body: { grants: [], roles: [], change: { kind: 'untrash' }, ids: [] } }),
        ]
      : [],
  )
  expect([...new Set([...words, ...told])].filter(Boolean).sort()).toEqual(
    [...Operation.options].sort(),
  )
})

// What changes something and is about no customer's record, and why a session is enough for it.
const asksNothing: Record<string, string> = {
  'POST /api/teams': 'a new team has nobody and nothing in it',
  'PATCH /api/organisation': 'its name and language',
  'POST /api/identity-providers/:id/try': 'signs nobody in',
  'POST /api/approvals/:id/refuse': 'stops what somebody asked',
  'POST /api/approvals/:id/withdraw': 'stops what one asked oneself',
  'DELETE /api/recoveries/:id': 'stops it',
  'POST /api/break-glass/:id/end': 'ends what one sees',
  'POST /api/break-glass/:id/review': 'is kept beside what was opened, which stays',
  'POST /api/alarms/:id/review': 'is kept beside the alarm, which stays',
  'POST /api/freezes': 'shuts somebody out, which never waits',
  'POST /api/canaries': 'one alarm more',
  'POST /api/fields': 'a field that holds nothing yet',
  'POST /api/fields/order': 'in which order they stand',
  'POST /api/mail/test': 'a mail to oneself',
  'POST /api/views/default': 'which list opens first',
  'PATCH /api/session': "one's own language",
  'POST /api/sign-out': 'less access',
  'DELETE /api/sessions/:id': 'less access of oneself',
  'POST /api/sessions/sign-out-everywhere': 'less access of oneself',
  'POST /api/passkeys': 'without its first step, which asks, there is nothing to add',
  'POST /api/totp': 'without its first step, which asks, there is nothing to add',
  'PATCH /api/passkeys/:id': "what one's own passkey is called",
  'POST /api/step-up/options': 'is the question itself',
  'POST /api/step-up': 'is the answer itself',
  'POST /api/step-up/elsewhere': 'asks whether one came back',
  'POST /api/favourites': "one's own",
  'POST /api/views': 'questions, no records',
  'PATCH /api/views/:id': 'questions, no records',
  'DELETE /api/views/:id': 'questions, no records',
  'POST /api/notifications/read': "one's own",
  'PATCH /api/notifications/mail': "one's own",
  'DELETE /api/shares/:id': 'less access',
  'DELETE /api/exports/:id': 'stops it',
  'POST /api/imports': 'takes nothing out and can be taken back',
  'POST /api/imports/preview': 'writes nothing',
  'POST /api/imports/:id/pause': 'stops it for a while',
  'POST /api/imports/:id/resume': 'goes on with what was begun',
  'DELETE /api/import-mappings/:id': 'which column was which',
  'PATCH /api/keys/rotations/:id': 'how fast goes on what was begun with a grant',
  'POST /api/retained-files/:id/openings': 'is kept first, and what is opened then is recorded',
  'PUT /api/retained-files/:id/retention': 'nothing goes by it: erasing what is over asks',
  'POST /api/root-key/test': 'says of two shares that one has whether they open it; keeps nothing',
}

test('what administers asks for a grant, or it is said here why a session is enough', () => {
  const addresses = kluis.app.routes
    .filter(
      ({ kind, needs }) =>
        kind === 'write' && !/^(people|companies|notes|tasks|files):/.test(needs),
    )
    .map(({ method, path, operation }) => ({ address: `${method} ${path}`, operation }))
  expect(addresses.length).toBeGreaterThan(60)
  const silent = addresses.filter(({ operation }) => !operation).map(({ address }) => address)
  expect(silent.sort()).toEqual(Object.keys(asksNothing).sort())
})

test('a session alone exports nothing, changes no right, resets no factor, adds none and removes no long list', async () => {
  const asked: [Parameters<TestKluis['send']>[0], string, object?][] = [
    ...['csv', 'xlsx', 'vcf', 'json'].map(
      (format) => ['GET', `/api/people/export.${format}`] as const,
    ),
    ['GET', '/api/companies/export.csv'],
    ['GET', '/api/take-out'],
    ['PATCH', `/api/users/${bert.userId}`, { roleId: 'administrator' }],
    [
      'POST',
      '/api/invites',
      { email: 'x@y.be', name: 'X', roleId: 'administrator', teamId: ana.teamId },
    ],
    ['PATCH', '/api/rights/roles/sales', { rowVersion: 1, grants: [] }],
    ['POST', '/api/rights/roles', { name: 'Nieuw', copyOf: 'administrator' }],
    ['DELETE', '/api/rights/roles/sales'],
    ['PATCH', `/api/teams/${bert.teamId}`, { rowVersion: 1, parentId: null }],
    ['POST', `/api/imports/${bert.userId}/revert`, { changedSince: 'keep' }],
    ['POST', '/api/password', { password: 'een heel nieuw wachtwoord 71' }],
    ['POST', `/api/users/${bert.userId}/reset-factor`, { reason: 'toestel verloren' }],
    ['POST', '/api/passkeys/options'],
    ['POST', '/api/totp/options'],
    ['DELETE', `/api/passkeys/${bert.userId}`],
    ['POST', '/api/recovery-codes'],
    [
      'POST',
      '/api/people/bulk',
      { ids: Array.from({ length: 21 }, () => ana.userId), change: { kind: 'trash' } },
    ],
  ].map((one) => one as [Parameters<TestKluis['send']>[0], string, object?])
  for (const [method, url, body] of asked) {
    const answer = await kluis.send(method, url, body, { kluis: ana.token })
    expect([url, answer.statusCode, answer.json().code]).toEqual([url, 403, 'step-up-needed'])
  }
})

test('a grant is good once, for who made it, and the ledger has its making and its use', async () => {
  const headers = await grantAhead(kluis, bert, 'GET', EXPORT)
  expect((await send(bert, EXPORT, headers)).statusCode).toBe(200)
  expect((await send(bert, EXPORT, headers)).json().code).toBe('step-up-needed')
  expect((await events('step-up')).at(-1)).toMatchObject({
    actor_id: bert.userId,
    detail: { operation: 'export', factor: 'passkey' },
  })
  expect((await events('step-up-used')).at(-1)).toMatchObject({
    actor_id: bert.userId,
    detail: { operation: 'export' },
  })
})

test('of twenty requests with one grant at once exactly one passes', async () => {
  const headers = await grantAhead(kluis, ana, 'GET', EXPORT)
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(ana, EXPORT, headers)))
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1)
  expect(answers.filter(({ statusCode }) => statusCode === 403)).toHaveLength(19)
})

test('a grant for one request is none for another address, operation or body', async () => {
  const headers = await grantAhead(kluis, ana, 'GET', EXPORT)
  for (const other of ['/api/companies/export.csv', '/api/people/export.json', '/api/take-out'])
    expect((await send(ana, other, headers)).json().code).toBe('step-up-needed')
  const patch = (roleId: string, more = {}) =>
    kluis.send('PATCH', `/api/users/${bert.userId}`, { roleId }, { kluis: ana.token }, more)
  expect((await patch('sales', headers)).json().code).toBe('step-up-needed')
  const sales = (await patch('sales')).json().detail
  const granted = { 'kluis-grant': await grantFor(kluis, ana, sales) }
  expect((await patch('administrator', granted)).json().code).toBe('step-up-needed')
  expect((await patch('sales', granted)).statusCode).toBe(200)
  await ana.call('PATCH', `/api/users/${bert.userId}`, { roleId: 'manager' })
  // Nothing of this took the grant away from what it is for; the number under which it is followed is no part of it.
  expect((await send(ana, `${EXPORT}?export=${ana.userId}`, headers)).statusCode).toBe(200)
})

test("another session, a colleague's or one's own, does nothing with a grant", async () => {
  const headers = await grantAhead(kluis, ana, 'GET', EXPORT)
  expect((await send(bert, EXPORT, headers)).json().code).toBe('step-up-needed')
  const second = await secondSession(ana)
  expect((await send(second, EXPORT, headers)).json().code).toBe('step-up-needed')
  await kluis.send('POST', '/api/sign-out', {}, { kluis: second.token })
  expect((await send(ana, EXPORT, headers)).statusCode).toBe(200)
})

test('a grant ends after five minutes, and the database takes no longer one', async () => {
  const headers = await grantAhead(kluis, ana, 'GET', EXPORT)
  const hash = createHash('sha256').update(headers['kluis-grant']).digest()
  const { rows } = await kluis.admin.query(
    `select extract(epoch from expires_at - made_at)::int as lasts from kluis_auth.step_up where token_hash = $1`,
    [hash],
  )
  expect(rows).toEqual([{ lasts: 300 }])
  await expect(
    kluis.admin.query(`update kluis_auth.step_up set expires_at = now() + interval '1 hour'`),
  ).rejects.toThrow(/step_up_check/)
  await kluis.admin.query(
    `update kluis_auth.step_up set made_at = made_at - interval '301 s', expires_at = expires_at - interval '301 s' where token_hash = $1`,
    [hash],
  )
  expect((await send(ana, EXPORT, headers)).json().code).toBe('step-up-needed')
})

test('a grant ends with its session', async () => {
  const second = await secondSession(ana)
  const headers = await grantAhead(kluis, second, 'GET', EXPORT)
  await kluis.send('POST', '/api/sign-out', {}, { kluis: second.token })
  kluis.app.who.forgetAll()
  expect((await send(second, EXPORT, headers)).statusCode).toBe(401)
})

test('a grant that is written into the table grants nothing, nor one that is turned to another request', async () => {
  const { request } = (await refusalOf(ana)).detail
  const token = 'x'.repeat(65)
  const session = await kluis.admin.query(
    'select id from kluis_auth.session where token_hash = $1',
    [createHash('sha256').update(ana.token).digest()],
  )
  await kluis.admin.query(
    `insert into kluis_auth.step_up (id, token_hash, session_id, user_id, operation, request, factor)
     values (gen_random_uuid(), $1, $2, $3, 'export', $4, 'passkey')`,
    [
      createHash('sha256').update(token).digest(),
      session.rows[0].id,
      ana.userId,
      Buffer.from(request, 'base64url'),
    ],
  )
  expect((await send(ana, EXPORT, { 'kluis-grant': token })).json().code).toBe('step-up-needed')
  // Her own, honestly made for one thing, and turned to another past the program.
  const own = await grantAhead(kluis, ana, 'GET', '/api/companies/export.csv')
  await kluis.admin.query('update kluis_auth.step_up set request = $1 where token_hash = $2', [
    Buffer.from(request, 'base64url'),
    createHash('sha256').update(own['kluis-grant']).digest(),
  ])
  expect((await send(ana, EXPORT, own)).json().code).toBe('step-up-needed')
})

test.each<[string, Ceremony]>([
  ['nobody was verified on the device', { isVerified: false }],
  ['it was made for another name', { rpId: 'kluis.example' }],
  ['it came from another site', { origin: 'https://kluis.example' }],
])('no grant is made when %s', async (_, ceremony) => {
  expect((await proveWith(ana, ana, {}, ceremony)).json().code).toBe('wrong-credentials')
})

/** Answers the challenge of `asked`, as the session of `who`, with the device of `owner`. */
async function proveWith(who: Caller, owner: Caller, changed: object, ceremony: Ceremony = {}) {
  const { operation, request } = (await refusalOf(who)).detail
  await deviceOf(kluis, who)
  const cookies = { kluis: who.token }
  const guarded = { operation, request }
  const begun = await kluis.send('POST', '/api/step-up/options', guarded, cookies)
  const { ceremony: word, options } = begun.json().passkey
  const credential = (await deviceOf(kluis, owner)).signIn(options, ceremony)
  const proof = { kind: 'passkey', ceremony: word, credential }
  return kluis.send('POST', '/api/step-up', { ...guarded, ...changed, proof }, cookies)
}

test("a challenge is for one request of one session, and a colleague's passkey proves nothing", async () => {
  const other = (await refusalOf(ana, '/api/take-out')).detail.request
  expect((await proveWith(ana, ana, { request: other })).json().code).toBe('sign-in-expired')
  expect((await proveWith(ana, ana, { operation: 'change-rights' })).json().code).toBe(
    'sign-in-expired',
  )
  expect((await proveWith(ana, bert, {})).json().code).toBe('wrong-credentials')
  const second = await secondSession(ana)
  const { operation, request } = (await refusalOf(ana)).detail
  const begun = await kluis.send(
    'POST',
    '/api/step-up/options',
    { operation, request },
    { kluis: ana.token },
  )
  const { ceremony, options } = begun.json().passkey
  const proof = {
    kind: 'passkey',
    ceremony,
    credential: (await deviceOf(kluis, ana)).signIn(options),
  }
  const prove = (token: string) =>
    kluis.send('POST', '/api/step-up', { operation, request, proof }, { kluis: token })
  expect((await prove(second.token)).json().code).toBe('sign-in-expired')
  expect((await prove(ana.token)).statusCode).toBe(200)
  expect((await prove(ana.token)).json().code).toBe('sign-in-expired')
  await kluis.send('POST', '/api/sign-out', {}, { kluis: second.token })
})

test('an answer to a sign-in makes no grant, and an answer to a step-up opens no session', async () => {
  const guarded = (({ operation, request }) => ({ operation, request }))(
    (await refusalOf(ana)).detail,
  )
  const device = await deviceOf(kluis, ana)
  const entrance = await kluis.send('POST', '/api/sign-in/passkey/options')
  const pending = cookie(entrance, 'kluis-pending')
  const proof = { kind: 'passkey', ceremony: pending, credential: device.signIn(entrance.json()) }
  const cookies = { kluis: ana.token }
  const tried = await kluis.send('POST', '/api/step-up', { ...guarded, proof }, cookies)
  expect(tried.json().code).toBe('sign-in-expired')
  const ways = await kluis.send('POST', '/api/step-up/options', guarded, cookies)
  const { ceremony, options } = ways.json().passkey
  const signIn = await kluis.send(
    'POST',
    '/api/sign-in/passkey',
    { credential: device.signIn(options) },
    { 'kluis-pending': ceremony },
  )
  expect(signIn.json().code).toBe('sign-in-expired')
})

test('without a passkey it takes password and code, both right, and a code is spent by it', async () => {
  const carl = await kluis.colleague(ana, 'manager', ana.teamId)
  const { operation, request } = (await refusalOf(carl)).detail
  const cookies = { kluis: carl.token }
  const ways = await kluis.send('POST', '/api/step-up/options', { operation, request }, cookies)
  expect(ways.json()).toEqual({
    ...{ passkey: null, hasTotp: true, mayRecover: false, provider: null },
  })
  const prove = (password: string, code: string) =>
    kluis.send(
      'POST',
      '/api/step-up',
      { operation, request, proof: { kind: 'totp', password, code } },
      cookies,
    )
  const code = codeNow(carl.totpSecret, 1)
  expect((await prove('een ander wachtwoord', code)).json().code).toBe('second-factor-wrong')
  expect((await prove(carl.password, '000000')).json().code).toBe('second-factor-wrong')
  const granted = await prove(carl.password, code)
  expect(granted.statusCode, granted.body).toBe(200)
  expect((await prove(carl.password, code)).json().code).toBe('second-factor-wrong')
  const headers = { 'kluis-grant': granted.json().grant }
  expect((await send(carl, EXPORT, headers)).statusCode).toBe(200)
})

test('whoever has a passkey is not talked into a code', async () => {
  const { operation, request } = (await refusalOf(ana)).detail
  await deviceOf(kluis, ana)
  const cookies = { kluis: ana.token }
  const ways = await kluis.send('POST', '/api/step-up/options', { operation, request }, cookies)
  expect(ways.json()).toMatchObject({ hasTotp: false, mayRecover: false })
  const proof = { kind: 'totp', password: ana.password, code: codeNow(ana.totpSecret, 1) }
  const tried = await kluis.send('POST', '/api/step-up', { operation, request, proof }, cookies)
  expect(tried.json().code).toBe('second-factor-wrong')
})

test('a recovery code replaces a lost factor and does nothing else', async () => {
  const dora = await kluis.colleague(ana, 'manager', ana.teamId)
  const codes = (await dora.call('POST', '/api/recovery-codes')).json().recoveryCodes as string[]
  const prove = async (url: string, method: 'GET' | 'POST') => {
    const cookies = { kluis: dora.token }
    const { operation, request } = (
      await kluis.send(method, url, method === 'POST' ? {} : undefined, cookies)
    ).json().detail
    const proof = { kind: 'recovery', password: dora.password, code: codes[0] }
    return kluis.send('POST', '/api/step-up', { operation, request, proof }, cookies)
  }
  expect((await prove(EXPORT, 'GET')).json().code).toBe('second-factor-wrong')
  expect((await prove('/api/passkeys/options', 'POST')).statusCode).toBe(200)
  expect((await prove('/api/passkeys/options', 'POST')).json().code).toBe('second-factor-wrong')
})

test('guessing slows down the session that guesses, and no other session of its owner', async () => {
  const eva = await kluis.colleague(ana, 'manager', ana.teamId)
  const { operation, request } = (await refusalOf(eva)).detail
  const prove = (token: string, code: string) =>
    kluis.send(
      'POST',
      '/api/step-up',
      { operation, request, proof: { kind: 'totp', password: eva.password, code } },
      { kluis: token },
    )
  const codes: string[] = []
  // Each is slower than the last until one has to wait, however slow the machine is.
  while (codes.at(-1) !== 'too-many-attempts' && codes.length < 40)
    codes.push((await prove(eva.token, '000000')).json().code)
  expect(codes.slice(0, 5)).toEqual(Array(5).fill('second-factor-wrong'))
  expect(codes.at(-1)).toBe('too-many-attempts')
  const own = await kluis.app.signIn.openOperatorSession(eva.email, 'test', new Date())
  const elsewhere = await prove(own.token.reveal(), codeNow(eva.totpSecret, 1))
  expect(elsewhere.statusCode, elsewhere.body).toBe(200)
})

test('an operator on the host proves it by the socket, and the ledger says so', async () => {
  const done = await exportAs(
    kluis.app,
    { as: ana.email, kind: 'person', format: 'csv' },
    async () => {},
  )
  expect(done.exitCode).toBe(0)
  expect((await events('step-up')).at(-1)).toEqual({
    actor_id: ana.userId,
    detail: { operation: 'export', factor: 'operator-socket' },
  })
  expect((await events('step-up-used')).at(-1)!.actor_id).toBe(ana.userId)
})

test('a download by link brings its grant in a cookie that scripts and other sites do not reach', async () => {
  const { operation, request } = (await refusalOf(ana)).detail
  const guarded = { operation, request }
  const cookies = { kluis: ana.token }
  const ways = await kluis.send('POST', '/api/step-up/options', guarded, cookies)
  const { ceremony, options } = ways.json().passkey
  const proof = {
    kind: 'passkey',
    ceremony,
    credential: (await deviceOf(kluis, ana)).signIn(options),
  }
  const granted = await kluis.send(
    'POST',
    '/api/step-up',
    { ...guarded, proof, isForDownload: true },
    cookies,
  )
  expect(granted.json()).toEqual({ grant: null })
  const given = granted.cookies.find(({ name }) => name === 'kluis-grant')
  expect(given).toMatchObject({ httpOnly: true, sameSite: 'Strict', maxAge: 300 })
  const withCookie = { ...cookies, 'kluis-grant': given!.value }
  expect((await kluis.send('GET', EXPORT, undefined, withCookie)).statusCode).toBe(200)
  expect((await kluis.send('GET', EXPORT, undefined, withCookie)).statusCode).toBe(403)
})
