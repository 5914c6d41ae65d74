import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Flags, readConfig, WrongUse } from './config.ts'

const clone = fileURLToPath(new URL('..', import.meta.url))

function refusalOf(env: NodeJS.ProcessEnv, flags: Flags = {}): string {
  try {
    readConfig({ KLUIS_DATA: '/srv/kluis', ...env }, flags)
  } catch (error) {
    expect(error).toBeInstanceOf(WrongUse)
    return (error as Error).message
  }
  throw new Error('it was accepted')
}

test('a flag wins over the environment, the environment over the default', () => {
  const config = readConfig({ KLUIS_DATA: '/srv/one', KLUIS_PORT: '4400' }, { data: '/srv/two' })
  expect(config.dataDirectory).toBe('/srv/two')
  expect(config.keystoreDirectory).toBe('/srv/two/keystore')
  expect(config.port).toBe(4400)
  expect(readConfig({}, {}).port).toBe(4310)
  expect(readConfig({}, { port: '4400' }).origin.origin).toBe('http://localhost:4400')
})

test('the mirror of the keystore is another directory, and outside the clone too', () => {
  const { keystoreMirror } = readConfig({ KLUIS_KEYSTORE_MIRROR: '/mnt/keys' }, {})
  expect(keystoreMirror).toBe('/mnt/keys')
  expect(refusalOf({}, { keystoreMirror: '/srv/kluis/keystore' })).toContain('another directory')
  expect(refusalOf({}, { keystoreMirror: join(clone, 'keys') })).toContain("program's own folder")
})

test('the data never lie inside the clone, not even by way of a link', () => {
  expect(refusalOf({}, { data: join(clone, 'data') })).toContain("the program's own folder")
  expect(refusalOf({}, { keystore: clone })).toContain("the program's own folder")
  const outside = mkdtempSync(join(tmpdir(), 'kluis-test-'))
  try {
    symlinkSync(clone, join(outside, 'link'))
    expect(refusalOf({}, { data: join(outside, 'link/data') })).toContain('own folder')
  } finally {
    rmSync(outside, { recursive: true })
  }
})

test.each([
  ['a port that is no number', {}, { port: 'http' }],
  ['port 0', {}, { port: '0' }],
  ['a port past the last', {}, { port: '65536' }],
  ['an empty data directory', {}, { data: '' }],
  ['an origin with a path', { KLUIS_URL: 'https://crm.example/app' }, {}],
  ['an origin without https', { KLUIS_URL: 'http://crm.example' }, {}],
  ['an origin that is no address', { KLUIS_URL: 'crm.example' }, {}],
  ['another kind of database', {}, { databaseUrl: 'mysql://host/db' }],
  ['no address of a database', {}, { databaseUrl: 'host' }],
  [
    'a certificate not verified',
    {},
    { databaseUrl: 'postgresql://u@db.example/k?sslmode=require' },
  ],
  ['no TLS over a network', {}, { databaseUrl: 'postgresql://u@db.example/k?sslmode=disable' }],
  [
    'a certificate that is not there',
    {},
    { databaseUrl: 'postgresql://u@db.example/k?sslrootcert=/nowhere/ca.crt' },
  ],
  ['a certificate without its key', {}, { tlsCert: 'a.crt' }],
  ['a key without its certificate', { KLUIS_TLS_KEY: 'a.key' }, {}],
  ['a network in the open', {}, { listen: '0.0.0.0' }],
  ['a redirect to a page that is not there', {}, { redirectPort: '80' }],
  ['an address that is none', {}, { tlsCert: 'a', tlsKey: 'b', listen: 'eth0' }],
  ['TLS for an address without', { KLUIS_URL: 'http://localhost' }, { tlsCert: 'a', tlsKey: 'b' }],
  ['a proxy by its name', {}, { trustProxy: 'proxy.example' }],
  ['a keeper of the root key that there is not', {}, { rootKey: 'vault' }],
  ['a token over a network in the open', {}, { rootKey: 'transit:http://bao.example/transit/k' }],
  ['a secret where answers go', {}, { rootKeyFd: '1' }],
  ['a secret in no file', { KLUIS_ROOT_KEY_SECRET_FILE: '/nowhere/phrase' }, {}],
  ['a proxy that is everybody', {}, { trustProxy: '0.0.0.0/0' }],
  ['a network that is none', {}, { trustProxy: '10.0.0.0/33' }],
])('%s is refused in one line', (_, env, flags) => {
  const told = refusalOf(env, flags)
  expect(told).not.toContain('\n')
  expect(told).toMatch(/^(--[a-z-]+|KLUIS_URL)/)
})

test('no proxy is trusted and nothing listens on a network unless somebody says so', () => {
  const config = readConfig({ KLUIS_DATA: '/srv/kluis', KLUIS_URL: 'https://crm.example' }, {})
  expect([config.trustProxy, config.tls]).toEqual([[], undefined])
  const env = { KLUIS_TRUST_PROXY: 'loopback, 10.0.0.0/8,2001:db8::1' }
  expect(readConfig(env, {}).trustProxy).toEqual(['loopback', '10.0.0.0/8', '2001:db8::1'])
  const own = readConfig({}, { tlsCert: '/a.crt', tlsKey: '/a.key', redirectPort: '80' })
  expect(own.origin.origin).toBe('https://localhost:4310')
  expect(own.tls).toEqual({
    certificate: '/a.crt',
    key: '/a.key',
    listen: undefined,
    redirectPort: 80,
  })
})

test('a database with verified TLS, or on a socket, is accepted; its address is never printed', () => {
  const url = 'postgresql://u:geheim@db.example/k?sslmode=verify-full'
  const config = readConfig({ KLUIS_DATA: '/srv/kluis', KLUIS_DATABASE_URL: url }, {})
  expect(config.databaseUrl?.reveal().hostname).toBe('db.example')
  expect(JSON.stringify(config)).not.toContain('geheim')
  const socket = readConfig(
    { KLUIS_DATA: '/srv/kluis' },
    { databaseUrl: 'postgresql://u@/k?host=/run/postgresql' },
  )
  expect(socket.databaseUrl).toBeDefined()
})

test('mail is sent through a server that is named with its sender, or not at all', () => {
  expect(readConfig({}, {}).mailServer).toBeUndefined()
  const env = { KLUIS_SMTP_URL: 'smtp://u:p@mail.example.be', KLUIS_MAIL_FROM: 'kluis@example.be' }
  const { mailServer } = readConfig(env, {})
  expect(mailServer?.from).toBe('kluis@example.be')
  expect(JSON.stringify(mailServer)).not.toContain('u:p')
  expect(refusalOf({ ...env, KLUIS_MAIL_FROM: '' })).toMatch(/KLUIS_MAIL_FROM must be the address/)
  expect(refusalOf({ ...env, KLUIS_SMTP_URL: 'mail.example.be' })).toMatch(/must look like smtp:/)
  expect(refusalOf({ ...env, KLUIS_SMTP_URL: 'http://mail.example.be' })).toMatch(/begin with smtp/)
  expect(refusalOf({ ...env, KLUIS_SMTP_URL: 'smtp://mail.example.be?ca=/nowhere' })).toMatch(
    /there is no file \/nowhere/,
  )
})
