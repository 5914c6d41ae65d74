import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { deserialize } from 'node:v8'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FrameReader, frameOf } from '#platform/frames.ts'
import { Hidden } from '#platform/hidden.ts'
import { type KeeperLink, openKeeperLink } from '#security/keeper/link.ts'
import { type Listening, listenKeeper } from '#security/keeper/listen.ts'
import { readOutcomes } from '#security/keeper/opened.ts'
import { ASK_BYTES_MAX, type Said } from '#security/keeper/protocol.ts'
import { buildWeb } from '../src/web.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let sam: Caller
let path: string
let listening: Listening
let link: KeeperLink
let person: { id: string }

beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp('owner')
  sam = await kluis.colleague(bea, 'sales', bea.teamId)
  path = join(kluis.directory, 'keeper.sock')
  listening = await listenKeeper(path, kluis.app.peer)
  link = await openKeeperLink(path, 5_000)
  person = (
    await bea.call('POST', '/api/people', { givenName: 'Wilhelmina', familyName: 'Kanarie' })
  ).json()
})
afterAll(async () => {
  link.close()
  await listening.close()
  await kluis.close()
})

const opening = (ids: string[], more: object = {}) => ({
  purpose: 'test',
  ask: {
    table: 'person' as const,
    sealedClass: 'contact' as const,
    ids,
    purpose: 'dossier' as const,
    record: 'dossier' as const,
    ...more,
  },
})

/** A connection that says whatever it likes. */
async function strange(): Promise<{ socket: Socket; heard: Said[]; closed: Promise<unknown> }> {
  const socket = connect(path)
  const heard: Said[] = []
  const reader = new FrameReader(2 ** 30, (body) => heard.push(deserialize(body) as Said))
  socket.on('data', (piece) => reader.push(piece))
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  while (heard.length === 0) await wait(2)
  return { socket, heard, closed }
}

test('the web process works over the socket as it does in one process', async () => {
  const own = await openKeeperLink(path, 5_000)
  const { http, close } = await buildWeb({
    link: own,
    origin: kluis.origin,
    webRoot: '',
    log: () => {},
  })
  const send = (method: 'GET' | 'POST', url: string, body?: object) =>
    http.inject({ method, url, cookies: { kluis: bea.token }, ...(body ? { payload: body } : {}) })
  const made = await send('POST', '/api/people', { givenName: 'Xaveria', familyName: 'Overdraad' })
  expect(made.statusCode).toBe(201)
  // Found at once, and by a question of another kind.
  const found = (await send('GET', '/api/people?search=overdr')).json()
  expect(found.items.map((one: { id: string }) => one.id)).toEqual([made.json().id])
  const shown = (await send('GET', `/api/people/${made.json().id}`)).json()
  expect(shown.givenName).toBe('Xaveria')
  const session = (await send('GET', '/api/session')).json()
  expect(session.user.email).toBe(bea.email)
  await close()
})

test.each([
  ['bytes that are no question', frameOf(Buffer.from('hello'))],
  ['a question nobody knows', frameOf(Buffer.from('{"seq":1,"name":"keys","ask":{}}'))],
  ['a name of the prototype', frameOf(Buffer.from('{"seq":1,"name":"constructor","ask":{}}'))],
  ['a frame longer than is taken', Buffer.from([0xff, 0xff, 0xff, 0xff])],
])('%s end that connection and no other', async (_, bytes) => {
  const { socket, closed } = await strange()
  socket.write(bytes)
  await closed
  expect((await link.ask('who', { token: bea.token }))?.userId).toBe(bea.userId)
})

test('a question in the wrong form is refused, and the connection goes on', async () => {
  const { socket, heard } = await strange()
  const ask = (seq: number, name: string, given: unknown) =>
    socket.write(frameOf(Buffer.from(JSON.stringify({ seq, name, ask: given }))))
  ask(1, 'open', { token: bea.token, ...opening(['not an id']) })
  ask(2, 'open', { token: bea.token, ...opening([person.id], { sealed: 'S1M=' }) })
  ask(3, 'openRecords', {
    token: bea.token,
    purpose: 'test',
    ask: { ...opening([person.id]).ask, classes: ['contact'], also: ['id; drop table'] },
  })
  ask(4, 'who', { token: bea.token })
  while (heard.length < 5) await wait(2)
  const said = heard
    .slice(1)
    .sort((a, b) => (a as { seq: number }).seq - (b as { seq: number }).seq)
  for (const one of said.slice(0, 3))
    expect(one).toMatchObject({ problem: { code: 'bad-request' } })
  expect(said[3]).toMatchObject({ reply: { userId: bea.userId } })
  socket.destroy()
})

