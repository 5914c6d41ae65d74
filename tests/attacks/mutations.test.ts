/**
 * The attacker is the database administrator, with the triggers off and the domain's check removed: a thousand random changes of sealed
 * rows, each read through the door to plaintext. KLUIS_SEED repeats a run, KLUIS_MUTATIONS sets how many.
 */
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Database, openDatabase } from '#platform/db.ts'
import { Hidden } from '#platform/hidden.ts'
import type { SealedClass, SealedTable } from '#security/vault/catalogue.ts'
import { openKeystore } from '#security/vault/keystore.ts'
import { readHeader, sealRecord } from '#security/vault/sealed-record.ts'
import { type OpenOutcome, openVault, type Vault } from '#security/vault/vault.ts'
import { sealedTables } from '../../src/sealed-tables.ts'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'
import { subjectText } from '../support/subjects.ts'

const MUTATIONS = Number(process.env.KLUIS_MUTATIONS ?? 1_000)
const AT_ONCE = 50
const PEOPLE = 12
const seed = Number(process.env.KLUIS_SEED ?? randomBytes(4).readUInt32BE())

// mulberry32: small, and the same choices for the same seed.
let state = seed
function chance(below: number): number {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
}
const anyOf = <T>(list: readonly T[]): T => list[chance(list.length)]!

/** One sealed value as it lies in its row. */
type Cell = {
  table: SealedTable
  sealedClass: SealedClass
  id: string
  subjectId: string
  sealed: Buffer
  counter: number
}

let kluis: TestKluis
let bea: Caller
let database: Database
let vault: Vault
let cells: Cell[] = []
let before = new Map<string, Buffer>()
const values = new Map<string, string>()

const nameOf = (cell: Cell) => `${cell.table.table}.${cell.sealedClass} ${cell.id}`
const tablesRead = [
  'person',
  'company',
  'note',
  'task',
  'affiliation',
  'relation',
  'file',
  'confidential_value',
]
const classesOf = (table: SealedTable) =>
  Object.entries(table.classes) as [SealedClass, { column: string; counterColumn: string }][]

async function readCells(): Promise<Cell[]> {
  const all: Cell[] = []
  for (const table of sealedTables.filter(({ table: name }) => tablesRead.includes(name)))
    for (const [sealedClass, { column, counterColumn }] of classesOf(table)) {
      const { rows } = await kluis.admin.query(
        `select id, ${subjectText(table)} as subject, ${column} as sealed, ${counterColumn} as counter
         from kluis.${table.table} where ${column} is not null order by id`,
      )
      for (const { id, subject: subjectId, sealed, counter } of rows)
        all.push({ table, sealedClass, id, subjectId, sealed, counter })
    }
  return all
}

/** What the door says of each of these cells. */
async function openAll(asked: readonly Cell[]): Promise<Map<string, OpenOutcome<unknown>>> {
  const outcomes = new Map<string, OpenOutcome<unknown>>()
  const groups = Map.groupBy(asked, (cell) => `${cell.table.table} ${cell.sealedClass}`)
  for (const group of groups.values()) {
    const { table, sealedClass } = group[0]!
    const ask = {
      ...{ table: table.table, sealedClass, ids: [...new Set(group.map(({ id }) => id))] },
      ...({ purpose: 'dossier', record: 'none', isUnseen: true } as const),
    }
    const opened = await vault.open<unknown>(database.reader(new Hidden(bea.token)), ask)
    for (const [id, outcome] of opened) outcomes.set(nameOf({ ...group[0]!, id }), outcome)
  }
  return outcomes
}

beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp()
  const made = async (url: string, body: object): Promise<{ id: string; rowVersion: number }> => {
    const answer = await bea.call('POST', url, body)
    expect(answer.statusCode, answer.body).toBe(201)
    return answer.json()
  }
  const field = await made('/api/fields', {
    ...{ recordKind: 'person', kind: 'text', sensitivity: 'confidential', search: 'none' },
    label: { nl: 'Paspoort', en: '' },
    help: { nl: '', en: '' },
    purpose: { nl: 'toegang', en: '' },
  })
  const [people, changed]: [string[], (() => Promise<unknown>)[]] = [[], []]
  for (let i = 0; i < PEOPLE; i++) {
    const person = await made('/api/people', {
      ...{ givenName: `Voornaam ${i}`, familyName: `Naam ${i}`, ibans: ['BE71 0961 2345 6769'] },
      custom: { [field.id]: `Geheim ${i}` },
    })
    const company = await made('/api/companies', { name: `Firma ${i}` })
    const note = await made(`/api/people/${person.id}/notes`, { body: `Notitie ${i}` })
    const task = await made('/api/tasks', {
      subject: { kind: 'person', id: person.id },
      ...{ title: `Taak ${i}`, dueOn: '2030-01-01' },
    })
    await made(`/api/people/${person.id}/affiliations`, {
      companyId: company.id,
      jobTitle: `Werk ${i}`,
    })
    await bea.call('POST', `/api/people/${person.id}/files`, {
      name: `${i}.txt`,
      type: 'text/plain',
      size: 9,
    })
    if (i > 0)
      await made(`/api/people/${person.id}/relations`, { otherId: people[i - 1], kind: 'partner' })
    people.push(person.id)
    changed.push(
      () =>
        bea.call('PATCH', `/api/people/${person.id}`, { rowVersion: 1, givenName: `Nieuw ${i}` }),
      () =>
        bea.call('PATCH', `/api/companies/${company.id}`, { rowVersion: 1, name: `Nieuw ${i}` }),
      () => bea.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: `Nieuw ${i}` }),
      () => bea.call('PATCH', `/api/tasks/${task.id}`, { rowVersion: 1, title: `Nieuw ${i}` }),
    )
  }
  before = new Map((await readCells()).map((cell) => [nameOf(cell), cell.sealed]))
  for (const change of changed) await change()

  // The door itself, as the running program has it, over the same keystore.
  const { host, port } = inject('postgres')
  const connection = { host, port, database: kluis.databaseName }
  database = openDatabase({ connection, role: 'kluis_app', maxConnections: 1 })
  const keystore = openKeystore({
    directory: join(kluis.directory, 'keystore'),
    rootKey: readFileSync(join(kluis.directory, 'root.key')),
    mayCreate: false,
  })
  vault = openVault({ keystore, tables: sealedTables })

  const all = await readCells()
  for (const [name, outcome] of await openAll(all))
    if (outcome.kind === 'open') values.set(name, JSON.stringify(outcome.value))
  cells = all.filter((cell) => values.has(nameOf(cell)))
  await kluis.admin.query(`set session_replication_role = replica`)
  await kluis.admin.query('alter table kluis.relation drop constraint relation_check')
  const { rows } = await kluis.admin.query(
    `select conname from pg_constraint where contypid = 'kluis.sealed'::regtype and contype = 'c'`,
  )
  for (const { conname } of rows)
    await kluis.admin.query(`alter domain kluis.sealed drop constraint "${conname}"`)
})
afterAll(async () => {
  await database?.close()
  await kluis.close()
})

/** Another house, with a keystore of its own, that sealed the same rows under the same numbers. */
function elsewhere() {
  const other: string = randomUUID()
  return (cell: Cell, organisationId = other): Buffer => {
    const keySlot = readHeader(cell.sealed)!.keySlot
    const target = { table: cell.table.table, sealedClass: cell.sealedClass, rowId: cell.id }
    return sealRecord(
      createSecretKey(randomBytes(32)),
      organisationId,
      { ...target, subjectId: cell.subjectId, keySlot, sealCounter: cell.counter },
      JSON.parse(values.get(nameOf(cell))!),
    )
  }
}
const sealedElsewhere = elsewhere()

/** What becomes of a cell, or nothing where this change does not exist for it. */
type Change = Partial<Pick<Cell, 'sealed' | 'counter' | 'subjectId'>>
const ways: Record<string, (cell: Cell) => Change | undefined> = {
  'bits flipped': (cell) => {
    const sealed = Buffer.from(cell.sealed)
    const bits = Array.from({ length: 1 + chance(8) }, () => chance(sealed.length * 8))
    for (const bit of new Set(bits)) sealed[bit >> 3]! ^= 1 << (bit & 7)
    return { sealed }
  },
  'of another row': (cell) => {
    const { table, sealedClass } = cell
    const other = anyOf(
      cells.filter((one) => one.table === table && one.sealedClass === sealedClass),
    )
    return { sealed: other.sealed, counter: other.counter }
  },
  'of another class of the row': (cell) => {
    const other = cells.find(
      ({ id, sealedClass }) => id === cell.id && sealedClass !== cell.sealedClass,
    )
    return other && { sealed: other.sealed, counter: other.counter }
  },
  'of another table': (cell) => {
    const { sealed, counter } = anyOf(cells.filter(({ table }) => table !== cell.table))
    return { sealed, counter }
  },
  'of another row of the same person': (cell) => {
    const others = cells.filter((one) => one.subjectId === cell.subjectId && one !== cell)
    const other = others.length > 0 ? anyOf(others) : undefined
    return other && { sealed: other.sealed, counter: other.counter }
  },
  'rolled back': (cell) => ({ sealed: before.get(nameOf(cell))! }),
  'cut or grown': (cell) => {
    const { length } = cell.sealed
    if (chance(2) === 0) return { sealed: cell.sealed.subarray(0, chance(length)) }
    return { sealed: Buffer.concat([cell.sealed, Buffer.alloc(1 + chance(64), chance(2))]) }
  },
  'of another house': (cell) => ({ sealed: sealedElsewhere(cell) }),
  'of another key of this house': (cell) => ({
    sealed: sealedElsewhere(cell, vault.organisationId),
  }),
  'with the slot of another in its header': (cell) => {
    const sealed = Buffer.from(cell.sealed)
    anyOf(cells).sealed.copy(sealed, 4, 4, 12)
    return { sealed }
  },
  'with another seal counter': (cell) => ({
    counter: Math.max(0, cell.counter + anyOf([-2, -1, 1, 2, 1_000])),
  }),
  'hung on another person': (cell) =>
    cell.table.subject === 'itself' || cell.table.subject === 'organisation'
      ? undefined
      : { subjectId: anyOf(cells.filter(({ table }) => table.table === 'person')).id },
  'put there as plain text': (cell) => ({
    sealed: Buffer.from(values.get(nameOf(cell))!.padEnd(200)),
  }),
  'plain text behind a true header': (cell) => ({
    sealed: Buffer.concat([
      cell.sealed.subarray(0, 24),
      Buffer.from(values.get(nameOf(cell))!.padEnd(200)),
    ]),
  }),
  'random bytes behind a true header': (cell) => ({
    sealed: Buffer.concat([cell.sealed.subarray(0, 24), randomBytes(cell.sealed.length - 24)]),
  }),
}

