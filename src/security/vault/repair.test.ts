import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type Keystore, openKeystore, SEGMENT_SLOTS } from './keystore.ts'
import { repairKeystore } from './repair.ts'

const root = mkdtempSync(join(tmpdir(), 'kluis-repair-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const FILE = 'segment-000000.1.keys'
const SLOTS = [64, 65, 1000, SEGMENT_SLOTS - 1]
let round = 0
let directory: string
let mirror: string
let rootKey: Buffer
let before: string[]
beforeEach(() => {
  round += 1
  directory = join(root, `keys-${round}`)
  mirror = join(root, `mirror-${round}`)
  rootKey = randomBytes(32)
  before = secretsOf(openKeystore({ directory, mirror, rootKey, mayCreate: true }))
})

function secretsOf(keystore: Keystore): string[] {
  return SLOTS.map((slot) => {
    const found = keystore.slotKey(slot)
    return found.kind === 'key' ? found.key.export().toString('hex') : found.why
  })
}
const secretsIn = (folder: string) =>
  secretsOf(openKeystore({ directory: folder, rootKey, mayCreate: false }))
const repair = (isDryRun = false, isGivingUp = false) =>
  repairKeystore({ directory, mirror, rootKey, isDryRun, isGivingUp })
function damage(folder: string, slot: number, name = FILE): void {
  const path = join(folder, name)
  const bytes = readFileSync(path)
  bytes[slot * 60 + 20]! ^= 1
  writeFileSync(path, bytes)
}

test('a keystore that is whole is left as it is', () => {
  const head = readFileSync(join(directory, 'head.json'))
  expect(repair()).toMatchObject({ segments: 1, putBack: [], lost: [], givenUp: [], lostNamed: [] })
  expect(readFileSync(join(directory, 'head.json'))).toEqual(head)
})

test('what is damaged on one side is put back from the other, also when both are damaged', () => {
  damage(directory, 64)
  damage(mirror, 1000)
  expect(secretsIn(directory)[0]).toBe('key-damaged')
  const dry = repair(true)
  expect(dry.putBack).toEqual([join(directory, FILE), join(mirror, FILE)])
  expect(secretsIn(directory)[0]).toBe('key-damaged')
  expect(repair()).toMatchObject({ putBack: dry.putBack, lost: [] })
  expect(secretsIn(directory)).toEqual(before)
  expect(secretsIn(mirror)).toEqual(before)
})

test('a file that is missing, cut or of zeros comes back, and so does a head', () => {
  rmSync(join(directory, FILE))
  writeFileSync(join(directory, 'head.json'), readFileSync(join(mirror, 'head.json')).subarray(9))
  expect(repair().lost).toEqual([])
  expect(secretsIn(directory)).toEqual(before)
  writeFileSync(join(directory, FILE), Buffer.alloc(100))
  repair()
  expect(secretsIn(directory)).toEqual(before)
  const head = JSON.parse(readFileSync(join(directory, 'head.json'), 'utf8'))
  head.segments[0].key = Buffer.alloc(60).toString('base64')
  writeFileSync(join(directory, 'head.json'), JSON.stringify(head))
  expect(secretsIn(directory)[0]).toBe('key-damaged')
  expect(repair().putBack).toEqual([join(directory, 'head.json')])
  expect(secretsIn(directory)).toEqual(before)
})

test('a key that neither copy holds is named, given up only when asked, and never made anew', () => {
  for (const slot of [64, 65, 1000]) for (const folder of [directory, mirror]) damage(folder, slot)
  const lost = [
    { from: 64, to: 65 },
    { from: 1000, to: 1000 },
  ]
  expect(repair()).toMatchObject({ lost, givenUp: [] })
  // A copy of before may still have it: nothing was written over.
  expect(repair()).toMatchObject({ lost, givenUp: [] })
  expect(repair(false, true)).toMatchObject({ lost, givenUp: [] })
  expect(secretsIn(directory)).toEqual(['key-damaged', 'key-damaged', 'key-damaged', before[3]])
  expect(repair()).toMatchObject({ lost: [], givenUp: lost, putBack: [] })
  const keystore = openKeystore({ directory, mirror, rootKey, mayCreate: false })
  keystore.rotate.segment(0)
  expect(secretsOf(keystore)).toEqual(['key-damaged', 'key-damaged', 'key-damaged', before[3]])
})

test('a whole segment that neither copy holds is named, and the others open', () => {
  openKeystore({ directory, mirror, rootKey, mayCreate: false }).ensureSlot(SEGMENT_SLOTS)
  for (const folder of [directory, mirror]) rmSync(join(folder, 'segment-000001.1.keys'))
  expect(repair().lost).toEqual([{ from: SEGMENT_SLOTS, to: 2 * SEGMENT_SLOTS - 1 }])
  expect(secretsIn(directory)).toEqual(before)
})

test('another root key repairs nothing, and says so', () => {
  damage(directory, 64)
  rootKey = randomBytes(32)
  expect(() => repair()).toThrow('opens with this root key')
})

test('what is damaged here is never written over the good copy in the mirror', () => {
  damage(directory, 64)
  const keystore = openKeystore({ directory, mirror, rootKey, mayCreate: false })
  expect(keystore.keystoreState()).toMatchObject({ isMirrored: false })
  expect(secretsIn(mirror)).toEqual(before)
  // Nor does a rotation or an erasure seal the damage in.
  expect(() => keystore.rotate.segment(0)).toThrow('key 64 of the keystore is damaged')
  expect(() => keystore.eraseSlots([66])).toThrow('vault repair')
  cpSync(mirror, directory, { recursive: true })
  expect(secretsIn(directory)).toEqual(before)
})
