import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Hidden } from '#platform/hidden.ts'
import { exportRecords } from '../src/crm/exchange/export/export.ts'
import { Archive } from '../src/crm/exchange/files/archive.ts'
import { readTable } from '../src/crm/exchange/files/read-table.ts'
import { grantAhead } from './support/grants.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
})
afterEach(() => kluis.close())

const JAN = {
  givenName: '=1+1',
  familyName: 'Peeters; de "Grote", van Gent',
  salutation: 'mr',
  company: '@SUM(A1)',
  birthday: '1978-09-03',
  emails: [{ value: 'jan@mail.example' }, { value: 'jan@werk.example' }],
  phones: [{ value: '0475 12 34 56', label: 'gsm' }, { value: '09 233 00 01' }],
  addresses: [{ street: 'Kerkstraat 1', postalCode: '9000', city: 'Gent', country: 'BE' }],
  tags: ['vip', 'beurs'],
  reference: '00123',
  website: 'https://jan.example',
  language: 'nl',
  ibans: ['BE71096123456769'],
}
const get = (url: string, who = ana) => who.call('GET', url)
const post = async (url: string, body: object) => (await ana.call('POST', url, body)).json()
async function importBytes(bytes: Buffer | string, query = '') {
  const response = await kluis.app.http.inject({
    method: 'POST',
    url: `/api/imports${query}`,
    cookies: { kluis: ana.token },
    headers: { 'content-type': 'application/octet-stream' },
    payload: bytes,
  })
  return response.json()
}
const exportEvents = async () =>
  (
    await kluis.admin.query(
      `select detail from kluis_ledger.outbox where purpose = 'export' and action = 'event' order by id`,
    )
  ).rows.map((row) => row.detail)

test.each(['csv', 'xlsx', 'vcf', 'json'] as const)(
  'people leave as %s for whoever may, and each opening and the export are recorded',
  async (format) => {
    const { id } = await post('/api/people', JAN)
    const file = await get(`/api/people/export.${format}`)
    expect(file.statusCode).toBe(200)
    expect(file.headers['content-disposition']).toContain(`kluis-klanten.${format}`)
    const openings = (await get(`/api/people/${id}/openings`)).json().items
    expect(openings).toContainEqual(expect.objectContaining({ kind: 'export', purpose: 'export' }))
    expect(await exportEvents()).toEqual([{ table: 'person', rows: 1, format, by: ana.userId }])
    const ben = await kluis.colleague(ana, 'sales', ana.teamId)
    expect((await get(`/api/people/export.${format}`, ben)).statusCode).toBe(403)
    const elsewhere = await kluis.colleague(ana, 'manager', await kluis.newTeam('Andere ploeg'))
    const empty = await get(`/api/people/export.${format}`, elsewhere)
    expect(empty.statusCode).toBe(200)
    expect(empty.rawPayload.includes('Peeters')).toBe(false)
  },
)

test('no cell of a workbook is a formula or a number, and the workbook comes back by its own id', async () => {
  const { id } = await post('/api/people', JAN)
  const book = (await get('/api/people/export.xlsx')).rawPayload
  const archive = await Archive.open(book)
  let xml = ''
  for await (const piece of archive.text('xl/worksheets/sheet1.xml')) xml += piece
  expect(xml).toContain('=1+1')
  expect(xml).not.toContain('<f>')
  expect(
    [...xml.matchAll(/<c s="\d"( t="(\w+)")?/g)].every(([, , type]) => type === 'inlineStr'),
  ).toBe(true)
  const table = await readTable(book)
  expect(table.headers.at(-1)).toBe('Kluis-id')
  expect(table.rows[0]!.cells).toContain('00123')
  expect(await importBytes(book, '?key=id&duplicates=update&dryRun=true')).toMatchObject({
    updated: 1,
    created: 0,
  })
  expect(table.rows[0]!.cells.at(-1)).toBe(id)
})

