import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type SecureVersion, type TLSSocket, type Server as TlsServer } from 'node:tls'
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type CertificateFiles,
  readCertificate,
  redirectServer,
  watchCertificate,
} from './certificate.ts'
import { makeHttp } from './http.ts'

const NAME = 'crm.example'
const DAY_MS = 86_400_000
const folder = mkdtempSync(join(tmpdir(), 'kluis-test-tls-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pem = (label: string, der: ArrayBuffer) =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`

let made = 0
async function newFiles(
  given: { names?: string[]; from?: Date; until?: Date; rsaBits?: number } = {},
): Promise<CertificateFiles> {
  const algorithm = given.rsaBits
    ? {
        name: 'RSASSA-PKCS1-v1_5',
        hash: 'SHA-256',
        modulusLength: given.rsaBits,
        publicExponent: new Uint8Array([1, 0, 1]),
      }
    : { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${NAME}`,
      serialNumber: `0${++made}`,
      notBefore: given.from ?? new Date(Date.now() - DAY_MS),
      notAfter: given.until ?? new Date(Date.now() + 90 * DAY_MS),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new SubjectAlternativeNameExtension(
          (given.names ?? [NAME]).map((value) => ({ type: 'dns', value })),
        ),
      ],
    },
    webcrypto as never,
  )
  const files = { certificate: join(folder, `${made}.crt`), key: join(folder, `${made}.key`) }
  writeFileSync(files.certificate, certificate.toString('pem'))
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  writeFileSync(files.key, pem('PRIVATE KEY', key), { mode: 0o600 })
  return files
}

const origin = new URL(`https://${NAME}`)
let good: CertificateFiles
let http: Awaited<ReturnType<typeof makeHttp>>
beforeAll(async () => {
  good = await newFiles()
  http = await makeHttp({
    webRoot: '/nowhere',
    origin,
    tls: readCertificate(good, NAME, new Date()),
    trustProxy: [],
    log: () => {},
  })
  http.get('/api/here', async () => ({ here: true }))
  await http.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => http.close())

const portOf = () => (http.server.address() as AddressInfo).port

type Offer = { minVersion?: SecureVersion; maxVersion?: SecureVersion; ciphers?: string }
/** The protocol and cipher that both agree on. */
function agree(offer: Offer): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...{ host: '127.0.0.1', port: portOf(), servername: NAME, rejectUnauthorized: false },
      ...offer,
    })
    socket.once('secureConnect', () => resolve(socket)).once('error', reject)
  })
}

test('a browser of today gets TLS 1.3, an older one 1.2 with keys of one connection', async () => {
  const today = await agree({})
  expect(today.getProtocol()).toBe('TLSv1.3')
  today.destroy()
  const older = await agree({ maxVersion: 'TLSv1.2' })
  expect(older.getProtocol()).toBe('TLSv1.2')
  expect(older.getCipher().name).toMatch(/^ECDHE-.*(GCM|CHACHA20)/)
  older.destroy()
})

