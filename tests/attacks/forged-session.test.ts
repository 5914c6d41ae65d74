import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, codeNow, cookie, openTestKluis, type TestKluis } from '../support/kluis.ts'

let kluis: TestKluis
let ana: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
})
afterAll(() => kluis.close())

const signIn = (password: string, email = ana.email) =>
  kluis.send('POST', '/api/sign-in', { email, password })

test('the right password alone opens nothing', async () => {
  const half = await signIn(ana.password)
  expect(half.json()).toEqual({ next: 'totp' })
  expect(half.cookies.map((one) => one.name)).toEqual(['kluis-pending'])
  for (const name of ['kluis', 'kluis-pending']) {
    expect(
      (await kluis.send('GET', '/api/people', undefined, { [name]: cookie(half, 'kluis-pending') }))
        .statusCode,
    ).toBe(401)
  }
})

test('a code is good once', async () => {
  const first = await signIn(ana.password)
  const code = codeNow(ana.totpSecret, 1)
  expect(
    (
      await kluis.send(
        'POST',
        '/api/sign-in/totp',
        { code },
        { 'kluis-pending': cookie(first, 'kluis-pending') },
      )
    ).statusCode,
  ).toBe(200)
  const second = await signIn(ana.password)
  expect(
    (
      await kluis.send(
        'POST',
        '/api/sign-in/totp',
        { code },
        { 'kluis-pending': cookie(second, 'kluis-pending') },
      )
    ).json().code,
  ).toBe('second-factor-wrong')
})

test('who knew the old password, or was about to sign in, begins again after a change or a sign-out everywhere', async () => {
  const leo = await kluis.colleague(ana, 'support', ana.teamId)
  const next = 'een heel andere lange zin'
  const halfWay = async (password: string) => {
    const half = await signIn(password, leo.email)
    expect(half.statusCode).toBe(200)
    return () =>
      kluis.send(
        'POST',
        '/api/sign-in/totp',
        { code: codeNow(leo.totpSecret, 1) },
        { 'kluis-pending': cookie(half, 'kluis-pending') },
      )
  }
  const beforeChange = await halfWay(leo.password)
  const change = { currentPassword: leo.password, password: next }
  expect((await leo.call('POST', '/api/password', change)).statusCode).toBe(200)
  expect((await beforeChange()).json().code).toBe('sign-in-expired')
  const beforeEnd = await halfWay(next)
  expect((await leo.call('POST', '/api/sessions/sign-out-everywhere')).statusCode).toBe(200)
  expect((await beforeEnd()).json().code).toBe('sign-in-expired')
  expect((await (await halfWay(next))()).statusCode).toBe(200)
})

test('an unknown account and a wrong password get the same bytes', async () => {
  expect((await signIn('verkeerd wachtwoord')).body).toBe(
    (await signIn('verkeerd wachtwoord', 'niemand@bureau.example')).body,
  )
})

test('a database that holds only hashes gives no token to present', async () => {
  const { rows } = await kluis.admin.query(
    `select encode(token_hash, 'hex') as hex, encode(token_hash, 'base64') as base64, id from kluis_auth.session`,
  )
  for (const forged of [rows[0].hex, rows[0].base64, rows[0].id]) {
    expect((await kluis.send('GET', '/api/people', undefined, { kluis: forged })).statusCode).toBe(
      401,
    )
  }
})

test('a session that idled, expired or was ended is nobody', async () => {
  const half = await signIn(ana.password)
  const { rows: codes } = await kluis.admin.query(
    'select count(*)::int as n from kluis_auth.recovery_code where used_at is null and user_id = $1',
    [ana.userId],
  )
  expect(codes[0].n).toBe(10)
  const opened = await kluis.app.signIn.openOperatorSession(ana.email, 'test', new Date())
  const ask = async () =>
    (await kluis.send('GET', '/api/session', undefined, { kluis: opened.token.reveal() }))
      .statusCode
  expect(await ask()).toBe(200)
  for (const change of [
    `last_seen_at = now() - interval '7 hours'`,
    `expires_at = now()`,
    `revoked_at = now()`,
  ]) {
    await kluis.admin.query('begin')
    await kluis.admin.query(`update kluis_auth.session set ${change} where id = $1`, [
      opened.sessionId,
    ])
    await kluis.admin.query('commit')
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    expect(await ask()).toBe(401)
    await kluis.admin.query(
      `update kluis_auth.session set last_seen_at = now(), expires_at = now() + interval '1 hour', revoked_at = null where id = $1`,
      [opened.sessionId],
    )
  }
  expect(half.statusCode).toBe(200)
})

test("another site can not act in the visitor's name", async () => {
  const foreign = await kluis.app.http.inject({
    method: 'POST',
    url: '/api/sign-out',
    cookies: { kluis: ana.token },
    headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    payload: {},
  })
  expect(foreign.json().code).toBe('wrong-origin')
  expect((await ana.call('GET', '/api/session')).statusCode).toBe(200)
})

test('guessing is slowed for the guesser and not for the owner elsewhere', async () => {
  const from = (address: string, password: string) =>
    kluis.app.http.inject({
      method: 'POST',
      url: '/api/sign-in',
      payload: { email: ana.email, password },
      headers: { 'x-forwarded-for': address },
    })
  const codes: number[] = []
  for (let i = 0; i < 8; i++)
    codes.push((await from('203.0.113.7', `fout wachtwoord ${i}`)).statusCode)
  expect(codes).toContain(429)
  expect((await from('198.51.100.9', ana.password)).statusCode).toBe(200)
})
