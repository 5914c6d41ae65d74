import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

// The attacker is a colleague who sees the customer, and whose role does not see the field; then who writes any cell.
let kluis: TestKluis
let ana: Caller
let manager: Caller
let sales: Caller
let app: pg.Client
let ids: Record<'secret' | 'open' | 'firmSecret' | 'person' | 'other' | 'firm', string>

const VALUE = 'Kwikzilverdossier 99'
const both = (text: string) => ({ nl: text, en: text })

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  manager = await kluis.colleague(ana, 'manager', ana.teamId)
  sales = await kluis.colleague(ana, 'sales', ana.teamId)
  const field = async (given: object) => {
    const answer = await ana.call('POST', '/api/fields', {
      kind: 'text',
      sensitivity: 'confidential',
      search: 'exact',
      recordKind: 'person',
      ...given,
    })
    expect(answer.statusCode, answer.body).toBe(201)
    return answer.json().id as string
  }
  const secret = await field({ label: both('Geheim'), roles: ['manager'] })
  const open = await field({ label: both('Voor allen') })
  const firmSecret = await field({
    label: both('Firmageheim'),
    roles: ['manager'],
    recordKind: 'company',
  })
  const make = async (path: string, given: object) => {
    const answer = await manager.call('POST', `/api/${path}`, given)
    expect(answer.statusCode, answer.body).toBe(201)
    return answer.json().id as string
  }
  ids = {
    secret,
    open,
    firmSecret,
    person: await make('people', {
      familyName: 'Doelwit',
      custom: { [secret]: VALUE, [open]: 'gewoon' },
    }),
    other: await make('people', { familyName: 'Ander', custom: { [secret]: 'iets anders' } }),
    firm: await make('companies', { name: 'Doel BV', custom: { [firmSecret]: VALUE } }),
  }
  app = new pg.Client({ ...inject('postgres'), user: 'kluis_app', database: kluis.databaseName })
  await app.connect()
})
afterAll(async () => {
  await app.end()
  await kluis.close()
})

const exact = (field: string, value: string) => ({
  filter: { field: `custom.${field}`, operator: 'is', values: [value] },
})
const see = async (by: Caller) => (await by.call('GET', `/api/people/${ids.person}`)).json()

/** Any SQL as the app, under somebody's session; what it gave, or why it was refused. */
async function asApp(by: Caller, text: string): Promise<number | string> {
  await app.query('begin')
  await app.query(`select set_config('kluis.session', $1, true)`, [by.token])
  const result = await app.query(text).catch((error: Error) => error.message)
  await app.query('rollback')
  return typeof result === 'string' ? result : (result.rowCount ?? 0)
}

test('that a confidential value changed is told to the roles of its field and to nobody else, and never what it is', async () => {
  const made = await manager.call('POST', '/api/people', {
    familyName: 'Stil',
    custom: { [ids.secret]: 'eerst' },
  })
  const { id } = made.json()
  const lines = async (by: Caller) =>
    (await by.call('GET', `/api/people/${id}/timeline?kind=change`)).json().items as {
      kind: string
      what?: string[]
      createdBy: string
    }[]
  // That it came with the record is no change.
  expect((await lines(manager)).map(({ kind }) => kind)).toEqual(['created'])
  const second = await kluis.colleague(ana, 'manager', ana.teamId)
  for (const by of [second, sales]) await by.call('POST', `/api/people/${id}/follow`)
  const unread = async (by: Caller) =>
    (await by.call('GET', '/api/notifications/unread')).json().unread
  for (const [rowVersion, value] of [
    [1, 'nogal geheim'],
    [2, null],
  ] as const) {
    const changed = await manager.call('PATCH', `/api/people/${id}`, {
      rowVersion,
      custom: { [ids.secret]: value },
    })
    expect(changed.statusCode, changed.body).toBe(200)
  }
  const line = { what: [`custom.${ids.secret}`], createdBy: manager.userId }
  expect(await lines(second)).toMatchObject([line, line, { kind: 'created' }])
  expect((await lines(sales)).map(({ kind }) => kind)).toEqual(['created'])
  expect([await unread(second), await unread(sales)]).toEqual([1, 0])
  expect((await second.call('GET', `/api/people/${id}/timeline`)).body).not.toContain('geheim')
  const seen = `select from kluis.record_change where person_id = '${id}'`
  expect([await asApp(second, seen), await asApp(sales, seen)]).toEqual([2, 0])

  await manager.call('PATCH', `/api/people/${id}`, { rowVersion: 3, custom: { [ids.open]: 'x' } })
  expect(await lines(sales)).toMatchObject([{ what: [`custom.${ids.open}`] }, { kind: 'created' }])
  expect(await unread(sales)).toBe(1)
})

