import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let ben: Caller
let support: Caller
let north: string
beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp('team')
  north = await kluis.newTeam('Noord')
  ben = await kluis.colleague(bea, 'sales', north)
  support = await kluis.colleague(bea, 'support', bea.teamId)
}, 60_000)
afterAll(() => kluis.close())

const make = async (caller: Caller, familyName: string, more: object = {}) =>
  (await caller.call('POST', '/api/people', { familyName, ...more })).json()
const show = async (id: string, caller = bea) =>
  (await caller.call('GET', `/api/people/${id}`)).json()
const bulk = async (caller: Caller, ids: string[], change: object) =>
  (await caller.call('POST', '/api/people/bulk', { ids, change })).json()

test('many are changed at once, told one by one, and changed back', async () => {
  const people = await Promise.all(
    ['Aerts', 'Bogaert', 'Claes'].map((name) => make(bea, name, { tags: ['oud'] })),
  )
  const ids = people.map((one) => one.id)
  const foreign = await make(ben, 'Vreemd')
  const done = await bulk(bea, [...ids, foreign.id, randomUUID()], {
    kind: 'add-tag',
    tag: 'beurs',
  })
  expect(done.changed).toBe(3)
  expect(done.results.slice(3).map((one: { outcome: string }) => one.outcome)).toEqual([
    'not-found',
    'not-found',
  ])
  expect((await show(ids[0])).tags).toEqual(['oud', 'beurs'])
  expect((await bea.call('GET', '/api/people?tag=beurs')).json().total).toBe(3)
  expect((await bulk(bea, ids, { kind: 'add-tag', tag: 'beurs' })).changed).toBe(0)
  const before = done.results
    .slice(0, 3)
    .map((one: { id: string; before: object }) => ({ id: one.id, ...one.before }))
  expect((await bulk(bea, ids, { kind: 'restore', before })).changed).toBe(3)
  expect((await show(ids[1])).tags).toEqual(['oud'])
  expect((await show(foreign.id, ben)).tags).toEqual([])
})

test('stage, owner, team and trash in bulk; each finds its way into the list at once', async () => {
  const ids = (await Promise.all(['Dierickx', 'Elsen'].map((name) => make(bea, name)))).map(
    (one) => one.id,
  )
  expect((await bulk(bea, ids, { kind: 'stage', stage: 'former' })).changed).toBe(2)
  expect((await bea.call('GET', '/api/people?stage=former')).json().total).toBe(2)
  expect((await bulk(bea, ids, { kind: 'owner', ownerId: support.userId })).changed).toBe(2)
  expect((await show(ids[0])).ownerId).toBe(support.userId)
  expect((await bulk(bea, ids, { kind: 'trash' })).changed).toBe(2)
  expect((await bea.call('GET', '/api/people?stage=former')).json().total).toBe(0)
  expect((await bea.call('GET', '/api/people?deleted=true')).json().total).toBe(2)
  expect((await bulk(bea, ids, { kind: 'untrash' })).changed).toBe(2)
})

test('bulk change is held to the rights of each change', async () => {
  const { id } = await make(bea, 'Fransen')
  const refused = await support.call('POST', '/api/people/bulk', {
    ids: [id],
    change: { kind: 'trash' },
  })
  expect(refused.statusCode).toBe(403)
  expect((await bulk(support, [id], { kind: 'stage', stage: 'customer' })).changed).toBe(1)
})

test('companies change in bulk too', async () => {
  const company = (await bea.call('POST', '/api/companies', { name: 'Bulk BV' })).json()
  const reply = await bea.call('POST', '/api/companies/bulk', {
    ids: [company.id],
    change: { kind: 'add-tag', tag: 'groothandel' },
  })
  expect(reply.json().changed).toBe(1)
  expect((await bea.call('GET', '/api/companies?tag=groothandel')).json().total).toBe(1)
})

