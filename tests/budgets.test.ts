import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Hidden } from '#platform/hidden.ts'
import { openMail } from '#platform/mail.ts'
import { proposalOf } from '#security/budgets/habits.ts'
import { freezeVerbs } from '#security/budgets/verbs.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'
import { openMailbox } from './support/mailbox.ts'

let kluis: TestKluis
let mailbox: Awaited<ReturnType<typeof openMailbox>>
let ana: Caller
let manager: Caller
let officer: Caller
let sales: Caller
let personId: string

beforeAll(async () => {
  mailbox = await openMailbox()
  const url = new Hidden(new URL(`smtp://127.0.0.1:${mailbox.port}`))
  kluis = await openTestKluis({ mail: openMail({ url, from: 'kluis@bureau.example' }) })
  ana = await kluis.setUp('everyone')
  manager = await kluis.colleague(ana, 'manager', ana.teamId)
  officer = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
  personId = (await ana.call('POST', '/api/people', { familyName: 'Zichtbaar' })).json().id
}, 60_000)
afterAll(async () => {
  await kluis.close()
  await mailbox.close()
})
beforeEach(async () => {
  sales = await kluis.colleague(ana, 'sales', ana.teamId)
})

const freezeByHand = async (by: Caller, whom: Caller) =>
  by.call('POST', '/api/freezes', { userId: whom.userId, reason: 'telefoon gestolen' })
const own = async (caller: Caller) => (await caller.call('GET', '/api/budgets/own')).json()
const alarmsOf = async (by: Caller, whom: Caller) =>
  (await by.call('GET', '/api/alarms'))
    .json()
    .items.filter((one: { userId: string }) => one.userId === whom.userId)

test('a colleague who is frozen by hand sees no customer from the next request on, in no session', async () => {
  const second = await kluis.signInAgain(sales)
  expect((await second.call('GET', `/api/people/${personId}`)).statusCode).toBe(200)
  expect((await freezeByHand(manager, sales)).statusCode).toBe(201)
  for (const session of [sales, second])
    for (const [method, url] of [
      ['GET', '/api/people'],
      ['GET', `/api/people/${personId}`],
      ['POST', '/api/people/list'],
      ['GET', '/api/companies'],
      ['GET', '/api/activity'],
      ['GET', '/api/notifications'],
      ['GET', '/api/tasks'],
      ['POST', '/api/people'],
    ] as const) {
      const answer = await session.call(method, url, method === 'POST' ? {} : undefined)
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 403, 'frozen'])
    }
  // In PostgreSQL, whatever the program believes.
  const rows = await kluis.admin.query(
    `begin; select set_config('kluis.session', '${sales.token}', true); set local role kluis_app;
     select id from kluis.person union all select id from kluis.company; rollback`,
  )
  expect((rows as unknown as { rows: unknown[] }[])[3]!.rows).toEqual([])
})

test('a freeze by hand and its end are told to others who look at alarms, not to who did it', async () => {
  const alarmsTold = async (whom: Caller, by: Caller) =>
    (await whom.call('GET', '/api/notifications'))
      .json()
      .items.filter(
        (one: { kind: string; by: string }) => one.kind === 'alarm' && one.by === by.userId,
      ).length
  const before = [await alarmsTold(ana, manager), await alarmsTold(officer, manager)]
  const { id, rowVersion } = (await freezeByHand(manager, sales)).json()
  expect(await alarmsOf(ana, sales)).toMatchObject([{ kind: 'frozen-by-hand', reviewedAt: null }])
  await manager.call('POST', `/api/freezes/${id}/lift`, { reason: 'terug', rowVersion })
  expect((await alarmsOf(ana, sales)).map(({ kind }: { kind: string }) => kind).sort()).toEqual([
    'frozen-by-hand',
    'let-go',
  ])
  expect([await alarmsTold(ana, manager), await alarmsTold(officer, manager)]).toEqual(
    before.map((count) => count + 2),
  )
  expect(await alarmsTold(manager, manager)).toBe(0)
})

