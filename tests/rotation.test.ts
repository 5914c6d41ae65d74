import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openKeystore } from '#security/vault/keystore.ts'
import type { Keys, Rotation, What } from '#security/vault/rotation/contract.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
const PEOPLE = 30
let ids: string[]
let ibanField: string

beforeAll(async () => {
  kluis = await openTestKluis({ settleMs: 0 })
  bea = await kluis.setUp('everyone')
  const field = await made('/api/fields', {
    ...{ recordKind: 'person', kind: 'text', label: { nl: 'Polis', en: 'Policy' } },
    ...{ sensitivity: 'confidential', search: 'exact', roles: [] },
  })
  ibanField = field.id
  ids = []
  for (let i = 0; i < PEOPLE; i++) {
    const { id } = await made('/api/people', {
      familyName: `Klant ${i}`,
      emails: [{ value: `k${i}@klant.example` }],
      ibans: i % 3 === 0 ? ['BE68539007547034'] : [],
      custom: { [ibanField]: `polis-${i}` },
    })
    ids.push(id)
    await made(`/api/people/${id}/notes`, { body: `notitie ${i}` })
  }
  const company = await made('/api/companies', {
    name: 'Zaak',
    enterpriseNumber: 'BE 0403.170.701',
  })
  await made(`/api/people/${ids[0]}/affiliations`, { companyId: company.id })
  // Merged away: its row and its key stay for 30 days, and what undoing it needs.
  const double = await made('/api/people', { familyName: 'Dubbel', emails: [] })
  const merged = await bea.call('POST', '/api/people/merges', {
    ...{ keptId: ids[1], keptVersion: 1 },
    ...{ otherId: double.id, otherVersion: 1 },
  })
  expect(merged.statusCode, merged.body).toBe(200)
})
afterAll(() => kluis.close())

async function made(path: string, body: object): Promise<{ id: string; rowVersion: number }> {
  const answer = await bea.call('POST', path, body)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}

const count = async (text: string) =>
  Number((await kluis.admin.query(`select count(*) as n from ${text}`)).rows[0].n)
/** Every row of the customers' tables as it is, without what a rotation may change. */
async function readable(): Promise<string> {
  const parts = ['person', 'company', 'note', 'affiliation', 'merge', 'confidential_value'].map(
    (table) =>
      `select '${table}' as t, (to_jsonb(x) - 'contact_sealed' - 'confidential_sealed' - 'content_sealed' - 'key_slot' - 'exact_token')::text as r from kluis.${table} x`,
  )
  const { rows } = await kluis.admin.query(`${parts.join(' union all ')} order by 1, 2`)
  return JSON.stringify(rows)
}
async function everythingOpens(): Promise<void> {
  for (const [i, id] of ids.entries()) {
    const person = await bea.call('GET', `/api/people/${id}`)
    expect(person.json().familyName, person.body).toBe(`Klant ${i}`)
    const notes = (await bea.call('GET', `/api/people/${id}/notes`)).json()
    expect(JSON.stringify(notes)).toContain(`notitie ${i}`)
  }
}
async function rotate(what: What): Promise<Rotation> {
  const { id } = await kluis.app.keys.rotations.start({ what, rowsPerSecond: 100_000, by: null })
  await kluis.app.keys.rotations.ended()
  const { last, problem } = await kluis.app.keys.rotations.showAll()
  const done = last.find((one) => one.id === id)
  expect(problem).toBeNull()
  expect(done?.phase).toBe('done')
  return done!
}
async function isIntact(): Promise<void> {
  await kluis.app.ledger.settle()
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
}

