import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

// A colleague who wants more than they were given, by every door there is: addresses, and SQL as the app with their session.
let kluis: TestKluis
let ana: Caller
let second: Caller
let ben: Caller
let app: pg.Client
let signIn: pg.Client
let south: string
let foreign: string

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  south = await kluis.newTeam('Zuid')
  second = await kluis.colleague(ana, 'administrator', ana.teamId)
  ben = await kluis.colleague(ana, 'sales', ana.teamId)
  const cas = await kluis.colleague(ana, 'sales', south)
  foreign = (
    await cas.call('POST', '/api/people', { givenName: 'Fleur', familyName: 'Zuid' })
  ).json().id
  const connect = async (user: string) => {
    const client = new pg.Client({ ...inject('postgres'), user, database: kluis.databaseName })
    await client.connect()
    return client
  }
  app = await connect('kluis_app')
  signIn = await connect('kluis_sign_in')
})
afterAll(async () => {
  await Promise.all([app.end(), signIn.end()])
  await kluis.close()
})

/** Whether PostgreSQL itself lets it through, in this colleague's session; whatever happened is taken back. */
async function reaches(client: pg.Client, who: Caller, sql: string): Promise<number | string> {
  await client.query('begin')
  try {
    await client.query(`select set_config('kluis.session', $1, true)`, [who.token])
    return (await client.query(sql)).rowCount ?? 0
  } catch (error) {
    return (error as Error).message
  } finally {
    await client.query('rollback')
  }
}

test.each([
  ['makes a role', `insert into kluis.role (id, name) values ('mine', 'Mine')`],
  [
    'gives the role they hold a right',
    `insert into kluis.role_permission (role_id, permission) values ('sales', 'people:export')`,
  ],
  [
    'widens the role they hold',
    `update kluis.role_permission set scope = 'organisation', row_version = row_version + 1`,
  ],
  ['empties another role', `delete from kluis.role_permission where role_id = 'administrator'`],
  [
    'takes a role',
    `update kluis.user_account set role_id = 'administrator', row_version = row_version + 1`,
  ],
  [
    'sits down in a team',
    `insert into kluis.team_member (team_id, user_id) select '${'%south%'}', kluis.uid()`,
  ],
  [
    'writes that rights were looked at',
    `insert into kluis.access_review (user_id) select kluis.uid()`,
  ],
  ['writes their standing', `update kluis_auth.standing set reaches = '{3}'`],
])('SQL as the app, in the session of who sells, %s: refused', async (_what, sql) => {
  const outcome = await reaches(app, ben, sql.replace('%south%', south))
  expect(outcome === 0 || /row-level security|permission denied/.test(String(outcome))).toBe(true)
})

test('who manages colleagues takes nobody’s customers for themselves by saying that they leave', async () => {
  const dirk = await kluis.colleague(ana, 'sales', south)
  const made = await dirk.call('POST', '/api/people', { familyName: 'Overgenomen' })
  const leaves = (receivers: string[]) =>
    ana.call('POST', `/api/users/${dirk.userId}/leave`, { receivers })
  const reads = async () => (await ana.call('GET', `/api/people/${made.json().id}`)).statusCode
  expect(await reads()).toBe(404)
  expect((await leaves([ana.userId])).json().code).toBe('own-rights')
  expect((await leaves([ben.userId, ana.userId])).json().code).toBe('own-rights')
  expect(await reads()).toBe(404)
  // What they see already, they may go on with themselves; and a colleague may get what they do not see.
  const els = await kluis.colleague(ana, 'sales', ana.teamId)
  await els.call('POST', '/api/people', { familyName: 'Vanzelf' })
  const taken = await ana.call('POST', `/api/users/${els.userId}/leave`, {
    receivers: [ana.userId],
  })
  expect(taken.json()).toEqual({ left: 0 })
  expect((await leaves([ben.userId])).json()).toEqual({ left: 0 })
})

