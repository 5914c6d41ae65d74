/**
 * The root key wrapped under a passphrase: a stolen disk with the file on it opens nothing.
 *
 * Trusts: the passphrase. Whoever has the file can try passphrases for ever, at 128 MiB and a second of one core a try.
 * If lost: two recovery shares put the root key back.
 */
import {
  argon2,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { promisify } from 'node:util'
import {
  type AskSecret,
  boundTo,
  ProviderRefused,
  ROOT_KEY_BYTES,
  type RootKeyProvider,
} from './provider.ts'

const hash = promisify(argon2)

// RFC 9106 section 4 asks 64 MiB and 3 passes where memory is scarce, and 2 GiB where it is not; this is asked once a start.
const cost = { memoryKib: 131_072, passes: 3, lanes: 4 }
const MEMORY_KIB_MAX = 4 * 1024 * 1024
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 6 + SALT_BYTES
const PASSPHRASE_LETTERS_MIN = 16
export const PASSPHRASE = 'passphrase of the root key'

type Derived = { head: Buffer; key: KeyObject }

export function passphraseProvider(secret: AskSecret): RootKeyProvider {
  // After the first time the passphrase itself is let go; the key that it gave wraps again, under a new nonce.
  let derived: Derived | undefined
  return {
    kind: 'passphrase',
    name: 'a passphrase',

    async wrap(key, organisationId) {
      derived ??= await derive(newHead(), requireLong(await secret(PASSPHRASE, true)))
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', derived.key, nonce)
      cipher.setAAD(Buffer.concat([boundTo(organisationId), derived.head]))
      const sealed = Buffer.concat([cipher.update(key), cipher.final()])
      return Buffer.concat([derived.head, nonce, sealed, cipher.getAuthTag()])
    },

    async unwrap(wrapped, organisationId) {
      if (wrapped.length !== HEAD_BYTES + NONCE_BYTES + ROOT_KEY_BYTES + TAG_BYTES)
        throw new ProviderRefused('the wrapped root key is damaged: it has another length')
      const head = wrapped.subarray(0, HEAD_BYTES)
      if (!derived?.head.equals(head)) derived = await derive(head, await secret(PASSPHRASE))
      const nonce = wrapped.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', derived.key, nonce)
      decipher.setAAD(Buffer.concat([boundTo(organisationId), head]))
      decipher.setAuthTag(wrapped.subarray(-TAG_BYTES))
      try {
        const sealed = wrapped.subarray(HEAD_BYTES + NONCE_BYTES, -TAG_BYTES)
        return Buffer.concat([decipher.update(sealed), decipher.final()])
      } catch {
        derived = undefined
        throw new ProviderRefused('the passphrase does not open the root key')
      }
    },
  }
}

/** memory in KiB, 4 bytes ‖ passes, 1 ‖ lanes, 1 ‖ salt, 16: so that the cost can rise while older files still open. */
function newHead(): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32BE(cost.memoryKib, 0)
  head.writeUInt8(cost.passes, 4)
  head.writeUInt8(cost.lanes, 5)
  randomBytes(SALT_BYTES).copy(head, 6)
  return head
}

async function derive(head: Buffer, passphrase: string): Promise<Derived> {
  const memory = head.readUInt32BE(0)
  const passes = head.readUInt8(4)
  const parallelism = head.readUInt8(5)
  if (memory > MEMORY_KIB_MAX || memory < 8 * parallelism || passes === 0 || parallelism === 0)
    throw new ProviderRefused('the wrapped root key is damaged: its cost is none that Kluis writes')
  const made = await hash('argon2id', {
    message: Buffer.from(passphrase.normalize('NFKC')),
    nonce: head.subarray(6),
    memory,
    passes,
    parallelism,
    tagLength: 32,
  })
  const key = createSecretKey(made)
  made.fill(0)
  return { head: Buffer.from(head), key }
}

function requireLong(passphrase: string): string {
  if ([...passphrase].length < PASSPHRASE_LETTERS_MIN)
    throw new ProviderRefused(
      `a passphrase for the root key needs at least ${PASSPHRASE_LETTERS_MIN} letters: five or six words that have nothing to do with each other`,
    )
  return passphrase
}