test('what the operator of the machine opens in a name takes nothing of its budget, and alarms once above the hard limit', async () => {
  const hardOf = (hard: number) =>
    kluis.admin.query(
      `update kluis.budget set hour_soft = $1, day_soft = $1, hour_hard = $1, day_hard = $1, row_version = row_version + 1 where role_id = 'support' and kind = 'exported'`,
      [hard],
    )
  const support = await kluis.colleague(ana, 'support', ana.teamId)
  await hardOf(1)
  const { token } = await kluis.app.signIn.openOperatorSession(support.email, 'proef', new Date())
  const ids = [personId]
  for (let i = 0; i < 2; i++)
    ids.push((await ana.call('POST', '/api/people', { familyName: `Bediend ${i}` })).json().id)
  const open = (some: string[]) =>
    kluis.app.vault.open(kluis.app.db.reader(token), {
      table: 'person',
      sealedClass: 'contact',
      ids: some,
      purpose: 'export',
      record: 'export',
    })
  expect((await open(ids.slice(0, 1))).size).toBe(1)
  expect(await alarmsOf(ana, support)).toEqual([])
  for (let i = 0; i < 2; i++) expect((await open(ids)).size).toBe(3)
  expect(await alarmsOf(ana, support)).toMatchObject([
    { kind: 'by-operator', budgetKind: 'exported' },
  ])
  for (const one of (await own(support)).used) expect(one).toMatchObject({ inHour: 0, inDay: 0 })
  await hardOf(1000)
})

test('whoever is frozen still reads who can help, and signs out', async () => {
  await freezeByHand(manager, sales)
  const use = await own(sales)
  expect(use.frozen).toMatchObject({ why: 'by-hand', by: manager.userId })
  expect(use.lifters).toEqual(expect.arrayContaining([ana.userId, manager.userId]))
  expect((await sales.call('GET', '/api/session')).statusCode).toBe(200)
  expect((await sales.call('POST', '/api/sign-out')).statusCode).toBe(200)
})

test('only somebody else who manages budgets lets a colleague go, with a reason that is kept sealed', async () => {
  await freezeByHand(ana, manager)
  const [frozen] = (await ana.call('GET', '/api/freezes')).json().items
  const lift = { reason: 'gebeld en herkend', rowVersion: frozen.rowVersion }
  expect((await manager.call('POST', `/api/freezes/${frozen.id}/lift`, lift)).json().code).toBe(
    'frozen',
  )
  expect((await sales.call('POST', `/api/freezes/${frozen.id}/lift`, lift)).statusCode).toBe(403)
  const lifted = await ana.call('POST', `/api/freezes/${frozen.id}/lift`, lift)
  expect(lifted.json()).toMatchObject({
    reason: 'telefoon gestolen',
    liftReason: 'gebeld en herkend',
    liftedBy: ana.userId,
  })
  expect((await manager.call('GET', '/api/people')).statusCode).toBe(200)
  const stored = await kluis.admin.query(
    'select content_sealed::text as sealed from kluis.freeze where id = $1',
    [frozen.id],
  )
  expect(Buffer.from(stored.rows[0].sealed.slice(2), 'hex').toString()).not.toContain('gebeld')
  // PostgreSQL itself refuses one's own.
  await kluis.admin.query(
    `insert into kluis.freeze (user_id, why) values ('${manager.userId}', 'by-hand')`,
  )
  const own = await kluis.admin.query(
    `begin; select set_config('kluis.session', '${manager.token}', true); set local role kluis_app;
     update kluis.freeze set lifted_at = now(), row_version = row_version + 1 where user_id = '${manager.userId}' and lifted_at is null returning id; rollback`,
  )
  expect((own as unknown as { rows: unknown[] }[])[3]!.rows).toEqual([])
  await kluis.admin.query(
    `update kluis.freeze set lifted_at = now(), row_version = row_version + 1 where lifted_at is null`,
  )
})

