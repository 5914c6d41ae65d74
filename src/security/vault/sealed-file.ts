/**
 * A sealed file: docs/formats/sealed-file.md, frozen, with vectors. Its content is cut into frames of 1 MiB, each
 * sealed by itself, so that neither sealing nor opening holds a whole file in memory.
 *
 * Trusts: the key it is given, which belongs to this one file. Does not trust where a frame lay, nor that all are there.
 * If lost: the file is gone; nothing else is.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import type { SealedFrame } from '#database/sealed.ts'

export const FRAME_BYTES = 1024 * 1024
const HEADER_BYTES = 20
const NONCE_OFFSET = 8
const TAG_BYTES = 16
// header, organisation, file
const AAD_BYTES = HEADER_BYTES + 16 + 16
const PADDED_STEP_MIN = 4096

/** Whose file: part of what is authenticated, so that a frame of another file or house does not open. */
export type FileTarget = { organisationId: string; fileId: string }

/**
 * Padmé: at most 12 % longer, and a length tells log log of itself.
 * Source: Nikitin and others, "Reducing Metadata Leakage from Encrypted Files", PETS 2019, 3.2.
 */
export function paddedFileBytes(length: number): number {
  if (length <= PADDED_STEP_MIN) return PADDED_STEP_MIN
  const exponent = Math.floor(Math.log2(length))
  const kept = Math.floor(Math.log2(exponent)) + 1
  const step = Math.max(PADDED_STEP_MIN, 2 ** (exponent - kept))
  return Math.ceil(length / step) * step
}

/** How many frames a file of this length has, padding included: never fewer than one. */
export function frameCount(length: number): number {
  return Math.ceil(paddedFileBytes(length) / FRAME_BYTES)
}

/** How long the content of a frame is once padded. */
export function paddedFrameBytes(length: number, number: number): number {
  return Math.min(FRAME_BYTES, paddedFileBytes(length) - number * FRAME_BYTES)
}

function uuidBytes(uuid: string): Buffer {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex')
  if (bytes.length !== 16) throw new Error('not a uuid')
  return bytes
}

function aadOf(header: Buffer, { organisationId, fileId }: FileTarget): Buffer {
  const aad = Buffer.concat([
    header.subarray(0, HEADER_BYTES),
    uuidBytes(organisationId),
    uuidBytes(fileId),
  ])
  if (aad.length !== AAD_BYTES) throw new Error('a frame has a header')
  return aad
}

/** `plain` is padded already; its place and whether it is the last are sealed with it. */
export function sealFrame(
  key: KeyObject,
  target: FileTarget,
  { number, isLast }: { number: number; isLast: boolean },
  plain: Buffer,
): SealedFrame {
  if (plain.length === 0 || plain.length > FRAME_BYTES)
    throw new Error(`a frame holds 1 to ${FRAME_BYTES} bytes, not ${plain.length}`)
  const header = Buffer.alloc(HEADER_BYTES)
  header[0] = 0x4b
  header[1] = 0x46
  header[2] = 0x01
  header[3] = isLast ? 1 : 0
  header.writeUInt32BE(number, 4)
  randomBytes(12).copy(header, NONCE_OFFSET)
  const cipher = createCipheriv('aes-256-gcm', key, header.subarray(NONCE_OFFSET))
  cipher.setAAD(aadOf(header, target))
  const body = cipher.update(plain)
  cipher.final()
  return Buffer.concat([header, body, cipher.getAuthTag()]) as SealedFrame
}

/** The padded content; undefined when this is not that frame of that file. */
export function openFrame(
  key: KeyObject,
  target: FileTarget,
  { number, isLast }: { number: number; isLast: boolean },
  sealed: Buffer,
): Buffer | undefined {
  if (sealed.length <= HEADER_BYTES + TAG_BYTES) return undefined
  if (sealed[0] !== 0x4b || sealed[1] !== 0x46 || sealed[2] !== 0x01) return undefined
  if (sealed[3] !== (isLast ? 1 : 0) || sealed.readUInt32BE(4) !== number) return undefined
  const aad = aadOf(sealed, target)
  try {
    const decipher = createDecipheriv(
      'aes-256-gcm',
      key,
      sealed.subarray(NONCE_OFFSET, HEADER_BYTES),
      { authTagLength: TAG_BYTES },
    )
    decipher.setAAD(aad)
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const plain = decipher.update(sealed.subarray(HEADER_BYTES, sealed.length - TAG_BYTES))
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}
