import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Imported, ImportRun } from '../src/crm/exchange/contract.ts'
import { readTable } from '../src/crm/exchange/files/read-table.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
})
afterEach(() => kluis.close())

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
const get = async (url: string, who = ana) => (await who.call('GET', url)).json()
const post = async (url: string, body = {}) => (await ana.call('POST', url, body)).json()
const runOf = (id: string): Promise<ImportRun> => get(`/api/imports/${id}`)
const personOf = async (search: string) => {
  const { items } = await get(`/api/people?search=${encodeURIComponent(search)}`)
  return get(`/api/people/${items[0].id}`)
}
const notesOf = async (id: string, kind = 'people') =>
  (await get(`/api/${kind}/${id}/notes`)).items.map((note: { body: string }) => note.body)
const countRows = async (table: string) =>
  Number((await kluis.admin.query(`select count(*) from kluis.${table}`)).rows[0].count)
async function until(id: string, isThere: (run: ImportRun) => boolean): Promise<ImportRun> {
  for (;;) {
    const run = await runOf(id)
    // While its database is away, it gives no answer.
    if (run.state && isThere(run)) return run
    await sleep(5)
  }
}

/** Many rows, each tenth repeating an earlier one, four at each company, the companies named in changing ways. */
function manyRows(count: number): string {
  const lines = ['Voornaam;Naam;E-mail;Bedrijf']
  for (let i = 0; i < count; i++) {
    const of = i % 10 === 9 ? i - 7 : i
    const company = `Bedrijf ${Math.floor(of / 4) % 300}${i % 2 ? ' BV' : ''}`
    lines.push(`Jan${of};Peeters${of};p${of}@mail.example;${company}`)
  }
  return lines.join('\n')
}