test('a role of the field sees that there is a value, and what it is with a reason that is kept', async () => {
  expect((await see(manager)).confidential).toEqual({ [ids.secret]: '••••', [ids.open]: '••••' })
  const revealed = await manager.call('POST', `/api/people/${ids.person}/reveal`, {
    reason: 'nazicht',
  })
  expect(revealed.json().confidential).toEqual({ [ids.secret]: VALUE, [ids.open]: 'gewoon' })
  const firm = await manager.call('POST', `/api/companies/${ids.firm}/reveal`, {
    reason: 'nazicht firma',
  })
  expect(firm.json()).toEqual({ confidential: { [ids.firmSecret]: VALUE }, customNames: {} })
  const openings = (await manager.call('GET', `/api/companies/${ids.firm}/openings`)).json()
  expect(openings.reveals.map((one: { reason: string }) => one.reason)).toEqual(['nazicht firma'])
  expect(openings.items.map((one: { kind: string }) => one.kind)).toContain('reveal')
})

test('a role without the field meets neither the value, its mask, its name nor that there is one', async () => {
  const answers = await Promise.all([
    sales.call('GET', `/api/people/${ids.person}`),
    sales.call('POST', '/api/people/list', {}),
    sales.call('GET', '/api/fields'),
    sales.call('GET', '/api/people/fields'),
    sales.call('POST', `/api/people/${ids.person}/reveal`, { reason: 'nieuwsgierig' }),
    sales.call('POST', `/api/companies/${ids.firm}/reveal`, { reason: 'nieuwsgierig' }),
    sales.call('GET', `/api/companies/${ids.firm}`),
    sales.call('POST', '/api/people/merges/preview', {
      keptId: ids.person,
      otherId: ids.other,
      choices: {},
    }),
  ])
  for (const answer of answers) {
    expect(answer.statusCode, answer.body).toBe(200)
    for (const word of [VALUE, ids.secret, ids.firmSecret, 'Geheim'])
      expect(answer.body.includes(word), `${word} in ${answer.body}`).toBe(false)
  }
  expect((await see(sales)).confidential).toEqual({ [ids.open]: '••••' })
})

test('a role without the field can not filter, sort, group or guess by it, and is told what it is told of a field that is not', async () => {
  const missing = crypto.randomUUID()
  for (const question of [
    (id: string) => ['/api/people/list', exact(id, VALUE)],
    (id: string) => ['/api/people/list', { sort: `custom.${id}` }],
    (id: string) => ['/api/people/groups', { by: `custom.${id}` }],
    (id: string) => ['/api/people', { familyName: 'X', custom: { [id]: 'x' } }],
    (id: string) => [
      '/api/people/bulk',
      { ids: [ids.person], change: { kind: 'custom', fieldId: id, value: 'x' } },
    ],
    (id: string) => [
      '/api/people/cells',
      { rows: [{ id: ids.person, rowVersion: 1, cells: { [`custom.${id}`]: 'x' } }] },
    ],
  ] as ((id: string) => [string, object])[]) {
    const [foreign, none] = await Promise.all(
      [ids.secret, missing].map(async (id) => {
        const answer = await sales.call('POST', ...question(id))
        return [answer.statusCode, answer.body.replaceAll(id, 'ID')]
      }),
    )
    expect(foreign).toEqual(none)
  }
  // Those of the field find it by the whole value, however it is written, and by no part of it.
  const found = async (by: Caller, value: string) =>
    (await by.call('POST', '/api/people/list', exact(ids.secret, value)))
      .json()
      .items?.map((one: { id: string }) => one.id)
  expect(await found(manager, VALUE.toUpperCase())).toEqual([ids.person])
  expect(await found(manager, VALUE.slice(0, -1))).toEqual([])
  expect((await manager.call('POST', '/api/people/list', { search: VALUE })).json().items).toEqual(
    [],
  )
})

