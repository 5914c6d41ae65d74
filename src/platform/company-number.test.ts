import fc from 'fast-check'
import { expect, test } from 'vitest'
import { looksLikeSoleTrader, readCompanyNumber, readSiteNumber } from './company-number.ts'

test.each([
  ['BE 0403.170.701', { value: 'BE0403170701', kind: 'be' }],
  ['BTW BE0403170701', { value: 'BE0403170701', kind: 'be' }],
  ['403170701', { value: 'BE0403170701', kind: 'be' }],
  ['BE0403170702', { value: 'BE0403170702', kind: 'be', problem: 'be-check', expected: '01' }],
  ['BE 0403.170.7', { value: 'BE04031707', kind: 'be', problem: 'be-length' }],
  ['9403.170.701', { value: 'BE9403170701', kind: 'be', problem: 'be-first' }],
  ['2.001.234.516', { value: '2001234516', kind: 'be-site' }],
  [
    '2.001.234.517',
    { value: '2001234517', kind: 'be-site', problem: 'be-site-check', expected: '16' },
  ],
  ['NL123456789B01', { value: 'NL123456789B01', kind: 'nl-vat', problem: 'nl-vat-check' }],
  ['nl 0000.99.998.B57', { value: 'NL000099998B57', kind: 'nl-vat' }],
  ['NL 1234.56.782.B01', { value: 'NL123456782B01', kind: 'nl-vat' }],
  ['NL 123456782', { value: 'NL123456782', kind: 'nl-vat', problem: 'nl-vat-form' }],
  ['KvK 12345678', { value: '12345678', kind: 'nl-kvk' }],
  ['KvK 1234567', { value: '1234567', kind: 'nl-kvk', problem: 'nl-kvk-length' }],
  ['0000 1234 5678', { value: '000012345678', kind: 'nl-site' }],
  ['RSIN 1234.56.782', { value: 'RSIN123456782', kind: 'nl-rsin' }],
  ['RSIN 123456783', { value: 'RSIN123456783', kind: 'nl-rsin', problem: 'nl-rsin-check' }],
  ['FR 40 303 265 045', { value: 'FR40303265045', kind: 'eu-vat' }],
  ['FR 12 345678901', { value: 'FR12345678901', kind: 'eu-vat', problem: 'eu-vat-check' }],
  ['ATU13585627', { value: 'ATU13585627', kind: 'eu-vat' }],
  ['de HRB 12345', { value: 'DEHRB12345', kind: 'other' }],
  ['CHE-116.281.710', { value: 'CHE116281710', kind: 'other' }],
  ['', { value: '', kind: 'other' }],
])('%s is read as a number of a company', (typed, read) => {
  expect(readCompanyNumber(typed)).toEqual(read)
})

test('nine bare digits that may be the BSN of somebody are not taken for an RSIN', () => {
  expect(readCompanyNumber('123456782')).toMatchObject({ problem: 'maybe-bsn' })
})

test('every Belgian number has one right pair of check digits, and its first digit says what it is of', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 89_999_999 }), (base) => {
      const eight = String(base).padStart(8, '0')
      const read = Array.from({ length: 97 }, (_, i) =>
        readCompanyNumber(`${eight}${String(i + 1).padStart(2, '0')}`),
      )
      const right = read.filter((one) => !one.problem)
      expect(right).toHaveLength(1)
      expect(right[0]!.kind).toBe(base < 20_000_000 ? 'be' : 'be-site')
    }),
    { numRuns: 60 },
  )
})

test('a site has a number of a site, not that of its company', () => {
  expect(readSiteNumber('2001234516').problem).toBeUndefined()
  expect(readSiteNumber('000012345678').problem).toBeUndefined()
  expect(readSiteNumber('0403170701').problem).toBe('no-site')
})

test('a VAT number that only modulo 97 finds right may be of a sole trader, an RSIN is not', () => {
  expect(looksLikeSoleTrader('NL000099998B57')).toBe(true)
  expect(looksLikeSoleTrader('NL123456782B01')).toBe(false)
  expect(looksLikeSoleTrader('12345678')).toBe(false)
})
