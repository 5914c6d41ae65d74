import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { copyDatabase } from './support/cluster.ts'

let admin: pg.Client
let other: pg.Client
const anna = '00000000-0000-4000-8000-00000000000a'
const north = '00000000-0000-4000-8000-00000000000b'
const south = '00000000-0000-4000-8000-00000000000c'
const NIL = '00000000-0000-0000-0000-000000000000'

beforeAll(async () => {
  const { host, port } = inject('postgres')
  const { admin: config } = await copyDatabase(host, port)
  admin = new pg.Client(config)
  other = new pg.Client(config)
  await Promise.all([admin.connect(), other.connect()])
})
afterAll(() => Promise.all([admin.end(), other.end()]))

beforeEach(async () => {
  await admin.query(`
    delete from kluis.team_member; delete from kluis.user_account; delete from kluis.team; delete from kluis.organisation;
    insert into kluis.organisation (id) values ('${NIL}');
    insert into kluis.team (id, name) values ('${north}', 'north'), ('${south}', 'south');
    insert into kluis.user_account (id, email_token, profile_sealed, role_id, status)
      values ('${anna}', decode(repeat('00', 16), 'hex'), '\\x4b5301'::bytea || decode(repeat('00', 60), 'hex'), 'sales', 'active');
    insert into kluis.team_member (team_id, user_id) values ('${north}', '${anna}')`)
})

async function standing(): Promise<{ scope: string[]; permissions: string[] } | undefined> {
  const { rows } = await admin.query(
    'select scope, permissions from kluis_auth.standing where user_id = $1',
    [anna],
  )
  return rows[0]
}

test('a colleague stands for themselves and their team, with what the role may do', async () => {
  expect((await standing())!.scope).toEqual([anna, north])
  expect((await standing())!.permissions).toContain('people:edit')
  expect((await standing())!.permissions).not.toContain('people:export')
})

test.each([
  [
    'another team',
    `update kluis.team_member set team_id = '${south}', row_version = row_version + 1`,
    [anna, south],
  ],
  ['no team', 'delete from kluis.team_member', [anna]],
  [
    'records shown to their owner only',
    `update kluis.organisation set visibility = 'owner', row_version = row_version + 1`,
    [anna],
  ],
  [
    'records shown to everyone',
    `update kluis.organisation set visibility = 'everyone', row_version = row_version + 1`,
    [anna, north, NIL],
  ],
  [
    'a role that sees all',
    `update kluis.user_account set role_id = 'privacy-officer', row_version = row_version + 1`,
    [anna, north, NIL],
  ],
])('%s counts from that statement on', async (_what, change, scope) => {
  await admin.query(change)
  expect((await standing())!.scope).toEqual(scope)
})

test('whoever is disabled has no standing', async () => {
  await admin.query(
    `update kluis.user_account set status = 'disabled', row_version = row_version + 1`,
  )
  expect(await standing()).toBeUndefined()
})

test('of two changes at once neither writes back what the other replaced', async () => {
  await admin.query('begin')
  await admin.query(
    `insert into kluis.team_member (team_id, user_id) values ('${south}', '${anna}')`,
  )
  const second = other.query(
    `insert into kluis.role_permission (role_id, permission) values ('sales', 'people:export')`,
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  await admin.query('commit')
  await second
  expect((await standing())!.scope).toEqual([anna, north, south])
  expect((await standing())!.permissions).toContain('people:export')
  await admin.query(
    `delete from kluis.role_permission where permission = 'people:export' and role_id = 'sales'`,
  )
})