test('who manages rights does not widen their own: not the role they hold, not another role, not a team', async () => {
  const roles = (await ana.call('GET', '/api/rights/roles')).json().items
  const own = roles.find((one: { id: string }) => one.id === 'administrator')
  const wider = own.grants.map((one: { permission: string }) =>
    one.permission === 'people:see' ? { ...one, scope: 'organisation' } : one,
  )
  const edit = (grants: object[]) =>
    ana.call('PATCH', '/api/rights/roles/administrator', { rowVersion: own.rowVersion, grants })
  expect((await edit(wider)).json().code).toBe('own-rights')
  const join = await ana.call('PATCH', `/api/users/${ana.userId}`, { teamIds: [ana.teamId, south] })
  expect(join.json().code).toBe('own-rights')
  const team = (await ana.call('GET', '/api/teams'))
    .json()
    .items.find((one: { id: string }) => one.id === south)
  const under = await ana.call('PATCH', `/api/teams/${south}`, {
    rowVersion: team.rowVersion,
    parentId: ana.teamId,
  })
  expect(under.json().code).toBe('own-rights')
  expect((await ana.call('GET', `/api/people/${foreign}`)).statusCode).toBe(404)
  // A colleague may: two know of it.
  const byOther = await second.call('PATCH', `/api/users/${ana.userId}`, {
    teamIds: [ana.teamId, south],
  })
  expect(byOther.statusCode).toBe(200)
  expect((await ana.call('GET', `/api/people/${foreign}`)).statusCode).toBe(200)
  await second.call('PATCH', `/api/users/${ana.userId}`, { teamIds: [ana.teamId] })
  // Giving up one's own is everybody's to do.
  const narrower = own.grants.filter(
    (one: { permission: string }) => one.permission !== 'people:export',
  )
  expect((await edit(narrower)).statusCode).toBe(200)
})

test('who manages colleagues and not rights gives nobody a role with more of the administration', async () => {
  const made = (
    await ana.call('POST', '/api/rights/roles', { name: 'Personeel', copyOf: 'support' })
  ).json()
  const grants = [...made.grants, { permission: 'users:manage', scope: 'organisation' }]
  await ana.call('PATCH', `/api/rights/roles/${made.id}`, { rowVersion: made.rowVersion, grants })
  const hr = await kluis.colleague(ana, made.id, ana.teamId)
  const give = (roleId: string) => hr.call('PATCH', `/api/users/${ben.userId}`, { roleId })
  expect((await give('administrator')).json().code).toBe('own-rights')
  const invited = {
    email: 'z@bureau.example',
    name: 'Z',
    roleId: 'administrator',
    teamId: ana.teamId,
  }
  expect((await hr.call('POST', '/api/invites', invited)).json().code).toBe('own-rights')
  expect((await give('support')).statusCode).toBe(200)
  expect((await give('sales')).statusCode).toBe(200)
  // By SQL as sign-in, in that session: PostgreSQL says the same.
  const sql = `update kluis.user_account set role_id = 'administrator', row_version = row_version + 1 where id = '${ben.userId}'`
  expect(await reaches(signIn, hr, sql)).toMatch(/more of the administration/)
})

test('a role is not emptied, and nobody taken from it, so that nobody manages rights any more', async () => {
  await ana.call('PATCH', `/api/users/${second.userId}`, { status: 'disabled' })
  const own = (await ana.call('GET', '/api/rights/roles'))
    .json()
    .items.find((one: { id: string }) => one.id === 'administrator')
  const edit = {
    rowVersion: own.rowVersion,
    grants: own.grants.filter((one: { permission: string }) => one.permission !== 'rights:manage'),
  }
  expect((await ana.call('PATCH', '/api/rights/roles/administrator', edit)).json().code).toBe(
    'last-administrator',
  )
  const removed = await ana.call('DELETE', '/api/rights/roles/administrator')
  expect(['last-administrator', 'not-found', 'role-in-use']).toContain(removed.json().code)
  await ana.call('PATCH', `/api/users/${second.userId}`, { status: 'active' })
})

