import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
})
afterAll(() => kluis.close())
const create = async (body: object) => (await ana.call('POST', '/api/people', body)).json()

test('a change leaves alone what it does not name', async () => {
  const made = await create({
    givenName: 'Zoë',
    familyName: 'van den Berg',
    emails: [{ value: 'Zoe@Mail.example' }],
    phones: [{ value: '0475 12 34 56' }],
  })
  const changed = (
    await ana.call('PATCH', `/api/people/${made.id}`, { rowVersion: 1, tags: ['vip'] })
  ).json()
  expect(changed).toMatchObject({
    givenName: 'Zoë',
    familyName: 'van den Berg',
    emails: [{ value: 'zoe@mail.example' }],
    phones: [{ value: '+32475123456' }],
    tags: ['vip'],
    rowVersion: 2,
  })
})

test('the second of two editors is told what changed, and nothing is lost', async () => {
  const made = await create({ familyName: 'Peeters' })
  const edits = await Promise.all(
    ['een', 'twee'].map((company) =>
      ana.call('PATCH', `/api/people/${made.id}`, { rowVersion: 1, company }),
    ),
  )
  const [won, lost] = edits.sort((a, b) => a.statusCode - b.statusCode)
  expect([won!.statusCode, lost!.statusCode]).toEqual([200, 409])
  expect(lost!.json().detail).toMatchObject({
    current: { company: won!.json().company },
    changedFields: ['company'],
    changedBy: ana.userId,
  })
})

test('the same client-made id makes one record, also when it arrives five times at once', async () => {
  const id = randomUUID()
  const made = await Promise.all(
    Array.from({ length: 5 }, () => create({ id, familyName: 'Eenmaal' })),
  )
  expect(new Set(made.map((one) => one.id)).size).toBe(1)
  expect((await ana.call('GET', `/api/people/${id}`)).json().id).toBe(made[0].id)
  await ana.call('POST', `/api/people/${id}/notes`, { body: 'Belde' })
  for (const part of ['notes', 'timeline', 'openings', 'affiliations'])
    expect((await ana.call('GET', `/api/people/${id}/${part}`)).statusCode, part).toBe(200)
  expect((await ana.call('GET', `/api/people/${made[0].id}/notes`)).json().items).toHaveLength(1)
  const ben = await kluis.colleague(ana, 'sales', ana.teamId)
  expect((await ben.call('GET', `/api/people/${id}`)).statusCode).toBe(404)
  expect((await ana.call('GET', '/api/people?search=eenmaal')).json().total).toBe(1)
})

test('what is thrown away leaves the list, and comes back', async () => {
  const made = await create({ familyName: 'Weggooier' })
  const count = async (query: string) =>
    (await ana.call('GET', `/api/people?search=weggooier${query}`)).json().total
  await ana.call('DELETE', `/api/people/${made.id}`)
  expect([await count(''), await count('&deleted=true')]).toEqual([0, 1])
  await ana.call('POST', `/api/people/${made.id}/restore`)
  expect([await count(''), await count('&deleted=true')]).toEqual([1, 0])
})

test.each([
  ['van den berg', 'Zoë van den Berg'],
  ['zoe', 'Zoë van den Berg'],
  ['vandenberg', 'Zoë van den Berg'],
  ['peters', 'Peeters'],
  ['75123456', 'Zoë van den Berg'],
])('searching "%s" finds %s first', async (search, name) => {
  expect(
    (await ana.call('GET', `/api/people?search=${encodeURIComponent(search)}`)).json().items[0]
      ?.displayName,
  ).toBe(name)
})

test('wrong input names the field, and nothing is stored', async () => {
  const before = (await ana.call('GET', '/api/people')).json().total
  for (const [body, field] of [
    [{ familyName: 'X', emails: [{ value: 'geen adres' }] }, 'emails.0'],
    [{ familyName: 'X', ibans: ['BE00 0000 0000 0000'] }, 'ibans.0'],
    [{ familyName: 'X', birthday: '1990-02-31' }, 'birthday'],
    [{}, 'familyName'],
  ] as const) {
    const refused = (await ana.call('POST', '/api/people', body)).json()
    expect([refused.code, refused.detail.fields[0].field]).toEqual(['invalid-fields', field])
  }
  expect((await ana.call('POST', '/api/people', { familyName: 'X', onbekend: 1 })).statusCode).toBe(
    422,
  )
  expect((await ana.call('GET', '/api/people')).json().total).toBe(before)
})

test('a note with a national number is asked about before it is kept', async () => {
  const made = await create({ familyName: 'Genoteerd' })
  const note = (body: object) => ana.call('POST', `/api/people/${made.id}/notes`, body)
  const body = 'rijksregisternr 85.07.30-033.28'
  expect((await note({ body })).json().code).toBe('national-number-found')
  expect((await ana.call('GET', `/api/people/${made.id}/notes`)).json().items).toEqual([])
  expect((await note({ body, isConfirmed: true })).statusCode).toBe(201)
  expect((await ana.call('GET', `/api/people/${made.id}/notes`)).json().items[0]).toMatchObject({
    body,
    writtenBy: ana.userId,
  })
})

test('every look at a dossier stands in "who has seen this customer"', async () => {
  const made = await create({ familyName: 'Bekeken', ibans: ['BE71 0961 2345 6769'] })
  expect(made.ibans).toEqual(['BE71 •••• 6769'])
  await ana.call('GET', `/api/people/${made.id}`)
  expect(
    (await ana.call('POST', `/api/people/${made.id}/reveal`, { reason: 'betaling' })).json(),
  ).toEqual({
    ibans: ['BE71096123456769'],
    confidential: {},
    customNames: {},
  })
  expect(
    (await ana.call('GET', `/api/people/${made.id}/openings`))
      .json()
      .items.map((one: { kind: string }) => one.kind),
  ).toEqual(['reveal', 'dossier'])
})

test.each([
  ['people', { familyName: 'Verhuisd' }],
  ['companies', { name: 'Verhuisd NV' }],
])(
  '%s are found by a changed e-mail address, and by the old one no longer',
  async (kind, named) => {
    const [old, fresh] = [`oud@${kind}.example`, `nieuw@${kind}.example`]
    const made = (
      await ana.call('POST', `/api/${kind}`, { ...named, emails: [{ value: old }] })
    ).json()
    const found = async (email: string) =>
      (await ana.call('POST', `/api/${kind}/duplicates`, { emails: [email] })).json().items.length
    await ana.call('PATCH', `/api/${kind}/${made.id}`, { rowVersion: 1, tags: ['vip'] })
    expect([await found(old), await found(fresh)]).toEqual([1, 0])
    await ana.call('PATCH', `/api/${kind}/${made.id}`, {
      rowVersion: 2,
      emails: [{ value: fresh }],
    })
    expect([await found(old), await found(fresh)]).toEqual([0, 1])
  },
)
