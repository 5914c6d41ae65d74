// Everything leaves in one zip: nothing that a customer is known by is forgotten, and a file is what it was.
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import yauzl from 'yauzl'
import { Hidden } from '#platform/hidden.ts'
import { pathOf } from '../src/crm/exchange/take-out/files.ts'
import { type Place, takeOutTables } from '../src/crm/exchange/take-out/tables.ts'
import { takeOut } from '../src/crm/exchange/take-out/take-out.ts'
import { takeOutAs } from '../src/crm/exchange/verbs.ts'
import { sealedTables } from '../src/sealed-tables.ts'
import { grantAhead } from './support/grants.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'
import { tinyPng } from './support/pictures.ts'

let kluis: TestKluis
let ana: Caller
beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
})
afterEach(() => kluis.close())

const MIB = 1024 * 1024
const get = (url: string, who = ana) => who.call('GET', url)
const post = async (url: string, body: object) => (await ana.call('POST', url, body)).json()

async function sendFile(subject: string, name: string, bytes: Buffer, isPhoto = false) {
  const given = { name, size: bytes.length, ...(isPhoto ? { isPhoto } : {}) }
  const { id } = await post(`/api/${subject}/files`, given)
  for (let at = 0, number = 0; number === 0 || at < bytes.length; at += MIB, number++)
    await kluis.app.http.inject({
      method: 'PUT',
      url: `/api/files/${id}/pieces/${number}`,
      cookies: { kluis: ana.token },
      headers: { 'content-type': 'application/octet-stream' },
      payload: bytes.subarray(at, at + MIB),
    })
  const completed = await ana.call('POST', `/api/files/${id}/complete`)
  expect(completed.statusCode, completed.body).toBe(200)
  return completed.json().id as string
}

type Taken = { entries: Map<string, Buffer>; zip: Buffer }
async function take(who = ana): Promise<Taken> {
  const zip = (await get('/api/take-out', who)).rawPayload
  const archive = await yauzl.fromBufferPromise(zip, { lazyEntries: true })
  const entries = new Map<string, Buffer>()
  for await (const entry of archive.eachEntry())
    entries.set(entry.fileName, await buffer(await archive.openReadStreamPromise(entry)))
  return { entries, zip }
}
const linesOf = ({ entries }: Taken, name: string) =>
  entries
    .get(name)!
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
const manifestOf = ({ entries }: Taken) => JSON.parse(entries.get('manifest.json')!.toString())

const exportEvents = async () =>
  (
    await kluis.admin.query(
      `select detail from kluis_ledger.outbox where purpose = 'export' and action = 'event' order by id`,
    )
  ).rows.map((row) => row.detail)

const JAN = { givenName: 'Jan', familyName: 'Peeters', tags: ['vip'], ibans: ['BE71096123456769'] }
// As small as a picture can be and still begin as one.
const PHOTO = tinyPng([9, 120, 60])