test('the operator of the machine lets the last administrator in again', async () => {
  const verbs = freezeVerbs({ signIn: kluis.app.signIn, freezes: kluis.app.freezes })
  const args = { email: sales.email, reason: 'proef' }
  const ask = (name: string, given: object = args) =>
    verbs[name]!(
      { ...given },
      () => {},
      async () => {},
    )
  expect((await ask('freeze')).result).toMatchObject({ isChanged: true })
  expect((await sales.call('GET', '/api/people')).json().code).toBe('frozen')
  expect((await ask('unfreeze')).result).toMatchObject({ isChanged: true })
  expect((await sales.call('GET', '/api/people')).statusCode).toBe(200)
  expect((await ask('freeze', { ...args, email: 'niemand@bureau.example' })).exitCode).toBe(1)
})

test('over the soft limit one is asked to step up, and nothing is shown or counted', async () => {
  const limits = await kluis.admin.query(
    `update kluis.budget set hour_soft = 1, day_soft = 1, row_version = row_version + 1 where role_id = 'sales' and kind = 'opened' returning id`,
  )
  expect(limits.rowCount).toBe(1)
  const other = (await ana.call('POST', '/api/people', { familyName: 'Verborgen' })).json().id
  expect((await sales.call('GET', `/api/people/${personId}`)).statusCode).toBe(200)
  const refused = await sales.call('GET', `/api/people/${other}`)
  expect(refused.json()).toMatchObject({
    code: 'step-up-needed',
    detail: { operation: 'more-dossiers' },
  })
  expect(refused.body).not.toContain('Verborgen')
  const use = await own(sales)
  expect(use.used.find((one: { kind: string }) => one.kind === 'opened')).toMatchObject({
    inDay: 1,
  })
  await kluis.admin.query(
    `update kluis.budget set hour_soft = 100, day_soft = 250, row_version = row_version + 1 where role_id = 'sales' and kind = 'opened'`,
  )
})

test('a limit is changed by whoever manages budgets, keeps its order, and stands in the ledger', async () => {
  const { items } = (await manager.call('GET', '/api/budgets')).json()
  const budget = items.find(
    (one: { roleId: string; kind: string }) => one.roleId === 'support' && one.kind === 'opened',
  )
  const { rowVersion } = budget
  const refused = await manager.call('PATCH', `/api/budgets/${budget.id}`, {
    hourSoft: 9000,
    rowVersion,
  })
  expect(refused.statusCode).toBe(422)
  const changed = await manager.call('PATCH', `/api/budgets/${budget.id}`, {
    hourSoft: 7,
    rowVersion,
  })
  expect(changed.json()).toMatchObject({ hourSoft: 7, rowVersion: rowVersion + 1 })
  const again = await manager.call('PATCH', `/api/budgets/${budget.id}`, {
    hourSoft: 8,
    rowVersion,
  })
  expect(again.json().code).toBe('changed-meanwhile')
  expect(
    (await sales.call('PATCH', `/api/budgets/${budget.id}`, { hourSoft: 8, rowVersion }))
      .statusCode,
  ).toBe(403)
  const leaf = await kluis.admin.query(
    `select actor_id from kluis_ledger.outbox where table_name = 'kluis.budget' and row_id = $1 and action = 'update'
     order by id desc limit 1`,
    [budget.id],
  )
  expect(leaf.rows[0].actor_id).toBe(manager.userId)
})

async function plant(): Promise<string> {
  const made = await ana.call('POST', '/api/canaries', { count: 1, mailDomain: 'bureau.example' })
  expect(made.statusCode).toBe(201)
  const { items } = made.json()
  expect(items[0].name).toMatch(/^\S+ \S+/)
  return items[0].id
}

test('a canary that stands in a list or a search in passing alarms nobody', async () => {
  const id = await plant()
  const { items } = (await sales.call('GET', '/api/people?limit=100')).json()
  const line = items.find((one: { id: string }) => one.id === id)
  expect(line).toBeDefined()
  await sales.call('GET', `/api/people?search=${encodeURIComponent(line.familyName)}`)
  expect(await alarmsOf(ana, sales)).toEqual([])
})

