/**
 * Whatever is changed of what was sealed or beside it, it stays closed and says one of four words. Runs over the vectors, so over every
 * version of the formats that there is.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { classCodes, type SealedClass, type SealedTableName, tableNumbers } from './catalogue.ts'
import { openFrame } from './sealed-file.ts'
import { type OpenOutcome, openRecord } from './sealed-record.ts'
import { unwrap, wrap } from './segment.ts'

type Place = {
  organisationId: string
  table: SealedTableName
  sealedClass: SealedClass
  subjectId: string
  rowId: string
  sealCounter: number
}
type RecordVector = Place & { name: string; key: string; sealed: string; value: unknown }
type FileVector = {
  name: string
  organisationId: string
  fileId: string
  key: string
  frames: string[]
}

const folder = new URL('../../../docs/formats/vectors/', import.meta.url)
function vectorsOf<T>(format: string): (T & { version: number })[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(format))
    .flatMap((name) => {
      const { vectors } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
      return vectors.map((vector: T & { sealed?: string; frames?: string[] }) => ({
        ...vector,
        version: Buffer.from((vector.sealed ?? vector.frames![0])!, 'hex')[2],
      }))
    })
}
const keyOf = ({ key }: { key: string }) => createSecretKey(Buffer.from(key, 'hex'))
const records = vectorsOf<RecordVector>('sealed-record').map((vector) => ({
  ...vector,
  keyObject: keyOf(vector),
  bytes: Buffer.from(vector.sealed, 'hex'),
}))
const files = vectorsOf<FileVector>('sealed-file').map((vector) => ({
  ...vector,
  keyObject: keyOf(vector),
  bytes: vector.frames.map((frame) => Buffer.from(frame, 'hex')),
}))
type Of = (typeof records)[number]

const open = (
  of: Of,
  change: Partial<Place> = {},
  bytes = of.bytes,
  key: KeyObject = of.keyObject,
) => {
  const place = { ...of, ...change }
  return openRecord(key, place.organisationId, place, bytes)
}
const flipped = (bytes: Buffer, bit: number) => {
  const changed = Buffer.from(bytes)
  changed[bit >> 3]! ^= 1 << (bit & 7)
  return changed
}
const flippedId = (uuid: string, bit: number) =>
  flipped(Buffer.from(uuid.replaceAll('-', ''), 'hex'), bit)
    .toString('hex')
    .replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')
const isClosed = (outcome: OpenOutcome<unknown>) => {
  // Nothing but the word: no part of a value beside it.
  expect(Object.keys(outcome).sort()).toEqual(['kind', 'why'])
  expect(outcome).toMatchObject({ kind: 'closed' })
  expect(['not-ours', 'damaged']).toContain((outcome as { why: string }).why)
}

describe.each(records)('a sealed record of version $version, $name', (of) => {
  test('opens unchanged, and with any one bit of its bytes flipped stays closed', () => {
    expect(open(of)).toEqual({ kind: 'open', value: of.value })
    // A long one in steps: each bit of its header, its tag and its first and last block, and every seventh between.
    const bits = of.bytes.length * 8
    for (let bit = 0; bit < bits; bit += bit < 1_600 || bit > bits - 384 ? 1 : 7)
      isClosed(open(of, {}, flipped(of.bytes, bit)))
  })

  test('stays closed with any one bit of whose and where it is flipped', () => {
    for (let bit = 0; bit < 128; bit++)
      for (const part of ['organisationId', 'subjectId', 'rowId'] as const)
        expect(open(of, { [part]: flippedId(of[part], bit) })).toEqual({
          kind: 'closed',
          why: 'damaged',
        })
    for (let bit = 0; bit < 53; bit++) {
      const sealCounter = Number(BigInt(of.sealCounter) ^ (1n << BigInt(bit)))
      expect(open(of, { sealCounter })).toEqual({ kind: 'closed', why: 'damaged' })
    }
    for (const table of Object.keys(tableNumbers) as SealedTableName[])
      if (table !== of.table)
        expect(open(of, { table })).toEqual({ kind: 'closed', why: 'damaged' })
    for (const [sealedClass, code] of Object.entries(classCodes) as [SealedClass, number][]) {
      if (sealedClass === of.sealedClass) continue
      expect(open(of, { sealedClass })).toEqual({ kind: 'closed', why: 'not-ours' })
      const renamed = Buffer.from(of.bytes)
      renamed[3] = code
      expect(open(of, { sealedClass }, renamed)).toEqual({ kind: 'closed', why: 'damaged' })
    }
    for (let bit = 0; bit < 256; bit++) {
      const key = createSecretKey(flipped(Buffer.from(of.key, 'hex'), bit))
      expect(open(of, {}, of.bytes, key)).toEqual({ kind: 'closed', why: 'damaged' })
    }
  })

  test('says of another version that it is not ours, whichever number that has', () => {
    const known = new Set(records.map(({ version }) => version))
    for (let version = 0; version < 256; version++) {
      const renamed = Buffer.from(of.bytes)
      renamed[2] = version
      if (version === of.version) continue
      const why = (open(of, {}, renamed) as { why: string }).why
      if (known.has(version)) expect(['damaged', 'not-ours']).toContain(why)
      else expect(why).toBe('not-ours')
    }
  })
})

test('no mixture of sealed records opens: parts of two, cut, grown, changed at random places, and under the place of another', () => {
  const one = fc.constantFrom(...records)
  const bytes = fc.oneof(
    fc
      .tuple(one, one, fc.nat(), fc.nat())
      .map(([a, b, at, from]) =>
        Buffer.concat([
          a.bytes.subarray(0, at % a.bytes.length),
          b.bytes.subarray(from % b.bytes.length),
        ]),
      ),
    fc.tuple(one, fc.nat()).map(([a, at]) => a.bytes.subarray(0, at % a.bytes.length)),
    fc
      .tuple(one, fc.uint8Array({ minLength: 1, maxLength: 64 }))
      .map(([a, more]) => Buffer.concat([a.bytes, more])),
    fc
      .tuple(one, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }))
      .map(([a, bits]) =>
        bits.reduce((was, bit) => flipped(was, bit % (a.bytes.length * 8)), a.bytes),
      ),
    fc.json().map((text) => Buffer.from(text)),
  )
  fc.assert(
    fc.property(bytes, one, one, (changed, whose, where) => {
      const { organisationId, table, sealedClass, subjectId, rowId, sealCounter } = where
      const place = { organisationId, table, sealedClass, subjectId, rowId, sealCounter }
      const outcome = open(whose, place, changed)
      // Only where chance put a vector together again, in its own place and under its own key.
      const isWhole = records.some(
        (one) =>
          changed.equals(one.bytes) &&
          one.key === whose.key &&
          Object.entries(place).every(([part, value]) => one[part as keyof Place] === value),
      )
      if (isWhole) expect(outcome.kind).toBe('open')
      else isClosed(outcome)
    }),
    { numRuns: 2_000 },
  )
})

describe.each(files)('a sealed file of version $version, $name', (of) => {
  const last = of.bytes.length - 1
  const at = { number: last, isLast: true }

  test('its last frame opens unchanged, and not with any bit of header, nonce, tag, house or file flipped', () => {
    const frame = of.bytes[last]!
    const opens = (bytes: Buffer, change: Partial<FileVector> = {}) =>
      openFrame(of.keyObject, { ...of, ...change }, at, bytes)
    expect(opens(frame)).toBeInstanceOf(Buffer)
    const bits = frame.length * 8
    for (let bit = 0; bit < bits; bit += bit < 320 || bit >= bits - 256 ? 1 : 97)
      expect(opens(flipped(frame, bit)), `bit ${bit}`).toBeUndefined()
    for (let bit = 0; bit < 128; bit++)
      for (const part of ['organisationId', 'fileId'] as const)
        expect(opens(frame, { [part]: flippedId(of[part], bit) })).toBeUndefined()
    for (let version = 0; version < 256; version++) {
      const renamed = Buffer.from(frame)
      renamed[2] = version
      if (version !== of.version) expect(opens(renamed)).toBeUndefined()
    }
  })

  test('no frame opens as another number or as another end than its own', () => {
    for (const [number, frame] of of.bytes.entries())
      for (let other = 0; other <= last + 1; other++)
        for (const isLast of [true, false]) {
          const isItsOwn = other === number && isLast === (number === last)
          const plain = openFrame(of.keyObject, of, { number: other, isLast }, frame)
          expect(plain !== undefined).toBe(isItsOwn)
        }
  })
})

test('a wrapped key does not unwrap with a bit flipped, under another name, from another place or cut', () => {
  const key = createSecretKey(randomBytes(32))
  const secret = randomBytes(32)
  const wrapped = wrap(key, 'house slot 64', secret)
  expect(unwrap(key, 'house slot 64', wrapped)).toEqual(secret)
  for (let bit = 0; bit < wrapped.length * 8; bit++)
    expect(unwrap(key, 'house slot 64', flipped(wrapped, bit))).toBeUndefined()
  for (const other of ['house slot 65', 'house slot 6', 'house segment 64', 'other slot 64', ''])
    expect(unwrap(key, other, wrapped)).toBeUndefined()
  for (let length = 0; length < wrapped.length; length++)
    expect(unwrap(key, 'house slot 64', wrapped.subarray(0, length))).toBeUndefined()
  expect(unwrap(key, 'house slot 64', Buffer.concat([wrapped, Buffer.alloc(1)]))).toBeUndefined()
})