test('a take-out is everything its caller sees, with a manifest that each file answers to', async () => {
  const { id } = await post('/api/people', JAN)
  const company = await post('/api/companies', { name: 'De Korenaar' })
  await post(`/api/people/${id}/affiliations`, { companyId: company.id, jobTitle: 'Bakker' })
  const note = await post(`/api/people/${id}/notes`, { body: 'Belt liefst\nvóór 9u' })
  await ana.call('PATCH', `/api/notes/${note.id}`, {
    rowVersion: note.rowVersion,
    body: 'Belt liefst na 18u',
  })
  const gone = await post(`/api/people/${id}/notes`, { body: 'Weggegooid' })
  await ana.call('DELETE', `/api/notes/${gone.id}`)
  await post('/api/tasks', {
    subject: { kind: 'company', id: company.id },
    title: 'Offerte',
    dueOn: '2026-12-01',
  })
  const away = await post('/api/people', { ...JAN, givenName: 'Weg' })
  await sendFile(`people/${away.id}`, 'weg.txt', Buffer.from('van wie weg is'))
  const mia = await post('/api/people', { ...JAN, givenName: 'Mia', ibans: [] })
  await post(`/api/people/${id}/relations`, {
    otherId: mia.id,
    kind: 'partner',
    since: '2001-05-05',
  })
  await post(`/api/people/${id}/relations`, { otherId: away.id, kind: 'sibling' })
  await ana.call('POST', '/api/people/not-duplicates', { ids: [id, away.id] })
  await ana.call('DELETE', `/api/people/${away.id}`)
  await ana.call('PATCH', `/api/people/${id}`, { rowVersion: 1, stage: 'customer' })
  await ana.call('POST', `/api/people/${id}/reveal`, { reason: 'Factuur nakijken' })
  await ana.call('POST', `/api/people/${id}/follow`)
  await ana.call('POST', '/api/favourites', {
    subject: { kind: 'company', id: company.id },
    isFavourite: true,
  })
  await ana.call('POST', '/api/people/not-duplicates', { ids: [id, mia.id] })
  const field = await post('/api/fields', {
    recordKind: 'person',
    kind: 'text',
    label: { nl: 'Dossiercode', en: 'File code' },
    purpose: { nl: 'archief', en: 'archive' },
    sensitivity: 'confidential',
    roles: ['administrator'],
  })
  const view = await post('/api/views', {
    list: 'people',
    kind: 'segment',
    sharedWith: 'everyone',
    content: { name: 'Vips', filter: { all: [{ field: 'tag', operator: 'is', values: ['vip'] }] } },
  })
  await ana.call('POST', '/api/views/default', {
    list: 'people',
    roleId: 'sales',
    viewId: view.id,
  })
  await sendFile(`people/${id}`, 'foto.png', PHOTO, true)

  const taken = await take()
  const manifest = manifestOf(taken)
  expect(manifest).toMatchObject({ format: 'kluis-take-out', version: 3, madeBy: ana.userId })
  const rows = Object.fromEntries(
    manifest.files.map(({ file, rows }: { file: string; rows: number }) => [file, rows]),
  )
  expect(rows).toMatchObject({
    'people.ndjson': 2,
    'companies.ndjson': 1,
    'affiliations.ndjson': 1,
    'relations.ndjson': 1,
    'notes.ndjson': 1,
    'note-versions.ndjson': 1,
    'tasks.ndjson': 1,
    'reveals.ndjson': 1,
    'views.ndjson': 1,
    'fields.ndjson': 1,
    'colleagues.ndjson': 1,
    'files.ndjson': 1,
  })
  for (const { file, sha256, bytes } of manifest.files) {
    const text = taken.entries.get(file)!
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256)
    expect(text).toHaveLength(bytes)
  }
  expect([...taken.entries.keys()].at(-1)).toBe('manifest.json')
  expect(linesOf(taken, 'people.ndjson')).toContainEqual(
    expect.objectContaining({ id, ...JAN, ownerId: ana.userId, teamId: ana.teamId }),
  )
  const ofJan = { personId: id }
  expect(linesOf(taken, 'relations.ndjson')).toMatchObject([
    { ...ofJan, otherPersonId: mia.id, kind: 'partner', since: '2001-05-05' },
  ])
  expect(linesOf(taken, 'affiliations.ndjson')).toMatchObject([
    { ...ofJan, companyId: company.id, jobTitle: 'Bakker' },
  ])
  expect(linesOf(taken, 'notes.ndjson')).toMatchObject([
    {
      ...ofJan,
      id: note.id,
      body: 'Belt liefst na 18u',
      writtenBy: ana.userId,
      editedBy: ana.userId,
    },
  ])
  expect(linesOf(taken, 'note-versions.ndjson')).toMatchObject([
    { ...ofJan, noteId: note.id, body: 'Belt liefst\nvóór 9u', replacedBy: ana.userId },
  ])
  expect(linesOf(taken, 'tasks.ndjson')).toMatchObject([
    { companyId: company.id, title: 'Offerte', dueOn: '2026-12-01' },
  ])
  expect(linesOf(taken, 'changes.ndjson')).toContainEqual(
    expect.objectContaining({ ...ofJan, stage: { from: 'lead', to: 'customer' } }),
  )
  expect(linesOf(taken, 'reveals.ndjson')).toMatchObject([
    { ...ofJan, reason: 'Factuur nakijken', revealedBy: ana.userId },
  ])
  expect(linesOf(taken, 'follows.ndjson')).toContainEqual(expect.objectContaining(ofJan))
  expect(linesOf(taken, 'favourites.ndjson')).toMatchObject([{ companyId: company.id }])
  expect(linesOf(taken, 'not-duplicates.ndjson')).toMatchObject([
    { personIds: [id, mia.id].sort(), saidBy: ana.userId },
  ])
  expect(linesOf(taken, 'views.ndjson')).toMatchObject([
    { id: view.id, name: 'Vips', sharedWith: 'everyone', defaultOfRoles: ['sales'] },
  ])
  expect(linesOf(taken, 'fields.ndjson')).toMatchObject([
    {
      id: field.id,
      label: { nl: 'Dossiercode', en: 'File code' },
      sensitivity: 'confidential',
      purpose: { nl: 'archief', en: 'archive' },
      roles: ['administrator'],
    },
  ])
  expect(linesOf(taken, 'colleagues.ndjson')).toEqual([
    { id: ana.userId, name: 'Bea Heer', status: 'active' },
  ])
  expect(linesOf(taken, 'files.ndjson')).toMatchObject([
    { ...ofJan, name: 'foto.png', isPhoto: true, bytes: PHOTO.length },
  ])
  for (const word of ['Weggegooid', 'van wie weg is', 'Weg"'])
    expect([...taken.entries.values()].some((bytes) => bytes.includes(word))).toBe(false)
  expect(await exportEvents()).toHaveLength(manifest.files.length)
})

