import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldDefinition } from '#crm/fields/contract.ts'
import { Archive } from '../src/crm/exchange/files/archive.ts'
import { readTable } from '../src/crm/exchange/files/read-table.ts'
import { takeOutAs } from '../src/crm/exchange/verbs.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let sales: Caller
let rank: FieldDefinition
let revenue: FieldDefinition
let since: FieldDefinition
let active: FieldDefinition
let member: FieldDefinition
let secret: FieldDefinition
let partner: FieldDefinition
let firmCode: FieldDefinition

const both = (nl: string, en: string) => ({ nl, en })
beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  sales = await kluis.colleague(ana, 'sales', ana.teamId)
  const field = async (
    kind: string,
    label: object,
    more: object = {},
  ): Promise<FieldDefinition> => {
    const answer = await ana.call('POST', '/api/fields', {
      recordKind: 'person',
      sensitivity: 'contact',
      kind,
      label,
      ...more,
    })
    expect(answer.statusCode, answer.body).toBe(201)
    return answer.json()
  }
  rank = await field('choice', both('Klantrang', 'Customer rank'), {
    options: [{ label: both('Goud', 'Gold') }, { label: both('Zilver', 'Silver') }],
  })
  revenue = await field('money', both('Omzet vorig jaar', 'Revenue'))
  since = await field('date', both('Lid sinds', 'Member since'))
  active = await field('yes-no', both('Actief lid', 'Active'))
  member = await field('text', both('Lidkaart', 'Card'), { search: 'exact' })
  secret = await field('text', both('Dossiercode', 'File code'), {
    sensitivity: 'confidential',
    search: 'exact',
    roles: ['administrator'],
  })
  partner = await field('person', both('Partner', 'Partner'))
  firmCode = await field('text', both('Firmacode', 'Firm code'), { recordKind: 'company' })
})
afterAll(() => kluis.close())

async function bring(text: string, query = '', by = ana) {
  const response = await kluis.app.http.inject({
    method: 'POST',
    url: `/api/imports${query}`,
    cookies: { kluis: by.token },
    headers: { 'content-type': 'application/octet-stream' },
    payload: Buffer.from(text),
  })
  expect(response.statusCode, response.body).toBeLessThan(300)
  return response.json()
}
const find = async (name: string, by = ana) => {
  const page = await by.call('POST', '/api/people/list', {
    filter: { field: 'familyName', operator: 'is', values: [name] },
  })
  return page.json().items as { id: string; custom: Record<string, unknown>; rowVersion: number }[]
}
const reveal = async (id: string) =>
  (await ana.call('POST', `/api/people/${id}/reveal`, { reason: 'test' })).json().confidential
const get = (url: string, by = ana) => by.call('GET', url)

test('columns named after fields in either language come in as those fields, as Europeans write them', async () => {
  const source = (await ana.call('POST', '/api/people', { familyName: 'Gekend' })).json().id
  const done = await bring(
    [
      'Voornaam;Achternaam;KLANTRANG;Revenue;Lid sinds;Actief lid;Lidkaart;Dossiercode;Partner;Bedrijf;Firmacode',
      `An;Eerste;silver;€ 1.234,50;5/1/2026;ja;LK-1;Geheim 1;${source};Nieuwe Firma BV;FC-9`,
      'Bo;Tweede;;;;nee;;;;;',
    ].join('\n'),
  )
  expect(done.mapping.map((one: { field: string }) => one.field)).toEqual([
    'givenName',
    'familyName',
    ...[rank, revenue, since, active, member, secret, partner].map(({ id }) => `custom.${id}`),
    'company',
    `custom.${firmCode.id}`,
  ])
  expect([done.created, done.refused]).toEqual([2, 0])
  const [first] = await find('Eerste')
  expect(first!.custom).toEqual({
    [rank.id]: rank.options[1]!.id,
    [revenue.id]: '1234.50',
    [since.id]: '2026-01-05',
    [active.id]: true,
    [member.id]: 'LK-1',
    [partner.id]: source,
  })
  expect(await reveal(first!.id)).toEqual({ [secret.id]: 'Geheim 1' })
  const firm = (await get('/api/companies?search=Nieuwe Firma')).json().items[0]
  expect(firm.custom).toEqual({ [firmCode.id]: 'FC-9' })
  const exact = { field: `custom.${secret.id}`, operator: 'is', values: ['geheim 1'] }
  const found = await ana.call('POST', '/api/people/list', { filter: exact })
  expect(found.json().items.map((one: { id: string }) => one.id)).toEqual([first!.id])
})