test('each record gets a key of its own anew, the old ones are destroyed, and nobody meets a change', async () => {
  const before = await readable()
  const told = [await count('kluis.record_change'), await count('kluis.notification')]
  const old = (await kluis.admin.query('select max(key_slot) as slot from kluis.person')).rows[0]
  const secret = (slot: number) => kluisKeystore().slotKey(slot)
  const done = await rotate('records')
  expect(done.unopened).toBe(0)
  expect(await readable()).toBe(before)
  expect([await count('kluis.record_change'), await count('kluis.notification')]).toEqual(told)
  const oldest = Number(old.slot)
  expect(await count(`kluis.person where key_slot <= ${oldest}`)).toBe(0)
  expect(await count(`kluis.merge where key_slot <= ${oldest}`)).toBe(0)
  const blobs = ['person', 'company', 'note', 'affiliation', 'merge', 'confidential_value']
  for (const table of blobs)
    expect(
      await count(
        `kluis.${table} x where kluis.slot_of(coalesce(to_jsonb(x)->>'contact_sealed', to_jsonb(x)->>'content_sealed', to_jsonb(x)->>'confidential_sealed')::bytea) between 64 and ${oldest}`,
      ),
      table,
    ).toBe(0)
  expect(secret(oldest)).toEqual({ kind: 'closed', why: 'erased' })
  await everythingOpens()
  await isIntact()
})
const kluisKeystore = () => kluis.keystore

test('what was sealed under a key that has been replaced is refused, and its writer begins again', async () => {
  const { rows } = await kluis.admin.query('select closed_until from kluis.key_boundary')
  const slot = Buffer.alloc(8)
  slot.writeBigUInt64BE(BigInt(rows[0].closed_until))
  const late = `'\\x4b530103${slot.toString('hex')}'::bytea || decode(repeat('00', 100), 'hex')`
  await expect(
    kluis.admin.query(
      `insert into kluis.note (person_id, content_sealed) values ('${ids[0]}', ${late})`,
    ),
  ).rejects.toThrow('a key that has been replaced')
  await expect(
    kluis.admin.query(
      `update kluis.note set content_sealed = ${late}, row_version = row_version + 1 where person_id = '${ids[0]}'`,
    ),
  ).rejects.toThrow('a key that has been replaced')
})

test('an update made while keys are replaced is not lost, whoever was first', async () => {
  const { id } = await made('/api/people', { familyName: 'Tegelijk', emails: [] })
  const running = kluis.app.keys.rotations.start({
    what: 'records',
    rowsPerSecond: 2_000,
    by: null,
  })
  await running
  let version = (await bea.call('GET', `/api/people/${id}`)).json().rowVersion
  let isOver = false
  const ended = kluis.app.keys.rotations.ended().then(() => {
    isOver = true
  })
  let saved = 0
  while (!isOver) {
    const company = `bedrijf ${saved + 1}`
    const answer = await bea.call('PATCH', `/api/people/${id}`, { rowVersion: version, company })
    expect([200, 409]).toContain(answer.statusCode)
    if (answer.statusCode === 200) {
      saved++
      version = answer.json().rowVersion
    } else version = (await bea.call('GET', `/api/people/${id}`)).json().rowVersion
    await sleep(5)
  }
  await ended
  expect(saved).toBeGreaterThan(0)
  const now = (await bea.call('GET', `/api/people/${id}`)).json()
  expect(now.company).toBe(`bedrijf ${saved}`)
  await isIntact()
})

test('the role that seals anew can write nothing else of a person or company', async () => {
  const columns = await kluis.admin.query(
    `select table_name || '.' || column_name as name from information_schema.role_column_grants
     where grantee = 'kluis_rotation' and privilege_type = 'UPDATE' and table_schema = 'kluis'
       and table_name not in ('key_rotation', 'key_boundary')`,
  )
  const names = columns.rows.map(({ name }) => name as string)
  expect(names.length).toBeGreaterThan(10)
  // That an erasure sets a file apart which a law has kept, or has somebody read what others still share, is no value of it.
  const apart = [
    'file.retained_from',
    'file.row_version',
    'file.set_apart_at',
    'joint_dossier.review_since',
  ]
  expect(names.filter((name) => apart.includes(name)).sort()).toEqual(apart)
  const others = names.filter((name) => !apart.includes(name))
  expect(others.filter((name) => !/(_sealed|\.key_slot|\.exact_token)$/.test(name))).toEqual([])
})

