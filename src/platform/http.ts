import { existsSync } from 'node:fs'
import fastifyCookie from '@fastify/cookie'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { Problem, type ProblemCode, problems } from './problem.ts'

export type HttpOptions = {
  webRoot: string
  origin: URL
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

/** The server without any address of its own: headers, refusals, the web app's files. */
export async function makeHttp({
  webRoot,
  origin,
  log,
  refusedOtherwise = [],
}: HttpOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    logger: false,
    trustProxy: 'loopback',
    // Fastify waits without end; Node's own limit, so that nobody holds a connection by sending a letter an hour.
    requestTimeout: REQUEST_MS,
    routerOptions: { maxParamLength: 200 },
  })
  await app.register(fastifyCookie)
  // A client that says JSON and sends nothing means nothing.
  app.addContentTypeParser(
    ['application/json', 'application/scim+json'],
    { parseAs: 'string' },
    (_request, body, done) => {
      try {
        done(null, body === '' ? undefined : JSON.parse(String(body)))
      } catch {
        done(new Problem('bad-request', { why: 'not JSON' }))
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
    setHeaders(reply, origin)
    refuseForeignOrigin(request.method, request.headers, origin)
    // Passkeys are bound to a name, so the address by number leads to the name.
    const host = request.headers.host ?? ''
    if (
      origin.hostname === 'localhost' &&
      /^(127\.0\.0\.1|\[::1\])(:|$)/.test(host) &&
      !request.url.startsWith('/api/')
    ) {
      return reply.redirect(origin.origin + pathOf(request.url))
    }
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
  app.setNotFoundHandler((request, reply) => {
    if (request.method === 'GET' && !request.url.startsWith('/api/') && existsSync(webRoot))
      return reply.sendFile('index.html')
    sendProblem(reply, 'not-found')
  })
  if (existsSync(webRoot))
    await app.register(fastifyStatic, {
      root: webRoot,
      index: 'index.html',
      immutable: true,
      maxAge: '30d',
      setHeaders: (response, path) => {
        if (path.endsWith('.html')) response.header('cache-control', 'no-store')
      },
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

/** No other site may act in the visitor's name. Programs send neither header; a cookie is SameSite=Strict besides. */
function refuseForeignOrigin(method: string, headers: Record<string, unknown>, origin: URL): void {
  if (method === 'GET' || method === 'HEAD') return
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new Problem('wrong-origin')
  const from = headers.origin
  if (from !== undefined && from !== origin.origin) throw new Problem('wrong-origin')
}

function setHeaders(reply: FastifyReply, origin: URL): void {
  reply.headers({
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self), publickey-credentials-create=(self)',
    'cache-control': 'no-store',
    ...(origin.protocol === 'https:' ? { 'strict-transport-security': 'max-age=63072000' } : {}),
  })
}
