import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Database, ReadTx, SessionToken } from '#platform/db.ts'
import { Hidden } from '#platform/hidden.ts'
import { refuseLanding } from '#platform/own-requests.ts'
import { Problem, refuse } from '#platform/problem.ts'
import { isInRanges, keyOf } from './api-key.ts'
import { findClientId, findMergedInto } from './client-ids.ts'
import { type GuardParts, passGuard } from './pass-guard.ts'
import type { Route } from './route.ts'
import type { Who, WhoCache } from './who.ts'

export type ServeParts = GuardParts & {
  db: Database
  who: WhoCache
  /** `__Host-kluis` on https; another name on plain localhost, where browsers refuse that prefix. */
  cookieName: string
  /** What must be known before anything is answered for somebody who is signed in. */
  ready: () => Promise<void>
  /** Called at most once a minute a session: the coarse stamp behind the idle limit. */
  touchSession: (caller: Admitted, now: Date) => void
  /** Puts another token in the caller's browser; undefined when another request did. */
  rotate: (reply: FastifyReply, caller: Admitted, now: Date) => Promise<Admitted | undefined>
  /** A key that is right, from a network that it is not for. */
  tellElsewhere: (caller: Admitted, now: Date) => void
  /** Called for what somebody asked for with a permission of theirs. */
  usedRight: (token: SessionToken, userId: string, permission: string, now: Date) => void
}

const TOUCH_MS = 60_000

/** Puts the declared addresses on the server. Permission first, then shapes, then a grant where one is asked, then the answer. */
export function serveRoutes(app: FastifyInstance, routes: Route[], parts: ServeParts): void {
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      ...(route.bodyLimitBytes ? { bodyLimit: route.bodyLimitBytes } : {}),
      // Who asks is settled before the body is even read.
      onRequest: async (request, reply) => {
        if (route.kind !== 'open') await admit(request, reply, route, parts)
      },
      handler: (request, reply) => answer(request, reply, route, parts),
    })
  }
}

export type Admitted = { who: Who; token: SessionToken }
const admitted = new WeakMap<FastifyRequest, Admitted>()

async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  parts: ServeParts,
): Promise<void> {
  refuseLanding(request.headers)
  const key = keyOf(request.headers.authorization)
  const given = key ?? request.cookies[parts.cookieName]
  if (!given) refuse('not-signed-in')
  const token = new Hidden(given)
  const now = Date.now()
  const who = (await parts.who.find(token, now)) ?? refuse('not-signed-in')
  requireRightDoor(request, { who, token }, key !== undefined, parts)
  // What concerns only the caller is a person's: their factors, their sessions, what they confirm.
  const isForPeople = route.kind === 'write' && route.needs === 'signed-in'
  if (isForPeople && who.sessionKind === 'program') refuse('not-allowed')
  if (who.isFrozen && !isOfOneself(route)) refuse('frozen')
  if (route.needs !== 'signed-in' && route.needs !== 'nobody' && !who.permissions.has(route.needs))
    refuse('not-allowed')
  if (!route.isUnattended && now - who.lastSeenAt.getTime() > TOUCH_MS) {
    who.lastSeenAt = new Date(now)
    parts.touchSession({ who, token }, new Date(now))
  }
  // A grant is for the session it was asked in; the request after it is given another.
  const isDue = who.isRotationDue && request.headers['kluis-grant'] === undefined
  const rotated = isDue ? await parts.rotate(reply, { who, token }, new Date(now)) : undefined
  const caller = rotated ?? { who, token }
  if (route.needs !== 'signed-in' && route.needs !== 'nobody' && !route.isUnattended)
    parts.usedRight(caller.token, who.userId, route.needs, new Date(now))
  admitted.set(request, caller)
}