test('records are sealed in the new version after the switch, and those of before are sealed anew', async () => {
  expect((await rotate('algorithm')).unopened).toBe(0)
  const { id } = await made('/api/people', { familyName: 'Nieuw', emails: [] })
  const old = `substring(contact_sealed from 3 for 1) = '\\x01'::bytea`
  expect(await count(`kluis.person where ${old}`)).toBe(0)
  expect(
    await count(`kluis.note where substring(content_sealed from 3 for 1) = '\\x01'::bytea`),
  ).toBe(0)
  expect(await count(`kluis.person where id = '${id}' and not ${old}`)).toBe(1)
  await everythingOpens()
  await isIntact()
})

test('whoever is looked for by a value is found before, while and after its key is replaced', async () => {
  const found = async (i: number) =>
    (
      await bea.call('POST', '/api/people/duplicates', {
        emails: [`k${i}@klant.example`],
      })
    ).json().items.length
  const tokens = async () =>
    (await kluis.admin.query('select token from kluis.person_lookup order by 1')).rows.map(
      ({ token }) => token.toString('hex'),
    )
  const exact = async () =>
    (
      await kluis.admin.query(
        'select exact_token from kluis.confidential_value where exact_token is not null',
      )
    ).rows.map((row) => row.exact_token.toString('hex'))
  const rows = (await tokens()).length
  const [before, values] = [new Set(await tokens()), new Set(await exact())]
  expect(values.size).toBe(PEOPLE)
  kluis.keystore.rotate.beginLookupKey()
  // Between the two keys: rows of before under the old one, new ones under the new.
  const { id } = await made('/api/people', {
    familyName: 'Tussen',
    emails: [{ value: 'tussen@klant.example' }],
  })
  expect(await found(3)).toBe(1)
  await rotate('search')
  const after = await tokens()
  expect(after.length).toBe(rows + 1)
  expect(after.filter((token) => before.has(token))).toEqual([])
  expect((await exact()).filter((token) => values.has(token))).toEqual([])
  expect(kluis.keystore.lookupKeys().length).toBe(1)
  for (const i of [0, 3, PEOPLE - 1]) expect(await found(i)).toBe(1)
  const holders = await bea.call('GET', `/api/people/${id}`)
  expect(holders.statusCode).toBe(200)
  await isIntact()
})

test('segments and the organisation key are replaced under the same record keys', async () => {
  const before = kluis.keystore.slotKey(4000)
  await rotate('segments')
  await rotate('organisation')
  const after = kluis.keystore.slotKey(4000)
  if (before.kind !== 'key' || after.kind !== 'key') throw new Error('the key is not there')
  expect(after.key.equals(before.key)).toBe(true)
  await everythingOpens()
  await isIntact()
})

test('the root key is replaced with its file, and the one of before opens nothing', async () => {
  const old = readFileSync(kluis.rootKeyPath)
  await rotate('root')
  const fresh = readFileSync(kluis.rootKeyPath)
  expect(fresh.equals(old)).toBe(false)
  const open = (rootKey: Buffer) => () =>
    openKeystore({ directory: join(kluis.directory, 'keystore'), rootKey, mayCreate: false })
  expect(open(old)).toThrow('does not open with this root key')
  expect(open(fresh)().organisationId).toBe(kluis.keystore.organisationId)
  await everythingOpens()
})

test('one rotation runs at a time, by whoever may manage keys and proves it is them', async () => {
  const officer = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
  expect((await officer.call('GET', '/api/keys')).statusCode).toBe(403)
  const asked = { what: 'segments', rowsPerSecond: 1 }
  const bare = await kluis.send('POST', '/api/keys/rotations', asked, { kluis: bea.token })
  expect(bare.json().code).toBe('step-up-needed')
  const begun = await bea.call('POST', '/api/keys/rotations', asked)
  expect(begun.statusCode, begun.body).toBe(201)
  const { running } = begun.json()
  expect(running).toMatchObject({ what: 'segments', startedBy: bea.userId })
  const second = await bea.call('POST', '/api/keys/rotations', { what: 'search' })
  expect(second.json().code).toBe('rotation-running')
  const faster = await bea.call('PATCH', `/api/keys/rotations/${running.id}`, {
    rowsPerSecond: 100_000,
  })
  // At that rate it may be done before it is shown.
  const { running: still, last } = faster.json() as Keys
  const shown = still ?? last.find(({ id }) => id === running.id)
  expect(shown?.rowsPerSecond).toBe(100_000)
  // At one row a second it would have stood still for an hour.
  await kluis.app.keys.rotations.ended()
  const late = await bea.call('PATCH', `/api/keys/rotations/${running.id}`, { rowsPerSecond: 5 })
  expect(late.json().code).toBe('not-found')
})

