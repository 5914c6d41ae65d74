import { existsSync, realpathSync } from 'node:fs'
import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CertificateFiles } from '#platform/certificate.ts'
import { Hidden } from '#platform/hidden.ts'
import type { MailServer } from '#platform/mail.ts'
import { normaliseEmail } from '#platform/normalise.ts'
import type { SecretSources } from '#security/vault/root-key/secret.ts'
import {
  type ProviderSettings,
  readProvider,
  WrongProvider,
} from '#security/vault/root-key/settings.ts'

export type Config = {
  dataDirectory: string
  keystoreDirectory: string
  /** A second copy of every key, on another disk. */
  keystoreMirror: string | undefined
  rootKeyPath: string
  /** Undefined: whatever the file of the root key says, and for a new one a plain file. */
  rootKeyProvider: ProviderSettings | undefined
  rootKeySecret: SecretSources
  port: number
  origin: URL
  /** TLS of our own; undefined: plain HTTP on loopback, for this machine or a proxy on it. */
  tls: TlsConfig | undefined
  /** Whose X-Forwarded-For counts. */
  trustProxy: string[]
  /** Undefined: the embedded PostgreSQL. */
  databaseUrl: Hidden<URL> | undefined
  /** Undefined: Kluis sends no mail, and everything works without. */
  mailServer: MailServer | undefined
  /** For more customers than fit in memory: names, fields and texts are held in none. */
  isIndexOff: boolean
  /** A provider of sign-in on this machine, without TLS: to develop with. */
  mayReachLoopback: boolean
}

export type TlsConfig = CertificateFiles & {
  /** Undefined: every address of this machine. */
  listen: string | undefined
  /** Where plain HTTP is led to https from; undefined: nowhere. */
  redirectPort: number | undefined
}

export type Flags = {
  data?: string
  keystore?: string
  keystoreMirror?: string
  rootKey?: string
  rootKeyFd?: string
  rootKeySecret?: string
  port?: string
  tlsCert?: string
  tlsKey?: string
  listen?: string
  redirectPort?: string
  trustProxy?: string
  databaseUrl?: string
}

/** A wrong value, told in one sentence. The command line ends with exit code 2. */
export class WrongUse extends Error {}

/** Somebody ended Kluis before it was open. */
export class Stopped extends Error {}

const clone = fileURLToPath(new URL('..', import.meta.url))

/** Reads environment and flags once; a flag wins. Throws WrongUse. */
export function readConfig(env: NodeJS.ProcessEnv, flags: Flags): Config {
  const dataDirectory = directory('--data', flags.data ?? env.KLUIS_DATA ?? defaultData(env))
  const keystoreDirectory = directory(
    '--keystore',
    flags.keystore ?? env.KLUIS_KEYSTORE ?? join(dataDirectory, 'keystore'),
  )
  const mirror = flags.keystoreMirror ?? env.KLUIS_KEYSTORE_MIRROR
  const keystoreMirror = mirror === undefined ? undefined : directory('--keystore-mirror', mirror)
  if (keystoreMirror === keystoreDirectory)
    throw new WrongUse('--keystore-mirror must be another directory than the keystore itself')
  const port = readPort('--port', flags.port ?? env.KLUIS_PORT ?? '4310')
  const tls = readTls(env, flags)
  const origin = readOrigin(env.KLUIS_URL ?? `${tls ? 'https' : 'http'}://localhost:${port}`)
  if (tls && origin.protocol !== 'https:')
    throw new WrongUse(
      `KLUIS_URL must begin with https:// when a certificate is given, not ${origin.origin}`,
    )
  return {
    dataDirectory,
    keystoreDirectory,
    keystoreMirror,
    rootKeyPath: env.KLUIS_ROOT_KEY_FILE ?? join(dataDirectory, 'root.key'),
    rootKeyProvider: readRootKeyProvider('--root-key', flags.rootKey ?? env.KLUIS_ROOT_KEY),
    rootKeySecret: readSecretSources(env, flags),
    port,
    origin,
    tls,
    trustProxy: readTrustProxy(flags.trustProxy ?? env.KLUIS_TRUST_PROXY ?? ''),
    databaseUrl: readDatabaseUrl(flags.databaseUrl ?? env.KLUIS_DATABASE_URL),
    mailServer: readMailServer(env.KLUIS_SMTP_URL, env.KLUIS_MAIL_FROM),
    isIndexOff: readIndex(env.KLUIS_NAME_INDEX ?? 'on') === 'off',
    mayReachLoopback: env.KLUIS_LOOPBACK_PROVIDER === 'yes',
  }
}