test('beside what is opened only columns that are readable are told, and functions of the row that are declared', async () => {
  const { sealedClass: _, ...ask } = opening([person.id]).ask
  const beside = (name: string) =>
    link.ask('openRecords', {
      token: bea.token,
      purpose: 'test',
      ask: { ...ask, classes: ['contact'], also: ['id', name] },
    })
  expect(await beside('photo_id')).toContain('Wilhelmina')
  // PostgreSQL would take these for columns too where the table stands before them: the whole row in one word.
  for (const name of ['to_jsonb', 'row_to_json', 'contact_sealed'])
    await expect(beside(name)).rejects.toThrow('its log says why')
})

test('it opens for the session that is named, and records it though the web process would not', async () => {
  const opened = async (token: string) =>
    readOutcomes(await link.ask('open', { token, ...opening([person.id]) }))
  expect((await opened(bea.token)).get(person.id)).toMatchObject({
    kind: 'open',
    value: { givenName: 'Wilhelmina' },
  })
  const { rows } = await kluis.admin.query(
    `select user_id from kluis.opening where purpose = 'dossier' and $1 = any (subject_ids)`,
    [person.id],
  )
  expect(rows.map((row) => row.user_id)).toContain(bea.userId)
  // A colleague who does not see the record gets what a missing one gives.
  expect((await opened(sam.token)).size).toBe(0)
})

test.each([
  ['no token', ''],
  ['a token of the right form that nobody has', 'A'.repeat(65)],
])('whoever has %s is answered nothing', async (_, token) => {
  await expect(link.ask('open', { token, ...opening([person.id]) })).rejects.toMatchObject({
    code: 'not-signed-in',
  })
  await expect(
    link.ask('query', { token, query: { kind: 'person', limit: 5 } as never }),
  ).rejects.toMatchObject({ code: 'not-signed-in' })
})

test('secrets of sign-in are neither opened nor sealed at this door', async () => {
  for (const table of ['password', 'totp', 'invite', 'session', 'approval'] as const)
    await expect(
      link.ask('open', { token: bea.token, ...opening([person.id], { table }) }),
    ).rejects.toMatchObject({ code: 'not-found' })
  const target = {
    table: 'password' as const,
    sealedClass: 'secret' as const,
    rowId: person.id,
    subjectId: bea.userId,
    keySlot: 0,
    sealCounter: 1,
  }
  await expect(link.ask('seal', { batch: [{ target, value: 'x' }] })).rejects.toMatchObject({
    code: 'not-found',
  })
  const name = { ...target, table: 'user_account' as const, sealedClass: 'profile' as const }
  await expect(link.ask('seal', { batch: [{ target: name, value: {} }] })).rejects.toMatchObject({
    code: 'not-found',
  })
  // Nor is a customer sealed under the organisation's key, which would open for more than its own.
  const person_ = { ...target, table: 'person' as const, sealedClass: 'contact' as const }
  await expect(link.ask('seal', { batch: [{ target: person_, value: {} }] })).rejects.toMatchObject(
    { code: 'bad-request' },
  )
})

test.each(['session', 'grant', 'api-key', 'approval', 'canary', 'account-email'])(
  'what the vault says of %s it says to nobody outside',
  async (column) => {
    await expect(
      link.ask('blindTokens', { asked: [{ column, value: 'x' }] }),
    ).rejects.toMatchObject({ code: 'bad-request' })
  },
)

test('a scope that is sent along is not believed', async () => {
  const everything = { everything: true, userId: bea.userId, teamIds: [bea.teamId], shared: [] }
  const query = { kind: 'person' as const, limit: 100, scope: everything, text: 'wilhelmina' }
  const asked = async (token: string) => (await link.ask('query', { token, query }))?.ids
  expect(await asked(bea.token)).toEqual([person.id])
  expect(await asked(sam.token)).toEqual([])
})

test('which record is a canary is told to whoever manages them alone', async () => {
  await expect(
    link.ask('canariesAmong', { token: sam.token, ids: [person.id] }),
  ).rejects.toMatchObject({ code: 'not-allowed' })
  await expect(link.ask('newCanary', { token: sam.token })).rejects.toMatchObject({
    code: 'not-allowed',
  })
})

test('another token is given only where one is due', async () => {
  expect(await link.ask('rotateSession', { token: bea.token })).toBeUndefined()
})

