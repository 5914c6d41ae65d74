import { createCipheriv, createHash, createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  FRAME_BYTES,
  frameCount,
  openFrame,
  paddedFileBytes,
  paddedFrameBytes,
  sealFrame,
} from './sealed-file.ts'

type Vector = {
  name: string
  organisationId: string
  fileId: string
  key: string
  size: number
  contentSha256: string
  frames: string[]
}
const { vectors } = JSON.parse(
  readFileSync(new URL('../../../docs/formats/vectors/sealed-file.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] }

const key = createSecretKey(randomBytes(32))
const target = { organisationId: randomUUID(), fileId: randomUUID() }
const MAX = 25 * 1024 * 1024

describe('the frozen format', () => {
  test.each(vectors)('opens the vector: $name', (vector) => {
    const vectorKey = createSecretKey(Buffer.from(vector.key, 'hex'))
    const { frames, size } = vector
    expect(frames).toHaveLength(frameCount(size))
    const pieces = frames.map((frame, number) => {
      const at = { number, isLast: number === frames.length - 1 }
      const plain = openFrame(vectorKey, vector, at, Buffer.from(frame, 'hex'))
      expect(plain).toHaveLength(paddedFrameBytes(size, number))
      return plain!
    })
    const content = Buffer.concat(pieces).subarray(0, size)
    expect(createHash('sha256').update(content).digest('hex')).toBe(vector.contentSha256)
    expect(
      Buffer.concat(pieces)
        .subarray(size)
        .every((byte) => byte === 0),
    ).toBe(true)
  })

  test('a file grows by at most 12 % or one step, and its frames hold all of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX }), (size) => {
        const padded = paddedFileBytes(size)
        expect(padded).toBeGreaterThanOrEqual(Math.max(size, 4096))
        expect(padded - size).toBeLessThanOrEqual(Math.max(4096, size * 0.12))
        const count = frameCount(size)
        expect(count).toBeLessThanOrEqual(64)
        const lengths = Array.from({ length: count }, (_, i) => paddedFrameBytes(size, i))
        expect(lengths.reduce((sum, one) => sum + one, 0)).toBe(padded)
        expect(lengths.slice(0, -1).every((one) => one === FRAME_BYTES)).toBe(true)
        expect(lengths.at(-1)).toBeGreaterThan(0)
      }),
    )
  })

  test('files of like size are told apart by nothing but the step they fall in', () => {
    const steps = new Set(Array.from({ length: 400_000 }, (_, i) => paddedFileBytes(16e6 + i)))
    expect(steps.size).toBeLessThanOrEqual(2)
    expect(paddedFileBytes(0)).toBe(paddedFileBytes(4096))
  })
})

describe('what does not open', () => {
  const at = { number: 3, isLast: false }
  const plain = Buffer.alloc(64, 'a')
  const sealed = sealFrame(key, target, at, plain)

  test('one flipped bit anywhere', () => {
    expect(openFrame(key, target, at, sealed)).toEqual(plain)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(openFrame(key, target, at, changed), `bit ${bit}`).toBeUndefined()
    }
  })

  test('another place, another end, another file, house or key', () => {
    expect(openFrame(key, target, { number: 2, isLast: false }, sealed)).toBeUndefined()
    expect(openFrame(key, target, { number: 3, isLast: true }, sealed)).toBeUndefined()
    expect(openFrame(key, { ...target, fileId: randomUUID() }, at, sealed)).toBeUndefined()
    expect(openFrame(key, { ...target, organisationId: randomUUID() }, at, sealed)).toBeUndefined()
    const swapped = { organisationId: target.fileId, fileId: target.organisationId }
    expect(openFrame(key, swapped, at, sealed)).toBeUndefined()
    expect(openFrame(createSecretKey(randomBytes(32)), target, at, sealed)).toBeUndefined()
  })

  test('a frame whose header says the wanted place instead of its own', () => {
    const renumbered = Buffer.from(sealed)
    renumbered.writeUInt32BE(4, 4)
    expect(openFrame(key, target, { number: 4, isLast: false }, renumbered)).toBeUndefined()
    const ended = Buffer.from(sealed)
    ended[3] = 1
    expect(openFrame(key, target, { number: 3, isLast: true }, ended)).toBeUndefined()
  })

  test('every shorter piece and every longer whole', () => {
    for (let length = 0; length < sealed.length; length++)
      expect(openFrame(key, target, at, sealed.subarray(0, length))).toBeUndefined()
    expect(openFrame(key, target, at, Buffer.concat([sealed, Buffer.alloc(1)]))).toBeUndefined()
  })
})

/** As docs/formats/sealed-file.md says, apart from the code that does; only its first three bytes are as given. */
function frameThatBegins(magic: readonly number[]): Buffer {
  const header = Buffer.concat([Buffer.from([...magic, 1, 0, 0, 0, 0]), randomBytes(12)])
  const uuid = (text: string) => Buffer.from(text.replaceAll('-', ''), 'hex')
  const cipher = createCipheriv('aes-256-gcm', key, header.subarray(8))
  cipher.setAAD(Buffer.concat([header, uuid(target.organisationId), uuid(target.fileId)]))
  return Buffer.concat([header, cipher.update('inhoud'), cipher.final(), cipher.getAuthTag()])
}

test('a frame of another format or version is not opened, though its key authenticates all of it', () => {
  const open = (magic: number[]) =>
    openFrame(key, target, { number: 0, isLast: true }, frameThatBegins(magic))?.toString()
  expect(open([0x4b, 0x46, 1])).toBe('inhoud')
  expect(open([0x4c, 0x46, 1])).toBeUndefined()
  expect(open([0x4b, 0x53, 1])).toBeUndefined()
  expect(open([0x4b, 0x46, 2])).toBeUndefined()
  expect(open([0x4c, 0x53, 1])).toBeUndefined()
  expect(open([0x4b, 0x53, 2])).toBeUndefined()
})

test('the same content is never sealed to the same bytes', () => {
  const seal = () => sealFrame(key, target, { number: 0, isLast: true }, Buffer.alloc(16))
  expect(new Set(Array.from({ length: 500 }, () => seal().toString('hex'))).size).toBe(500)
})