test('opening a canary alarms administrators and the privacy officer at once, by mail too', async () => {
  const id = await plant()
  mailbox.mails.length = 0
  expect((await sales.call('GET', `/api/people/${id}`)).statusCode).toBe(200)
  await kluis.app.sendAlarms()
  expect(await alarmsOf(ana, sales)).toMatchObject([
    { kind: 'canary-opened', canaryIds: [id], reviewedAt: null },
  ])
  // Which record it is stays with whoever plants them.
  expect(await alarmsOf(officer, sales)).toMatchObject([{ kind: 'canary-opened', canaryIds: [] }])
  const told = (await officer.call('GET', '/api/notifications')).json().items
  expect(told[0]).toMatchObject({ kind: 'alarm', by: sales.userId, subject: null })
  expect(mailbox.mails.flatMap(({ to }) => to)).toEqual(
    expect.arrayContaining([ana.email, officer.email]),
  )
  expect(mailbox.mails.flatMap(({ to }) => to)).not.toContain(sales.email)
  for (const { text } of mailbox.mails) expect(text).not.toContain(id)
  // Mailed once, and not with the next round.
  mailbox.mails.length = 0
  await kluis.app.sendAlarms()
  expect(mailbox.mails).toEqual([])
})

test.each([
  ['its notes and tasks', 'GET', (id: string) => `/api/people/${id}/timeline`],
  ['an edit', 'PATCH', (id: string) => `/api/people/${id}`],
] as const)('walking ids to %s of a canary alarms as opening it does', async (_, method, url) => {
  const id = await plant()
  await sales.call(
    method,
    url(id),
    method === 'PATCH' ? { rowVersion: 1, language: 'fr' } : undefined,
  )
  expect(await alarmsOf(ana, sales)).toHaveLength(1)
})

test('an export that holds a canary is told of as an export', async () => {
  await plant()
  const exported = await manager.call('GET', '/api/people/export.csv')
  expect([exported.statusCode, exported.body]).toEqual([200, expect.any(String)])
  expect((await alarmsOf(ana, manager)).map(({ kind }: { kind: string }) => kind)).toContain(
    'canary-exported',
  )
})

test('where the organisation chose so, whoever opens a canary is frozen before they read it', async () => {
  const id = await plant()
  await kluis.admin.query(
    `update kluis.budget set freezes_on_canary = true, row_version = row_version + 1 where role_id = 'sales' and kind = 'opened'`,
  )
  const refused = await sales.call('GET', `/api/people/${id}`)
  expect(refused.json().code).toBe('frozen')
  expect((await sales.call('GET', `/api/people/${personId}`)).json().code).toBe('frozen')
  await kluis.admin.query(
    `update kluis.budget set freezes_on_canary = false, row_version = row_version + 1 where role_id = 'sales' and kind = 'opened'`,
  )
})

test('nothing in the database tells a canary from another record', async () => {
  const id = await plant()
  const other = (
    await ana.call('POST', '/api/people', {
      familyName: 'Gewoon',
      emails: [{ value: 'gewoon@bureau.example' }],
    })
  ).json().id
  const rows = await kluis.admin.query(
    `select id, owner_id, team_id, confidential_sealed is null as plain, row_version from kluis.person where id = any ($1)`,
    [[id, other]],
  )
  const [a, b] = rows.rows.map(({ id: _, ...rest }) => rest)
  expect(a).toEqual(b)
  // Neither its id nor a token of it stands anywhere but where every record's does.
  const columns = await kluis.admin.query(
    `select format('%I.%I', table_schema, table_name) as name, quote_ident(column_name) as col
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema like 'kluis%' and table_type = 'BASE TABLE' and udt_name in ('uuid', '_uuid') order by 1, 2`,
  )
  const named = async (one: string) => {
    const found: string[] = []
    for (const { name, col } of columns.rows) {
      const { rows } = await kluis.admin.query(
        `select count(*)::int as n from ${name} where ${col}::text like '%${one}%'`,
      )
      if (rows[0].n > 0) found.push(`${name} ${col} ${rows[0].n}`)
    }
    return found
  }
  expect(await named(id)).toEqual(await named(other))
  expect((await sales.call('GET', '/api/canaries')).statusCode).toBe(403)
})

