import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { countryCode, isoDay } from '../src/crm/exchange/draft.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
})
afterEach(() => kluis.close())

const file = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url))
async function importBytes(bytes: Buffer | string, query = '') {
  const response = await kluis.app.http.inject({
    method: 'POST',
    url: `/api/imports${query}`,
    cookies: { kluis: ana.token },
    headers: { 'content-type': 'text/csv' },
    payload: bytes,
  })
  return response.json()
}
const find = async (search: string) =>
  (await ana.call('GET', `/api/people?search=${encodeURIComponent(search)}`)).json().items

test.each([
  ['klanten-export-utf8-bom.csv', 'utf-8', ';', { read: 12, created: 11, skipped: 1, refused: 0 }],
  [
    'klanten-export-windows1252.csv',
    'windows-1252',
    ';',
    { read: 10, created: 9, skipped: 1, refused: 0 },
  ],
  ['customers-100.csv', 'utf-8', ',', { read: 100, created: 100, skipped: 0, refused: 0 }],
  ['leads-100.csv', 'utf-8', ',', { read: 100, created: 100, skipped: 0, refused: 0 }],
  ['organizations-100.csv', 'utf-8', ',', { read: 100, created: 100, skipped: 0, refused: 0 }],
])('%s comes in as %s, parted by "%s"', async (name, encoding, separator, counts) => {
  const dry = await importBytes(file(name), '?dryRun=true')
  expect((await ana.call('GET', '/api/people')).json().total).toBe(0)
  const result = await importBytes(file(name))
  expect(result).toMatchObject({ encoding, separator, ...counts })
  expect(dry).toMatchObject(counts)
  expect((await ana.call('GET', '/api/people')).json().total).toBe(counts.created)
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('what an office hands over arrives as it should be', async () => {
  const result = await importBytes(file('klanten-export-utf8-bom.csv'))
  const [line] = await find('broeck')
  const anneleen = (await ana.call('GET', `/api/people/${line.id}`)).json()
  expect(anneleen).toMatchObject({
    givenName: 'Anneleen',
    familyName: 'Van den Broeck',
    company: 'Bakkerij De Korenaar BV',
    reference: 'K-0001',
    birthday: '1978-09-03',
    ibans: ['BE71 •••• 6769'],
    emails: [{ value: 'anneleen@dekorenaar.example' }],
    phones: [{ value: '+3232261415' }, { value: '+32475123456' }],
    addresses: [
      { street: 'Grote Steenweg 12 bus 3', postalCode: '2600', city: 'Berchem', country: 'BE' },
    ],
  })
  expect((await ana.call('GET', `/api/people/${line.id}/notes`)).json().items[0].body).toBe(
    'Belt liefst vóór 9u',
  )
  // The same person under another spelling shares an e-mail: skipped and told, not doubled.
  expect(result.rows).toContainEqual({
    line: expect.any(Number),
    outcome: 'skipped',
    problems: [{ field: '', problem: 'duplicate', value: '' }],
  })
  // Father and son live in one street and share a name: both are there.
  expect(await find('jan peeters')).toHaveLength(2)
  const [fatima] = await find('amrani')
  const { emails, phones } = (await ana.call('GET', `/api/people/${fatima.id}`)).json()
  expect([emails.length, phones.map((phone: { value: string }) => phone.value)]).toEqual([
    2,
    ['+3225551212', '+32499999999'],
  ])
  expect((await find('ozturk'))[0].displayName).toBe('Çağlar Öztürk')
  expect((await find('王'))[0].displayName).toContain('芳')
})

test('bad values are left out and told, with the line; the row comes in', async () => {
  const { rows } = await importBytes(file('klanten-export-utf8-bom.csv'))
  const problems = rows.flatMap((row: { problems: { field: string; problem: string }[] }) =>
    row.problems.map((one) => `${one.field} ${one.problem}`),
  )
  expect(problems).toEqual(
    expect.arrayContaining([
      'email email',
      'birthday date',
      'iban iban',
      'note national-number',
      'note formula-kept-as-text',
    ]),
  )
  const [wim] = await find('hof')
  expect((await ana.call('GET', `/api/people/${wim.id}/notes`)).json().items).toEqual([])
})

test('the same file twice makes nobody twice', async () => {
  await importBytes(file('customers-100.csv'))
  expect(await importBytes(file('customers-100.csv'))).toMatchObject({ created: 0, skipped: 100 })
})

test('an import is taken back, but for those someone worked on', async () => {
  const { importId } = await importBytes(file('customers-100.csv'))
  const [one] = (await ana.call('GET', '/api/people')).json().items
  await ana.call('PATCH', `/api/people/${one.id}`, { rowVersion: 1, stage: 'customer' })
  expect((await ana.call('POST', `/api/imports/${importId}/revert`)).json()).toEqual({
    removed: 99,
    keptBecauseChanged: 1,
  })
  expect((await ana.call('GET', '/api/people')).json().total).toBe(1)
  expect((await ana.call('POST', `/api/imports/${importId}/revert`)).json().code).toBe(
    'already-done',
  )
})

test('a colleague can not take it back, and one without the right can not import', async () => {
  const { importId } = await importBytes('Voornaam;Naam\nJan;Peeters')
  const ben = await kluis.colleague(ana, 'sales', ana.teamId)
  expect((await ben.call('POST', `/api/imports/${importId}/revert`)).statusCode).toBe(404)
  const support = await kluis.colleague(ana, 'support', ana.teamId)
  expect((await support.call('POST', `/api/imports/${importId}/revert`)).statusCode).toBe(403)
})

test.each([
  ['nothing', '', 'file-unreadable'],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]), 'file-unreadable'],
  ['a header nobody knows', 'a;b\n1;2', 'file-unreadable'],
])('%s is refused with a reason', async (_what, bytes, code) => {
  expect((await importBytes(bytes)).code).toBe(code)
})

test('days that do not exist are no days, and countries are known by name', () => {
  expect(['03/09/1978', '1-2-1991', '1955-07-14', '31/02/1990', 'gisteren'].map(isoDay)).toEqual([
    '1978-09-03',
    '1991-02-01',
    '1955-07-14',
    undefined,
    undefined,
  ])
  expect(['België', 'Belgique', 'Nederland', 'Frankrijk', 'be', 'Chile'].map(countryCode)).toEqual([
    'BE',
    'BE',
    'NL',
    'FR',
    'BE',
    'CL',
  ])
})
