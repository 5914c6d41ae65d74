/**
 * Requests as no page of ours makes them, over real connections: of another site, for another name, cut and joined
 * where a proxy and a server could differ, with what JavaScript takes for more than data, and without end.
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectionLimits } from '#platform/http.ts'
import { grantAhead } from '../support/grants.ts'
import { type Caller, ORIGIN, openTestKluis, type TestKluis } from '../support/kluis.ts'

const HOST = new URL(ORIGIN).host
const OTHER_SITE = 'https://elders.example'

let kluis: TestKluis
let ana: Caller
let webRoot: string
let personId: string

beforeAll(async () => {
  webRoot = mkdtempSync(join(tmpdir(), 'kluis-test-web-'))
  mkdirSync(join(webRoot, 'web/assets'), { recursive: true })
  writeFileSync(join(webRoot, 'secret.txt'), 'geheim')
  writeFileSync(join(webRoot, 'web/index.html'), '<script nonce="KLUIS_NONCE"></script>')
  writeFileSync(join(webRoot, 'web/first.js'), '1')
  writeFileSync(join(webRoot, 'web/assets/index-abc.js'), '1')
  kluis = await openTestKluis({ webRoot: join(webRoot, 'web') })
  ana = await kluis.setUp('team')
  await kluis.app.http.listen({ host: '127.0.0.1', port: 0 })
  personId = (await ana.call('POST', '/api/people', { familyName: 'Peeters' })).json().id
})
afterAll(async () => {
  await kluis.close()
  rmSync(webRoot, { recursive: true })
})

const port = () => (kluis.app.http.server.address() as AddressInfo).port

type Answer = { status: number; headers: IncomingMessage['headers']; body: string }
async function send(
  method: string,
  path: string,
  headers: Record<string, string | string[]> = {},
  body?: string | Buffer,
): Promise<Answer> {
  const sent = request({
    ...{ host: '127.0.0.1', port: port(), method, path },
    headers: { host: HOST, cookie: `kluis=${ana.token}`, ...headers },
  })
  sent.end(body)
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    sent.once('response', resolve).once('error', reject),
  )
  const { statusCode = 0 } = response
  return { status: statusCode, headers: response.headers, body: await text(response) }
}
const codeOf = ({ status, body }: Answer) => [status, JSON.parse(body).code]
const json = { 'content-type': 'application/json' }

/** Bytes as they are, and all that comes back until the other side ends it. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(port(), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(bytes)
  return text(socket)
}

// ── another site ────────────────────────────────────────────────────────────────────────────────────────────────

const own = { 'sec-fetch-site': 'same-origin' }
test.each<[string, string, string, Record<string, string>]>([
  ['a form of another site', 'POST', '/api/sign-out', { 'sec-fetch-site': 'cross-site' }],
  [
    'a page under the same name, on another port',
    'POST',
    '/api/sign-out',
    { 'sec-fetch-site': 'same-site' },
  ],
  [
    'a request that a browser sends of itself',
    'DELETE',
    '/api/people/x',
    { 'sec-fetch-site': 'none' },
  ],
  ['another origin', 'POST', '/api/sign-out', { origin: OTHER_SITE }],
  ['another port of this machine', 'POST', '/api/sign-out', { origin: 'http://localhost:1' }],
  ['an origin that is hidden', 'POST', '/api/sign-out', { origin: 'null' }],
  ['an origin that lies beside the truth', 'PATCH', '/api/session', { ...own, origin: OTHER_SITE }],
  [
    'an image that asks a list',
    'GET',
    '/api/people',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
  ],
  [
    'a link straight to an export',
    'GET',
    '/api/take-out',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ],
  [
    'a script of ours taken elsewhere',
    'GET',
    '/first.js',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
  ],
  [
    'a page of ours in a frame',
    'GET',
    '/people',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ],
  ['a read with another origin', 'GET', '/api/people', { origin: OTHER_SITE }],
])('is refused: %s', async (_what, method, path, headers) => {
  expect(codeOf(await send(method, path, headers))).toEqual([403, 'wrong-origin'])
})

test('our own page and a program are answered, and a link of another site leads to a page', async () => {
  expect((await send('GET', '/api/people', own)).status).toBe(200)
  expect((await send('GET', '/api/people', { 'sec-fetch-site': 'none' })).status).toBe(200)
  expect((await send('GET', '/api/people')).status).toBe(200)
  const link = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
  }
  expect((await send('GET', `/people/${personId}`, link)).status).toBe(200)
  // Where a sign-in that took place elsewhere comes back to, nobody has a session yet.
  expect((await send('GET', '/api/set-up', link)).status).toBe(200)
  const change = JSON.stringify({ language: 'nl' })
  expect(
    (await send('PATCH', '/api/session', { ...json, ...own, origin: ORIGIN }, change)).status,
  ).toBe(200)
  expect((await send('PATCH', '/api/session', json, change)).status).toBe(200)
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'a body that a form of another site can send is not read: %s',
  async (type) => {
    const body = JSON.stringify({ familyName: 'Van elders' })
    const answer = await send('POST', '/api/people', { 'content-type': type }, body)
    expect(codeOf(answer)).toEqual([400, 'bad-request'])
  },
)

test('nothing is told to a page of another site that asks what it may send', async () => {
  const answer = await send('OPTIONS', '/api/people', {
    ...{ origin: OTHER_SITE, 'access-control-request-method': 'POST' },
    'access-control-request-headers': 'x-kluis',
  })
  expect(answer.status).toBe(403)
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual(
    [],
  )
})

// ── another name ────────────────────────────────────────────────────────────────────────────────────────────────

test.each([
  'elders.example',
  'elders.example:4310',
  'localhost.elders.example',
  '127.0.0.1.elders.example',
  'localhost:4310@elders.example',
])(
  'for another name nothing is answered, as when that name was led to this machine: %j',
  async (host) => {
    const answer = await send('GET', '/api/people', { host })
    expect(codeOf(answer)).toEqual([421, 'wrong-host'])
    expect((await send('GET', '/people', { host })).status).toBe(421)
  },
)

test('a name that a proxy is said to have been asked for changes nothing, and two names are refused', async () => {
  const forwarded = { 'x-forwarded-host': 'elders.example', forwarded: 'host=elders.example' }
  const page = await send('GET', '/', { ...forwarded, host: '127.0.0.1:4310' })
  expect(page.headers.location).toBe(`${ORIGIN}/`)
  const none = await raw('GET /api/health HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n')
  expect(none).toMatch(/^HTTP\/1\.1 4\d\d /)
  const old = await raw('GET /api/health HTTP/1.0\r\n\r\n')
  expect(old).toMatch(/^HTTP\/1\.1 4\d\d /)
  const two = await raw(
    `GET /api/health HTTP/1.1\r\nHost: ${HOST}\r\nHost: elders.example\r\nConnection: close\r\n\r\n`,
  )
  expect(two).toMatch(/^HTTP\/1\.1 4\d\d /)
  const whole = await raw(
    `GET http://elders.example/api/health HTTP/1.1\r\nHost: elders.example\r\nConnection: close\r\n\r\n`,
  )
  expect(whole).toMatch(/^HTTP\/1\.1 4\d\d /)
})

// ── requests within requests ────────────────────────────────────────────────────────────────────────────────────

const head = (lines: string[]) =>
  `POST /api/sign-in HTTP/1.1\r\nHost: ${HOST}\r\n${lines.join('\r\n')}\r\n\r\n`
const HIDDEN = `GET /api/health HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`
test.each<[string, string]>([
  [
    'a length and chunks (CL.TE)',
    `${head(['Content-Length: 6', 'Transfer-Encoding: chunked'])}0\r\n\r\n${HIDDEN}`,
  ],
  [
    'chunks and a length (TE.CL)',
    `${head(['Transfer-Encoding: chunked', 'Content-Length: 4'])}5c\r\n${HIDDEN}\r\n0\r\n\r\n`,
  ],
  ['two lengths', head(['Content-Length: 0', 'Content-Length: 44']) + HIDDEN],
  ['two lengths in one line', head(['Content-Length: 0, 44']) + HIDDEN],
  ['a length with a sign', head(['Content-Length: +0']) + HIDDEN],
  ['an encoding nobody knows', `${head(['Transfer-Encoding: xchunked'])}0\r\n\r\n${HIDDEN}`],
  [
    'an encoding hidden behind a tab',
    `${head(['Transfer-Encoding:\x0bchunked'])}0\r\n\r\n${HIDDEN}`,
  ],
  [
    'chunks twice',
    `${head(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'])}0\r\n\r\n${HIDDEN}`,
  ],
  ['a space before the colon', head(['Content-Length : 44']) + HIDDEN],
  [
    'a header that is folded',
    head(['X: a', ' Transfer-Encoding: chunked', 'Content-Length : 0']) + HIDDEN,
  ],
  [
    'lines that end in LF alone',
    `POST /api/sign-in HTTP/1.1\nHost: ${HOST}\nContent-Length: 0\nTransfer-Encoding: chunked\n\n${HIDDEN}`,
  ],
  ['a chunk size that is none', `${head(['Transfer-Encoding: chunked'])}0x0\r\n\r\n${HIDDEN}`],
  ['a chunk that ends in LF alone', `${head(['Transfer-Encoding: chunked'])}1\na\n0\n\n${HIDDEN}`],
  ['a zero byte in a header', head(['X: a\0b', 'Content-Length: 0']) + HIDDEN],
])(
  'what stands hidden behind %s is no request of its own: the connection ends',
  async (_what, bytes) => {
    const answers = (await raw(bytes)).match(/^HTTP\/1\.1 \d+/gm) ?? []
    expect(answers.length).toBeLessThanOrEqual(1)
    expect(answers.join()).not.toContain('200')
  },
)

test('a file name and a search can put no line into a header', async () => {
  const name = 'a\r\nset-cookie: kluis=x\r\n"; filename="b.html'
  const { id } = (
    await ana.call('POST', `/api/people/${personId}/files`, { name: 'a.txt', size: 1 })
  ).json()
  await send(
    'PUT',
    `/api/files/${id}/pieces/0`,
    { 'content-type': 'application/octet-stream' },
    'a',
  )
  const whole = (await ana.call('POST', `/api/files/${id}/complete`)).json()
  const rename = (to: string, rowVersion: number) =>
    ana.call('PATCH', `/api/files/${id}`, { rowVersion, name: to })
  const first = await rename(name, whole.rowVersion)
  const rowVersion = first.statusCode === 200 ? first.json().rowVersion : whole.rowVersion
  expect((await rename('é"\\;€ ʘ\u202egnp.exe', rowVersion)).statusCode).toBe(200)
  const { headers } = await send('GET', `/api/files/${id}/content`)
  expect(headers['set-cookie']).toBeUndefined()
  expect(headers['content-disposition']).toMatch(
    /^attachment; filename="[ -~]*"; filename\*=UTF-8''[\w%.~-]+$/,
  )
  const location = await raw(
    `GET /%0d%0aset-cookie:%20a=b HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
  )
  expect(location).not.toMatch(/^set-cookie/im)
})

// ── data that is taken for more ─────────────────────────────────────────────────────────────────────────────────

test.each([
  '{"familyName":"x","__proto__":{"isAdmin":true}}',
  '{"familyName":"x","\\u005f_proto__":{"isAdmin":true}}',
  '{"familyName":"x","custom":{"__proto__":{"isAdmin":true}}}',
  '{"familyName":"x","constructor":{"prototype":{"isAdmin":true}}}',
  '[{"__proto__":[]}]',
])('a prototype in a body is refused and changes no object: %s', async (body) => {
  expect(codeOf(await send('POST', '/api/people', json, body))).toEqual([400, 'bad-request'])
  expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
})

test('a prototype in a question is a field that nobody knows', async () => {
  for (const query of [
    '__proto__=x',
    '__proto__[isAdmin]=1',
    'constructor=x',
    'constructor.prototype.a=1',
  ])
    expect((await send('GET', `/api/people?${query}`)).status).toBe(422)
  expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
})

test.each<[string, string | Buffer]>([
  ['nested without end', '['.repeat(400_000)],
  ['nested without end, and closed', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['text of another encoding', Buffer.from('{"familyName":"x"}', 'utf16le')],
  [
    'bytes that are no text',
    Buffer.concat([Buffer.from('{"familyName":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
  ],
  ['no JSON', '{familyName:1}'],
])('a body is refused as such in the time it takes to read it: %s', async (_what, body) => {
  const began = performance.now()
  const answer = await send('POST', '/api/people', json, body)
  expect(codeOf(answer)).toEqual([400, 'bad-request'])
  expect(performance.now() - began).toBeLessThan(2_000)
})

test('a body larger than it may be is refused, whatever it says of its size', async () => {
  const large = JSON.stringify({ familyName: 'x'.repeat(1_100_000) })
  expect((await send('POST', '/api/people', json, large)).status).toBe(413)
  expect(
    (await send('POST', '/api/people', { ...json, 'transfer-encoding': 'chunked' }, large)).status,
  ).toBe(413)
  expect((await send('GET', `/api/people?search=${'a'.repeat(20_000)}`)).status).toBe(431)
})

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..%5c..%5csecret.txt',
  '/assets/%252e%252e/%252e%252e/secret.txt',
  '/assets/....//....//secret.txt',
  '//etc/passwd',
  '/assets/index-abc.js%00.html',
  '/assets/',
  '/.env',
  '/index.html/../../secret.txt',
])('no path leads out of the files of the screens: %s', async (path) => {
  const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`)
  expect(answer).not.toMatch(/geheim|root:/)
  // The page, which then says that there is no such screen, or nothing.
  expect(answer).toMatch(/^HTTP\/1\.1 (200|400|404)/)
})

// ── what answers leave behind ───────────────────────────────────────────────────────────────────────────────────

test('no answer with customers is kept by a browser or on the way; files of the screens are', async () => {
  const asked = kluis.app.routes.filter(
    ({ method, path }) => method === 'GET' && !path.includes(':'),
  )
  for (const path of [
    ...asked.map((route) => route.path),
    `/api/people/${personId}`,
    '/people',
    '/index.html',
    '/api/nowhere',
  ])
    expect([path, (await send('GET', path)).headers['cache-control']]).toEqual([path, 'no-store'])
  expect((await send('GET', '/assets/index-abc.js')).headers['cache-control']).toMatch(/immutable/)
  // Without its content in its name it is asked for again each time.
  expect((await send('GET', '/first.js')).headers['cache-control']).toBe('no-cache')
  expect((await send('GET', '/assets/index-old.js')).status).toBe(404)
})

test('each page has a nonce of its own, and what is no page may run and load nothing', async () => {
  const [one, other] = [await send('GET', '/people'), await send('GET', '/people')]
  const nonceOf = ({ headers, body }: Answer) => {
    const nonce = /'nonce-([^']{22,})'/.exec(String(headers['content-security-policy']))![1]!
    expect(body).toContain(`nonce="${nonce}"`)
    return nonce
  }
  expect(nonceOf(one)).not.toBe(nonceOf(other))
  const policy = String(one.headers['content-security-policy'])
  expect(policy).not.toMatch(/unsafe-|\*|https?:/)
  for (const part of [
    /'strict-dynamic'/,
    /default-src 'none'/,
    /base-uri 'none'/,
    /frame-ancestors 'none'/,
    /require-trusted-types-for 'script'/,
  ])
    expect(policy).toMatch(part)
  for (const path of ['/api/people', '/first.js', '/assets/index-abc.js', '/api/openapi.json']) {
    const { headers } = await send('GET', path)
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; .*sandbox$/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
    })
  }
})

test('a file is always given to be saved, as bytes, whatever it is called and says it is', async () => {
  const { id } = (
    await ana.call('POST', `/api/people/${personId}/files`, {
      name: 'a.html',
      type: 'text/html',
      size: 9,
    })
  ).json()
  await send(
    'PUT',
    `/api/files/${id}/pieces/0`,
    { 'content-type': 'application/octet-stream' },
    '<script/>',
  )
  await ana.call('POST', `/api/files/${id}/complete`)
  const { headers } = await send('GET', `/api/files/${id}/content`)
  expect(headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store',
  })
  expect(headers['content-disposition']).toMatch(/^attachment/)
  for (const path of ['/api/people/export.csv', '/api/people/export.vcf', '/api/take-out']) {
    const file = await send('GET', path, await grantAhead(kluis, ana, 'GET', path))
    expect(file.headers['content-disposition']).toMatch(/^attachment/)
    expect(file.headers['content-security-policy']).toMatch(/sandbox/)
  }
})

// ── without end, and from nowhere ───────────────────────────────────────────────────────────────────────────────

test('a connection that sends its headers a letter at a time is ended, and others are answered meanwhile', async () => {
  const server = kluis.app.http.server
  expect(server.headersTimeout).toBe(connectionLimits.headersTimeout)
  expect(server.maxConnections).toBeGreaterThan(0)
  // The same server, more impatient: waiting a quarter of a minute shows no more.
  server.headersTimeout = 300
  const slow = Array.from({ length: 50 }, () => connect(port(), '127.0.0.1'))
  const ended = slow.map(
    (socket: Socket) =>
      new Promise<void>((resolve) => {
        socket.on('error', () => undefined)
        socket.on('close', () => resolve())
        socket.resume()
        socket.write('GET /api/health HTTP/1.1\r\nX: ')
        const dripping = setInterval(() => socket.write('a'), 100)
        socket.on('close', () => clearInterval(dripping))
      }),
  )
  expect((await send('GET', '/api/health')).status).toBe(200)
  await Promise.all(ended)
  server.headersTimeout = connectionLimits.headersTimeout
}, 30_000)

test('who guesses gets no fresh try by saying that they come from elsewhere', async () => {
  const alone = await openTestKluis({ trustProxy: [] })
  const behind = await openTestKluis({ trustProxy: ['loopback'] })
  try {
    for (const [one, expected] of [
      [alone, [401, 429]],
      // The proxy adds where a request came to it from; what the sender had written stands before that.
      [behind, [401, 429]],
    ] as const) {
      await one.setUp('team')
      const guess = async (i: number) =>
        (
          await one.app.http.inject({
            method: 'POST',
            url: '/api/sign-in',
            headers: {
              'x-forwarded-for': `203.0.${i}.7${one === behind ? ', 198.51.100.9' : ''}`,
              forwarded: `for=203.0.${i}.7`,
              'x-real-ip': `203.0.${i}.7`,
            },
            payload: { email: `${randomUUID()}@bureau.example`, password: 'geraden' },
          })
        ).statusCode
      const codes: number[] = []
      for (let i = 0; i < 80; i++) codes.push(await guess(i))
      expect([...new Set(codes)]).toEqual(expected)
    }
    // What a proxy that is trusted says does count, or all its visitors would be one.
    const from = (address: string) =>
      behind.app.http.inject({
        method: 'POST',
        url: '/api/sign-in',
        headers: { 'x-forwarded-for': address },
        payload: { email: `${randomUUID()}@bureau.example`, password: 'geraden' },
      })
    expect((await from('192.0.2.200')).statusCode).toBe(401)
  } finally {
    await alone.close()
    await behind.close()
  }
}, 120_000)
