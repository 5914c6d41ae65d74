import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Imported, type Preview, presetIds } from '../src/crm/exchange/contract.ts'
import { importResults } from './support/import-results.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
})
afterEach(() => kluis.close())

const folder = new URL('fixtures/presets/', import.meta.url)
const file = (name: string) => readFileSync(new URL(name, folder))
async function send<T = Imported>(bytes: Buffer | string, address: string, who = ana): Promise<T> {
  const response = await kluis.app.http.inject({
    method: 'POST',
    url: address,
    cookies: { kluis: who.token },
    headers: { 'content-type': 'text/csv' },
    payload: bytes,
  })
  return response.json()
}
const importFile = (name: string, query = '') => send(file(name), `/api/imports${query}`)
const open = async (search: string, kind = 'people') => {
  const found = await ana.call('GET', `/api/${kind}?search=${encodeURIComponent(search)}`)
  return (await ana.call('GET', `/api/${kind}/${found.json().items[0].id}`)).json()
}
const notesOf = async (id: string) =>
  (await ana.call('GET', `/api/people/${id}/notes`))
    .json()
    .items.map((note: { body: string }) => note.body)

const results = importResults()

test('every preset has a file, and the page on presets lists every file', () => {
  const listed = results.filter(({ preset }) => preset).map(({ name }) => name)
  expect(listed.sort()).toEqual(readdirSync(folder).sort())
  expect(new Set(results.flatMap(({ preset }) => preset ?? []))).toEqual(new Set(presetIds))
  const shared = results.filter(({ preset }) => !preset).map(({ name }) => name)
  const fixtures = readdirSync(new URL('fixtures/', import.meta.url))
  expect(shared.sort()).toEqual(fixtures.filter((name) => name.endsWith('.csv')).sort())
})

test.each(results)(
  '$name comes in as the page on presets says',
  async ({ path, preset, counts }) => {
    const result = await send(readFileSync(path), '/api/imports')
    expect(result).toMatchObject({ preset, ...counts })
  },
)

test('what each program says of a person arrives in its place', async () => {
  for (const { name, preset } of results) if (preset) await importFile(name)
  const lotte = await open('lotte claes')
  expect(lotte).toMatchObject({
    reference: '7301',
    company: 'Weverij Claes BV',
    stage: 'customer',
    phones: [{ value: '+3232261420' }, { value: '+32475123001', label: 'gsm' }],
    addresses: [{ street: 'Molenstraat 4', postalCode: '2800', city: 'Mechelen', country: 'BE' }],
  })
  expect((await notesOf(lotte.id))[0]).toContain('Contact owner: Mieke Smets')
  const elke = await open('elke wouters')
  expect(elke).toMatchObject({ salutation: 'ms', company: 'Meubelhuis Wouters' })
  expect((await notesOf(elke.id))[0]).toContain('Fax: 016 22 33 45')
  expect(await open('hendrickx')).toMatchObject({
    birthday: '1979-04-12',
    reference: '0035e00000AAAA1AAB',
    tags: ['Web'],
  })
  expect(await open('berghe')).toMatchObject({
    givenName: 'Nele',
    familyName: 'van den Berghe',
    emails: [
      { value: 'nele@bloemen.example' },
      { value: 'nele.privé@mail.example' },
      { value: 'nele@thuis.example' },
    ],
    phones: [{ value: '+32475123301' }, { value: '+3292334455' }],
    addresses: [{ street: 'Markt 3 bus 2', postalCode: '9000', city: 'Gent', country: 'BE' }],
    tags: ['Klanten'],
  })
  expect(await open('aerts')).toMatchObject({
    birthday: '1968-09-03',
    addresses: [
      { street: 'Vrijheid 10 bus 4', city: 'Turnhout' },
      { street: 'Bosweg 22', city: 'Oud-Turnhout' },
    ],
    tags: ['Notaris', 'Goede klant'],
  })
  expect(await open('bauwens')).toMatchObject({ company: 'Brouwerij De Hop', stage: 'lead' })
  expect(await open('de hop', 'companies')).toMatchObject({ enterpriseNumber: 'BE0403170701' })
  expect(await open('mertens')).toMatchObject({ phones: [{ value: '+32475123601' }] })
  expect(await open('verhaegen')).toMatchObject({
    emails: [{ value: 'noor@atelier.example' }, { value: 'noor.v@mail.example' }],
    phones: [{ value: '+32475123701' }, { value: '+31612345678' }],
  })
  expect(await open('lemmens')).toMatchObject({
    addresses: [{ street: 'Industrieweg 15', postalCode: '3600', city: 'Genk', country: 'BE' }],
    tags: ['bouw', 'klant', 'nieuwsbrief'],
    ibans: ['BE71 •••• 6769'],
  })
})

test('a person of another program is put at the company of an earlier file, by that program’s id', async () => {
  await importFile('twenty-companies.csv')
  await importFile('twenty-people.csv')
  const noor = await open('verhaegen')
  expect(noor.company).toBe('Atelier Noord')
  const { rows } = await kluis.admin.query('select person_id from kluis.affiliation')
  expect(rows).toEqual([{ person_id: noor.id }])
})

test('a preset can be taken away or put in the place of another', async () => {
  const look = (query: string) =>
    send<Preview>(file('hubspot-contacts.csv'), `/api/imports/preview${query}`)
  expect((await look('?preset=none')).preset).toBeNull()
  const other = await look('?preset=salesforce')
  expect(other.preset).toBe('salesforce')
  expect((await look('')).mapping.find(({ header }) => header === 'Contact owner')).toMatchObject({
    field: 'remark',
  })
})

test('what a column means is remembered for whoever imports that source next, and can be forgotten', async () => {
  const first = 'Wie;Waar;Nr\nJan Peeters;Gent;77-A'
  await send(first, '/api/imports?mapping=Wie=fullName,Waar=city,Nr=reference')
  const ben = await kluis.colleague(ana, 'sales', ana.teamId)
  const next = 'Wie;Waar;Nr\nAn Maes;Brugge;78-B'
  const preview = await send<Preview>(next, '/api/imports/preview', ben)
  expect(preview.mapping.map(({ field, by }) => [field, by])).toEqual([
    ['fullName', 'remembered'],
    ['city', 'remembered'],
    ['reference', 'remembered'],
  ])
  expect(
    (await send<Preview>(next, '/api/imports/preview?remembered=ignore', ben)).rememberedId,
  ).toBeNull()
  expect(
    (await ben.call('DELETE', `/api/import-mappings/${preview.rememberedId}`)).statusCode,
  ).toBe(200)
  expect((await send<Preview>(next, '/api/imports/preview', ben)).rememberedId).toBeNull()
  // What the headers of a source say is sealed like anything of a customer.
  await send(first, '/api/imports?mapping=Wie=fullName,Waar=city,Nr=reference')
  const { rows } = await kluis.admin.query(
    `select encode(content_sealed, 'escape') || encode(source, 'escape') as text from kluis.import_mapping`,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0].text).not.toMatch(/Waar|fullName/)
})
