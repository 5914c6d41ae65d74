import { createHash } from 'node:crypto'
import { ROOT_KEY_BYTES } from './provider.ts'
import { LETTERS, plainLetters } from './share-text.ts'

const SHEET_LETTERS = 56

/**
 * The whole root key on one sheet, as installations printed it before there were shares: 32 bytes, then a checksum of three.
 * Still read, never printed any more. Undefined when a letter is wrong.
 */
export function readRecoverySheet(text: string): Buffer | undefined {
  const letters = plainLetters(text)
  if (letters.length !== SHEET_LETTERS) return undefined
  let bits = 0n
  for (const letter of letters) {
    const value = LETTERS.indexOf(letter)
    if (value < 0) return undefined
    bits = (bits << 5n) | BigInt(value)
  }
  const bytes = Buffer.from(bits.toString(16).padStart(70, '0'), 'hex')
  const key = bytes.subarray(0, ROOT_KEY_BYTES)
  return checksum(key).equals(bytes.subarray(ROOT_KEY_BYTES)) ? key : undefined
}

function checksum(key: Buffer): Buffer {
  return createHash('sha256').update('kluis recovery sheet').update(key).digest().subarray(0, 3)
}
