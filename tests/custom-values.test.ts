import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FieldDefinition } from '../src/crm/fields/contract.ts'
import { readNumber } from '../web/fields/numbers.ts'
import { readTyped, typedOf } from '../web/fields/typed.ts'
import { safeAddress } from '../web/parts/safe-address.ts'

const field = (kind: FieldDefinition['kind'], more: Partial<FieldDefinition> = {}) =>
  ({ kind, isRequired: false, options: [], ...more }) as FieldDefinition
const language = fc.constantFrom('nl' as const, 'en' as const)

test('a number that is opened and left as it stands is the same number, in both languages', () => {
  fc.assert(
    fc.property(
      language,
      fc.integer({ min: -1e9, max: 1e9 }),
      fc.nat(99),
      (spoken, whole, cents) => {
        const number = Number(`${whole}.${cents}`)
        const typed = typedOf(field('number'), number, spoken)
        expect(readTyped(field('number'), typed, spoken)).toEqual({ value: number })
        const money = `${whole}.${String(cents).padStart(2, '0')}`
        expect(readTyped(field('money'), typedOf(field('money'), money, spoken), spoken)).toEqual({
          value: money,
        })
      },
    ),
  )
})

test.each([
  ['1.250', 'nl', '1250'],
  ['1.250', 'en', '1.250'],
  ['1,250', 'en', '1250'],
  ['1.250,50', 'en', '1250.50'],
  ['1,250.50', 'nl', '1250.50'],
  ['€ 12,5', 'nl', '12.5'],
  ['12.5', 'nl', '12.5'],
  ['12,5', 'en', '12.5'],
  ['1.2.3', 'nl', undefined],
  ['twaalf', 'nl', undefined],
] as const)('"%s" typed in %s is %s', (typed, spoken, read) => {
  expect(readNumber(typed, spoken)).toBe(read)
})

test('a link that would run here or hides its host is refused, and one without its way is given the likely one', () => {
  for (const unsafe of [
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'https://bank.be@evil.example/',
    'https://an:geheim@voorbeeld.example',
    'https://:geheim@voorbeeld.example',
    'https://twee delen.example',
    'mailto:',
  ])
    expect(safeAddress(unsafe), unsafe).toBeUndefined()
  const read = (typed: string) => readTyped(field('link'), typed, 'nl')
  expect(read('javascript:alert(1)')).toEqual({ problem: 'link' })
  expect(read('bank.be@evil.example/klant')).toEqual({ problem: 'link' })
  expect(read('voorbeeld.example/klant')).toEqual({ value: 'https://voorbeeld.example/klant' })
  expect(read('an@voorbeeld.example')).toEqual({ value: 'mailto:an@voorbeeld.example' })
  expect(read('09 233 00 01')).toEqual({ value: 'tel:092330001' })
})

test('half a cent is no amount, and a required field is not left empty', () => {
  expect(readTyped(field('money'), '1,005', 'nl')).toEqual({ problem: 'money' })
  expect(readTyped(field('text', { isRequired: true }), '  ', 'nl')).toEqual({ problem: 'needed' })
  expect(readTyped(field('choices'), [], 'nl')).toEqual({ value: null })
})