test('an alarm is looked at by somebody else, once, with an outcome that stays', async () => {
  const id = await plant()
  await officer.call('GET', `/api/people/${id}`)
  const [alarm] = await alarmsOf(ana, officer)
  const review = { outcome: 'mistake', note: 'zocht Peeters', rowVersion: alarm.rowVersion }
  expect((await officer.call('POST', `/api/alarms/${alarm.id}/review`, review)).statusCode).toBe(
    403,
  )
  expect((await ana.call('POST', `/api/alarms/${alarm.id}/review`, review)).json()).toMatchObject({
    outcome: 'mistake',
    note: 'zocht Peeters',
    reviewedBy: ana.userId,
  })
  expect((await manager.call('POST', `/api/alarms/${alarm.id}/review`, review)).json().code).toBe(
    'already-done',
  )
})

test('a canary that is retired stands in the trash, and retiring it alarms nobody', async () => {
  const id = await plant()
  const before = (await alarmsOf(manager, ana)).length
  const { items } = (await ana.call('DELETE', `/api/canaries/${id}`)).json()
  expect(items.find((one: { id: string }) => one.id === id)).toMatchObject({ isRetired: true })
  expect((await alarmsOf(manager, ana)).length).toBe(before)
  // What is no canary is not removed by this address.
  expect((await ana.call('DELETE', `/api/canaries/${personId}`)).statusCode).toBe(404)
})

test('limits are proposed after two weeks of counting, and never set by themselves', async () => {
  const early = (await ana.call('GET', '/api/budgets/habits')).json()
  expect(early.roles.every((one: { proposal: unknown }) => one.proposal === null)).toBe(true)
  for (let day = 1; day <= 20; day++)
    await kluis.admin.query(
      `insert into kluis.budget_use (user_id, kind, quarter, counted)
       select $1, 'revealed', date_trunc('day', now()) - make_interval(days => $2) + make_interval(hours => 8 + h), 12 from generate_series(0, 2) h`,
      [sales.userId, day],
    )
  const { roles, people } = (await ana.call('GET', '/api/budgets/habits')).json()
  const ofSales = roles.find(
    (one: { budget: { roleId: string; kind: string } }) =>
      one.budget.roleId === 'sales' && one.budget.kind === 'revealed',
  )
  expect(ofSales).toMatchObject({
    days: 20,
    hour: { high: 12 },
    day: { high: 36 },
    budget: { hourSoft: 15, dayHard: 80 },
    proposal: { hourSoft: 20, daySoft: 60, hourHard: 40, dayHard: 150 },
  })
  expect(people).toContainEqual(
    expect.objectContaining({ userId: sales.userId, kind: 'revealed', days: 20 }),
  )
  const accepted = await ana.call('PATCH', `/api/budgets/${ofSales.budget.id}`, {
    ...ofSales.proposal,
    rowVersion: ofSales.budget.rowVersion,
  })
  expect(accepted.json()).toMatchObject(ofSales.proposal)
  expect(
    proposalOf(accepted.json(), { hour_high: 12, hour_most: 12, day_high: 36, day_most: 36 }),
  ).toBeNull()
})

test('after a step-up the session goes on to the hard limit', async () => {
  const raise = await kluis.send('POST', '/api/budgets/own/more', {}, { kluis: sales.token })
  expect(raise.json()).toMatchObject({
    code: 'step-up-needed',
    detail: { operation: 'more-dossiers', request: expect.any(String) },
  })
  await kluis.admin.query(
    `update kluis.budget set hour_soft = 1, day_soft = 1, row_version = row_version + 1 where role_id = 'sales' and kind = 'opened'`,
  )
  expect((await sales.call('GET', `/api/people/${personId}`)).statusCode).toBe(200)
  const other = (await ana.call('POST', '/api/people', { familyName: 'Verderop' })).json().id
  expect((await sales.call('GET', `/api/people/${other}`)).json().code).toBe('step-up-needed')
  expect((await sales.call('POST', '/api/budgets/own/more')).statusCode).toBe(200)
  expect((await sales.call('GET', `/api/people/${other}`)).statusCode).toBe(200)
  await kluis.admin.query(
    `update kluis.budget set hour_soft = 100, day_soft = 250, row_version = row_version + 1 where role_id = 'sales' and kind = 'opened'`,
  )
})
