import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { permissions } from '../src/security/access/permissions.ts'
import { rights as rightsWords } from '../web/language/rights.ts'
import { administration, fieldClasses, matrix } from '../web/rights/right-lists.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let other: Caller
let app: pg.Client
let north: string
let south: string

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  north = ana.teamId
  south = await kluis.newTeam('Zuid')
  other = await kluis.colleague(ana, 'administrator', south)
  app = new pg.Client({ ...inject('postgres'), user: 'kluis_app', database: kluis.databaseName })
  await app.connect()
})
afterAll(async () => {
  await app.end()
  await kluis.close()
})

const until = (days = 5) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

async function newPerson(
  by: Caller,
  familyName: string,
): Promise<{ id: string; rowVersion: number }> {
  const made = await by.call('POST', '/api/people', { givenName: 'Jo', familyName })
  if (made.statusCode !== 201) throw new Error(made.body)
  return made.json()
}

async function namesSeen(by: Caller): Promise<string[]> {
  const page = (await by.call('POST', '/api/people/list', { limit: 100, from: 0 })).json()
  const names = page.items.map((one: { displayName: string }) => one.displayName).sort()
  expect(page.total).toBe(names.length)
  return names
}

/** A role of these rights, and a colleague who has it. */
async function colleagueWith(grants: object[], teamId: string, name = 'Proef'): Promise<Caller> {
  const role = (await ana.call('POST', '/api/rights/roles', { name })).json()
  const edit = { rowVersion: role.rowVersion, grants }
  const edited = await ana.call('PATCH', `/api/rights/roles/${role.id}`, edit)
  if (edited.statusCode !== 200) throw new Error(edited.body)
  return kluis.colleague(ana, role.id, teamId)
}
const on = (scope: string, ...permissions: string[]) =>
  permissions.map((permission) => ({ permission, scope }))
const classes = on('organisation', 'fields:contact', 'fields:confidential', 'fields:content')

test('a role says for each action whose records it is for: lists, counts, dossiers and changes follow', async () => {
  const cas = await colleagueWith(
    [...on('team', 'people:see'), ...on('own', 'people:edit', 'people:create'), ...classes],
    north,
  )
  const [mine, team, foreign] = [
    await newPerson(cas, 'Eigen'),
    await newPerson(ana, 'Ploeg'),
    await newPerson(other, 'Vreemd'),
  ]
  expect(await namesSeen(cas)).toEqual(['Jo Eigen', 'Jo Ploeg'])
  const change = async ({ id, rowVersion }: { id: string; rowVersion: number }) =>
    (await cas.call('PATCH', `/api/people/${id}`, { rowVersion, stage: 'customer' })).statusCode
  expect(await change(mine)).toBe(200)
  expect(await change(team)).toBe(404)
  expect((await cas.call('GET', `/api/people/${foreign.id}`)).statusCode).toBe(404)
  // No right to notes: none there, and a filter by them tells nothing.
  await ana.call('POST', `/api/people/${team.id}/notes`, { body: 'geheim' })
  expect((await cas.call('GET', `/api/people/${team.id}/notes`)).statusCode).toBe(403)
  const filter = { field: 'note.body', operator: 'contains', values: ['geheim'] }
  const asked = await cas.call('POST', '/api/people/list', { from: 0, filter })
  expect(asked.json().code).toBe('invalid-fields')
  expect((await cas.call('GET', `/api/people/${team.id}/timeline`)).body).not.toContain('geheim')
})

test('without contact data there is an outline alone: nothing sealed leaves the database', async () => {
  const planner = await colleagueWith(
    [
      ...on('team', 'people:see', 'people:edit', 'people:export', 'tasks:see'),
      ...on('organisation', 'fields:content'),
    ],
    north,
    'Planner',
  )
  const seen = await newPerson(ana, 'Onzichtbaar')
  expect((await planner.call('GET', `/api/people/${seen.id}`)).statusCode).toBe(403)
  expect((await planner.call('GET', '/api/people?limit=10')).statusCode).toBe(403)
  const outline = (await planner.call('GET', '/api/people/outline?limit=100')).json().items
  const line = outline.find((one: { id: string }) => one.id === seen.id)
  expect(line).toMatchObject({ stage: 'lead', ownerId: ana.userId, teamId: north })
  expect(Object.keys(line).sort()).toEqual([
    'createdAt',
    'id',
    'ownerId',
    'stage',
    'teamId',
    'updatedAt',
  ])
  expect(outline.some((one: { teamId: string }) => one.teamId === south)).toBe(false)
  await app.query(`begin; select set_config('kluis.session', '${planner.token}', true)`)
  expect((await app.query('select contact_sealed from kluis.person')).rowCount).toBe(0)
  await app.query('rollback')
})