test('each table of the database is in the take-out or left out with a reason, and so is each exported field', async () => {
  const { rows } = await kluis.admin.query(
    `select c.relname as name, n.nspname as schema from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname like 'kluis%' and c.relkind in ('r', 'p', 'v', 'm', 'f')`,
  )
  const declared: Record<string, Place> = takeOutTables
  const undeclared = rows.filter(({ name }) => !declared[name]).map(({ name }) => name)
  expect(undeclared).toEqual([])
  const taken = await take()
  const manifest = manifestOf(taken)
  for (const [table, place] of Object.entries(declared))
    if ('leftOut' in place) {
      expect(place.leftOut.length).toBeGreaterThan(15)
      expect(manifest.leftOut).toContainEqual({ table, why: place.leftOut })
    } else expect([...taken.entries.keys()]).toContain(place.file)
  // What the catalogue calls exported is of a table that is taken along.
  for (const { table, fields } of sealedTables)
    if (fields.some(({ isExported }) => isExported))
      expect([table, declared[table]]).toEqual([table, { file: expect.any(String) }])
})

test('files leave byte for byte, whatever they are called, and none writes over another', async () => {
  const { id } = await post('/api/people', JAN)
  const company = await post('/api/companies', { name: 'De Korenaar' })
  const sent = new Map<string, { name: string; bytes: Buffer }>()
  for (const [subject, name, bytes] of [
    [`people/${id}`, 'contract.pdf', randomBytes(2.5 * MIB)],
    [`people/${id}`, 'Contract.PDF', randomBytes(MIB)],
    [`people/${id}`, 'contract.pdf', randomBytes(MIB + 1)],
    [`people/${id}`, 'leeg.txt', Buffer.alloc(0)],
    [`companies/${company.id}`, '../../../etc/passwd', Buffer.from('root')],
    [`companies/${company.id}`, 'CON.txt', Buffer.from('apparaat')],
    [`companies/${company.id}`, `${'é'.repeat(150)} 合同 .docx`, randomBytes(4_096)],
  ] as const)
    sent.set(await sendFile(subject, name, bytes), { name, bytes })
  const taken = await take()
  const lines = linesOf(taken, 'files.ndjson')
  expect(lines).toHaveLength(sent.size)
  const paths = new Set<string>()
  for (const line of lines) {
    const { bytes } = sent.get(line.id)!
    const there = taken.entries.get(line.path)!
    expect([line.name, there.equals(bytes)]).toEqual([line.name, true])
    expect(createHash('sha256').update(there).digest('hex')).toBe(line.sha256)
    expect(line.bytes).toBe(bytes.length)
    paths.add(line.path.toLowerCase())
    expect(line.path).toMatch(
      /^files\/(people|companies)\/[0-9a-f-]{36}\/[0-9a-f]{8}-[\w.-]{1,120}$/,
    )
  }
  expect(paths.size).toBe(sent.size)
  expect(lines.map(({ name }) => name)).toContain('Contract.PDF')
  expect(manifestOf(taken)).toMatchObject({
    attached: {
      count: sent.size,
      bytes: [...sent.values()].reduce((sum, { bytes }) => sum + bytes.length, 0),
    },
    notReadable: [],
  })
  // A reader that is not ours finds it whole too.
  if (existsSync('/usr/bin/unzip')) {
    const file = join(kluis.directory, 'alles.zip')
    writeFileSync(file, taken.zip)
    expect(execFileSync('/usr/bin/unzip', ['-tq', file]).toString()).toContain('No errors')
  }
})

