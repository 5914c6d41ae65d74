import 'reflect-metadata'
import { randomBytes, randomUUID, webcrypto } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { ACCESS_KEY, openKmsServer, SECRET_KEY } from '../../../../tests/support/kms-server.ts'
import { openTransitServer } from '../../../../tests/support/transit-server.ts'
import { openRootKey, readRootKeyFiles } from './held-root-key.ts'
import { ProviderAway, ProviderRefused } from './provider.ts'
import { openProvider } from './providers.ts'
import { providerText, readProvider } from './settings.ts'

const key = randomBytes(32)
const organisationId = randomUUID()
const folder = mkdtempSync(join(tmpdir(), 'kluis-root-key-services-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

const never = async (name: string) => {
  throw new Error(`${name} was asked`)
}
const refusalOf = async (asked: Promise<unknown>) => {
  const error = await asked.then(
    () => new Error('it was accepted'),
    (refused: Error) => refused,
  )
  return { kind: error.constructor, message: error.message }
}

test.each([
  'file',
  'passphrase',
  'pkcs11:token=Kluis%20een;object=root-key?module-path=/usr/lib/softhsm/libsofthsm2.so',
  'transit:https://bao.example.be:8200/teams/transit/kluis?namespace=crm&ca=%2Fetc%2Fbao.pem',
  'aws-kms:arn:aws:kms:eu-west-1:111122223333:alias/kluis',
])('what keeps the root key is read from %s, and written so again', (text) => {
  expect(providerText(readProvider(text))).toBe(text)
})

test.each([
  ['vault', 'must be file, passphrase'],
  ['pkcs11:token=Kluis', 'must look like pkcs11:'],
  ['pkcs11:token=a;object=b?module-path=/x.so&pin-value=1234', 'must not hold a PIN'],
  ['pkcs11:token=a;object=b?module-path=relative.so', 'must look like pkcs11:'],
  ['transit:http://bao.example.be/transit/kluis', 'must begin with transit:https://'],
  ['transit:https://token@bao.example.be/transit/kluis', 'must not hold a name or a token'],
  ['transit:https://bao.example.be/kluis', 'must end with the mount'],
  ['transit:https://bao.example.be/transit/..%2f..%2fsys', 'must end with the mount'],
  ['aws-kms:alias/kluis', 'must name a key by its whole ARN'],
])('%s is refused in one line', (text, told) => {
  expect(() => readProvider(text)).toThrow(told)
})

test('a transit server wraps and unwraps, for one organisation alone, and gets the token in a header', async () => {
  const server = await openTransitServer()
  const settings = readProvider(`transit:http://127.0.0.1:${server.port}/transit/kluis`)
  const provider = openProvider(settings, async () => 'hvs.first')
  const wrapped = await provider.wrap(key, organisationId)
  expect(wrapped.toString()).toMatch(/^vault:v1:/)
  server.rotate('kluis')
  expect((await provider.unwrap(wrapped, organisationId)).equals(key)).toBe(true)
  expect((await provider.wrap(key, organisationId)).toString()).toMatch(/^vault:v2:/)
  const other = await refusalOf(provider.unwrap(wrapped, randomUUID()))
  expect(other.kind).toBe(ProviderRefused)
  expect(other.message).toContain('message authentication failed')
  expect(server.asked.join()).not.toContain('hvs.first')
  await server.close()
})

test('a transit server that is sealed, gone, or does not know the token is away: the same may succeed later', async () => {
  const server = await openTransitServer()
  const settings = readProvider(`transit:http://127.0.0.1:${server.port}/transit/kluis`)
  let token = 'hvs.first'
  const provider = openProvider(settings, async () => token)
  const wrapped = await provider.wrap(key, organisationId)
  server.state.isSealed = true
  const sealed = await refusalOf(provider.unwrap(wrapped, organisationId))
  expect([sealed.kind, sealed.message]).toEqual([
    ProviderAway,
    `the transit key kluis of 127.0.0.1:${server.port} answers 503: Vault is sealed; is it sealed?`,
  ])
  server.state.isSealed = false
  server.state.token = 'hvs.renewed'
  const stale = await refusalOf(provider.unwrap(wrapped, organisationId))
  expect(stale.kind).toBe(ProviderAway)
  expect(stale.message).toContain('permission denied; is the token still valid')
  expect(stale.message).not.toContain('hvs')
  token = 'hvs.renewed'
  expect((await provider.unwrap(wrapped, organisationId)).equals(key)).toBe(true)
  await server.close()
  const gone = await refusalOf(provider.unwrap(wrapped, organisationId))
  expect(gone.kind).toBe(ProviderAway)
  expect(gone.message).toContain('does not answer')
})

test('a server that wraps and would not unwrap does not become what keeps the root key', async () => {
  const server = await openTransitServer()
  const path = join(folder, 'root.key')
  const options = { path, asked: undefined, secret: never, head: undefined, mayCreate: true }
  const held = await openRootKey({ ...options, files: readRootKeyFiles(path) })
  server.state.mayDecrypt = false
  const settings = readProvider(`transit:http://127.0.0.1:${server.port}/transit/kluis`)
  const refused = await refusalOf(held.changeProvider(settings, async () => 'hvs.first'))
  expect([refused.kind, refused.message]).toEqual([
    ProviderAway,
    expect.stringContaining('permission denied'),
  ])
  expect(server.asked).toHaveLength(2)
  expect(readFileSync(path).equals(held.key)).toBe(true)
  expect([existsSync(`${path}.next`), held.keptBy]).toEqual([false, 'file'])
  await server.close()
})

test('over TLS the server must be who it says, by the authority that is named; a namespace goes with it', async () => {
  const tls = await newCertificate('localhost')
  const authority = join(folder, 'authority.pem')
  writeFileSync(authority, tls.cert)
  const server = await openTransitServer({ tls, namespace: 'crm' })
  const address = `transit:https://localhost:${server.port}/transit/kluis?namespace=crm`
  const secret = async () => 'hvs.first'
  const unknown = openProvider(readProvider(address), secret)
  expect((await refusalOf(unknown.wrap(key, organisationId))).kind).toBe(ProviderAway)
  expect(server.asked).toEqual([])
  const known = openProvider(readProvider(`${address}&ca=${authority}`), secret)
  const wrapped = await known.wrap(key, organisationId)
  expect((await known.unwrap(wrapped, organisationId)).equals(key)).toBe(true)
  await server.close()
})

test('AWS KMS wraps and unwraps by its SDK, for one organisation and with the named key alone', async () => {
  const arn = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
  const otherArn = arn.replace('1234abcd', 'ffffffff')
  const server = await openKmsServer(arn, otherArn)
  vi.stubEnv('AWS_ENDPOINT_URL_KMS', server.address)
  vi.stubEnv('AWS_ACCESS_KEY_ID', ACCESS_KEY)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET_KEY)
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1')
  const provider = openProvider(readProvider(`aws-kms:${arn}`), never)
  const wrapped = await provider.wrap(key, organisationId)
  expect(wrapped.includes(key)).toBe(false)
  expect((await provider.unwrap(wrapped, organisationId)).equals(key)).toBe(true)
  const otherHouse = await refusalOf(provider.unwrap(wrapped, randomUUID()))
  expect([otherHouse.kind, otherHouse.message]).toEqual([
    ProviderRefused,
    `the key ${arn} of AWS KMS answers InvalidCiphertextException`,
  ])
  const otherKey = openProvider(readProvider(`aws-kms:${otherArn}`), never)
  expect((await refusalOf(otherKey.unwrap(wrapped, organisationId))).message).toContain(
    'IncorrectKeyException',
  )
  server.state.disabled.add(arn)
  const disabled = await refusalOf(provider.unwrap(wrapped, organisationId))
  expect([disabled.kind, disabled.message]).toEqual([
    ProviderAway,
    `the key ${arn} of AWS KMS answers DisabledException: ${arn} is disabled.`,
  ])
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another')
  expect((await refusalOf(provider.unwrap(wrapped, organisationId))).message).toContain(
    'InvalidSignatureException',
  )
  await server.close()
  expect((await refusalOf(provider.unwrap(wrapped, organisationId))).kind).toBe(ProviderAway)
})

async function newCertificate(name: string): Promise<{ cert: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + 86_400_000),
      signingAlgorithm: algorithm,
      keys,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
    },
    webcrypto as never,
  )
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
  }
}