test('a record that is shared with somebody is not theirs to share, to keep, to give away, to remove or to take out', async () => {
  const mine = (
    await ana.call('POST', '/api/people', { givenName: 'Deel', familyName: 'Baar' })
  ).json()
  const cas = await kluis.colleague(ana, 'manager', south)
  const at = `/api/people/${mine.id}`
  const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)
  expect((await cas.call('GET', at)).statusCode).toBe(404)
  const lent = await ana.call('POST', `${at}/shares`, { userId: cas.userId, mayEdit: true, until })
  expect(lent.statusCode).toBe(201)
  expect((await cas.call('GET', at)).statusCode).toBe(200)
  // On to a third.
  expect((await cas.call('POST', `${at}/shares`, { userId: ben.userId, until })).json().code).toBe(
    'not-allowed',
  )
  // Into their own hands, or their own team.
  const version = mine.rowVersion
  for (const change of [{ ownerId: cas.userId }, { teamId: south }])
    expect((await cas.call('PATCH', at, { rowVersion: version, ...change })).statusCode).toBe(404)
  const given = { rowVersion: version, ownerId: cas.userId, teamId: south }
  expect((await cas.call('POST', `${at}/hand-over`, given)).statusCode).toBe(404)
  expect((await cas.call('DELETE', at)).statusCode).toBe(404)
  expect((await cas.call('POST', `${at}/reveal`, { reason: 'nieuwsgierig' })).statusCode).toBe(404)
  const out = await cas.call('GET', '/api/people/export?format=json')
  expect(out.body).not.toContain('Baar')
  // Lent to edit: that they may.
  const edited = await cas.call('PATCH', at, { rowVersion: version, familyName: 'Gedeeld' })
  expect(edited.json()).toMatchObject({ familyName: 'Gedeeld', ownerId: ana.userId })
  expect((await cas.call('DELETE', `/api/shares/${lent.json().id}`)).statusCode).toBe(200)
  expect((await cas.call('GET', at)).statusCode).toBe(404)
})

test('nobody shares to edit what they only see, or what they do not see', async () => {
  const mine = (
    await ana.call('POST', '/api/people', { givenName: 'Los', familyName: 'Zand' })
  ).json()
  await kluis.admin.query(
    `update kluis.role_permission set scope = 'own', row_version = row_version + 1 where role_id = 'sales' and permission = 'people:edit'`,
  )
  kluis.app.who.forgetAll()
  const until = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10)
  const share = (id: string, mayEdit: boolean) =>
    ben.call('POST', `/api/people/${id}/shares`, { teamId: south, mayEdit, until })
  expect((await share(mine.id, true)).json().code).toBe('not-allowed')
  expect((await share(mine.id, false)).statusCode).toBe(201)
  expect((await share(foreign, false)).statusCode).toBe(404)
  await kluis.reach('team')
})

test('a note is not moved onto a record one may only read', async () => {
  const [mine, theirs] = await Promise.all([
    ben.call('POST', '/api/people', { givenName: 'A', familyName: 'Van Ben' }),
    ana.call('POST', '/api/people', { givenName: 'B', familyName: 'Van Ana' }),
  ])
  await ben.call('POST', `/api/people/${mine.json().id}/notes`, { body: 'van mij' })
  await kluis.admin.query(
    `update kluis.role_permission set scope = 'own', row_version = row_version + 1 where role_id = 'sales' and permission ~ '^notes:(create|edit)$'`,
  )
  const move = `update kluis.note set person_id = '${theirs.json().id}', row_version = row_version + 1 where person_id = '${mine.json().id}'`
  expect(await reaches(app, ben, move)).toMatch(/row-level security/)
  expect(
    await reaches(
      app,
      ben,
      move
        .replace('person_id =', 'pinned_at = now(), person_id =')
        .replace(theirs.json().id, mine.json().id),
    ),
  ).toBe(1)
  await kluis.reach('team')
})

test('who looks after rights takes none from somebody with more of the administration, and gives none', async () => {
  const boss = await kluis.colleague(ana, 'manager', ana.teamId)
  const review = (userId: string, roleId: string, by = boss) =>
    by.call('POST', '/api/rights/reviews', { userId, roleId, teamsGone: [], sharesGone: [] })
  expect((await review(ana.userId, 'support')).statusCode).toBe(404)
  expect((await review(boss.userId, 'manager')).statusCode).toBe(404)
  expect((await review(ben.userId, 'manager')).json().code).toBe('own-rights')
  expect((await review(ben.userId, 'privacy-officer')).json().code).toBe('own-rights')
  expect((await review(ben.userId, 'sales', ben)).statusCode).toBe(403)
  expect((await review(ben.userId, 'sales')).statusCode).toBe(200)
})
