/** Views and segments: who sees them, who changes them, and that nothing of a customer stands in the database. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let sam: Caller
let ben: Caller
beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp('team')
  sam = await kluis.colleague(bea, 'sales', bea.teamId)
  ben = await kluis.colleague(bea, 'sales', await kluis.newTeam('Noord'))
  for (const [familyName, city] of [
    ['Aerts', 'Gent'],
    ['Baeten', 'Gent'],
    ['Claes', 'Ieper'],
  ])
    await bea.call('POST', '/api/people', { familyName, addresses: [{ city }] })
  await ben.call('POST', '/api/people', { familyName: 'Buiten', addresses: [{ city: 'Gent' }] })
})
afterAll(() => kluis.close())

const inGent = { field: 'city', operator: 'is', values: ['Gent'] }
async function make(caller: Caller, given: object, status = 201) {
  const made = await caller.call('POST', '/api/views', { list: 'people', kind: 'view', ...given })
  expect(made.statusCode, made.body).toBe(status)
  return made.json()
}
const seen = async (caller: Caller) =>
  (await caller.call('GET', '/api/views?list=people'))
    .json()
    .items.map((one: { content: { name: string } }) => one.content.name)

test('a view is seen by its maker, by the team it is shared with, or by everyone', async () => {
  await make(bea, { content: { name: 'Alleen ik' } })
  await make(bea, { content: { name: 'Ons team' }, sharedWith: 'team' })
  const shared = await make(bea, { content: { name: 'Iedereen' }, sharedWith: 'everyone' })
  expect(await seen(bea)).toEqual(['Alleen ik', 'Ons team', 'Iedereen'])
  expect(await seen(sam)).toEqual(['Ons team', 'Iedereen'])
  expect(await seen(ben)).toEqual(['Iedereen'])
  // Everyone's view needs the right to share; a team's, to be in that team.
  await make(sam, { content: { name: 'Mag niet' }, sharedWith: 'everyone' }, 403)
  await make(sam, { content: { name: 'Mag niet' }, sharedWith: 'team', teamId: ben.teamId }, 422)
  const edit = { rowVersion: 1, content: { name: 'Van mij nu' } }
  expect((await sam.call('PATCH', `/api/views/${shared.id}`, edit)).statusCode).toBe(403)
  expect((await sam.call('DELETE', `/api/views/${shared.id}`)).statusCode).toBe(403)
})

test('a view one may not see answers as one that does not exist', async () => {
  const { id } = await make(bea, { content: { name: 'Geheim' } })
  const edit = { rowVersion: 1, content: { name: 'x' } }
  const there = await ben.call('PATCH', `/api/views/${id}`, edit)
  const nowhere = await ben.call('PATCH', `/api/views/${randomUUID()}`, edit)
  expect([there.statusCode, there.body]).toEqual([404, nowhere.body])
  expect((await ben.call('DELETE', `/api/views/${id}`)).statusCode).toBe(404)
  const asSegment = { filter: { field: 'segment', operator: 'is', values: [id] } }
  expect(
    (await ben.call('POST', '/api/people/list', asSegment)).json().detail.fields[0].problem,
  ).toBe('unknown-segment')
})

test('a view keeps columns, order, filter and groups; the second of two editors is told', async () => {
  const content = {
    name: 'Gent',
    filter: { all: [inGent] },
    sort: '-updatedAt',
    columns: [{ id: 'email', widthPx: 260 }, { id: 'city' }],
    frozen: 1,
    groupBy: 'stage',
  }
  const { id } = await make(bea, { content })
  const edit = await bea.call('PATCH', `/api/views/${id}`, {
    rowVersion: 1,
    content: { ...content, name: 'Gentenaars' },
  })
  expect(edit.json()).toMatchObject({
    rowVersion: 2,
    content: { ...content, name: 'Gentenaars', filter: { all: [inGent] } },
  })
  const stale = await bea.call('PATCH', `/api/views/${id}`, { rowVersion: 1, content })
  expect(stale.statusCode).toBe(409)
  expect(stale.json().detail.current.content.name).toBe('Gentenaars')
})

test('names and filter values of views are sealed in the database', async () => {
  await make(bea, {
    content: { name: 'Quispelbrugge', filter: { ...inGent, values: ['Zuidernieuwpolder'] } },
  })
  const { rows } = await kluis.admin.query('select saved_view::text as whole from kluis.saved_view')
  const text = rows.map(({ whole }) => whole + Buffer.from(whole).toString('hex')).join()
  for (const word of ['Quispelbrugge', 'Zuidernieuwpolder'])
    for (const form of [word, Buffer.from(word).toString('hex')]) expect(text).not.toContain(form)
})

test('a segment counts what each may see now, and filters elsewhere', async () => {
  const gent = await make(bea, {
    kind: 'segment',
    sharedWith: 'everyone',
    content: { name: 'Gent', filter: inGent },
  })
  const count = async (caller: Caller) =>
    (await caller.call('GET', '/api/views/counts?list=people'))
      .json()
      .items.find((one: { id: string }) => one.id === gent.id).count
  expect([await count(bea), await count(ben)]).toEqual([2, 1])
  await bea.call('POST', '/api/people', { familyName: 'Dewit', addresses: [{ city: 'Gent' }] })
  expect(await count(bea)).toBe(3)
  const list = async (operator: string) =>
    (
      await bea.call('POST', '/api/people/list', {
        filter: { field: 'segment', operator, values: [gent.id] },
      })
    )
      .json()
      .items.map((one: { familyName: string }) => one.familyName)
  expect(await list('is')).toEqual(['Aerts', 'Baeten', 'Dewit'])
  expect(await list('is-not')).toEqual(['Claes'])
})

test('segments in a ring are refused, and take no other count with them', async () => {
  const first = await make(bea, { kind: 'segment', content: { name: 'Een', filter: inGent } })
  const ring = { field: 'segment', operator: 'is', values: [first.id] }
  await bea.call('PATCH', `/api/views/${first.id}`, {
    rowVersion: 1,
    content: { name: 'Een', filter: ring },
  })
  const asked = await bea.call('POST', '/api/people/list', { filter: ring })
  expect(asked.json().detail.fields[0].problem).toBe('segments-in-a-ring')
  const { items } = (await bea.call('GET', '/api/views/counts?list=people')).json()
  expect(items.find((one: { id: string }) => one.id === first.id).count).toBeNull()
  expect(items.filter((one: { count: number | null }) => one.count !== null)).not.toEqual([])
})

test('a role begins with a view that everyone sees, as whoever may share views says', async () => {
  const own = await make(bea, { content: { name: 'Voor mij' } })
  const all = await make(bea, { content: { name: 'Verkoop' }, sharedWith: 'everyone' })
  const asked = { list: 'people', roleId: 'sales' }
  const set = (caller: Caller, viewId: string | null) =>
    caller.call('POST', '/api/views/default', { ...asked, viewId })
  expect((await set(sam, all.id)).statusCode).toBe(403)
  expect((await set(bea, own.id)).statusCode).toBe(422)
  expect((await set(bea, all.id)).statusCode).toBe(200)
  const first = async (caller: Caller) =>
    (await caller.call('GET', '/api/views?list=people')).json().defaultId
  expect([await first(sam), await first(bea)]).toEqual([all.id, null])
  // No longer shared, it is nobody's beginning either.
  const kept = await bea.call('PATCH', `/api/views/${all.id}`, {
    rowVersion: all.rowVersion,
    sharedWith: 'nobody',
  })
  expect(kept.statusCode, kept.body).toBe(200)
  expect(await first(sam)).toBeNull()
  // Not even once everyone sees it again: it is chosen anew or it is not.
  const { rows } = await kluis.admin.query('select from kluis.default_view where view_id = $1', [
    all.id,
  ])
  expect(rows).toEqual([])
})
