/** Erasing one of several who share a dossier: what was hers alone goes, what they share stays with the others. */
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Erasure } from '#security/vault/erasing/contract.ts'
import { keyVerbs } from '../src/key-verbs.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let officer: Caller

beforeAll(async () => {
  kluis = await openTestKluis({ settleMs: 0 })
  bea = await kluis.setUp('everyone')
  officer = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
})
afterAll(() => kluis.close())

type Made = { id: string; rowVersion: number }
async function made(path: string, body: object): Promise<Made> {
  const answer = await bea.call('POST', path, body)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const person = (familyName: string) => made('/api/people', { familyName })
const joint = (name: string, ...people: Made[]) =>
  made('/api/joint-dossiers', {
    name,
    parties: people.map(({ id }) => ({ personId: id, role: 'partner' })),
  })
const shown = (one: Made) => bea.call('GET', `/api/joint-dossiers/${one.id}`)
const bodies = async (path: string): Promise<string[]> =>
  (await bea.call('GET', `${path}/notes`)).json().items.map(({ body }: { body: string }) => body)
async function erase(id: string, kind = 'person'): Promise<Erasure> {
  const answer = await officer.call('POST', '/api/erasures', {
    subject: { kind, id },
    reason: 'vroeg erom, 3 mei',
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const slot = async (table: string, { id }: Made) =>
  Number(
    (await kluis.admin.query(`select key_slot from kluis.${table} where id = $1`, [id])).rows[0]!
      .key_slot,
  )
const partiesIn = async ({ id }: Made): Promise<string[]> =>
  (
    await kluis.admin.query('select person_id from kluis.joint_party where joint_dossier_id = $1', [
      id,
    ])
  ).rows.map((row) => row.person_id)
const erased = { kind: 'closed', why: 'erased' }

test('of two partners one is erased: what was hers alone goes, what they share stays with the other and is to be read', async () => {
  const [an, bo] = [await person('Weg'), await person('Blijft')]
  const house = await joint('Huis', an, bo)
  await made(`/api/joint-dossiers/${house.id}/notes`, { body: 'hypotheek van beiden' })
  await made(`/api/people/${an.id}/notes`, { body: 'van haar alleen' })
  await made(`/api/people/${bo.id}/notes`, { body: 'An belde ook over hem' })
  const hers = await slot('person', an)
  const plan = await kluis.app.keys.erasing.plan({ kind: 'person', id: an.id })
  expect(plan.jointDossiers).toEqual({ erased: 0, left: 1 })
  const { certificate, text } = await erase(an.id)
  expect(certificate.keySlots).toEqual([hers])
  expect(certificate.jointDossiers).toEqual({ erased: 0, left: 1 })
  expect(certificate.remains.map(({ where }) => where)).toContain('joint-dossiers')
  expect(text).toContain('moet iemand nalezen')
  expect(kluis.keystore.slotKey(hers)).toEqual(erased)
  expect(await partiesIn(house)).toEqual([bo.id])
  expect(await bodies(`/api/joint-dossiers/${house.id}`)).toEqual(['hypotheek van beiden'])
  expect(await bodies(`/api/people/${bo.id}`)).toEqual(['An belde ook over hem'])
  const now = (await shown(house)).json()
  expect(now.parties).toMatchObject([{ personId: bo.id }])
  expect(now.reviewSince).toMatch(/^20/)
  const read = await bea.call('PATCH', `/api/joint-dossiers/${house.id}`, {
    rowVersion: now.rowVersion,
    isReviewed: true,
  })
  expect(read.json().reviewSince).toBeNull()
})

test('the last party that is erased takes the joint dossier along, and the certificate counts it', async () => {
  const [an, bo] = [await person('Eerste'), await person('Laatste')]
  const house = await joint('Samen', an, bo)
  const note = await made(`/api/joint-dossiers/${house.id}/notes`, { body: 'van beiden' })
  const shared = await slot('joint_dossier', house)
  await erase(an.id)
  expect(kluis.keystore.slotKey(shared).kind).toBe('key')
  const { certificate } = await erase(bo.id)
  expect(certificate.keySlots).toContain(shared)
  expect(certificate.jointDossiers).toEqual({ erased: 1, left: 0 })
  expect(certificate.records).toContain(kluis.app.ledger.nameOf('kluis.joint_dossier', house.id))
  expect(certificate.remains.map(({ where }) => where)).not.toContain('joint-dossiers')
  expect(kluis.keystore.slotKey(shared)).toEqual(erased)
  expect(await partiesIn(house)).toEqual([])
  expect((await shown(house)).statusCode).toBe(404)
  expect((await bea.call('GET', `/api/notes/${note.id}/versions`)).statusCode).toBe(404)
})

test('a copy of before that is put back brings no party back, and the dossier of those who stay still opens', async () => {
  const [an, bo] = [await person('Terug'), await person('Hier')]
  const house = await joint('Kopie', an, bo)
  await made(`/api/joint-dossiers/${house.id}/notes`, { body: 'blijft leesbaar' })
  const [keys, copy] = [join(kluis.directory, 'keystore'), join(kluis.directory, 'copy')]
  cpSync(keys, copy, { recursive: true })
  const before = await kluis.admin.query('select * from kluis.joint_party where person_id = $1', [
    an.id,
  ])
  const hers = await slot('person', an)
  await erase(an.id)
  rmSync(keys, { recursive: true })
  cpSync(copy, keys, { recursive: true })
  const [party] = before.rows
  await kluis.admin.query(
    'insert into kluis.joint_party (id, joint_dossier_id, person_id, content_sealed) values ($1, $2, $3, $4)',
    [party.id, party.joint_dossier_id, party.person_id, party.content_sealed],
  )
  await kluis.admin.query(
    'update kluis.joint_dossier set review_since = null, row_version = row_version + 1 where id = $1',
    [house.id],
  )
  expect(kluis.keystore.slotKey(hers).kind).toBe('key')
  await kluis.app.keys.erasing.reapply()
  expect(kluis.keystore.slotKey(hers)).toEqual(erased)
  expect(await partiesIn(house)).toEqual([bo.id])
  expect((await shown(house)).json().reviewSince).toMatch(/^20/)
  expect(await bodies(`/api/joint-dossiers/${house.id}`)).toEqual(['blijft leesbaar'])
})

test('a copy in which the erased one was the only party yet loses that joint dossier too', async () => {
  const [an, bo] = [await person('Alleen'), await person('Later')]
  const house = await joint('Nog van één', an, bo)
  const invoice = { rule: 'BE-FISC-10', from: '2027-03-15' }
  const kept = await made(`/api/joint-dossiers/${house.id}/files`, {
    ...{ name: 'factuur.pdf', size: 0, retention: invoice },
  })
  await kluis.admin.query(
    'update kluis.file set completed_at = now(), row_version = row_version + 1 where id = $1',
    [kept.id],
  )
  const shared = await slot('joint_dossier', house)
  const before = await kluis.admin.query('select * from kluis.joint_party where person_id = $1', [
    an.id,
  ])
  await erase(an.id)
  const [party] = before.rows
  await kluis.admin.query('delete from kluis.joint_party where joint_dossier_id = $1', [house.id])
  await kluis.admin.query(
    'insert into kluis.joint_party (id, joint_dossier_id, person_id, content_sealed) values ($1, $2, $3, $4)',
    [party.id, party.joint_dossier_id, party.person_id, party.content_sealed],
  )
  expect(kluis.keystore.slotKey(shared).kind).toBe('key')
  await kluis.app.keys.erasing.reapply()
  expect(kluis.keystore.slotKey(shared)).toEqual(erased)
  expect(await partiesIn(house)).toEqual([])
  // What a law has kept of it is found where such files are, and not lost with the dossier that nobody sees any more.
  const apart = await officer.call('GET', '/api/retained-files?state=set-apart')
  expect(apart.json().items).toMatchObject([{ id: kept.id, closed: null }])
})

test('a document that comes to be kept waits for an erasure of its joint dossier, and is then refused', async () => {
  const house = await joint('Onderweg', await person('Tegelijk'), await person('Samen'))
  const eraser = await kluis.otherAdmin()
  await eraser.query('begin')
  await eraser.query('select from kluis.joint_dossier where id = $1 for update', [house.id])
  await eraser.query(
    `insert into kluis.erasure (kind, subject_id, complete_on, content_sealed)
     values ('joint_dossier', $1, now(), '\\x4b5301'::bytea || decode(repeat('00', 100), 'hex'))`,
    [house.id],
  )
  const waiting = bea.call('POST', `/api/joint-dossiers/${house.id}/files`, {
    ...{ name: 'y.txt', size: 1, retention: { rule: 'BE-FISC-10', from: '2027-03-15' } },
  })
  await expect
    .poll(
      async () =>
        (
          await kluis.admin.query(
            "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
          )
        ).rowCount,
      { timeout: 20_000 },
    )
    .toBeGreaterThan(0)
  await eraser.query('commit')
  expect((await waiting).json().code).toBe('record-erased')
  // Made by hand: no start would know its keys.
  await kluis.admin.query('set session_replication_role = replica')
  await kluis.admin.query('delete from kluis.erasure where subject_id = $1', [house.id])
  await kluis.admin.query('set session_replication_role = origin')
  await eraser.end()
})

test('whoever was merged into an erased person is no party any more either', async () => {
  const [kept, other, bo] = [await person('Een'), await person('Een'), await person('Ander')]
  const [first, second] = [await joint('A', kept, other), await joint('B', other, bo)]
  const merged = await bea.call('POST', '/api/people/merges', {
    ...{ keptId: kept.id, keptVersion: 1, otherId: other.id, otherVersion: 1 },
  })
  expect(merged.statusCode, merged.body).toBe(200)
  const { certificate } = await erase(kept.id)
  expect(certificate.jointDossiers).toEqual({ erased: 1, left: 1 })
  expect(await partiesIn(first)).toEqual([])
  expect(await partiesIn(second)).toEqual([bo.id])
  expect((await shown(second)).statusCode).toBe(200)
})

test('nobody who was erased joins a dossier anew', async () => {
  const [an, bo, cas] = [await person('Voorbij'), await person('Een'), await person('Twee')]
  const house = await joint('Later', bo, cas)
  await erase(an.id)
  const answer = await bea.call('POST', `/api/joint-dossiers/${house.id}/parties`, {
    personId: an.id,
    role: 'child',
  })
  expect(answer.json().code).toBe('record-erased')
})

test('the command tells beforehand which joint dossiers go and stay, and afterwards in the certificate', async () => {
  const [an, bo] = [await person('Beheer'), await person('Ander')]
  await joint('Blijft', an, bo)
  const asked = { kind: 'person', id: an.id, reason: 'brief van 3 mei' }
  const verb = keyVerbs(kluis.app as never)['vault erase']!
  const told = await verb(
    { ...asked, isConfirmed: false },
    () => {},
    async () => {},
  )
  expect(told.lines).toContain(
    '1 joint dossiers stay with their other parties, and are marked to be read by somebody',
  )
  expect((await bea.call('GET', `/api/people/${an.id}`)).statusCode).toBe(200)
  const done = await verb(
    { ...asked, isConfirmed: true },
    () => {},
    async () => {},
  )
  expect(done.lines!.join('\n')).toContain(
    'Joint dossiers: 0 erased as well, 1 stay with the others',
  )
})

test('a joint dossier is erased by itself, and its parties stay', async () => {
  const [an, bo] = [await person('Apart'), await person('Samen')]
  const house = await joint('Alleen dit', an, bo)
  await made(`/api/joint-dossiers/${house.id}/notes`, { body: 'weg ermee' })
  await made(`/api/people/${an.id}/notes`, { body: 'blijft van haar' })
  const { certificate, text } = await erase(house.id, 'joint_dossier')
  expect(certificate.keySlots).toEqual([await slot('joint_dossier', house)])
  expect(text).toContain('een gezamenlijk dossier')
  expect((await shown(house)).json()).toMatchObject({
    name: '',
    closed: 'erased',
    parties: [{ name: 'Apart' }, { name: 'Samen' }],
  })
  const { items } = (await bea.call('GET', `/api/joint-dossiers/${house.id}/notes`)).json()
  expect(items).toMatchObject([{ body: '', closed: 'erased' }])
  expect(await bodies(`/api/people/${an.id}`)).toEqual(['blijft van haar'])
})

test.each(['records', 'algorithm'] as const)(
  'replacing the keys of %s reaches joint dossiers and all that hangs on them',
  async (what) => {
    const [an, bo] = [await person('Draait'), await person('Mee')]
    const house = await joint('Sleutels', an, bo)
    const note = await made(`/api/joint-dossiers/${house.id}/notes`, { body: 'eerst' })
    await bea.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'dan' })
    await made('/api/tasks', { subject: { kind: 'joint_dossier', id: house.id }, title: 'bellen' })
    await made(`/api/joint-dossiers/${house.id}/files`, { name: 'a.txt', size: 3 })
    const before = await slot('joint_dossier', house)
    const { rotations } = kluis.app.keys
    await rotations.start({ what, rowsPerSecond: 100_000, by: null })
    await rotations.ended()
    const after = await slot('joint_dossier', house)
    expect(after === before).toBe(what === 'algorithm')
    if (what === 'records') expect(kluis.keystore.slotKey(before)).toEqual(erased)
    const { rows } = await kluis.admin.query(
      `select kluis.slot_of(sealed)::int as slot, get_byte(sealed, 2) as version, name from (
      select content_sealed as sealed, 'dossier' as name from kluis.joint_dossier where id = $1
      union all select content_sealed, 'party' from kluis.joint_party where joint_dossier_id = $1
      union all select content_sealed, 'note' from kluis.note where joint_dossier_id = $1
      union all select content_sealed, 'version' from kluis.note_version where joint_dossier_id = $1
      union all select content_sealed, 'task' from kluis.task where joint_dossier_id = $1
      union all select unnest(array[content_sealed, key_sealed]), 'file' from kluis.file where joint_dossier_id = $1) s`,
      [house.id],
    )
    expect(rows).toHaveLength(8)
    for (const row of rows) {
      expect(row.slot, row.name).toBe(after)
      if (what === 'algorithm') expect(row.version, row.name).toBe(2)
    }
    expect((await shown(house)).json()).toMatchObject({
      name: 'Sleutels',
      closed: null,
      parties: [{ role: 'partner' }, { role: 'partner' }],
    })
    expect(await bodies(`/api/joint-dossiers/${house.id}`)).toEqual(['dan'])
  },
)
