import pg from 'pg'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { openRoleDatabase } from '#platform/db.ts'
import { openNames } from '#security/ledger/leaf.ts'
import { openMirror } from '#security/ledger/mirror.ts'
import { openSigner } from '#security/ledger/note.ts'
import { type Change, openSequencer } from '#security/ledger/sequencer.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller

beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
  await sequenceAll()
})
afterEach(() => kluis.close())

const sequenceAll = async () => {
  while ((await kluis.app.ledger.sequence()) > 0);
}
const count = async (sql: string): Promise<number> =>
  Number((await kluis.admin.query(`select count(*) from ${sql}`)).rows[0].count)

async function client(): Promise<pg.Client> {
  const other = new pg.Client({
    ...inject('postgres'),
    user: 'kluis_admin',
    database: kluis.databaseName,
  })
  await other.connect()
  return other
}

test('under parallel writers and verifiers no change is skipped, doubled or reported', async () => {
  const leavesBefore = await count('kluis_ledger.leaf')
  const changesBefore = await count('kluis_ledger.outbox')
  const writing = Array.from({ length: 60 }, (_, i) =>
    ana.call('POST', '/api/people', { familyName: `Schrijver ${i}` }),
  )
  const sequencing = Array.from({ length: 10 }, () => kluis.app.ledger.sequence())
  const verifying = Array.from({ length: 5 }, () => kluis.app.ledger.verify())
  const replies = await Promise.all(writing)
  await Promise.all(sequencing)
  for (const check of await Promise.all(verifying)) expect(check.findings).toEqual([])
  expect(replies.every(({ statusCode }) => statusCode === 201)).toBe(true)
  await sequenceAll()
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
  const { rows } = await kluis.admin.query(
    `select count(*) as all, count(distinct convert_from(body, 'UTF8')::jsonb -> 1) as changes from kluis_ledger.leaf`,
  )
  expect(rows[0].all).toBe(rows[0].changes)
  expect(Number(rows[0].all) - leavesBefore - changesBefore).toBeGreaterThanOrEqual(60)
})

test('two sequencers at once take each change once', async () => {
  await kluis.admin.query(
    `insert into kluis.team (name) select 'team ' || n from generate_series(1, 5000) n`,
  )
  const directory = `${kluis.directory}/ledger`
  const key = Buffer.alloc(32, 7)
  const passes = [1, 2].map(() => {
    const db = openRoleDatabase({
      connection: { ...inject('postgres'), database: kluis.databaseName },
      role: 'kluis_ledger',
      maxConnections: 1,
    })
    const pass = openSequencer({
      db,
      signer: openSigner('kluis/other', key),
      names: openNames(key),
      mirror: openMirror(`${directory}-of-two`),
    })
    return { db, pass }
  })
  // A log of their own, so that neither continues what the other key signed.
  await kluis.admin.query(
    `truncate kluis_ledger.leaf, kluis_ledger.checkpoint; update kluis_ledger.head set tree_size = 0, frontier = '{}'`,
  )
  const waiting = await count('kluis_ledger.outbox')
  let taken = 0
  while ((await count('kluis_ledger.outbox')) > 0)
    for (const result of await Promise.all(passes.map(({ pass }) => pass()))) taken += result.taken
  await Promise.all(passes.map(({ db }) => db.close()))
  expect(waiting).toBeGreaterThanOrEqual(5000)
  expect(taken).toBe(waiting)
  expect(await count('kluis_ledger.leaf')).toBe(waiting)
})

test('while a transaction that began earlier is open, later changes wait; none is lost', async () => {
  const early = await client()
  await early.query('begin')
  await early.query(`insert into kluis.team (name) values ('vroeg')`)
  await kluis.admin.query(`insert into kluis.team (name) values ('laat')`)
  expect(await kluis.app.ledger.sequence()).toBe(0)
  expect(await kluis.app.ledger.state()).toMatchObject({ waiting: 1, refusal: null })
  // What waits is covered already: the outbox speaks for it.
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
  await early.query('commit')
  await early.end()
  expect(await kluis.app.ledger.sequence()).toBe(2)
})

test('of two changes of one row the later counts, even when it is sequenced first', async () => {
  const [team] = (
    await kluis.admin.query(`insert into kluis.team (name) values ('rij') returning id`)
  ).rows
  await sequenceAll()
  const rename = 'update kluis.team set name = $2, row_version = row_version + 1 where id = $1'
  const [later, between] = [await client(), await client()]
  for (const one of [later, between]) {
    await one.query('begin')
    await one.query('select pg_current_xact_id()')
  }
  await kluis.admin.query(rename, [team.id, 'first'])
  await later.query(rename, [team.id, 'second'])
  await later.query('commit')
  // The open transaction lies between the two, so only the second change is settled.
  expect(await kluis.app.ledger.sequence()).toBe(1)
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
  await between.query('commit')
  expect(await kluis.app.ledger.sequence()).toBe(1)
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
  await later.end()
  await between.end()
})

test('one statement on ten thousand rows is in the ledger whole, in batches', async () => {
  await kluis.admin.query(
    `insert into kluis.team (name) select 'team ' || n from generate_series(1, 10000) n`,
  )
  let passes = 0
  while ((await kluis.app.ledger.sequence()) > 0) passes++
  expect(passes).toBe(5)
  expect(await kluis.app.ledger.verify()).toMatchObject({ findings: [], waiting: 0 })
})

test('listeners hear of changes made past the program', async () => {
  const heard: Change[] = []
  kluis.app.ledger.start(10, (changes) => heard.push(...changes))
  const { rows } = await kluis.admin.query(
    `insert into kluis.team (name) values ('elders') returning id`,
  )
  await expect
    .poll(() => heard, { timeout: 5_000 })
    .toContainEqual({
      table: 'kluis.team',
      rowId: rows[0].id,
      rowVersion: 1,
      action: 'insert',
    })
})

test('the app can neither read nor write the ledger, and names no actor but itself', async () => {
  const app = await client()
  await app.query('set role kluis_app')
  for (const table of ['outbox', 'leaf', 'checkpoint', 'head', 'hashed_columns'])
    await expect(app.query(`select * from kluis_ledger.${table}`)).rejects.toThrow(/denied/)
  await expect(
    app.query(
      `insert into kluis_ledger.outbox (actor_id, actor_kind, action, event) values (gen_random_uuid(), 'user', 'event', 'forged')`,
    ),
  ).rejects.toThrow(/denied/)
  await app.query(`select kluis_ledger.record_event('export-made', '{"rows": 3}')`)
  await app.end()
  const { rows } = await kluis.admin.query(
    `select actor_id, actor_kind from kluis_ledger.outbox where event = 'export-made'`,
  )
  expect(rows).toEqual([{ actor_id: null, actor_kind: 'role:kluis_admin' }])
})
