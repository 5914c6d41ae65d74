import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../../../tests/support/kluis.ts'

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

test.each([
  ['0403.170.702', 'be-check', '01'],
  ['NL123456789B01', 'nl-vat-check', undefined],
  ['123456782', 'maybe-bsn', undefined],
  ['2.001.234.516', 'is-site', undefined],
  ['FR 12 345678901', 'eu-vat-check', undefined],
])('the number %s is refused by the rule it breaks', async (number, problem, expected) => {
  const refused = await owner.call('POST', '/api/companies', {
    name: 'Verkeerd Nummer',
    enterpriseNumber: number,
  })
  expect(refused.statusCode).toBe(422)
  expect(refused.json()).toMatchObject({
    code: 'invalid-fields',
    detail: { fields: [{ field: 'enterpriseNumber', problem, ...(expected && { expected }) }] },
  })
})

test('a number that was wrong before stops nobody from changing something else', async () => {
  const company = await newCompany(owner, 'Oude Fout')
  const opened = await kluis.app.vault.seal([
    {
      target: {
        table: 'company',
        sealedClass: 'contact',
        rowId: company.id,
        subjectId: company.id,
        keySlot: Number(
          (
            await kluis.admin.query('select key_slot from kluis.company where id = $1', [
              company.id,
            ])
          ).rows[0].key_slot,
        ),
        sealCounter: 2,
      },
      // As an import of an earlier release left it: wrong, and without what is new.
      value: {
        name: 'Oude Fout',
        enterpriseNumber: 'BE0403170702',
        emails: [],
        phones: [],
        addresses: [],
        website: '',
        tags: [],
        language: '',
        industry: '',
        employeeCount: null,
        reference: '',
      },
    },
  ])
  await kluis.admin.query(
    'update kluis.company set contact_sealed = $2, contact_seal_counter = 2, row_version = 2 where id = $1',
    [company.id, opened[0]],
  )
  const changed = await owner.call('PATCH', `/api/companies/${company.id}`, {
    rowVersion: 2,
    website: 'https://oud.example',
  })
  expect(changed.statusCode, changed.body).toBe(200)
  expect(changed.json()).toMatchObject({ enterpriseNumber: 'BE0403170702', otherNumbers: [] })
})

test.each(['0403.170.701', 'be 0403 170 701', '403170701', '0403170', 'BTW BE0403170701'])(
  'searching %s finds the company with that number',
  async (typed) => {
    await newCompany(owner, 'Vindbaar BV', { enterpriseNumber: 'BE0403170701' })
    const page = (
      await owner.call('GET', `/api/companies?search=${encodeURIComponent(typed)}`)
    ).json() as Page
    expect(page.items.map((one) => one.displayName)).toContain('Vindbaar BV')
  },
)

test('searching digits finds a company by its phone still, and a filter takes a number in any writing', async () => {
  await newCompany(owner, 'Belhuis', {
    enterpriseNumber: '0428.759.497',
    phones: [{ value: '02 555 12 12' }, { value: '0475 12 34 56' }],
  })
  for (const typed of ['02 555 12 12', '0475123456', '475 12 34 56']) {
    const page = (
      await owner.call('GET', `/api/companies?search=${encodeURIComponent(typed)}`)
    ).json() as Page
    expect(
      page.items.map((one) => one.displayName),
      typed,
    ).toContain('Belhuis')
  }
  for (const [operator, value] of [
    ['is', '0428.759.497'],
    ['is', '428 759 497'],
    ['starts-with', '0428.759'],
    ['contains', '28.759.4'],
  ]) {
    const found = await owner.call('POST', '/api/companies/list', {
      filter: { all: [{ field: 'enterpriseNumber', operator, values: [value] }] },
    })
    expect(
      (found.json() as Page).items.map((one) => one.displayName),
      `${operator} ${value}`,
    ).toEqual(['Belhuis'])
  }
})

