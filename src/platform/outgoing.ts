/**
 * Requests that Kluis makes to an address somebody typed. The answer is somebody else's: it may be slow, large, or lead
 * elsewhere, and the name may mean an address inside the machine or its hoster.
 *
 * Trusts: nothing about the address but that it is https. Does not trust the name server: the address that was looked
 * at is the one that is connected to.
 */
import { lookup as resolve } from 'node:dns'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export type OutgoingOptions = {
  /** For a provider on this machine while developing and in tests; http is allowed there alone. */
  mayReachLoopback: boolean
}
export type OutgoingRequest = {
  method?: string
  headers?: Record<string, string>
  body?: string | undefined
  signal?: AbortSignal | undefined
}

/** `why` is a word that the screens translate. */
export class OutgoingRefused extends Error {
  readonly why: 'not-https' | 'address' | 'redirect' | 'too-large' | 'too-slow' | 'unreachable'
  constructor(why: OutgoingRefused['why'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'OutgoingRefused'
    this.why = why
  }
}

const WAIT_MS = 10_000
const BYTES_MAX = 1024 * 1024

// Where a hoster answers questions about the machine itself, what is no single machine, and this machine. A provider in
// the office's own network is an ordinary case, so private ranges are not among them.
const never = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['224.0.0.0', 3],
] as const)
  never.addSubnet(net, bits, 'ipv4')
never.addAddress('100.100.100.200', 'ipv4')
never.addAddress('168.63.129.16', 'ipv4')
never.addAddress('::', 'ipv6')
never.addAddress('fd00:ec2::254', 'ipv6')
never.addSubnet('fe80::', 10, 'ipv6')
never.addSubnet('ff00::', 8, 'ipv6')
never.addSubnet('64:ff9b::', 96, 'ipv6')
const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

export function isAddressAllowed(address: string, { mayReachLoopback }: OutgoingOptions): boolean {
  // `::ffff:a.b.c.d` is the IPv4 address to the lists of Node too.
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(address) === 0 || never.check(address, family)) return false
  return mayReachLoopback || !loopback.check(address, family)
}

/** https everywhere; http only to this machine, and only where that was said. */
export function isUrlAllowed(url: URL, { mayReachLoopback }: OutgoingOptions): boolean {
  if (url.username || url.password) return false
  if (url.protocol === 'https:') return true
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return mayReachLoopback && isHere && url.protocol === 'http:'
}

/** No redirect is followed, and what is over 1 MB or ten seconds is not waited for. */
export async function sendOut(
  address: string | URL,
  given: OutgoingRequest,
  options: OutgoingOptions,
): Promise<Response> {
  const url = new URL(address)
  if (!isUrlAllowed(url, options))
    throw new OutgoingRefused('not-https', `${url.origin}: https only`)
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) && !isAddressAllowed(literal, options))
    throw new OutgoingRefused('address', `${url.hostname} is not an address Kluis asks`)
  const patience = AbortSignal.timeout(WAIT_MS)
  const signal = given.signal ? AbortSignal.any([given.signal, patience]) : patience
  const asked: RequestOptions = {
    method: given.method ?? 'GET',
    headers: {
      ...given.headers,
      ...(given.body === undefined ? {} : { 'content-length': Buffer.byteLength(given.body) }),
    },
    lookup: checkedLookup(options),
    signal,
    // One request a connection: an answer that is left halfway leaves nothing behind.
    agent: false,
  }
  try {
    const answer = await new Promise<IncomingMessage>((done, fail) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest
      send(url, asked, done).on('error', fail).end(given.body)
    })
    return await readAnswer(url, answer)
  } catch (cause) {
    if (cause instanceof OutgoingRefused) throw cause
    if (patience.aborted)
      throw new OutgoingRefused('too-slow', `${url.host} did not answer in time`, { cause })
    throw new OutgoingRefused('unreachable', `${url.host}: ${(cause as Error).message}`, { cause })
  }
}

async function readAnswer(url: URL, answer: IncomingMessage): Promise<Response> {
  const status = answer.statusCode ?? 0
  if (status >= 300 && status < 400) {
    answer.destroy()
    throw new OutgoingRefused('redirect', `${url.host} leads elsewhere (${status})`)
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer) {
    bytes += (chunk as Buffer).length
    if (bytes > BYTES_MAX) {
      answer.destroy()
      throw new OutgoingRefused('too-large', `${url.host} answers with more than 1 MB`)
    }
    chunks.push(chunk as Buffer)
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  const isEmpty = status === 204 || status === 205
  return new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers })
}

/** Every address of the name is looked at; one that is not allowed refuses them all. */
function checkedLookup(options: OutgoingOptions): LookupFunction {
  return (hostname, asked, done) => {
    resolve(hostname, { ...asked, all: true }, (error, found) => {
      if (error) return done(error, '', 0)
      const refused = found.find(({ address }) => !isAddressAllowed(address, options))
      if (refused || found.length === 0)
        return done(
          new OutgoingRefused('address', `${hostname} leads to an address Kluis does not ask`),
          '',
          0,
        )
      if (asked.all) return done(null, found)
      return done(null, found[0]!.address, found[0]!.family)
    })
  }
}