test('without confidential values nothing of them is given out, and nothing is written over them', async () => {
  const cas = await colleagueWith(
    [
      ...on('team', 'people:see', 'people:edit', 'people:reveal'),
      ...on('organisation', 'fields:contact'),
    ],
    north,
    'Zonder',
  )
  const made = (
    await ana.call('POST', '/api/people', {
      givenName: 'Jo',
      familyName: 'Bank',
      ibans: ['BE68539007547034'],
    })
  ).json()
  expect(made.ibans).toHaveLength(1)
  const seen = (await cas.call('GET', `/api/people/${made.id}`)).json()
  expect(seen.ibans).toEqual([])
  expect(
    (await cas.call('POST', `/api/people/${made.id}/reveal`, { reason: 'ik wil het' })).statusCode,
  ).toBe(403)
  const write = { rowVersion: seen.rowVersion, ibans: ['NL91ABNA0417164300'] }
  expect((await cas.call('PATCH', `/api/people/${made.id}`, write)).json().code).toBe('not-allowed')
  // Another field may be changed, and what was not given out is still there.
  const edited = await cas.call('PATCH', `/api/people/${made.id}`, {
    rowVersion: seen.rowVersion,
    familyName: 'Bankier',
  })
  expect(edited.statusCode).toBe(200)
  expect((await ana.call('GET', `/api/people/${made.id}`)).json().ibans).toEqual(made.ibans)
})

test('who may not have account numbers imports customers without them, and is told', async () => {
  const cas = await colleagueWith(
    [
      ...on('team', 'people:see', 'people:create', 'people:edit'),
      ...on('organisation', 'fields:contact', 'imports:run'),
    ],
    north,
    'Invoer',
  )
  const { id } = (
    await ana.call('POST', '/api/people', {
      familyName: 'Staes',
      emails: [{ value: 'jo@staes.example' }],
    })
  ).json()
  const file =
    'Achternaam;E-mail;IBAN\nGoyens;an@goyens.example;BE68539007547034\nStaes;jo@staes.example;BE71096123456769'
  const imported = await kluis.app.http.inject({
    method: 'POST',
    url: '/api/imports?wait=true&duplicates=update',
    cookies: { kluis: cas.token },
    headers: { 'content-type': 'text/csv' },
    payload: file,
  })
  expect(imported.statusCode, imported.body).toBeLessThan(300)
  const { rows } = imported.json() as { rows: { problems: { field: string; problem: string }[] }[] }
  expect(
    rows.map(({ problems }) => problems.map(({ field, problem }) => `${field}:${problem}`)),
  ).toEqual([['iban:iban-not-allowed'], expect.arrayContaining(['iban:iban-not-allowed'])])
  const [line] = (await ana.call('GET', '/api/people?search=Goyens')).json().items
  expect((await ana.call('GET', `/api/people/${line.id}`)).json().ibans).toEqual([])
  expect((await ana.call('GET', `/api/people/${id}`)).json().ibans).toEqual([])
})