test.each([
  ['a'.repeat(300), 60],
  ['...', 0],
  ['/..\\..', 0],
  ['naam. ', 4],
])('%j has a place of its own and no other', (name, length) => {
  const row = {
    id: randomUUID(),
    person_id: randomUUID(),
    company_id: null,
    joint_dossier_id: null,
  }
  const path = pathOf(row, name)
  expect(path.startsWith(`files/people/${row.person_id}/${row.id}`)).toBe(true)
  expect(path).not.toMatch(/\.\.|[^A-Za-z0-9_./-]|[. ]$/)
  expect(path.length - `files/people/${row.person_id}/${row.id}-`.length).toBe(length)
})

test('a damaged file is named and keeps nothing else back', async () => {
  const { id } = await post('/api/people', JAN)
  const files: string[] = []
  for (const size of [3, 10, 2 * MIB, 20])
    files.push(await sendFile(`people/${id}`, `stuk-${size}.bin`, randomBytes(size)))
  await kluis.admin.query(`
    update kluis.file_frame f set sealed = (select sealed from kluis.file_frame where file_id = f.file_id and number = 0)
    where file_id = '${files[2]}' and number = 1;
    alter table kluis.file disable trigger user;
    update kluis.file set content_sealed = (select content_sealed from kluis.file where id = '${files[0]}') where id = '${files[1]}'`)
  const taken = await take()
  const { notReadable, attached } = manifestOf(taken)
  expect(attached.count).toBe(2)
  expect(notReadable).toHaveLength(2)
  expect(notReadable).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        id: files[2],
        personId: id,
        name: `stuk-${2 * MIB}.bin`,
        path: null,
        notReadable: 'damaged',
      }),
      expect.objectContaining({ id: files[1], personId: id, name: null, notReadable: 'damaged' }),
    ]),
  )
  expect(
    linesOf(taken, 'files.ndjson')
      .filter(({ path }) => path !== null)
      .map((line) => line.id)
      .sort(),
  ).toEqual([files[0], files[3]].sort())
  const told = await takeOutAs(kluis.app, { as: ana.email }, async () => {})
  expect(told.exitCode).toBe(1)
  expect(told.lines.join('\n')).toMatch(new RegExp(`NOT READABLE ${files[2]} stuk-`))
})

test('a session that ends among the files breaks the zip off, and no file passes for damaged', async () => {
  const { id } = await post('/api/people', JAN)
  for (let i = 0; i < 4; i++) await sendFile(`people/${id}`, `${i}.bin`, randomBytes(3 * MIB))
  const ben = await kluis.colleague(ana, 'manager', ana.teamId)
  const who = (await kluis.app.who.ask(new Hidden(ben.token), Date.now()))!
  const tx = kluis.app.db.reader(new Hidden(ben.token), 'export')
  // It ends while a file is looked at, before anything of that file is sent.
  const { files } = kluis.app.exchange
  const read: typeof files.read = async function* (...asked) {
    for await (const piece of files.read(...asked)) {
      yield piece
      await ben.call('POST', '/api/sign-out')
    }
  }
  const parts = { ...kluis.app.exchange, files: { ...files, read } }
  const { stream, taken } = await takeOut(parts, { tx, who })
  const readOn = () => buffer(stream)
  await expect(readOn()).rejects.toThrow()
  expect(taken.notReadable).toEqual([])
  expect((await exportEvents()).at(-1)).toMatchObject({
    table: 'file',
    isBrokenOff: true,
    by: ben.userId,
  })
})

test('whoever stops a take-out gets no whole zip, and it is on record how far it came', async () => {
  const { id } = await post('/api/people', JAN)
  for (let i = 0; i < 4; i++) await sendFile(`people/${id}`, `${i}.bin`, randomBytes(3 * MIB))
  await kluis.app.http.listen({ host: '127.0.0.1', port: 0 })
  const { port } = kluis.app.http.server.address() as AddressInfo
  const followed = randomUUID()
  const grant = await grantAhead(kluis, ana, 'GET', '/api/take-out')
  const headers = { cookie: `kluis=${ana.token}`, host: 'localhost:4310', ...grant }
  const isWhole = await new Promise<boolean>((done) => {
    const options = { host: '127.0.0.1', port, path: `/api/take-out?export=${followed}`, headers }
    request(options, (response) => {
      let bytes = 0
      response.on('data', (piece: Buffer) => {
        const isFirst = bytes < MIB
        bytes += piece.length
        if (isFirst && bytes >= MIB) void ana.call('DELETE', `/api/exports/${followed}`)
      })
      response.on('error', () => done(false))
      response.on('end', () => done(true))
    }).end()
  })
  expect(isWhole).toBe(false)
  expect((await get(`/api/exports/${followed}`)).json().state).toBe('stopped')
  await expect
    .poll(async () => (await exportEvents()).at(-1))
    .toMatchObject({ table: 'file', isBrokenOff: true, format: 'take-out' })
})

