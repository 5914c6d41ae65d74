import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let id: string

beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
  id = (await ana.call('POST', '/api/people', { familyName: 'Peeters' })).json().id
  await ana.call('PATCH', `/api/people/${id}`, { rowVersion: 1, stage: 'customer' })
  await sequenceAll()
})
afterEach(() => kluis.close())

const sequenceAll = async () => {
  while ((await kluis.app.ledger.sequence()) > 0);
}
const findings = async () => (await kluis.app.ledger.verify()).findings
const whats = async () => (await findings()).map(({ what }) => what)
const mirror = () => join(kluis.directory, 'ledger', 'checkpoints')
/** As an administrator of the database who lets no trigger speak. */
const silently = async (sql: string) => {
  await kluis.admin.query(
    `set session_replication_role = replica; ${sql}; reset session_replication_role`,
  )
}
const newestSize = async (): Promise<number> =>
  Number((await kluis.admin.query('select tree_size from kluis_ledger.head')).rows[0].tree_size)

test('an untouched database is intact, and its rows are all covered', async () => {
  const check = await kluis.app.ledger.verify()
  expect(check).toMatchObject({ findings: [], gaps: [], waiting: 0 })
  expect(check.leaves).toBeGreaterThan(check.rows)
  // People, colleagues, roles and who is in which team: whatever has not opted out.
  const { rows } = await kluis.admin.query(
    `select (select count(*) from kluis.person) + (select count(*) from kluis.user_account) + (select count(*) from kluis.role_permission) + (select count(*) from kluis.team_member) as least`,
  )
  expect(check.rows).toBeGreaterThan(Number(rows[0].least))
})

test('a row the administrator changes past the triggers is named', async () => {
  await silently(`update kluis.person set stage = 'former'`)
  expect(await findings()).toEqual([
    { table: 'kluis.person', row: id, what: 'row differs from its newest leaf' },
  ])
})

test('a permission given past the triggers is named, though its table has no row ids', async () => {
  await silently(`insert into kluis.role_permission values ('support', 'people:export')`)
  const found = await findings()
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ table: 'kluis.role_permission', what: 'row without leaf' })
})

test('a row rolled back to an earlier state is named as that', async () => {
  await kluis.admin.query('create table public.earlier as select * from kluis.person')
  await ana.call('PATCH', `/api/people/${id}`, { rowVersion: 2, stage: 'former' })
  await sequenceAll()
  await silently(
    'update kluis.person p set stage = e.stage, row_version = e.row_version, updated_at = e.updated_at from public.earlier e where e.id = p.id',
  )
  expect(await findings()).toEqual([
    { table: 'kluis.person', row: id, what: 'row is an earlier version of itself' },
  ])
})

test('a row that is removed or planted is named', async () => {
  await silently('delete from kluis.person_lookup; delete from kluis.person')
  expect(await whats()).toEqual(['leaf without row'])
  await silently(`insert into kluis.team (name) values ('geplant')`)
  expect((await findings()).map(({ table, what }) => [table, what])).toContainEqual([
    'kluis.team',
    'row without leaf',
  ])
})

test('a row deleted with the triggers on is no finding, and comes back only as one', async () => {
  await kluis.admin.query('create table public.earlier as select * from kluis.person')
  await kluis.admin.query('delete from kluis.person')
  await sequenceAll()
  expect(await findings()).toEqual([])
  await silently('insert into kluis.person select * from public.earlier')
  expect(await findings()).toEqual([{ table: 'kluis.person', row: id, what: 'row without leaf' }])
})

test('a trigger that is switched off, dropped, or was off for a moment shows', async () => {
  await kluis.admin.query('alter table kluis.person disable trigger z_ledger_update')
  await kluis.admin.query('drop trigger z_ledger_delete on kluis.note')
  expect(await findings()).toEqual([
    { table: 'kluis.note', row: 'z_ledger_delete', what: 'trigger is switched off' },
    { table: 'kluis.person', row: 'z_ledger_update', what: 'trigger is switched off' },
  ])
  await kluis.admin.query(`update kluis.person set stage = 'former', row_version = row_version + 1`)
  await kluis.admin.query('alter table kluis.person enable trigger z_ledger_update')
  expect(await findings()).toContainEqual({
    table: 'kluis.person',
    row: id,
    what: 'row differs from its newest leaf',
  })
})