test('a share shows a record in lists and search until its moment, and then to nobody, without any job', async () => {
  const cas = await kluis.colleague(ana, 'sales', south)
  const lent = await newPerson(ana, 'Uitgeleend')
  const shared = await ana.call('POST', `/api/people/${lent.id}/shares`, {
    userId: cas.userId,
    until: until(),
  })
  expect(shared.json()).toMatchObject({ userId: cas.userId, mayEdit: false, by: ana.userId })
  expect(await namesSeen(cas)).toContain('Jo Uitgeleend')
  const found = (
    await cas.call('POST', '/api/people/list', { limit: 5, from: 0, search: 'uitgel' })
  ).json()
  expect(found).toMatchObject({ total: 1, items: [{ id: lent.id }] })
  expect(
    (
      await cas.call('PATCH', `/api/people/${lent.id}`, {
        rowVersion: lent.rowVersion,
        stage: 'customer',
      })
    ).statusCode,
  ).toBe(404)
  expect((await cas.call('GET', '/api/shares')).json().withMe).toMatchObject([
    { subject: { id: lent.id }, subjectName: 'Jo Uitgeleend' },
  ])
  const told = (await cas.call('GET', '/api/notifications')).json().items
  expect(told).toMatchObject([{ kind: 'shared', subject: { id: lent.id }, by: ana.userId }])
  // The clock alone ends it.
  await kluis.admin.query(
    `set session_replication_role = replica; update kluis.record_share set created_at = now() - interval '9 days', ends_at = now() - interval '1 second' where user_id = '${cas.userId}'; set session_replication_role = origin`,
  )
  expect((await cas.call('GET', `/api/people/${lent.id}`)).statusCode).toBe(404)
  kluis.app.who.forgetAll()
  expect(await namesSeen(cas)).not.toContain('Jo Uitgeleend')
  expect((await ana.call('GET', `/api/people/${lent.id}/shares`)).json().items).toEqual([])
  expect((await cas.call('GET', '/api/notifications')).json().items).toEqual([])
})

test.each([
  ['yesterday', until(-1), 'past'],
  ['in two years', until(730), 'too-late'],
])('a share does not last until %s', async (_when, day, problem) => {
  const lent = await newPerson(ana, 'Termijn')
  const answer = await ana.call('POST', `/api/people/${lent.id}/shares`, {
    teamId: south,
    until: day,
  })
  expect(answer.json()).toMatchObject({
    code: 'invalid-fields',
    detail: { fields: [{ field: 'until', problem }] },
  })
})

test('shared with a team, a record is seen by who is in it and in the teams above', async () => {
  const top = await kluis.newTeam('Directie')
  await kluis.admin.query(
    `update kluis.team set parent_id = '${top}', row_version = row_version + 1 where id = '${south}'`,
  )
  const [inTeam, above] = [
    await kluis.colleague(ana, 'sales', south),
    await kluis.colleague(ana, 'sales', top),
  ]
  const lent = await newPerson(ana, 'Teamdeling')
  await ana.call('POST', `/api/people/${lent.id}/shares`, {
    teamId: south,
    mayEdit: true,
    until: until(),
  })
  for (const who of [inTeam, above])
    expect((await who.call('GET', `/api/people/${lent.id}`)).statusCode).toBe(200)
  // And those above see what the team itself has; the other way round nothing.
  const [below, up] = [await newPerson(inTeam, 'Onder'), await newPerson(above, 'Boven')]
  expect((await above.call('GET', `/api/people/${below.id}`)).statusCode).toBe(200)
  expect((await inTeam.call('GET', `/api/people/${up.id}`)).statusCode).toBe(404)
})

test('the viewer says of each colleague exactly what their own session sees, and by which rule', async () => {
  const cas = await kluis.colleague(ana, 'sales', south)
  const lent = await newPerson(ana, 'Bekeken')
  await ana.call('POST', `/api/people/${lent.id}/shares`, {
    userId: cas.userId,
    mayEdit: true,
    until: until(),
  })
  await newPerson(cas, 'Van Cas')
  const { rows: all } = await kluis.admin.query(
    `select id from kluis.user_account where status = 'active'`,
  )
  const viewers = (await ana.call('GET', `/api/people/${lent.id}/viewers`)).json().items
  const { rows: sessions } = await kluis.admin.query('select 1')
  expect(sessions).toHaveLength(1)
  for (const caller of [ana, other, cas]) {
    expect(all.map(({ id }) => id)).toContain(caller.userId)
    const seen = new Set<string>()
    await app.query(`begin; select set_config('kluis.session', '${caller.token}', true)`)
    for (const { id } of (await app.query('select id from kluis.person where deleted_at is null'))
      .rows)
      seen.add(id)
    await app.query('rollback')
    const look = (
      await ana.call('GET', `/api/rights/people/${caller.userId}/look?kind=person&limit=200`)
    ).json()
    expect(new Set(look.items.map((one: { id: string }) => one.id))).toEqual(seen)
    const { counts } = (await ana.call('GET', `/api/rights/people/${caller.userId}`)).json()
    const people = counts.find((one: { kind: string }) => one.kind === 'person')
    expect(people.owned + people.ofTeams + people.ofAll + people.shared).toBe(seen.size)
    expect(viewers.some((one: { userId: string }) => one.userId === caller.userId)).toBe(
      seen.has(lent.id),
    )
  }
  expect(viewers).toContainEqual(
    expect.objectContaining({ userId: ana.userId, seesBy: 'owner', editsBy: 'owner' }),
  )
  expect(viewers).toContainEqual(
    expect.objectContaining({ userId: cas.userId, seesBy: 'share', editsBy: 'share' }),
  )
  // Nothing was opened for it, and who has not the right looks at nobody but themselves.
  expect(
    (await kluis.admin.query(`select from kluis.opening where purpose ~ 'look|viewers'`)).rowCount,
  ).toBe(0)
  expect((await cas.call('GET', `/api/rights/people/${ana.userId}`)).statusCode).toBe(404)
  expect(
    (await cas.call('GET', `/api/rights/people/${ana.userId}/look?kind=person`)).statusCode,
  ).toBe(403)
  expect((await cas.call('GET', `/api/rights/people/${cas.userId}`)).statusCode).toBe(200)
})

