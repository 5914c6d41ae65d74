import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../../../tests/support/kluis.ts'
import { normaliseEnterpriseNumber } from './company-fields.ts'

type Page = { items: { id: string; displayName: string }[]; nextCursor: string | null }

let kluis: TestKluis
let owner: Caller
let sameTeam: Caller
let otherTeam: Caller
let privacyOfficer: Caller

async function newCompany(by: Caller, name: string, rest: object = {}) {
  const made = await by.call('POST', '/api/companies', { name, ...rest })
  expect(made.statusCode, made.body).toBe(201)
  return made.json()
}

beforeAll(async () => {
  kluis = await openTestKluis()
  const administrator = await kluis.setUp('team')
  const [north, south] = [await kluis.newTeam('Noord'), await kluis.newTeam('Zuid')]
  owner = await kluis.colleague(administrator, 'sales', north)
  sameTeam = await kluis.colleague(administrator, 'sales', north)
  otherTeam = await kluis.colleague(administrator, 'sales', south)
  privacyOfficer = await kluis.colleague(administrator, 'privacy-officer', south)
})

afterAll(() => kluis.close())

test('a company is stored sealed, with its values made comparable', async () => {
  const company = await newCompany(owner, 'Bakkerij Zonnebloem', {
    enterpriseNumber: 'BE 0403.170.701',
    emails: [{ value: 'Info@Zonnebloem.example' }],
    phones: [{ value: '02 555 12 12' }],
  })
  expect(company).toMatchObject({
    displayName: 'Bakkerij Zonnebloem',
    enterpriseNumber: 'BE0403170701',
    emails: [{ value: 'info@zonnebloem.example' }],
    phones: [{ value: '+3225551212' }],
    rowVersion: 1,
  })
  const stored = await kluis.admin.query('select * from kluis.company where id = $1', [company.id])
  expect(JSON.stringify(stored.rows[0])).not.toContain('onnebloem')
  expect(stored.rows[0].contact_sealed.includes('onnebloem')).toBe(false)
})

test.each([
  ['the owner', () => owner, 200, 200],
  ['a colleague of the same team', () => sameTeam, 200, 200],
  ['a colleague of another team', () => otherTeam, 404, 404],
  ['the privacy officer, who sees all and edits nothing', () => privacyOfficer, 200, 403],
])('%s gets what their role and team give', async (_who, as, toSee, toEdit) => {
  const { id } = await newCompany(owner, 'Garage Wouters')
  expect((await as().call('GET', `/api/companies/${id}`)).statusCode).toBe(toSee)
  const edit = { rowVersion: 1, industry: 'garage' }
  expect((await as().call('PATCH', `/api/companies/${id}`, edit)).statusCode).toBe(toEdit)
  expect((await as().call('DELETE', `/api/companies/${id}`)).statusCode).toBe(toEdit)
  expect((await as().call('POST', `/api/companies/${id}/restore`)).statusCode).toBe(toEdit)
})

test('a foreign company and a missing one are the same bytes at every address', async () => {
  const { id } = await newCompany(owner, 'Drukkerij Lam')
  const missing = randomUUID()
  for (const [method, path, body] of [
    ['GET', '', undefined],
    ['PATCH', '', { rowVersion: 1, name: 'x' }],
    ['DELETE', '', undefined],
    ['POST', '/restore', undefined],
    ['GET', '/timeline', undefined],
  ] as const) {
    const foreign = await otherTeam.call(method, `/api/companies/${id}${path}`, body)
    const none = await otherTeam.call(method, `/api/companies/${missing}${path}`, body)
    expect(foreign.statusCode, `${method} ${path}`).toBe(404)
    expect(foreign.body).toBe(none.body)
  }
  const page = (await otherTeam.call('GET', '/api/companies?limit=200')).json() as Page
  expect(page.items).toEqual([])
})

test('an edit changes what it names and leaves the rest', async () => {
  const made = await newCompany(owner, 'Bouwwerken Claes', {
    tags: ['bouw'],
    addresses: [{ street: 'Dorp 1', city: 'Gent' }],
  })
  const edited = await owner.call('PATCH', `/api/companies/${made.id}`, {
    rowVersion: 1,
    website: 'https://claes.example',
  })
  expect(edited.json()).toMatchObject({
    displayName: 'Bouwwerken Claes',
    tags: ['bouw'],
    addresses: [{ street: 'Dorp 1', city: 'Gent' }],
    website: 'https://claes.example',
    rowVersion: 2,
  })
})

