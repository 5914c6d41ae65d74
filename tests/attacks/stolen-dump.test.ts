import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

const seeded = {
  givenName: 'Balthazarina',
  familyName: 'Quispelbrugge',
  email: 'quispelbrugge@geheimklant.example',
  phone: '+32475998877',
  // Nobody else's: other tests write theirs in plain text to the same WAL.
  iban: 'BE64091773451252',
  street: 'Verzonnenlaan 77',
  city: 'Zuidernieuwpolder',
  note: 'Vergeet de blauwe paraplu nooit',
  tag: 'zilvervos',
  fieldLabel: 'Faillissementsrisicogroep',
  option: 'Hoogstwaarschijnlijk',
  confidentialValue: 'Onderpandkluisnummer 8812',
  colleague: 'Collega sales',
  organisation: 'Bureau',
}
let kluis: TestKluis
let ana: Caller
let firstSegment: string
let lastSegment: string

async function segmentNow(): Promise<string> {
  const { rows } = await kluis.admin.query(
    'select pg_walfile_name(pg_current_wal_lsn()) as segment',
  )
  return rows[0].segment
}

beforeAll(async () => {
  kluis = await openTestKluis()
  firstSegment = await segmentNow()
  ana = await kluis.setUp()
  const field = async (given: object) =>
    (
      await ana.call('POST', '/api/fields', {
        recordKind: 'person',
        help: { nl: seeded.fieldLabel, en: '' },
        purpose: { nl: seeded.fieldLabel, en: '' },
        ...given,
      })
    ).json()
  const choice = await field({
    kind: 'choice',
    sensitivity: 'contact',
    label: { nl: seeded.fieldLabel, en: '' },
    options: [{ label: { nl: seeded.option, en: '' } }],
  })
  const [common, secret] = await Promise.all(
    (['contact', 'confidential'] as const).map((sensitivity) =>
      field({
        kind: 'text',
        sensitivity,
        search: 'exact',
        label: { nl: `${seeded.fieldLabel} ${sensitivity}`, en: '' },
      }),
    ),
  )
  const made = await ana.call('POST', '/api/people', {
    custom: {
      [choice.id]: choice.options[0].id,
      [common.id]: seeded.option,
      [secret.id]: seeded.confidentialValue,
    },
    givenName: seeded.givenName,
    familyName: seeded.familyName,
    emails: [{ value: seeded.email }],
    phones: [{ value: seeded.phone }],
    ibans: [seeded.iban],
    addresses: [{ street: seeded.street, city: seeded.city }],
    tags: [seeded.tag],
  })
  expect(made.statusCode, made.body).toBe(201)
  await ana.call('POST', `/api/people/${made.json().id}/notes`, { body: seeded.note })
  await ana.call('GET', `/api/people?search=${seeded.familyName}`)
  // A refused statement must not put its values in the log either.
  await ana.call('PATCH', `/api/people/${made.json().id}`, {
    rowVersion: 99,
    familyName: seeded.familyName,
  })
  await kluis.colleague(ana, 'sales', ana.teamId)
  await kluis.app.ledger.sequence()
  await kluis.admin.query('checkpoint')
  lastSegment = await segmentNow()
})
afterAll(() => kluis.close())

function encodings(value: string): Buffer[] {
  const utf8 = Buffer.from(value)
  return [
    utf8,
    Buffer.from(value, 'utf16le'),
    Buffer.from(value.toLowerCase()),
    Buffer.from(value.toUpperCase()),
    Buffer.from(utf8.toString('hex')),
    Buffer.from(utf8.toString('base64').slice(0, -4)),
    Buffer.from(utf8.toString('base64url').slice(0, -4)),
    Buffer.from(encodeURIComponent(value)),
    Buffer.from(utf8).reverse(),
  ]
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

/** What is in a file; nothing when PostgreSQL removed it between listing and reading. */
function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

// A server that was given may lie on another machine; its files are not ours to read.
const isOwnServer = process.env.KLUIS_TEST_DATABASE_URL === undefined
test.runIf(isOwnServer)(
  "no seeded value stands in any encoding in PostgreSQL's directory, its WAL, its log and the ledger's files",
  async () => {
    const { rows } = await kluis.admin.query(
      `select current_setting('data_directory') as data_directory, oid::text from pg_database where datname = current_database()`,
    )
    // The databases of the other tests lie there too, by their number; what is sought was never in one of them.
    const ofOtherTests = /\/base\/(?!1\/)(\d+)\//
    // What was written ahead before anything was seeded can't hold it either, nor what the other tests write later.
    const segment = /\/pg_wal\/([0-9A-F]{24})$/
    const files = [
      ...filesUnder(rows[0].data_directory).filter((path) => {
        const [, number] = ofOtherTests.exec(path) ?? []
        const [, written] = segment.exec(path) ?? []
        return (
          (number === undefined || number === rows[0].oid) &&
          (written === undefined || (written >= firstSegment && written <= lastSegment))
        )
      }),
      ...filesUnder(join(kluis.directory, 'ledger')),
      join(dirname(rows[0].data_directory), 'postgres.log'),
    ]
    expect(files.some((path) => segment.test(path))).toBe(true)
    expect(files.some((path) => path.includes(`/base/${rows[0].oid}/`))).toBe(true)
    expect(read(files.at(-1)!).length).toBeGreaterThan(0)
    const needles = Object.entries(seeded)
      .filter(([name]) => name !== 'organisation')
      .flatMap(([name, value]) => encodings(value).map((bytes) => ({ name, bytes })))
    const found = files.flatMap((path) => {
      const content = read(path)
      return needles
        .filter(({ bytes }) => content.includes(bytes))
        .map(({ name }) => `${name} in ${path}`)
    })
    expect(found).toEqual([])
  },
)

test('the search for seeded values finds what is not sealed', async () => {
  await kluis.admin.query(
    `create table public.planted (text text); insert into public.planted values ('${seeded.note}'); checkpoint`,
  )
  const { rows } = await kluis.admin.query('show data_directory')
  expect(filesUnder(rows[0].data_directory).some((path) => read(path).includes(seeded.note))).toBe(
    true,
  )
  await kluis.admin.query('drop table public.planted')
})

test('a logical copy of every table holds no seeded value', async () => {
  const { rows: tables } = await kluis.admin.query(
    `select schemaname || '.' || tablename as name from pg_tables where schemaname like 'kluis%'`,
  )
  let copied = ''
  for (const { name } of tables)
    copied += (await kluis.admin.query(`select t::text as row from ${name} t`)).rows
      .map((row) => row.row)
      .join('\n')
  expect(copied.length).toBeGreaterThan(1000)
  for (const [name, value] of Object.entries(seeded)) {
    if (name === 'organisation') continue
    expect(
      copied.includes(value) || copied.includes(Buffer.from(value).toString('hex')),
      name,
    ).toBe(false)
  }
})
