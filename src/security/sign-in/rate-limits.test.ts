import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openBlindIndex } from '#security/vault/blind-index.ts'
import {
  type Caller,
  codeNow,
  cookie,
  openTestKluis,
  type TestKluis,
} from '../../../tests/support/kluis.ts'
import { networkOf, placeKeys, waitSeconds } from './rate-limits.ts'

let kluis: TestKluis
let administrator: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  administrator = await kluis.setUp()
  // The clock stands still: on a busy machine the second one has to wait would pass between two tries.
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterAll(async () => {
  vi.useRealTimers()
  await kluis.close()
})

const from = (
  address: string,
  person: { email: string; password: string },
  cookies: Record<string, string> = {},
) =>
  kluis.app.http.inject({
    method: 'POST',
    url: '/api/sign-in',
    payload: { email: person.email, password: person.password },
    headers: { 'x-forwarded-for': address },
    cookies,
  })
const newColleague = () => kluis.colleague(administrator, 'sales', administrator.teamId)
const wrong = (person: Caller) => ({ email: person.email, password: 'fout wachtwoord' })

test('where somebody signed in can not be guessed from the database without its keys', () => {
  const organisationId = '00000000-0000-4000-8000-000000000001'
  const browser = { address: '192.0.2.7', userAgent: null, deviceToken: 'device' }
  const under = (key: string) => {
    const index = openBlindIndex(Buffer.alloc(32, key), organisationId)
    return placeKeys({ blindToken: index.token }, browser).map((token) => token.toString('hex'))
  }
  expect(under('a')).toEqual(under('a'))
  expect(new Set([...under('a'), ...under('b')])).toHaveProperty('size', 4)
})

test('the wait doubles and ends at a quarter of an hour', () => {
  expect([0, 4, 5, 6, 7, 10, 30, 4000].map((failures) => waitSeconds(failures, 5))).toEqual([
    0, 0, 1, 2, 4, 32, 900, 900,
  ])
})

test('neighbours of one network count as one, however the address is written', () => {
  expect(networkOf('203.0.113.7')).toBe(networkOf('203.0.113.200'))
  expect(networkOf('::ffff:203.0.113.7')).toBe(networkOf('203.0.113.7'))
  expect(networkOf('2001:db8::1')).toBe(networkOf('2001:db8::2'))
  expect(networkOf('2001:db8:0:1::1')).toBe(networkOf('2001:0db8:0000:0001:ffff::9'))
  expect(networkOf('2001:db8:0:1::1')).not.toBe(networkOf('2001:db8:1::1'))
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0000:0000:00')
})

test('a thousand networks guessing at one account do not keep its owner out', async () => {
  const an = await newColleague()
  // The owner works from home; the office network is not theirs.
  const device = cookie(
    await (async () => {
      const begun = await from('198.51.100.4', an)
      return kluis.app.http.inject({
        method: 'POST',
        url: '/api/sign-in/totp',
        payload: { code: codeNow(an.totpSecret, 1) },
        headers: { 'x-forwarded-for': '198.51.100.4' },
        cookies: { 'kluis-pending': cookie(begun, 'kluis-pending') },
      })
    })(),
    'kluis-device',
  )
  const codes: number[] = []
  for (let i = 0; i < 30; i++) codes.push((await from(`203.0.${i}.7`, wrong(an))).statusCode)
  // Each network is new, yet the account itself is guarded from strangers.
  expect(codes.filter((code) => code === 401)).toHaveLength(20)
  expect(codes.slice(20)).toEqual(Array(10).fill(429))
  expect((await from('203.0.200.7', an)).statusCode).toBe(429)
  // From where they signed in before, and on their own laptop anywhere.
  expect((await from('198.51.100.77', an)).statusCode).toBe(200)
  expect((await from('192.0.2.9', an, { 'kluis-device': device })).statusCode).toBe(200)
})

