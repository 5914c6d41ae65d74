import type { SecureContextOptions, TlsOptions } from 'node:tls'
import fastifyCookie from '@fastify/cookie'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { headersOf } from './headers.ts'
import { readJson } from './json-body.ts'
import { isByNumber, refuseOtherHost, refuseOtherSite } from './own-requests.ts'
import { Problem, type ProblemCode, problems } from './problem.ts'
import { serveWebApp } from './web-app.ts'

export type HttpOptions = {
  webRoot: string
  origin: URL
  /** Undefined: plain, for loopback; whoever is outside comes through a proxy. */
  tls: (TlsOptions & SecureContextOptions) | undefined
  /** Whose word counts on where a request came from; of all others the connection itself tells. */
  trustProxy: string[]
  /** Where a protocol has a form of its own for refusals: addresses that begin so, and who says it; false leaves it to us. */
  refusedOtherwise?: [path: string, send: (reply: FastifyReply, problem: Problem) => boolean][]
  log: (event: {
    level: 'error' | 'warn' | 'info'
    what: string
    code?: string
    requestId?: string
  }) => void
}

// One form or one page of a list; imports state a larger limit of their own.
const BODY_BYTES_MAX = 1024 * 1024
// An import of 50 MB over a poor line; nothing else comes near.
const REQUEST_MS = 5 * 60_000

/** Nobody holds a connection by sending a letter an hour, nor all that there are. */
export const connectionLimits = {
  headersTimeout: 15_000,
  requestTimeout: REQUEST_MS,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16 * 1024,
}
export const CONNECTIONS_MAX = 2_000

/** The server without any address of its own: headers, refusals, the web app's files. */
export async function makeHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { webRoot, origin, tls, trustProxy, log, refusedOtherwise = [] } = options
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    logger: false,
    trustProxy: trustProxy.length > 0 ? trustProxy : false,
    requestTimeout: REQUEST_MS,
    routerOptions: { maxParamLength: 200 },
    ...(tls ? { https: { ...tls, ...connectionLimits } } : { http: connectionLimits }),
  }) as unknown as FastifyInstance
  app.server.maxConnections = CONNECTIONS_MAX
  await app.register(fastifyCookie)
  // What a form of another site can send is none of what is read here.
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser(
    ['application/json', 'application/scim+json'],
    { parseAs: 'buffer' },
    (_request, body, done) => {
      try {
        done(null, readJson(body as Buffer))
      } catch (error) {
        done(error as Error)
      }
    },
  )
  // A file is taken as it is: its encoding is found by looking at it.
  app.addContentTypeParser(
    ['text/csv', 'application/octet-stream'],
    { parseAs: 'buffer' },
    (_request, body, done) => done(null, body),
  )
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headersOf(origin))
    const { method, url, headers } = request
    const asked = { method, headers, rawHeaders: request.raw.rawHeaders }
    refuseOtherHost(asked, origin)
    if (origin.hostname === 'localhost' && isByNumber(headers.host) && !url.startsWith('/api/'))
      return reply.redirect(origin.origin + pathOf(url))
    refuseOtherSite(asked, origin)
  })
  app.setErrorHandler((error, request, reply) => {
    const problem = asProblem(error)
    if (problem.status >= 500)
      log({
        level: 'error',
        what: whatToLog(problem),
        code: problem.code,
        requestId: request.id,
      })
    const otherwise = refusedOtherwise.find(([path]) => request.url.startsWith(path))
    if (!otherwise?.[1](reply, problem)) sendProblem(reply, problem.code, problem.detail)
  })
  const sendPage = await serveWebApp(app, webRoot)
  app.setNotFoundHandler((request, reply) => {
    // A part of the screens of an earlier release is not there any more, and no page stands for it.
    const isPage = request.method === 'GET' && !/^\/(api|assets)(\/|$)/.test(request.url)
    if (isPage && sendPage) return sendPage(reply)
    sendProblem(reply, 'not-found')
  })
  return app
}

/** Only where on this site: `//elsewhere` and `http://elsewhere` are addresses of other sites. */
function pathOf(url: string): string {
  const asked = URL.parse(url, 'http://localhost')
  return asked ? `/${asked.pathname.replace(/^\/+/, '')}${asked.search}` : '/'
}

/** What is away says so in a line each time; only what nobody foresaw needs its stack. */
function whatToLog(problem: Problem): string {
  const cause = problem.cause instanceof Error ? problem.cause : problem
  return problem.code === 'internal' ? (cause.stack ?? '') : `${problem.code}: ${cause.message}`
}

function sendProblem(
  reply: FastifyReply,
  code: ProblemCode,
  detail?: Record<string, unknown>,
): void {
  const [status, title] = problems[code]
  reply
    .status(status)
    .type('application/problem+json')
    .send({ type: `urn:kluis:problem:${code}`, title, status, code, ...(detail ? { detail } : {}) })
}

// SQLSTATEs that say something of what was asked, and nothing of us: a value that no column takes, a colleague or
// team that is not there (the same answer as for a foreign one), an id that its maker used already.
const refusals: [RegExp, ProblemCode][] = [
  [/^22...$/, 'bad-request'],
  [/^23503$/, 'not-found'],
  [/^23505$/, 'already-done'],
]

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { statusCode, code } = error as { statusCode?: number; code?: string }
  if (statusCode === 413) return new Problem('too-large')
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return new Problem('bad-request', code ? { code } : undefined)
  const refusal = refusals.find(([states]) => states.test(code ?? ''))
  if (refusal) return new Problem(refusal[1], undefined, { cause: error })
  return new Problem('internal', undefined, { cause: error })
}
