import { createSecretKey, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SealedClass, SealedTableName } from './catalogue.ts'
import {
  JSON_BYTES_MAX,
  openRecord,
  paddedBytes,
  readHeader,
  SEALED_BYTES_MIN,
  type SealTarget,
  sealRecord,
} from './sealed-record.ts'

type Vector = {
  name: string
  table: SealedTableName
  sealedClass: SealedClass
  subjectId: string
  rowId: string
  keySlot: number
  sealCounter: number
  organisationId: string
  key: string
  paddedBytes: number
  sealed: string
  value: unknown
}
const vectors = ['sealed-record', 'sealed-record-2'].flatMap((name) => {
  const url = new URL(`../../../docs/formats/vectors/${name}.json`, import.meta.url)
  const read = JSON.parse(readFileSync(url, 'utf8')) as { version: 1 | 2; vectors: Vector[] }
  return read.vectors.map((vector) => ({ ...vector, version: read.version }))
})
const versions = [1, 2] as const
const besides = { 1: 24 + 16, 2: 68 + 16 }

const organisationId = '7d1f7f3a-52b5-4a1e-9a55-0d5c3f6f0a01'
const key = createSecretKey(randomBytes(32))
const target: SealTarget = {
  table: 'person',
  sealedClass: 'contact',
  rowId: '7d1f7f3a-52b5-4a1e-9a55-0d5c3f6f0a02',
  subjectId: '7d1f7f3a-52b5-4a1e-9a55-0d5c3f6f0a03',
  keySlot: 64,
  sealCounter: 3,
}
const open = (sealed: Buffer, change: Partial<SealTarget> = {}, organisation = organisationId) =>
  openRecord(key, organisation, { ...target, ...change }, sealed)

describe('the frozen format', () => {
  test.each(vectors)('opens the vector of version $version: $name', (vector) => {
    const sealed = Buffer.from(vector.sealed, 'hex')
    expect(
      openRecord(
        createSecretKey(Buffer.from(vector.key, 'hex')),
        vector.organisationId,
        vector,
        sealed,
      ),
    ).toEqual({ kind: 'open', value: vector.value })
    expect(readHeader(sealed)?.keySlot).toBe(vector.keySlot)
    expect(sealed.length).toBe(vector.paddedBytes + besides[vector.version])
  })

  test('seals what it opens, whatever the value, in a length that is one of the steps', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...versions), (value, version) => {
        const json = JSON.stringify(value)
        const sealed = sealRecord(key, organisationId, target, value, version)
        expect(open(sealed)).toEqual({ kind: 'open', value: JSON.parse(json) })
        const length = paddedBytes(Buffer.byteLength(json) + 4) + besides[version]
        expect(sealed.length).toBe(length)
        expect(sealed.length).toBeGreaterThanOrEqual(SEALED_BYTES_MIN)
      }),
    )
  })

  test('the same value is never sealed to the same bytes', () => {
    for (const version of versions) {
      const sealed = Array.from({ length: 2_000 }, () =>
        sealRecord(key, organisationId, target, 'a', version).toString('hex'),
      )
      expect(new Set(sealed).size).toBe(2_000)
    }
  })

  test('values of like length are told apart by nothing but the step they fall in', () => {
    const lengths = (from: number, to: number) =>
      new Set(
        Array.from(
          { length: to - from + 1 },
          (_, i) => sealRecord(key, organisationId, target, 'x'.repeat(from + i)).length,
        ),
      )
    expect(lengths(0, 58).size).toBe(1)
    expect(lengths(507, 762).size).toBe(1)
    fc.assert(
      fc.property(fc.integer({ min: 513, max: JSON_BYTES_MAX }), (length) => {
        expect(paddedBytes(length)).toBeGreaterThanOrEqual(length)
        expect(paddedBytes(length)).toBeLessThan(length * 1.5)
      }),
    )
  })
})

