import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askOperator, claimOperatorSocket, type OperatorSocket } from '#platform/operator-socket.ts'
import { repairKeystore } from '#security/vault/repair.ts'
import type { Keys, Rotation, What } from '#security/vault/rotation/contract.ts'
import { besideVerbs, keyVerbs } from '../src/key-verbs.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let operator: OperatorSocket
const socket = () => join(kluis.directory, 'operator.sock')
const SETTLE_MS = 1_500
const often = { timeout: 20_000, interval: 10 }

beforeAll(async () => {
  kluis = await openTestKluis({ settleMs: SETTLE_MS })
  bea = await kluis.setUp('everyone')
  const claimed = await claimOperatorSocket(socket(), 'start')
  if (claimed === 'taken') throw new Error('taken')
  operator = claimed
  operator.serve(keyVerbs(kluis.app as never), besideVerbs)
})
afterAll(async () => {
  await operator.close()
  await kluis.close()
})

const made = async (path: string, body: object): Promise<{ id: string; rowVersion: number }> => {
  const answer = await bea.call('POST', path, body)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const person = (familyName: string) =>
  made('/api/people', { familyName, emails: [{ value: `${familyName}@klant.example` }] })
const foundByMail = async (familyName: string) =>
  (
    await bea.call('POST', '/api/people/duplicates', { emails: [`${familyName}@klant.example`] })
  ).json().items.length
const rows = async <T = Record<string, never>>(text: string, values: unknown[] = []) =>
  (await kluis.admin.query(text, values)).rows as T[]
const slotOf = async (id: string) =>
  Number(
    (await rows<{ key_slot: string }>('select key_slot from kluis.person where id = $1', [id]))[0]!
      .key_slot,
  )
const phaseOf = async (id: string) =>
  (await rows<{ phase: string }>('select phase from kluis.key_rotation where id = $1', [id]))[0]
    ?.phase
/** As a disk does it: past every trigger. */
async function past(text: string, values: unknown[]): Promise<void> {
  await rows('set session_replication_role = replica')
  await rows(text, values)
  await rows('set session_replication_role = origin')
}
const start = (what: What, rowsPerSecond = 100_000) =>
  kluis.app.keys.rotations.start({ what, rowsPerSecond, by: null })
async function ended(id: string): Promise<Rotation> {
  await kluis.app.keys.rotations.ended()
  const { last, problem } = await kluis.app.keys.rotations.showAll()
  expect(problem).toBeNull()
  return last.find((one) => one.id === id)!
}
const rotate = async (what: What) => ended((await start(what)).id)

async function asked(verb: string, args: object = {}) {
  const answer = await askOperator(socket(), verb, { ...args })
  if (answer.kind !== 'answer') throw new Error(answer.kind)
  return answer.answer
}

test('while a command looks on at a rotation, its state is told and somebody is erased', async () => {
  const { id } = await person('intussen')
  const rotating = asked('vault rotate', { what: 'segments', rate: 1 })
  const running = async () => ((await asked('vault status')).result as Keys).running
  await expect.poll(running, often).toMatchObject({ what: 'segments' })
  const erased = await asked('vault erase', {
    ...{ kind: 'person', id, reason: 'vroeg erom', isConfirmed: true },
  })
  expect(erased.exitCode).toBe(0)
  expect(await running()).toMatchObject({ what: 'segments' })
  await kluis.app.keys.rotations.changeRate((await running())!.id, 100_000)
  expect((await rotating).exitCode).toBe(0)
})

const FLIP =
  'update kluis.person set contact_sealed = set_byte(contact_sealed, 60, get_byte(contact_sealed, 60) # 1) where id = $1'

test('whoever did not open while the lookup key was replaced is said to be found no more, and is found again after a repair and another', async () => {
  const { id } = await person('stuk')
  await past(FLIP, [id])
  const told = await asked('vault rotate', { what: 'search', rate: 100_000 })
  expect(told.exitCode).toBe(1)
  expect(told.lines?.join()).toContain('1 rows did not open and are not found by exact values')
  expect(kluis.keystore.lookupKeys()).toHaveLength(1)
  await past(FLIP, [id])
  expect(await foundByMail('stuk')).toBe(0)
  expect((await rotate('search')).unopened).toBe(0)
  expect(await foundByMail('stuk')).toBe(1)
})

test('what somebody wrote with the lookup key of before, behind the first look, is put right by the second', async () => {
  const { id } = await person('laat')
  const tokens = () =>
    rows<{ token: Buffer }>('select token from kluis.person_lookup where person_id = $1', [id])
  const [before] = await tokens()
  const { id: rotation } = await start('search')
  await expect.poll(() => phaseOf(rotation), often).toBe('hash-again')
  await rows('update kluis.person_lookup set token = $2 where person_id = $1', [id, before!.token])
  await ended(rotation)
  const after = await tokens()
  expect(after).toHaveLength(1)
  expect(after[0]!.token.equals(before!.token)).toBe(false)
  expect(await foundByMail('laat')).toBe(1)
})

test('a lookup key that came long after its rotation was begun is settled as long as any other', async () => {
  await rows(
    `insert into kluis.key_rotation (what, phase, rows_per_second, total, started_at) values ('search', 'keystore', 100000, 1, now() - interval '1 hour')`,
  )
  const began = Date.now()
  expect(await kluis.app.keys.rotations.resume()).toBe(true)
  await kluis.app.keys.rotations.ended()
  expect(Date.now() - began).toBeGreaterThanOrEqual(SETTLE_MS)
  expect(kluis.keystore.lookupKeys()).toHaveLength(1)
})

/** What somebody saves who began before: sealed under the key of then, in a transaction that stays open. */
async function sealedNote(personId: string, rowId: string, keySlot: number, counter: number) {
  const target = { table: 'note', sealedClass: 'content', rowId, subjectId: personId } as const
  const value = { body: 'net bewaard' }
  const [sealed] = await kluis.app.vault.seal([
    { target: { ...target, keySlot, sealCounter: counter }, value },
  ])
  return sealed!
}
const isWaiting = async () =>
  (
    await rows<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
  )[0]!.n

test('a row that somebody is saving is sealed anew as they saved it, and no erasure comes in between', async () => {
  const [{ id }, other] = [await person('bewaart'), await person('wacht')]
  const note = await made(`/api/people/${id}/notes`, { body: 'van voor' })
  const writer = await kluis.otherAdmin()
  await writer.query('begin')
  await writer.query(
    'update kluis.note set content_sealed = $2, content_seal_counter = 2, row_version = row_version + 1 where id = $1',
    [note.id, await sealedNote(id, note.id, await slotOf(id), 2)],
  )
  const { id: rotation } = await start('records')
  await expect.poll(isWaiting, often).toBe(1)
  const subject = { kind: 'person' as const, id: other.id }
  const erasing = kluis.app.keys.erasing.erase(
    { subject, reason: 'vroeg erom', graceDays: 0 },
    null,
  )
  // Long enough for an erasure that waits for nobody.
  for (let i = 0; i < 20; i++) await kluis.app.keys.erasing.plan(subject)
  expect((await bea.call('GET', `/api/people/${other.id}`)).statusCode).toBe(200)
  await writer.query('commit')
  await writer.end()
  await erasing
  expect((await ended(rotation)).unopened).toBe(0)
  expect((await bea.call('GET', `/api/people/${other.id}`)).statusCode).toBe(410)
  const notes = (await bea.call('GET', `/api/people/${id}/notes`)).json()
  expect(notes.items[0]).toMatchObject({ body: 'net bewaard', closed: null })
})

/** As a bad sector does it; the head is touched, so that what is in memory does not hide it. */
async function damageKey(slot: number): Promise<void> {
  const directory = join(kluis.directory, 'keystore')
  const name = readdirSync(directory).find((one) => one.startsWith('segment-000000.'))!
  const bytes = readFileSync(join(directory, name))
  bytes[slot * 60 + 20]! ^= 1
  writeFileSync(join(directory, name), bytes)
  const now = new Date()
  utimesSync(join(directory, 'head.json'), now, now)
}

test('a key that was given up holds no other back, and its record does not pass for an erased one', async () => {
  const [lost, kept] = [await person('verloren'), await person('heel')]
  const [lostSlot, keptSlot] = [await slotOf(lost.id), await slotOf(kept.id)]
  await damageKey(lostSlot)
  expect((await bea.call('GET', `/api/people/${lost.id}`)).json().code).toBe('key-damaged')
  expect((await rotate('records')).unopened).toBeGreaterThan(0)
  expect(kluis.keystore.slotKey(keptSlot).kind).toBe('key')
  repairKeystore({
    ...{ directory: join(kluis.directory, 'keystore'), mirror: undefined },
    ...{ rootKey: readFileSync(kluis.rootKeyPath), isDryRun: false, isGivingUp: true },
  })
  expect((await rotate('records')).unopened).toBe(0)
  expect(kluis.keystore.slotKey(keptSlot)).toEqual({ kind: 'closed', why: 'erased' })
  expect((await bea.call('GET', `/api/people/${kept.id}`)).json().familyName).toBe('heel')
  expect((await bea.call('GET', `/api/people/${lost.id}`)).json().code).toBe('key-damaged')
  for (const what of ['search', 'algorithm'] as const)
    expect((await rotate(what)).unopened, what).toBe(0)
})