test('what the administrator changes with the triggers on stands in the ledger under their role', async () => {
  await kluis.admin.query(`update kluis.person set stage = 'former', row_version = row_version + 1`)
  await sequenceAll()
  expect(await findings()).toEqual([])
  const { rows } = await kluis.admin.query(
    `select convert_from(body, 'UTF8')::jsonb as leaf from kluis_ledger.leaf order by seq desc limit 1`,
  )
  expect(rows[0].leaf.slice(3, 7)).toEqual([null, 'role:kluis_admin', 'update', 'kluis.person'])
})

test('a leaf whose bytes are changed is named by its number', async () => {
  await kluis.admin.query(
    `update kluis_ledger.leaf set body = convert_to(replace(convert_from(body, 'UTF8'), 'insert', 'update'), 'UTF8') where seq = 1`,
  )
  expect(await findings()).toEqual([
    { table: 'kluis_ledger.leaf', row: '1', what: 'leaf was changed' },
  ])
})

test('a leaf rewritten together with its hash no longer fits the checkpoints', async () => {
  await kluis.admin.query(
    `update kluis_ledger.leaf set body = b.body, leaf_hash = sha256('\\x00'::bytea || b.body)
     from (select seq, convert_to(replace(convert_from(body, 'UTF8'), 'insert', 'update'), 'UTF8') as body from kluis_ledger.leaf where seq = 1) b
     where leaf.seq = b.seq`,
  )
  expect(await findings()).toContainEqual({
    table: 'kluis_ledger.leaf',
    row: expect.stringMatching(/^1\.\.\d+$/),
    what: 'leaf was changed',
  })
})

test('a tail cut off with its checkpoints shows against the copy outside, and is not continued', async () => {
  const size = await newestSize()
  await ana.call('PATCH', `/api/people/${id}`, { rowVersion: 2, stage: 'former' })
  const before = await kluis.admin.query('select * from kluis_ledger.head')
  await sequenceAll()
  expect(await newestSize()).toBeGreaterThan(size)
  // The ledger put back to an earlier, correctly signed state.
  await kluis.admin.query(`delete from kluis_ledger.leaf where seq > ${size}`)
  await kluis.admin.query(`delete from kluis_ledger.checkpoint where tree_size > ${size}`)
  await kluis.admin.query('update kluis_ledger.head set tree_size = $1, frontier = $2', [
    before.rows[0].tree_size,
    before.rows[0].frontier,
  ])
  expect(await whats()).toContain('leaves are missing')
  expect(await findings()).toContainEqual({
    table: 'kluis.person',
    row: id,
    what: 'row differs from its newest leaf',
  })
  await kluis.admin.query(`insert into kluis.team (name) values ('daarna')`)
  await expect(kluis.app.ledger.sequence()).rejects.toThrow(/not continued/)
})

test('a leaf taken out of the middle is named', async () => {
  await kluis.admin.query('delete from kluis_ledger.leaf where seq in (3, 4)')
  expect(await findings()).toContainEqual({
    table: 'kluis_ledger.leaf',
    row: '3..4',
    what: 'leaves are missing',
  })
})

test('a leaf somebody adds to cover a planted row is not covered itself, and is not carried on', async () => {
  const size = await newestSize()
  await kluis.admin.query(
    `insert into kluis_ledger.leaf select ${size} + 1, body, leaf_hash from kluis_ledger.leaf where seq = 1`,
  )
  expect(await findings()).toContainEqual({
    table: 'kluis_ledger.leaf',
    row: String(size + 1),
    what: 'leaf is not covered by a signed checkpoint',
  })
  // Even with the head moved along, nothing is signed on top of it.
  await kluis.admin.query(
    `update kluis_ledger.head set tree_size = tree_size + 1, frontier = frontier || (select leaf_hash from kluis_ledger.leaf where seq = 1)`,
  )
  await kluis.admin.query(`insert into kluis.team (name) values ('daarna')`)
  await expect(kluis.app.ledger.sequence()).rejects.toThrow(/not the one that was signed/)
})