describe.each(versions)('what does not open, of version %i', (version) => {
  const sealed = sealRecord(key, organisationId, target, { givenName: 'Marijke' }, version)

  test('one flipped bit anywhere in the record keeps it closed', () => {
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      const outcome = open(changed)
      // Magic, version and class decide whether the bytes are ours at all; so does a slot beyond 2^53.
      const mayBeForeign = bit < 8 * 6
      expect(outcome.kind, `bit ${bit}`).toBe('closed')
      if (!mayBeForeign) expect(outcome).toEqual({ kind: 'closed', why: 'damaged' })
    }
  })

  test('one changed bit of any identifier, or another counter, keeps it closed', () => {
    const flip = (uuid: string, bit: number) => {
      const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex')
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')
    }
    for (let bit = 0; bit < 128; bit++) {
      expect(open(sealed, { rowId: flip(target.rowId, bit) }).kind).toBe('closed')
      expect(open(sealed, { subjectId: flip(target.subjectId, bit) }).kind).toBe('closed')
      expect(open(sealed, {}, flip(organisationId, bit)).kind).toBe('closed')
    }
    for (let bit = 0; bit < 48; bit++)
      expect(open(sealed, { sealCounter: Number(BigInt(3) ^ (1n << BigInt(bit))) })).toEqual({
        kind: 'closed',
        why: 'damaged',
      })
  })

  test('another table, class or key keeps it closed', () => {
    expect(open(sealed, { table: 'company' })).toEqual({ kind: 'closed', why: 'damaged' })
    expect(open(sealed, { sealedClass: 'confidential' })).toEqual({
      kind: 'closed',
      why: 'not-ours',
    })
    const renamed = Buffer.from(sealed)
    renamed[3] = 2
    expect(open(renamed, { sealedClass: 'confidential' })).toEqual({
      kind: 'closed',
      why: 'damaged',
    })
    expect(openRecord(createSecretKey(randomBytes(32)), organisationId, target, sealed)).toEqual({
      kind: 'closed',
      why: 'damaged',
    })
  })

  test('organisation and subject can not change places', () => {
    expect(
      openRecord(key, target.subjectId, { ...target, subjectId: organisationId }, sealed).kind,
    ).toBe('closed')
    expect(open(sealed, { rowId: target.subjectId, subjectId: target.rowId }).kind).toBe('closed')
  })

  test('every shorter piece and every longer whole keeps closed', () => {
    for (let length = 0; length < sealed.length; length++)
      expect(open(sealed.subarray(0, length)).kind).toBe('closed')
    expect(open(Buffer.concat([sealed, Buffer.alloc(1)])).kind).toBe('closed')
  })

  test('bytes that are no sealed record are not ours, plaintext above all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(open(Buffer.from(bytes)).kind).toBe('closed')
      }),
    )
    const plaintext = Buffer.from(JSON.stringify({ givenName: 'Marijke'.repeat(30) }))
    expect(open(plaintext)).toEqual({ kind: 'closed', why: 'not-ours' })
  })
})

test('a record of version 2 opens under no second key: it commits to its own', () => {
  const sealed = sealRecord(key, organisationId, target, { givenName: 'Marijke' }, 2)
  // What GCM alone does not promise: the commitment is looked at before the tag, and is not of another key.
  const other = sealRecord(createSecretKey(randomBytes(32)), organisationId, target, {}, 2)
  const grafted = Buffer.concat([
    sealed.subarray(0, 36),
    other.subarray(36, 68),
    sealed.subarray(68),
  ])
  expect(open(grafted)).toEqual({ kind: 'closed', why: 'damaged' })
})

test('a target that names no row is our mistake and throws', () => {
  expect(() => sealRecord(key, organisationId, { ...target, rowId: 'person-1' }, {})).toThrow()
  expect(() => sealRecord(key, organisationId, { ...target, sealCounter: -1 }, {})).toThrow()
  expect(() => sealRecord(key, organisationId, target, undefined)).toThrow()
  const sealed = sealRecord(key, organisationId, target, {})
  expect(() => open(sealed, { rowId: 'person-1' })).toThrow('not a uuid')
})