function defaultData(env: NodeJS.ProcessEnv): string {
  if (process.getuid?.() === 0) return '/var/lib/kluis'
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local/share'), 'kluis')
}

function directory(flag: string, value: string): string {
  if (value === '') throw new WrongUse(`${flag} needs the name of a directory`)
  const path = isAbsolute(value) ? resolve(value) : resolve(process.cwd(), value)
  const real = realPathOf(path)
  if (`${real}${sep}`.startsWith(`${realpathSync(clone)}${sep}`))
    throw new WrongUse(`${flag} must not lie inside the program's own folder: ${path}`)
  return path
}

/** The real path of what exists already, so that a link into the clone is seen too. */
function realPathOf(path: string): string {
  if (existsSync(path)) return realpathSync(path)
  return dirname(path) === path
    ? path
    : join(realPathOf(dirname(path)), path.slice(dirname(path).length))
}

export function readRootKeyProvider(
  flag: string,
  value: string | undefined,
): ProviderSettings | undefined {
  if (!value) return undefined
  try {
    return readProvider(value)
  } catch (error) {
    if (error instanceof WrongProvider)
      throw new WrongUse(`${flag} ${error.message}`, { cause: error })
    throw error
  }
}

function readSecretSources(env: NodeJS.ProcessEnv, flags: Flags): SecretSources {
  const descriptor = flags.rootKeyFd ?? env.KLUIS_ROOT_KEY_FD
  const file = flags.rootKeySecret ?? env.KLUIS_ROOT_KEY_SECRET_FILE
  if (file && !existsSync(file)) throw new WrongUse(`--root-key-secret: there is no file ${file}`)
  return {
    descriptor: descriptor ? readDescriptor('--root-key-fd', descriptor) : undefined,
    file: file ? resolve(file) : undefined,
    credentials: env.CREDENTIALS_DIRECTORY,
  }
}

/** 1 and 2 are where answers go. */
export function readDescriptor(flag: string, value: string): number {
  if (!/^(?:0|[3-9]|[1-9]\d)$/.test(value))
    throw new WrongUse(`${flag} must be 0 or a number from 3 to 99, not "${value}"`)
  return Number(value)
}

function readIndex(value: string): 'on' | 'off' {
  if (value === 'on' || value === 'off') return value
  throw new WrongUse(`KLUIS_NAME_INDEX must be on or off, not "${value}"`)
}

function readPort(flag: string, value: string): number {
  if (!/^\d+$/.test(value) || Number(value) < 1 || Number(value) > 65535)
    throw new WrongUse(`${flag} must be a number from 1 to 65535, not "${value}"`)
  return Number(value)
}

