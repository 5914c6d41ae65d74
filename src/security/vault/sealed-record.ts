/**
 * One sealed record: docs/formats/sealed-record.md, frozen, with vectors.
 *
 * Trusts: the key it is given. Does not trust where the bytes lay: moved, swapped or rolled-back bytes do not open.
 * If lost: the record is gone; nothing else is.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto'
import type { Sealed } from '#database/sealed.ts'
import { classCodes, type SealedClass, type SealedTableName, tableNumbers } from './catalogue.ts'
import type { SealVersion } from './keystore-head.ts'

export type SealTarget = {
  table: SealedTableName
  sealedClass: SealedClass
  rowId: string
  subjectId: string
  keySlot: number
  /** Rises by one each time the blob is sealed anew, never otherwise. */
  sealCounter: number
}

export type ClosedWhy = 'not-ours' | 'no-key' | 'key-damaged' | 'erased' | 'damaged'
export type OpenOutcome<T> = { kind: 'open'; value: T } | { kind: 'closed'; why: ClosedWhy }

// magic 2, version 1, class 1, key slot 8: then a nonce of 12, or of 24 and a commitment to the key of 32
const NONCE_OFFSET = 12
const NONCE_BYTES = { 1: 12, 2: 24 }
const COMMITMENT_BYTES = 32
const HEADER_BYTES = { 1: NONCE_OFFSET + 12, 2: NONCE_OFFSET + 24 + COMMITMENT_BYTES }
export const TAG_BYTES = 16
// header, organisation, subject, table 4, class 1, row, seal counter 8: fixed width, so no two targets share one
const BOUND_BYTES = 16 + 16 + 4 + 1 + 16 + 8
const PADDED_BYTES_MIN = 64
const sealedBytesMin = (version: SealVersion) =>
  HEADER_BYTES[version] + PADDED_BYTES_MIN + TAG_BYTES
/** The shortest sealed record there is; the domain in database/ may ask no more. */
export const SEALED_BYTES_MIN = sealedBytesMin(1)
// A record is held whole in memory several times over; what is larger is a file and sealed in frames.
export const JSON_BYTES_MAX = 16 * 1024 * 1024

/** Lengths tell little: 64-byte steps up to 512, then a quarter of the next power of two. */
export function paddedBytes(length: number): number {
  if (length <= 512) return Math.max(PADDED_BYTES_MIN, Math.ceil(length / 64) * 64)
  const step = 2 ** Math.ceil(Math.log2(length)) / 4
  return Math.ceil(length / step) * step
}

// randomFill in blocks: one call to the generator for many nonces.
const pool = Buffer.alloc(12 * 512)
let used = pool.length
function writeNonce(into: Buffer, bytes: number): void {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  pool.copy(into, NONCE_OFFSET, used, used + bytes)
  used += bytes
}

// Where in a uuid's text its sixteen bytes stand.
const UUID_PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]
const HYPHENS = [8, 13, 18, 23]
const digitOf = new Int8Array(128).fill(-1)
for (const [value, digits] of Object.entries('0123456789abcdef'))
  for (const digit of [digits, digits.toUpperCase()]) digitOf[digit.charCodeAt(0)] = Number(value)

const digit = (text: string, at: number) => digitOf[text.charCodeAt(at)] ?? -1

function writeUuid(into: Buffer, uuid: string, offset: number): void {
  let isUuid = uuid.length === 36 && HYPHENS.every((at) => uuid[at] === '-')
  for (let i = 0; i < 16; i++) {
    const at = UUID_PLACES[i]!
    const byte = (digit(uuid, at) << 4) | digit(uuid, at + 1)
    if (byte < 0) isUuid = false
    into[offset + i] = byte
  }
  if (!isUuid) throw new Error('not a uuid')
}

// One buffer for each version: nothing waits between filling it and handing it to the cipher, which copies it.
const aads = {
  1: Buffer.alloc(HEADER_BYTES[1] + BOUND_BYTES),
  2: Buffer.alloc(HEADER_BYTES[2] + BOUND_BYTES),
}
function aadOf(
  version: SealVersion,
  header: Buffer,
  organisationId: string,
  target: Omit<SealTarget, 'keySlot'>,
): Buffer {
  const aad = aads[version]
  const at = HEADER_BYTES[version]
  header.copy(aad, 0, 0, at)
  writeUuid(aad, organisationId, at)
  writeUuid(aad, target.subjectId, at + 16)
  aad.writeUInt32BE(tableNumbers[target.table], at + 32)
  aad.writeUInt8(classCodes[target.sealedClass], at + 36)
  writeUuid(aad, target.rowId, at + 37)
  aad.writeBigUInt64BE(BigInt(target.sealCounter), at + 53)
  return aad
}