test('vCard 4 says what a person is, folds long lines, and comes in again the same', async () => {
  await post('/api/people', {
    ...JAN,
    givenName: 'Jan',
    company: 'Ünïcode & Zonen, afdeling met een heel lange naam die niet op één regel past',
  })
  await post('/api/companies', {
    name: 'De Korenaar; bakkers',
    enterpriseNumber: '0403170701',
    website: 'https://korenaar.example',
  })
  const vcf = (await get('/api/people/export.vcf')).body
  const lines = vcf.split('\r\n')
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
  expect(lines.slice(0, 2)).toEqual(['BEGIN:VCARD', 'VERSION:4.0'])
  expect(lines).toContain('N:Peeters\\; de "Grote"\\, van Gent;Jan;;mr;')
  expect(lines).toContain('TEL;TYPE=cell;VALUE=uri:tel:+32475123456')
  expect(lines).toContain('ADR:;;Kerkstraat 1;Gent;;9000;BE')
  expect(lines).toContain('BDAY:19780903')
  expect((await get('/api/companies/export.vcf')).body).toContain(
    'KIND:org\r\nFN:De Korenaar\\; bakkers',
  )
  await kluis.admin.query('delete from kluis.person')
  await importBytes(vcf)
  const [{ id }] = (await get('/api/people?search=peeters')).json().items
  expect((await get(`/api/people/${id}`)).json()).toMatchObject({
    givenName: 'Jan',
    familyName: 'Peeters; de "Grote", van Gent',
    salutation: 'mr',
    birthday: '1978-09-03',
    phones: [{ value: '+3292330001' }, { value: '+32475123456', label: 'gsm' }],
    emails: [{ value: 'jan@mail.example' }, { value: 'jan@werk.example' }],
    tags: ['vip', 'beurs'],
  })
})

test('JSON holds the values as they are, account numbers in full only for who may reveal them', async () => {
  await post('/api/people', JAN)
  const [jan] = JSON.parse((await get('/api/people/export.json')).body)
  expect(jan).toMatchObject({ givenName: '=1+1', reference: '00123', ibans: JAN.ibans })
  await kluis.admin.query(
    `delete from kluis.role_permission where role_id = 'manager' and permission = 'people:reveal'`,
  )
  const manager = await kluis.colleague(ana, 'manager', ana.teamId)
  const [masked] = JSON.parse((await get('/api/people/export.json', manager)).body)
  expect(masked.ibans).toEqual(['BE71 •••• 6769'])
})

test('numbers, site, sector and sole trader of a company leave and come back, and an export says whose data are personal', async () => {
  const jansen = {
    name: 'Klusbedrijf Jansen',
    enterpriseNumber: 'NL000099998B57',
    otherNumbers: ['12345678'],
    addresses: [{ street: 'Dam 1', city: 'Amsterdam', country: 'NL', siteNumber: '000012345678' }],
    sector: '43.320',
    industry: 'klussen',
    employeeCount: 1,
    isSoleTrader: true,
  }
  const { id } = await post('/api/companies', jansen)
  await post('/api/companies', { name: 'De Korenaar' })
  const csv = (await get('/api/companies/export.csv')).body
  const [header, ...lines] = csv.trim().split('\r\n')
  const at = header!.split(';').indexOf('Persoonsgegevens')
  expect(lines.map((line) => line.split(';')[at]).sort()).toEqual(['', 'x'])
  const json = JSON.parse((await get('/api/companies/export.json')).body)
  expect(
    json.map((one: { name: string; isPersonalData: boolean }) => [one.name, one.isPersonalData]),
  ).toEqual(
    expect.arrayContaining([
      ['Klusbedrijf Jansen', true],
      ['De Korenaar', false],
    ]),
  )
  await kluis.admin.query('delete from kluis.company')
  kluis.app.index.remove('company', [id])
  expect(await importBytes(csv)).toMatchObject({ created: 2, refused: 0 })
  const [found] = (await get('/api/companies?search=jansen')).json().items
  expect((await get(`/api/companies/${found.id}`)).json()).toMatchObject({
    ...jansen,
    sector: '43320',
  })
  // Each of its columns has a place of its own: only the two instants go to the note.
  const [{ body }] = (await get(`/api/companies/${found.id}/notes`)).json().items
  expect(body.split('\n')).toHaveLength(2)
})

