/**
 * The key of a program: a session of its own kind, which comes in the header `Authorization` and never in a cookie. Its
 * second half says under a key that PostgreSQL never has what it is for, so nobody widens it in the database.
 */
import { BlockList, isIP } from 'node:net'

// Seen in a file by whoever looks for secrets.
export const KEY_PREFIX = 'kluis_'

/** What a key is bound to besides its program: a row that says more than this is not ours. */
export function keyBinding(id: string, expiresAt: Date, ranges: readonly string[]): string {
  return [id, Math.floor(expiresAt.getTime() / 1000), ...ranges].join(' ')
}

/** Undefined: the request carries no key. An empty text: what it carries is none. */
export function keyOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined
  const given = /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1] ?? ''
  return given.startsWith(KEY_PREFIX) ? given.slice(KEY_PREFIX.length) : ''
}

/** Whether an address lies in one of these networks; IPv4 that comes as IPv6 is IPv4. */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = isIP(plain)
  if (!family) return false
  const known = new BlockList()
  for (const range of ranges) {
    const [network, bits] = range.split('/') as [string, string | undefined]
    const isV4 = isIP(network) === 4
    known.addSubnet(network, Number(bits ?? (isV4 ? 32 : 128)), isV4 ? 'ipv4' : 'ipv6')
  }
  return known.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}
