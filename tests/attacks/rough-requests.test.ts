import { randomUUID } from 'node:crypto'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownAddress } from '../../web/entrance/own-address.ts'
import { type Caller, ORIGIN, openTestKluis, type TestKluis } from '../support/kluis.ts'

// Requests that no screen of ours makes: none may end in a failure of ours, or lead elsewhere.
let kluis: TestKluis
let ana: Caller
let personId: string

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  await kluis.app.http.listen({ host: '127.0.0.1', port: 0 })
  personId = (await ana.call('POST', '/api/people', { familyName: 'Peeters' })).json().id
})
afterAll(() => kluis.close())

const base64 = (text: string) => Buffer.from(text).toString('base64url')
const nowhere = '00000000-0000-0000-0000-000000000000'

test.each([
  '//evil.example/x',
  '/\\evil.example',
  'http://evil.example/x',
  '//',
  '//evil.example//other.example',
])('the address by number leads to our own name only: %s', async (url) => {
  expect(new URL(await locationOf(url)).origin).toBe(ORIGIN)
})

test.each([
  '//evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\\evil.example',
  '/.//evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '@evil.example',
])('a sign-in leads to our own name only: %j', (asked) => {
  expect(new URL(ownAddress(asked, ORIGIN)).origin).toBe(ORIGIN)
})

test('a sign-in leads back to the page that asked for it', () => {
  expect(ownAddress('/people?search=an#top', ORIGIN)).toBe(`${ORIGIN}/people?search=an#top`)
  expect(ownAddress(undefined, ORIGIN)).toBe(`${ORIGIN}/people`)
})

test.each<[string, () => Promise<{ statusCode: number; body: string }>]>([
  ['a cursor of no day', () => ana.call('GET', `/api/tasks?cursor=9999-99-99_${nowhere}`)],
  [
    'a position of no instant',
    () => ana.call('GET', `/api/people?cursor=${base64(`9999-99-99 99:99:99+99 ${nowhere}`)}`),
  ],
  [
    'a position of no instant on a timeline',
    () =>
      ana.call(
        'GET',
        `/api/people/${personId}/timeline?cursor=${base64(`9999-99-99 99:99:99+99 ${nowhere}`)}`,
      ),
  ],
  ['the year nought', () => ana.call('GET', '/api/tasks?dueUntil=0000-01-01')],
  ['a team with a zero byte', () => ana.call('POST', '/api/teams', { name: 'a\u0000b' })],
  [
    'a version no row will have',
    () => ana.call('PATCH', '/api/organisation', { rowVersion: 2 ** 53 - 1 }),
  ],
])('%s is refused as a request, not as a failure of ours', async (_what, ask) => {
  const { statusCode, body } = await ask()
  expect([statusCode, JSON.parse(body).code]).toEqual([400, 'bad-request'])
})

test('a colleague or team that does not exist answers as one out of sight', async () => {
  const [owner, team] = [{ ownerId: randomUUID() }, { teamId: randomUUID() }]
  for (const change of [owner, team]) {
    const made = await ana.call('POST', '/api/people', { familyName: 'Maes', ...change })
    const changed = await ana.call('PATCH', `/api/people/${personId}`, { rowVersion: 1, ...change })
    expect([made.statusCode, changed.statusCode]).toEqual([404, 404])
  }
})

test('an id that its maker used for another kind is refused', async () => {
  const id = randomUUID()
  expect((await ana.call('POST', '/api/people', { id, familyName: 'Maes' })).statusCode).toBe(201)
  expect((await ana.call('POST', '/api/companies', { id, name: 'Maes' })).json().code).toBe(
    'already-done',
  )
})

test.each(['%00', 'a'.repeat(4_000), "' or true --"])(
  'a cookie that is no token is nobody: %s',
  async (kluisCookie) => {
    const answer = await kluis.app.http.inject({
      method: 'GET',
      url: '/api/people',
      headers: { cookie: `kluis=${kluisCookie}` },
    })
    expect(answer.statusCode).toBe(401)
  },
)

test('whoever has not signed in learns no count', async () => {
  expect((await kluis.send('GET', '/api/health')).json()).toEqual({
    status: 'ready',
    index: { isReady: true },
  })
})

/** Over a real socket: the first line of a request must arrive as an attacker writes it. */
async function locationOf(url: string): Promise<string> {
  const { port } = kluis.app.http.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.write(`GET ${url} HTTP/1.1\r\nhost: 127.0.0.1:4310\r\nconnection: close\r\n\r\n`)
  return /^location: (.*)\r$/im.exec(await text(socket))![1]!
}
