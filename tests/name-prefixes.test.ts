/** Names found by their beginning in the database: off by default, and where an organisation chose it, what it finds and for whom. */
import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { SearchState } from '#crm/search/contract.ts'
import { openDatabase } from '#platform/db.ts'
import { runChecks } from '#security/programme/checks.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let ben: Caller
let officer: Caller
let north: string
const ids: Record<string, string> = {}

beforeAll(async () => {
  kluis = await openTestKluis({ settleMs: 0 })
  bea = await kluis.setUp('team')
  north = await kluis.newTeam('Noord')
  ben = await kluis.colleague(bea, 'sales', north)
  officer = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
  for (const [givenName, familyName] of [
    ['Anneleen', 'Van den Broeck'],
    ['Zoë', "D'Hondt"],
    ['Jan', 'de Vries'],
    ['Piet', 'Peeters'],
    ['Pieter', 'Pauwels'],
  ] as const)
    await made(bea, givenName, familyName)
  await made(ben, 'Ben', 'Buiten')
  await bea.call('POST', '/api/companies', { name: 'Bakkerij De Korenaar BV' })
  await kluis.app.startWork()
}, 60_000)
afterAll(() => kluis.close())

async function made(by: Caller, givenName: string, familyName: string): Promise<string> {
  const answer = await by.call('POST', '/api/people', { givenName, familyName })
  expect(answer.statusCode, answer.body).toBe(201)
  ids[givenName] = answer.json().id
  return answer.json().id
}
type Page = { items: { displayName: string }[]; nextCursor: string | null }
const search = async (caller: Caller, query: string, of = 'people') =>
  (await caller.call('GET', `/api/${of}?search=${query}`)).json() as Page & Record<string, unknown>
const found = async (caller: Caller, query: string, of = 'people') => {
  const page = await search(caller, query, of)
  expect(page).toMatchObject({ isIndexReady: false, isByPrefix: true, total: null })
  return page.items.map(({ displayName }) => displayName).sort()
}
const state = async (caller = bea) =>
  (await caller.call('GET', '/api/search')).json() as SearchState
const rows = async (text: string, values: unknown[] = []) =>
  (await kluis.admin.query(text, values)).rows
const tokensOf = async (givenName: string): Promise<string[]> =>
  (
    await rows(
      `select encode(token, 'hex') as token from kluis.name_prefix where person_id = $1 order by 1`,
      [ids[givenName]],
    )
  ).map(({ token }) => token)
/** Whoever saves does not wait for them. */
async function writtenOf(givenName: string): Promise<string[]> {
  await until(async () => (await tokensOf(givenName)).length > 0)
  return tokensOf(givenName)
}
const admin = () => {
  const { host, port, user, database } = kluis.admin
  return { host, port, ...(user && { user }), ...(database && { database }) }
}
async function until(is: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await is()) return
    await wait(20)
  }
  throw new Error('it did not come about')
}
const written = () =>
  until(async () => {
    const { isWriting, found: there, records } = (await state()).names
    return !isWriting && there === records
  })

/** The index is lost and filled again, and the last table it reads is held: meanwhile it is loading, however long. */
async function whileLoading(work: () => Promise<void>): Promise<void> {
  const other = await kluis.otherAdmin()
  try {
    await other.query('begin; lock table kluis.relation in access exclusive mode')
    process.kill(kluis.app.index.processId!, 'SIGKILL')
    await until(async () => !kluis.app.index.isReady)
    await work()
    expect(kluis.app.index.isReady).toBe(false)
  } finally {
    await other.query('rollback')
    await other.end()
    await until(async () => kluis.app.index.isReady)
  }
}

