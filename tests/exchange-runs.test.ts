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

test('a person whom an import made stays when a file was added since, and the file is counted', async () => {
  const { importId } = await importBytes('Voornaam;Achternaam\nFien;Bestand\n', '')
  const fien = await personOf('fien bestand')
  await post(`/api/people/${fien.id}/files`, { name: 'scan.pdf', size: 0 })
  const preview = await get(`/api/imports/${importId}/revert`)
  expect(preview).toMatchObject({ people: 0, changedSince: [{ id: fien.id, files: 1 }] })
  expect(await post(`/api/imports/${importId}/revert`)).toMatchObject({ removed: 0 })
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
      files: 0,
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
      files: 0,
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

const toldOf = async (who = ana) => {
  const { items, unread } = await get('/api/notifications', who)
  return [
    unread,
    ...items.map((one: { kind: string; import: { fileName: string } | null; isRead: boolean }) => [
      one.kind,
      one.import?.fileName,
      one.isRead,
    ]),
  ]
}
const readAll = (ids?: string[]) => post('/api/notifications/read', ids ? { ids } : {})

test('whoever began an import is told once that it is done or broke off, and nobody else', async () => {
  const { importId } = await importBytes(manyRows(20), '?fileName=Lijst%20van%20An.csv')
  const done = ['import-done', 'Lijst van An.csv', false]
  expect(await toldOf()).toEqual([1, done])
  const [item] = (await get('/api/notifications')).items
  expect(item).toMatchObject({ id: importId, subject: null, import: { read: 20, refused: 0 } })
  const ben = await kluis.colleague(ana, 'sales', ana.teamId)
  expect(await toldOf(ben)).toEqual([0])
  expect(await readAll([importId!])).toEqual({ unread: 0 })
  // Taking it back is the importer's own doing.
  await post(`/api/imports/${importId}/revert`)
  expect(await toldOf()).toEqual([0, ['import-done', 'Lijst van An.csv', true]])
  // The name of a file names customers often enough.
  const { rows } = await kluis.admin.query('select n::text as text from kluis.notification n')
  expect(rows[0].text).not.toContain('Lijst')
  await kluis.admin.query(
    `update kluis.import_run set state = 'failed', row_version = row_version + 1`,
  )
  expect(await toldOf()).toEqual([1, ['import-failed', 'Lijst van An.csv', false]])
})

test('an import ends with the session it works in, and waits for its owner among the notifications until it goes on', async () => {
  const { importId } = await importBytes(manyRows(4_000), '?wait=false&fileName=veel.csv')
  await until(importId!, (run) => run.read > 0)
  expect(await toldOf()).toEqual([0])
  const endSessions = async (at: string) => {
    await kluis.admin.query(`update kluis_auth.session set revoked_at = ${at} where user_id = $1`, [
      ana.userId,
    ])
    kluis.app.who.forgetAll()
  }
  await endSessions('now()')
  while (kluis.app.exchange.live.has(importId!)) await sleep(10)
  const { rows } = await kluis.admin.query(
    'select read_rows, created_rows, skipped_rows from kluis.import_run',
  )
  expect(rows[0].read_rows).toBeLessThan(4_000)
  expect(await countRows('person')).toBe(rows[0].created_rows)
  await endSessions('null')
  expect(await toldOf()).toEqual([1, ['import-waiting', 'veel.csv', false]])
  expect(await readAll()).toEqual({ unread: 0 })
  expect(await toldOf()).toEqual([0])
  await post(`/api/imports/${importId}/resume`)
  await until(importId!, (run) => run.state === 'done')
  expect(await toldOf()).toEqual([1, ['import-done', 'veel.csv', false]])
})

const AT_WORK =
  'Voornaam;Naam;E-mail;Bedrijf;Functie\nJan;Peeters;jan@mail.example;Bakkerij Peeters BV;Bakker\nAn;Maes;an@mail.example;Slagerij Maes;'
const tiesOf = async (id: string) =>
  (await get(`/api/people/${id}/affiliations`)).items.map(
    (one: { companyName: string; jobTitle: string }) => [one.companyName, one.jobTitle],
  )

test('a row about somebody who is there puts them at its company, says anew as what, and makes no company twice', async () => {
  const { id } = await post('/api/people', BEFORE)
  const first = await importBytes(AT_WORK, '?duplicates=update')
  expect(first).toMatchObject({ created: 1, updated: 1, companies: 2 })
  expect(await tiesOf(id)).toEqual([['Bakkerij Peeters BV', 'Bakker']])
  const again = AT_WORK.replace('Bakker\n', 'Zaakvoerder\n').replace(' BV', '')
  const dry = await importBytes(again, '?duplicates=update&dryRun=true')
  const second = await importBytes(again, '?duplicates=update')
  for (const one of [dry, second])
    expect(one).toMatchObject({ created: 0, updated: 2, companies: 0 })
  expect(await tiesOf(id)).toEqual([['Bakkerij Peeters BV', 'Zaakvoerder']])
  expect(await countRows('company')).toBe(2)
  // Another job beside it; what the file does not name stays.
  const third = await importBytes(
    AT_WORK.replace('Bakkerij Peeters BV;Bakker', 'Molen De Hoop;'),
    '?duplicates=update',
  )
  expect(third).toMatchObject({ companies: 1 })
  expect(await tiesOf(id)).toEqual([
    ['Bakkerij Peeters BV', 'Zaakvoerder'],
    ['Molen De Hoop', ''],
  ])
  // Each goes back on its own, the last first.
  expect(await get(`/api/imports/${third.importId}/revert`)).toMatchObject({
    companies: 1,
    restored: 2,
  })
  expect(await post(`/api/imports/${third.importId}/revert`)).toMatchObject({
    removedCompanies: 1,
    restored: 2,
  })
  await post(`/api/imports/${second.importId}/revert`)
  expect(await tiesOf(id)).toEqual([['Bakkerij Peeters BV', 'Bakker']])
  // An came with the first one and was changed by both others: she and her company wait for a decision.
  expect(await get(`/api/imports/${first.importId}/revert`)).toMatchObject({
    companies: 1,
    restored: 1,
    changedSinceCount: 2,
  })
  expect(await post(`/api/imports/${first.importId}/revert`)).toMatchObject({
    removed: 0,
    removedCompanies: 1,
    restored: 1,
    keptBecauseChanged: 2,
  })
  expect(await tiesOf(id)).toEqual([])
  expect(
    await post(`/api/imports/${first.importId}/revert`, { changedSince: 'revert' }),
  ).toMatchObject({ removed: 1, removedCompanies: 1, keptBecauseChanged: 0 })
  expect([await countRows('company'), await countRows('affiliation')]).toEqual([0, 0])
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('a row that repeats one of an earlier batch goes with its import when that is taken back', async () => {
  const many = Array.from({ length: 600 }, (_, i) => `Jan;Proef${i};p${i}@mail.example;`)
  const bytes = ['Voornaam;Naam;E-mail;GSM', ...many, 'Jan;Proef0;p0@mail.example;0475123456']
  const { importId } = await importBytes(bytes.join('\n'), '?duplicates=update')
  expect(await get(`/api/imports/${importId}/revert`)).toMatchObject({
    people: 600,
    restored: 0,
    changedSinceCount: 0,
  })
  expect(await post(`/api/imports/${importId}/revert`)).toMatchObject({ removed: 600, restored: 0 })
  expect(await countRows('person')).toBe(0)
})

test('a file of notes and tasks brought in twice hangs nothing twice, edited since or not', async () => {
  const { id } = await post('/api/people', { ...BEFORE, reference: 'K-1' })
  const bytes = [
    'Klantnr;Notitie;Taak;Vervaldatum',
    'K-1;Belde over de offerte;;',
    'K-1;Belde over de offerte;;',
    'K-1;Levert op dinsdag;Terugbellen;31/12/2026',
  ].join('\n')
  const dry = await importBytes(bytes, '?dryRun=true')
  const first = await importBytes(bytes)
  for (const one of [dry, first]) {
    expect(one).toMatchObject({ updated: 2, skipped: 1 })
    expect(one.rows.at(-1)).toMatchObject({
      line: 3,
      outcome: 'skipped',
      problems: [{ problem: 'hangs-already' }],
    })
  }
  const { items: notes } = await get(`/api/people/${id}/notes`)
  const note = notes.find((one: { body: string }) => one.body === 'Levert op dinsdag')
  await ana.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'Levert op woensdag' })
  const [task] = (await get('/api/tasks')).items
  await ana.call('PATCH', `/api/tasks/${task.id}`, { rowVersion: 1, isDone: true })
  const again = await importBytes(bytes.replace('31/12/2026', '31/12/2026\nK-1;Nieuw bericht;;'))
  expect(again).toMatchObject({ updated: 1, skipped: 3 })
  expect((await notesOf(id)).sort()).toEqual([
    'Belde over de offerte',
    'Levert op woensdag',
    'Nieuw bericht',
  ])
  expect(await countRows('task')).toBe(1)
  // The same remark beside a customer who is there is no new remark either.
  const beside = 'Klantnr;Voornaam;Naam;Notitie\nK-1;Jan;Peeters;Nieuw bericht'
  const updated = await importBytes(beside, '?key=reference&duplicates=update')
  expect(updated).toMatchObject({ updated: 1 })
  expect(updated.rows[0]!.problems.map((one) => one.problem)).toContain('hangs-already')
  expect(await notesOf(id)).toHaveLength(3)
})

async function merge(kept: string, other: string): Promise<string> {
  const [keptNow, otherNow] = [await get(`/api/people/${kept}`), await get(`/api/people/${other}`)]
  const merged = await post('/api/people/merges', {
    keptId: kept,
    otherId: other,
    keptVersion: keptNow.rowVersion,
    otherVersion: otherNow.rowVersion,
    choices: {},
  })
  expect(merged.keptId).toBe(kept)
  return merged.id
}

test('taking back an import leaves alone whoever was merged since, says so, and does the rest once that is undone', async () => {
  const { id: jan } = await post('/api/people', BEFORE)
  const { id: els } = await post('/api/people', { givenName: 'Els', familyName: 'Smet' })
  const { id: bart } = await post('/api/people', { givenName: 'Bart', familyName: 'Claes' })
  const before = await get(`/api/people/${jan}`)
  const bartBefore = await get(`/api/people/${bart}`)
  const bytes = `${UPDATE}\nEls;Nieuw;els@mail.example;;;;;;Van de beurs\nPiet;Vrij;piet@mail.example;;;;;;`
  const { importId } = await importBytes(bytes, '?duplicates=update')
  const [an, elsNew] = [await personOf('an maes'), await personOf('els nieuw')]
  // One the import changed goes into another, one it made takes another in, one it made goes into another.
  const merges = [await merge(els, jan), await merge(an.id, bart), await merge(els, elsNew.id)]
  const preview = await get(`/api/imports/${importId}/revert`)
  expect(preview).toMatchObject({
    people: 1,
    restored: 0,
    notes: 0,
    merged: 2,
    changedSinceCount: 0,
    changedSince: [],
  })
  // Even when whatever was done since may be lost: what was merged into them is not the import's.
  expect(await post(`/api/imports/${importId}/revert`, { changedSince: 'revert' })).toMatchObject({
    removed: 1,
    restored: 0,
    keptBecauseChanged: 0,
    keptBecauseMerged: 2,
  })
  expect((await notesOf(els)).sort()).toEqual(['Nieuw adres', 'Van de beurs'])
  expect((await get(`/api/people/${an.id}`)).displayName).toBe('An Maes')

  for (const one of merges.reverse())
    expect((await ana.call('POST', `/api/people/merges/${one}/undo`)).statusCode).toBe(200)
  expect(await get(`/api/imports/${importId}/revert`)).toMatchObject({
    people: 2,
    restored: 1,
    notes: 1,
    merged: 0,
    changedSinceCount: 0,
  })
  expect(await post(`/api/imports/${importId}/revert`)).toMatchObject({
    removed: 2,
    restored: 1,
    keptBecauseChanged: 0,
    keptBecauseMerged: 0,
  })
  expect(valuesOf(await get(`/api/people/${jan}`))).toBe(valuesOf(before))
  expect(valuesOf(await get(`/api/people/${bart}`))).toBe(valuesOf(bartBefore))
  expect(await revealed(jan)).toEqual(BEFORE.ibans)
  expect([await countRows('person'), await countRows('note')]).toEqual([3, 0])
  expect(await countRows('import_change')).toBe(0)
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})
