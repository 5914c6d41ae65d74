import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../../../tests/support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let mate: Caller
let stranger: Caller
let support: Caller
let south: string

beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp('team')
  mate = await kluis.colleague(bea, 'sales', bea.teamId)
  south = await kluis.newTeam('Zuid')
  stranger = await kluis.colleague(bea, 'sales', south)
  support = await kluis.colleague(bea, 'support', bea.teamId)
})
afterAll(() => kluis.close())

const person = async (familyName: string): Promise<string> =>
  (await bea.call('POST', '/api/people', { familyName })).json().id
const told = async (caller: Caller) =>
  (await caller.call('GET', '/api/notifications')).json().items as {
    id: string
    kind: string
    subjectName: string
    by: string
    isRead: boolean
  }[]
const unread = async (caller: Caller) =>
  (await caller.call('GET', '/api/notifications/unread')).json().unread

test('who follows a record is told of what others change, once until it was read, and not of their own', async () => {
  const id = await person('Gevolgd')
  const follow = `/api/people/${id}/follow`
  expect((await mate.call('POST', follow)).json()).toEqual({ isFollowing: true })
  expect((await mate.call('POST', follow)).statusCode).toBe(200)
  await mate.call('PATCH', `/api/people/${id}`, { rowVersion: 1, stage: 'prospect' })
  expect(await told(mate)).toEqual([])
  await bea.call('PATCH', `/api/people/${id}`, { rowVersion: 2, stage: 'customer' })
  await bea.call('POST', `/api/people/${id}/notes`, { body: 'Belde' })
  await bea.call('POST', '/api/tasks', { subject: { kind: 'person', id }, title: 'Nabellen' })
  expect(await told(mate)).toMatchObject([
    { kind: 'change', subjectName: 'Gevolgd', by: bea.userId, isRead: false },
  ])
  expect(await unread(mate)).toBe(1)
  const first = (await told(mate))[0]!.id
  expect((await mate.call('POST', '/api/notifications/read', { ids: [first] })).json()).toEqual({
    unread: 0,
  })
  await bea.call('POST', `/api/people/${id}/notes`, { body: 'Nog eens' })
  expect(await told(mate)).toHaveLength(2)
  await mate.call('DELETE', follow)
  await mate.call('POST', '/api/notifications/read', {})
  await bea.call('POST', `/api/people/${id}/notes`, { body: 'Stil' })
  expect(await unread(mate)).toBe(0)
})

test('a record that went out of sight tells its follower nothing more, not even what was told before', async () => {
  const id = await person('Weg')
  await mate.call('POST', `/api/people/${id}/follow`)
  await bea.call('POST', `/api/people/${id}/notes`, { body: 'Eerst' })
  const before = (await told(mate)).filter((one) => one.subjectName === 'Weg')
  expect(before).toHaveLength(1)
  const { rowVersion } = (await bea.call('GET', `/api/people/${id}`)).json()
  const given = { rowVersion, ownerId: stranger.userId, teamId: south, note: 'Klant verhuisde' }
  const reply = await bea.call('POST', `/api/people/${id}/hand-over`, given)
  expect(reply.json()).toEqual({ isInSight: false })
  expect((await told(mate)).filter((one) => one.subjectName === 'Weg')).toEqual([])
  await stranger.call('POST', `/api/people/${id}/notes`, { body: 'Van nu af van ons' })
  const kept = await kluis.admin.query(
    'select told_by from kluis.notification where user_id = $1 and person_id = $2',
    [mate.userId, id],
  )
  expect(kept.rows).toEqual([{ told_by: bea.userId }])
})

test('the new owner finds the record with its note, is told, and the timeline shows who gave it', async () => {
  const id = await person('Overgedragen')
  const given = {
    rowVersion: 1,
    ownerId: stranger.userId,
    teamId: south,
    note: 'Belt op **maandag**',
  }
  await bea.call('POST', `/api/people/${id}/hand-over`, given)
  expect(await told(stranger)).toContainEqual(
    expect.objectContaining({ kind: 'hand-over', subjectName: 'Overgedragen', by: bea.userId }),
  )
  const { items } = (await stranger.call('GET', `/api/people/${id}/timeline`)).json()
  expect(items.map((one: { kind: string }) => one.kind)).toEqual(
    expect.arrayContaining(['note', 'change', 'created']),
  )
  expect(items.find((one: { kind: string }) => one.kind === 'change')).toMatchObject({
    createdBy: bea.userId,
    owner: { before: bea.userId, after: stranger.userId },
    team: { before: bea.teamId, after: south },
  })
  expect((await bea.call('GET', `/api/people/${id}`)).statusCode).toBe(404)
})

test('nobody hands over what they do not see, may not edit, or changed meanwhile, nor to whom it can not be given', async () => {
  const id = await person('Blijft')
  const to = { rowVersion: 1, ownerId: mate.userId, teamId: bea.teamId }
  const path = (one: string) => `/api/people/${one}/hand-over`
  const there = await stranger.call('POST', path(id), to)
  const nowhere = await stranger.call('POST', path(randomUUID()), to)
  expect([there.statusCode, there.body]).toEqual([404, nowhere.body])
  const reader = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
  expect((await reader.call('POST', path(id), to)).statusCode).toBe(403)
  const wrong = [
    { ...to, ownerId: randomUUID() },
    { ...to, teamId: randomUUID() },
  ]
  for (const given of wrong)
    expect((await bea.call('POST', path(id), given)).json().code).toBe('invalid-fields')
  const late = await bea.call('POST', path(id), { ...to, rowVersion: 9, note: 'Te laat' })
  expect(late.json().code).toBe('changed-meanwhile')
  const numbered = await bea.call('POST', path(id), { ...to, note: '85.07.30-033.28' })
  expect(numbered.json().code).toBe('national-number-found')
  expect((await bea.call('GET', `/api/people/${id}/notes`)).json().items).toEqual([])
  expect((await support.call('POST', path(id), to)).json()).toEqual({ isInSight: true })
  expect((await bea.call('GET', `/api/people/${id}`)).json().ownerId).toBe(mate.userId)
})

test('nobody follows what they do not see, and the answer is that of a record that is not there', async () => {
  const id = await person('Onzichtbaar')
  for (const method of ['GET', 'POST', 'DELETE'] as const) {
    const there = await stranger.call(method, `/api/people/${id}/follow`)
    const nowhere = await stranger.call(method, `/api/people/${randomUUID()}/follow`)
    expect([there.statusCode, there.body]).toEqual([404, nowhere.body])
  }
})