test('off, as it is at first, nothing of a name is kept, and a search while the index loads finds nothing by it', async () => {
  expect((await state()).names).toMatchObject({ isKept: false, records: 0, found: 0 })
  await made(bea, 'Nora', 'Nieuw')
  await kluis.app.ledger.settle()
  expect(await rows('select from kluis.name_prefix')).toEqual([])
  await whileLoading(async () => {
    expect(await search(bea, 'peeters')).toMatchObject({ isIndexReady: false, isByPrefix: false })
    const facets = (await bea.call('GET', '/api/people/facets')).json()
    expect(facets).toMatchObject({ isIndexReady: false, isByPrefix: false, isIndexOff: false })
    const list = await bea.call('POST', '/api/people/list', { search: 'peeters' })
    expect(list.json()).toMatchObject({ code: 'index-loading' })
  })
}, 30_000)

test('it is switched on by who manages the organisation, who read what it shows and proved it is them', async () => {
  const { rowVersion, names } = await state()
  const { measured, people, familyNames } = names.leak
  expect(people).toBeGreaterThan(1_000)
  expect(familyNames.country).toBeGreaterThan(0)
  const body = { rowVersion, areNamesKept: true }
  for (const hasRead of [undefined, '2020-01-01']) {
    const unread = await bea.call('PATCH', '/api/search', { ...body, ...(hasRead && { hasRead }) })
    expect(unread.statusCode).toBe(422)
    expect(unread.json().detail.fields).toEqual([{ field: 'hasRead', problem: 'leak-unread' }])
  }
  const whole = { ...body, hasRead: measured }
  expect((await ben.call('PATCH', '/api/search', whole)).statusCode).toBe(403)
  const bare = await kluis.send('PATCH', '/api/search', whole, { kluis: bea.token })
  expect(bare.json()).toMatchObject({
    code: 'step-up-needed',
    detail: { operation: 'change-safeguards' },
  })
  expect((await state()).names.isKept).toBe(false)
  const done = await bea.call('PATCH', '/api/search', whole)
  expect(done.json().names.isKept, done.body).toBe(true)
  await written()
  expect(await tokensOf('Piet')).toHaveLength(3)
  // Where rows lie in the file must not tell which token is the beginning of which.
  const lying = await rows(
    `select encode(token, 'hex') as token from kluis.name_prefix where person_id is not null order by ctid`,
  )
  expect(lying.map(({ token }) => token)).toEqual(lying.map(({ token }) => token).toSorted())
  // What stands there is uneven by choice, and said to be so.
  const { checks, exitCode } = await runChecks(admin())
  const told = checks.filter(({ outcome }) => outcome === 'fail')
  expect(told.map(({ id, severity }) => [id, severity])).toEqual([['L26', 'low']])
  expect(exitCode).toBe(0)
})

test('while the index loads names are found by the beginning of their words, by who reaches their team', async () => {
  await whileLoading(async () => {
    expect(await found(bea, 'pie')).toEqual(['Piet Peeters', 'Pieter Pauwels'])
    expect(await found(bea, 'piet peet')).toEqual(['Piet Peeters'])
    expect(await found(bea, 'vandenbroeck')).toEqual(['Anneleen Van den Broeck'])
    expect(await found(bea, 'zoe')).toEqual(["Zoë D'Hondt"])
    expect(await found(bea, 'eeters')).toEqual([])
    expect(await found(bea, 'buiten')).toEqual([])
    expect(await found(ben, 'buiten')).toEqual(['Ben Buiten'])
    expect(await found(ben, 'pie')).toEqual([])
    expect(await found(bea, 'korenaar', 'companies')).toEqual(['Bakkerij De Korenaar BV'])
    expect(await found(ben, 'korenaar', 'companies')).toEqual([])
    const facets = (await bea.call('GET', '/api/people/facets')).json()
    expect(facets).toMatchObject({ isIndexReady: false, isByPrefix: true })
    const list = await bea.call('POST', '/api/people/list', { search: 'pauw', sort: 'name' })
    expect(list.json()).toMatchObject({ isByPrefix: true, items: [{ givenName: 'Pieter' }] })
    const filtered = {
      search: 'pauw',
      filter: { field: 'stage', operator: 'is', values: ['lead'] },
    }
    const refused = await bea.call('POST', '/api/people/list', filtered)
    expect(refused.json()).toMatchObject({ code: 'index-loading' })
    // Made meanwhile, and found at once.
    await made(bea, 'Pieternel', 'Nu')
    expect(await found(bea, 'pieternel')).toEqual(['Pieternel Nu'])
  })
}, 30_000)

