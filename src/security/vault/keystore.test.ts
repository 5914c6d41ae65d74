import { randomBytes } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type Keystore, openKeystore, SEGMENT_SLOTS } from './keystore.ts'

const root = mkdtempSync(join(tmpdir(), 'kluis-keystore-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let round = 0
let directory: string
let mirror: string
let rootKey: Buffer
beforeEach(() => {
  round += 1
  directory = join(root, `keys-${round}`)
  mirror = join(root, `mirror-${round}`)
  rootKey = randomBytes(32)
})

const create = (withMirror = false) =>
  openKeystore({ directory, rootKey, mayCreate: true, ...(withMirror ? { mirror } : {}) })
const reopen = (from = directory) =>
  openKeystore({ directory: from, rootKey, mayCreate: false, whenAway: 'wait' })
function secretOf(keystore: Keystore, slot: number): string {
  const found = keystore.slotKey(slot)
  return found.kind === 'key' ? found.key.export().toString('hex') : found.why
}

test('a segment is born full, and every key is the same after opening anew', () => {
  const keystore = create()
  const slots = [0, 1, 64, SEGMENT_SLOTS - 1]
  const before = slots.map((slot) => secretOf(keystore, slot))
  expect(new Set(before).size).toBe(slots.length)
  expect(slots.map((slot) => secretOf(reopen(), slot))).toEqual(before)
  expect(keystore.highestSlot()).toBe(SEGMENT_SLOTS - 1)
  expect(secretOf(keystore, SEGMENT_SLOTS)).toBe('no-key')
  keystore.ensureSlot(SEGMENT_SLOTS)
  expect(secretOf(keystore, SEGMENT_SLOTS)).toMatch(/^[0-9a-f]{64}$/)
})

test('nobody else can read the files', () => {
  create()
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(directory))
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
})

test('an erased key is gone, says so, and takes no other with it', () => {
  const keystore = create(true)
  const kept = secretOf(keystore, 65)
  // Used a moment before: what was kept of it must go too.
  expect(secretOf(keystore, 64)).toMatch(/^[0-9a-f]{64}$/)
  const oldSegment = readFileSync(join(directory, 'segment-000000.1.keys'))
  keystore.eraseSlots([64])
  expect(secretOf(keystore, 64)).toBe('erased')
  expect(secretOf(keystore, 65)).toBe(kept)
  expect(secretOf(reopen(), 64)).toBe('erased')
  expect(secretOf(reopen(mirror), 64)).toBe('erased')
  for (const folder of [directory, mirror])
    expect(readdirSync(folder).sort()).toEqual(['head.json', 'segment-000000.2.keys'])
  // The old bytes alone bring nothing back: their segment key is destroyed.
  writeFileSync(join(directory, 'segment-000000.2.keys'), oldSegment)
  expect(secretOf(reopen(), 64)).toBe('key-damaged')
  expect(() => keystore.eraseSlots([0])).toThrow("organisation's own")
})

test('a slot somebody zeroed, moved or cut is damaged, and neither erased nor a keystore that is away', () => {
  create()
  const path = join(directory, 'segment-000000.1.keys')
  const bytes = readFileSync(path)
  const swapped = Buffer.from(bytes)
  bytes.copy(swapped, 64 * 60, 65 * 60, 66 * 60)
  swapped.fill(0, 66 * 60, 67 * 60)
  writeFileSync(path, swapped)
  expect([64, 65, 66].map((slot) => secretOf(reopen(), slot).length)).toEqual([11, 64, 11])
  expect(secretOf(reopen(), 66)).toBe('key-damaged')
  // Of zeros is what a repair leaves that was told to give up.
  expect([64, 65, 66].map((slot) => reopen().isGivenUp(slot))).toEqual([false, false, true])
  writeFileSync(path, bytes.subarray(0, 1000))
  expect(secretOf(reopen(), 64)).toBe('key-damaged')
  rmSync(path)
  expect(secretOf(reopen(), 64)).toBe('key-damaged')
  expect(secretOf(reopen(), SEGMENT_SLOTS)).toBe('no-key')
})

test('a keystore that is taken away is no-key, and opens when put back, without a restart', () => {
  const keystore = create()
  const before = secretOf(keystore, 64)
  renameSync(directory, `${directory}.away`)
  expect(secretOf(keystore, 64)).toBe('no-key')
  expect(keystore.keystoreState()).toEqual({ kind: 'away', why: 'missing' })
  renameSync(`${directory}.away`, directory)
  expect(secretOf(keystore, 64)).toBe(before)
})

test('a wrong root key opens nothing, says so, and changes nothing', () => {
  create()
  const head = readFileSync(join(directory, 'head.json'))
  expect(() => openKeystore({ directory, rootKey: randomBytes(32), mayCreate: true })).toThrow(
    'does not open with this root key',
  )
  const waiting = openKeystore({
    directory,
    rootKey: randomBytes(32),
    mayCreate: false,
    whenAway: 'wait',
  })
  expect(waiting.keystoreState()).toEqual({ kind: 'away', why: 'root-key' })
  expect(waiting.slotKey(64)).toEqual({ kind: 'closed', why: 'no-key' })
  expect(readFileSync(join(directory, 'head.json'))).toEqual(head)
})

test("another organisation's keystore in the same place is refused", () => {
  const keystore = create()
  const other = join(root, `other-${round}`)
  openKeystore({ directory: other, rootKey, mayCreate: true })
  rmSync(directory, { recursive: true })
  cpSync(other, directory, { recursive: true })
  expect(keystore.keystoreState()).toEqual({ kind: 'away', why: 'other-organisation' })
})

test('no new keystore is made over the rest of an old one', () => {
  create(true)
  rmSync(join(directory, 'head.json'))
  expect(() => create()).toThrow('is not there')
  rmSync(directory, { recursive: true })
  expect(() => create(true)).toThrow('is not there')
  expect(() => reopenThrowing()).toThrow('is not there')
})
const reopenThrowing = () => openKeystore({ directory, rootKey, mayCreate: false })

test('a crash at any point of an erasure leaves the key or its erasure, never a broken segment', () => {
  const before = create()
  const kept = secretOf(before, 65)
  const key = secretOf(before, 64)
  const start = join(root, `start-${round}`)
  cpSync(directory, start, { recursive: true })
  before.eraseSlots([64])
  const files = (from: string) => (name: string) => readFileSync(join(from, name))
  const [old, done] = [files(start), files(directory)]
  const segment1 = 'segment-000000.1.keys'
  const segment2 = 'segment-000000.2.keys'
  // The directory as a kill leaves it: each step of the write, in its order.
  const points: [Record<string, Buffer>, string][] = [
    [
      {
        'head.json': old('head.json'),
        [segment1]: old(segment1),
        [`${segment2}.new`]: done(segment2).subarray(0, 999),
      },
      key,
    ],
    [{ 'head.json': old('head.json'), [segment1]: old(segment1), [segment2]: done(segment2) }, key],
    [
      {
        'head.json': old('head.json'),
        [segment1]: old(segment1),
        [segment2]: done(segment2),
        'head.json.new': done('head.json').subarray(0, 50),
      },
      key,
    ],
    [
      { 'head.json': done('head.json'), [segment1]: old(segment1), [segment2]: done(segment2) },
      'erased',
    ],
  ]
  for (const [left, expected] of points) {
    rmSync(directory, { recursive: true })
    cpSync(start, directory, { recursive: true })
    rmSync(join(directory, segment1))
    for (const [name, bytes] of Object.entries(left))
      writeFileSync(join(directory, name), bytes, { mode: 0o600 })
    const after = reopen()
    expect(secretOf(after, 64)).toBe(expected)
    expect(secretOf(after, 65)).toBe(kept)
    expect(readdirSync(directory).filter((name) => name.endsWith('.new'))).toEqual([])
    after.eraseSlots([64])
    expect(secretOf(after, 64)).toBe('erased')
    expect(secretOf(after, 65)).toBe(kept)
    expect(existsSync(join(directory, segment1))).toBe(false)
  }
})

test('the mirror holds every key before its first use, also a mirror added later', () => {
  const keystore = create(true)
  keystore.ensureSlot(SEGMENT_SLOTS)
  expect(secretOf(reopen(mirror), SEGMENT_SLOTS)).toBe(secretOf(keystore, SEGMENT_SLOTS))
  rmSync(mirror, { recursive: true })
  const later = openKeystore({ directory, mirror, rootKey, mayCreate: false })
  expect(secretOf(reopen(mirror), 64)).toBe(secretOf(later, 64))
  expect(later.keystoreState()).toEqual({ kind: 'there', segments: 2, isMirrored: true })
})

test('when the mirror can not be written no new key is handed out, but the old ones open', () => {
  writeFileSync(mirror, 'a file where a directory should be')
  create()
  const keystore = openKeystore({ directory, mirror, rootKey, mayCreate: false })
  expect(keystore.keystoreState()).toMatchObject({ kind: 'there', isMirrored: false })
  expect(secretOf(keystore, 64)).toMatch(/^[0-9a-f]{64}$/)
  expect(() => keystore.ensureSlot(SEGMENT_SLOTS)).toThrow()
  expect(keystore.highestSlot()).toBe(SEGMENT_SLOTS - 1)
})

test('a keystore far older than the database makes no keys in the place of lost ones', () => {
  expect(() => create().ensureSlot(SEGMENT_SLOTS * 9)).toThrow('older than the database')
})

test('named keys are random, apart, and the same after opening anew', () => {
  const keystore = create()
  expect(keystore.namedKey('search').equals(keystore.namedKey('ledger-signing'))).toBe(false)
  expect(reopen().namedKey('search').equals(keystore.namedKey('search'))).toBe(true)
})