test('a take-out holds nothing of another team, and needs the rights to all its parts', async () => {
  const { id } = await post('/api/people', JAN)
  await sendFile(`people/${id}`, 'geheim.txt', Buffer.from('van een andere ploeg'))
  await post('/api/fields', {
    recordKind: 'person',
    kind: 'text',
    label: { nl: 'Alleen beheer', en: '' },
    sensitivity: 'confidential',
    roles: ['administrator'],
  })
  await post('/api/views', { list: 'people', kind: 'view', content: { name: 'Van mij alleen' } })
  const elsewhere = await kluis.colleague(ana, 'manager', await kluis.newTeam('Andere ploeg'))
  const { result } = await takeOutAs(kluis.app, { as: elsewhere.email }, async () => {})
  expect(result.files.filter(({ rows }) => rows > 0).map(({ file }) => file)).toEqual([
    'colleagues.ndjson',
  ])
  expect(result.attached.count).toBe(0)
  const ben = await kluis.colleague(ana, 'sales', ana.teamId)
  expect((await get('/api/take-out', ben)).statusCode).toBe(403)
  await expect(takeOutAs(kluis.app, { as: ben.email }, async () => {})).rejects.toThrow('Your role')
  await kluis.admin.query(
    `delete from kluis.role_permission where role_id = 'manager' and permission = 'files:see'`,
  )
  const without = await kluis.colleague(ana, 'manager', ana.teamId)
  expect((await get('/api/take-out', without)).statusCode).toBe(403)
})

test('a joint dossier goes with a party that is taken out, with what hangs on it and without a party that is not', async () => {
  const [an, bo] = [
    await post('/api/people', { familyName: 'Mee' }),
    await post('/api/people', { familyName: 'Weg' }),
  ]
  const parties = [an, bo].map(({ id }) => ({ personId: id, role: 'partner', since: '2020-01-01' }))
  const made = await post('/api/joint-dossiers', { name: 'Hypotheek', parties })
  const lone = await post('/api/joint-dossiers', {
    parties: [
      { personId: bo.id, role: 'owner' },
      { personId: (await post('/api/people', { familyName: 'Ook weg' })).id, role: 'child' },
    ],
  })
  const note = await post(`/api/joint-dossiers/${made.id}/notes`, { body: 'getekend' })
  await ana.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'samen getekend' })
  await post(`/api/joint-dossiers/${lone.id}/notes`, { body: 'van wie niet meegaat' })
  await post('/api/tasks', { subject: { kind: 'joint_dossier', id: made.id }, title: 'akte' })
  const file = await sendFile(`joint-dossiers/${made.id}`, 'akte.pdf', Buffer.from('de akte'))
  for (const { personId } of lone.parties) await ana.call('DELETE', `/api/people/${personId}`)
  const taken = await take()
  const ofJoint = { jointDossierId: made.id }
  expect(linesOf(taken, 'joint-dossiers.ndjson')).toMatchObject([
    { id: made.id, name: 'Hypotheek', endedAt: null },
  ])
  expect(linesOf(taken, 'joint-parties.ndjson')).toMatchObject([
    { ...ofJoint, personId: an.id, role: 'partner', since: '2020-01-01', until: '' },
  ])
  expect(linesOf(taken, 'notes.ndjson')).toMatchObject([{ ...ofJoint, body: 'samen getekend' }])
  expect(linesOf(taken, 'note-versions.ndjson')).toMatchObject([{ ...ofJoint, body: 'getekend' }])
  expect(linesOf(taken, 'tasks.ndjson')).toMatchObject([{ ...ofJoint, title: 'akte' }])
  const path = `files/joint-dossiers/${made.id}/${file}-akte.pdf`
  expect(linesOf(taken, 'files.ndjson')).toMatchObject([{ ...ofJoint, path }])
  expect(taken.entries.get(path)!.toString()).toBe('de akte')
  const openings = (await get(`/api/people/${an.id}/openings`)).json().items
  expect(openings.map(({ kind }: { kind: string }) => kind)).toContain('export')
})
