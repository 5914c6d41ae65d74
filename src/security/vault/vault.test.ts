import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Database, newSessionToken, openDatabase } from '#platform/db.ts'
import { Hidden } from '#platform/hidden.ts'
import { copyDatabase } from '../../../tests/support/cluster.ts'
import type { SealedTable } from './catalogue.ts'
import { type Keystore, openKeystore } from './keystore.ts'
import { type BulkRow, type KeeperVault, openVault } from './vault.ts'

const people: SealedTable = {
  table: 'person',
  subject: 'itself',
  classes: { contact: { column: 'contact_sealed', counterColumn: 'contact_seal_counter' } },
  fields: [],
}
const directory = mkdtempSync(join(tmpdir(), 'kluis-vault-'))
const rootKey = randomBytes(32)
const userId = randomUUID()
const teamId = randomUUID()
const [user, indexer] = [new Hidden(newSessionToken()), new Hidden(newSessionToken())]
let admin: pg.Client
let app: Database
let keeper: Database
let keystore: Keystore
let vault: KeeperVault
const mine: string[] = []
let foreign = ''

async function addPerson(ownerId: string, value: unknown): Promise<string> {
  const id = randomUUID()
  const [keySlot] = await vault.drawKeySlots(app.reader(user), 1)
  const target = { table: 'person', sealedClass: 'contact', rowId: id, subjectId: id } as const
  const [sealed] = await vault.seal([
    { target: { ...target, keySlot: keySlot!, sealCounter: 1 }, value },
  ])
  await admin.query(
    'insert into kluis.person (id, owner_id, team_id, key_slot, contact_sealed) values ($1, $2, $3, $4, $5)',
    [id, ownerId, teamId, keySlot, sealed],
  )
  return id
}
const openPeople = (ids: string[], record: 'list' | 'none' = 'list') =>
  vault.open<{ name: string }>(app.reader(user, 'list'), {
    table: 'person',
    sealedClass: 'contact',
    ids,
    purpose: 'list',
    record,
  })

beforeAll(async () => {
  const { host, port } = inject('postgres')
  const copy = await copyDatabase(host, port)
  admin = new pg.Client(copy.admin)
  await admin.connect()
  const connection = { host, port, database: copy.name }
  app = openDatabase({ connection, role: 'kluis_app', maxConnections: 2 })
  keeper = openDatabase({ connection, role: 'kluis_keeper', maxConnections: 1 })
  keystore = openKeystore({ directory: join(directory, 'keys'), rootKey, mayCreate: true })
  vault = openVault({ keystore, tables: [people] })
  const profile = (subjectId: string) =>
    vault.seal([
      {
        target: {
          table: 'user_account',
          sealedClass: 'profile',
          rowId: subjectId,
          subjectId: keystore.organisationId,
          keySlot: 0,
          sealCounter: 1,
        },
        value: {},
      },
    ])
  const otherId = randomUUID()
  await admin.query('insert into kluis.organisation (id) values ($1)', [keystore.organisationId])
  await admin.query(
    `update kluis.role_permission set scope = 'own', row_version = row_version + 1 where role_id = 'sales' and scope = 'team'`,
  )
  await admin.query(`insert into kluis.team (id, name) values ($1, 'North')`, [teamId])
  for (const id of [userId, otherId])
    await admin.query(
      `insert into kluis.user_account (id, email_token, profile_sealed, role_id, status) values ($1, $2, $3, 'sales', 'active')`,
      [id, randomBytes(16), (await profile(id))[0]],
    )
  for (const [token, kind, owner] of [
    [user, 'user', userId],
    [indexer, 'indexer', null],
  ] as const)
    await admin.query(
      `insert into kluis_auth.session (token_hash, user_id, kind, factor, idle_seconds, expires_at) values ($1, $2, $3, 'test', 600, now() + interval '1 hour')`,
      [createHash('sha256').update(token.reveal()).digest(), owner, kind],
    )
  for (const name of ['Marijke', 'Zoë', 'Ayşe']) mine.push(await addPerson(userId, { name }))
  foreign = await addPerson(otherId, { name: 'Foreign' })
}, 120_000)

afterAll(async () => {
  await Promise.all([app?.close(), keeper?.close(), admin?.end()])
  rmSync(directory, { recursive: true, force: true })
})

test('opens by id what the caller may see, leaves the rest out, and records it', async () => {
  const opened = await openPeople([...mine, foreign, randomUUID()])
  expect([...opened.keys()].sort()).toEqual([...mine].sort())
  expect(opened.get(mine[1]!)).toEqual({ kind: 'open', value: { name: 'Zoë' } })
  const { rows } = await admin.query('select user_id, purpose, kind from kluis.opening')
  expect(rows).toEqual([{ user_id: userId, purpose: 'list', kind: 'list' }])
})

test('the cell of one person put in the row of another does not open', async () => {
  await admin.query(
    'update kluis.person t set contact_sealed = s.contact_sealed, row_version = t.row_version + 1 from kluis.person s where t.id = $1 and s.id = $2',
    [mine[0], foreign],
  )
  const opened = await openPeople(mine, 'none')
  expect(opened.get(mine[0]!)).toEqual({ kind: 'closed', why: 'damaged' })
  expect(opened.get(mine[1]!)?.kind).toBe('open')
})

test('without the keystore every answer is closed, and open again when it is back', async () => {
  renameSync(join(directory, 'keys'), join(directory, 'keys.away'))
  expect((await openPeople(mine, 'none')).get(mine[1]!)).toEqual({ kind: 'closed', why: 'no-key' })
  await expect(vault.drawKeySlots(app.reader(user), 500)).rejects.toMatchObject({
    code: 'keystore-unavailable',
  })
  renameSync(join(directory, 'keys.away'), join(directory, 'keys'))
  expect((await openPeople(mine, 'none')).get(mine[1]!)?.kind).toBe('open')
})

test('bulk opening gives every row to the indexer and none to a person through that role', async () => {
  const read = async (token: typeof user) => {
    const rows: BulkRow<unknown>[] = []
    for await (const page of vault.openBulk(keeper.reader(token), {
      table: 'person',
      sealedClass: 'contact',
      also: ['owner_id'],
    }))
      rows.push(...page)
    return rows
  }
  const rows = await read(indexer)
  expect(rows.length).toBe(4)
  expect(rows.find((row) => row.id === mine[2])?.columns).toEqual({ owner_id: userId })
  expect(await read(user)).toEqual([])
})

test('slots are drawn once each, also by many at a time', async () => {
  const drawn = (
    await Promise.all([1, 60, 64, 65, 5_000, 1].map((n) => vault.drawKeySlots(app.reader(user), n)))
  ).flat()
  expect(drawn.length).toBe(5_191)
  expect(new Set(drawn).size).toBe(5_191)
  expect(keystore.slotKey(Math.max(...drawn)).kind).toBe('key')
})