test('a paused import stands still, and goes on to the counts of one that never stopped', async () => {
  const bytes = manyRows(4_000)
  const whole = await importBytes(bytes, '?dryRun=true')
  const { importId } = await importBytes(bytes, '?wait=false')
  await until(importId!, (run) => run.read > 0)
  const paused = await post(`/api/imports/${importId}/pause`)
  expect(paused).toMatchObject({ state: 'paused', total: 4_000 })
  expect(paused.read).toBeGreaterThan(0)
  expect(paused.read).toBeLessThan(4_000)
  expect(await countRows('person')).toBe(paused.created)
  // Nobody else can touch it, and it can not be begun twice.
  const ben = await kluis.colleague(ana, 'sales', ana.teamId)
  for (const what of ['pause', 'resume', 'revert'])
    expect((await ben.call('POST', `/api/imports/${importId}/${what}`)).statusCode).toBe(404)
  expect((await post(`/api/imports/${importId}/resume`)).state).toBe('running')
  expect((await post(`/api/imports/${importId}/resume`)).code).toBe('already-done')
  const done = await until(importId!, (run) => run.state === 'done')
  const { read, created, skipped, refused, people, companies } = whole
  expect(done).toMatchObject({ read, created, skipped, refused, people, companies })
  expect([
    await countRows('person'),
    await countRows('company'),
    await countRows('affiliation'),
  ]).toEqual([people, companies, people])
  // The file and the journal are gone with the last row.
  expect([await countRows('import_file'), await countRows('import_batch')]).toEqual([0, 0])
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('after a pause a row is still held against those before it', async () => {
  const neighbours = ['Piet;Huis;;Kerkstraat 1;9000', 'Els;Huis;;Kerkstraat 1;9000']
  const many = Array.from({ length: 3_000 }, (_, i) => `Jan;Proef${i};p${i}@mail.example;;`)
  const bytes = [
    'Voornaam;Naam;E-mail;Straat;Postcode',
    neighbours[0],
    ...many,
    neighbours[1],
  ].join('\n')
  const { importId } = await importBytes(bytes, '?wait=false')
  await until(importId!, (run) => run.read > 0)
  expect((await post(`/api/imports/${importId}/pause`)).state).toBe('paused')
  await post(`/api/imports/${importId}/resume`)
  await until(importId!, (run) => run.state === 'done')
  expect((await get(`/api/imports/${importId}`)).rows).toMatchObject([
    { line: 3_003, outcome: 'created', problems: [{ problem: 'likely-in-file', line: 2 }] },
  ])
})

test('an import whose database goes away in the middle is interrupted, and resumed without a duplicate', async () => {
  const bytes = manyRows(3_000)
  const { importId } = await importBytes(bytes, '?wait=false')
  for (let round = 0; round < 3; round++) {
    const before = (await runOf(importId!)).read
    await until(importId!, (run) => run.read > before || run.state === 'done')
    await kluis.admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'kluis_app' and datname = current_database()`,
    )
    const stopped = await until(importId!, (run) => run.state !== 'running')
    if (stopped.state === 'done') break
    expect(stopped.read).toBe((await countRows('person')) + stopped.skipped)
    await post(`/api/imports/${importId}/resume`)
  }
  const done = await until(importId!, (run) => run.state === 'done')
  expect(done).toMatchObject({ read: 3_000, created: 2_700, skipped: 300, refused: 0 })
  expect([await countRows('person'), await countRows('company')]).toEqual([2_700, 300])
})

test('a file under way is nowhere readable in the database', async () => {
  const { importId } = await importBytes(manyRows(2_000), '?wait=false')
  await until(importId!, (run) => run.read > 0)
  await post(`/api/imports/${importId}/pause`)
  const { rows } = await kluis.admin.query(
    `select encode(f.content_sealed, 'escape') || encode(b.content_sealed, 'escape') as text
     from kluis.import_file f join kluis.import_batch b on b.import_id = f.import_id limit 1`,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0].text).not.toMatch(/Peeters|Bedrijf|mail\.example/)
})

const BEFORE = {
  givenName: 'Jan',
  familyName: 'Peeters',
  salutation: 'mr',
  emails: [{ value: 'jan@mail.example', label: 'thuis' }],
  phones: [{ value: '+3292330001' }],
  addresses: [{ street: 'Kerkstraat 1', postalCode: '9000', city: 'Gent', country: 'BE' }],
  tags: ['vip'],
  ibans: ['BE71096123456769'],
}
const UPDATE =
  'Voornaam;Naam;E-mail;GSM;Straat;Postcode;Gemeente;IBAN;Opmerkingen\nJan;Peeters;jan@mail.example;0475 12 34 56;Markt 2;2000;Antwerpen;NL91 ABNA 0417 1643 00;Nieuw adres\nAn;Maes;an@mail.example;;;;;;'
const sealedValue = async (id: string) => {
  const { rows } = await kluis.admin.query(
    'select row_version, contact_sealed from kluis.person where id = $1',
    [id],
  )
  return rows[0]
}
const valuesOf = ({ rowVersion: _, updatedAt: __, ...values }: Record<string, unknown>) =>
  JSON.stringify(values)
const revealed = async (id: string) =>
  (await post(`/api/people/${id}/reveal`, { reason: 'proef' })).ibans

test('taking an import back gives an updated customer the very values from before, and finds them by these again', async () => {
  const { id } = await post('/api/people', BEFORE)
  const before = await get(`/api/people/${id}`)
  const { importId, updated, created } = await importBytes(UPDATE, '?duplicates=update')
  expect([updated, created]).toEqual([1, 1])
  expect((await get(`/api/people/${id}`)).phones).toHaveLength(2)
  expect(await revealed(id)).toHaveLength(2)
  expect(await get(`/api/imports/${importId}/revert`)).toMatchObject({
    people: 1,
    companies: 0,
    restored: 1,
    notes: 1,
    tasks: 0,
    changedSinceCount: 0,
    changedSince: [],
  })
  expect(await post(`/api/imports/${importId}/revert`)).toMatchObject({
    removed: 1,
    restored: 1,
    keptBecauseChanged: 0,
  })
  const after = await get(`/api/people/${id}`)
  expect(valuesOf(after)).toBe(valuesOf(before))
  expect(await revealed(id)).toEqual(BEFORE.ibans)
  expect(await notesOf(id)).toEqual([])
  // Forward, never back: an old version would not open any more.
  expect((await sealedValue(id)).row_version).toBe(3)
  const known = async (phones: string[]) => (await post('/api/people/duplicates', { phones })).items
  expect(await known(['0475123456'])).toEqual([])
  expect(await known(['09 233 00 01'])).toHaveLength(1)
  expect(await countRows('import_change')).toBe(0)
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('what somebody changed since is shown before, stays by default, and goes only when that is said', async () => {
  const { id } = await post('/api/people', BEFORE)
  const { importId } = await importBytes(UPDATE, '?duplicates=update')
  const an = await personOf('an maes')
  await ana.call('PATCH', `/api/people/${id}`, {
    rowVersion: 2,
    salutation: 'dr',
    tags: ['vip', 'beurs'],
  })
  await post(`/api/people/${an.id}/notes`, { body: 'Belde terug' })
  const preview = await get(`/api/imports/${importId}/revert`)
  expect(preview).toMatchObject({ people: 0, restored: 0, changedSinceCount: 2 })
  expect(preview.changedSince).toEqual([
    {
      kind: 'person',
      id: an.id,
      name: 'An Maes',
      was: 'created',
      edits: 0,
      notes: 1,
      tasks: 0,
      fields: [],
    },
    {
      kind: 'person',
      id,
      name: 'Jan Peeters',
      was: 'updated',
      edits: 1,
      notes: 0,
      tasks: 0,
      fields: ['salutation', 'tags'],
    },
  ])
  expect(await post(`/api/imports/${importId}/revert`)).toMatchObject({
    removed: 0,
    restored: 0,
    keptBecauseChanged: 2,
  })
  expect(await get(`/api/people/${id}`)).toMatchObject({ salutation: 'dr', phones: [{}, {}] })

  const second = await importBytes(
    UPDATE.replace('0475 12 34 56', '0475 12 34 57'),
    '?duplicates=update',
  )
  await ana.call('PATCH', `/api/people/${id}`, { rowVersion: 4, salutation: 'prof' })
  const reverted = await post(`/api/imports/${second.importId}/revert`, { changedSince: 'revert' })
  expect(reverted).toMatchObject({ restored: 2, keptBecauseChanged: 0 })
  expect(await get(`/api/people/${id}`)).toMatchObject({ salutation: 'dr', phones: [{}, {}] })
})

const KEYED =
  'Klantnr;Voornaam;Naam;E-mail\nK-1;Jan;Peeters-Maes;nieuw@mail.example\nK-2;An;Maes;an@mail.example'
test('an update goes by the key the importer chose, names included, and only-update makes nobody', async () => {
  const { id } = await post('/api/people', { ...BEFORE, reference: 'K-1' })
  expect(await importBytes(KEYED, '?key=reference&duplicates=only-update')).toMatchObject({
    updated: 1,
    created: 0,
    skipped: 1,
  })
  expect(await get(`/api/people/${id}`)).toMatchObject({
    familyName: 'Peeters-Maes',
    emails: [{ value: 'jan@mail.example' }, { value: 'nieuw@mail.example' }],
  })
  expect((await send(KEYED, '?key=iban')).json().code).toBe('invalid-fields')
  expect((await send(KEYED, '?key=phone')).json().detail.fields[0].problem).toBe(
    'no-column-for-key',
  )
})

test('a key that two customers have, or one with another given name, updates nobody', async () => {
  await post('/api/people', { ...BEFORE, emails: [{ value: 'info@firma.example' }], phones: [] })
  const other = {
    givenName: 'Jan',
    familyName: 'Janssens',
    emails: [{ value: 'info@firma.example' }],
  }
  await post('/api/people', other)
  await post('/api/people', {
    givenName: 'Piet',
    familyName: 'Smet',
    emails: [{ value: 'gezin@mail.example' }],
  })
  const result = await importBytes(
    'Voornaam;Naam;E-mail\nJan;P;info@firma.example\nEls;Smet;gezin@mail.example',
    '?key=email&duplicates=update',
  )
  expect(result.rows.map(({ outcome, problems }) => [outcome, problems[0]!.problem])).toEqual([
    ['refused', 'key-ambiguous'],
    ['refused', 'names-differ'],
  ])
})

test('an own id and an enterprise number are keys too', async () => {
  const { id } = await post('/api/people', BEFORE)
  expect(
    await importBytes(
      `Kluis id;Voornaam;Naam;Taal\n${id};Johan;Peeters;fr`,
      '?key=id&duplicates=update',
    ),
  ).toMatchObject({ updated: 1 })
  expect(await get(`/api/people/${id}`)).toMatchObject({ givenName: 'Johan', language: 'fr' })
  await importBytes('Bedrijf;Ondernemingsnr;Sector\nDe Korenaar;0403.170.701;Voeding')
  expect(
    await importBytes(
      'Bedrijf;Ondernemingsnr;Sector\nDe Korenaar NV;BE0403170701;Bakkerijen',
      '?key=enterpriseNumber&duplicates=update',
    ),
  ).toMatchObject({ updated: 1, created: 0 })
  const [company] = (await get('/api/companies')).items
  expect(await get(`/api/companies/${company.id}`)).toMatchObject({
    name: 'De Korenaar NV',
    industry: 'Bakkerijen',
  })
})

test('notes and tasks of a file of their own hang on whoever has the key', async () => {
  const { id } = await post('/api/people', { ...BEFORE, reference: 'K-1' })
  await importBytes('Bedrijf;Ondernemingsnr\nDe Korenaar;0403.170.701')
  const [company] = (await get('/api/companies')).items
  const bytes = [
    'E-mail;Klantnr;Ondernemingsnr;Notitie datum;Auteur;Notitie;Taak;Vervaldatum;Afgewerkt',
    'jan@mail.example;;;12/05/2024;Mieke;Belde over de offerte;;;',
    ';K-1;;;;;Terugbellen;31/12/2026;nee',
    ';;0403.170.701;;;Levert op dinsdag;Factuur nakijken;;ja',
    'niemand@mail.example;;;;;Wie is dit?;;;',
    ';;;;;Van niemand;;;',
    'jan@mail.example;;;;;Rijksregister 85.07.30-033.28;;;',
  ].join('\n')
  const result = await importBytes(bytes)
  expect(result).toMatchObject({ read: 6, updated: 4, created: 0, refused: 2, flagged: 1 })
  expect(
    result.rows
      .filter(({ outcome }) => outcome === 'refused')
      .map(({ line, problems }) => [line, problems[0]!.problem]),
  ).toEqual([
    [5, 'nobody-found'],
    [6, 'no-key'],
  ])
  expect(await notesOf(id)).toEqual(['2024-05-12 · Mieke\nBelde over de offerte'])
  expect(await notesOf(company.id, 'companies')).toEqual(['Levert op dinsdag'])
  const tasks = (await get('/api/tasks?done=false')).items
  expect(tasks).toMatchObject([
    { title: 'Terugbellen', dueOn: '2026-12-31', doneAt: null, subject: { kind: 'person', id } },
  ])
  expect((await get('/api/tasks?done=true')).items).toMatchObject([{ title: 'Factuur nakijken' }])
  // And are taken back with the import, but for one that was worked on.
  expect(await get(`/api/imports/${result.importId}/revert`)).toMatchObject({ notes: 2, tasks: 2 })
  await post(`/api/imports/${result.importId}/revert`)
  expect([await countRows('note'), await countRows('task')]).toEqual([0, 0])
})

test('a person with a note and a task in one row gets both', async () => {
  await importBytes(
    'Voornaam;Naam;Notitie;Taak;Deadline\nJan;Peeters;Klant sinds 2019;Bellen;2026-12-01',
  )
  const jan = await personOf('peeters')
  expect(await notesOf(jan.id)).toEqual(['Klant sinds 2019'])
  expect((await get('/api/tasks')).items).toMatchObject([{ title: 'Bellen', dueOn: '2026-12-01' }])
})

test('refused rows come back as a workbook from a workbook and as cards from cards', async () => {
  const { writeWorkbook } = await import('../src/crm/exchange/files/workbook-writer.ts')
  const rows = [
    ['Voornaam', 'Naam', 'Telefoon'],
    ['Jan', 'Peeters', '0475123456'],
    ['', '', '0475123457'],
  ]
  const { importId } = await importBytes(await writeWorkbook('Klanten', rows))
  const book = await ana.call('GET', `/api/imports/${importId}/refused`)
  expect(book.headers['content-type']).toContain('spreadsheetml')
  const table = await readTable(book.rawPayload)
  expect([table.kind, table.headers, ...table.rows.map(({ cells }) => cells)]).toEqual([
    'xlsx',
    ['Regel', 'Geweigerd omdat', 'Voornaam', 'Naam', 'Telefoon'],
    ['3', 'geen naam en geen bedrijf', '', '', '0475123457'],
  ])
  const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nTEL:0475000000\r\nEND:VCARD\r\n'
  const cards = await importBytes(
    `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:An Maes\r\nEND:VCARD\r\n${card}`,
  )
  const vcf = await ana.call('GET', `/api/imports/${cards.importId}/refused`)
  expect(vcf.headers['content-disposition']).toContain('.vcf')
  expect(vcf.body).toBe(
    'BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nTEL:0475000000\r\nX-KLUIS-REFUSED:geen naam en geen bedrijf\r\nEND:VCARD',
  )
})

test('an import ends with the session it works in, and waits for its owner', async () => {
  const { importId } = await importBytes(manyRows(4_000), '?wait=false')
  await until(importId!, (run) => run.read > 0)
  await kluis.admin.query(`update kluis_auth.session set revoked_at = now() where user_id = $1`, [
    ana.userId,
  ])
  for (let i = 0; i < 400 && kluis.app.exchange.live.has(importId!); i++) await sleep(10)
  const { rows } = await kluis.admin.query(
    'select read_rows, created_rows, skipped_rows from kluis.import_run',
  )
  expect(rows[0].read_rows).toBeLessThan(4_000)
  expect(await countRows('person')).toBe(rows[0].created_rows)
})
