import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isAddressAllowed, isUrlAllowed, OutgoingRefused, sendOut } from './outgoing.ts'

const here = { mayReachLoopback: true }
const outside = { mayReachLoopback: false }
let server: Server
let base: string
let answer: RequestListener

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const whyOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'answered',
    (error: OutgoingRefused) => (error instanceof OutgoingRefused ? error.why : String(error)),
  )

test.each([
  '169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  'fe80::1',
  'fd00:ec2::254',
  'ff02::1',
  '64:ff9b::a9fe:a9fe',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  'not an address',
])('nothing is asked at %s, also where this machine may be', (address) => {
  expect(isAddressAllowed(address, here)).toBe(false)
})

test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])(
  'this machine, %s, is asked only where that was said',
  (address) => {
    expect([isAddressAllowed(address, outside), isAddressAllowed(address, here)]).toEqual([
      false,
      true,
    ])
  },
)

test.each(['10.0.0.5', '192.168.1.10', '172.16.0.1', 'fd12:3456::1', '93.184.216.34'])(
  'a provider in the office or on the internet, %s, is asked',
  (address) => {
    expect(isAddressAllowed(address, outside)).toBe(true)
  },
)

test('only https is asked, and http of this machine where that was said', () => {
  const allowed = (url: string, options: typeof here) => isUrlAllowed(new URL(url), options)
  expect(allowed('https://login.example', outside)).toBe(true)
  expect(allowed('http://127.0.0.1:9', here)).toBe(true)
  for (const url of ['http://login.example', 'http://127.0.0.1:9', 'ftp://x.example', 'data:x'])
    expect([url, allowed(url, outside)]).toEqual([url, false])
  expect(allowed('http://login.example', here)).toBe(false)
  expect(allowed('https://name@login.example', here)).toBe(false)
})

test('a name that leads to this machine is refused where it is connected, and not only where it is read', async () => {
  expect(await whyOf(sendOut('https://localhost:1/', {}, outside))).toBe('address')
  expect(await whyOf(sendOut('https://127.0.0.1:1/', {}, outside))).toBe('address')
  // Other ways to write the same number: a URL makes them one.
  expect(await whyOf(sendOut('https://2852039166/', {}, here))).toBe('address')
  expect(await whyOf(sendOut('https://0xa9.0xfe.0xa9.0xfe/', {}, here))).toBe('address')
})

test('an answer comes back whole, with what was sent', async () => {
  answer = (request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => response.end(`${request.method} ${request.headers.accept} ${body}`))
  }
  const given = { method: 'POST', headers: { accept: 'text/x' }, body: 'één' }
  const response = await sendOut(base, given, here)
  expect([response.status, await response.text()]).toEqual([200, 'POST text/x één'])
})

test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
  let asked = 0
  answer = (_, response) => {
    asked++
    response.writeHead(status, { location: `${base}/elsewhere` }).end()
  }
  expect(await whyOf(sendOut(base, {}, here))).toBe('redirect')
  expect(asked).toBe(1)
})

test('an answer without end is cut off', async () => {
  let isCut = false
  answer = (_, response) => {
    const more = setInterval(() => response.write('x'.repeat(64 * 1024)), 1)
    response.on('close', () => {
      clearInterval(more)
      isCut = true
    })
  }
  expect(await whyOf(sendOut(base, {}, here))).toBe('too-large')
  await expect.poll(() => isCut).toBe(true)
})

test('an answer is waited for no longer than it is worth', async () => {
  answer = () => undefined
  const giveUp = AbortSignal.timeout(50)
  expect(await whyOf(sendOut(base, { signal: giveUp }, here))).toBe('unreachable')
})