test('a company is found by its Dutch numbers and by that of a site, as people write them', async () => {
  const company = await newCompany(owner, 'Tulp BV', {
    enterpriseNumber: 'KvK 12345678',
    otherNumbers: ['NL 1234.56.782.B01'],
    addresses: [
      { street: 'Dam 1', city: 'Amsterdam', country: 'NL' },
      {
        city: 'Utrecht',
        country: 'NL',
        label: 'Magazijn',
        siteNumber: '000012345678',
        phone: '030 234 56 78',
      },
    ],
  })
  expect(company).toMatchObject({
    enterpriseNumber: '12345678',
    otherNumbers: ['NL123456782B01'],
    addresses: [
      { street: 'Dam 1' },
      { label: 'Magazijn', siteNumber: '000012345678', phone: '+31302345678' },
    ],
  })
  for (const typed of [
    'kvk 12345678',
    'NL 1234.56.782.B01',
    'nl123456782b01',
    '0000 1234 5678',
    'magazijn',
  ]) {
    const page = (
      await owner.call('GET', `/api/companies?search=${encodeURIComponent(typed)}`)
    ).json() as Page
    expect(
      page.items.map((one) => one.displayName),
      typed,
    ).toEqual(['Tulp BV'])
    const asked = await owner.call('POST', '/api/companies/duplicates', { enterpriseNumber: typed })
    if (typed !== 'magazijn')
      expect(asked.json().items, typed).toMatchObject([
        { id: company.id, on: ['enterprise-number'] },
      ])
  }
})

test('sector and size are filtered by division and class, a code of any depth is kept and found under each above it', async () => {
  const company = await newCompany(owner, 'Codeerders', { sector: '62.010', employeeCount: 12 })
  expect(company).toMatchObject({
    sector: '62010',
    sectorName: { nl: '62.010 Programmeren en computerconsultancy' },
    maySoleTrader: false,
  })
  expect((await newCompany(owner, 'Bouwers', { sector: 'bouw van gebouwen' })).sector).toBe('41')
  const filtered = async (field: string, value: string) =>
    (
      (
        await owner.call('POST', '/api/companies/list', {
          filter: { all: [{ field, operator: 'is', values: [value] }] },
        })
      ).json() as Page
    ).items.map((one) => one.displayName)
  expect(await filtered('sector', '62')).toEqual(['Codeerders'])
  await newCompany(owner, 'Programmeurs', { sector: '62.10' })
  expect((await filtered('sectorCode', '62')).sort()).toEqual(['Codeerders', 'Programmeurs'])
  expect(await filtered('sectorCode', '62.1')).toEqual(['Programmeurs'])
  expect(await filtered('sectorCode', '6201')).toEqual(['Codeerders'])
  const { groups } = (
    await owner.call('POST', '/api/companies/groups', { by: 'sector' })
  ).json() as { groups: { value: string; count: number }[] }
  expect(groups).toContainEqual(expect.objectContaining({ value: '62', count: 2 }))
  const sectors = async (query: string) =>
    (await owner.call('GET', `/api/sectors${query}`))
      .json()
      .items.map((one: { written: string }) => one.written)
  expect(await sectors('')).toHaveLength(87)
  expect(await sectors('?search=62.1')).toEqual(['62.1', '62.10'])
  expect(await sectors('?codes=62010,6210,99999999')).toEqual(['62.010', '62.10', '99.999999'])
  expect(await filtered('size', 'small')).toEqual(['Codeerders'])
  expect(await filtered('size', 'micro')).toEqual([])
  const wrong = await owner.call('PATCH', `/api/companies/${company.id}`, {
    rowVersion: 1,
    sector: '45',
  })
  expect(wrong.json().detail.fields).toEqual([{ field: 'sector', problem: 'sector' }])
})

test('a number like a sole trader’s proposes that it is one, and decides nothing', async () => {
  const company = await newCompany(owner, 'Zelfstandige', { enterpriseNumber: 'NL000099998B57' })
  expect(company).toMatchObject({ maySoleTrader: true, isSoleTrader: false })
  const marked = await owner.call('PATCH', `/api/companies/${company.id}`, {
    rowVersion: 1,
    isSoleTrader: true,
  })
  expect(marked.json()).toMatchObject({ maySoleTrader: false, isSoleTrader: true })
})