test('pages go on from their cursor, newest first, and hold everybody once', async () => {
  await whileLoading(async () => {
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await search(bea, `pie&limit=1&cursor=${cursor}`)
      seen.push(...page.items.map(({ displayName }) => displayName))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(['Pieternel Nu', 'Pieter Pauwels', 'Piet Peeters'])
  })
}, 30_000)

test('who asks with SQL reads no token of a record they do not see', async () => {
  const read = async (caller: Caller) => {
    const client = await kluis.otherAdmin()
    try {
      await client.query('begin; set local role kluis_app')
      await client.query(`select set_config('kluis.session', $1, true)`, [caller.token])
      return (await client.query('select person_id, company_id from kluis.name_prefix')).rows
    } finally {
      await client.end()
    }
  }
  const ofBen = await read(ben)
  expect(new Set(ofBen.map((row) => row.person_id))).toEqual(new Set([ids.Ben]))
  expect(ofBen.some((row) => row.company_id)).toBe(false)
  expect(new Set((await read(bea)).map((row) => row.person_id)).has(ids.Ben!)).toBe(false)
  expect(await read({ ...ben, token: 'nobody' })).toEqual([])
})

test('a team has a key of its own: one name has other tokens in another', async () => {
  const mine = await tokensOf('Jan')
  await made(ben, 'Jan', 'de Vries')
  const theirs = await writtenOf('Jan')
  expect([mine.length, theirs.length]).toEqual([5, 5])
  expect(mine.filter((token) => theirs.includes(token))).toEqual([])
})

test('handed over, renamed, thrown away and put back, a record is found as what it is now', async () => {
  const id = ids.Piet!
  const before = await tokensOf('Piet')
  const version = async () => (await bea.call('GET', `/api/people/${id}`)).json().rowVersion
  const change = async (body: object) => {
    const answer = await bea.call('PATCH', `/api/people/${id}`, {
      ...body,
      rowVersion: await version(),
    })
    expect(answer.statusCode, answer.body).toBe(200)
  }
  await change({ familyName: 'Verhoeven' })
  await whileLoading(async () => {
    expect(await found(bea, 'peeters')).toEqual([])
    expect(await found(bea, 'verhoeven')).toEqual(['Piet Verhoeven'])
  })
  // By another process, and told by the ledger alone.
  await kluis.admin.query(
    'update kluis.person set team_id = $2, row_version = row_version + 1 where id = $1',
    [id, north],
  )
  await until(async () => {
    const [row] = await rows(
      'select distinct team_id from kluis.name_prefix where person_id = $1',
      [id],
    )
    return row?.team_id === north
  })
  expect((await tokensOf('Piet')).filter((token) => before.includes(token))).toEqual([])
  await whileLoading(async () => {
    expect(await found(bea, 'verhoeven')).toEqual([])
    expect(await found(ben, 'verhoeven')).toEqual(['Piet Verhoeven'])
  })
}, 60_000)

test('merged, one name is left, and undone there are two again', async () => {
  const keptId = await made(bea, 'Karel', 'Kort')
  const otherId = await made(bea, 'Carolus', 'Lang')
  await writtenOf('Carolus')
  const merged = await bea.call('POST', '/api/people/merges', {
    ...{ keptId, keptVersion: 1, otherId, otherVersion: 1 },
  })
  expect(merged.statusCode, merged.body).toBe(200)
  await until(async () => (await tokensOf('Carolus')).length === 0)
  await writtenOf('Karel')
  const undone = await bea.call('POST', `/api/people/merges/${merged.json().id}/undo`)
  expect(undone.statusCode, undone.body).toBe(200)
  await writtenOf('Carolus')
})

