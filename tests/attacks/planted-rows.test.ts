import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, cookie, openTestKluis, type TestKluis } from '../support/kluis.ts'
import { SoftwareAuthenticator } from '../support/software-authenticator.ts'

// The attacker may write any row of PostgreSQL, as its administrator, and asks the program at its own addresses.
let kluis: TestKluis
let ana: Caller
let mallory: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  mallory = await kluis.colleague(ana, 'support', await kluis.newTeam('Andere ploeg'))
  await ana.call('POST', '/api/people', { familyName: 'Peeters' })
})
afterAll(() => kluis.close())

const statusOf = async (token: string) =>
  (await kluis.send('GET', '/api/people', undefined, { kluis: token })).statusCode
const hashOf = (token: string) => createHash('sha256').update(token).digest()

const sixtyFive = 'x'.repeat(65)

test.each(['planted', sixtyFive])(
  'a session that is written into the table opens nothing: %s',
  async (token) => {
    await kluis.admin.query(
      `insert into kluis_auth.session (token_hash, user_id, kind, factor, idle_seconds, expires_at)
     values ($1, $2, 'user', 'password+totp', 5400, now() + interval '1 hour')`,
      [hashOf(token), ana.userId],
    )
    expect(await statusOf(token)).toBe(401)
  },
)

test("a session that is given to somebody else opens nothing, not even its owner's", async () => {
  const own = await kluis.app.signIn.openOperatorSession(mallory.email, 'test', new Date())
  const give = (userId: string) =>
    kluis.admin.query('update kluis_auth.session set user_id = $1 where id = $2', [
      userId,
      own.sessionId,
    ])
  expect(await statusOf(own.token.reveal())).toBe(200)
  await give(ana.userId)
  kluis.app.who.forgetAll()
  expect(await statusOf(own.token.reveal())).toBe(401)
  await give(mallory.userId)
  expect(await statusOf(own.token.reveal())).toBe(200)
})

test('the hash of an own session, put in the place of a foreign one, opens nothing', async () => {
  const [own, foreign] = await Promise.all(
    [mallory, ana].map(({ email }) =>
      kluis.app.signIn.openOperatorSession(email, 'test', new Date()),
    ),
  )
  await kluis.admin.query('update kluis_auth.session set token_hash = $1 where id = $2', [
    hashOf('elsewhere'),
    own!.sessionId,
  ])
  await kluis.admin.query('update kluis_auth.session set token_hash = $1 where id = $2', [
    hashOf(own!.token.reveal()),
    foreign!.sessionId,
  ])
  expect(await statusOf(own!.token.reveal())).toBe(401)
})

test('an invitation that is written into the table leads nowhere', async () => {
  await kluis.admin.query(
    `insert into kluis_auth.invite (token_hash, user_id, expires_at) values ($1, $2, now() + interval '1 day')`,
    [hashOf(sixtyFive), ana.userId],
  )
  const seen = await kluis.send('GET', `/api/join/${sixtyFive}`)
  const begun = await kluis.send('POST', `/api/join/${sixtyFive}`, {
    name: 'Mallory',
    password: 'paard batterij nietje correct',
    language: 'nl',
  })
  expect([seen.json().code, begun.json().code]).toEqual(['link-used', 'link-used'])
})

test('an own invitation that is turned to a colleague leads nowhere', async () => {
  const reset = await ana.call('POST', `/api/users/${mallory.userId}/reset-factor`, {
    reason: 'toestel verloren op de trein',
  })
  const path = new URL(reset.json().link).pathname
  await kluis.admin.query(
    'update kluis_auth.invite set user_id = $1 where user_id = $2 and used_at is null',
    [ana.userId, mallory.userId],
  )
  expect((await kluis.send('GET', `/api${path}`)).json().code).toBe('link-used')
  await kluis.admin.query(
    'update kluis_auth.invite set user_id = $2 where user_id = $1 and used_at is null',
    [ana.userId, mallory.userId],
  )
  expect((await kluis.send('GET', `/api${path}`)).statusCode).toBe(200)
})

test('an own password and code that are moved to a colleague sign nobody in', async () => {
  const eve = await kluis.colleague(ana, 'support', mallory.teamId)
  await kluis.admin.query('set session_replication_role = replica')
  for (const table of ['password', 'totp']) {
    await kluis.admin.query(`delete from kluis_auth.${table} where user_id = $1`, [mallory.userId])
    await kluis.admin.query(`update kluis_auth.${table} set user_id = $1 where user_id = $2`, [
      mallory.userId,
      eve.userId,
    ])
  }
  await kluis.admin.query('reset session_replication_role')
  const moved = await kluis.send('POST', '/api/sign-in', {
    email: mallory.email,
    password: eve.password,
  })
  expect(moved.json().code).toBe('record-damaged')
})

test('a recovery code that is written into the table is none', async () => {
  const finn = await kluis.colleague(ana, 'support', mallory.teamId)
  await kluis.admin.query(
    'insert into kluis_auth.recovery_code (user_id, code_hash) values ($1, $2)',
    [finn.userId, hashOf(`${finn.userId} aaaaabbbbb`)],
  )
  const half = await kluis.send('POST', '/api/sign-in', {
    email: finn.email,
    password: finn.password,
  })
  const pending = { 'kluis-pending': cookie(half, 'kluis-pending') }
  const tried = await kluis.send('POST', '/api/sign-in/recovery', { code: 'aaaaa-bbbbb' }, pending)
  expect(tried.json().code).toBe('second-factor-wrong')
})

test('an own passkey that is moved to a colleague, or planted anew, signs nobody in', async () => {
  const gus = await kluis.colleague(ana, 'support', mallory.teamId)
  const device = new SoftwareAuthenticator()
  const options = await gus.call('POST', '/api/passkeys/options')
  const added = await kluis.send(
    'POST',
    '/api/passkeys',
    { name: '', credential: device.register(options.json()) },
    { kluis: gus.token, 'kluis-pending': cookie(options, 'kluis-pending') },
  )
  expect(added.statusCode).toBe(201)
  const signIn = async () => {
    const asked = await kluis.send('POST', '/api/sign-in/passkey/options')
    return kluis.send(
      'POST',
      '/api/sign-in/passkey',
      { credential: device.signIn(asked.json()) },
      { 'kluis-pending': cookie(asked, 'kluis-pending') },
    )
  }
  expect((await signIn()).statusCode).toBe(200)
  for (const change of [`user_id = '${ana.userId}'`, `user_id = '${gus.userId}', proof = null`]) {
    await kluis.admin.query(`update kluis_auth.passkey set ${change} where credential_id = $1`, [
      device.credentialId,
    ])
    expect((await signIn()).json().code).toBe('wrong-credentials')
  }
})