test('a network that tries one password on everybody is stopped, and its neighbours are not', async () => {
  const codes: number[] = []
  for (let i = 0; i < 60; i++)
    codes.push(
      (
        await from('192.88.99.5', {
          email: `iemand${i}@bureau.example`,
          password: 'Welkom in 2026 allemaal',
        })
      ).statusCode,
    )
  expect(codes.slice(0, 50)).toEqual(Array(50).fill(401))
  expect(codes.slice(50)).toEqual(Array(10).fill(429))
  expect((await from('192.88.98.5', administrator)).statusCode).toBe(200)
})

test('a hundred guesses at the same moment are no way around the count', async () => {
  const an = await newColleague()
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => from('198.51.102.1', wrong(an))),
  )
  expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(5)
})

test('who planted a device cookie is a stranger still', async () => {
  const [an, bo] = [await newColleague(), await newColleague()]
  const begun = await from('127.0.0.1', bo)
  const opened = await kluis.send(
    'POST',
    '/api/sign-in/totp',
    { code: codeNow(bo.totpSecret, 1) },
    { 'kluis-pending': cookie(begun, 'kluis-pending') },
  )
  const bosDevice = cookie(opened, 'kluis-device')
  const codes: number[] = []
  for (let i = 0; i < 25; i++)
    codes.push((await from(`203.1.${i}.7`, wrong(an), { 'kluis-device': bosDevice })).statusCode)
  expect(codes.filter((code) => code === 401)).toHaveLength(20)
})

test('waiting ends, a right answer needs no second wait, and the ledger tells of the burst once', async () => {
  const an = await newColleague()
  const browser = { address: '198.51.103.1', userAgent: null, deviceToken: undefined }
  const { signIn } = kluis.app
  const now = Date.now()
  const at = (seconds: number) => new Date(now + seconds * 1000)
  const guess = (seconds: number) =>
    signIn.password(an.email, 'fout wachtwoord', browser, at(seconds)).catch((error) => error)
  for (let i = 0; i < 5; i++) expect((await guess(0)).code).toBe('wrong-credentials')
  const refused = await guess(0.5)
  expect(refused).toMatchObject({ code: 'too-many-attempts', detail: { retryAfterSeconds: 1 } })
  expect((await guess(1)).code).toBe('wrong-credentials')
  expect((await guess(2.5)).code).toBe('too-many-attempts')
  const { token } = await signIn.password(an.email, an.password, browser, at(3.1))
  const opened = await signIn.totp(
    token,
    // Three seconds on may be the next step already; the one after it is right in both.
    codeNow(an.totpSecret, 1),
    browser,
    at(3.1),
  )
  expect(opened.sessionId).toBeTruthy()
  const { rows } = await kluis.admin.query(
    `select count(*)::int as n from kluis_ledger.outbox o where row_to_json(o)::text like '%sign-in-slowed%' and row_id = $1`,
    [an.userId],
  )
  expect(rows[0].n).toBe(1)
})

test('nobody can fill the place where half sign-ins are kept', async () => {
  const before = await from('127.0.0.1', administrator)
  for (let i = 0; i < 300; i++) await kluis.send('POST', '/api/sign-in/passkey/options')
  for (let i = 0; i < 4; i++) await from('127.0.0.1', administrator)
  const opened = await kluis.send(
    'POST',
    '/api/sign-in/totp',
    { code: codeNow(administrator.totpSecret, 1) },
    { 'kluis-pending': cookie(before, 'kluis-pending') },
  )
  expect(opened.statusCode).toBe(200)
})

test('who was told to wait and asks again at once is told so without asking PostgreSQL, for a second', async () => {
  const person = await newColleague()
  const address = '198.51.100.77'
  const guess = async () => (await from(address, wrong(person))).statusCode
  while ((await guess()) !== 429);
  await kluis.admin.query('truncate kluis_auth.attempt')
  expect(await guess()).toBe(429)
  vi.setSystemTime(Date.now() + 1_001)
  expect(await guess()).toBe(401)
})