test('erased, a record has no token left, and gets none again', async () => {
  const id = await made(bea, 'Wout', 'Weg')
  await writtenOf('Wout')
  const subject = { kind: 'person', id }
  const erased = await officer.call('POST', '/api/erasures', {
    subject,
    reason: 'vroeg erom, 3 mei',
  })
  expect(erased.statusCode, erased.body).toBe(201)
  expect(await tokensOf('Wout')).toEqual([])
  await kluis.app.keys.names.follow('person', [id])
  await kluis.app.keys.names.catchUp()
  expect(await tokensOf('Wout')).toEqual([])
})

test('the key of what is looked for replaced, no token of before is left, and names are found as before', async () => {
  const all = async () =>
    (await rows(`select encode(token, 'hex') as token from kluis.name_prefix`)).map(
      ({ token }) => token as string,
    )
  await written()
  const before = await all()
  const { rotations } = kluis.app.keys
  await rotations.start({ what: 'search', rowsPerSecond: 100_000, by: null })
  await rotations.ended()
  expect((await rotations.showAll()).problem).toBeNull()
  const after = await all()
  expect(after).toHaveLength(before.length)
  expect(after.filter((token) => before.includes(token))).toEqual([])
  await whileLoading(async () => {
    expect(await found(bea, 'pauwels')).toEqual(['Pieter Pauwels'])
  })
}, 30_000)

test('what was missed, as by a kill between a change and its tokens, is found lacking at the next start', async () => {
  await kluis.admin.query('delete from kluis.name_prefix where person_id = $1', [ids.Pieter])
  await kluis.admin.query(
    `update kluis.name_prefix set seal_counter = seal_counter - 1 where person_id = $1`,
    [ids.Anneleen],
  )
  const { names } = await state()
  expect(names.records - names.found).toBe(2)
  await kluis.app.keys.names.catchUp()
  await written()
  expect((await tokensOf('Pieter')).length).toBeGreaterThan(0)
})

test('switched off, all of it goes in that moment, and nothing is written again', async () => {
  const off = await bea.call('PATCH', '/api/search', {
    rowVersion: (await state()).rowVersion,
    areNamesKept: false,
  })
  expect(off.json().names, off.body).toMatchObject({ isKept: false, found: 0 })
  expect(await rows('select from kluis.name_prefix')).toEqual([])
  await kluis.app.keys.names.follow('person', [ids.Pieter!])
  await kluis.app.keys.names.catchUp()
  await made(bea, 'Olga', 'Ochtend')
  await kluis.app.ledger.settle()
  expect(await rows('select from kluis.name_prefix')).toEqual([])
  const { checks } = await runChecks(admin())
  expect(checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([])
})

// Last: it signs the indexer in anew.
test('while it is off PostgreSQL refuses a token to whoever would write one, the keeper too', async () => {
  const { token } = await kluis.app.signIn.openIndexerSession(new Date())
  const db = openDatabase({
    connection: { ...inject('postgres'), database: kluis.databaseName },
    ...{ role: 'kluis_rotation', maxConnections: 1 },
  })
  const write = () =>
    db.write(token, (tx) =>
      tx.run(sql`insert into kluis.name_prefix (person_id, team_id, seal_counter, token)
        values (${ids.Pieter}::uuid, ${bea.teamId}::uuid, 1, ${Buffer.alloc(16)})`),
    )
  try {
    await expect(write()).rejects.toMatchObject({ code: 'not-found' })
    await kluis.admin.query(
      'update kluis.search_setting set name_prefixes = true, row_version = row_version + 1',
    )
    await write()
  } finally {
    await db.close()
  }
})