test('roles are made, renamed and removed, but not while somebody has one', async () => {
  const made = (
    await ana.call('POST', '/api/rights/roles', { name: 'Stage', copyOf: 'support' })
  ).json()
  expect(made.grants.length).toBeGreaterThan(5)
  const renamed = await ana.call('PATCH', `/api/rights/roles/${made.id}`, {
    rowVersion: made.rowVersion,
    name: 'Stagiair',
  })
  expect(renamed.json()).toMatchObject({ name: 'Stagiair', grants: made.grants })
  const stale = await ana.call('PATCH', `/api/rights/roles/${made.id}`, {
    rowVersion: made.rowVersion,
    name: 'X',
  })
  expect(stale.json().code).toBe('changed-meanwhile')
  const unknown = await ana.call('PATCH', `/api/rights/roles/${made.id}`, {
    rowVersion: made.rowVersion + 1,
    grants: on('own', 'people:own'),
  })
  expect(unknown.json().code).toBe('invalid-fields')
  await kluis.colleague(ana, made.id, north)
  expect((await ana.call('DELETE', `/api/rights/roles/${made.id}`)).json().code).toBe('role-in-use')
  const spare = (await ana.call('POST', '/api/rights/roles', { name: 'Over' })).json()
  expect((await ana.call('DELETE', `/api/rights/roles/${spare.id}`)).statusCode).toBe(200)
})

test('a quarterly look confirms or takes away, is kept and in the ledger, and shows when it is overdue', async () => {
  const cas = await kluis.colleague(ana, 'sales', north)
  await ana.call('PATCH', `/api/users/${cas.userId}`, { teamIds: [north, south] })
  const lent = await newPerson(other, 'Te lang')
  const share = (
    await other.call('POST', `/api/people/${lent.id}/shares`, {
      userId: cas.userId,
      until: until(),
    })
  ).json()
  const of = async () =>
    (await ana.call('GET', '/api/rights/reviews'))
      .json()
      .items.find((one: { userId: string }) => one.userId === cas.userId)
  expect(await of()).toMatchObject({ isDue: false, isOverdue: false })
  await kluis.admin.query(
    `update kluis.user_account set rights_reviewed_at = now() - interval '4 months', row_version = row_version + 1 where id = '${cas.userId}'`,
  )
  expect(await of()).toMatchObject({ isOverdue: true })
  const told = (await ana.call('GET', '/api/notifications')).json().items[0]
  expect(told).toMatchObject({ kind: 'reviews-due', count: 1, isRead: false })
  expect((await cas.call('GET', '/api/rights/reviews')).statusCode).toBe(403)
  const done = await ana.call('POST', '/api/rights/reviews', {
    userId: cas.userId,
    roleId: 'sales',
    teamsGone: [south],
    sharesGone: [share.id],
  })
  expect(done.statusCode).toBe(200)
  expect(await of()).toMatchObject({ isDue: false })
  expect((await cas.call('GET', `/api/people/${lent.id}`)).statusCode).toBe(404)
  const past = (await cas.call('GET', `/api/rights/people/${cas.userId}/reviews`)).json().items
  expect(past).toMatchObject([
    {
      by: ana.userId,
      roleAfter: 'sales',
      teamsRemoved: [south],
      sharesRemoved: 1,
      isDisabled: false,
    },
  ])
  const { rows } = await kluis.admin.query(
    `select count(*)::int as told from kluis_ledger.outbox where table_name = 'kluis.access_review' and actor_id = '${ana.userId}'`,
  )
  await kluis.app.ledger.settle()
  expect(rows[0].told).toBe(1)
})

