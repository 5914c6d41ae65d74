import { createSecretKey, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  fillSegment,
  LOST,
  readSlot,
  rewrapSegment,
  SEGMENT_SLOTS,
  wrappedSlot,
} from './segment.ts'

const organisationId = '0f8fad5b-d9cb-469f-a165-70867728950e'
const [from, to] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))]
// Not the first: a slot's number is not its place.
const segment = 2
const first = segment * SEGMENT_SLOTS

test('under another key each slot holds the key it had, erased ones are erased, and what was lost stays lost', () => {
  const bytes = fillSegment(from, organisationId, segment)
  const [erased, lost] = [first + 3, first + 5]
  LOST.copy(wrappedSlot(bytes, lost))
  const rewrapped = rewrapSegment({
    from,
    to,
    organisationId,
    bytes,
    segment,
    erased: new Set([erased]),
  })
  expect(rewrapped).toHaveLength(bytes.length)
  expect(readSlot(to, organisationId, rewrapped, erased)).toEqual({ kind: 'erased' })
  expect(wrappedSlot(rewrapped, lost)).toEqual(LOST)
  for (const slot of [first, first + 4, first + 6, first + SEGMENT_SLOTS - 1]) {
    const before = readSlot(from, organisationId, bytes, slot)
    expect(before.kind).toBe('key')
    expect(readSlot(to, organisationId, rewrapped, slot)).toEqual(before)
    expect(readSlot(from, organisationId, rewrapped, slot)).toEqual({ kind: 'damaged' })
  }
})

test('a damaged slot, which a mirror may still have, is not written over', () => {
  const bytes = fillSegment(from, organisationId, segment)
  const damaged = first + 9
  wrappedSlot(bytes, damaged)[20]! ^= 1
  const rewrap = { from, to, organisationId, bytes, segment, erased: new Set<number>() }
  expect(() => rewrapSegment(rewrap)).toThrow(`key ${damaged} of the keystore is damaged`)
})
