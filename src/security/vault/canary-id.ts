/**
 * Which record is a canary stands nowhere: its id says so to whoever has the key. Half of such an id is random, and the
 * other half follows from it under a key of the keystore; without that key it is an id like all others.
 */
import { randomBytes } from 'node:crypto'

type Token = (text: string) => Buffer

const RANDOM_BYTES = 6

export function newCanaryId(token: Token): string {
  return written(randomBytes(RANDOM_BYTES), token)
}

export function isCanaryId(id: string, token: Token): boolean {
  const random = Buffer.from(id.replaceAll('-', '').slice(0, RANDOM_BYTES * 2), 'hex')
  return random.length === RANDOM_BYTES && written(random, token) === id.toLowerCase()
}

function written(random: Buffer, token: Token): string {
  const bytes = Buffer.concat([random, token(random.toString('hex'))]).subarray(0, 16)
  // A random id of version 4, as RFC 9562 writes it: what every record has.
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}