test('what somebody leaves goes to colleagues, all of it or what is left, and the account is closed', async () => {
  const cas = await kluis.colleague(ana, 'sales', north)
  const [dirk, els] = [
    await kluis.colleague(ana, 'sales', north),
    await kluis.colleague(ana, 'sales', north),
  ]
  const people = await Promise.all(
    ['Een', 'Twee', 'Drie', 'Vier'].map((name) => newPerson(cas, name)),
  )
  const theirs = await newPerson(ana, 'Van Ana zelf')
  for (const { id } of [people[0]!, theirs])
    await ana.call('POST', '/api/tasks', {
      subject: { kind: 'person', id },
      title: 'bellen',
      assigneeId: cas.userId,
    })
  const preview = (await ana.call('GET', `/api/users/${cas.userId}/leaving`)).json()
  expect(preview).toMatchObject({ people: 4, companies: 0, tasks: 2 })
  expect((await dirk.call('GET', `/api/users/${cas.userId}/leaving`)).statusCode).toBe(403)
  // Not to somebody who could not work with it, and not to oneself who leaves.
  for (const wrong of [cas.userId, '00000000-0000-4000-8000-000000000001'])
    expect(
      (await ana.call('POST', `/api/users/${cas.userId}/leave`, { receivers: [wrong] })).statusCode,
    ).toBe(404)
  const nobody = '/api/users/00000000-0000-4000-8000-000000000001/leave'
  expect((await ana.call('POST', nobody, { receivers: [dirk.userId] })).statusCode).toBe(404)
  const left = await ana.call('POST', `/api/users/${cas.userId}/leave`, {
    receivers: [dirk.userId, els.userId],
  })
  expect(left.json()).toEqual({ left: 0 })
  const { rows } = await kluis.admin.query(
    `select owner_id, count(*)::int as n from kluis.person where id = any ($1) group by 1`,
    [people.map(({ id }) => id)],
  )
  expect(rows.map(({ owner_id, n }) => [owner_id, n]).sort()).toEqual(
    [
      [dirk.userId, 2],
      [els.userId, 2],
    ].sort(),
  )
  const { rows: tasks } = await kluis.admin.query(
    `select t.assignee_id = coalesce(p.owner_id, t.assignee_id) as is_owners from kluis.task t join kluis.person p on p.id = t.person_id where p.id = any ($1)`,
    [[people[0]!.id, theirs.id]],
  )
  expect(tasks).toEqual([{ is_owners: true }, { is_owners: true }])
  expect((await cas.call('GET', '/api/session')).statusCode).toBe(401)
})

test('which permissions somebody uses is kept by the day; one that nobody with a role used in 90 days is proposed to go', async () => {
  const cas = await kluis.colleague(ana, 'support', north)
  await cas.call('GET', '/api/people?limit=1')
  const used = async () =>
    (
      await kluis.admin.query(
        `select permission, last_on = current_date as today from kluis.right_use where user_id = '${cas.userId}'`,
      )
    ).rows
  await expect.poll(used).toContainEqual({ permission: 'people:see', today: true })
  const unused = async () =>
    (await ana.call('GET', '/api/rights/roles'))
      .json()
      .items.find((one: { id: string }) => one.id === 'support').unused
  expect(await unused()).toEqual([])
  // Half a year later.
  await kluis.admin.query(`set session_replication_role = replica;
    update kluis.role set created_at = now() - interval '200 days'; update kluis.role_permission set created_at = now() - interval '200 days';
    update kluis.user_account set created_at = now() - interval '200 days'; set session_replication_role = origin`)
  expect(await unused()).toContain('tasks:edit')
  expect(await unused()).not.toContain('people:see')
  expect(await unused()).not.toContain('fields:contact')
})

test('every permission has its place among what a role may do, and a name', () => {
  const scoped = Object.entries(matrix).flatMap(([object, actions]) =>
    actions.map((action) => `${object}:${action}`),
  )
  expect([...scoped, ...fieldClasses, ...administration].sort()).toEqual([...permissions].sort())
  for (const one of administration) expect(rightsWords).toHaveProperty([`may.${one}`])
})