test('a person works at a company, as something else later, and then no more', async () => {
  const person = await make(bea, 'Hermans', { givenName: 'Hilde' })
  const company = (await bea.call('POST', '/api/companies', { name: 'Drukkerij Inkt' })).json()
  const path = `/api/people/${person.id}/affiliations`
  const made = await bea.call('POST', path, { companyId: company.id, jobTitle: 'Boekhouder' })
  expect(made.statusCode).toBe(201)
  expect((await bea.call('POST', path, { companyId: company.id })).statusCode).toBe(422)
  expect((await bea.call('GET', `/api/companies/${company.id}/affiliations`)).json().items).toEqual(
    [expect.objectContaining({ personName: 'Hilde Hermans', jobTitle: 'Boekhouder' })],
  )
  const { id } = made.json()
  const changed = await bea.call('PATCH', `/api/affiliations/${id}`, {
    rowVersion: 1,
    jobTitle: 'Zaakvoerder',
  })
  expect(changed.json()).toMatchObject({ jobTitle: 'Zaakvoerder', companyName: 'Drukkerij Inkt' })
  expect(
    (await bea.call('PATCH', `/api/affiliations/${id}`, { rowVersion: 1, jobTitle: 'X' }))
      .statusCode,
  ).toBe(409)
  for (const method of ['PATCH', 'DELETE'] as const) {
    const body = method === 'PATCH' ? { rowVersion: 2, jobTitle: 'X' } : undefined
    const there = await ben.call(method, `/api/affiliations/${id}`, body)
    const nowhere = await ben.call(method, `/api/affiliations/${randomUUID()}`, body)
    expect([there.statusCode, there.body]).toEqual([404, nowhere.body])
  }
  const own = await make(ben, 'Eigen')
  const foreign = { companyId: company.id }
  const refused = await ben.call('POST', `/api/people/${own.id}/affiliations`, foreign)
  expect(refused.statusCode).toBe(404)
  expect((await bea.call('DELETE', `/api/affiliations/${id}`)).statusCode).toBe(200)
  expect((await bea.call('GET', path)).json().items).toEqual([])
})

test('who comes back to a company, or has two jobs there, is tied to it for each; the same job twice at one time is refused', async () => {
  const person = await make(bea, 'Ilegems')
  const company = (await bea.call('POST', '/api/companies', { name: 'Drukkerij Inkt' })).json()
  const path = `/api/people/${person.id}/affiliations`
  const tie = (more: object) => bea.call('POST', path, { companyId: company.id, ...more })
  const first = await tie({ jobTitle: 'Zetter', since: '2010-01-01', until: '2015-06-30' })
  expect(first.statusCode, first.body).toBe(201)
  const back = await tie({ jobTitle: 'zetter', since: '2020-01-01' })
  expect(back.statusCode, back.body).toBe(201)
  const second = await tie({ jobTitle: 'Preventieadviseur', since: '2020-01-01' })
  expect(second.statusCode, second.body).toBe(201)
  const overlapping = [
    { jobTitle: 'Zetter', since: '2015-06-30', until: '2016-01-01' },
    { jobTitle: 'Zetter' },
    { since: '2024-01-01' },
  ]
  for (const given of overlapping)
    expect((await tie(given)).json().detail.fields).toEqual([
      { field: 'since', problem: 'tie-overlaps' },
    ])
  const moved = { rowVersion: 1, until: '' }
  const stretched = await bea.call('PATCH', `/api/affiliations/${first.json().id}`, moved)
  expect(stretched.json().detail.fields).toMatchObject([{ problem: 'tie-overlaps' }])
  const { items } = (await bea.call('GET', `/api/companies/${company.id}/affiliations`)).json()
  expect(items.map((one: { jobTitle: string }) => one.jobTitle)).toEqual([
    'Zetter',
    'zetter',
    'Preventieadviseur',
  ])
  // A place between that came free is not taken again by two at once.
  await bea.call('DELETE', `/api/affiliations/${back.json().id}`)
  const both = await Promise.all([
    tie({ jobTitle: 'Zetter', since: '2021-01-01' }),
    tie({ jobTitle: 'Zetter', since: '2021-01-01' }),
  ])
  expect(both.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1)
})

