/**
 * The root key, from a file (0600). Everything in the keystore is wrapped under it.
 *
 * Trusts: the file system's permissions. Root on the host reads it.
 * If lost: the recovery sheet printed at set-up restores it; without either, nothing sealed opens again.
 */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { writeDurably } from './durable-file.ts'

const KEY_BYTES = 32
// Crockford's letters: no I, L, O, U, so that nobody mistypes what was printed.
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Reads the root key, or makes it when there is none and `mayCreate` says so. Throws an Error an operator can act on. */
export function openRootKey(path: string, mayCreate: boolean): Buffer {
  if (!existsSync(path)) {
    if (!mayCreate)
      throw new Error(
        `the root key ${path} is not there\nstate: nothing was changed\ntry: put the file back, or restore it from the recovery sheet`,
      )
    writeDurably(path, randomBytes(KEY_BYTES))
  }
  const { mode } = statSync(path)
  if ((mode & 0o077) !== 0)
    throw new Error(
      `the root key ${path} can be read by others (mode ${(mode & 0o777).toString(8)})\nstate: nothing was opened\ntry: chmod 600 ${path}`,
    )
  const key = readFileSync(path)
  if (key.length !== KEY_BYTES)
    throw new Error(
      `the root key ${path} has ${key.length} bytes instead of ${KEY_BYTES}\ntry: restore it from the recovery sheet`,
    )
  return key
}

/** The key as 14 groups of four letters: 32 bytes, then a checksum of 3 bytes. For paper. */
export function recoverySheetText(key: Buffer): string {
  const bytes = Buffer.concat([key, checksum(key)])
  let bits = 0n
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte)
  let text = ''
  for (let i = 0; i < 56; i++) {
    text = LETTERS[Number(bits & 31n)]! + text
    bits >>= 5n
  }
  return text.match(/.{4}/g)!.join(' ')
}

/** Undefined when a letter is wrong. */
export function readRecoverySheet(text: string): Buffer | undefined {
  const letters = text
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  if (letters.length !== 56) return undefined
  let bits = 0n
  for (const letter of letters) {
    const value = LETTERS.indexOf(letter)
    if (value < 0) return undefined
    bits = (bits << 5n) | BigInt(value)
  }
  const bytes = Buffer.from(bits.toString(16).padStart(70, '0'), 'hex')
  const key = bytes.subarray(0, KEY_BYTES)
  return checksum(key).equals(bytes.subarray(KEY_BYTES)) ? key : undefined
}

function checksum(key: Buffer): Buffer {
  return createHash('sha256').update('kluis recovery sheet').update(key).digest().subarray(0, 3)
}