test('a row with a value that is not right is refused with the field and why, and the others come in', async () => {
  const done = await bring(
    [
      'Achternaam;Klantrang;Omzet vorig jaar;Lid sinds;Partner',
      'Fout A;Platina;;;',
      'Fout B;;veel;;',
      'Fout C;;;31/02/2026;',
      `Fout D;;;;${crypto.randomUUID()}`,
      'Goed;Goud;1;1/1/2026;',
    ].join('\n'),
  )
  expect([done.created, done.refused]).toEqual([1, 4])
  const told = done.rows.map((row: { problems: { problem: string; field: string }[] }) =>
    row.problems.map(({ problem, field }) => `${field} ${problem}`).join(),
  )
  expect(told).toEqual([
    `custom.${rank.id} option-unknown`,
    `custom.${revenue.id} number-unreadable`,
    `custom.${since.id} day-unreadable`,
    `custom.${partner.id} record-unknown`,
  ])
  const refused = (await get(`/api/imports/${done.importId}/refused`)).body
  expect(refused).toContain('Platina')
})

test('a needed field refuses a new customer without it, and lets one who is there be updated', async () => {
  await bring('Achternaam;E-mail\nVan toen;toen@nodig.example')
  const needed = (
    await ana.call('POST', '/api/fields', {
      recordKind: 'person',
      kind: 'text',
      sensitivity: 'contact',
      label: both('Verplicht', ''),
      isRequired: true,
    })
  ).json() as FieldDefinition
  const done = await bring(
    'Achternaam;E-mail;Website\nVan toen;toen@nodig.example;https://toen.example\nZonder;zonder@nodig.example;',
    '?duplicates=update',
  )
  expect([done.created, done.updated, done.refused]).toEqual([0, 1, 1])
  expect(
    done.rows.find((row: { outcome: string }) => row.outcome === 'refused').problems,
  ).toMatchObject([{ problem: 'needed', field: `custom.${needed.id}` }])
  await ana.call('PATCH', `/api/fields/${needed.id}`, {
    rowVersion: needed.rowVersion,
    isArchived: true,
  })
})

test('taking an import back gives the values from before, common and confidential, and takes those it added', async () => {
  const made = (
    await ana.call('POST', '/api/people', {
      familyName: 'Terug',
      emails: [{ value: 'terug@weg.example' }],
      custom: {
        [rank.id]: rank.options[0]!.id,
        [secret.id]: 'Oud geheim',
        [member.id]: 'Oude kaart',
      },
    })
  ).json()
  const other = (
    await ana.call('POST', '/api/people', {
      familyName: 'Leeg',
      emails: [{ value: 'leeg@weg.example' }],
    })
  ).json()
  const done = await bring(
    [
      'Achternaam;E-mail;Klantrang;Dossiercode;Lidkaart;Omzet vorig jaar',
      'Terug;terug@weg.example;Zilver;Nieuw geheim;Nieuwe kaart;12,5',
      'Leeg;leeg@weg.example;;Eerste geheim;;',
    ].join('\n'),
    '?duplicates=update',
  )
  expect(done.updated).toBe(2)
  expect((await find('Terug'))[0]!.custom).toEqual({
    [rank.id]: rank.options[1]!.id,
    [member.id]: 'Nieuwe kaart',
    [revenue.id]: '12.50',
  })
  expect(await reveal(made.id)).toEqual({ [secret.id]: 'Nieuw geheim' })
  expect(await reveal(other.id)).toEqual({ [secret.id]: 'Eerste geheim' })
  const reverted = await ana.call('POST', `/api/imports/${done.importId}/revert`, {})
  expect(reverted.json().restored, reverted.body).toBe(2)
  expect((await find('Terug'))[0]!.custom).toEqual(made.custom)
  expect(await reveal(made.id)).toEqual({ [secret.id]: 'Oud geheim' })
  expect(await reveal(other.id)).toEqual({})
  const exact = async (value: string) =>
    (
      await ana.call('POST', '/api/people/list', {
        filter: { field: `custom.${secret.id}`, operator: 'is', values: [value] },
      })
    ).json().total
  expect([await exact('Oud geheim'), await exact('Nieuw geheim')]).toEqual([1, 0])
})

