/**
 * One sealed record: docs/formats/sealed-record.md, frozen, with vectors.
 *
 * Trusts: the key it is given. Does not trust where the bytes lay: moved, swapped or rolled-back bytes do not open.
 * If lost: the record is gone; nothing else is.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto'
import type { Sealed } from '#database/sealed.ts'
import { classCodes, type SealedClass, type SealedTableName, tableNumbers } from './catalogue.ts'

export type SealTarget = {
  table: SealedTableName
  sealedClass: SealedClass
  rowId: string
  subjectId: string
  keySlot: number
  /** Rises by one each time the blob is sealed anew, never otherwise. */
  sealCounter: number
}

export type ClosedWhy = 'not-ours' | 'no-key' | 'erased' | 'damaged'
export type OpenOutcome<T> = { kind: 'open'; value: T } | { kind: 'closed'; why: ClosedWhy }

// magic 2, version 1, class 1, key slot 8, nonce 12
export const HEADER_BYTES = 24
const FIXED_BYTES = 12
const TAG_BYTES = 16
const AAD_BYTES = HEADER_BYTES + 16 * 3 + 4 + 8

/** Lengths tell little: 64-byte steps up to 512, then a quarter of the next power of two. */
export function paddedBytes(length: number): number {
  if (length <= 512) return Math.max(64, Math.ceil(length / 64) * 64)
  const step = 2 ** Math.ceil(Math.log2(length)) / 4
  return Math.ceil(length / step) * step
}

// randomFill in blocks: one call to the generator for many nonces.
const pool = Buffer.alloc(12 * 512)
let used = pool.length
function writeNonce(into: Buffer, offset: number): void {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  pool.copy(into, offset, used, used + 12)
  used += 12
}

function writeUuid(into: Buffer, uuid: string, offset: number): void {
  if (into.write(uuid.replaceAll('-', ''), offset, 'hex') !== 16) throw new Error('not a uuid')
}

function aadOf(header: Buffer, organisationId: string, target: SealTarget): Buffer {
  const aad = Buffer.allocUnsafe(AAD_BYTES)
  header.copy(aad, 0, 0, HEADER_BYTES)
  writeUuid(aad, organisationId, HEADER_BYTES)
  writeUuid(aad, target.subjectId, HEADER_BYTES + 16)
  writeUuid(aad, target.rowId, HEADER_BYTES + 32)
  aad.writeUInt32BE(tableNumbers[target.table], HEADER_BYTES + 48)
  aad.writeBigUInt64BE(BigInt(target.sealCounter), HEADER_BYTES + 52)
  return aad
}

export function sealRecord(
  key: KeyObject,
  organisationId: string,
  target: SealTarget,
  value: unknown,
): Sealed {
  const json = Buffer.from(JSON.stringify(value), 'utf8')
  const plain = Buffer.alloc(paddedBytes(json.length + 4))
  plain.writeUInt32BE(json.length, 0)
  json.copy(plain, 4)

  const header = Buffer.allocUnsafe(HEADER_BYTES)
  header[0] = 0x4b
  header[1] = 0x53
  header[2] = 0x01
  header[3] = classCodes[target.sealedClass]
  header.writeBigUInt64BE(BigInt(target.keySlot), 4)
  writeNonce(header, FIXED_BYTES)

  const cipher = createCipheriv('aes-256-gcm', key, header.subarray(FIXED_BYTES, HEADER_BYTES))
  cipher.setAAD(aadOf(header, organisationId, target))
  const body = cipher.update(plain)
  cipher.final()
  return Buffer.concat([header, body, cipher.getAuthTag()]) as Sealed
}

export type SealedHeader = { keySlot: number; classCode: number }

/** Undefined when these bytes are not a sealed record of a version we know. */
export function readHeader(sealed: Buffer): SealedHeader | undefined {
  if (sealed.length < HEADER_BYTES + 64 + TAG_BYTES) return undefined
  if (sealed[0] !== 0x4b || sealed[1] !== 0x53 || sealed[2] !== 0x01) return undefined
  const slot = sealed.readBigUInt64BE(4)
  return slot > BigInt(Number.MAX_SAFE_INTEGER)
    ? undefined
    : { keySlot: Number(slot), classCode: sealed[3]! }
}

/** Tries exactly one key. `target.keySlot` is not used: the header's slot chose the key and is authenticated. */
export function openRecord<T>(
  key: KeyObject,
  organisationId: string,
  target: Omit<SealTarget, 'keySlot'>,
  sealed: Buffer,
): OpenOutcome<T> {
  const header = readHeader(sealed)
  if (!header || header.classCode !== classCodes[target.sealedClass])
    return { kind: 'closed', why: 'not-ours' }
  try {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      key,
      sealed.subarray(FIXED_BYTES, HEADER_BYTES),
      { authTagLength: TAG_BYTES },
    )
    decipher.setAAD(aadOf(sealed, organisationId, { ...target, keySlot: header.keySlot }))
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const plain = decipher.update(sealed.subarray(HEADER_BYTES, sealed.length - TAG_BYTES))
    decipher.final()
    return {
      kind: 'open',
      value: JSON.parse(plain.toString('utf8', 4, 4 + plain.readUInt32BE(0))) as T,
    }
  } catch {
    // node:crypto throws for a wrong tag; which bit was wrong is not told, and must not be.
    return { kind: 'closed', why: 'damaged' }
  }
}