/** A key is none in a cookie, a session none in a header; and a key from elsewhere gets the answer of a wrong one. */
function requireRightDoor(
  { ip }: FastifyRequest,
  caller: Admitted,
  isKey: boolean,
  { tellElsewhere }: ServeParts,
): void {
  const { who } = caller
  if ((who.sessionKind === 'program') !== isKey) refuse('not-signed-in')
  if (!isKey || isInRanges(ip, who.addressRanges ?? [])) return
  tellElsewhere(caller, new Date())
  refuse('not-signed-in')
}

// One's own session and factors, and who could lift it.
const OF_ONESELF =
  /^\/api\/(session|sessions|sign-out|passkeys|totp|password|recovery-codes|recoveries|step-up|users|roles|teams|organisation|budgets\/own)(\/|$)/

/** What somebody who is frozen may still do. All else answers `frozen`; what PostgreSQL shows them is nothing anyway. */
function isOfOneself({ needs, path }: Route): boolean {
  return needs === 'signed-in' && OF_ONESELF.test(path)
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  parts: ServeParts,
): Promise<unknown> {
  const call = {
    now: new Date(),
    params: parse(route.params, request.params, 'params'),
    query: parse(route.query, request.query, 'query'),
    body: parse(route.body, request.body ?? {}, 'body'),
    request,
    reply,
  }
  const result =
    route.kind === 'open'
      ? await route.answer(call)
      : await answerAdmitted(request, route, parts, call)
  if (reply.sent) return reply
  if (route.status) reply.status(route.status)
  if (route.replyType) {
    reply.type(route.replyType)
    return result
  }
  return route.reply.parse(result)
}

async function answerAdmitted(
  request: FastifyRequest,
  route: Route,
  parts: ServeParts,
  call: { params: unknown },
): Promise<unknown> {
  const { who, token } = admitted.get(request)!
  await parts.ready()
  const purpose = route.purpose ?? `${route.method} ${route.path}`
  const { db } = parts
  await passGuard(request, route, parts, { ...call, who, token, tx: db.reader(token, purpose) })
  const answerFor = (params: unknown) =>
    route.answer({
      ...call,
      params,
      who,
      token,
      tx: db.reader(token, purpose),
      writeAtOnce: (ask: Parameters<Database['writeAtOnce']>[1]) =>
        db.writeAtOnce(token, ask, purpose),
      write: (ask: Parameters<Database['write']>[1]) => db.write(token, ask, purpose),
    })
  try {
    return await answerFor(call.params)
  } catch (error) {
    const own = isNotFound(error) && (await ownRecord(call.params, who, db.reader(token, purpose)))
    if (own) return answerFor(own)
    // A session that ended a moment ago sees nothing; say so instead of "not found".
    if (error instanceof Problem && error.status < 500) {
      const now = (await parts.who.ask(token, Date.now())) ?? refuse('not-signed-in')
      if (now.isFrozen) refuse('frozen')
    }
    throw error
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Problem && error.code === 'not-found'
}

/**
 * Under `id` may stand the id that this user made for the record, or that of a record that was merged into another;
 * then the request is for that record.
 */
async function ownRecord(
  params: unknown,
  who: Who,
  tx: ReadTx,
): Promise<{ id: string } | undefined> {
  const given = params as { id?: string } | undefined
  if (!given?.id) return undefined
  const made = await findClientId(tx, who.userId, given.id)
  const id = (await findMergedInto(tx, made ?? given.id)) ?? made
  return id ? { ...given, id } : undefined
}

function parse(
  shape: z.ZodType | undefined,
  given: unknown,
  where: 'params' | 'query' | 'body',
): unknown {
  if (!shape) return undefined
  const parsed = shape.safeParse(given)
  if (parsed.success) return parsed.data
  // An id that is no id is an id of nothing.
  if (where === 'params') refuse('not-found')
  refuse('invalid-fields', {
    fields: parsed.error.issues.slice(0, 20).map((issue) => ({
      field: issue.path.join('.'),
      problem: issue.code,
      message: issue.message,
    })),
  })
}
