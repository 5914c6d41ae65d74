import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { normaliseExact, openBlindIndex } from './blind-index.ts'
import { checkCatalogue, type PersonalField } from './catalogue.ts'

test('spellings of one value give one token; columns, keys and values give different ones', () => {
  const index = openBlindIndex(randomBytes(32), 'org')
  const hex = (column: Parameters<typeof index.token>[0], value: string) =>
    index.token(column, value).toString('hex')
  expect(index.token('email', 'a@b.nl').length).toBe(16)
  expect(hex('email', ' M.Berg@Example.NL ')).toBe(hex('email', 'm.berg@example.nl'))
  expect(hex('phone', '0031 6-12 34 56 78')).toBe(hex('phone', '+31612345678'))
  expect(hex('iban', 'be68 5390 0754 7034')).toBe(hex('iban', 'BE68539007547034'))
  expect(hex('enterprise-number', 'BE 0123.456.749')).toBe(hex('enterprise-number', '123456749'))
  expect(normaliseExact('enterprise-number', 'NL 1234.56.789.B01')).toBe('NL123456789B01')
  expect(hex('email', 'a@b.nl')).not.toBe(hex('email', 'a@c.nl'))
  expect(hex('email', 'a@b.nl')).not.toBe(hex('reference', 'a@b.nl'))
  expect(hex('email', 'a@b.nl')).not.toBe(
    openBlindIndex(randomBytes(32), 'org').token('email', 'a@b.nl').toString('hex'),
  )
})

test('what customers are found by is hashed under the keys that are replaced, and while one is, under both', () => {
  const [search, old, fresh] = [randomBytes(32), randomBytes(32), randomBytes(32)]
  const before = openBlindIndex(search, 'org', [old])
  const meanwhile = openBlindIndex(search, 'org', [fresh, old])
  for (const column of ['email', 'reference', 'custom:field'] as const) {
    const value = ' A@B.nl '
    const both = meanwhile.tokens(column, value)
    expect(both).toEqual([meanwhile.token(column, value), before.token(column, value)])
    expect(both[0]).not.toEqual(both[1])
    expect(before.tokens(column, value)).toEqual([both[1]])
  }
  // A session's token is no value that anybody keeps: it could not be hashed anew.
  for (const column of ['session', 'account-email'] as const)
    expect(meanwhile.tokens(column, 'x')).toEqual([before.token(column, 'x')])
})

test('the catalogue refuses a blind index over few or skewed values', () => {
  const text = { nl: 'x', en: 'x' }
  const declare = (name: string, isSkewed: boolean) => {
    const field: PersonalField = {
      name,
      label: text,
      sealedClass: 'contact',
      purpose: text,
      search: 'exact',
      isSkewed,
      isExported: true,
      isPortable: true,
    }
    const contact = { column: 'contact_sealed', counterColumn: 'contact_seal_counter' }
    return checkCatalogue([
      { table: 'person', subject: 'itself', classes: { contact }, fields: [field] },
    ])
  }
  expect(declare('emails', false).size).toBe(1)
  expect(() => declare('membership', true)).toThrow('frequency analysis')
  expect(() => declare('familyName', false)).toThrow('frequency analysis')
})
