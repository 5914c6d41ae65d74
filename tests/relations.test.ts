/** What people are to each other, and companies: who sees it, how it ends, and what a merge makes of it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let ben: Caller
let both: Caller
let reader: Caller
let support: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  const other = await kluis.newTeam('Noord')
  ben = await kluis.colleague(ana, 'sales', other)
  both = await kluis.colleague(ana, 'sales', ana.teamId)
  reader = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
  support = await kluis.colleague(ana, 'support', ana.teamId)
  await kluis.admin.query('insert into kluis.team_member (team_id, user_id) values ($1, $2)', [
    other,
    both.userId,
  ])
  kluis.app.who.forgetAll()
}, 60_000)
afterAll(() => kluis.close())

type Made = { id: string; rowVersion: number }
async function make(by: Caller, given: object, path = 'people'): Promise<Made> {
  const answer = await by.call('POST', `/api/${path}`, given)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const person = (by: Caller, familyName: string) => make(by, { familyName })
const company = (by: Caller, name: string) => make(by, { name }, 'companies')
const relate = (
  by: Caller,
  of: Made,
  other: Made,
  kind: string,
  more: object = {},
  path = 'people',
) => by.call('POST', `/api/${path}/${of.id}/relations`, { otherId: other.id, kind, ...more })
const relations = async (by: Caller, of: Made, path = 'people') =>
  (await by.call('GET', `/api/${path}/${of.id}/relations`)).json()
const tree = async (by: Caller, of: Made) =>
  (await relations(by, of, 'companies')).group.map(
    ({ name, depth }: { name: string; depth: number }) => `${'-'.repeat(depth)}${name}`,
  )
async function merge(by: Caller, kept: Made, other: Made, path = 'people') {
  const version = async ({ id }: Made) =>
    (await by.call('GET', `/api/${path}/${id}`)).json().rowVersion
  return by.call('POST', `/api/${path}/merges`, {
    keptId: kept.id,
    otherId: other.id,
    keptVersion: await version(kept),
    otherVersion: await version(other),
    choices: {},
  })
}

test.each([
  ['parent', 'child'],
  ['child', 'parent'],
  ['partner', 'partner'],
  ['accountant', 'accounting-client'],
  ['client', 'adviser'],
])('whose %s somebody is, that one sees as %s', async (kind, seen) => {
  const [an, bo] = [await person(ana, 'Aerts'), await person(ana, 'Bos')]
  const made = await relate(ana, an, bo, kind, { since: '2020-01-01' })
  expect(made.statusCode, made.body).toBe(201)
  expect(made.json()).toMatchObject({ kind, otherName: 'Bos', since: '2020-01-01', isPast: false })
  expect((await relations(ana, bo)).items).toMatchObject([{ kind: seen, otherName: 'Aerts' }])
  expect((await relate(ana, an, bo, kind)).json().code).toBe('already-done')
})

test('words of one’s own name both directions, and are stored sealed', async () => {
  const [an, bo] = [await person(ana, 'Aerts'), await person(ana, 'Bos')]
  const made = await relate(ana, an, bo, 'other', { label: 'mentorin', inverseLabel: 'leerlinge' })
  expect(made.json()).toMatchObject({ label: 'mentorin', inverseLabel: 'leerlinge' })
  expect((await relations(ana, bo)).items).toMatchObject([
    { label: 'leerlinge', inverseLabel: 'mentorin' },
  ])
  const { rows } = await kluis.admin.query('select * from kluis.relation where id = $1', [
    made.json().id,
  ])
  expect(rows[0].content_sealed.includes('mentorin')).toBe(false)
  expect((await relate(ana, an, bo, 'other')).statusCode).toBe(422)
  expect((await relate(ana, an, bo, 'subsidiary')).statusCode).toBe(422)
  expect((await relate(ana, an, an, 'partner')).statusCode).toBe(422)
  const turned = { since: '2021-01-01', until: '2020-01-01' }
  expect((await relate(ana, an, bo, 'sibling', turned)).json().detail.fields).toEqual([
    { field: 'until', problem: 'before-since' },
  ])
})

test('a relation is seen by whoever sees both ends, and by nobody else in any way', async () => {
  const [mine, theirs] = [await person(ana, 'Mijn'), await person(ben, 'Hun')]
  const made = await relate(both, mine, theirs, 'partner', { livesTogether: true })
  expect(made.statusCode, made.body).toBe(201)
  const { id } = made.json()
  for (const [who, own] of [
    [ana, mine],
    [ben, theirs],
  ] as const) {
    expect(await relations(who, own)).toEqual({ items: [], household: [] })
    const timeline = (await who.call('GET', `/api/people/${own.id}/timeline`)).body
    expect(timeline).not.toContain('tie-added')
    for (const [method, body] of [
      ['PATCH', { rowVersion: 1, until: '2020-01-01' }],
      ['DELETE', undefined],
    ] as const) {
      const there = await who.call(method, `/api/people/${own.id}/relations/${id}`, body)
      const nowhere = await who.call(
        method,
        `/api/people/${own.id}/relations/${randomUUID()}`,
        body,
      )
      expect([there.statusCode, there.body]).toEqual([404, nowhere.body])
    }
  }
  const foreign = await relate(ana, mine, theirs, 'sibling')
  const missing = await relate(ana, mine, { id: randomUUID(), rowVersion: 1 }, 'sibling')
  expect([foreign.statusCode, foreign.body]).toEqual([404, missing.body])
  expect((await relations(both, mine)).items).toHaveLength(1)
  // Asked through a third record of one's own, it is not there either.
  const third = await person(both, 'Derde')
  expect((await both.call('DELETE', `/api/people/${third.id}/relations/${id}`)).statusCode).toBe(
    404,
  )
})

test.each([
  ['the privacy officer, who changes nothing', () => reader, 403],
  ['support, who may edit people', () => support, 201],
])('%s relates people as far as the role goes', async (_who, as, status) => {
  const [an, bo] = [await person(ana, 'Aerts'), await person(ana, 'Bos')]
  expect((await relate(as(), an, bo, 'sibling')).statusCode).toBe(status)
  expect((await as().call('GET', `/api/people/${an.id}/relations`)).statusCode).toBe(200)
})

test('beginning and ending stand in the timeline of both, by name', async () => {
  const [an, bo] = [await person(ana, 'Aerts'), await person(ana, 'Bos')]
  const { id } = (await relate(ana, an, bo, 'partner')).json()
  const path = `/api/people/${an.id}/relations/${id}`
  expect((await ana.call('PATCH', path, { rowVersion: 1, since: '2019-01-01' })).statusCode).toBe(
    200,
  )
  const ended = await ana.call('PATCH', path, { rowVersion: 2, until: '2024-05-01' })
  expect(ended.json()).toMatchObject({ kind: 'partner', isPast: true, since: '2019-01-01' })
  expect((await ana.call('PATCH', path, { rowVersion: 2, until: '' })).statusCode).toBe(409)
  const told = async (of: Made) =>
    (await ana.call('GET', `/api/people/${of.id}/timeline`))
      .json()
      .items.filter(({ kind }: { kind: string }) => kind === 'change')
      .map(({ what, other }: { what: string[]; other: { name: string } }) => [what[0], other.name])
  expect(await told(an)).toEqual([
    ['tie-ended', 'Bos'],
    ['tie-added', 'Bos'],
  ])
  expect(await told(bo)).toEqual([
    ['tie-ended', 'Aerts'],
    ['tie-added', 'Aerts'],
  ])
  expect((await ana.call('DELETE', path)).statusCode).toBe(200)
  expect((await told(bo))[0]).toEqual(['tie-removed', 'Aerts'])
})

test('an affiliation has a role, a department, a time and a main contact, and is past when its last day is', async () => {
  const [an, firm] = [await person(ana, 'Aerts'), await company(ana, 'Firma')]
  const made = await ana.call('POST', `/api/people/${an.id}/affiliations`, {
    companyId: firm.id,
    jobTitle: 'Inkoper',
    department: 'Aankoop',
    isMainContact: true,
  })
  expect(made.json()).toMatchObject({ department: 'Aankoop', isMainContact: true, isPast: false })
  const ended = await ana.call('PATCH', `/api/affiliations/${made.json().id}`, {
    rowVersion: 1,
    until: '2023-12-31',
  })
  expect(ended.json()).toMatchObject({ jobTitle: 'Inkoper', until: '2023-12-31', isPast: true })
  const timeline = (await ana.call('GET', `/api/companies/${firm.id}/timeline`)).json().items
  expect(timeline[0]).toMatchObject({
    what: ['tie-ended'],
    other: { kind: 'person', name: 'Aerts' },
  })
})

test('those who live together are one household, whoever of them one opens', async () => {
  const [an, bo, kid, ex] = await Promise.all(
    ['An', 'Bo', 'Kid', 'Ex'].map((name) => person(ana, name)),
  )
  await relate(ana, an!, bo!, 'partner', { livesTogether: true })
  await relate(ana, bo!, kid!, 'child', { livesTogether: true })
  await relate(ana, an!, ex!, 'partner', { livesTogether: true, until: '2015-01-01' })
  const names = async (of: Made) =>
    (await relations(ana, of)).household.map(({ name }: { name: string }) => name).sort()
  expect(await names(an!)).toEqual(['Bo', 'Kid'])
  expect(await names(kid!)).toEqual(['An', 'Bo'])
  expect(await names(ex!)).toEqual([])
})

test('a group is one tree from wherever one looks, and a hidden company parts it', async () => {
  const [top, left, right, deep] = await Promise.all(
    ['Top', 'Links', 'Rechts', 'Diep'].map((name) => company(ana, name)),
  )
  const hidden = await company(ben, 'Verborgen')
  await relate(ana, left!, top!, 'parent-company', {}, 'companies')
  await relate(ana, top!, right!, 'subsidiary', {}, 'companies')
  await relate(both, hidden, left!, 'parent-company', {}, 'companies')
  await relate(both, deep!, hidden, 'parent-company', {}, 'companies')
  expect(await tree(both, deep!)).toEqual(['Top', '-Links', '--Verborgen', '---Diep', '-Rechts'])
  expect(await tree(ana, left!)).toEqual(['Top', '-Links', '-Rechts'])
  expect(await tree(ana, deep!)).toEqual([])
  expect(JSON.stringify(await relations(ana, deep!, 'companies'))).not.toContain(hidden.id)
})

test('nobody comes to stand above themselves, also not when two colleagues make half of a ring each', async () => {
  const [a, b, c] = await Promise.all(['A', 'B', 'C'].map((name) => company(ana, name)))
  const above = (one: Made, other: Made) =>
    relate(ana, one, other, 'parent-company', {}, 'companies')
  expect((await above(a!, b!)).statusCode).toBe(201)
  expect((await above(b!, c!)).statusCode).toBe(201)
  expect((await above(c!, a!)).json().code).toBe('group-ring')
  for (let round = 0; round < 5; round++) {
    const [x, y] = [await company(ana, 'X'), await company(ana, 'Y')]
    const answers = await Promise.all([above(x, y), above(y, x)])
    expect(answers.map((one) => one.statusCode).sort()).toEqual([201, 409])
  }
  // What is over stands above nobody.
  const { id } = (await relations(ana, a!, 'companies')).items[0]
  const path = `/api/companies/${a!.id}/relations/${id}`
  expect((await ana.call('PATCH', path, { rowVersion: 1, until: '2020-01-01' })).statusCode).toBe(
    200,
  )
  expect((await above(c!, a!)).statusCode).toBe(201)
  expect(await tree(ana, a!)).toEqual(['A', '-C', '--B'])
})

test('a merge moves relations, folds doubles, drops what would tie a record to itself, and undoing gives all back', async () => {
  const [kept, other, mother, friend] = await Promise.all(
    ['Zoe', 'Zoë', 'Moeder', 'Vriend'].map((name) => person(ana, name)),
  )
  const strangers = await person(ben, 'Van Noord')
  await relate(ana, kept!, other!, 'sibling')
  await relate(ana, kept!, mother!, 'parent')
  await relate(ana, mother!, other!, 'child')
  await relate(ana, friend!, other!, 'other', { label: 'buur', inverseLabel: 'buur' })
  await relate(both, strangers, other!, 'client')
  const sight = async (who: Caller, of: Made) =>
    (await relations(who, of)).items
      .map(({ kind, otherName }: { kind: string; otherName: string }) => `${kind} ${otherName}`)
      .sort()
  const before = await Promise.all(
    [kept!, other!, mother!, friend!, strangers].map((of) => sight(both, of)),
  )
  const merged = await merge(ana, kept!, other!)
  expect(merged.statusCode, merged.body).toBe(200)
  expect(await sight(both, kept!)).toEqual(['adviser Van Noord', 'other Vriend', 'parent Moeder'])
  expect(await sight(ana, kept!)).toEqual(['other Vriend', 'parent Moeder'])
  expect(await sight(ana, mother!)).toEqual(['child Zoe'])
  expect(await sight(both, strangers)).toEqual(['client Zoe'])
  const timeline = (await ana.call('GET', `/api/people/${kept!.id}/timeline`)).json().items
  expect(timeline.filter(({ what }: { what?: string[] }) => what?.[0] === 'tie-removed')).toEqual(
    [],
  )
  const undone = await ana.call('POST', `/api/people/merges/${merged.json().id}/undo`)
  expect(undone.statusCode, undone.body).toBe(200)
  expect(
    await Promise.all([kept!, other!, mother!, friend!, strangers].map((of) => sight(both, of))),
  ).toEqual(before)
})

test('a merge that would set a company above itself is refused whole', async () => {
  const [a, b, c] = await Promise.all(['A', 'B', 'C'].map((name) => company(ana, name)))
  await relate(ana, a!, b!, 'parent-company', {}, 'companies')
  await relate(ana, b!, c!, 'parent-company', {}, 'companies')
  expect((await merge(ana, a!, c!, 'companies')).json().code).toBe('group-ring')
  expect(await tree(ana, a!)).toEqual(['C', '-B', '--A'])
})

test('affiliations of two that become one keep the longer time and both departments’ contact', async () => {
  const [kept, other, firm] = [
    await person(ana, 'Pol'),
    await person(ana, 'Paul'),
    await company(ana, 'Werk NV'),
  ]
  const tie = (of: Made, more: object) =>
    ana.call('POST', `/api/people/${of.id}/affiliations`, { companyId: firm.id, ...more })
  await tie(kept, { jobTitle: 'Inkoper', since: '2018-01-01', until: '2020-01-01' })
  await tie(other, { jobTitle: 'Chef', since: '2016-01-01', isMainContact: true, isSelf: true })
  const ties = async (of: Made) =>
    (await ana.call('GET', `/api/people/${of.id}/affiliations`)).json().items[0]
  const merged = await merge(ana, kept, other)
  expect(await ties(kept)).toMatchObject({
    jobTitle: 'Inkoper / Chef',
    since: '2016-01-01',
    until: '',
    isMainContact: true,
    isSelf: true,
  })
  await ana.call('POST', `/api/people/merges/${merged.json().id}/undo`)
  expect(await ties(kept)).toMatchObject({
    jobTitle: 'Inkoper',
    until: '2020-01-01',
    isSelf: false,
  })
  expect(await ties(other)).toMatchObject({ jobTitle: 'Chef', isMainContact: true })
})