/** Only both make sense; what belongs to TLS says so when there is none. */
function readTls(env: NodeJS.ProcessEnv, flags: Flags): TlsConfig | undefined {
  const certificate = flags.tlsCert ?? env.KLUIS_TLS_CERT
  const key = flags.tlsKey ?? env.KLUIS_TLS_KEY
  const listen = flags.listen ?? env.KLUIS_LISTEN
  const redirectPort = flags.redirectPort ?? env.KLUIS_REDIRECT_PORT
  if (certificate && key) {
    if (listen && isIP(listen) === 0)
      throw new WrongUse(
        `--listen must be an address of this machine, such as 192.0.2.10, not "${listen}"`,
      )
    return {
      certificate: resolve(certificate),
      key: resolve(key),
      listen: listen || undefined,
      redirectPort: redirectPort ? readPort('--redirect-port', redirectPort) : undefined,
    }
  }
  if (certificate) throw new WrongUse('--tls-cert needs --tls-key beside it')
  if (key) throw new WrongUse('--tls-key needs --tls-cert beside it')
  if (listen)
    throw new WrongUse(
      '--listen needs --tls-cert and --tls-key: nothing of customers goes over a network in the open',
    )
  if (redirectPort) throw new WrongUse('--redirect-port needs --tls-cert and --tls-key')
  return undefined
}

function readTrustProxy(value: string): string[] {
  const addresses = value
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
  for (const one of addresses)
    if (one !== 'loopback' && !isNetwork(one))
      throw new WrongUse(
        `--trust-proxy takes addresses and networks with commas, such as 127.0.0.1,10.0.0.0/8, or loopback; not "${one}"`,
      )
  return addresses
}

function isNetwork(value: string): boolean {
  const [address = '', bits, more] = value.split('/')
  const version = isIP(address)
  if (version === 0 || more !== undefined) return false
  if (bits === undefined) return true
  // A network of all there is would believe everybody.
  return /^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128)
}

function readOrigin(value: string): URL {
  let url: URL
  try {
    url = new URL(value)
  } catch {
    throw new WrongUse(
      `KLUIS_URL must be an address such as https://crm.example.be, not "${value}"`,
    )
  }
  if (url.pathname !== '/' || url.search || url.hash)
    throw new WrongUse('KLUIS_URL must be an origin, without a path')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && url.hostname === 'localhost'))
    throw new WrongUse('KLUIS_URL must begin with https:// (http is for localhost only)')
  return url
}

function readMailServer(
  server: string | undefined,
  from: string | undefined,
): MailServer | undefined {
  if (!server) return undefined
  let url: URL
  try {
    url = new URL(server)
  } catch {
    throw new WrongUse('KLUIS_SMTP_URL must look like smtp://name:password@mail.example.be:587')
  }
  if ((url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '')
    throw new WrongUse('KLUIS_SMTP_URL must begin with smtp:// or smtps:// and name a server')
  const authority = url.searchParams.get('ca')
  if (authority !== null && !existsSync(authority))
    throw new WrongUse(`KLUIS_SMTP_URL: there is no file ${authority}, named by ca`)
  const address = from && normaliseEmail(from)
  if (!address)
    throw new WrongUse(
      'KLUIS_MAIL_FROM must be the address mail is sent from, such as kluis@example.be',
    )
  return { url: new Hidden(url), from: address }
}

function readDatabaseUrl(value: string | undefined): Hidden<URL> | undefined {
  if (!value) return undefined
  let url: URL
  try {
    // PostgreSQL allows an address without a host, for a socket; the standard of URLs does not.
    url = new URL(value.replace(/^(\w+:\/\/[^/?]*@)(?=\/)/, '$1localhost'))
  } catch {
    throw new WrongUse('--database-url must look like postgresql://user@host:5432/database')
  }
  if (url.protocol !== 'postgresql:' && url.protocol !== 'postgres:')
    throw new WrongUse('--database-url must begin with postgresql://')
  const isSocket = url.hostname === '' || (url.searchParams.get('host') ?? '').startsWith('/')
  const mode = url.searchParams.get('sslmode')
  if (!isSocket && mode !== null && mode !== 'verify-full')
    throw new WrongUse(
      `--database-url: sslmode=${mode} is not safe over a network; leave it out or say verify-full`,
    )
  const authority = url.searchParams.get('sslrootcert')
  if (authority !== null && !existsSync(authority))
    throw new WrongUse(`--database-url: there is no file ${authority}, named by sslrootcert`)
  return new Hidden(url)
}
