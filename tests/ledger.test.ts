import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCheckpointMirror } from '#security/ledger/checkpoint-mirror.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let id: string

beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
  id = (await ana.call('POST', '/api/people', { familyName: 'Peeters' })).json().id
  await ana.call('PATCH', `/api/people/${id}`, { rowVersion: 1, stage: 'customer' })
  await kluis.app.ledger.settle()
})
afterEach(() => kluis.close())

const findings = async () => (await kluis.app.ledger.verify()).findings
const silently = async (sql: string) => {
  await kluis.admin.query(
    `set session_replication_role = replica; ${sql}; reset session_replication_role`,
  )
}

test('an untouched database is intact, and its rows are all covered', async () => {
  const check = await kluis.app.ledger.verify()
  expect(check.findings).toEqual([])
  expect(check.rows).toBeGreaterThan(3)
  expect(check.leaves).toBeGreaterThan(check.rows)
})

test('a check tells how far it is, first through the leaves and then through the rows, to the end of each', async () => {
  const told: { done: number; total: number }[] = []
  const check = await kluis.app.ledger.verify((progress) => told.push(progress))
  const ends = told.filter(({ done, total }) => done === total)
  expect(ends[0]).toEqual({ done: check.leaves, total: check.leaves })
  expect(told.at(-1)).toEqual({ done: check.rows, total: check.rows })
})

test('a row the administrator changes past the triggers is named', async () => {
  await silently(`update kluis.person set stage = 'former'`)
  expect(await findings()).toEqual([
    { table: 'kluis.person', row: id, what: 'row differs from its newest leaf' },
  ])
})

test('a row rolled back to an earlier state is named', async () => {
  await kluis.admin.query('create table public.earlier as select * from kluis.person')
  await ana.call('PATCH', `/api/people/${id}`, { rowVersion: 2, stage: 'former' })
  await silently(
    'update kluis.person p set stage = e.stage, row_version = e.row_version, updated_at = e.updated_at from public.earlier e where e.id = p.id',
  )
  expect(await findings()).toEqual([
    { table: 'kluis.person', row: id, what: 'row differs from its newest leaf' },
  ])
})

test('a row that is removed or planted is named', async () => {
  await silently('delete from kluis.person_lookup; delete from kluis.person')
  expect((await findings()).map((finding) => finding.what)).toEqual(['leaf without row'])
  await silently(`insert into kluis.team (name) values ('geplant')`)
  expect((await findings()).map((finding) => [finding.table, finding.what])).toContainEqual([
    'kluis.team',
    'row without leaf',
  ])
})

test('a table whose rows the database no longer gives to be compared is named', async () => {
  await silently(
    `update kluis.person set stage = 'former'; delete from kluis_ledger.hashed_columns where table_name = 'kluis.person'`,
  )
  expect(await findings()).toEqual([
    { table: 'kluis.person', row: '*', what: 'table is not compared' },
  ])
  await kluis.admin.query('drop function kluis_ledger.rows_kluis_team()')
  expect((await findings()).map((finding) => finding.table).toSorted()).toEqual([
    'kluis.person',
    'kluis.team',
  ])
})

test('a right or a seat in a team that is given past the triggers is named', async () => {
  const team = await kluis.newTeam('Andere ploeg')
  await kluis.app.ledger.settle()
  await silently(
    `insert into kluis.team_member (user_id, team_id) values ('${ana.userId}', '${team}');
     insert into kluis.role_permission (role_id, permission) values ('support', 'people:export')`,
  )
  expect((await findings()).map(({ table, what }) => [table, what])).toEqual([
    ['kluis.role_permission', 'row without leaf'],
    ['kluis.team_member', 'row without leaf'],
  ])
})

test('a table that gets another column is covered anew, and no row of it counts as tampered', async () => {
  await kluis.admin.query('alter table kluis.person add column nickname text')
  await kluis.admin.query(`drop policy ledger_reads on kluis.person`)
  await kluis.admin.query(`select kluis_ledger.attach('kluis.person')`)
  expect(await findings()).toEqual([])
  await silently(`update kluis.person set nickname = 'x'`)
  expect(await findings()).toHaveLength(1)
})

test('a leaf that is changed, and a tail that is cut off, show', async () => {
  await kluis.admin.query(
    `update kluis_ledger.leaf set body = convert_to(replace(convert_from(body, 'UTF8'), 'insert', 'update'), 'UTF8') where seq = (select min(seq) from kluis_ledger.leaf where convert_from(body, 'UTF8') like '%"insert"%')`,
  )
  expect((await findings()).map((finding) => finding.what)).toContain('leaf was changed')
  await kluis.admin.query(
    'delete from kluis_ledger.checkpoint where tree_size = (select max(tree_size) from kluis_ledger.checkpoint)',
  )
  await kluis.admin.query(
    'delete from kluis_ledger.leaf where seq = (select max(seq) from kluis_ledger.leaf)',
  )
  // The copy of the checkpoints outside PostgreSQL still names the longer tree.
  expect((await findings()).map((finding) => finding.what)).toContain('checkpoint does not fit')
})

test('a line of checkpoints that a crash cut off is no tampering, and what is written behind it counts', async () => {
  const file = join(kluis.directory, 'ledger', 'checkpoints')
  const whole = readFileSync(file, 'utf8')
  writeFileSync(file, whole.slice(0, -40))
  expect(await findings()).toEqual([])
  // As the next start finds it.
  const ledger = openCheckpointMirror(join(kluis.directory, 'ledger'))
  ledger.append('a note')
  expect(ledger.read().notes.at(-1)).toBe('a note')
  expect((await findings()).map((finding) => finding.what)).toEqual([
    'checkpoint is not signed by this installation',
  ])
  writeFileSync(file, `${whole}"kluis/written by somebody\n`)
  expect((await findings()).map((finding) => finding.what)).toEqual([
    'checkpoint is not signed by this installation',
  ])
})

test('a checkpoint signed with another key is refused', async () => {
  await kluis.admin.query(
    `update kluis_ledger.checkpoint set note = regexp_replace(note, '.{12}\n$', E'AAAAAAAAAAA=\n') where tree_size = (select min(tree_size) from kluis_ledger.checkpoint)`,
  )
  expect((await findings()).map((finding) => finding.what)).toContain(
    'checkpoint is not signed by this installation',
  )
})

test('under parallel writers no change is skipped and none is counted twice', async () => {
  const writing = Array.from({ length: 60 }, (_, i) =>
    ana.call('POST', '/api/people', { familyName: `Schrijver ${i}` }),
  )
  const sequencing = Array.from({ length: 10 }, () => kluis.app.ledger.sequence())
  await Promise.all([...writing, ...sequencing])
  expect(await findings()).toEqual([])
})

test('neither outbox nor leaf holds anything of a person', async () => {
  await ana.call('POST', '/api/people', {
    familyName: 'Quispelbrugge',
    emails: [{ value: 'q@klant.example' }],
  })
  const { rows } = await kluis.admin.query(
    `select string_agg(o::text, ' ') || (select string_agg(convert_from(body, 'UTF8'), ' ') from kluis_ledger.leaf) as text from kluis_ledger.outbox o`,
  )
  expect(rows[0].text.length).toBeGreaterThan(500)
  expect(rows[0].text).not.toMatch(/quispel|klant\.example/i)
  expect(
    (
      await kluis.admin.query(
        `select string_agg(convert_from(body, 'UTF8'), ' ') as text from kluis_ledger.leaf`,
      )
    ).rows[0].text,
  ).not.toContain(id)
})