test('who may not reveal can not find out by guessing', async () => {
  const support = await kluis.colleague(ana, 'support', ana.teamId)
  const answer = await support.call('POST', '/api/people/list', exact(ids.open, 'gewoon'))
  expect(answer.json().code).toBe('invalid-fields')
  expect(
    (await support.call('POST', `/api/people/${ids.person}/reveal`, { reason: 'x' })).statusCode,
  ).toBe(403)
  expect(
    (await sales.call('POST', '/api/people/list', exact(ids.open, 'gewoon'))).json().total,
  ).toBe(1)
})

test('a role without the field can not write it, nor overwrite it unseen', async () => {
  for (const value of ['gestolen', null]) {
    const answer = await sales.call('PATCH', `/api/people/${ids.person}`, {
      rowVersion: 1,
      custom: { [ids.secret]: value },
    })
    expect([answer.statusCode, answer.json().detail.fields]).toEqual([
      422,
      [{ field: `custom.${ids.secret}`, problem: 'unknown' }],
    ])
  }
  const changed = await sales.call('PATCH', `/api/people/${ids.person}`, {
    rowVersion: 1,
    company: 'Elders',
  })
  expect(changed.statusCode).toBe(200)
  expect(
    (await manager.call('POST', `/api/people/${ids.person}/reveal`, { reason: 'na' })).json()
      .confidential[ids.secret],
  ).toBe(VALUE)
})

test('with any SQL as the app PostgreSQL gives a role only its own fields, and nobody another field or record', async () => {
  const of = `from kluis.confidential_value where field_id = '${ids.secret}'`
  expect(await asApp(manager, `select ${of}`)).toBe(2)
  expect(await asApp(sales, `select ${of}`)).toBe(0)
  expect(await asApp(sales, `delete ${of}`)).toBe(0)
  expect(
    await asApp(
      sales,
      `update kluis.confidential_value set confidential_sealed = confidential_sealed, row_version = row_version + 1 where field_id = '${ids.secret}'`,
    ),
  ).toBe(0)
  expect(
    await asApp(
      sales,
      `insert into kluis.confidential_value (field_id, person_id, confidential_sealed) select '${ids.secret}', '${ids.other}', confidential_sealed from kluis.confidential_value`,
    ),
  ).toMatch(/row-level security/)
  expect(await asApp(sales, `select from kluis.field_definition where id = '${ids.secret}'`)).toBe(
    0,
  )
  expect(await asApp(sales, 'select from kluis.field_role')).toBe(0)
  expect(await asApp(sales, `delete from kluis.field_role where field_id = '${ids.secret}'`)).toBe(
    0,
  )
  for (const change of [
    `update kluis.confidential_value set field_id = '${ids.open}', row_version = row_version + 1`,
    `update kluis.confidential_value set person_id = '${ids.other}', row_version = row_version + 1`,
    `update kluis.field_definition set sensitivity = 'contact', row_version = row_version + 1`,
    `update kluis.field_definition set kind = 'text', row_version = row_version + 1`,
  ])
    for (const by of [manager, ana]) expect(await asApp(by, change)).toMatch(/permission denied/)
  expect(await asApp(manager, `select from kluis.role_fields('person') where 'x' = 'x'`)).toBe(1)
})

test.each([
  [
    'under another field',
    () =>
      `update kluis.confidential_value set field_id = '${ids.open}' where person_id = '${ids.person}' and field_id = '${ids.secret}'`,
  ],
  [
    'at another person',
    () =>
      `delete from kluis.confidential_value where person_id = '${ids.person}'; update kluis.confidential_value set person_id = '${ids.person}' where person_id = '${ids.other}'`,
  ],
  [
    'copied from another row',
    () =>
      `update kluis.confidential_value set confidential_sealed = (select confidential_sealed from kluis.confidential_value where person_id = '${ids.other}') where person_id = '${ids.person}'`,
  ],
])(
  'a confidential value put %s by an administrator does not open, and the ledger names it',
  async (_what, change) => {
    await kluis.app.ledger.settle()
    await kluis.admin.query(`create table public.kept as select * from kluis.confidential_value;
    alter table kluis.confidential_value disable trigger user;
    delete from kluis.confidential_value where field_id = '${ids.open}'`)
    await kluis.admin.query(change())
    try {
      const answer = await ana.call('POST', `/api/people/${ids.person}/reveal`, {
        reason: 'aanval',
      })
      const asManager = await manager.call('POST', `/api/people/${ids.person}/reveal`, {
        reason: 'aanval',
      })
      expect([answer, asManager].map((one) => one.json().code)).toContain('record-damaged')
      for (const one of [answer, asManager]) expect(one.body).not.toContain(VALUE)
      const { findings } = await kluis.app.ledger.verify()
      expect(findings.map((one: { table?: string }) => one.table)).toContain(
        'kluis.confidential_value',
      )
    } finally {
      await kluis.admin.query(`delete from kluis.confidential_value;
      insert into kluis.confidential_value select * from public.kept;
      alter table kluis.confidential_value enable trigger user; drop table public.kept`)
    }
  },
)