test.each<[string, Offer]>([
  ['TLS 1.0', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }],
  ['TLS 1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }],
  ['a key that outlives its connection', { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384' }],
  ['CBC', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' }],
])('who offers only %s gets no connection', async (_what, offer) => {
  await expect(agree(offer)).rejects.toThrow(/alert|handshake|version|cipher/i)
})

test('over TLS of our own a browser is told to come back over TLS', async () => {
  const socket = await agree({})
  socket.write(`GET /api/here HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`)
  const answer = Buffer.concat(await socket.toArray()).toString()
  expect(answer).toMatch(/^HTTP\/1\.1 200/)
  expect(answer).toMatch(/^strict-transport-security: max-age=63072000/m)
})

test('a renewed certificate serves the next connection, and one that can not be used leaves the old one', async () => {
  const told: string[] = []
  // As a renewal does it: a link that is moved to new files.
  const [certificate, key] = [join(folder, 'live.crt'), join(folder, 'live.key')]
  const point = (to: CertificateFiles) => {
    for (const [link, file] of [
      [certificate, to.certificate],
      [key, to.key],
    ] as const) {
      try {
        unlinkSync(link)
      } catch {}
      symlinkSync(file, link)
    }
  }
  point(good)
  const watch = watchCertificate(
    [http.server as unknown as TlsServer],
    { certificate, key },
    {
      hostname: NAME,
      first: readCertificate({ certificate, key }, NAME, new Date()),
      everyMs: 1_000_000,
      say: (line) => told.push(line),
    },
  )
  const served = async () => {
    const socket = await agree({})
    const { fingerprint256 } = socket.getPeerCertificate()
    socket.destroy()
    return fingerprint256
  }
  const before = await served()
  const open = await agree({})
  point(await newFiles())
  watch.look()
  const after = await served()
  expect(after).not.toBe(before)
  expect(open.destroyed).toBe(false)
  open.destroy()
  point({ ...(await newFiles()), key: good.key })
  watch.look()
  watch.look()
  expect(await served()).toBe(after)
  expect(told).toEqual([
    expect.stringMatching(/^the certificate was read again; it ends on /),
    expect.stringMatching(/is not that of .*\nthe certificate of before stays in use$/),
  ])
  watch.close()
})

test('a certificate that ends within a fortnight is told of, once a day', async () => {
  const files = await newFiles({ until: new Date(Date.now() + 3 * DAY_MS) })
  const told: string[] = []
  const watch = watchCertificate([], files, {
    hostname: NAME,
    first: readCertificate(files, NAME, new Date()),
    everyMs: 1_000_000,
    say: (line) => told.push(line),
  })
  watch.look()
  watch.close()
  expect(told).toEqual([expect.stringMatching(/^the certificate ends on .*renew it/)])
})

test.each<[string, () => Promise<CertificateFiles>, RegExp]>([
  [
    'no such file',
    async () => ({ ...good, certificate: '/nowhere.crt' }),
    /--tls-cert: \/nowhere\.crt: there is no such file$/,
  ],
  [
    'a folder',
    async () => ({ ...good, key: folder }),
    /--tls-key: .* it can not be read \(EISDIR\)$/,
  ],
  [
    'no certificate',
    async () => ({ ...good, certificate: good.key }),
    /holds no certificate in PEM$/,
  ],
  [
    'no key',
    async () => ({ ...good, key: good.certificate }),
    /may read|holds no private key in PEM/,
  ],
  ['the key of another', async () => ({ ...good, key: (await newFiles()).key }), /is not that of/],
  [
    'one that ended',
    () => newFiles({ until: new Date(Date.now() - 1_000) }),
    /ended on .*; renew it$/,
  ],
  [
    'one that has yet to begin',
    () => newFiles({ from: new Date(Date.now() + DAY_MS) }),
    /begins only on/,
  ],
  [
    'one for another name',
    () => newFiles({ names: ['www.example'] }),
    /is not for crm\.example \(KLUIS_URL\), but for DNS:www\.example$/,
  ],
  ['an RSA key of 1024 bits', () => newFiles({ rsaBits: 1024 }), /1024 bits are too few/],
  [
    'a key that everybody on the machine may read',
    async () => {
      const files = await newFiles()
      chmodSync(files.key, 0o604)
      return files
    },
    /everybody on this machine may read/,
  ],
])('%s is refused in one line that says which and why', async (_what, files, sentence) => {
  const given = await files()
  expect(() => readCertificate(given, NAME, new Date())).toThrow(sentence)
})

test('plain HTTP leads a page to the same address over https, and is good for nothing else', async () => {
  const server = redirectServer(origin)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = (path: string, method = 'GET') => fetch(base + path, { method, redirect: 'manual' })
  const page = await ask('/people?a=1')
  expect([page.status, page.headers.get('location')]).toEqual([
    308,
    'https://crm.example/people?a=1',
  ])
  expect((await ask('//elsewhere.example/a')).headers.get('location')).toBe('https://crm.example/a')
  for (const [path, method] of [
    ['/api/people', 'GET'],
    ['/sign-in', 'POST'],
  ])
    expect((await ask(path!, method)).status).toBe(403)
  server.close()
})
