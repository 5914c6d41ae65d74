/** The limits and targets of sealing, each sealed and opened within its own test. */
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { FRAME_BYTES, openFrame, paddedFileBytes, sealFrame } from './sealed-file.ts'
import {
  JSON_BYTES_MAX,
  openRecord,
  paddedBytes,
  readHeader,
  type SealTarget,
  sealRecord,
} from './sealed-record.ts'
import { fillSegment, readSlot, SEGMENT_SLOTS } from './segment.ts'

const key = createSecretKey(randomBytes(32))
const organisationId = randomUUID()
const target: SealTarget = {
  table: 'note',
  sealedClass: 'content',
  rowId: randomUUID(),
  subjectId: randomUUID(),
  keySlot: 70,
  sealCounter: 2,
}
const file = { organisationId, fileId: randomUUID() }

test('what is sealed opens in its place, in letters of any script, and in no other', () => {
  for (const value of ['', 'Zoë Đặng 𝔎', { a: [1, null] }]) {
    const sealed = sealRecord(key, organisationId, target, value)
    expect(openRecord(key, organisationId, target, sealed)).toEqual({ kind: 'open', value })
    for (const other of [{ rowId: randomUUID() }, { sealCounter: 3 }, { subjectId: randomUUID() }])
      expect(openRecord(key, organisationId, { ...target, ...other }, sealed).kind).toBe('closed')
  }
})

test('each part of a magic decides by itself, and so does a slot that is no whole number here', () => {
  const sealed = sealRecord(key, organisationId, target, 'a')
  for (const at of [0, 1, 2]) {
    const changed = Buffer.from(sealed)
    changed[at] = 0xff
    expect(readHeader(changed)).toBeUndefined()
    expect(openRecord(key, organisationId, target, changed)).toEqual({
      kind: 'closed',
      why: 'not-ours',
    })
  }
  const far = Buffer.from(sealed)
  far.writeBigUInt64BE(BigInt(Number.MAX_SAFE_INTEGER), 4)
  expect(readHeader(far)?.keySlot).toBe(Number.MAX_SAFE_INTEGER)
  far.writeBigUInt64BE(2n ** 53n, 4)
  expect(readHeader(far)).toBeUndefined()
})

// Nothing random in a name: what counts the tests would take each run's for others.
const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e'
test.each([
  ['nothing', ''],
  ['a name', 'person-1'],
  ['one letter too many', `${uuid}0`],
  ['one too few', uuid.slice(0, -1)],
  ['one hyphen less', uuid.replace('-', '0')],
  ['a letter that is no digit', uuid.replace(/.$/, 'g')],
  ['a letter beyond ASCII', uuid.replace(/.$/, 'é')],
  ['spaces for hyphens', uuid.replaceAll('-', ' ')],
])('%s is no uuid, neither to seal with nor to open with', (_, rowId) => {
  expect(() => sealRecord(key, organisationId, { ...target, rowId }, 'a')).toThrow('not a uuid')
  const sealed = sealRecord(key, organisationId, target, 'a')
  expect(() => openRecord(key, organisationId, { ...target, rowId }, sealed)).toThrow('not a uuid')
})

test('a value without JSON, or of more than sixteen mebibytes, is refused by what is wrong with it', () => {
  expect(() => sealRecord(key, organisationId, target, undefined)).toThrow('without JSON')
  const most = 'x'.repeat(JSON_BYTES_MAX - 2)
  expect(sealRecord(key, organisationId, target, most).length).toBeGreaterThan(JSON_BYTES_MAX)
  expect(() => sealRecord(key, organisationId, target, `${most}x`)).toThrow(
    `at most ${JSON_BYTES_MAX}`,
  )
})

test('padding goes by steps of 64 to 512, and above by quarters of a power of two', () => {
  const steps = [1, 64, 65, 512, 513, 640, 641, 1024, 1025, 1280, 1281].map(paddedBytes)
  expect(steps).toEqual([64, 64, 128, 512, 768, 768, 768, 1024, 1536, 1536, 1536])
  const files = [0, 4096, 4097, 8193, 2 ** 20, 2 ** 20 + 1].map(paddedFileBytes)
  expect(files).toEqual([4096, 4096, 8192, 12288, 2 ** 20, 2 ** 20 + 2 ** 15])
})

test('a frame opens as its own number, end, file and house, and says of nothing else what is in it', () => {
  for (const [number, isLast] of [
    [0, true],
    [3, false],
    [300, true],
  ] as const) {
    const plain = randomBytes(64)
    const sealed = sealFrame(key, file, { number, isLast }, plain)
    expect(openFrame(key, file, { number, isLast }, sealed)).toEqual(plain)
    expect(sealed.readUInt32BE(4)).toBe(number)
    for (const at of [0, 1, 2]) {
      const changed = Buffer.from(sealed)
      changed[at] = 0xff
      expect(openFrame(key, file, { number, isLast }, changed)).toBeUndefined()
    }
    expect(
      openFrame(key, { ...file, fileId: randomUUID() }, { number, isLast }, sealed),
    ).toBeUndefined()
    expect(openFrame(key, file, { number, isLast }, sealed.subarray(0, 36))).toBeUndefined()
  }
})

test('a frame holds one byte to a mebibyte, of a file that has an id', () => {
  const at = { number: 0, isLast: true }
  const seal = (length: number) => sealFrame(key, file, at, Buffer.alloc(length))
  expect(openFrame(key, file, at, seal(FRAME_BYTES))).toHaveLength(FRAME_BYTES)
  expect(openFrame(key, file, at, seal(1))).toHaveLength(1)
  expect(() => seal(0)).toThrow('a frame holds 1 to')
  expect(() => seal(FRAME_BYTES + 1)).toThrow('a frame holds 1 to')
  for (const fileId of ['', 'abc', `${randomUUID()}00`])
    expect(() => sealFrame(key, { ...file, fileId }, at, Buffer.alloc(1))).toThrow('not a uuid')
})

test('a slot says key, erased or damaged by name', () => {
  const bytes = fillSegment(key, organisationId, 1)
  const slot = SEGMENT_SLOTS + 5
  expect(readSlot(key, organisationId, bytes, slot).kind).toBe('key')
  const other = createSecretKey(randomBytes(32))
  expect(readSlot(other, organisationId, bytes, slot)).toEqual({ kind: 'damaged' })
})
