/**
 * The formats are enough: a decryptor in another language, written from docs/formats/ alone, opens what this program sealed. Without
 * Python and its package cryptography the tests are skipped and say so.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tableNumbers } from '#security/vault/catalogue.ts'
import { openKeystore } from '#security/vault/keystore.ts'
import { readHeader } from '#security/vault/sealed-record.ts'
import { sealedTables } from '../../src/sealed-tables.ts'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

const script = fileURLToPath(new URL('decrypt.py', import.meta.url))
// Debian's own first: its python3-cryptography belongs to no other.
const python = ['/usr/bin/python3', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import cryptography']).status === 0,
)
if (!python)
  process.stderr.write(
    '\nskipped: decryption by another program (no python3 with the package cryptography; Debian: apt install python3-cryptography)\n',
  )

type Line = {
  table: string
  row: string
  class: string
  value?: Record<string, unknown> & string
  why?: string
}
type Column = {
  table: string
  number: number
  sealedClass: string
  column: string
  counter: string
  subject: string
}

const columns: Column[] = readFileSync(
  new URL('../../docs/formats/sealed-columns.md', import.meta.url),
  'utf8',
)
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 8 && /^kluis\w*\./.test(cells[1]!))
  .map(([, table, number, sealedClass, column, counter, subject]) => ({
    table: table!,
    number: Number(number),
    sealedClass: sealedClass!,
    column: column!,
    counter: counter!,
    subject: subject!,
  }))

let kluis: TestKluis
let bea: Caller
let personId: string
let fileId: string
const content = randomBytes(1_300_000)

beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp()
  await kluis.colleague(bea, 'sales', bea.teamId)
  const field = await bea.call('POST', '/api/fields', {
    recordKind: 'person',
    kind: 'text',
    sensitivity: 'confidential',
    label: { nl: 'Paspoort', en: 'Passport' },
    help: { nl: '', en: '' },
    purpose: { nl: 'toegang', en: 'access' },
    search: 'exact',
  })
  personId = (
    await bea.call('POST', '/api/people', {
      givenName: 'Zoë',
      familyName: 'Đặng',
      ibans: ['BE71 0961 2345 6769'],
      custom: { [field.json().id]: 'EH 123456' },
    })
  ).json().id
  const other = (await bea.call('POST', '/api/people', { familyName: 'Ander' })).json().id
  await bea.call('PATCH', `/api/people/${personId}`, { rowVersion: 1, givenName: 'Zoé' })
  await bea.call('POST', '/api/companies', { name: 'Bakkerij & Zonen BV' })
  await bea.call('POST', `/api/people/${personId}/notes`, { body: 'Belt liever ’s avonds 🎈' })
  const task = await bea.call('POST', '/api/tasks', {
    subject: { kind: 'person', id: other },
    title: 'Offerte nasturen',
    dueOn: '2030-01-01',
  })
  expect(task.statusCode, task.body).toBe(201)
  const begun = await bea.call('POST', `/api/people/${personId}/files`, {
    name: 'plan.pdf',
    type: 'application/pdf',
    size: content.length,
  })
  fileId = begun.json().id
  // Under a key of its own.
  await bea.call('POST', `/api/people/${personId}/files`, {
    ...{ name: 'factuur.pdf', size: 1 },
    retention: { rule: 'NL-FISC-7', from: '2026-01-01' },
  })
  for (const number of [0, 1])
    await kluis.app.http.inject({
      method: 'PUT',
      url: `/api/files/${fileId}/pieces/${number}`,
      cookies: { kluis: bea.token },
      headers: { 'content-type': 'application/octet-stream' },
      payload: content.subarray(number * 1024 * 1024, (number + 1) * 1024 * 1024),
    })
  await bea.call('POST', `/api/files/${fileId}/complete`)
})
afterAll(() => kluis.close())

/** What a thief with everything has: a copy of the keystore, the root key and a dump. */
async function copyAway(name: string): Promise<string> {
  const directory = join(kluis.directory, name)
  mkdirSync(join(directory, 'rows'), { recursive: true })
  cpSync(join(kluis.directory, 'keystore'), join(directory, 'keystore'), { recursive: true })
  for (const table of new Set([...columns.map((one) => one.table), 'kluis.file_frame'])) {
    const { rows } = await kluis.admin.query(`select to_jsonb(t)::text as row from ${table} t`)
    const lines = rows.map(({ row }) => `${row}\n`).join('')
    writeFileSync(join(directory, 'rows', `${table}.ndjson`), lines)
  }
  return directory
}

