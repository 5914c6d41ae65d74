/**
 * Which requests are answered at all: for our own name, and by our own pages or by a program, never by the page of
 * another site in the visitor's name. The cookie is SameSite=Strict besides.
 *
 * Trusts: what browsers say of a request, in headers that no page can set. A request that says nothing of the kind is a
 * program's: every browser since 2020 sends an Origin or a Sec-Fetch-Site with what changes something.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from './problem.ts'

type Asked = { method: string; headers: IncomingHttpHeaders; rawHeaders: string[] }

const BY_NUMBER = /^(127\.0\.0\.1|\[::1\])(:\d{1,5})?$/
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i

/** Whether the address is that of this machine by number: passkeys are bound to a name, so a page leads to the name. */
export const isByNumber = (host: string | undefined) => BY_NUMBER.test(host ?? '')

/**
 * Only for the name we were set up for. Another name that leads here is one that somebody else gave us, so that pages of
 * theirs can speak to us as to themselves (DNS rebinding); of this machine itself nobody can give the names away.
 */
export function refuseOtherHost({ headers, rawHeaders }: Asked, origin: URL): void {
  const hosts = rawHeaders.filter((_, i) => i % 2 === 0 && /^host$/i.test(rawHeaders[i]!))
  const host = (headers.host ?? '').toLowerCase()
  if (hosts.length > 1 || (host !== origin.host && !LOCAL.test(host)))
    throw new Problem('wrong-host', { address: origin.origin })
}

/** Another site may lead a visitor here, as any link does, and as a sign-in that took place elsewhere does; nothing else. */
export function refuseOtherSite(asked: Asked, origin: URL): void {
  const { method, headers } = asked
  const isReading = method === 'GET' || method === 'HEAD'
  const site = headers['sec-fetch-site']
  if (headers.origin !== undefined && headers.origin !== origin.origin)
    throw new Problem('wrong-origin')
  if (site === undefined || site === 'same-origin') return
  // By the visitor's own hand, in the address bar.
  if (site === 'none' && isReading) return
  const isLanding =
    isReading &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  if (!isLanding) throw new Problem('wrong-origin')
}

/** What is answered for a session is not even a place to land: no link of another site begins an export. */
export function refuseLanding({ 'sec-fetch-site': site }: IncomingHttpHeaders): void {
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new Problem('wrong-origin')
}