test("where records are their owner's only, a colleague of the same role and team sees no value of them", async () => {
  await kluis.reach('own')
  const second = await kluis.colleague(ana, 'manager', ana.teamId)
  kluis.app.who.forgetAll()
  const of = 'select from kluis.confidential_value'
  expect(await asApp(manager, of)).toBeGreaterThan(0)
  expect(await asApp(second, of)).toBe(0)
  expect(
    (await second.call('POST', '/api/people/list', exact(ids.secret, VALUE))).json().items,
  ).toEqual([])
  expect(
    (await second.call('POST', `/api/people/${ids.person}/reveal`, { reason: 'x' })).statusCode,
  ).toBe(404)
  await kluis.reach('team')
})

test('a field is kept as it was made: changed past the program it is there for nobody', async () => {
  const fields = async () =>
    (await manager.call('GET', '/api/fields')).json().items.map((one: { id: string }) => one.id)
  expect(await fields()).toContain(ids.open)
  for (const change of [`sensitivity = 'contact'`, `kind = 'link'`, `search = 'none'`]) {
    const [column] = change.split(' ')
    const { rows } = await kluis.admin.query(
      `select ${column} as was from kluis.field_definition where id = $1`,
      [ids.open],
    )
    const set = (value: string) =>
      kluis.admin.query(
        `update kluis.field_definition set ${value}, row_version = row_version + 1 where id = $1`,
        [ids.open],
      )
    await set(change)
    expect(await fields(), change).not.toContain(ids.open)
    expect(Object.keys((await see(manager)).custom)).not.toContain(ids.open)
    const written = await manager.call('PATCH', `/api/people/${ids.person}`, {
      rowVersion: (await see(manager)).rowVersion,
      custom: { [ids.open]: 'nieuw' },
    })
    expect(written.json().code, change).toBe('invalid-fields')
    await set(`${column} = '${rows[0].was}'`)
    expect(await fields()).toContain(ids.open)
  }
})

test('taking an import back does not tell whether a value that was guessed was right', async () => {
  const guess = async (value: string) => {
    const { id } = (
      await manager.call('POST', '/api/people', {
        familyName: 'Geraden',
        custom: { [ids.open]: 'blauw' },
      })
    ).json()
    const run = await kluis.app.http.inject({
      method: 'POST',
      url: '/api/imports?duplicates=update',
      cookies: { kluis: sales.token },
      headers: { 'content-type': 'text/csv' },
      payload: `Kluis-id;Achternaam;Voor allen\n${id};Geraden;${value}\n`,
    })
    expect(run.json(), run.body).toMatchObject({ updated: 1 })
    const { rowVersion } = (await sales.call('GET', `/api/people/${id}`)).json()
    await sales.call('PATCH', `/api/people/${id}`, { rowVersion, custom: { [ids.open]: 'wissel' } })
    const preview = await sales.call('GET', `/api/imports/${run.json().importId}/revert`)
    return JSON.stringify(preview.json())
      .replaceAll(id, 'id')
      .replaceAll(run.json().importId, 'run')
  }
  const told = (text: string) => text.replace(/\d{4}-\d\d-\d\dT[^"]+/g, 'when')
  expect(told(await guess('blauw'))).toBe(told(await guess('rood')))
})

test('a role that loses the field loses its values at once', async () => {
  const all = (await ana.call('GET', '/api/fields/all')).json().items as {
    id: string
    rowVersion: number
  }[]
  const { rowVersion } = all.find(({ id }) => id === ids.secret)!
  const changed = await ana.call('PATCH', `/api/fields/${ids.secret}`, {
    rowVersion,
    roles: ['privacy-officer'],
  })
  expect(changed.json().roles).toEqual(['privacy-officer'])
  expect((await see(manager)).confidential).toEqual({ [ids.open]: '••••' })
  expect(
    (await manager.call('POST', `/api/people/${ids.person}/reveal`, { reason: 'x' })).json()
      .confidential,
  ).toEqual({ [ids.open]: 'gewoon' })
})