// NIST SP 800-108, counter mode with HMAC-SHA-512, one block: [1] label 00 context [512].
const derivation = Buffer.concat([
  Buffer.from([0, 0, 0, 1]),
  Buffer.from('kluis sealed record 2'),
  Buffer.from([0]),
  Buffer.alloc(NONCE_BYTES[2]),
  Buffer.from([0, 0, 2, 0]),
])
const DERIVED_NONCE_OFFSET = derivation.length - 4 - NONCE_BYTES[2]
// Each record has a key of its own, so that its one message needs no nonce.
const NO_NONCE = Buffer.alloc(12)

/** Version 2: the record's own key from the subject's and the header's nonce, and what commits to both. */
function deriveKey(key: KeyObject, header: Buffer): { key: KeyObject; commitment: Buffer } {
  header.copy(derivation, DERIVED_NONCE_OFFSET, NONCE_OFFSET, NONCE_OFFSET + NONCE_BYTES[2])
  const derived = createHmac('sha512', key).update(derivation).digest()
  return { key: createSecretKey(derived.subarray(0, 32)), commitment: derived.subarray(32) }
}

/** Throws an Error for a target or value that can not be sealed: a mistake of ours, never of the data. */
export function sealRecord(
  key: KeyObject,
  organisationId: string,
  target: SealTarget,
  value: unknown,
  version: SealVersion = 1,
): Sealed {
  const json = JSON.stringify(value)
  if (json === undefined) throw new Error('a value without JSON can not be sealed')
  const length = Buffer.byteLength(json, 'utf8')
  if (length > JSON_BYTES_MAX)
    throw new Error(`at most ${JSON_BYTES_MAX} bytes are sealed at once, not ${length}`)
  const plain = Buffer.alloc(paddedBytes(length + 4))
  plain.writeUInt32BE(length, 0)
  plain.write(json, 4, 'utf8')

  const header = Buffer.allocUnsafe(HEADER_BYTES[version])
  header[0] = 0x4b
  header[1] = 0x53
  header[2] = version
  header[3] = classCodes[target.sealedClass]
  header.writeBigUInt64BE(BigInt(target.keySlot), 4)
  writeNonce(header, NONCE_BYTES[version])
  let used = { key, nonce: header.subarray(NONCE_OFFSET) }
  if (version === 2) {
    const derived = deriveKey(key, header)
    derived.commitment.copy(header, NONCE_OFFSET + NONCE_BYTES[2])
    used = { key: derived.key, nonce: NO_NONCE }
  }

  const cipher = createCipheriv('aes-256-gcm', used.key, used.nonce)
  cipher.setAAD(aadOf(version, header, organisationId, target))
  const body = cipher.update(plain)
  cipher.final()
  return Buffer.concat([header, body, cipher.getAuthTag()]) as Sealed
}

export type SealedHeader = { version: SealVersion; keySlot: number; classCode: number }

/** What a header says by itself: its first bytes are enough. Undefined when it is none of a version we know. */
export function readHeader(sealed: Buffer): SealedHeader | undefined {
  if (sealed.length < NONCE_OFFSET || sealed[0] !== 0x4b || sealed[1] !== 0x53) return undefined
  const version = sealed[2]
  if (version !== 1 && version !== 2) return undefined
  const slot = sealed.readBigUInt64BE(4)
  return slot > BigInt(Number.MAX_SAFE_INTEGER)
    ? undefined
    : { version, keySlot: Number(slot), classCode: sealed[3]! }
}

/** Tries exactly one key: the one of the slot in the header, which is authenticated with the rest. */
export function openRecord<T>(
  key: KeyObject,
  organisationId: string,
  target: Omit<SealTarget, 'keySlot'>,
  sealed: Buffer,
  read: (json: string) => unknown = JSON.parse,
): OpenOutcome<T> {
  const header = readHeader(sealed)
  if (!header || header.classCode !== classCodes[target.sealedClass])
    return { kind: 'closed', why: 'not-ours' }
  const { version } = header
  if (sealed.length < sealedBytesMin(version)) return { kind: 'closed', why: 'not-ours' }
  const headerBytes = HEADER_BYTES[version]
  // Outside the try: a target that is no target is our mistake, not damage.
  const aad = aadOf(version, sealed, organisationId, target)
  let used = { key, nonce: sealed.subarray(NONCE_OFFSET, headerBytes) }
  if (version === 2) {
    const derived = deriveKey(key, sealed)
    const commitment = sealed.subarray(headerBytes - COMMITMENT_BYTES, headerBytes)
    if (!timingSafeEqual(derived.commitment, commitment)) return { kind: 'closed', why: 'damaged' }
    used = { key: derived.key, nonce: NO_NONCE }
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', used.key, used.nonce, {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(aad)
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const plain = decipher.update(sealed.subarray(headerBytes, sealed.length - TAG_BYTES))
    decipher.final()
    return {
      kind: 'open',
      value: read(plain.toString('utf8', 4, 4 + plain.readUInt32BE(0))) as T,
    }
  } catch {
    // node:crypto throws for a wrong tag; which bit was wrong is not told, and must not be.
    return { kind: 'closed', why: 'damaged' }
  }
}