async function write(cell: Cell, change: Change): Promise<void> {
  const { column, counterColumn } = cell.table.classes[cell.sealedClass]!
  const subject = cell.table.subject === 'itself' ? 'id' : 'person_id'
  await kluis.admin.query(
    `update kluis.${cell.table.table} set ${column} = $2, ${counterColumn} = $3, ${subject} = $4 where id = $1`,
    [
      cell.id,
      change.sealed ?? cell.sealed,
      change.counter ?? cell.counter,
      change.subjectId ?? cell.subjectId,
    ],
  )
}

const isChange = (cell: Cell, { sealed, counter, subjectId }: Change) =>
  (sealed !== undefined && !sealed.equals(cell.sealed)) ||
  (counter !== undefined && counter !== cell.counter) ||
  (subjectId !== undefined && subjectId !== cell.subjectId)

test(`of ${MUTATIONS} random changes of sealed rows by a superuser none opens (seed ${seed})`, async () => {
  expect(new Set(cells.map(({ table }) => table.table)).size).toBe(tablesRead.length)
  // The relation names two people; for its first one is what it hangs on.
  const counts = new Map<string, number>()
  const opened: string[] = []
  let done = 0
  while (done < MUTATIONS) {
    const round = new Map<Cell, { way: string; change: Change }>()
    const rows = new Set<string>()
    while (round.size < Math.min(AT_ONCE, MUTATIONS - done)) {
      const [cell, way] = [anyOf(cells), anyOf(Object.keys(ways))]
      const change = ways[way]!(cell)
      // One change a row at a time, so that what refuses is this change.
      if (rows.has(cell.id) || !change || !isChange(cell, change)) {
        if (rows.size >= cells.length / 3) break
        continue
      }
      rows.add(cell.id)
      round.set(cell, { way, change })
    }
    for (const [cell, { change }] of round) await write(cell, change)
    const outcomes = await openAll(cells)
    for (const [cell, { way }] of round) {
      const outcome = outcomes.get(nameOf(cell))
      if (outcome?.kind !== 'closed') opened.push(`${way}: ${nameOf(cell)}`)
      else expect(Object.keys(outcome).sort()).toEqual(['kind', 'why'])
      counts.set(way, (counts.get(way) ?? 0) + 1)
    }
    for (const cell of cells)
      if (!rows.has(cell.id))
        expect(outcomes.get(nameOf(cell)), nameOf(cell)).toEqual({
          kind: 'open',
          value: JSON.parse(values.get(nameOf(cell))!),
        })
    for (const [cell] of round) await write(cell, cell)
    done += round.size
  }
  expect(opened).toEqual([])
  expect(done).toBe(MUTATIONS)
  if (MUTATIONS >= 1_000) expect([...counts.keys()].sort()).toEqual(Object.keys(ways).sort())
})

test('a cell rolled back alone stays closed; rolled back with its counter it opens, and the ledger names the row either way', async () => {
  const person = cells.find(
    (cell) => cell.table.table === 'person' && cell.sealedClass === 'contact',
  )!
  const old = before.get(nameOf(person))!
  const read = () => bea.call('GET', `/api/people/${person.id}`)
  await kluis.app.ledger.settle()
  const named = async () =>
    (await kluis.app.ledger.verify()).findings.filter(({ row }) => row === person.id).length
  expect(await named()).toBe(0)
  await write(person, { sealed: old })
  expect((await read()).json().code).toBe('record-damaged')
  expect(await named()).toBe(1)
  await write(person, { sealed: old, counter: person.counter - 1 })
  expect((await read()).json().givenName).toMatch(/^Voornaam/)
  expect(await named()).toBe(1)
  await write(person, person)
  expect((await read()).json().givenName).toMatch(/^Nieuw/)
  expect(await named()).toBe(0)
})
