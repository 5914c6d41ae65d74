import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ExactColumn,
  isRecordColumn,
  normaliseExact,
  openBlindIndex,
  type RecordColumn,
} from './blind-index.ts'

type Vectors = {
  organisationId: string
  key: string
  vectors: { column: ExactColumn; value: string; normalised: string; token: string }[]
}
const { organisationId, key, vectors } = JSON.parse(
  readFileSync(new URL('../../../docs/formats/vectors/blind-index.json', import.meta.url), 'utf8'),
) as Vectors

const ofRecords: RecordColumn[] = [
  ...(['email', 'phone', 'iban', 'enterprise-number', 'reference', 'import-source'] as const),
  'custom:0198c5a0-3333-7000-8000-00000000000c',
]
const ofNames: ExactColumn[] = [`name:person:${organisationId}`, `name:company:${organisationId}`]
const ofSignIn = [
  ...(['account-email', 'session', 'invite', 'api-key', 'passkey', 'recovery-code'] as const),
  ...(['place', 'grant', 'request', 'approval', 'canary', 'federated-subject'] as const),
  ...(['federated-identity', 'scim-token', 'scim-name'] as const),
]

test.each(vectors)('the token of $column "$value" is the one another program made', (vector) => {
  const index = openBlindIndex(Buffer.from(key, 'hex'), organisationId)
  expect(normaliseExact(vector.column, vector.value)).toBe(vector.normalised)
  expect(index.token(vector.column, vector.value).toString('hex')).toBe(vector.token)
  // A second time, from what is kept of the first.
  expect(index.token(vector.column, vector.value).toString('hex')).toBe(vector.token)
})

test('one value has another token in each column, each house and under each key', () => {
  const secret = randomBytes(32)
  const indexes = [
    openBlindIndex(secret, organisationId),
    openBlindIndex(secret, randomUUID()),
    openBlindIndex(randomBytes(32), organisationId),
  ]
  const columns: ExactColumn[] = [
    ...[...ofRecords, ...ofSignIn, ...ofNames],
    ...[`custom:${randomUUID()}` as const, `name:person:${randomUUID()}` as const],
  ]
  const tokens = indexes.flatMap((index) =>
    columns.map((column) => index.token(column, '12345678').toString('hex')),
  )
  expect(new Set(tokens).size).toBe(tokens.length)
  expect(tokens.every((token) => token.length === 32)).toBe(true)
})

test('spaces around a value and its form of Unicode make no difference, and two values that differ have two tokens', () => {
  const index = openBlindIndex(randomBytes(32), organisationId)
  const column = fc.constantFrom<ExactColumn>(...ofRecords, ...ofSignIn)
  fc.assert(
    fc.property(column, fc.string({ unit: 'grapheme' }), (of, value) => {
      const token = index.token(of, value)
      expect(index.token(of, ` ${value.normalize('NFD')}\t`)).toEqual(token)
      expect(index.token(of, `${value}1`)).not.toEqual(token)
    }),
  )
})

test('what sign-in made is compared letter by letter', () => {
  for (const column of ofSignIn.filter((one) => one !== 'account-email' && one !== 'scim-name'))
    expect(normaliseExact(column, ' aB+ 0032/x ')).toBe('aB+ 0032/x')
  for (const column of [
    'email',
    'account-email',
    'reference',
    'import-source',
    'scim-name',
  ] as const)
    expect(normaliseExact(column, ' Ab C ')).toBe('ab c')
})

test.each([
  ['phone', '0475 99 88 77', '0475998877'],
  ['phone', '+00 32', '+0032'],
  ['phone', '003200', '+3200'],
  ['iban', 'nl91 abna\t0417 1643 00', 'NL91ABNA0417164300'],
  ['enterprise-number', 'BE0123456789', 'BE0123456789'],
  ['enterprise-number', '12345678', '12345678'],
  ['enterprise-number', '12345678901', '12345678901'],
  ['enterprise-number', 'XBE0123456789', 'XBE0123456789'],
  ['enterprise-number', 'BE0123456789X', 'BE0123456789X'],
  ['enterprise-number', '123-456-789', 'BE0123456789'],
] as const)('%s %s is compared as %s', (column, value, same) => {
  expect(normaliseExact(column, value)).toBe(same)
})

test('only what customers are found by may be asked for by whoever works with records', () => {
  for (const column of ofRecords) expect(isRecordColumn(column)).toBe(true)
  for (const column of [...ofSignIn, ...ofNames, 'name', '', 'xcustom:1', 'custom'])
    expect(isRecordColumn(column)).toBe(false)
})