test('a file may write a sector as its source does, and each is found under what it belongs to', async () => {
  const written = ['62.10', '6210', '62100', 'J62', '62.100', '62.20001', 'Verhuur en lease']
  const lines = written.map((sector, i) => `Firma ${i};${sector}`)
  expect(await importBytes(['Bedrijf;NACE', ...lines].join('\n'))).toMatchObject({
    created: written.length,
    refused: 0,
  })
  const { items } = (await get('/api/companies?limit=50')).json()
  const sectors = Object.fromEntries(
    items.map((one: { displayName: string; sector: string }) => [one.displayName, one.sector]),
  )
  expect(written.map((_, i) => sectors[`Firma ${i}`])).toEqual([
    '6210',
    '6210',
    '62100',
    '62',
    '62100',
    '6220001',
    '77',
  ])
})

test('a file says from when until when somebody works where, and what is wrong goes to the note', async () => {
  await importBytes(
    [
      'Voornaam;Achternaam;Bedrijf;Functie;Afdeling;In dienst;Uit dienst',
      'Jan;Peeters;De Korenaar;Bakker;Oven;1/3/2015;31/12/2019',
      'An;Claes;De Korenaar;Chef;Winkel;1/3/2020;',
    ].join('\n'),
  )
  const [firm] = (await get('/api/companies?search=korenaar')).json().items
  const ties = (await get(`/api/companies/${firm.id}/affiliations`)).json().items
  expect(ties).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        jobTitle: 'Bakker',
        department: 'Oven',
        since: '2015-03-01',
        until: '2019-12-31',
        isPast: true,
      }),
      expect.objectContaining({ jobTitle: 'Chef', since: '2020-03-01', until: '', isPast: false }),
    ]),
  )
  const wrong = await importBytes(
    ['Bedrijf;Ondernemingsnummer;NACE;KvK', 'Fout BV;0403.170.702;45;', 'Stil BV;123456782;;'].join(
      '\n',
    ),
  )
  expect(wrong).toMatchObject({ created: 2, refused: 0 })
  const noteOf = async (name: string) => {
    const [{ id }] = (await get(`/api/companies?search=${name}`)).json().items
    return (await get(`/api/companies/${id}/notes`))
      .json()
      .items.map(({ body }: { body: string }) => body)
  }
  expect((await noteOf('fout')).join()).toMatch(/0403\.170\.702[\s\S]*45/)
  // What may be a citizen service number stands nowhere.
  expect(await noteOf('stil')).toEqual([])
})

/** More people than the vault opens for one page, by a file. */
async function manyPeople(count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, i) => `Jan;Proef${i};p${i}@mail.example`)
  expect(await importBytes(['Voornaam;Naam;E-mail', ...lines].join('\n'))).toMatchObject({
    created: count,
  })
}

test('an export of several pages is whole in each format, and is told as one', async () => {
  await manyPeople(2_500)
  const bodies = new Map<string, Buffer>()
  for (const format of ['csv', 'xlsx', 'vcf', 'json'])
    bodies.set(format, (await get(`/api/people/export.${format}`)).rawPayload)
  const families = Array.from({ length: 2_500 }, (_, i) => `Proef${i}`).sort()
  const inOrder = (list: string[]) => [...list].sort()
  const json = JSON.parse(bodies.get('json')!.toString()) as { familyName: string }[]
  expect(inOrder(json.map(({ familyName }) => familyName))).toEqual(families)
  for (const format of ['csv', 'xlsx', 'vcf']) {
    const { rows, headers, kind } = await readTable(bodies.get(format)!)
    const at = headers.indexOf(kind === 'vcard' ? 'N family' : 'Achternaam')
    expect(inOrder(rows.map(({ cells }) => cells[at]!))).toEqual(families)
  }
  expect(await exportEvents()).toHaveLength(4)
  for (const event of await exportEvents()) expect(event).toMatchObject({ rows: 2_500 })
  const id = randomUUID()
  await get(`/api/people/export.json?export=${id}`)
  const done = { state: 'done', done: 2_500, total: 2_500 }
  expect((await get(`/api/exports/${id}`)).json()).toEqual(done)
})

