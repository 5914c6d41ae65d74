import { spawnSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ProviderAway, ProviderRefused } from './provider.ts'
import { openProvider } from './providers.ts'
import { readProvider } from './settings.ts'

const clone = new URL('../../../..', import.meta.url).pathname
const module = '/usr/lib/softhsm/libsofthsm2.so'
const PIN = '4821 7730'
const key = randomBytes(32)
const organisationId = randomUUID()
const folder = mkdtempSync(join(tmpdir(), 'kluis-root-key-token-'))
afterAll(() => rmSync(folder, { recursive: true }))

const address = (object = 'root-key', token = 'Kluis') =>
  readProvider(`pkcs11:token=${token};object=${object}?module-path=${module}`)
const opened = (pin = PIN, object?: string, token?: string) =>
  openProvider(address(object, token), async () => pin)
const refusalOf = async (asked: Promise<unknown>) => {
  const error = await asked.then(
    () => new Error('it was accepted'),
    (refused: Error) => refused,
  )
  return { kind: error.constructor, message: error.message }
}
const softhsm = (...args: string[]) => spawnSync('softhsm2-util', args, { encoding: 'utf8' })

// Where SoftHSM is missing the tests are seen to be skipped: on Debian, apt install softhsm2.
describe.skipIf(!existsSync(module))('a token of SoftHSM', () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'tokens'))
    writeFileSync(join(folder, 'softhsm2.conf'), `directories.tokendir = ${folder}/tokens\n`)
    process.env.SOFTHSM2_CONF = join(folder, 'softhsm2.conf')
    const made = softhsm(
      '--init-token',
      '--free',
      '--label',
      'Kluis',
      '--pin',
      PIN,
      '--so-pin',
      '12345678',
    )
    expect(made.status, made.stderr).toBe(0)
    if (existsSync(join(clone, 'node_modules/pkcs11js/build/Release/pkcs11.node'))) return
    const built = spawnSync(process.execPath, [join(clone, 'scripts/build-pkcs11.ts')], {
      encoding: 'utf8',
    })
    expect(built.status, built.stderr).toBe(0)
  })

  test('wraps and unwraps under a key that it makes itself and never gives out', async () => {
    const wrapped = await opened().wrap(key, organisationId)
    expect(wrapped).toHaveLength(12 + 32 + 16)
    expect((await opened().unwrap(wrapped, organisationId)).equals(key)).toBe(true)
    // The same key again, not a second one by its name.
    const again = await opened().wrap(key, organisationId)
    expect((await opened().unwrap(again, organisationId)).equals(key)).toBe(true)
    const { default: binding } = await import('pkcs11js')
    const pkcs11 = new binding.PKCS11()
    pkcs11.load(module)
    pkcs11.C_Initialize()
    const slot = pkcs11.C_GetSlotList(true)[0]!
    const session = pkcs11.C_OpenSession(slot, binding.CKF_SERIAL_SESSION)
    pkcs11.C_Login(session, binding.CKU_USER, PIN)
    pkcs11.C_FindObjectsInit(session, [{ type: binding.CKA_LABEL, value: 'root-key' }])
    const found = pkcs11.C_FindObjects(session, 9)
    expect(found).toHaveLength(1)
    expect(() =>
      pkcs11.C_GetAttributeValue(session, found[0]!, [{ type: binding.CKA_VALUE }]),
    ).toThrow('CKR_ATTRIBUTE_SENSITIVE')
    pkcs11.C_Finalize()
    pkcs11.close()
  })

  test('refuses what was wrapped for another organisation, by another key, or changed by a bit', async () => {
    const wrapped = await opened().wrap(key, organisationId)
    expect((await refusalOf(opened().unwrap(wrapped, randomUUID()))).kind).toBe(ProviderRefused)
    await opened(PIN, 'another-key').wrap(key, organisationId)
    const byOther = opened(PIN, 'another-key').unwrap(wrapped, organisationId)
    expect((await refusalOf(byOther)).kind).toBe(ProviderRefused)
    wrapped[20]! ^= 1
    expect((await refusalOf(opened().unwrap(wrapped, organisationId))).kind).toBe(ProviderRefused)
    const missing = await refusalOf(opened(PIN, 'no-key').unwrap(wrapped, organisationId))
    expect([missing.kind, missing.message]).toEqual([
      ProviderRefused,
      'the token Kluis holds no key no-key',
    ])
  })

  test('a wrong PIN is tried once and said; a token that is out is away, and found again when it is back', async () => {
    const wrapped = await opened().wrap(key, organisationId)
    const wrong = await refusalOf(opened('0000').unwrap(wrapped, organisationId))
    expect([wrong.kind, wrong.message]).toEqual([
      ProviderRefused,
      'the token Kluis does not take this PIN; it counts wrong ones, and locks after some',
    ])
    renameSync(join(folder, 'tokens'), join(folder, 'out'))
    mkdirSync(join(folder, 'tokens'))
    const out = await refusalOf(opened().unwrap(wrapped, organisationId))
    expect([out.kind, out.message]).toEqual([ProviderAway, `the token Kluis is not in ${module}`])
    rmSync(join(folder, 'tokens'), { recursive: true })
    renameSync(join(folder, 'out'), join(folder, 'tokens'))
    expect((await opened().unwrap(wrapped, organisationId)).equals(key)).toBe(true)
  })

  test('a key that can be taken out of the token is not used', async () => {
    const { default: binding } = await import('pkcs11js')
    const pkcs11 = new binding.PKCS11()
    pkcs11.load(module)
    pkcs11.C_Initialize()
    const slot = pkcs11.C_GetSlotList(true)[0]!
    const session = pkcs11.C_OpenSession(slot, binding.CKF_SERIAL_SESSION | binding.CKF_RW_SESSION)
    pkcs11.C_Login(session, binding.CKU_USER, PIN)
    pkcs11.C_GenerateKey(session, { mechanism: binding.CKM_AES_KEY_GEN }, [
      { type: binding.CKA_CLASS, value: binding.CKO_SECRET_KEY },
      { type: binding.CKA_KEY_TYPE, value: binding.CKK_AES },
      { type: binding.CKA_VALUE_LEN, value: 32 },
      { type: binding.CKA_LABEL, value: 'loose' },
      { type: binding.CKA_TOKEN, value: true },
      { type: binding.CKA_EXTRACTABLE, value: true },
    ])
    pkcs11.C_Finalize()
    pkcs11.close()
    const refused = await refusalOf(opened(PIN, 'loose').wrap(key, organisationId))
    expect(refused.kind).toBe(ProviderRefused)
    expect(refused.message).toContain('can be taken out of the token Kluis')
  })
})
