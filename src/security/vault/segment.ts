/**
 * A keystore segment: 4,096 slots of 60 bytes, each a random key wrapped under the segment's own key.
 * The bytes are described in docs/formats/keystore.md.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'

export const SEGMENT_SLOTS = 4096
/** Slots below this belong to the organisation itself; the sequence in the database starts here. */
export const FIRST_SUBJECT_SLOT = 64

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES
export const SEGMENT_BYTES = SEGMENT_SLOTS * WRAPPED_BYTES

// What an erased slot holds instead of its key, wrapped like one: so a slot somebody zeroed is damaged, not erased.
const ERASED = Buffer.alloc(KEY_BYTES)

/** What a repair leaves where no copy opens: no key is made in its place, and it is not taken for an erased one. */
export const LOST = Buffer.alloc(WRAPPED_BYTES)

export type SlotContent = { kind: 'key'; secret: Buffer } | { kind: 'erased' } | { kind: 'damaged' }

export function wrap(key: KeyObject, aad: string, secret: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(aad))
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

/** Undefined when these bytes are not a key wrapped under this one for this place. */
export function unwrap(key: KeyObject, aad: string, wrapped: Buffer): Buffer | undefined {
  if (wrapped.length !== WRAPPED_BYTES) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(aad))
    decipher.setAuthTag(wrapped.subarray(NONCE_BYTES + KEY_BYTES))
    const secret = decipher.update(wrapped.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES))
    decipher.final()
    return secret
  } catch {
    return undefined
  }
}

/** A slot number holds its segment's: so moved to another segment or place, a key does not unwrap. */
function slotAad(organisationId: string, slot: number): string {
  return `${organisationId} slot ${slot}`
}

export function wrappedSlot(bytes: Buffer, slot: number): Buffer {
  const offset = (slot % SEGMENT_SLOTS) * WRAPPED_BYTES
  return bytes.subarray(offset, offset + WRAPPED_BYTES)
}

export function readSlot(
  key: KeyObject,
  organisationId: string,
  bytes: Buffer,
  slot: number,
): SlotContent {
  const secret = unwrap(key, slotAad(organisationId, slot), wrappedSlot(bytes, slot))
  if (!secret) return { kind: 'damaged' }
  return secret.equals(ERASED) ? { kind: 'erased' } : { kind: 'key', secret }
}

export function fillSegment(key: KeyObject, organisationId: string, segment: number): Buffer {
  const first = segment * SEGMENT_SLOTS
  return Buffer.concat(
    Array.from({ length: SEGMENT_SLOTS }, (_, i) =>
      wrap(key, slotAad(organisationId, first + i), randomBytes(KEY_BYTES)),
    ),
  )
}

/**
 * The segment under the new key, the keys of the erased slots left out. A slot that was given up as lost stays so; one that
 * is damaged could be put back from the mirror still, so that nothing is written over it.
 */
export function rewrapSegment(rewrap: {
  from: KeyObject
  to: KeyObject
  organisationId: string
  bytes: Buffer
  segment: number
  erased: ReadonlySet<number>
}): Buffer {
  const first = rewrap.segment * SEGMENT_SLOTS
  return Buffer.concat(
    Array.from({ length: SEGMENT_SLOTS }, (_, i) => {
      const slot = first + i
      const aad = slotAad(rewrap.organisationId, slot)
      if (rewrap.erased.has(slot)) return wrap(rewrap.to, aad, ERASED)
      const wrapped = wrappedSlot(rewrap.bytes, slot)
      const secret = unwrap(rewrap.from, aad, wrapped)
      if (secret) return wrap(rewrap.to, aad, secret)
      if (wrapped.equals(LOST)) return wrapped
      throw new Error(
        `key ${slot} of the keystore is damaged\nstate: nothing was changed\ntry: npx kluis vault repair, with Kluis stopped`,
      )
    }),
  )
}
