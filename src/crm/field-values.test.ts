import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkValue, type Kinded, readDecimal, readTyped, showTyped } from './field-values.ts'
import { type FieldKind, type FieldValue, fieldKinds } from './fields/contract.ts'

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const options = [
  { id: id(1), label: { nl: 'Goud', en: 'Gold' }, isArchived: false },
  { id: id(2), label: { nl: 'Zilver, tweede', en: 'Silver' }, isArchived: false },
  { id: id(3), label: { nl: 'Brons', en: 'Bronze' }, isArchived: true },
  { id: id(4), label: { nl: 'Crème', en: '' }, isArchived: false },
]
const field = (kind: FieldKind): Kinded => ({ kind, options })
const reading = { language: 'nl', thisYear: 2026 } as const
const anything: fc.Arbitrary<FieldValue | null> = fc.oneof(
  fc.string({ maxLength: 400, unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.constantFrom(...options.map((one) => one.id), 'x'), { maxLength: 6 }),
  fc.constantFrom('1234.50', '-0.00', '2026-02-29', '2024-02-29', 'https://x.be', id(1), id(9)),
)
const kinds = fc.constantFrom(...fieldKinds)

test('a value that was checked once is not changed by being checked again', () => {
  fc.assert(
    fc.property(kinds, anything, (kind, given) => {
      const once = checkValue(field(kind), given)
      if ('value' in once) expect(checkValue(field(kind), once.value)).toEqual(once)
    }),
  )
})

test('what is shown of a value is read as that value, in both languages', () => {
  fc.assert(
    fc.property(kinds, anything, fc.constantFrom('nl', 'en'), (kind, given, language) => {
      const checked = checkValue(field(kind), given)
      if (!('value' in checked)) return
      const shown = showTyped(field(kind), checked.value, language)
      expect(readTyped(field(kind), shown, { language, thisYear: 2026 })).toEqual(checked)
    }),
  )
})

test('no kind takes a value that JSON or a day later gives back as another', () => {
  fc.assert(
    fc.property(kinds, anything, (kind, given) => {
      const checked = checkValue(field(kind), given)
      if ('value' in checked)
        expect(JSON.parse(JSON.stringify(checked.value))).toEqual(checked.value)
    }),
  )
})

test('an amount of any size keeps each of its cents', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }), (cents) => {
      const size = cents < 0n ? -cents : cents
      const written = `${cents < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`
      expect(checkValue(field('money'), written)).toEqual({ value: written })
      expect(readTyped(field('money'), `€ ${written.replace('.', ',')}`, reading)).toEqual({
        value: written,
      })
    }),
  )
  expect(checkValue(field('money'), '12.345')).toEqual({ problem: 'money' })
  expect(checkValue(field('money'), 12.5)).toEqual({ problem: 'money' })
})

test('numbers are read as Europeans write them, and what could be two numbers is the one of the language', () => {
  const nl = (text: string) => readDecimal(text, reading)
  const en = (text: string) => readDecimal(text, { language: 'en', thisYear: 2026 })
  expect(
    ['1.234,56', '1234,56', '1 234,56', '1,234.56', '1.234', '1.5', '-3', ',5'].map(nl),
  ).toEqual(['1234.56', '1234.56', '1234.56', '1234.56', '1234', '1.5', '-3', '0.5'])
  expect(['1,234', '1.234', '1,5', '1,234,567'].map(en)).toEqual([
    '1234',
    '1.234',
    '1.5',
    '1234567',
  ])
  expect(['1.23,4', '1..5', 'twaalf', '1-2', '', '.'].map(nl)).toEqual(Array(6).fill(undefined))
  // A workbook's own number is what it is.
  expect(readDecimal('1.234', { ...reading, isNumberPlain: true })).toBe('1.234')
})

test('a cell of a megabyte is refused before anybody looks through it', () => {
  const began = performance.now()
  for (const kind of ['number', 'money', 'date', 'yes-no', 'choice', 'choices', 'text'] as const)
    for (const long of [
      `${'1'.repeat(1_000_000)}x`,
      `a${' '.repeat(1_000_000)}b`,
      'a,'.repeat(500_000),
    ])
      expect(readTyped(field(kind), long, reading)).toEqual({ problem: 'too-long' })
  expect(readTyped(field('choices'), 'a,'.repeat(4_000), reading)).toEqual({ problem: 'option' })
  // Quadratic, the first of them alone would take minutes.
  expect(performance.now() - began).toBeLessThan(5_000)
})

test('a link can only lead to a page, a letter or a call', () => {
  for (const wrong of [
    'javascript:alert(1)',
    'data:text/html,x',
    'java\nscript:x',
    'x',
    'http:',
    'file:///x',
    'https://a b',
    'https://an:geheim@elders.example/',
  ])
    expect(checkValue(field('link'), wrong), wrong).toEqual({ problem: 'link' })
  for (const right of ['https://x.be/a?b#c', 'mailto:a@b.be', 'tel:+3212', 'HTTP://x'])
    expect(checkValue(field('link'), right), right).toEqual({ value: right })
})

test('an archived option stays where it stands and can not be chosen anew', () => {
  expect(checkValue(field('choice'), id(3))).toEqual({ problem: 'option' })
  expect(checkValue(field('choice'), id(3), id(3))).toEqual({ value: id(3) })
  expect(checkValue(field('choices'), [id(3), id(1)], [id(3)])).toEqual({ value: [id(1), id(3)] })
})

test('a choice is read by its id or its label in either language, also one with a comma in it', () => {
  const read = (text: string) => readTyped(field('choices'), text, reading)
  expect(read('gold')).toEqual({ value: [id(1)] })
  expect(read('Zilver, tweede')).toEqual({ value: [id(2)] })
  expect(read('creme; GOUD')).toEqual({ value: [id(1), id(4)] })
  expect(read('goud, silver')).toEqual({ value: [id(1), id(2)] })
  expect(read('goud, platina')).toEqual({ problem: 'option' })
  expect(readTyped(field('yes-no'), 'misschien', reading)).toEqual({ problem: 'option' })
  expect(readTyped(field('yes-no'), 'Neen', reading)).toEqual({ value: false })
  expect(readTyped(field('date'), '25/11/2026', reading)).toEqual({ value: '2026-11-25' })
  expect(readTyped(field('date'), '31/2/2026', reading)).toEqual({ problem: 'day' })
})