test('what is opened unseen is held to what the role may list in an hour, and leaves no trace where none is asked', async () => {
  await kluis.admin.query(
    `update kluis.budget set hour_soft = 2, hour_hard = 3, day_soft = 2, day_hard = 3, row_version = row_version + 1
     where role_id = 'sales' and kind in ('listed', 'exported')`,
  )
  const ids: string[] = []
  for (let i = 0; i < 4; i++)
    ids.push((await sam.call('POST', '/api/people', { givenName: `Los ${i}` })).json().id)
  const unseen = async (some: string[]) =>
    readOutcomes(
      await link.ask('open', {
        token: sam.token,
        ...opening(some, { purpose: 'import', record: 'none', isUnseen: true }),
      }),
    )
  const traces = async () =>
    (await kluis.admin.query('select count(*)::int as n from kluis.opening')).rows[0].n
  const before = await traces()
  expect((await unseen(ids.slice(0, 3))).size).toBe(3)
  // The same ones again are no more customers.
  expect((await unseen(ids.slice(0, 2))).size).toBe(2)
  await expect(unseen(ids.slice(3))).rejects.toMatchObject({ code: 'over-budget' })
  // As README and threat model say: these leave no trace. What is to be recorded leaves one, unseen or not.
  expect(await traces()).toBe(before)
  const recorded = opening(ids.slice(0, 3), { isUnseen: true, purpose: 'export', record: 'export' })
  await link.ask('open', { token: sam.token, ...recorded })
  expect(await traces()).toBe(before + 1)
})

test('questions of one turn travel together, and the answers find who asked', async () => {
  const asked = Array.from({ length: 200 }, (_, i) =>
    i % 2 ? link.ask('who', { token: bea.token }) : link.ask('who', { token: sam.token }),
  )
  const users = (await Promise.all(asked)).map((who) => who?.userId)
  expect(users).toEqual(users.map((_, i) => (i % 2 ? bea.userId : sam.userId)))
})

test('a statement that fails fails for who asked it, and for nobody who asked in the same turn', async () => {
  const { ask } = opening([person.id])
  const { sealedClass, ...bare } = ask
  const failing = link.ask('openRecords', {
    token: bea.token,
    purpose: 'test',
    ask: { ...bare, classes: [sealedClass], also: ['id', 'no_such_column'] },
  })
  const fine = link.ask('open', { token: bea.token, ...opening([person.id]) })
  const traces = async () =>
    (await kluis.admin.query('select count(*)::int as n from kluis.opening')).rows[0].n
  const before = await traces()
  await expect(failing).rejects.toMatchObject({ code: '42703' })
  expect(readOutcomes(await fine).get(person.id)).toMatchObject({ kind: 'open' })
  expect(await traces()).toBe(before + 1)
})

test('who somebody is stays known while others write, and is asked anew as soon as it changed', async () => {
  const own = await openKeeperLink(path, 5_000)
  let asked = 0
  const ask = own.ask.bind(own)
  own.ask = (name, given) => {
    if (name === 'who' && 'token' in given && given.token === sam.token) asked++
    return ask(name, given)
  }
  const { http, who, close } = await buildWeb({
    ...{ link: own, origin: kluis.origin, webRoot: '', log: () => {} },
  })
  const bySam = async () => who.find(new Hidden(sam.token), now)
  const byBea = async (url: string, payload: object) =>
    (await http.inject({ method: 'PATCH', url, payload, cookies: { kluis: bea.token } })).statusCode
  const now = Date.now()
  await bySam()
  const { rowVersion } = (await bea.call('GET', '/api/search')).json()
  const searched = { rowVersion, isContentSearched: false }
  expect(await byBea('/api/search', searched)).toBe(200)
  await bySam()
  expect(asked).toBe(1)
  expect(await byBea('/api/session', { language: 'en' })).toBe(200)
  await bySam()
  expect(asked).toBe(2)
  await close()
})

test('while the keeper is away a question waits; when it is back it is answered, and what is used up only once is not asked twice', async () => {
  const own = await openKeeperLink(path, 5_000)
  await listening.close()
  while (own.isConnected) await wait(5)
  const waiting = own.ask('who', { token: bea.token })
  await wait(50)
  listening = await listenKeeper(path, kluis.app.peer)
  expect((await waiting)?.userId).toBe(bea.userId)
  own.close()
  await expect(own.ask('who', { token: bea.token })).rejects.toMatchObject({
    code: 'keeper-unavailable',
    status: 503,
  })
})

test('more than a frame may hold is never sent', async () => {
  const { socket, closed } = await strange()
  const head = Buffer.alloc(4)
  head.writeUInt32BE(ASK_BYTES_MAX + 1)
  socket.write(head)
  await closed
})
