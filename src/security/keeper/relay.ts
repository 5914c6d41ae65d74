/** Addresses that the keeper answers: the web process hands over the request as it came, and the answer as it went. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Route } from '../access/route.ts'
import type { KeeperLink } from './link.ts'
import type { HttpAnswer, KeeperState, Read } from './protocol.ts'

// Said of one connection alone, or counted anew.
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
])

/** What the web process is told to hand over. */
export function relayedOf(routes: readonly Route[]): KeeperState['routes'] {
  return [
    { method: 'GET', url: '/api/openapi.json' },
    ...routes.map(({ method, path, bodyLimitBytes }) => ({
      method,
      url: path,
      ...(bodyLimitBytes === undefined ? {} : { bodyLimit: bodyLimitBytes }),
    })),
  ]
}

/** `otherSession`: whoever asked has another one now, or none. What changes for others the keeper says itself, before it answers. */
export function relayRoutes(
  app: FastifyInstance,
  link: KeeperLink,
  otherSession: () => void,
): void {
  app.register(async (inner) => {
    inner.removeAllContentTypeParsers()
    inner.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
    for (const { method, url, bodyLimit } of link.state.routes)
      inner.route({
        method,
        url,
        ...(bodyLimit === undefined ? {} : { bodyLimit }),
        handler: async (request, reply) => {
          const answer = await link.ask('http', askedBy(request))
          if ('set-cookie' in answer.headers) otherSession()
          return sendAnswer(reply, answer)
        },
      })
  })
}

function askedBy({ method, url, headers, body, ip }: FastifyRequest) {
  return {
    method: method as 'GET',
    url,
    headers: told(headers),
    body: Buffer.isBuffer(body) ? body.toString('base64') : null,
    address: ip,
  }
}

function sendAnswer(reply: FastifyReply, { status, headers, body }: HttpAnswer): FastifyReply {
  return reply.status(status).headers(told(headers)).send(body)
}

function told(headers: Record<string, string | string[] | number | undefined>) {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || OF_THE_CONNECTION.has(name)
        ? []
        : [[name, Array.isArray(value) ? value : String(value)] as const],
    ),
  )
}

/** The keeper's side: the request as it came, without a network in between. */
export async function answerRelayed(
  http: FastifyInstance,
  { method, url, headers, body, address }: Read<'http'>,
): Promise<HttpAnswer> {
  const answer = await http.inject({
    method,
    url,
    headers: { 'user-agent': '', ...headers },
    remoteAddress: address,
    ...(body === null ? {} : { payload: Buffer.from(body, 'base64') }),
  })
  return {
    status: answer.statusCode,
    headers: told(answer.headers),
    body: answer.rawPayload,
  }
}
