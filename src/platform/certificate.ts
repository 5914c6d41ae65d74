/**
 * TLS of our own, for who puts no proxy in front: the operator's certificate and key, read again when they change.
 *
 * Trusts: whoever may write the two files. If lost: another can speak as this server to whoever trusts its issuer.
 */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { isIP } from 'node:net'
import type { SecureContextOptions, Server as TlsServer } from 'node:tls'

export type CertificateFiles = { certificate: string; key: string }
export type Certificate = SecureContextOptions & { cert: Buffer; key: Buffer; endsAt: Date }

/** What is wrong with the files, in a sentence for the operator. */
export class CertificateRefused extends Error {}

/**
 * TLS 1.3, or 1.2 with keys of one connection and authenticated encryption; nothing older. The order of TLS 1.3 is
 * OpenSSL's own.
 */
const strength = {
  minVersion: 'TLSv1.2',
  honorCipherOrder: true,
  ciphers: [
    ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
    ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
    ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
    ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ].join(':'),
} as const satisfies SecureContextOptions

/** What was read while we were root, told to a process that may not read it. */
export const toldCertificate = ({ cert, key, endsAt }: Certificate) => ({
  cert: cert.toString('base64'),
  key: key.toString('base64'),
  endsAt: endsAt.toISOString(),
})
export const heardCertificate = (told: ReturnType<typeof toldCertificate>): Certificate => ({
  ...strength,
  cert: Buffer.from(told.cert, 'base64'),
  key: Buffer.from(told.key, 'base64'),
  endsAt: new Date(told.endsAt),
})

const RSA_BITS_MIN = 2048
const SOON_MS = 14 * 86_400_000
const OTHERS = 0o007

/** Throws CertificateRefused: what browsers would refuse is refused here, with the reason. */
export function readCertificate(
  { certificate, key }: CertificateFiles,
  hostname: string,
  now: Date,
): Certificate {
  const [cert, keyText] = [read('--tls-cert', certificate), read('--tls-key', key)]
  if (process.platform !== 'win32' && statSync(key).mode & OTHERS)
    throw new CertificateRefused(
      `--tls-key: everybody on this machine may read ${key}; take that away with chmod o= ${key}`,
    )
  const leaf = parsed(
    `--tls-cert: ${certificate} holds no certificate in PEM`,
    () => new X509Certificate(cert),
  )
  const privateKey = parsed(
    `--tls-key: ${key} holds no private key in PEM, or one with a password`,
    () => createPrivateKey(keyText),
  )
  if (!leaf.checkPrivateKey(privateKey))
    throw new CertificateRefused(`--tls-key: the key in ${key} is not that of ${certificate}`)
  const [from, endsAt] = [new Date(leaf.validFrom), new Date(leaf.validTo)]
  if (now < from)
    throw new CertificateRefused(`--tls-cert: ${certificate} begins only on ${leaf.validFrom}`)
  if (now > endsAt)
    throw new CertificateRefused(`--tls-cert: ${certificate} ended on ${leaf.validTo}; renew it`)
  const name = hostname.replace(/^\[|\]$/g, '')
  if (!(isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name)))
    throw new CertificateRefused(
      `--tls-cert: ${certificate} is not for ${name} (KLUIS_URL), but for ${leaf.subjectAltName ?? 'no name'}`,
    )
  const bits = privateKey.asymmetricKeyDetails?.modulusLength
  if (bits !== undefined && bits < RSA_BITS_MIN)
    throw new CertificateRefused(
      `--tls-key: ${bits} bits are too few; take ${RSA_BITS_MIN} or more, or an elliptic curve`,
    )
  return { ...strength, cert, key: keyText, endsAt }
}

function read(flag: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const by = code === 'EACCES' ? ' by the user that Kluis runs as' : ''
    const why = code === 'ENOENT' ? 'there is no such file' : `it can not be read${by} (${code})`
    throw new CertificateRefused(`${flag}: ${path}: ${why}`, { cause })
  }
}

function parsed<T>(sentence: string, parse: () => T): T {
  try {
    return parse()
  } catch (cause) {
    throw new CertificateRefused(sentence, { cause })
  }
}

export type CertificateWatch = { look(): void; close(): void }

/**
 * Takes a renewed certificate without a restart: connections that are open go on, new ones get it. One that can not be
 * used is told and the old one stays. Looks at what the files hold and not at when they changed: renewals move links.
 */
export function watchCertificate(
  servers: TlsServer[],
  files: CertificateFiles,
  given: {
    hostname: string
    first: Certificate
    everyMs: number
    say: (line: string) => void
  },
): CertificateWatch {
  let seen = mark(given.first)
  let told = ''
  let warnedOn = ''
  const warnOfEnd = ({ endsAt }: Certificate) => {
    const today = new Date().toDateString()
    if (endsAt.getTime() - Date.now() > SOON_MS || warnedOn === today) return
    warnedOn = today
    given.say(`the certificate ends on ${endsAt.toISOString()}: renew it, or nobody can sign in`)
  }
  warnOfEnd(given.first)
  const look = () => {
    try {
      const now = readCertificate(files, given.hostname, new Date())
      told = ''
      warnOfEnd(now)
      if (mark(now) === seen) return
      for (const server of servers) server.setSecureContext(now)
      seen = mark(now)
      given.say(`the certificate was read again; it ends on ${now.endsAt.toISOString()}`)
    } catch (error) {
      const { message } = error as Error
      // Between the new certificate and its new key they do not fit each other; the next look sees both.
      if (message !== told) given.say(`${message}\nthe certificate of before stays in use`)
      told = message
    }
  }
  const timer = setInterval(look, given.everyMs).unref()
  return { look, close: () => clearInterval(timer) }
}

const mark = ({ cert, key }: Certificate) =>
  createHash('sha256').update(cert).update('\0').update(key).digest('hex')

/** Plain HTTP that leads to the same page over https, and does nothing else: for who types the name alone. */
export function redirectServer(origin: URL): Server {
  return createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://localhost')
    const isPage = request.method === 'GET' || request.method === 'HEAD'
    response.setHeader('connection', 'close')
    if (!isPage || !url || url.pathname.startsWith('/api/')) {
      // What was sent in the open is not sent again for its sender: they must see that they sent it so.
      response.writeHead(403, { 'content-type': 'text/plain' }).end('https only\n')
      return
    }
    const path = `/${url.pathname.replace(/^\/+/, '')}${url.search}`
    response.writeHead(308, { location: origin.origin + path }).end()
  })
}
