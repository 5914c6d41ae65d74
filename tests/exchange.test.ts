import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Imported } from '../src/crm/exchange/contract.ts'
import { exportAs, importFile } from '../src/crm/exchange/verbs.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
})
afterEach(() => kluis.close())

const file = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url))
async function send(bytes: Buffer | string, query = '', who = ana) {
  return kluis.app.http.inject({
    method: 'POST',
    url: `/api/imports${query}`,
    cookies: { kluis: who.token },
    headers: { 'content-type': 'text/csv' },
    payload: bytes,
  })
}
async function importBytes(bytes: Buffer | string, query = ''): Promise<Imported> {
  const response = await send(bytes, query)
  if (response.statusCode >= 300) throw new Error(response.body)
  return response.json()
}
const find = async (search: string) =>
  (await ana.call('GET', `/api/people?search=${encodeURIComponent(search)}`)).json().items
const open = async (search: string) => {
  const [line] = await find(search)
  return (await ana.call('GET', `/api/people/${line.id}`)).json()
}
const notesOf = async (id: string) =>
  (await ana.call('GET', `/api/people/${id}/notes`))
    .json()
    .items.map((note: { body: string }) => note.body)
const countRows = async (table: string) =>
  Number((await kluis.admin.query(`select count(*) from kluis.${table}`)).rows[0].count)
const told = (result: Imported) =>
  result.rows.map(
    ({ line, outcome, problems }) =>
      `${line} ${outcome} ${problems.map((one) => `${one.field}:${one.problem}`).join(' ')}`,
  )

const files = [
  [
    'klanten-export-utf8-bom.csv',
    { encoding: 'utf-8', separator: ';', read: 12, created: 11, skipped: 1, flagged: 1 },
    { people: 10, companies: 4, affiliations: 3 },
  ],
  [
    'klanten-export-windows1252.csv',
    { encoding: 'windows-1252', separator: ';', read: 10, created: 9, skipped: 1, flagged: 1 },
    { people: 8, companies: 3, affiliations: 2 },
  ],
  [
    'customers-100.csv',
    { encoding: 'utf-8', separator: ',', read: 100, created: 100, skipped: 0, flagged: 0 },
    { people: 100, companies: 99, affiliations: 100 },
  ],
  [
    'leads-100.csv',
    { encoding: 'utf-8', separator: ',', read: 100, created: 100, skipped: 0, flagged: 0 },
    { people: 100, companies: 100, affiliations: 100 },
  ],
  [
    'organizations-100.csv',
    { encoding: 'utf-8', separator: ',', read: 100, created: 100, skipped: 0, flagged: 0 },
    { people: 0, companies: 100, affiliations: 0 },
  ],
] as const

