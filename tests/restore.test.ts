import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fitKeySlots } from '#database/key-slots.ts'
import { SEGMENT_SLOTS } from '#security/vault/keystore.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
const checkpoints = () => join(kluis.directory, 'ledger/checkpoints')

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
  await ana.call('POST', '/api/people', { familyName: 'Peeters' })
  await kluis.app.ledger.settle()
})
afterAll(() => kluis.close())

const compare = (highestSlot: number, isRolledBack = false) =>
  fitKeySlots(
    {
      host: kluis.admin.host,
      port: kluis.admin.port,
      user: 'kluis_admin',
      database: kluis.databaseName,
    },
    { highestSlot, segmentSlots: SEGMENT_SLOTS },
    isRolledBack,
  )
const drawn = async () =>
  Number((await kluis.admin.query('select last_value from kluis.key_slot')).rows[0].last_value)
const slotOfNew = async () => {
  const made = await ana.call('POST', '/api/people', { familyName: 'Nieuw' })
  const { rows } = await kluis.admin.query('select key_slot from kluis.person where id = $1', [
    made.json().id,
  ])
  return Number(rows[0].key_slot)
}

test('a keystore and a database of one day fit, and draw no further numbers', async () => {
  const before = await drawn()
  expect(await compare(SEGMENT_SLOTS - 1)).toEqual({ kind: 'fit' })
  expect(await kluis.app.ledger.isRolledBack()).toBe(false)
  expect(await drawn()).toBe(before)
})

test('a keystore that ends before the newest record is named, and nothing is drawn', async () => {
  const before = await drawn()
  const slot = await slotOfNew()
  expect(await compare(slot - 1)).toEqual({ kind: 'keystore-older', slot })
  expect(await drawn()).toBeGreaterThanOrEqual(before)
})

test('so is one that ends before the newest joint dossier, or before a file that a law has kept', async () => {
  const people: string[] = []
  for (const familyName of ['Een', 'Twee'])
    people.push((await ana.call('POST', '/api/people', { familyName })).json().id)
  const parties = people.map((personId) => ({ personId, role: 'partner' }))
  const { id } = (await ana.call('POST', '/api/joint-dossiers', { parties })).json()
  const retention = { rule: 'NL-FISC-7', from: '2026-01-01' }
  const given = { name: 'akte.pdf', size: 1, retention }
  const file = await ana.call('POST', `/api/joint-dossiers/${id}/files`, given)
  expect(file.statusCode, file.body).toBe(201)
  const slots: number[] = []
  for (const [table, one] of [
    ['joint_dossier', id],
    ['file', file.json().id],
  ]) {
    const { rows } = await kluis.admin.query(`select key_slot from kluis.${table} where id = $1`, [
      one,
    ])
    slots.push(Number(rows[0].key_slot))
  }
  const [ofJoint, ofFile] = slots
  expect(await compare(ofFile! - 1)).toEqual({ kind: 'keystore-older', slot: ofFile })
  await kluis.admin.query('delete from kluis.file')
  expect(await compare(ofJoint! - 1)).toEqual({ kind: 'keystore-older', slot: ofJoint })
})

test('a database with fewer leaves than the newest checkpoint, or without the file of them, was put back', async () => {
  appendFileSync(checkpoints(), `${JSON.stringify(`kluis/x\n999999\nroot\n\n— kluis x`)}\n`)
  expect(await kluis.app.ledger.isRolledBack()).toBe(true)
  rmSync(checkpoints())
  expect(await kluis.app.ledger.isRolledBack()).toBe(true)
})

test('half a line in the file of checkpoints stops no check', async () => {
  await ana.call('POST', '/api/people', { familyName: 'Peeters' })
  await kluis.app.ledger.settle()
  // As a crash leaves it: the beginning of a note that the database holds whole.
  const note = readFileSync(checkpoints(), 'utf8').trim().split('\n').at(-1)!
  appendFileSync(checkpoints(), note.slice(0, 20))
  expect(await kluis.app.ledger.isRolledBack()).toBe(false)
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('after a restore of the database new people take keys that nobody had', async () => {
  expect(await compare(SEGMENT_SLOTS - 1, true)).toEqual({ kind: 'raised', from: SEGMENT_SLOTS })
  expect(await compare(SEGMENT_SLOTS - 1, true)).toEqual({ kind: 'fit' })
  expect(await drawn()).toBe(SEGMENT_SLOTS - 1)
  // A whole segment that was never reached says the same without the ledger.
  expect(await compare(3 * SEGMENT_SLOTS - 1)).toEqual({ kind: 'raised', from: 3 * SEGMENT_SLOTS })
  expect(await drawn()).toBe(3 * SEGMENT_SLOTS - 1)
})
