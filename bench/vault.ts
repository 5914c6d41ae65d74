/**
 * What sealing costs beside the bare cipher and beside ciphersweet-js, alternating in one run.
 * Prints JSON; the ratios are speed over speed (1 = as fast), medians over rounds of CPU time.
 * ciphersweet-js seals field by field with a key per column; we seal one blob per record: that is most of the difference.
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import {
  openRecord,
  paddedBytes,
  type SealTarget,
  sealRecord,
} from '#security/vault/sealed-record.ts'
import { fillSegment, readSlot } from '#security/vault/segment.ts'

const { CipherSweet, EncryptedRow, ModernCrypto, StringProvider } = createRequire(import.meta.url)(
  'ciphersweet-js',
)

const record = {
  givenName: 'Marijke',
  familyName: 'van den Berg',
  salutation: 'Mevrouw',
  email: 'm.vandenberg@example.nl',
  emailWork: 'marijke@bergwerk.example',
  phone: '+31612345678',
  phoneWork: '+31201234567',
  street: 'Prinsengracht 263',
  postalCode: '1016 GV',
  city: 'Amsterdam',
  country: 'NL',
  language: 'nl',
  birthday: '1980-02-29',
  website: 'https://bergwerk.example',
  reference: 'K-102938',
  tags: 'bestuurder, nieuwsbrief',
}
const organisationId = '7d1f7f3a-52b5-4a1e-9a55-0d5c3f6f0a01'
const id = '7d1f7f3a-52b5-4a1e-9a55-0d5c3f6f0a02'
const target: SealTarget = {
  table: 'person',
  sealedClass: 'contact',
  rowId: id,
  subjectId: id,
  keySlot: 64,
  sealCounter: 1,
}
const key = createSecretKey(randomBytes(32))
const segmentKey = createSecretKey(randomBytes(32))
const segment = fillSegment(segmentKey, organisationId, 0)
const unwrapped = (slot: number) => {
  const found = readSlot(segmentKey, organisationId, segment, slot)
  if (found.kind !== 'key') throw new Error('the bench segment is damaged')
  return createSecretKey(found.secret)
}

// The bare cipher does the same work on the same bytes: JSON, padding, a nonce, 85 bytes of additional data.
const aad = randomBytes(85)
const nonces = randomBytes(12 * 4096)
let next = 0
function bareSeal(): Buffer {
  const json = Buffer.from(JSON.stringify(record))
  const plain = Buffer.alloc(paddedBytes(json.length + 4))
  plain.writeUInt32BE(json.length, 0)
  json.copy(plain, 4)
  next = (next + 1) % 4096
  const nonce = nonces.subarray(next * 12, next * 12 + 12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(aad)
  const body = cipher.update(plain)
  cipher.final()
  return Buffer.concat([nonce, body, cipher.getAuthTag()])
}
function bareOpen(sealed: Buffer): unknown {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), {
    authTagLength: 16,
  })
  decipher.setAAD(aad)
  decipher.setAuthTag(sealed.subarray(sealed.length - 16))
  const plain = decipher.update(sealed.subarray(12, sealed.length - 16))
  decipher.final()
  return JSON.parse(plain.toString('utf8', 4, 4 + plain.readUInt32BE(0)))
}

const engine = new CipherSweet(
  new StringProvider(randomBytes(32).toString('hex')),
  new ModernCrypto(),
)
const rows = new EncryptedRow(engine, 'person')
for (const field of Object.keys(record)) rows.addTextField(field)

const bare = bareSeal()
const sealed = sealRecord(key, organisationId, target, record)
const sealedAnew = sealRecord(key, organisationId, target, record, 2)
const sealedUnder64 = sealRecord(unwrapped(64), organisationId, target, record)
const swept = await rows.encryptRow(record)
if (openRecord(key, organisationId, target, sealed).kind !== 'open')
  throw new Error('does not open')
if (openRecord(unwrapped(64), organisationId, target, sealedUnder64).kind !== 'open')
  throw new Error('does not open')

const variants: Record<string, { times: number; once: () => unknown }> = {
  bareSeal: { times: 4000, once: bareSeal },
  seal: { times: 4000, once: () => sealRecord(key, organisationId, target, record) },
  sealUnwrapping: {
    times: 4000,
    once: () => sealRecord(unwrapped(64), organisationId, target, record),
  },
  bareOpen: { times: 4000, once: () => bareOpen(bare) },
  open: { times: 4000, once: () => openRecord(key, organisationId, target, sealed) },
  sealVersion2: { times: 4000, once: () => sealRecord(key, organisationId, target, record, 2) },
  openVersion2: { times: 4000, once: () => openRecord(key, organisationId, target, sealedAnew) },
  openUnwrapping: {
    times: 4000,
    once: () => openRecord(unwrapped(64), organisationId, target, sealedUnder64),
  },
  ciphersweetSeal: { times: 100, once: () => rows.encryptRow(record) },
  ciphersweetOpen: { times: 100, once: () => rows.decryptRow(swept) },
}

const ROUNDS = 9
const taken: Record<string, number[]> = {}
for (let round = -1; round < ROUNDS; round++) {
  for (const [name, { times, once }] of Object.entries(variants)) {
    const before = process.cpuUsage()
    // Only ciphersweet-js gives promises: awaiting ours too would measure the promise.
    if (name.startsWith('ciphersweet')) for (let i = 0; i < times; i++) await once()
    else for (let i = 0; i < times; i++) once()
    const { user, system } = process.cpuUsage(before)
    // The first round warms up.
    if (round >= 0) taken[name] = [...(taken[name] ?? []), (user + system) / times]
  }
}
const micros = Object.fromEntries(
  Object.entries(taken).map(([name, all]) => [name, all.sort((a, b) => a - b)[ROUNDS >> 1]!]),
)
const ratio = (of: string, to: string) => Number((micros[to]! / micros[of]!).toFixed(2))
console.log(
  JSON.stringify({
    ratios: {
      'seal vs bare cipher, key at hand': ratio('seal', 'bareSeal'),
      'open vs bare cipher, key at hand': ratio('open', 'bareOpen'),
      'seal version 2 vs version 1': ratio('sealVersion2', 'seal'),
      'open version 2 vs version 1': ratio('openVersion2', 'open'),
      'seal with unwrapping vs bare cipher': ratio('sealUnwrapping', 'bareSeal'),
      'open with unwrapping vs bare cipher': ratio('openUnwrapping', 'bareOpen'),
      'seal with unwrapping vs ciphersweet-js (blob vs field by field)': ratio(
        'sealUnwrapping',
        'ciphersweetSeal',
      ),
      'open with unwrapping vs ciphersweet-js (blob vs field by field)': ratio(
        'openUnwrapping',
        'ciphersweetOpen',
      ),
    },
    micros: Object.fromEntries(
      Object.entries(micros).map(([name, value]) => [name, Number(value.toFixed(2))]),
    ),
  }),
)