test('an export that fails on the way breaks off where every reader sees it, and the program goes on', async () => {
  await manyPeople(2_500)
  // The last of them holds what belongs to another: it does not open.
  await kluis.admin.query(`
    alter table kluis.person disable trigger user;
    update kluis.person set contact_sealed = (select contact_sealed from kluis.person order by id limit 1)
    where id = (select id from kluis.person order by id desc limit 1)`)
  await kluis.app.http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = kluis.app.http.server.address() as AddressInfo
  const addresses = ['csv', 'xlsx', 'vcf', 'json'].map((one) => `/api/people/export.${one}`)
  for (const address of [...addresses, '/api/take-out']) {
    const arrived: Buffer[] = []
    const grant = await grantAhead(kluis, ana, 'GET', address)
    const isWhole = await new Promise<boolean>((done) => {
      const options = { host: '127.0.0.1', port, path: address }
      const headers = { cookie: `kluis=${ana.token}`, host: 'localhost:4310', ...grant }
      request({ ...options, headers }, (response) => {
        expect(response.statusCode).toBe(200)
        response.on('data', (piece: Buffer) => arrived.push(piece))
        response.on('error', () => done(false))
        response.on('end', () => done(true))
      }).end()
    })
    expect([address, isWhole]).toEqual([address, false])
    // What a browser throws away; by hand it opens as no workbook and no zip.
    const bytes = Buffer.concat(arrived)
    if (/xlsx|take/.test(address)) await expect(Archive.open(bytes)).rejects.toThrow()
  }
  expect((await get('/api/health')).statusCode).toBe(200)
  for (const event of await exportEvents())
    expect(event).toMatchObject({ rows: 2_000, isBrokenOff: true })
  // What can not even begin is refused as anything else.
  await kluis.admin.query(
    `delete from kluis.person where id not in (select id from kluis.person order by id desc limit 1)`,
  )
  expect((await get('/api/people/export.csv')).statusCode).toBe(500)
})

test('a session that ends on the way ends its export where everybody sees it, and the record says whose it was', async () => {
  await manyPeople(2_500)
  const ben = await kluis.colleague(ana, 'manager', ana.teamId)
  const token = new Hidden(ben.token)
  const who = (await kluis.app.who.ask(token, Date.now()))!
  const tx = kluis.app.db.reader(token, 'export')
  const started = await kluis.app.exchange.exports.watch(ben.userId, randomUUID(), (onRows) =>
    exportRecords(kluis.app.exchange, { tx, who, onRows }, 'person', 'csv'),
  )
  const reader = started.stream[Symbol.asyncIterator]()
  await reader.next()
  await ben.call('POST', '/api/sign-out')
  const rest = async () => {
    while (!(await reader.next()).done);
  }
  await expect(rest()).rejects.toThrow()
  expect((await exportEvents()).at(-1)).toMatchObject({ isBrokenOff: true, by: ben.userId })
})

test('who breaks off an export is on record with what they had, and how far it is only they are told', async () => {
  await manyPeople(4_500)
  const token = new Hidden(ana.token)
  const who = (await kluis.app.who.ask(token, Date.now()))!
  const tx = kluis.app.db.reader(token, 'export')
  const { exports } = kluis.app.exchange
  const id = randomUUID()
  const started = await exports.watch(ana.userId, id, (onRows) =>
    exportRecords(kluis.app.exchange, { tx, who, onRows }, 'person', 'csv'),
  )
  // The header and the first page; a second one may be under way.
  const reader = started.stream[Symbol.asyncIterator]()
  await reader.next()
  await reader.next()
  const progress = (await get(`/api/exports/${id}`)).json()
  expect(progress).toMatchObject({ state: 'running', total: 4_500 })
  expect([0, 2_000]).toContain(progress.done)
  const ben = await kluis.colleague(ana, 'sales', ana.teamId)
  for (const method of ['GET', 'DELETE'] as const)
    expect((await ben.call(method, `/api/exports/${id}`)).statusCode).toBe(404)
  const closed = new Promise((resolve) => started.stream.once('close', resolve))
  expect((await ana.call('DELETE', `/api/exports/${id}`)).json().state).toBe('stopped')
  await closed
  expect((await get(`/api/exports/${id}`)).json().state).toBe('stopped')
  const [event] = await exportEvents()
  expect(event).toMatchObject({ isBrokenOff: true, format: 'csv' })
  expect([2_000, 4_000]).toContain(event.rows)
})
