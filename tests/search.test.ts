import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Describe, describeAgain } from '#crm/index-loader.ts'
import { describePerson } from '#crm/people/contact.ts'
import { openDatabase } from '#platform/db.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let ben: Caller
beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp('team')
  ben = await kluis.colleague(bea, 'sales', await kluis.newTeam('Noord'))
  for (const [givenName, familyName, city] of [
    ['Anneleen', 'Van den Broeck', 'Gent'],
    ['Zoë', "D'Hondt", 'Gent'],
    ['Jan', 'de Vries', 'Utrecht'],
    ['Piet', 'Peeters', 'Aalst'],
  ])
    await bea.call('POST', '/api/people', {
      givenName,
      familyName,
      tags: familyName === 'Peeters' ? ['vip'] : [],
      stage: familyName === 'Peeters' ? 'customer' : 'lead',
      addresses: [{ city }],
    })
  await bea.call('POST', '/api/companies', { name: 'Bakkerij De Korenaar', tags: ['brood'] })
  await ben.call('POST', '/api/people', { givenName: 'Ben', familyName: 'Buiten' })
  await kluis.app.startWork()
}, 60_000)
afterAll(() => kluis.close())

const names = async (caller: Caller, query: string) =>
  (await caller.call('GET', `/api/people?${query}`))
    .json()
    .items.map((one: { displayName: string }) => one.displayName)

test.each([
  ['vandenbroek', ['Anneleen Van den Broeck']],
  ['zoe dhondt', ["Zoë D'Hondt"]],
  ['peetres', ['Piet Peeters']],
  ['utrecht', ['Jan de Vries']],
  ['niemand', []],
])('%s finds the right people', async (text, expected) => {
  expect(await names(bea, `search=${text}`)).toEqual(expected)
})

test('nothing found, it tells who is called nearly so, and only of those one may see', async () => {
  const closest = async (caller: Caller, address: string) =>
    (await caller.call('GET', address))
      .json()
      .closest.map((one: { displayName: string }) => one.displayName)
  expect(await closest(bea, '/api/people?search=pietres')).toEqual(['Piet Peeters'])
  expect(await closest(ben, '/api/people?search=pietres')).toEqual([])
  expect(await closest(bea, '/api/people?search=peeters')).toEqual([])
  expect(await closest(bea, '/api/companies?search=korrenoar bv')).toEqual(['Bakkerij De Korenaar'])
  const question = { search: 'pietres', limit: 5 }
  const found = (await bea.call('POST', '/api/people/list', question)).json()
  expect(found).toMatchObject({ total: 0, items: [], closest: [{ displayName: 'Piet Peeters' }] })
})

test('a list goes on from its cursor, in the same order, and ends', async () => {
  const seen: string[] = []
  let cursor = ''
  do {
    const page = (await bea.call('GET', `/api/people?limit=2&sort=name&cursor=${cursor}`)).json()
    expect(page.total).toBe(4)
    expect(Buffer.from(page.nextCursor ?? '', 'base64url').toString('latin1')).not.toMatch(/hondt/i)
    seen.push(...page.items.map((one: { displayName: string }) => one.displayName))
    cursor = page.nextCursor
  } while (cursor)
  expect(seen).toEqual(['Anneleen Van den Broeck', "Zoë D'Hondt", 'Piet Peeters', 'Jan de Vries'])
})

test('a cursor of another question or person is refused', async () => {
  const { nextCursor } = (await bea.call('GET', '/api/people?limit=2')).json()
  for (const [caller, query] of [
    [ben, `limit=2&cursor=${nextCursor}`],
    [bea, `limit=2&stage=lead&cursor=${nextCursor}`],
    [bea, 'cursor=onzin'],
  ] as const)
    expect((await caller.call('GET', `/api/people?${query}`)).statusCode).toBe(400)
})

test('filters are joined, several values of one are alternatives, and facets count what is seen', async () => {
  expect(await names(bea, 'city=Gent')).toHaveLength(2)
  expect(await names(bea, 'city=Gent&city=Aalst&stage=customer')).toEqual(['Piet Peeters'])
  expect(await names(bea, 'tag=vip')).toEqual(['Piet Peeters'])
  const facets = (await bea.call('GET', '/api/people/facets')).json()
  expect(facets.city).toEqual([
    { value: 'Gent', count: 2 },
    { value: 'Aalst', count: 1 },
    { value: 'Utrecht', count: 1 },
  ])
  expect(facets.stage[0]).toEqual({ value: 'lead', count: 3 })
  expect((await ben.call('GET', '/api/people/facets')).json().city).toEqual([])
  expect(await names(ben, '')).toEqual(['Ben Buiten'])
})