test('who began to write while the boundary was being moved is waited for', async () => {
  const { id } = await made('/api/people', { familyName: 'Open', emails: [] })
  // A boundary whose commit takes a while: who begins meanwhile still sees the one of before.
  await kluis.admin.query(
    `create function public.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return null; end $$`,
  )
  await kluis.admin.query(
    'create constraint trigger slow after update on kluis.key_boundary deferrable initially deferred for each row execute function public.slow()',
  )
  const one = async (text: string) => (await kluis.admin.query(text)).rows[0]
  const keySlot = Number(
    (await one(`select key_slot from kluis.person where id = '${id}'`)).key_slot,
  )
  const target = { table: 'note', sealedClass: 'content', subjectId: id, sealCounter: 1 } as const
  const rowId = randomUUID()
  const [late] = await kluis.app.vault.seal([
    { target: { ...target, rowId, keySlot }, value: { body: 'op de valreep' } },
  ])
  const writer = await kluis.otherAdmin()
  const { id: rotation } = await kluis.app.keys.rotations.start({
    ...{ what: 'records', rowsPerSecond: 100_000, by: null },
  })
  const isCommitting = () =>
    one(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
    ).then(({ n }) => n)
  const often = { timeout: 20_000, interval: 10 }
  await expect.poll(isCommitting, often).toBe(1)
  await writer.query('begin')
  await writer.query('insert into kluis.note (id, person_id, content_sealed) values ($1, $2, $3)', [
    rowId,
    id,
    late,
  ])
  // The writer's row came under a key that is about to go: as long as it may be written, nothing is looked for.
  await expect.poll(isCommitting, often).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect((await one(`select phase from kluis.key_rotation where id = '${rotation}'`)).phase).toBe(
    'close',
  )
  await writer.query('commit')
  await writer.end()
  await kluis.app.keys.rotations.ended()
  await kluis.admin.query('drop trigger slow on kluis.key_boundary')
  // What it wrote was sealed anew by the last look: the key it had is destroyed.
  const { last } = await kluis.app.keys.rotations.showAll()
  expect(last.find((done) => done.id === rotation)?.unopened).toBe(0)
  expect(kluis.keystore.slotKey(keySlot)).toEqual({ kind: 'closed', why: 'erased' })
  const notes = (await bea.call('GET', `/api/people/${id}/notes`)).json()
  expect(notes.items[0]).toMatchObject({ body: 'op de valreep', closed: null })
  await made(`/api/people/${id}/notes`, { body: 'daarna' })
})

test('a record of which one value does not open keeps its key, and opens again with the value back', async () => {
  const { id } = await made('/api/people', {
    familyName: 'Stuk',
    emails: [],
    ibans: ['BE68539007547034'],
  })
  const flipOneBit = async () => {
    await kluis.admin.query('set session_replication_role = replica')
    await kluis.admin.query(
      'update kluis.person set confidential_sealed = set_byte(confidential_sealed, 60, get_byte(confidential_sealed, 60) # 1) where id = $1',
      [id],
    )
    await kluis.admin.query('set session_replication_role = origin')
  }
  await flipOneBit()
  expect((await rotate('records')).unopened).toBeGreaterThan(0)
  await flipOneBit()
  expect((await bea.call('GET', `/api/people/${id}`)).json().familyName).toBe('Stuk')
  await made(`/api/people/${id}/notes`, { body: 'daarna' })
})