test.each(files)('%s comes in whole, and a dry run said so before', async (name, result, made) => {
  const dry = await importBytes(file(name), '?dryRun=true')
  expect(await countRows('person')).toBe(0)
  const done = await importBytes(file(name))
  const { people, companies } = made
  for (const one of [dry, done])
    expect(one).toMatchObject({ ...result, updated: 0, refused: 0, people, companies })
  expect(dry.rows).toEqual(done.rows)
  expect({
    people: await countRows('person'),
    companies: await countRows('company'),
    affiliations: await countRows('affiliation'),
  }).toEqual(made)
  expect((await ana.call('GET', '/api/people')).json().total).toBe(people)
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('what an office hands over arrives as it should be', async () => {
  await importBytes(file('klanten-export-utf8-bom.csv'))
  const anneleen = await open('broeck')
  expect(anneleen).toMatchObject({
    givenName: 'Anneleen',
    familyName: 'Van den Broeck',
    salutation: 'ms',
    company: 'Bakkerij De Korenaar BV',
    reference: 'K-0001',
    birthday: '1978-09-03',
    stage: 'customer',
    ibans: ['BE71 •••• 6769'],
    emails: [{ value: 'anneleen@dekorenaar.example' }],
    phones: [{ value: '+3232261415' }, { value: '+32475123456' }],
    addresses: [
      { street: 'Grote Steenweg 12 bus 3', postalCode: '2600', city: 'Berchem', country: 'BE' },
    ],
    tags: ['nieuwsbrief'],
  })
  expect(await notesOf(anneleen.id)).toEqual(['Belt liefst vóór 9u'])
  expect(await open('ijsselstein')).toMatchObject({
    familyName: 'de Vries-IJsselstein',
    emails: [{ value: 'sjoerd@ijsselstein.example' }],
    phones: [{ value: '+31302345678' }, { value: '+31612345678' }],
    birthday: '1969-12-31',
    ibans: ['NL91 •••• 4300'],
  })
  const fatima = await open('amrani')
  expect(fatima).toMatchObject({
    emails: [{ value: 'fatima@mail.example' }, { value: 'f.elamrani@werk.example' }],
    phones: [{ value: '+3225551212' }, { value: '+32499999999' }],
    birthday: '1991-02-01',
    tags: ['nieuwsbrief'],
  })
  // The day she agreed is the proof of it.
  expect((await notesOf(fatima.id))[0]).toContain('Nieuwsbrief: opt-in 12/05/2024')
  expect(await open('ozturk')).toMatchObject({
    givenName: 'Çağlar',
    familyName: 'Öztürk',
    birthday: '1984-02-29',
    phones: [{ value: '+32486001122' }],
    tags: ['geen nieuwsbrief'],
  })
  expect(await open('wang')).toMatchObject({
    givenName: '王',
    familyName: '芳',
    phones: [{ value: '+861065529988' }],
  })
  expect(await open('bois')).toMatchObject({
    familyName: 'du Bois de la Tour',
    addresses: [{ street: '12, rue de Rivoli', country: 'FR' }],
    ibans: ['FR14 •••• 2606'],
  })
  const companies = (await ana.call('GET', '/api/companies')).json().items
  expect(companies.map((one: { displayName: string }) => one.displayName).sort()).toEqual([
    'Bakkerij De Korenaar BV',
    'IJsselstein Advies B.V.',
    'Notariaat Peeters & Zonen',
    'Wang Trading',
  ])
  const [notary] = companies.filter((one: { displayName: string }) =>
    /Peeters/.test(one.displayName),
  )
  expect((await ana.call('GET', `/api/companies/${notary.id}`)).json()).toMatchObject({
    enterpriseNumber: 'BE0428759497',
    emails: [{ value: 'info@notariaatpeeters.example' }],
    phones: [{ value: '+3292330000' }],
    reference: 'K-0006',
  })
})

test('the older Windows file gives the same letters', async () => {
  await importBytes(file('klanten-export-windows1252.csv'))
  expect(await open('hondt')).toMatchObject({ givenName: 'Zoë', familyName: "D'Hondt" })
  expect(await notesOf((await open('broeck')).id)).toEqual(['Belt liefst vóór 9u'])
})

test('bad values are left out and told with their line; the row comes in', async () => {
  const result = await importBytes(file('klanten-export-utf8-bom.csv'))
  expect(told(result)).toEqual([
    '4 created enterpriseNumber:organisation-number-wrong',
    '6 created email:email-unreadable phone:phone-unreadable iban:iban-wrong birthday:day-impossible',
    '7 skipped :duplicate-in-file',
    '8 created note:formula-kept-as-text',
    '9 created note:formula-kept-as-text',
    '10 created note:national-number',
    '14 created :likely-in-file',
  ])
  expect(result.rows[2]!.problems[0]).toMatchObject({ line: 2, on: ['email', 'phone'] })
  const zoe = await open('hondt')
  expect(zoe).toMatchObject({ emails: [], phones: [], birthday: '', ibans: [] })
  expect((await notesOf(zoe.id))[0]).toContain('Telefoon: niet gekend')
  // The formula is kept as the text it is.
  const jeanFrancois = await open('bois')
  expect(await notesOf(jeanFrancois.id)).toEqual([`+cmd|' /C calc'!A0`])
})

test('a postcode and a place that do not belong together come in and are told', async () => {
  const rows = [
    'Voornaam;Naam;Postcode;Gemeente;Land',
    'An;Aerts;9000;Gent;BE',
    'Bo;Baeten;9000;Mol;',
  ]
  const result = await importBytes(`${rows.join('\n')}\n`)
  expect(told(result)).toEqual(['3 created city:place-unlike'])
  expect((await open('Baeten')).addresses[0]).toMatchObject({ postalCode: '9000', city: 'Mol' })
})

test('a national number in a remark is not stored unless the importer says so', async () => {
  const { importId } = await importBytes(file('klanten-export-utf8-bom.csv'))
  expect(await notesOf((await open('hof')).id)).toEqual([])
  const shown = (await ana.call('GET', `/api/imports/${importId}`)).json()
  expect(shown).toMatchObject({ flagged: 1, state: 'done' })
  expect(JSON.stringify(shown)).not.toContain('033.28')
  await ana.call('POST', `/api/imports/${importId}/revert`)
  await importBytes(file('klanten-export-utf8-bom.csv'), '?nationalNumbers=keep')
  expect((await notesOf((await open('hof')).id))[0]).toContain('85.07.30-033.28')
})

const HEADER = 'Voornaam;Naam;E-mail;Telefoon;Straat;Postcode;Geboortedatum'
test('father and son are never one, whatever they share', async () => {
  const household = [
    'Jan;Peeters;;09 233 00 01;Kerkstraat 1;9000;',
    'Piet;Peeters;;09 233 00 01;Kerkstraat 1;9000;',
    'Jan;Peeters;jan.junior@mail.example;09 233 00 01;Kerkstraat 1;9000;1990-01-01',
    'Jan;Peeters;jan.senior@mail.example;09 233 00 01;Kerkstraat 1;9000;1960-01-01',
  ]
  const result = await importBytes([HEADER, ...household].join('\n'))
  // The third may be the first with an address added: nothing speaks against it. The others stay apart.
  expect(told(result)).toEqual([
    '3 created :likely-in-file',
    '4 skipped :duplicate-in-file',
    '5 created :likely-in-file',
  ])
  const again = await importBytes([HEADER, household[3]!.replace('Jan', 'Joris')].join('\n'))
  expect(told(again)).toEqual(['2 created :likely-in-database'])
  expect(await find('peeters')).toHaveLength(4)
})

test('a second import updates whom it finds when asked to, and makes nobody twice', async () => {
  await importBytes(`${HEADER}\nJan;Peeters;jan@mail.example;;Kerkstraat 1;9000;`)
  const more = `${HEADER}\nJan;Peeters;JAN@mail.example;0475 12 34 56;Markt 2;2000;1980-05-04\nAn;Maes;an@mail.example;;;;\nAn;Maes;an@mail.example;0475 12 34 57;;;`
  expect(await importBytes(more)).toMatchObject({ created: 1, updated: 0, skipped: 2 })
  expect(await importBytes(more, '?duplicates=update')).toMatchObject({
    created: 0,
    updated: 3,
    skipped: 0,
  })
  const jan = await open('jan peeters')
  expect(jan).toMatchObject({
    rowVersion: 2,
    phones: [{ value: '+32475123456' }],
    birthday: '1980-05-04',
  })
  expect(jan.addresses.map((one: { city: string; street: string }) => one.street)).toEqual([
    'Kerkstraat 1',
    'Markt 2',
  ])
  expect((await open('an maes')).phones).toEqual([{ value: '+32475123457' }])
  // The new phone is found from now on.
  expect(await importBytes(`${HEADER}\nJan;Peeters;;0475123456;;;`)).toMatchObject({ skipped: 1 })
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('rows of one file that repeat each other become one record when updating', async () => {
  const result = await importBytes(
    `${HEADER}\nAn;Maes;an@mail.example;;;;\nAn;Maes;an@mail.example;0475 12 34 57;;;`,
    '?duplicates=update',
  )
  expect(result).toMatchObject({ created: 1, updated: 1, people: 1 })
  expect(await open('maes')).toMatchObject({ rowVersion: 1, phones: [{ value: '+32475123457' }] })
})

test('a colleague of another team has the same customer: neither learns of the other', async () => {
  await importBytes(`${HEADER}\nJan;Peeters;jan@mail.example;;;;`)
  const ben = await kluis.colleague(ana, 'sales', await kluis.newTeam('Andere ploeg'))
  const reply = await send(`${HEADER}\nJan;Peeters;jan@mail.example;;;;`, '', ben)
  expect(reply.json()).toMatchObject({ created: 1, skipped: 0, rows: [] })
})

test('the same file twice makes nobody twice, nor a company', async () => {
  await importBytes(file('customers-100.csv'))
  expect(await importBytes(file('customers-100.csv'))).toMatchObject({
    created: 0,
    skipped: 100,
    companies: 0,
  })
  expect(await countRows('company')).toBe(99)
})

test('an import is taken back, but for those someone worked on', async () => {
  const { importId } = await importBytes(file('customers-100.csv'))
  const [one, other] = (await ana.call('GET', '/api/people')).json().items
  await ana.call('PATCH', `/api/people/${one.id}`, { rowVersion: 1, stage: 'customer' })
  await ana.call('POST', `/api/people/${other.id}/notes`, { body: 'Belde terug' })
  const reverted = (await ana.call('POST', `/api/imports/${importId}/revert`)).json()
  // Both people, and the company each of them is at.
  expect(reverted).toMatchObject({ removed: 98, removedCompanies: 97, keptBecauseChanged: 4 })
  expect(reverted.kept).toContainEqual({ kind: 'person', id: one.id })
  expect((await ana.call('GET', '/api/people')).json().total).toBe(2)
  // Asked once more it finds the same four still worked on, and takes nothing.
  expect((await ana.call('POST', `/api/imports/${importId}/revert`)).json()).toMatchObject({
    removed: 0,
    removedCompanies: 0,
    restored: 0,
    keptBecauseChanged: 4,
  })
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('an import belongs to who ran it, and one without the right can not import', async () => {
  const { importId } = await importBytes('Voornaam;Naam\nJan;Peeters')
  const ben = await kluis.colleague(ana, 'sales', ana.teamId)
  for (const address of [`/api/imports/${importId}`, `/api/imports/${importId}/refused`])
    expect((await ben.call('GET', address)).statusCode).toBe(404)
  expect((await ben.call('POST', `/api/imports/${importId}/revert`)).statusCode).toBe(404)
  expect((await ben.call('GET', '/api/imports')).json().items).toEqual([])
  const support = await kluis.colleague(ana, 'support', ana.teamId)
  expect((await support.call('POST', `/api/imports/${importId}/revert`)).statusCode).toBe(403)
  expect((await send('Voornaam;Naam\nJan;Peeters', '', support)).statusCode).toBe(403)
  expect((await ana.call('GET', '/api/imports')).json().items).toMatchObject([
    { id: importId, read: 1, created: 1, state: 'done' },
  ])
})

test('refused rows come back as they stood, with why, and go in again once corrected', async () => {
  const { importId, refused, created } = await importBytes(
    'Voornaam;Naam;E-mail\nJan;Peeters;jan@mail.example\n;;anoniem@mail.example\nAn;Maes;an@mail.example;te;veel',
    '?fileName=klanten.csv',
  )
  expect([created, refused]).toEqual([1, 2])
  const csv = await ana.call('GET', `/api/imports/${importId}/refused`)
  expect(csv.headers['content-type']).toContain('text/csv')
  expect(csv.body.split('\r\n')).toEqual([
    '\ufeffRegel;Geweigerd omdat;Voornaam;Naam;E-mail',
    '3;geen naam en geen bedrijf;;;anoniem@mail.example',
    '4;meer kolommen dan koppen: er staat een scheidingsteken te veel;An;Maes;an@mail.example;te;veel',
    '',
  ])
  expect((await ana.call('GET', `/api/imports/${importId}`)).json()).toMatchObject({
    fileName: 'klanten.csv',
    rows: [{ line: 3 }, { line: 4 }],
  })
})

test('what was refused, and the name of the file, are nowhere readable in the database', async () => {
  await importBytes('Voornaam;Naam;E-mail\n;;anoniem@mail.example', '?fileName=geheim-bureau.csv')
  const { rows } = await kluis.admin.query(
    `select encode(r.content_sealed, 'escape') || encode(i.content_sealed, 'escape') as text
     from kluis.import_run r join kluis.import_row i on i.import_id = r.id`,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0].text).not.toMatch(/anoniem|geheim/)
})

test('a preview shows the first rows as they would be kept, and a column can be corrected', async () => {
  const bytes = 'Wie;Waar;Adres mail\nJan Peeters;Gent;jan@mail.example'
  const look = async (query: string) =>
    (
      await kluis.app.http.inject({
        method: 'POST',
        url: `/api/imports/preview${query}`,
        cookies: { kluis: ana.token },
        headers: { 'content-type': 'text/csv' },
        payload: bytes,
      })
    ).json()
  // Nobody is named yet: the columns are shown all the same, to be corrected; the import itself refuses.
  expect(await look('')).toMatchObject({ created: 0, refused: 1 })
  expect((await send(bytes)).json().code).toBe('file-unreadable')
  const preview = await look('?mapping=Wie=fullName,Waar=city')
  expect(preview.mapping).toMatchObject([
    { header: 'Wie', field: 'fullName', by: 'caller' },
    { header: 'Waar', field: 'city', by: 'caller' },
    { header: 'Adres mail', field: 'email', by: 'values' },
  ])
  expect(preview.firstRows).toEqual([
    {
      line: 2,
      kind: 'person',
      values: {
        givenName: 'Jan',
        familyName: 'Peeters',
        emails: 'jan@mail.example',
        addresses: 'Gent',
      },
    },
  ])
  expect((await look('?mapping=Wie=onzin')).code).toBe('invalid-fields')
  expect(await countRows('person')).toBe(0)
})

test('what the list leaves as CSV is text in any spreadsheet, and comes in again the same', async () => {
  await importBytes(
    'Voornaam;Naam;E-mail;Telefoon;Bedrijf\n=1+1;Peeters;jan@mail.example;0475 12 34 56;"@SUM(A1;2)"',
  )
  const csv = (await ana.call('GET', '/api/people/export.csv')).body
  const cells = csv.split('\r\n')[1]!.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)
  expect(cells.filter((cell) => /^"?[=+\-@]/.test(cell))).toEqual([])
  expect(csv).toContain(`'=1+1;Peeters;"'@SUM(A1;2)"`)
  const ids = (await ana.call('GET', '/api/people')).json().items
  const openings = await ana.call('GET', `/api/people/${ids[0].id}/openings`)
  expect(openings.json().items).toContainEqual(
    expect.objectContaining({ kind: 'export', purpose: 'export' }),
  )
  expect(await importBytes(csv)).toMatchObject({ created: 0, skipped: 1 })
  await kluis.admin.query('delete from kluis.person')
  await importBytes(csv)
  const [{ id }] = (await ana.call('GET', '/api/people?search=peeters')).json().items.slice(-1)
  expect((await ana.call('GET', `/api/people/${id}`)).json()).toMatchObject({
    givenName: '=1+1',
    company: '@SUM(A1;2)',
    phones: [{ value: '+32475123456' }],
  })
})

test('an export holds what its caller sees, and needs the right', async () => {
  await importBytes(file('klanten-export-utf8-bom.csv'))
  const officer = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
  expect((await officer.call('GET', '/api/people/export.csv')).body).toContain('BE71096123456769')
  const companies = (await ana.call('GET', '/api/companies/export.csv')).body
  expect(companies.trim().split('\r\n')).toHaveLength(5)
  expect(companies).toContain('K-0006;Notariaat Peeters & Zonen;BE0428759497')
  const ben = await kluis.colleague(ana, 'sales', ana.teamId)
  expect((await ben.call('GET', '/api/people/export.csv')).statusCode).toBe(403)
  const manager = await kluis.colleague(ana, 'manager', await kluis.newTeam('Andere ploeg'))
  expect(
    (await manager.call('GET', '/api/people/export.csv')).body.trim().split('\r\n'),
  ).toHaveLength(1)
})

test('a script imports and exports in the name of a colleague', async () => {
  const bytes = file('klanten-export-utf8-bom.csv')
  const ask = { bytes, as: ana.email, isDryRun: false }
  const progress: number[] = []
  const done = await importFile(kluis.app, ask, ({ done: so }) => progress.push(so))
  expect(done).toMatchObject({
    exitCode: 0,
    result: { read: 12, created: 11, updated: 0, skipped: 1, refused: 0, flagged: 1 },
  })
  expect(progress).toEqual([12])
  const sent: Buffer[] = []
  const { result } = await exportAs(
    kluis.app,
    { as: ana.email, kind: 'person', format: 'csv' },
    async (piece) => void sent.push(piece),
  )
  expect(result.rows).toBe(10)
  expect(Buffer.concat(sent).toString()).toContain('Van den Broeck')
  const support = await kluis.colleague(ana, 'support', ana.teamId)
  await expect(importFile(kluis.app, { ...ask, as: support.email })).rejects.toMatchObject({
    code: 'not-allowed',
  })
})

test.each([
  ['nothing', '', 'file-unreadable'],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]), 'file-unreadable'],
  ['a header that names nobody', 'a;b\n1;2', 'file-unreadable'],
  ['a quote that never ends', 'Voornaam;Naam\n"Jan;Peeters\nAn;Maes', 'file-unreadable'],
])('%s is refused with a reason', async (_what, bytes, code) => {
  expect((await send(bytes)).json().code).toBe(code)
})

test('the description for programs says that an import takes a file', async () => {
  const answer = await kluis.app.http.inject({
    method: 'GET',
    url: '/api/openapi.json',
    headers: { host: 'localhost' },
  })
  const { paths } = answer.json()
  expect(Object.keys(paths['/api/imports'].post.requestBody.content)).toContain('text/csv')
  expect(Object.keys(paths['/api/people'].post.requestBody.content)).toEqual(['application/json'])
})