test('the second of two editors is told what the company is now', async () => {
  const { id } = await newCompany(owner, 'Slagerij Dirk')
  await sameTeam.call('PATCH', `/api/companies/${id}`, {
    rowVersion: 1,
    name: 'Slagerij Dirk & Zoon',
  })
  const second = await owner.call('PATCH', `/api/companies/${id}`, {
    rowVersion: 1,
    name: 'Dirk',
    stage: 'lead',
  })
  expect(second.statusCode).toBe(409)
  expect(second.json()).toMatchObject({
    code: 'changed-meanwhile',
    detail: {
      current: { name: 'Slagerij Dirk & Zoon', rowVersion: 2 },
      changedFields: ['name'],
      changedBy: sameTeam.userId,
    },
  })
})

test('the same client-made id makes one company, however often and at once it is sent', async () => {
  const ask = { id: randomUUID(), name: 'Eenmaal nv' }
  const replies = await Promise.all([1, 2, 3].map(() => owner.call('POST', '/api/companies', ask)))
  expect(replies.map((reply) => reply.statusCode)).toEqual([201, 201, 201])
  const ids = new Set(replies.map((reply) => reply.json().id))
  expect(ids.size).toBe(1)
  expect((await owner.call('GET', `/api/companies/${ask.id}`)).json().id).toBe([...ids][0])
  expect((await sameTeam.call('GET', `/api/companies/${ask.id}`)).statusCode).toBe(404)
})

test('a company in the trash leaves the list and comes back with its values', async () => {
  const { id } = await newCompany(owner, 'Tijdelijk bv', { reference: 'K-77' })
  const listed = async (query: string) =>
    ((await owner.call('GET', `/api/companies?limit=200${query}`)).json() as Page).items.some(
      (company) => company.id === id,
    )
  await owner.call('DELETE', `/api/companies/${id}`)
  expect([await listed(''), await listed('&deleted=true')]).toEqual([false, true])
  const restored = await owner.call('POST', `/api/companies/${id}/restore`)
  expect(restored.json()).toMatchObject({
    name: 'Tijdelijk bv',
    reference: 'K-77',
    isInTrash: false,
  })
  expect([await listed(''), await listed('&deleted=true')]).toEqual([true, false])
})

test('duplicates are shown to those who may see them, and to nobody else', async () => {
  const number = '0417497106'
  const made = await newCompany(owner, 'Dubbel nv', { enterpriseNumber: number })
  const asked = { enterpriseNumber: 'be 0417.497.106' }
  const ask = async (by: Caller) =>
    (await by.call('POST', '/api/companies/duplicates', asked)).json().items
  expect(await ask(sameTeam)).toEqual([
    {
      id: made.id,
      displayName: 'Dubbel nv',
      email: '',
      city: '',
      ownerId: owner.userId,
      on: ['enterprise-number'],
    },
  ])
  expect(await ask(otherTeam)).toEqual([])
})

test('pages of companies hold every company once, also when many were made in one instant', async () => {
  const other = await newCompany(otherTeam, 'Zuid 0')
  for (let i = 1; i < 7; i++) await newCompany(otherTeam, `Zuid ${i}`)
  await kluis.admin.query('alter table kluis.company disable trigger user')
  await kluis.admin.query(
    `update kluis.company set created_at = '2026-01-01 10:00:00.000001+00' where team_id = $1 and id <> $2`,
    [otherTeam.teamId, other.id],
  )
  await kluis.admin.query('alter table kluis.company enable trigger user')
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page = (
      await otherTeam.call('GET', `/api/companies?limit=2${cursor && `&cursor=${cursor}`}`)
    ).json()
    seen.push(...page.items.map((company) => company.displayName))
    cursor = page.nextCursor
  }
  expect(seen.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => `Zuid ${i}`))
  expect(seen[0]).toBe('Zuid 0')
})

test('Belgian enterprise numbers are one number however they are typed; a wrong one stays as typed', () => {
  for (const typed of ['BE 0403.170.701', '0403170701', 'be403170701', '403.170.701'])
    expect(normaliseEnterpriseNumber(typed)).toBe('BE0403170701')
  expect(normaliseEnterpriseNumber('0403.170.702')).toBe('0403170702')
  expect(normaliseEnterpriseNumber('NL123456789B01')).toBe('NL123456789B01')
})