test('companies are searched the same way', async () => {
  const page = (await bea.call('GET', '/api/companies?search=korenar')).json()
  expect(page.items[0]).toMatchObject({ displayName: 'Bakkerij De Korenaar', tags: ['brood'] })
  expect((await ben.call('GET', '/api/companies?search=korenaar')).json().total).toBe(0)
})

test('a similar name is told while a person is being typed, but only of those one may see', async () => {
  const asked = { name: 'Piet Peetres' }
  expect((await bea.call('POST', '/api/people/duplicates', asked)).json().items).toMatchObject([
    { displayName: 'Piet Peeters', on: ['name'] },
  ])
  expect((await ben.call('POST', '/api/people/duplicates', asked)).json().items).toEqual([])
})

test('killed, lists go on from the database, and the index comes back by itself', async () => {
  process.kill(kluis.app.index.processId!, 'SIGKILL')
  while (kluis.app.index.isReady) await wait(5)
  const meanwhile = (await bea.call('GET', '/api/people?limit=3')).json()
  expect(meanwhile).toMatchObject({ isIndexReady: false, total: null })
  expect(meanwhile.items).toHaveLength(3)
  const rest = (await bea.call('GET', `/api/people?limit=3&cursor=${meanwhile.nextCursor}`)).json()
  expect(rest).toMatchObject({ nextCursor: null })
  expect(rest.items).toHaveLength(1)
  for (let i = 0; !kluis.app.index.isReady && i < 500; i++) await wait(20)
  expect(await names(bea, 'search=vandenbroek')).toEqual(['Anneleen Van den Broeck'])
}, 20_000)

describe('what people wrote', () => {
  const withNote = { filter: { field: 'note.body', operator: 'contains', values: ['citroen'] } }
  const state = async () => (await bea.call('GET', '/api/search')).json()
  const until = async (contents: string) => {
    for (let i = 0; (await state()).contents !== contents && i < 500; i++) await wait(20)
    return state()
  }
  const change = async (isContentSearched: boolean) => {
    const { rowVersion } = await state()
    return bea.call('PATCH', '/api/search', { rowVersion, isContentSearched })
  }
  const asked = async () => bea.call('POST', '/api/people/list', withNote)

  test('is let go when its search is switched off, refused with the reason, and found again when it is on', async () => {
    const [person] = (await bea.call('GET', '/api/people?search=hondt')).json().items
    const notes = `/api/people/${person.id}/notes`
    await bea.call('POST', notes, { body: 'Houdt van **citroentaart**' })
    for (let i = 0; (await asked()).json().total !== 1 && i < 200; i++) await wait(20)
    expect((await state()).texts).toBeGreaterThan(0)

    expect((await change(false)).json()).toMatchObject({ isContentSearched: false })
    expect(await until('off')).toMatchObject({ texts: 0, textBytes: 0 })
    const refused = await asked()
    expect(refused.statusCode).toBe(422)
    expect(refused.json().detail.fields).toMatchObject([{ problem: 'content-off' }])
    // Names are found as before, and what is written meanwhile is not taken in.
    expect(await names(bea, 'search=dhondt')).toEqual(["Zoë D'Hondt"])
    await bea.call('POST', notes, { body: 'En van citroensorbet' })
    expect((await state()).texts).toBe(0)

    await change(true)
    expect((await until('on')).texts).toBeGreaterThan(1)
    expect((await asked()).json().total).toBe(1)
  })

  test('of a joint dossier is found under nobody, and under its person once it moved there', async () => {
    const [one, other] = (await bea.call('GET', '/api/people?search=gent')).json().items
    const parties = [one, other].map(({ id }) => ({ personId: id, role: 'partner' }))
    const joint = (await bea.call('POST', '/api/joint-dossiers', { parties })).json()
    const places = { person: one, joint_dossier: joint }
    const found = async (): Promise<string[]> => {
      const filter = { field: 'note.body', operator: 'contains', values: ['kwikstaart'] }
      const { items } = (await bea.call('POST', '/api/people/list', { filter })).json()
      return items.map(({ id }: { id: string }) => id)
    }
    const foundUntil = (ids: string[]) =>
      expect.poll(found, { timeout: 20_000, interval: 20 }).toEqual(ids)
    const { id } = (
      await bea.call('POST', `/api/people/${one.id}/notes`, { body: 'Zag een kwikstaart' })
    ).json()
    await foundUntil([one.id])
    for (const [rowVersion, kind, ids] of [
      [1, 'joint_dossier', []],
      [2, 'person', [one.id]],
    ] as const) {
      const to = { kind, id: places[kind].id }
      const moved = await bea.call('POST', `/api/notes/${id}/move`, { rowVersion, to })
      expect(moved.statusCode, moved.body).toBe(200)
      await foundUntil([...ids])
    }
  })

  test('is not held by a process that is started while it is off', async () => {
    await change(false)
    await until('off')
    process.kill(kluis.app.index.processId!, 'SIGKILL')
    while (kluis.app.index.isReady) await wait(5)
    for (let i = 0; !kluis.app.index.isReady && i < 500; i++) await wait(20)
    expect(await state()).toMatchObject({ contents: 'off', texts: 0, indexProgress: 1 })
    expect((await asked()).json().detail.fields).toMatchObject([{ problem: 'content-off' }])
    await change(true)
    await until('on')
  }, 20_000)

  test('is switched by whoever manages the organisation, and by one of two at once', async () => {
    const { rowVersion } = await state()
    const body = { rowVersion, isContentSearched: false }
    expect((await ben.call('PATCH', '/api/search', body)).statusCode).toBe(403)
    expect((await ben.call('GET', '/api/search')).statusCode).toBe(403)
    const stale = await bea.call('PATCH', '/api/search', { ...body, rowVersion: rowVersion - 1 })
    expect(stale.json()).toMatchObject({ code: 'changed-meanwhile' })
  })
})

