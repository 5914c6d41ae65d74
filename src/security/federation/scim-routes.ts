import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Problem, problems } from '#platform/problem.ts'
import { type Address, type OpenCall, open, type Route } from '#security/access/route.ts'
import { networkOf } from '#security/sign-in/rate-limits.ts'
import type { FederationRules } from './federation.ts'
import { Pace } from './pace.ts'
import { listOf, serviceProviderConfig, userResourceType, userSchema } from './scim-discovery.ts'
import { errorBody, filterOf, pageOf, ScimError, USER } from './scim-shapes.ts'

const SCIM_TYPE = 'application/scim+json'
const BODY_BYTES_MAX = 64 * 1024
const Anything = z.unknown()

type Asking = {
  providerId: string
  params: { id: string }
  query: Record<string, unknown>
  body: unknown
  reply: FastifyReply
}

/**
 * The addresses for the organisation's directory. No session stands behind them: whoever calls is a provider's program
 * with a token of its own, asked here before anything else.
 */
export function scimRoutes({ rules, origin }: { rules: FederationRules; origin: URL }): Route[] {
  // A directory of a thousand, written at once, waits a little; a guess of a token waits more.
  const ofToken = new Pace(200, 20)
  const ofNetwork = new Pace(20, 1)

  async function providerOf(request: FastifyRequest, now: Date): Promise<string> {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    const providerId = token && (await rules.tokens.providerOf(token, now))
    if (!providerId) {
      ofNetwork.take(networkOf(request.ip), now)
      throw new ScimError(401, 'the token is missing, revoked or expired')
    }
    ofToken.take(providerId, now)
    return providerId
  }

  /** Whatever goes wrong is said in SCIM's own form. */
  function scim(address: Address, answer: (asking: Asking) => Promise<unknown>): Route {
    const route = async ({ request, reply, now }: OpenCall<{ reply: typeof Anything }>) => {
      reply.type(SCIM_TYPE)
      try {
        const providerId = await providerOf(request, now)
        const { params, query, body } = request
        const asking = { providerId, params, query, body, reply } as Asking
        const result = await answer(asking)
        await reply.send(result ?? '')
      } catch (error) {
        if (!sendScimError(reply, error)) throw error
      }
      return undefined
    }
    return open(address, { reply: Anything, bodyLimitBytes: BODY_BYTES_MAX }, route)
  }

  const { scim: users } = rules
  const base = '/api/scim/v2'
  return [
    scim(`GET ${base}/Users`, async ({ providerId, query }) =>
      users.list(providerId, filterOf(query.filter), pageOf(query)),
    ),
    scim(`GET ${base}/Users/:id`, async ({ providerId, params }) =>
      users.get(providerId, params.id),
    ),
    scim(`POST ${base}/Users`, async ({ providerId, body, reply }) => {
      const { id, user } = await users.create(providerId, body)
      reply.status(201).header('location', `${origin.origin}${base}/Users/${id}`)
      return user
    }),
    scim(`PUT ${base}/Users/:id`, async ({ providerId, params, body }) =>
      users.replace(providerId, params.id, body),
    ),
    scim(`PATCH ${base}/Users/:id`, async ({ providerId, params, body }) =>
      users.patch(providerId, params.id, body),
    ),
    scim(`DELETE ${base}/Users/:id`, async ({ providerId, params, reply }) => {
      await users.remove(providerId, params.id)
      reply.status(204)
    }),
    scim(`GET ${base}/ServiceProviderConfig`, async () => serviceProviderConfig(origin)),
    scim(`GET ${base}/ResourceTypes`, async () => listOf([userResourceType(origin)])),
    scim(`GET ${base}/ResourceTypes/:id`, async ({ params }) =>
      params.id === 'User' ? userResourceType(origin) : notThere(),
    ),
    scim(`GET ${base}/Schemas`, async () => listOf([userSchema(origin)])),
    scim(`GET ${base}/Schemas/:id`, async ({ params }) =>
      params.id === USER ? userSchema(origin) : notThere(),
    ),
    // Kluis keeps no groups of a directory: which role they give is worked out at each sign-in.
    scim(`GET ${base}/Groups`, async () => listOf([])),
  ]
}

function notThere(): never {
  throw new ScimError(404, 'there is no such resource')
}

/** False for what is no refusal: the server's own error handler logs it, and answers. */
export function sendScimError(reply: FastifyReply, error: unknown): boolean {
  const said = asScimError(error)
  if (!said) return false
  reply.status(said.status).type(SCIM_TYPE)
  if (said.status === 401) reply.header('www-authenticate', 'Bearer realm="Kluis SCIM"')
  if (said.retryAfterSeconds) reply.header('retry-after', String(said.retryAfterSeconds))
  reply.send(errorBody(said))
  return true
}

function asScimError(error: unknown): ScimError | undefined {
  if (error instanceof ScimError) return error
  if ((error as { code?: string }).code === '23505')
    return new ScimError(409, 'there is a user of this name already', 'uniqueness')
  if (!(error instanceof Problem)) return undefined
  const after = error.detail?.retryAfterSeconds
  const [status, title] = problems[error.code]
  return new ScimError(
    status,
    title,
    status === 400 ? 'invalidSyntax' : undefined,
    typeof after === 'number' ? after : undefined,
  )
}