test('a checkpoint signed with another key is refused, one that is gone is missed', async () => {
  const newest = `(select max(tree_size) from kluis_ledger.checkpoint)`
  await kluis.admin.query(
    `update kluis_ledger.checkpoint set note = regexp_replace(note, '.{12}\\n$', E'AAAAAAAAAAA=\\n') where tree_size = ${newest}`,
  )
  expect(await whats()).toContain('checkpoint is not signed by this installation')
  await kluis.admin.query(`delete from kluis_ledger.checkpoint where tree_size = ${newest}`)
  expect(await whats()).toContain('checkpoint is missing')
})

test('without the copy outside, or with rows that can not be read, nothing is called intact', async () => {
  const notes = readFileSync(mirror())
  rmSync(mirror())
  expect(await kluis.app.ledger.verify()).toMatchObject({
    findings: [],
    gaps: [expect.stringMatching(/no copy of the checkpoints/)],
  })
  writeFileSync(mirror(), notes)
  appendFileSync(mirror(), `${JSON.stringify('kluis/other\n9\nx\n')}\n`)
  expect(await whats()).toEqual(['checkpoint is not signed by this installation'])
  writeFileSync(mirror(), notes)
  await kluis.admin.query('drop function kluis_ledger.rows_kluis_person(uuid, int)')
  expect(await kluis.app.ledger.verify()).toMatchObject({
    findings: [],
    gaps: [expect.stringMatching(/^kluis\.person: /)],
  })
})

test('a new column leaves old proofs true; rows changed since are held with it', async () => {
  await kluis.admin.query('alter table kluis.team add column colour text')
  expect(await findings()).toEqual([])
  // As a migration does it: policies go first, then every table is attached.
  await kluis.admin.query('drop policy ledger_reads on kluis.team')
  await kluis.admin.query(`select kluis_ledger.attach('kluis.team')`)
  await kluis.admin.query('select kluis_ledger.write_baseline()')
  expect(await findings()).toEqual([])
  await kluis.admin.query(`insert into kluis.team (name, colour) values ('nieuw', 'rood')`)
  await sequenceAll()
  expect(await findings()).toEqual([])
  await silently(`update kluis.team set colour = 'groen' where name = 'nieuw'`)
  expect(await whats()).toEqual(['row differs from its newest leaf'])
})

test('neither outbox nor leaf holds anything of a person, nor an id a leaf could be joined by', async () => {
  await ana.call('POST', '/api/people', {
    familyName: 'Quispelbrugge',
    emails: [{ value: 'q@klant.example' }],
  })
  const outbox = await kluis.admin.query(
    `select string_agg(o::text, ' ') as text from kluis_ledger.outbox o`,
  )
  expect(outbox.rows[0].text).toContain('kluis.person')
  await sequenceAll()
  const leaves = await kluis.admin.query(
    `select string_agg(convert_from(body, 'UTF8'), ' ') as text from kluis_ledger.leaf`,
  )
  for (const { text } of [outbox.rows[0], leaves.rows[0]])
    expect(text).not.toMatch(/quispel|klant\.example|bureau\.example/i)
  for (const one of [id, ana.userId, ana.teamId]) expect(leaves.rows[0].text).not.toContain(one)
})

test('an event is refused when its detail could name somebody', async () => {
  const record = (kind: string, detail: object) =>
    kluis.admin.query('select kluis_ledger.record_event($1, $2)', [kind, detail])
  await record('backup-made', { sizeBytes: 12, kind: 'full', ok: true })
  await expect(record('backup-made', { by: 'an@bureau.be' })).rejects.toThrow(/personal data/)
  await expect(record('backup-made', { by: 'An Peeters' })).rejects.toThrow(/personal data/)
  await expect(record('backup-made', { of: { name: 'An' } })).rejects.toThrow(/personal data/)
  await expect(record('An Peeters', {})).rejects.toThrow(/named like/)
})