test('of those who fit as well, whom one opened last comes first, on every page', async () => {
  const { teamIds } = (await bea.call('GET', '/api/session')).json().user
  const cas = await kluis.colleague(bea, 'sales', teamIds[0])
  for (const givenName of ['Amy', 'Bo', 'Cor', 'Dee'])
    await cas.call('POST', '/api/people', { givenName, familyName: 'Zwart' })
  const before = (await bea.call('GET', '/api/people?search=zwart')).json().items
  await bea.call('GET', `/api/people/${before[2].id}`)
  const seen: string[] = []
  for (let cursor = ''; cursor !== null; ) {
    const page = (await bea.call('GET', `/api/people?search=zwart&limit=1&cursor=${cursor}`)).json()
    seen.push(...page.items.map((one: { displayName: string }) => one.displayName))
    cursor = page.nextCursor
  }
  expect(seen).toEqual(['Cor Zwart', 'Amy Zwart', 'Bo Zwart', 'Dee Zwart'])
})

// Last: it signs the indexer in anew, and nothing follows the ledger any more.
test('who is removed while every record is described anew is found and counted no more', async () => {
  const { index, vault, signIn } = kluis.app
  const db = openDatabase({
    connection: { ...inject('postgres'), database: kluis.databaseName },
    role: 'kluis_keeper',
    maxConnections: 1,
  })
  const scope = { everything: true, userId: bea.userId, teamIds: [] }
  const before = (await index.query({ kind: 'person', scope, limit: 10 }))!
  const [gone] = before.ids
  const { token } = await signIn.openIndexerSession(new Date())
  const describing: Describe = {
    person: (row, contact) => {
      // It was read with its page, and goes before the page is put in.
      if (row.id === gone) index.remove('person', [row.id])
      return describePerson(row, contact, kluis.app.fields.tableOf('person'))
    },
    company: () => {
      throw new Error('only people are described')
    },
  }
  await describeAgain({ db, token, vault, index, describe: describing }, 'person')
  const after = (await index.query({ kind: 'person', scope, limit: 10 }))!
  expect(after.ids.toSorted()).toEqual(before.ids.filter((id) => id !== gone).toSorted())
  expect(after.total).toBe(before.total - 1)
  await db.close()
})
