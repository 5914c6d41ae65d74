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
  await admin.query(
    `create table public.delivered as select role_id, permission, scope from kluis.role_permission where role_id = 'sales'`,
  )
})
afterAll(() => Promise.all([admin.end(), other.end()]))

beforeEach(async () => {
  await admin.query(`
    delete from kluis.role_permission where role_id = 'sales'; insert into kluis.role_permission (role_id, permission, scope) select * from public.delivered;
    delete from kluis.team_member; delete from kluis.user_account; delete from kluis.team; delete from kluis.organisation;
    insert into kluis.organisation (id) values ('${NIL}');
    insert into kluis.team (id, name) values ('${north}', 'north'), ('${south}', 'south');
    insert into kluis.user_account (id, email_token, profile_sealed, role_id, status)
      values ('${anna}', decode(repeat('00', 16), 'hex'), '\\x4b5301'::bytea || decode(repeat('00', 60), 'hex'), 'sales', 'active');
    insert into kluis.team_member (team_id, user_id) values ('${north}', '${anna}')`)
})

type Standing = { scope: string[]; permissions: string[]; reaches: number[] }
async function standing(): Promise<Standing | undefined> {
  const { rows } = await admin.query(
    'select scope, permissions, reaches from kluis_auth.standing where user_id = $1',
    [anna],
  )
  return rows[0]
}

test('a colleague stands for themselves and their team, with what the role may do', async () => {
  expect((await standing())!.scope).toEqual([anna, north])
  expect((await standing())!.permissions).toContain('people:edit')
  expect((await standing())!.permissions).not.toContain('people:export')
})

/** Whose people a right of hers is for, as row security asks it. */
async function scopeOf(permission: string): Promise<string[] | null> {
  const { rows } = await admin.query(
    'select kluis_auth.scope_in($2, permissions, reaches, scope) as scope from kluis_auth.standing where user_id = $1',
    [anna, permission],
  )
  return rows[0].scope
}

const reach = (scope: string, permissions: string) =>
  `update kluis.role_permission set scope = '${scope}', row_version = row_version + 1 where role_id = 'sales' and permission ~ '${permissions}'`

test.each([
  [
    'another team',
    `update kluis.team_member set team_id = '${south}', row_version = row_version + 1`,
    [anna, south],
  ],
  ['no team', 'delete from kluis.team_member', [anna]],
  ['records of her own only', reach('own', '^people:'), [anna]],
  ['records of everybody', reach('organisation', '^people:'), [anna, north, NIL]],
  [
    'a team under hers',
    `update kluis.team set parent_id = '${north}', row_version = row_version + 1 where id = '${south}'`,
    [anna, north, south],
  ],
  [
    'a role that may not see',
    `delete from kluis.role_permission where role_id = 'sales' and permission = 'people:see'`,
    null,
  ],
  [
    'a role that sees all',
    `update kluis.user_account set role_id = 'privacy-officer', row_version = row_version + 1`,
    [anna, north, NIL],
  ],
])('%s counts from that statement on', async (_what, change, scope) => {
  await admin.query(change)
  expect(await scopeOf('people:see')).toEqual(scope)
})

test('nobody may more with a record than they may see it, and who may not see may nothing', async () => {
  await admin.query(`${reach('organisation', '^people:edit$')};${reach('own', '^people:see$')}`)
  expect(await scopeOf('people:edit')).toEqual([anna])
  await admin.query(
    `${reach('own', '^people:edit$')};${reach('organisation', '^people:(see|create)$')}`,
  )
  expect(await scopeOf('people:create')).toEqual([anna])
  await admin.query(
    `delete from kluis.role_permission where role_id = 'sales' and permission = 'notes:see'`,
  )
  expect((await standing())!.permissions.filter((one) => one.startsWith('notes:'))).toEqual([])
})

test.each([
  ['content', /^(notes|tasks|files):/, []],
  ['confidential', /:reveal$/, []],
  ['contact', /^people:/, ['people:outline']],
])('without the class %s nothing is left of what needs it', async (name, what, left) => {
  await admin.query(
    `delete from kluis.role_permission where role_id = 'sales' and permission = 'fields:${name}'`,
  )
  expect((await standing())!.permissions.filter((one) => what.test(one))).toEqual(left)
  expect(await scopeOf('people:see')).toEqual(name === 'contact' ? null : [anna, north])
})

test.each([
  ['itself', north, north],
  ['one that stands under it', north, south],
])('a team never stands under %s', async (_what, under, above) => {
  await admin.query(
    `update kluis.team set parent_id = '${under}', row_version = row_version + 1 where id = '${south}'`,
  )
  await expect(
    admin.query(
      `update kluis.team set parent_id = '${above}', row_version = row_version + 1 where id = '${under}'`,
    ),
  ).rejects.toThrow(/above itself|check/)
})

test('of two halves of a ring of teams, made at the same time, one is refused', async () => {
  await admin.query('begin')
  await admin.query(
    `update kluis.team set parent_id = '${north}', row_version = row_version + 1 where id = '${south}'`,
  )
  const second = other.query(
    `update kluis.team set parent_id = '${south}', row_version = row_version + 1 where id = '${north}'`,
  )
  const refused = expect(second).rejects.toThrow(/above itself/)
  await new Promise((resolve) => setTimeout(resolve, 100))
  await admin.query('commit')
  await refused
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
})
