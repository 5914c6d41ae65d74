import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findNationalNumbers, isBsn, maskNationalNumbers } from './national-number.ts'

test.each([
  ['rijksregisternr 85.07.30-033.28 (niet bewaren)', 'rijksregister'],
  ['85073003328', 'rijksregister'],
  ['nr 85 07 30 033 28', 'rijksregister'],
  ['bsn: 123456782', 'bsn'],
  ['zijn nummer is 1234.56.782', 'bsn'],
  ['bsn 012345672', 'bsn'],
])('"%s" holds a number that is not kept by accident', (text, kind) => {
  expect(findNationalNumbers(text)[0]?.kind).toBe(kind)
  expect(findNationalNumbers(maskNationalNumbers(text))).toEqual([])
})

test.each([
  'tel 09 233 00 00',
  '+32475123456',
  '0475 12 34 56',
  'BE71 0961 2345 6769',
  'BE71096123456769',
  'NL91ABNA0417164300',
  'order 123456782',
  'offerte voor 2027',
])('"%s" holds none', (text) => {
  expect(findNationalNumbers(text)).toEqual([])
})

test('every right Belgian number is found, with and without punctuation; a wrong digit is not', () => {
  const birth = fc.date({
    min: new Date('1900-01-01'),
    max: new Date('1999-12-31'),
    noInvalidDate: true,
  })
  fc.assert(
    fc.property(birth, fc.integer({ min: 1, max: 997 }), (date, order) => {
      const [yy, mm, dd] = date.toISOString().slice(2, 10).split('-') as [string, string, string]
      const base = `${yy}${mm}${dd}${String(order).padStart(3, '0')}`
      const check = String(97 - (Number(base) % 97)).padStart(2, '0')
      const dotted = `${yy}.${mm}.${dd}-${base.slice(6)}.${check}`
      for (const text of [`${base}${check}`, `x ${dotted}, y`])
        expect(findNationalNumbers(text).map((found) => found.kind)).toEqual(['rijksregister'])
      expect(maskNationalNumbers(dotted)).not.toMatch(/\d/)
    }),
  )
})

test('one in eleven numbers passes the test of a BSN', () => {
  const passing = Array.from({ length: 1100 }, (_, i) => String(123450000 + i)).filter(isBsn)
  expect(passing).toHaveLength(100)
})
