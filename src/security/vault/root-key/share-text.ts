/**
 * A recovery share as letters for paper: 18 groups of five, of which the last letter checks the other four. One wrong letter,
 * two neighbours swapped, or two groups swapped are found, and the group is named. docs/formats/keystore.md.
 */
import { createHash } from 'node:crypto'

// Crockford's letters: no I, L, O, U, so that nobody mistypes what was printed.
export const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const SHARE_BYTES = 45
const CHECKSUM_BYTES = 3
export const CONTENT_BYTES = SHARE_BYTES - CHECKSUM_BYTES
const GROUPS = 18
const GROUP_LETTERS = 5

export type ReadText =
  | { kind: 'content'; content: Buffer }
  /** Counted from one, as one counts on paper. */
  | { kind: 'wrong-groups'; groups: number[] }
  | { kind: 'wrong-length'; letters: number; wanted: number }
  | { kind: 'wrong-checksum' }

export function shareText(content: Buffer): string {
  const values = fiveBits(Buffer.concat([content, checksum(content)]))
  const groups = Array.from({ length: GROUPS }, (_, group) => {
    const four = values.slice(group * 4, group * 4 + 4)
    return [...four, checkOf(four, group)].map((value) => LETTERS[value]).join('')
  })
  return groups.join(' ')
}

export function readShareText(text: string): ReadText {
  const letters = plainLetters(text)
  if (letters.length !== GROUPS * GROUP_LETTERS)
    return { kind: 'wrong-length', letters: letters.length, wanted: GROUPS * GROUP_LETTERS }
  const wrong: number[] = []
  const values: number[] = []
  for (let group = 0; group < GROUPS; group++) {
    const five = [...letters.slice(group * GROUP_LETTERS, (group + 1) * GROUP_LETTERS)].map(
      (letter) => LETTERS.indexOf(letter),
    )
    const four = five.slice(0, 4)
    if (five.includes(-1) || checkOf(four, group) !== five[4]) wrong.push(group + 1)
    values.push(...four)
  }
  if (wrong.length > 0) return { kind: 'wrong-groups', groups: wrong }
  const bytes = bytesOf(values)
  const content = bytes.subarray(0, CONTENT_BYTES)
  return checksum(content).equals(bytes.subarray(CONTENT_BYTES))
    ? { kind: 'content', content }
    : { kind: 'wrong-checksum' }
}

/** O is read as 0, I and L as 1; spaces, hyphens and line ends may stand anywhere. */
export function plainLetters(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
}

/** In the field of 32: each place has a weight of its own, and each group a start of its own. */
function checkOf(four: readonly number[], group: number): number {
  return four.reduce((sum, value, place) => sum ^ timesPower(value, place + 1), group + 1)
}

/** A value times x to a power, modulo x⁵ + x² + 1. */
function timesPower(value: number, power: number): number {
  let product = value
  for (let i = 0; i < power; i++) {
    product <<= 1
    if (product & 32) product ^= 0b100101
  }
  return product
}

function fiveBits(bytes: Buffer): number[] {
  let bits = 0n
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte)
  const count = (bytes.length * 8) / 5
  return Array.from({ length: count }, (_, i) =>
    Number((bits >> BigInt(5 * (count - 1 - i))) & 31n),
  )
}

function bytesOf(values: readonly number[]): Buffer {
  let bits = 0n
  for (const value of values) bits = (bits << 5n) | BigInt(value)
  return Buffer.from(bits.toString(16).padStart(SHARE_BYTES * 2, '0'), 'hex')
}

/** Of the share alone, so that it tells nothing of the root key. */
function checksum(content: Buffer): Buffer {
  return createHash('sha256')
    .update('kluis recovery share')
    .update(content)
    .digest()
    .subarray(0, CHECKSUM_BYTES)
}
