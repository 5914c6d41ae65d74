/** What an address asks besides a session, before it is answered: see operations.ts. */
import type { FastifyRequest } from 'fastify'
import type { Database, ReadTx, SessionToken } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Preview } from './contract.ts'
import type { Guard, Guarded } from './operations.ts'
import type { Route } from './route.ts'
import type { Who } from './who.ts'

/** A request as it came, to be done once somebody agreed to it. */
export type Sent = { method: string; url: string; body: unknown }
export type ApprovalAsked = Guarded & { preview: Preview; sent: Sent; reason: string }

export type GuardParts = {
  db: Database
  guard: Pick<Guard, 'requestOf' | 'pass'>
  cookieName: string
  /** Four eyes: what whoever asks is told, and the question to a colleague. */
  approvals: {
    situation(tx: ReadTx, guarded: Guarded): Promise<{ deciders: number; isWaiting: boolean }>
    ask(caller: { who: Who; token: SessionToken }, asked: ApprovalAsked): Promise<string>
  }
}

/** A link that a browser saves as a file carries no header of its own; its grant comes in a cookie. */
export function grantCookie(cookieName: string): string {
  return `${cookieName}-grant`
}

export async function passGuard(
  request: FastifyRequest,
  route: Route,
  parts: GuardParts,
  call: { who: Who; token: SessionToken; tx: ReadTx },
): Promise<void> {
  const operation = typeof route.operation === 'function' ? route.operation(call) : route.operation
  if (!operation) return
  const { guard, cookieName, approvals } = parts
  const { who, token, tx } = call
  const query = { ...(request.query as Record<string, string>) }
  for (const name of route.besides ?? []) delete query[name]
  const { params, body } = request
  const asked = await guard.requestOf({
    method: route.method,
    path: route.path,
    params,
    query,
    body,
  })
  const guarded: Guarded = { operation, request: asked }
  const grant = request.headers['kluis-grant'] ?? request.cookies[grantCookie(cookieName)]
  const lacking = await guard.pass({ ...who, token }, guarded, grant?.toString())
  if (!lacking) return
  if (lacking === 'step-up-needed' || !route.preview) refuse('step-up-needed', guarded)
  const preview = await route.preview(call)
  const reason = reasonOf(request)
  if (reason === undefined)
    refuse('approval-needed', { ...guarded, preview, ...(await approvals.situation(tx, guarded)) })
  const sent = { method: route.method, url: urlOf(request, query), body: body ?? null }
  const id = await approvals.ask({ who, token }, { ...guarded, preview, sent, reason })
  refuse('approval-asked', { id })
}

const REASON_MIN = 10
const REASON_MAX = 500

/** Percent-encoded, because a header holds no accents. */
function reasonOf(request: FastifyRequest): string | undefined {
  const given = request.headers['kluis-reason']?.toString()
  if (given === undefined) return undefined
  let reason: string
  try {
    reason = decodeURIComponent(given).trim()
  } catch {
    refuse('bad-request', { why: 'kluis-reason is not percent-encoded' })
  }
  if (reason.length < REASON_MIN || reason.length > REASON_MAX)
    refuse('invalid-fields', { fields: [{ field: 'reason', problem: 'reason-length' }] })
  return reason
}

function urlOf(request: FastifyRequest, query: Record<string, string>): string {
  const [path] = request.url.split('?')
  const written = new URLSearchParams(query).toString()
  return written ? `${path}?${written}` : path!
}