test('a note on a company is changed by its version and removed; others never touch it', async () => {
  const company = (await bea.call('POST', '/api/companies', { name: 'Notitie NV' })).json()
  const path = `/api/companies/${company.id}/notes`
  const note = (await bea.call('POST', path, { body: 'Belt vrijdag' })).json()
  const edit = { rowVersion: 1, body: 'Belt maandag' }
  const there = await ben.call('PATCH', `/api/notes/${note.id}`, edit)
  const nowhere = await ben.call('PATCH', `/api/notes/${randomUUID()}`, edit)
  expect([there.statusCode, there.body]).toEqual([404, nowhere.body])
  expect((await ben.call('DELETE', `/api/notes/${note.id}`)).statusCode).toBe(404)
  expect((await ben.call('GET', path)).statusCode).toBe(404)
  expect((await bea.call('PATCH', `/api/notes/${note.id}`, edit)).json()).toMatchObject({
    body: 'Belt maandag',
    rowVersion: 2,
  })
  expect((await bea.call('PATCH', `/api/notes/${note.id}`, edit)).statusCode).toBe(409)
  const number = { rowVersion: 2, body: 'rijksregister 85.07.30-033.28' }
  expect((await bea.call('PATCH', `/api/notes/${note.id}`, number)).json().code).toBe(
    'national-number-found',
  )
  expect((await bea.call('GET', path)).json().items[0].body).toBe('Belt maandag')
  expect((await bea.call('DELETE', `/api/notes/${note.id}`)).statusCode).toBe(200)
  expect((await bea.call('GET', path)).json().items).toEqual([])
})

test('account numbers are shown with a reason only; the reason is kept, sealed, and told', async () => {
  const person = await make(bea, 'Iban', { ibans: ['BE68539007547034'] })
  const path = `/api/people/${person.id}/reveal`
  for (const body of [{}, { reason: '  ' }])
    expect((await bea.call('POST', path, body)).statusCode).toBe(422)
  const shown = await bea.call('POST', path, { reason: 'Terugbetaling nazien' })
  expect(shown.json().ibans).toEqual(['BE68539007547034'])
  const seen = (await bea.call('GET', `/api/people/${person.id}/openings`)).json()
  expect(seen.reveals).toEqual([
    expect.objectContaining({ userId: bea.userId, reason: 'Terugbetaling nazien' }),
  ])
  const { rows } = await kluis.admin.query('select content_sealed from kluis.reveal')
  expect(rows.map((row) => row.content_sealed.toString('latin1')).join()).not.toContain('Terug')
})

test('one damaged record stands in its list, closed, and the others beside it', async () => {
  const { id } = await make(bea, 'Jansen', { givenName: 'Stuk' })
  // Found once, so that it is damaged after the index has read it.
  expect((await bea.call('GET', '/api/people?search=jansen')).json().items).toHaveLength(1)
  await kluis.admin.query(`set session_replication_role = replica`)
  await kluis.admin.query(
    `update kluis.person set contact_sealed = set_byte(contact_sealed, octet_length(contact_sealed) - 1, get_byte(contact_sealed, octet_length(contact_sealed) - 1) # 1) where id = $1`,
    [id],
  )
  await kluis.admin.query(`set session_replication_role = origin`)
  const page = await bea.call('GET', '/api/people?search=jansen')
  expect(page.json().items).toEqual([
    expect.objectContaining({ id, displayName: '', closed: 'damaged' }),
  ])
  expect((await bulk(bea, [id], { kind: 'add-tag', tag: 'x' })).results[0]).toMatchObject({
    outcome: 'closed',
  })
})
