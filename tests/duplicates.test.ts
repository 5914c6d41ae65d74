import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let both: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  both = await kluis.colleague(ana, 'sales', ana.teamId)
})
afterAll(() => kluis.close())

type Made = { id: string }
const make = async (given: object, path = 'people', by = ana): Promise<Made> => {
  const answer = await by.call('POST', `/api/${path}`, given)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const home = (city = 'Gent') => ({
  addresses: [{ street: 'Kouter 12', postalCode: '9000', city, country: 'BE' }],
})

type Pair = { first: Made; second: Made; score: number; reasons: string[]; cautions: string[] }
async function pairsOf(word: string, path = 'people'): Promise<Pair[]> {
  await kluis.app.lookForDuplicates()
  const found: Pair[] = []
  for (let cursor = ''; ; ) {
    const page = (
      await ana.call('GET', `/api/${path}/likely-duplicates?limit=2&cursor=${cursor}`)
    ).json()
    found.push(...page.items)
    if (!page.nextCursor) break
    cursor = page.nextCursor
  }
  return found.filter((pair) => JSON.stringify(pair).includes(word))
}

test.each([
  ['same e-mail', { emails: [{ value: 'x@gelijk.example' }] }, ['email', 'name'], 90],
  [
    'same phone, written in another way',
    { phones: [{ value: '+32 475 99 88 77' }] },
    ['phone', 'name'],
    70,
  ],
  ['same customer number', { reference: 'K-1001' }, ['reference', 'name'], 99],
  ['same account', { ibans: ['BE71096123456769'] }, ['iban', 'name'], 80],
  ['same address', home(), ['name', 'address'], 65],
])(
  '%s and the same name stand on the work list with why and how much',
  async (what, given, reasons, score) => {
    const familyName = `Gelijk${what.replace(/\W/g, '')}`
    const [one, other] = [
      await make({ givenName: 'Jan', familyName, ...given }),
      await make({ givenName: 'Jan', familyName, ...given }),
    ]
    const [pair, ...more] = await pairsOf(familyName)
    expect(more).toEqual([])
    expect([pair!.first.id, pair!.second.id].sort()).toEqual([one.id, other.id].sort())
    expect([pair!.reasons.sort(), pair!.score, pair!.cautions]).toEqual([reasons.sort(), score, []])
  },
)

test('a letter wrong, an initial or the names swapped, at one address: similar', async () => {
  for (const [givenName, familyName] of [
    ['Elisabeth', 'Vandevelde'],
    ['Elisabeht', 'Vandevelde'],
    ['Vandevelde', 'Elisabeth'],
  ])
    await make({ givenName, familyName, ...home('Vandeveldegem') })
  const pairs = await pairsOf('Vandevelde')
  expect(pairs.map((pair) => pair.reasons.includes('similar-name'))).toEqual([true, true])
})

test('that two share an account number is told only to whom may reveal it', async () => {
  const given = { givenName: 'Iris', familyName: 'Rekenaar', ibans: ['BE62510007547061'] }
  const [one, two] = [await make(given), await make(given)]
  expect((await pairsOf('Rekenaar'))[0]?.reasons.sort()).toEqual(['iban', 'name'])
  const support = await kluis.colleague(ana, 'support', ana.teamId)
  const { items } = (await support.call('GET', '/api/people/likely-duplicates?limit=100')).json()
  expect(
    items.filter((pair: Pair) => pair.first.id === one.id || pair.second.id === one.id),
  ).toMatchObject([{ reasons: ['name'] }])
  const preview = (
    await support.call('POST', '/api/people/merges/preview', { keptId: one.id, otherId: two.id })
  ).json()
  expect(preview.reasons).toEqual(['name'])
  expect(preview.fields.find((field: { name: string }) => field.name === 'ibans')).toMatchObject({
    kept: ['••••'],
    other: ['••••'],
    result: ['••••'],
    isSame: false,
  })
})

test('father and son, of one name at one address: listed with what speaks against it, and never above doubtful', async () => {
  await make({
    givenName: 'Karel',
    familyName: 'Zoonaert',
    birthday: '1950-01-01',
    phones: [{ value: '09 223 45 67' }],
    ...home('Zoon'),
  })
  await make({
    givenName: 'Karel',
    familyName: 'Zoonaert',
    birthday: '1980-01-01',
    phones: [{ value: '09 223 45 67' }],
    ...home('Zoon'),
  })
  const [pair] = await pairsOf('Zoonaert')
  expect(pair).toMatchObject({ cautions: ['birthday'], score: 45 })
})

test('a family at one address with one phone is no duplicate; with one mailbox it is doubtful', async () => {
  const family = { familyName: 'Gezinnens', phones: [{ value: '09 111 22 33' }], ...home('Gezin') }
  await make({ givenName: 'An', ...family })
  await make({ givenName: 'Piet', ...family })
  expect(await pairsOf('Gezinnens')).toEqual([])
  const mailbox = { emails: [{ value: 'wij@gezin.example' }] }
  await make({ givenName: 'Mieke', ...family, ...mailbox })
  await make({ givenName: 'Leo', ...family, ...mailbox })
  expect(await pairsOf('Gezinnens')).toMatchObject([{ cautions: ['given-name'], score: 45 }])
})

test('one name and nothing else: listed when one of the two says nothing, not when all they say differs', async () => {
  await make({
    givenName: 'Odilon',
    familyName: 'Naamgenoot',
    emails: [{ value: 'a@naam.example' }],
  })
  await make({ givenName: 'Odilon', familyName: 'Naamgenoot' })
  expect(await pairsOf('Naamgenoot')).toMatchObject([{ reasons: ['name'], score: 40 }])
  await make({
    givenName: 'Sidonie',
    familyName: 'Anderzijds',
    emails: [{ value: 'b@naam.example' }],
  })
  await make({
    givenName: 'Sidonie',
    familyName: 'Anderzijds',
    emails: [{ value: 'c@naam.example' }],
  })
  expect(await pairsOf('Anderzijds')).toEqual([])
})

test('a shortened given name is doubtful: Jo may be Johan, and Jan is not his daughter Janne', async () => {
  for (const givenName of ['Jo', 'Johan'])
    await make({ givenName, familyName: 'Korteling', emails: [{ value: 'jo@kort.example' }] })
  expect(await pairsOf('Korteling')).toMatchObject([
    { reasons: ['email', 'similar-name'], cautions: ['given-name'], score: 45 },
  ])
})

test('companies: by enterprise number, and by a name that differs in its legal form', async () => {
  await make({ name: 'Korenbloem BV', enterpriseNumber: 'BE0403170701' }, 'companies')
  await make({ name: 'De heer Bloem', enterpriseNumber: '0403.170.701' }, 'companies')
  await make({ name: 'Tarwe B.V.', emails: [{ value: 'info@tarwe.example' }] }, 'companies')
  await make({ name: 'Tarwe', emails: [{ value: 'info@tarwe.example' }] }, 'companies')
  expect((await pairsOf('bloem', 'companies'))[0]?.reasons).toEqual(['enterprise-number'])
  expect((await pairsOf('Tarwe', 'companies'))[0]?.reasons.sort()).toEqual(['email', 'name'])
})

test('of one record only its own pairs are given, and none to whom may not see the other', async () => {
  const given = { givenName: 'Tuur', familyName: 'Tweemaal', phones: [{ value: '09 333 44 55' }] }
  const [one, two] = [await make(given), await make(given)]
  const alone = await make({ givenName: 'Wim', familyName: 'Enig' })
  await kluis.app.lookForDuplicates()
  const of = async (id: string, by = ana) => {
    const page = (await by.call('GET', `/api/people/likely-duplicates?limit=1&of=${id}`)).json()
    const others = page.items.map(({ first, second }: Pair) =>
      first.id === id ? second.id : first.id,
    )
    return [others, page.total, page.nextCursor]
  }
  expect(await of(one.id)).toEqual([[two.id], 1, null])
  expect(await of(two.id)).toEqual([[one.id], 1, null])
  expect(await of(alone.id)).toEqual([[], 0, null])
  const elsewhere = await kluis.colleague(ana, 'sales', await kluis.newTeam('Elders'))
  expect(await of(one.id, elsewhere)).toEqual([[], 0, null])
})

test('two customers that were told apart stay so: for a colleague, after the next look, and after a merge', async () => {
  const given = { givenName: 'Ria', familyName: 'Apart', emails: [{ value: 'ria@apart.example' }] }
  const [one, two] = [await make(given), await make(given)]
  expect(await pairsOf('Apart')).toHaveLength(1)
  const told = await ana.call('POST', '/api/people/not-duplicates', { ids: [two.id, one.id] })
  expect(told.statusCode).toBe(201)
  const again = await ana.call('POST', '/api/people/not-duplicates', { ids: [one.id, two.id] })
  expect(again.json()).toEqual(told.json())
  const total = async () =>
    (await both.call('GET', '/api/people/likely-duplicates')).json().total as number
  const without = await total()
  expect(await pairsOf('Apart')).toEqual([])
  expect(await total()).toBe(without)
  const three = await make(given)
  expect(await pairsOf('Apart')).toHaveLength(2)
  await ana.call('POST', '/api/people/merges', {
    keptId: three.id,
    otherId: one.id,
    keptVersion: 1,
    otherVersion: 1,
  })
  // Two is not one, so it is not three either.
  expect(await pairsOf('Apart')).toEqual([])
  const back = await both.call('DELETE', `/api/people/not-duplicates/${told.json().id}`)
  expect(back.statusCode).toBe(404)
})

test('taken back, they stand on the list again', async () => {
  const given = {
    givenName: 'Rik',
    familyName: 'Herzien',
    emails: [{ value: 'rik@herzien.example' }],
  }
  const [one, two] = [await make(given), await make(given)]
  const { id } = (
    await ana.call('POST', '/api/people/not-duplicates', { ids: [one.id, two.id] })
  ).json()
  expect(await pairsOf('Herzien')).toEqual([])
  expect((await ana.call('DELETE', `/api/people/not-duplicates/${id}`)).statusCode).toBe(200)
  expect(await pairsOf('Herzien')).toHaveLength(1)
})

test('what was changed or thrown away since the look is no longer shown', async () => {
  const given = {
    givenName: 'Wim',
    familyName: 'Gewijzigd',
    emails: [{ value: 'wim@gewijzigd.example' }],
  }
  const [one, two] = [await make(given), await make(given)]
  expect(await pairsOf('Gewijzigd')).toHaveLength(1)
  const now = async () =>
    JSON.stringify((await ana.call('GET', '/api/people/likely-duplicates?limit=100')).json().items)
  await ana.call('DELETE', `/api/people/${two.id}`)
  expect(await now()).not.toContain('Gewijzigd')
  await ana.call('POST', `/api/people/${two.id}/restore`)
  expect(await now()).toContain('Gewijzigd')
  await ana.call('PATCH', `/api/people/${one.id}`, {
    rowVersion: 1,
    givenName: 'Els',
    familyName: 'Anders',
    emails: [{ value: 'els@anders.example' }],
  })
  expect(await now()).not.toContain('Gewijzigd')
})

test('while typing: who it may be, by what to know them, and why; nobody from the trash or another team', async () => {
  const given = {
    familyName: 'Ingetypt',
    emails: [{ value: 'in@getypt.example' }],
    ...home('Typegem'),
  }
  const there = await make(given)
  const trashed = await make(given)
  await ana.call('DELETE', `/api/people/${trashed.id}`)
  const ask = async (by: Caller) =>
    (await by.call('POST', '/api/people/duplicates', { emails: ['IN@getypt.example'] })).json()
  expect((await ask(ana)).items).toEqual([
    {
      id: there.id,
      displayName: 'Ingetypt',
      email: 'in@getypt.example',
      city: 'Typegem',
      ownerId: ana.userId,
      on: ['email'],
    },
  ])
  const stranger = await kluis.colleague(ana, 'sales', await kluis.newTeam('Vreemd'))
  expect(await ask(stranger)).toEqual({ items: [] })
})

/** Two furnished records, and how the database sees them. */
async function furnished(familyName: string) {
  const company = await make({ name: `${familyName} NV` }, 'companies')
  const [kept, other] = [await make({ familyName }), await make({ familyName, company: 'x' })]
  for (let n = 0; n < 3; n++) {
    await ana.call('POST', `/api/people/${other.id}/notes`, { body: `notitie ${n}` })
    await ana.call('POST', '/api/tasks', {
      subject: { kind: 'person', id: other.id },
      title: `taak ${n}`,
    })
  }
  await ana.call('POST', `/api/people/${other.id}/affiliations`, {
    companyId: company.id,
    jobTitle: 'baas',
  })
  await ana.call('POST', `/api/people/${other.id}/reveal`, { reason: 'reden' })
  const state = async () =>
    (
      await kluis.admin.query(
        `select coalesce(jsonb_agg(to_jsonb(t) order by t.at, t.id), '[]') as all from (
          select 'person' as at, id::text, to_jsonb(p) as row from kluis.person p where id = any ($1)
          union all select 'note', id::text, to_jsonb(n) from kluis.note n where person_id = any ($1)
          union all select 'task', id::text, to_jsonb(n) from kluis.task n where person_id = any ($1)
          union all select 'affiliation', id::text, to_jsonb(n) from kluis.affiliation n where person_id = any ($1)
          union all select 'reveal', id::text, to_jsonb(n) from kluis.reveal n where person_id = any ($1)
          union all select 'lookup', token::text, to_jsonb(n) from kluis.person_lookup n where person_id = any ($1)
          union all select 'merge', id::text, to_jsonb(n) from kluis.merge n where person_id = any ($1)) t`,
        [[kept.id, other.id]],
      )
    ).rows[0].all as unknown
  const merge = () =>
    ana.call('POST', '/api/people/merges', {
      keptId: kept.id,
      otherId: other.id,
      keptVersion: 1,
      otherVersion: 1,
    })
  return { kept, other, state, merge }
}

/** Holds the merging at one table, kills its connection to PostgreSQL there, and lets go. */
async function killedAt<T>(table: string, ask: () => Promise<T>): Promise<T> {
  const holder = new pg.Client({
    ...inject('postgres'),
    user: 'kluis_admin',
    database: kluis.databaseName,
  })
  await holder.connect()
  await holder.query(`begin; lock table kluis.${table} in exclusive mode`)
  const asked = ask()
  for (;;) {
    const { rows } = await kluis.admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where usename = 'kluis_worker' and datname = current_database() and wait_event_type = 'Lock'`,
    )
    if (rows.length > 0) break
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await holder.query('rollback')
  await holder.end()
  return asked
}

test('killed at any step of a merge, all is as it was, and the same merge can be asked again', async () => {
  const { state, merge } = await furnished('Stervend')
  const before = await state()
  for (const step of ['affiliation', 'note', 'task', 'reveal', 'person', 'merge']) {
    expect([step, (await killedAt(step, merge)).statusCode]).toEqual([step, 503])
    expect(await state(), step).toEqual(before)
  }
  expect((await merge()).statusCode).toBe(200)
  expect(await state()).not.toEqual(before)
}, 60_000)

test('killed at any step of an undo, the merge stands, and undoing can be asked again', async () => {
  const { merge, state } = await furnished('Herrezen')
  const { id } = (await merge()).json()
  const before = await state()
  const undo = () => ana.call('POST', `/api/people/merges/${id}/undo`)
  for (const step of ['affiliation', 'note', 'task', 'reveal', 'person', 'merge']) {
    expect([step, (await killedAt(step, undo)).statusCode]).toEqual([step, 503])
    expect(await state(), step).toEqual(before)
  }
  expect((await undo()).statusCode).toBe(200)
}, 60_000)

test('a note that was on its way to the record that went is not lost on it: its writer is led to the other', async () => {
  const { kept, other, merge } = await furnished('Onderweg')
  const writing: Promise<{ statusCode: number }>[] = []
  const holder = new pg.Client({
    ...inject('postgres'),
    user: 'kluis_admin',
    database: kluis.databaseName,
  })
  await holder.connect()
  // The merge waits before it hides the record; notes are asked for meanwhile, and wait for the merge.
  await holder.query('begin; lock table kluis.merge in exclusive mode')
  const merging = merge()
  await new Promise((resolve) => setTimeout(resolve, 200))
  for (let n = 0; n < 3; n++)
    writing.push(ana.call('POST', `/api/people/${other.id}/notes`, { body: `onderweg ${n}` }))
  await new Promise((resolve) => setTimeout(resolve, 200))
  await holder.query('rollback')
  await holder.end()
  expect((await merging).statusCode).toBe(200)
  for (const one of await Promise.all(writing)) expect(one.statusCode).toBe(201)
  const { rows } = await kluis.admin.query(
    'select count(*)::int as n from kluis.note where person_id = $1',
    [other.id],
  )
  expect(rows[0].n).toBe(0)
  const notes = (await ana.call('GET', `/api/people/${kept.id}/notes`)).json().items
  expect(notes.filter((one: { body: string }) => one.body.startsWith('onderweg'))).toHaveLength(3)
})

const shift = (id: string, days: number) =>
  kluis.admin.query(
    `set session_replication_role = 'replica';
     update kluis.merge set created_at = now() - interval '${days} days' where id = '${id}';
     update kluis.person set merged_at = now() - interval '${days} days' where merged_at is not null and id = (select merged_id from kluis.merge where id = '${id}');
     set session_replication_role = 'origin'`,
  )

test('after 30 days, and not before, the record that went, its key and the state before are gone; its id leads on', async () => {
  const { kept, other, merge } = await furnished('Vergaan')
  const { id } = (await merge()).json()
  const slot = (
    await kluis.admin.query('select key_slot from kluis.person where id = $1', [other.id])
  ).rows[0].key_slot
  await shift(id, 29)
  expect(await kluis.app.clearMergeRemains()).toBe(0)
  expect((await ana.call('GET', `/api/people/${kept.id}/merges`)).json().items[0].canUndo).toBe(
    true,
  )
  await shift(id, 31)
  const late = await ana.call('POST', `/api/people/merges/${id}/undo`)
  expect([late.statusCode, late.json().detail]).toEqual([409, { why: 'too-late' }])
  expect(await kluis.app.clearMergeRemains()).toBe(1)
  const { rows } = await kluis.admin.query('select id from kluis.person where id = $1', [other.id])
  expect(rows).toEqual([])
  expect(
    (
      await kluis.admin.query('select content_sealed, key_slot from kluis.merge where id = $1', [
        id,
      ])
    ).rows,
  ).toEqual([{ content_sealed: null, key_slot: null }])
  await expect(
    kluis.app.vault.seal([
      {
        target: {
          table: 'person',
          sealedClass: 'contact',
          rowId: other.id,
          subjectId: other.id,
          keySlot: Number(slot),
          sealCounter: 9,
        },
        value: {},
      },
    ]),
  ).rejects.toThrow(/erased/)
  expect((await ana.call('GET', `/api/people/${other.id}`)).json().id).toBe(kept.id)
  expect((await ana.call('GET', `/api/people/${kept.id}/notes`)).json().items).toHaveLength(3)
  expect((await ana.call('GET', `/api/people/${kept.id}/merges`)).json().items).toMatchObject([
    { mergedName: '', canUndo: false },
  ])
  expect(await kluis.app.clearMergeRemains()).toBe(0)
})

test('a merge that was undone keeps both keys, however long ago', async () => {
  const { other, merge } = await furnished('Gered')
  const { id } = (await merge()).json()
  await ana.call('POST', `/api/people/merges/${id}/undo`)
  await shift(id, 400)
  await kluis.app.clearMergeRemains()
  expect((await ana.call('GET', `/api/people/${other.id}`)).json().company).toBe('x')
})

test('killed between the record and its key, the next look goes on where it was', async () => {
  const { other, merge } = await furnished('Half')
  const { id } = (await merge()).json()
  await shift(id, 31)
  await kluis.admin.query(
    `set session_replication_role = 'replica'; update kluis.merge set content_sealed = null where id = '${id}'; delete from kluis.person where id = '${other.id}'; set session_replication_role = 'origin'`,
  )
  expect(await kluis.app.clearMergeRemains()).toBe(1)
})

test('PostgreSQL itself refuses to take away what is not over, also to the role that clears', async () => {
  const { other, merge } = await furnished('Vroeg')
  await merge()
  const { token } = await kluis.app.signIn.openIndexerSession(new Date())
  const keeper = new pg.Client({
    ...inject('postgres'),
    user: 'kluis_keeper',
    database: kluis.databaseName,
  })
  await keeper.connect()
  await keeper.query(`select set_config('kluis.session', $1, false)`, [token.reveal()])
  for (const sql of [
    `delete from kluis.person`,
    `delete from kluis.company`,
    `update kluis.merge set content_sealed = null, row_version = row_version + 1 where merged_id = '${other.id}'`,
  ])
    expect((await keeper.query(sql)).rowCount).toBe(0)
  await keeper.end()
})
