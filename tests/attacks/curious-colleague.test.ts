import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

// What every address answers to another team's id: every-address.test.ts. Here: lists, making, roles and endings.
let kluis: TestKluis
let ana: Caller
let ben: Caller
let support: Caller
let foreign: { id: string; rowVersion: number }

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  ben = await kluis.colleague(ana, 'sales', await kluis.newTeam('Andere ploeg'))
  support = await kluis.colleague(ana, 'support', ana.teamId)
  foreign = (
    await ana.call('POST', '/api/people', {
      givenName: 'Zoë',
      familyName: "D'Hondt",
      emails: [{ value: 'zoe@klant.example' }],
      ibans: ['BE71 0961 2345 6769'],
    })
  ).json()
  await ana.call('POST', `/api/people/${foreign.id}/notes`, { body: 'belt liefst voor negen' })
})
afterAll(() => kluis.close())

test('who has seen a foreign customer is an empty list, as for one that does not exist; asking left no trace of having seen', async () => {
  const there = await ben.call('GET', `/api/people/${foreign.id}/openings`)
  expect(there.body).toBe((await ben.call('GET', `/api/people/${randomUUID()}/openings`)).body)
  await ana.call('GET', `/api/people/${foreign.id}`)
  const seen = (await ana.call('GET', `/api/people/${foreign.id}/openings`)).json().items
  expect(seen.map(({ userId }: { userId: string }) => userId)).toEqual([ana.userId])
})

test('a list and a search show nobody of another team, and count nobody', async () => {
  expect((await ben.call('GET', '/api/people')).json()).toMatchObject({ items: [], total: 0 })
  expect((await ben.call('GET', '/api/people?search=hondt')).json()).toMatchObject({
    items: [],
    total: 0,
  })
  expect((await ana.call('GET', '/api/people?search=hondt')).json().items[0].id).toBe(foreign.id)
})

test('creating with the id of a foreign record answers as with any other id', async () => {
  const taken = await ben.call('POST', '/api/people', { id: foreign.id, familyName: 'Peeters' })
  const free = await ben.call('POST', '/api/people', { id: randomUUID(), familyName: 'Peeters' })
  expect([taken.statusCode, Object.keys(taken.json())]).toEqual([
    free.statusCode,
    Object.keys(free.json()),
  ])
  expect(taken.json().id).not.toBe(foreign.id)
  expect((await ana.call('GET', `/api/people/${foreign.id}`)).json().familyName).toBe("D'Hondt")
})

test('a role without the permission is refused, and the database refuses the same without the address', async () => {
  expect((await support.call('DELETE', `/api/people/${foreign.id}`)).statusCode).toBe(403)
  expect(
    (await support.call('POST', `/api/people/${foreign.id}/reveal`, { reason: 'x' })).statusCode,
  ).toBe(403)
  expect(
    (
      await support.call('POST', '/api/invites', {
        email: 'x@y.example',
        name: 'X',
        roleId: 'administrator',
        teamId: ana.teamId,
      })
    ).statusCode,
  ).toBe(403)
})

test('who may not reveal account numbers can not try them out against a mask either', async () => {
  const guess = (by: Caller) =>
    by.call('POST', '/api/people/duplicates', { ibans: ['BE71 0961 2345 6769'] })
  expect((await guess(ana)).json().items).toMatchObject([{ id: foreign.id, on: ['iban'] }])
  expect((await guess(support)).json().items).toEqual([])
})

test('without a session every address but those of sign-in answers 401', async () => {
  const refused = await Promise.all(
    kluis.app.routes
      .filter((route) => route.kind !== 'open')
      .map(async (route) => {
        const url = route.path.replace(/:\w+/g, randomUUID())
        return [
          url,
          (await kluis.send(route.method as 'GET', url, route.method === 'GET' ? undefined : {}))
            .statusCode,
        ]
      }),
  )
  expect(refused.length).toBeGreaterThan(15)
  expect(refused.filter(([, status]) => status !== 401)).toEqual([])
})

test('an account that is disabled sees nothing from the next request on', async () => {
  const leaver = await kluis.colleague(ana, 'sales', ana.teamId)
  expect((await leaver.call('GET', '/api/people')).json().total).toBe(1)
  await kluis.admin.query(
    `update kluis.user_account set status = 'disabled', row_version = row_version + 1 where id = $1`,
    [leaver.userId],
  )
  expect((await leaver.call('GET', `/api/people/${foreign.id}`)).statusCode).toBe(401)
})