function decrypt(directory: string, what: string, ...further: string[]) {
  const keys = ['--root-key', join(kluis.directory, 'root.key')]
  const where = ['--keystore', join(directory, 'keystore'), '--rows', join(directory, 'rows')]
  const done = spawnSync(python!, [script, what, ...keys, ...where, ...further], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  return { status: done.status, said: done.stderr, text: done.stdout }
}
const opened = (directory: string): Line[] =>
  decrypt(directory, 'open')
    .text.split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

test('the document names every sealed column of the live database, with the numbers and subjects the program has', async () => {
  const { rows } = await kluis.admin.query(
    `select n.nspname || '.' || c.relname as "table", a.attname as column
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and a.atttypid = 'kluis.sealed'::regtype and not a.attisdropped`,
  )
  const named = (list: { table: string; column: string }[]) =>
    list.map(({ table, column }) => `${table}.${column}`).sort()
  expect(named(columns)).toEqual(named(rows))
  for (const { table, number } of columns)
    expect(tableNumbers[table.split('.')[1] as keyof typeof tableNumbers], table).toBe(number)
  const subjects = {
    itself: 'id',
    organisation: 'organisation',
    user: 'user_id',
  }
  for (const { table, subject, classes, mayHaveOwnKey } of sealedTables) {
    const parents =
      typeof subject === 'string'
        ? subjects[subject]
        : subject.map((kind) => `${kind}_id`).join(' or ')
    const named = mayHaveOwnKey ? `id if key_slot, else ${parents}` : parents
    for (const [sealedClass, { column, counterColumn }] of Object.entries(classes)) {
      const line = columns.find((one) => one.table.endsWith(`.${table}`) && one.column === column)
      expect(line, `${table}.${column}`).toMatchObject({ sealedClass, counter: counterColumn })
      expect(line!.subject, table).toBe(named)
    }
  }
})

describe.skipIf(!python)('a program that knows only the documents', () => {
  test('opens every vector of every version, and none that was changed', () => {
    const done = spawnSync(python!, [script, 'vectors'], { encoding: 'utf8' })
    expect(done.status, done.stderr).toBe(0)
    expect(JSON.parse(done.stdout).vectors).toBeGreaterThanOrEqual(18)
  })

  test('opens every sealed value of a dump with the root key and the keystore, and reads what is in it', async () => {
    const directory = await copyAway('whole')
    const lines = opened(directory)
    const { rows } = await kluis.admin.query(
      columns
        .map(
          ({ table, column }) => `select '${table}' as table, count(${column}) as n from ${table}`,
        )
        .join(' union all '),
    )
    expect(lines.length).toBe(rows.reduce((sum, { n }) => sum + Number(n), 0))
    expect(lines.filter(({ why }) => why)).toEqual([])
    const of = (table: string, sealedClass: string) =>
      lines.filter((line) => line.table === table && line.class === sealedClass)
    expect(of('kluis.person', 'contact').find(({ row }) => row === personId)?.value).toMatchObject({
      givenName: 'Zoé',
      familyName: 'Đặng',
    })
    expect(JSON.stringify(of('kluis.person', 'confidential'))).toContain('BE71')
    expect(JSON.stringify(of('kluis.confidential_value', 'confidential'))).toContain('EH 123456')
    expect(JSON.stringify(of('kluis.company', 'contact'))).toContain('Bakkerij & Zonen BV')
    expect(JSON.stringify(of('kluis.note', 'content'))).toContain('Belt liever ’s avonds 🎈')
    expect(JSON.stringify(of('kluis.task', 'content'))).toContain('Offerte nasturen')
    expect(JSON.stringify(of('kluis.user_account', 'profile'))).toContain(bea.email)
    expect(of('kluis_auth.totp', 'secret').map(({ value }) => value)).toContain(bea.totpSecret)
  })

  test('puts a sealed file together byte for byte', async () => {
    const directory = await copyAway('file')
    const out = join(directory, 'plan.pdf')
    expect(decrypt(directory, 'file', '--file', fileId, '--out', out)).toMatchObject({ status: 0 })
    expect(readFileSync(out).equals(content)).toBe(true)
  })

  test('tells a moved record, a destroyed key and a missing segment apart, and opens nothing with another root key', async () => {
    const directory = await copyAway('changed')
    const path = join(directory, 'rows', 'kluis.person.ndjson')
    const people = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const ids = people.map(({ id }) => id)
    const [one, two] = people
    const cell = (row: { contact_sealed: string }) =>
      Buffer.from(row.contact_sealed.slice(2), 'hex')
    const swapped = [
      { ...one, contact_sealed: two.contact_sealed },
      { ...two, contact_sealed: one.contact_sealed },
    ]
    writeFileSync(path, swapped.map((row) => JSON.stringify(row)).join('\n'))
    const whys = () =>
      opened(directory)
        .filter((line) => line.class === 'contact' && ids.includes(line.row))
        .map(({ why }) => why)
    expect(whys()).toEqual(['damaged', 'damaged'])
    writeFileSync(path, people.map((row) => JSON.stringify(row)).join('\n'))
    const rootKey = readFileSync(join(kluis.directory, 'root.key'))
    const copy = { directory: join(directory, 'keystore'), rootKey, mayCreate: false }
    openKeystore(copy).eraseSlots([readHeader(cell(one))!.keySlot])
    expect(whys()).toEqual(['erased', undefined])
    const cut = { ...one, contact_sealed: `\\x${Buffer.alloc(104, 'KS').toString('hex')}` }
    const far = cell(two)
    far.writeBigUInt64BE(40_960n, 4)
    const away = { ...two, contact_sealed: `\\x${far.toString('hex')}` }
    writeFileSync(path, [cut, away].map((row) => JSON.stringify(row)).join('\n'))
    expect(whys()).toEqual(['not-ours', 'no-key'])
    writeFileSync(join(directory, 'other.key'), randomBytes(32))
    const other = spawnSync(
      python!,
      [
        ...[script, 'open', '--root-key', join(directory, 'other.key')],
        ...['--keystore', join(directory, 'keystore'), '--rows', join(directory, 'rows')],
      ],
      { encoding: 'utf8' },
    )
    expect([other.status, other.stdout]).toEqual([1, ''])
    expect(other.stderr).toContain('does not open this keystore')
  })
})
