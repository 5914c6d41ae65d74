import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeHttp } from './http.ts'

const origin = new URL('http://localhost:4310')
let http: Awaited<ReturnType<typeof makeHttp>>
beforeAll(async () => {
  http = await makeHttp({
    webRoot: '/nowhere',
    origin,
    tls: undefined,
    trustProxy: [],
    log: () => {},
  })
  await http.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => http.close())

/** As it stands on the wire: a client library would tidy the path first. */
async function locationOf(host: string, path: string): Promise<string | undefined> {
  const { port } = http.server.address() as AddressInfo
  const sent = request({ host: '127.0.0.1', port, path, headers: { host } }).end()
  const [response] = await once(sent, 'response')
  response.resume()
  return response.headers.location
}

test.each([
  ['127.0.0.1:4310', '/people?a=1', 'http://localhost:4310/people?a=1'],
  ['[::1]:4310', '/', 'http://localhost:4310/'],
  ['127.0.0.1:4310', '//elsewhere.example/a', 'http://localhost:4310/a'],
  ['127.0.0.1:4310', '/\\elsewhere.example', 'http://localhost:4310/'],
  ['127.0.0.1:4310', '/api/health', undefined],
  ['localhost:4310', '/', undefined],
])('from %s %s leads to %s: the name, and never another host', async (host, path, location) => {
  expect(await locationOf(host, path)).toBe(location)
})
