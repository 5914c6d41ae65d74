/** Filters over sealed fields and over what hangs on records, asked as the screens ask them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let ben: Caller
const ids: Record<string, string> = {}

beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp('team')
  ben = await kluis.colleague(bea, 'sales', await kluis.newTeam('Noord'))
  const soon = new Date(Date.now() + 3 * 86_400_000)
  const people: [string, Record<string, unknown>][] = [
    [
      'Aerts',
      {
        givenName: 'Zoë',
        emails: [{ value: 'zoe@gmail.com' }, { value: 'zoe@werk.be' }],
        phones: [{ value: '0475 12 34 56' }],
        addresses: [{ street: 'Koningsstraat 1', postalCode: '9000', city: 'Gent' }],
        birthday: `1980-${soon.toISOString().slice(5, 10)}`,
        tags: ['vip'],
        stage: 'customer',
        reference: 'K-100',
      },
    ],
    ['Baeten', { addresses: [{ city: 'gent' }], company: 'Kaas NV', birthday: '1990-06-01' }],
    ['Claes', { emails: [{ value: 'claes@werk.be' }], addresses: [{ city: 'Ieper' }] }],
    ['Dewit', { tags: ['vip', 'beurs'], language: 'fr' }],
  ]
  for (const [familyName, given] of people) {
    const made = await bea.call('POST', '/api/people', { familyName, ...given })
    expect(made.statusCode, made.body).toBe(201)
    ids[familyName] = made.json().id
  }
  const company = (
    await bea.call('POST', '/api/companies', {
      name: 'Kaasmakerij',
      addresses: [{ city: 'Brugge' }],
      employeeCount: 12,
    })
  ).json()
  const bakery = await bea.call('POST', '/api/companies', { name: 'Bakkerij', employeeCount: 30 })
  const mill = await bea.call('POST', '/api/companies', { name: 'Molen' })
  ids.Bakkerij = bakery.json().id
  ids.Molen = mill.json().id
  ids.Kaasmakerij = company.id
  await bea.call('POST', `/api/people/${ids.Claes}/affiliations`, {
    companyId: company.id,
    jobTitle: 'Zaakvoerder',
    department: 'Directie',
    isMainContact: true,
  })
  await bea.call('POST', `/api/people/${ids.Dewit}/affiliations`, {
    companyId: company.id,
    jobTitle: 'Zaakbeheerder',
    department: 'Verkoop',
    since: '2010-01-01',
    until: '2019-12-31',
  })
  await bea.call('POST', '/api/tasks', {
    subject: { kind: 'person', id: ids.Dewit },
    title: 'Bellen',
    dueOn: '2027-01-05',
  })
  const late = await bea.call('POST', '/api/tasks', {
    subject: { kind: 'person', id: ids.Claes },
    title: 'Prijs **nasturen**',
    dueOn: '2020-01-05',
  })
  expect(late.statusCode, late.body).toBe(201)
  const done = await bea.call('POST', '/api/tasks', {
    subject: { kind: 'person', id: ids.Aerts },
    title: 'Kaart sturen',
  })
  await bea.call('PATCH', `/api/tasks/${done.json().id}`, { rowVersion: 1, isDone: true })
  await bea.call('POST', `/api/people/${ids.Baeten}/notes`, {
    body: `Belde met <@${bea.userId}>: vraagt een\n**offerte** tegen Pasen, crème`,
  })
  const file = await bea.call('POST', `/api/people/${ids.Dewit}/files`, {
    name: 'Offerte_2026.pdf',
    size: 0,
  })
  const cookies = { kluis: bea.token }
  const url = `/api/files/${file.json().id}/pieces/0`
  expect((await kluis.app.http.inject({ method: 'PUT', url, cookies })).statusCode).toBe(200)
  expect((await bea.call('POST', `/api/files/${file.json().id}/complete`)).statusCode).toBe(200)
  const ties: [string, string, string, object?, string?][] = [
    ['Aerts', 'Dewit', 'partner'],
    ['Baeten', 'Claes', 'parent'],
    ['Aerts', 'Claes', 'sibling', { until: '2020-01-01' }],
    ['Dewit', 'Claes', 'other', { label: 'peter', inverseLabel: 'petekind' }],
    ['Bakkerij', 'Kaasmakerij', 'parent-company', {}, 'companies'],
    ['Molen', 'Kaasmakerij', 'parent-company', {}, 'companies'],
  ]
  for (const [of, other, kind, more, path = 'people'] of ties) {
    const tied = await bea.call('POST', `/api/${path}/${ids[of]}/relations`, {
      otherId: ids[other],
      kind,
      ...more,
    })
    expect(tied.statusCode, tied.body).toBe(201)
  }
  await ben.call('POST', '/api/people', { familyName: 'Buiten', addresses: [{ city: 'Gent' }] })
  await kluis.app.startWork()
}, 60_000)
afterAll(() => kluis.close())

type Asked =
  | { field: string; operator: string; values?: string[] }
  | { all: Asked[] }
  | { any: Asked[] }
async function ask(caller: Caller, body: object, path = '/api/people/list') {
  const answer = await caller.call('POST', path, body)
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}
const found = async (filter: Asked, caller = bea) =>
  (await ask(caller, { filter })).items.map((one: { familyName: string }) => one.familyName)

test.each<[string, string, string[], string[]]>([
  ['email', 'contains', ['werk.be'], ['Aerts', 'Claes']],
  ['email', 'is', ['ZOE@gmail.com'], ['Aerts']],
  ['email', 'is', ['gmail.com'], []],
  ['email', 'empty', [], ['Baeten', 'Dewit']],
  ['phone', 'contains', ['0475 12'], ['Aerts']],
  ['street', 'starts-with', ['konings'], ['Aerts']],
  ['city', 'is', ['Gent'], ['Aerts', 'Baeten']],
  ['city', 'is', ['Ieper', 'Gent'], ['Aerts', 'Baeten', 'Claes']],
  ['city', 'is-not', ['gent'], ['Claes', 'Dewit']],
  ['givenName', 'is', ['zoe'], ['Aerts']],
  ['birthday', 'before', ['1985-01-01'], ['Aerts']],
  ['birthday', 'in-next-days', ['7'], ['Aerts']],
  ['birthday', 'not-empty', [], ['Aerts', 'Baeten']],
  ['tag', 'is', ['vip'], ['Aerts', 'Dewit']],
  ['tag', 'is-not', ['beurs'], ['Aerts', 'Baeten', 'Claes']],
  ['language', 'is', ['fr'], ['Dewit']],
  ['company', 'contains', ['kaas'], ['Baeten']],
  ['reference', 'is', ['k-100'], ['Aerts']],
  ['stage', 'is', ['customer'], ['Aerts']],
  ['createdAt', 'in-last-days', ['1'], ['Aerts', 'Baeten', 'Claes', 'Dewit']],
  ['createdAt', 'before', ['2020-01-01'], []],
  ['task.isOpen', 'is', ['yes'], ['Claes', 'Dewit']],
  ['task.isOpen', 'is', ['no'], ['Aerts', 'Baeten']],
  ['task.isOverdue', 'is', ['yes'], ['Claes']],
  ['task.isOverdue', 'is', ['no'], ['Aerts', 'Baeten', 'Dewit']],
  ['task.dueOn', 'before', ['2027-01-06'], ['Claes', 'Dewit']],
  ['task.body', 'contains', ['prijs NASTUREN'], ['Claes']],
  ['task.body', 'contains', ['kaart'], []],
  ['done.body', 'contains', ['kaart'], ['Aerts']],
  ['done.doneAt', 'in-last-days', ['7'], ['Aerts']],
  ['note.body', 'contains', ['een offerte'], ['Baeten']],
  ['note.body', 'contains', ['creme', 'niets'], ['Baeten']],
  ['note.body', 'contains-not', ['offerte'], ['Aerts', 'Claes', 'Dewit']],
  ['note.body', 'contains', ['belde met vraagt'], []],
  ['note.body', 'not-empty', [], ['Baeten']],
  ['note.createdAt', 'not-in-last-days', ['7'], ['Aerts', 'Claes', 'Dewit']],
  ['file.id', 'is', ['yes'], ['Dewit']],
  ['file.id', 'is', ['no'], ['Aerts', 'Baeten', 'Claes']],
  ['file.name', 'contains', ['offerte_2026'], ['Dewit']],
  ['file.createdAt', 'in-last-days', ['1'], ['Dewit']],
  ['activity.lastAt', 'in-last-days', ['1'], ['Aerts', 'Baeten', 'Claes', 'Dewit']],
  ['activity.lastAt', 'not-in-last-days', ['1'], []],
  ['relation.partner', 'not-empty', [], ['Aerts', 'Dewit']],
  ['relation.partner', 'is', ['Aerts'], ['Dewit']],
  ['relation.partner', 'is-not', ['Aerts'], ['Aerts', 'Baeten', 'Claes']],
  ['relation.parent', 'is', ['Claes'], ['Baeten']],
  ['relation.child', 'is', ['Baeten'], ['Claes']],
  ['relation.sibling', 'not-empty', [], []],
  ['relation.any', 'is', ['Claes'], ['Baeten', 'Dewit']],
  ['relation.any', 'empty', [], []],
  ['relation.label', 'contains', ['kind'], ['Claes']],
  ['relation.label', 'is', ['Peter'], ['Dewit']],
  ['pastRelation.any', 'is', ['Claes'], ['Aerts']],
  ['pastRelation.any', 'not-empty', [], ['Aerts', 'Claes']],
  ['affiliation.department', 'is', ['directie'], ['Claes']],
  ['affiliation.department', 'not-empty', [], ['Claes']],
  ['former.department', 'is', ['Verkoop'], ['Dewit']],
  ['former.jobTitle', 'contains', ['beheerder'], ['Dewit']],
  ['former.until', 'before', ['2020-01-01'], ['Dewit']],
  ['main.id', 'is', ['Kaasmakerij'], ['Claes']],
  ['main.id', 'empty', [], ['Aerts', 'Baeten', 'Dewit']],
  ['company.count', 'at-least', ['1'], ['Claes']],
  ['company.count', 'is', ['0'], ['Aerts', 'Baeten', 'Dewit']],
  ['note.createdAt', 'in-last-days', ['7'], ['Baeten']],
  ['company.city', 'is', ['Brugge'], ['Claes']],
  ['company.employeeCount', 'at-least', ['12'], ['Claes']],
  ['company.employeeCount', 'at-least', ['13'], []],
  ['company.id', 'empty', [], ['Aerts', 'Baeten', 'Dewit']],
  ['affiliation.jobTitle', 'contains', ['zaak'], ['Claes']],
  ['company.city', 'is', ['Brugge'], ['Claes']],
  ['former.id', 'not-empty', [], ['Dewit']],
])('%s %s %j finds %j', async (field, operator, values, expected) => {
  const named = values.map((value) => ids[value] ?? value)
  expect(await found({ field, operator, values: named })).toEqual(expected)
})

test.each<[string, string, string[], string[]]>([
  ['relation.subsidiary', 'not-empty', [], ['Kaasmakerij']],
  ['relation.parent-company', 'is', ['Kaasmakerij'], ['Bakkerij', 'Molen']],
  ['relation.supplier', 'not-empty', [], []],
  // Through the one above both.
  ['group.id', 'is', ['Molen'], ['Bakkerij', 'Kaasmakerij', 'Molen']],
  ['group.id', 'empty', [], []],
  ['main.id', 'not-empty', [], ['Kaasmakerij']],
  ['main.id', 'is', ['Claes'], ['Kaasmakerij']],
  ['person.count', 'is', ['1'], ['Kaasmakerij']],
  ['person.count', 'at-most', ['0'], ['Bakkerij', 'Molen']],
  ['affiliation.department', 'is', ['Directie'], ['Kaasmakerij']],
])('of companies, %s %s %j finds %j', async (field, operator, values, expected) => {
  const filter = { field, operator, values: values.map((value) => ids[value] ?? value) }
  const { items } = await ask(bea, { filter }, '/api/companies/list')
  expect(items.map((one: { displayName: string }) => one.displayName)).toEqual(expected)
})

test('groups nest, and a half made one asks nothing yet', async () => {
  const vip = { field: 'tag', operator: 'is', values: ['vip'] }
  const gent = { field: 'city', operator: 'is', values: ['Gent'] }
  expect(await found({ any: [vip, gent] })).toEqual(['Aerts', 'Baeten', 'Dewit'])
  expect(
    await found({ all: [gent, { any: [vip, { field: 'company', operator: 'not-empty' }] }] }),
  ).toEqual(['Aerts', 'Baeten'])
  expect(
    await found({ all: [gent, { field: 'email', operator: 'contains', values: [''] }] }),
  ).toEqual(['Aerts', 'Baeten'])
})

test('a filter finds and counts only what the asker may see, also through a company', async () => {
  const gent = { field: 'city', operator: 'is', values: ['Gent'] }
  expect(await ask(ben, { filter: gent })).toMatchObject({
    total: 1,
    items: [{ familyName: 'Buiten' }],
  })
  const groups = await ask(ben, { by: 'city' }, '/api/people/groups')
  expect(groups).toMatchObject({ total: 1, groups: [{ value: 'Gent', count: 1, sums: {} }] })
  // Ben gets the person, not the company the person works at: its city tells him nothing.
  const { rowVersion } = (await bea.call('GET', `/api/people/${ids.Claes}`)).json()
  const given = await bea.call('PATCH', `/api/people/${ids.Claes}`, {
    rowVersion,
    ownerId: ben.userId,
  })
  expect(given.statusCode).toBe(200)
  expect(await found({ field: 'city', operator: 'is', values: ['Ieper'] }, ben)).toEqual(['Claes'])
  expect(await found({ field: 'company.city', operator: 'is', values: ['Brugge'] }, ben)).toEqual(
    [],
  )
  expect(await found({ field: 'company.id', operator: 'not-empty' }, ben)).toEqual([])
  expect(await found({ field: 'affiliation.jobTitle', operator: 'not-empty' }, ben)).toEqual([])
})

test('a list is entered at any place, in any order, and says how long it is', async () => {
  const names = async (body: object) => {
    const page = await ask(bea, body)
    return [page.total, page.items.map((one: { familyName: string }) => one.familyName)]
  }
  expect(await names({ from: 2, limit: 2 })).toEqual([4, ['Claes', 'Dewit']])
  expect(await names({ from: 1, limit: 2, sort: '-name' })).toEqual([4, ['Claes', 'Baeten']])
  expect(await names({ sort: 'city' })).toEqual([4, ['Aerts', 'Baeten', 'Claes', 'Dewit']])
  // Without a value one stands last, whichever way round.
  expect(await names({ sort: '-city' })).toEqual([4, ['Claes', 'Aerts', 'Baeten', 'Dewit']])
  expect(await names({ from: 40 })).toEqual([4, []])
})

test('groups count and add up; a record with two tags counts in both', async () => {
  const tags = await ask(bea, { by: 'tag' }, '/api/people/groups')
  expect(tags).toMatchObject({
    total: 4,
    groups: [
      { value: null, count: 2 },
      { value: 'vip', count: 2 },
      { value: 'beurs', count: 1 },
    ],
  })
  const companies = await ask(
    bea,
    { by: 'stage', sums: ['employeeCount'] },
    '/api/companies/groups',
  )
  expect(companies.groups).toEqual([
    { value: 'lead', name: null, count: 3, sums: { employeeCount: 42 } },
  ])
  expect(companies.sums).toEqual({ employeeCount: 42 })
})

test.each([
  [{ filter: { field: 'shoeSize', operator: 'is', values: ['42'] } }, 'unknown'],
  [{ filter: { field: 'birthday', operator: 'contains', values: ['19'] } }, 'operator'],
  [{ filter: { field: 'birthday', operator: 'before', values: ['vorig jaar'] } }, 'day'],
  [{ filter: { field: 'createdAt', operator: 'in-last-days', values: ['-1'] } }, 'days'],
  [{ sort: 'shoeSize' }, 'unknown'],
])('%j is refused as %s', async (body, problem) => {
  const answer = await bea.call('POST', '/api/people/list', body)
  expect(answer.statusCode).toBe(422)
  expect(answer.json().detail.fields[0].problem).toBe(problem)
})

test('a filter without end is refused before it is looked at', async () => {
  let deep: object = { field: 'city', operator: 'is', values: ['Gent'] }
  for (let at = 0; at < 2_000; at++) deep = { all: [deep] }
  expect((await bea.call('POST', '/api/people/list', { filter: deep })).statusCode).toBe(400)
  const wide = { any: Array.from({ length: 51 }, () => ({ field: 'city', operator: 'empty' })) }
  expect((await bea.call('POST', '/api/people/list', { filter: wide })).statusCode).toBe(422)
})

test('what is told of tasks, notes and workplaces follows a moment after it changed', async () => {
  const task = (
    await bea.call('POST', '/api/tasks', {
      subject: { kind: 'company', id: ids.Kaasmakerij },
      title: 'Offerte',
    })
  ).json()
  const open = async () =>
    (
      await ask(
        bea,
        { filter: { field: 'task.isOpen', operator: 'is', values: ['yes'] } },
        '/api/companies/list',
      )
    ).total
  await expect.poll(open).toBe(1)
  await bea.call('PATCH', `/api/tasks/${task.id}`, { rowVersion: 1, isDone: true })
  await expect.poll(open).toBe(0)
  await bea.call('PATCH', `/api/tasks/${task.id}`, { rowVersion: 2, isDone: false })
  await expect.poll(open).toBe(1)
  await bea.call('DELETE', `/api/tasks/${task.id}`)
  await expect.poll(open).toBe(0)
})

test('every declared field is told with its operators, in both languages', async () => {
  const { items } = (await bea.call('GET', '/api/companies/fields')).json()
  const names = items.map((one: { name: string }) => one.name)
  expect(names).toEqual(
    expect.arrayContaining(['employeeCount', 'city', 'ownerId', 'task.isOpen', 'person.birthday']),
  )
  expect(items.find((one: { name: string }) => one.name === 'industry')).toMatchObject({
    label: { nl: 'Activiteit', en: 'Activity' },
    kind: 'choice',
    isGroupable: true,
  })
})
