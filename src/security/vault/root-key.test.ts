import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { normaliseExact, openBlindIndex } from './blind-index.ts'
import { checkCatalogue, type PersonalField } from './catalogue.ts'
import { openRootKey, readRecoverySheet, recoverySheetText } from './root-key.ts'

const root = mkdtempSync(join(tmpdir(), 'kluis-root-key-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('the root key is made once, readable by its owner alone, and refused when others can read it', () => {
  const path = join(root, 'root.key')
  expect(() => openRootKey(path, false)).toThrow('is not there')
  const key = openRootKey(path, true)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(openRootKey(path, true).equals(key)).toBe(true)
  chmodSync(path, 0o640)
  expect(() => openRootKey(path, true)).toThrow('chmod 600')
  chmodSync(path, 0o600)
  writeFileSync(path, key.subarray(1))
  expect(() => openRootKey(path, true)).toThrow('31 bytes')
})

test('the recovery sheet gives the key back, also when typed with O, I, l and hyphens', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const key = Buffer.from(bytes)
      const text = recoverySheetText(key)
      expect(text).toMatch(/^([0-9A-Z]{4} ){13}[0-9A-Z]{4}$/)
      const typed = text.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll(' ', '-')
      expect(readRecoverySheet(typed.toLowerCase())?.equals(key)).toBe(true)
    }),
  )
  expect(recoverySheetText(Buffer.alloc(32)).startsWith('0000 0000')).toBe(true)
})

test('one wrong letter on the recovery sheet is found', () => {
  const text = recoverySheetText(randomBytes(32)).replaceAll(' ', '')
  for (let i = 0; i < text.length; i++) {
    const wrong = text.slice(0, i) + (text[i] === '7' ? '8' : '7') + text.slice(i + 1)
    expect(readRecoverySheet(wrong)).toBeUndefined()
  }
  expect(readRecoverySheet(text.slice(1))).toBeUndefined()
})

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