test('a customer whom one import changed twice gets back what was there before each', async () => {
  const code = (
    await ana.call('POST', '/api/fields', {
      recordKind: 'person',
      kind: 'text',
      sensitivity: 'confidential',
      label: both('Tweede code', ''),
    })
  ).json() as FieldDefinition
  const was = { [secret.id]: 'Eerste oud', [code.id]: 'Tweede oud' }
  const made = (
    await ana.call('POST', '/api/people', {
      familyName: 'Tweemaal',
      emails: [{ value: 'tweemaal@weg.example' }],
      custom: was,
    })
  ).json()
  // So many rows lie between that each is stored by itself.
  const done = await bring(
    [
      'Achternaam;E-mail;Dossiercode;Tweede code',
      'Tweemaal;tweemaal@weg.example;Eerste nieuw;',
      ...Array(500).fill(';;;zonder naam'),
      'Tweemaal;tweemaal@weg.example;;Tweede nieuw',
    ].join('\n'),
    '?duplicates=update',
  )
  expect(done.updated).toBe(2)
  const now = { [secret.id]: 'Eerste nieuw', [code.id]: 'Tweede nieuw' }
  expect(await reveal(made.id)).toEqual(now)
  await ana.call('POST', `/api/imports/${done.importId}/revert`, {})
  expect(await reveal(made.id)).toEqual(was)
})

test.each(['csv', 'xlsx'] as const)(
  'what leaves as %s has a column a field, and comes back the same',
  async (format) => {
    const before = (await find('Eerste'))[0]!
    const bytes = (await get(`/api/people/export.${format}`)).rawPayload
    const table = await readTable(bytes)
    const row = table.rows.find(({ cells }) => cells.includes('Eerste'))!
    const cell = (label: string) => row.cells[table.headers.indexOf(label)]
    expect([
      cell('Klantrang'),
      cell('Omzet vorig jaar'),
      cell('Actief lid'),
      cell('Dossiercode'),
    ]).toEqual(['Zilver', '1234,50', 'ja', 'Geheim 1'])
    expect(cell('Partner')).toBe(`Gekend (${before.custom[partner.id]})`)
    const response = await kluis.app.http.inject({
      method: 'POST',
      url: '/api/imports?duplicates=update&key=id',
      cookies: { kluis: ana.token },
      headers: { 'content-type': 'application/octet-stream' },
      payload: bytes,
    })
    expect(response.json().refused, response.body).toBe(0)
    expect((await find('Eerste'))[0]!.custom).toEqual(before.custom)
    expect(await reveal(before.id)).toEqual({ [secret.id]: 'Geheim 1' })
  },
)

test('an export holds a confidential field only for a role that sees it, and the take-out names each field', async () => {
  const manager = await kluis.colleague(ana, 'manager', ana.teamId)
  for (const format of ['csv', 'json']) {
    const own = (await get(`/api/people/export.${format}`)).body
    const foreign = (await get(`/api/people/export.${format}`, manager)).body
    expect([own.includes('Geheim 1'), own.includes('Dossiercode')]).toEqual([true, true])
    expect([foreign.includes('Geheim 1'), foreign.includes('Dossiercode')]).toEqual([false, false])
    expect(foreign).toContain('Klantrang')
  }
  const sent: Buffer[] = []
  await takeOutAs(kluis.app, { as: ana.email }, async (piece) => void sent.push(piece))
  const archive = await Archive.open(Buffer.concat(sent))
  let text = ''
  for await (const piece of archive.text('people.ndjson')) text += piece
  const line = text.split('\n').find((one) => one.includes('"Eerste"'))!
  expect(JSON.parse(line).custom).toMatchObject({
    Klantrang: 'Zilver',
    'Omzet vorig jaar': '1234.50',
    'Actief lid': true,
    Dossiercode: 'Geheim 1',
    Partner: { name: 'Gekend' },
  })
})

test('a role without the field can not bring its values in, and overwrites none', async () => {
  const done = await bring(
    'Achternaam;E-mail;Dossiercode\nNieuw bij sales;nieuw@sales.example;Vals geheim',
    '',
    sales,
  )
  expect(done.mapping[2].field).toBe('remark')
  const [made] = await find('Nieuw bij sales')
  expect(await reveal(made!.id)).toEqual({})
  const asked = await kluis.app.http.inject({
    method: 'POST',
    url: `/api/imports?mapping=familyName,email,custom.${secret.id}`,
    cookies: { kluis: sales.token },
    headers: { 'content-type': 'application/octet-stream' },
    payload: Buffer.from('Achternaam;E-mail;Code\nX;x@sales.example;Vals'),
  })
  expect(asked.json().detail.fields).toEqual([
    { field: `custom.${secret.id}`, problem: 'unknown-field' },
  ])
})
