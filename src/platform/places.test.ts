import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { keepPlaces, Places, readPlaces } from './places.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kluis-places-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const nowhere = join(tmpdir(), 'kluis-no-places')
const geonames = [
  'NL\t1011\tAmsterdam\tNoord-Holland\t07\tAmsterdam\t0363\t\t\t52.3\t4.9\t6',
  'NL\t1381\tWeesp\tNoord-Holland\t07\tAmsterdam\t0363\t\t\t52.3\t5.0\t6',
  'NL\t1382\tWeesp\tNoord-Holland\t07\tAmsterdam\t0363\t\t\t52.3\t5.0\t6',
  '',
].join('\r\n')

test('a table of the operator answers by postcode and by name, whatever the accents', () => {
  writeFileSync(join(folder, 'NL.txt'), geonames)
  const places = new Places(folder)
  expect(places.isKnown('NL')).toBe(true)
  expect(places.find('NL', '1011', 10)).toEqual([
    { postalCode: '1011', name: 'Amsterdam', alsoNamed: [] },
  ])
  expect(places.find('NL', 'wéé', 10).map(({ postalCode }) => postalCode)).toEqual(['1381', '1382'])
  expect(places.find('NL', '138', 1)).toHaveLength(1)
  expect(places.find('NL', 'xyz', 10)).toEqual([])
})

test('a postcode that the table has fits its own places alone; of any other nothing is said', () => {
  writeFileSync(join(folder, 'NL.txt'), geonames)
  const places = new Places(folder)
  expect(places.isFitting('NL', '1011 AB', 'AMSTERDAM')).toBe(true)
  expect(places.isFitting('NL', '1011 AB', 'Weesp')).toBe(false)
  expect(places.isFitting('NL', '9999 AB', 'Weesp')).toBeUndefined()
  expect(places.isFitting('XX', '1011', 'Weesp')).toBeUndefined()
})

test('a country can be no path', () => {
  writeFileSync(join(folder, 'NL.txt'), geonames)
  expect(new Places(join(folder, 'below')).isKnown('../NL')).toBe(false)
})

test('a place of two languages is found by both names, and is there twice where both are official', () => {
  const places = readPlaces('# source\n9000\tGent/Gand\n1000\tBrussel=Bruxelles\n', 'BE')
  expect(places).toEqual([
    { postalCode: '9000', name: 'Gent', alsoNamed: ['Gand'] },
    { postalCode: '1000', name: 'Brussel', alsoNamed: ['Bruxelles'] },
    { postalCode: '1000', name: 'Bruxelles', alsoNamed: ['Brussel'] },
  ])
})

test('a file of several countries is kept as a table each, and counted', () => {
  const places = new Places(folder)
  expect(places.isKnown('LU')).toBe(false)
  const text = `${geonames}LU\t1009\tLuxembourg\t\nLU\t1009\tLuxembourg\t\nno line of a table\n`
  expect(keepPlaces(folder, text)).toEqual({
    NL: { postalCodes: 3, places: 3 },
    LU: { postalCodes: 1, places: 1 },
  })
  expect(new Places(folder).isFitting('LU', '1009', 'luxembourg')).toBe(true)
  expect(new Places(folder).find('NL', 'weesp', 10)).toHaveLength(2)
})

test('a file without postcodes is kept as nothing', () => {
  expect(keepPlaces(folder, 'PK\u0003\u0004 a zip')).toEqual({})
  expect(new Places(folder, nowhere).isKnown('NL')).toBe(false)
})

test('a table that is put there while Kluis runs is seen within seconds', () => {
  vi.useFakeTimers()
  try {
    const places = new Places(folder, nowhere)
    expect(places.isKnown('NL')).toBe(false)
    writeFileSync(join(folder, 'NL.txt'), geonames)
    vi.advanceTimersByTime(6_000)
    expect(places.isKnown('NL')).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})

test('Belgium and the Netherlands come with Kluis, and a table of the operator takes their place', () => {
  const ours = new Places(folder)
  expect(ours.find('BE', '9000', 10)).toEqual([
    { postalCode: '9000', name: 'Gent', alsoNamed: ['Gand'] },
  ])
  expect(ours.find('BE', 'gand', 10).map(({ postalCode }) => postalCode)).toContain('9000')
  expect(ours.isFitting('BE', '8300', 'Knokke-Heist')).toBe(true)
  expect(ours.isFitting('BE', '1000', 'BRUXELLES')).toBe(true)
  expect(ours.isFitting('BE', '9000', 'Mol')).toBe(false)
  expect(ours.find('NL', '1381', 10).map(({ name }) => name)).toEqual(['Weesp'])
  expect(ours.isFitting('NL', '2511 AB', "'s-Gravenhage")).toBe(true)
  const codes = (country: string) =>
    new Set(
      '123456789'
        .split('')
        .flatMap((digit) => ours.find(country, digit, 10_000).map((one) => one.postalCode)),
    )
  expect(codes('BE').size).toBe(1_143)
  expect(codes('NL').size).toBeGreaterThan(4_050)
  writeFileSync(join(folder, 'NL.txt'), 'NL\t1381\tElders\t\n')
  expect(new Places(folder).find('NL', '1381', 10).map(({ name }) => name)).toEqual(['Elders'])
})
