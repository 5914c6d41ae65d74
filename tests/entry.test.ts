import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addressLines,
  countryOfPostalCode,
  countryOptions,
  isCityFirst,
  isPostalCode,
  tidyPostalCode,
} from '../web/entry/address-format.ts'
import { suggestEmail } from '../web/entry/email-typo.ts'
import { labelKept, labelShown } from '../web/entry/labels.ts'
import { readPhone } from '../web/entry/phone-reading.ts'
import { isAmong, onlyPlace } from '../web/entry/place-names.ts'
import { entry } from '../web/language/entry.ts'
import { readDay, readTime, writeDay } from '../web/parts/day.ts'
import { telLink } from '../web/parts/phone-number.ts'
import { isUntouched, wayBack } from '../web/record/undo-edit.ts'

const today = new Date(2026, 10, 25)
const address = { street: 'Straat 1', postalCode: '', city: '', country: '' }

test('a day is read as people type it, day before month, in Dutch and in English', () => {
  for (const typed of [
    '3/9/1978',
    '3-9-78',
    '03.09.1978',
    '3 9 1978',
    '03091978',
    '1978-09-03',
    '3 sep 1978',
    '3 september 78',
  ])
    expect(readDay(typed, today, true), typed).toBe('1978-09-03')
  expect(readDay('1 mrt 2027', today)).toBe('2027-03-01')
  expect(readDay('1 maart 2027', today)).toBe('2027-03-01')
  expect(readDay('1 May 2027', today)).toBe('2027-05-01')
  expect(readDay('1/12', today)).toBe('2026-12-01')
})

test('two digits of a birthday lie behind us, of a task ahead', () => {
  expect(readDay('1/2/30', today, true)).toBe('1930-02-01')
  expect(readDay('1/2/30', today)).toBe('2030-02-01')
  expect(readDay('1/2', today, true)).toBeUndefined()
})

test('what is no day is not made into one', () => {
  for (const typed of ['31/2/2026', '9/13/2026', '12', 'morgen', '1/2/3/4', '0/1/2026', '1/1/0026'])
    expect(readDay(typed, today), typed).toBeUndefined()
})

test('every day that is shown is read back as the same day', () => {
  const days = fc.integer({ min: -40_000, max: 80_000 })
  fc.assert(
    fc.property(days, (count) => {
      const day = new Date(count * 86_400_000).toISOString().slice(0, 10)
      expect(readDay(writeDay(day), today)).toBe(day)
      expect(readDay(writeDay(day), today, true)).toBe(day)
    }),
  )
})

test('a time is read with and without minutes, and 25 hours are none', () => {
  const read = ['9', '930', '9:30', '9u30', '14.05', '1405'].map(readTime)
  expect(read).toEqual(['09:00', '09:30', '09:30', '09:30', '14:05', '14:05'])
  expect(['25:00', '9:60', 'noen', ''].map(readTime)).toEqual(Array(4).fill(undefined))
})

test('a postcode is tidied as its country writes it, and what does not fit stays as typed', () => {
  expect(tidyPostalCode('1012ab', 'NL')).toBe('1012 AB')
  expect(tidyPostalCode(' 1012  ab', 'NL')).toBe('1012 AB')
  expect(tidyPostalCode('B-9000', 'BE')).toBe('9000')
  expect(tidyPostalCode('BE 9000', 'BE')).toBe('9000')
  expect(tidyPostalCode('sw1a1aa', 'GB')).toBe('SW1A 1AA')
  expect(tidyPostalCode('00950', 'PL')).toBe('00-950')
  expect(tidyPostalCode('niet gekend', 'NL')).toBe('niet gekend')
  expect(tidyPostalCode('1012 a', 'NL')).toBe('1012 a')
})

test('a postcode is doubted only by the rule of its own country', () => {
  expect(isPostalCode('9000', 'BE')).toBe(true)
  expect(isPostalCode('900', 'BE')).toBe(false)
  expect(isPostalCode('9000', 'NL')).toBe(false)
  expect(isPostalCode('9000', '')).toBeUndefined()
  expect(isPostalCode('', 'BE')).toBeUndefined()
  expect(countryOfPostalCode('1012 ab')).toBe('NL')
  expect(countryOfPostalCode('9000')).toBeUndefined()
})

test('an address is written in the order of its country, and nothing of it gets lost', () => {
  const ghent = { street: 'Veldstraat 1', postalCode: '9000', city: 'Gent', country: 'BE' }
  expect(addressLines(ghent, 'nl')).toEqual(['Veldstraat 1', '9000 Gent', 'België'])
  const london = { ...ghent, postalCode: 'SW1A 1AA', city: 'London', country: 'GB' }
  expect(addressLines(london, 'en').slice(1)).toEqual(['London', 'SW1A 1AA', 'United Kingdom'])
  expect([isCityFirst('GB'), isCityFirst('BE'), isCityFirst('Absurdistan')]).toEqual([
    true,
    false,
    false,
  ])
  const part = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/)
  const codes = countryOptions('nl').map(({ value }) => value)
  fc.assert(
    fc.property(
      part,
      part,
      part,
      fc.constantFrom(...codes),
      (street, postalCode, city, country) => {
        const written = addressLines({ street, postalCode, city, country }, 'nl').join('\n')
        for (const one of [street, postalCode, city]) expect(written).toContain(one)
      },
    ),
  )
  expect(addressLines({ ...address, country: 'Absurdistan' }, 'nl')).toEqual([
    'Straat 1',
    'Absurdistan',
  ])
})

test('countries are named in the language of the screen, those nearby first', () => {
  expect(countryOptions('nl')[1]).toEqual({ value: 'NL', label: 'Nederland' })
  expect(countryOptions('en')[1]).toEqual({ value: 'NL', label: 'Netherlands' })
  const codes = countryOptions('nl').map(({ value }) => value)
  expect(new Set(codes).size).toBe(codes.length)
})

test.each([
  ['jan@gmial.com', 'jan@gmail.com'],
  ['jan@gmail.con', 'jan@gmail.com'],
  ['jan@gmail.be', 'jan@gmail.com'],
  ['Jan@hotmial.com', 'Jan@hotmail.com'],
  ['jan@hotmail,be', 'jan@hotmail.be'],
  ['jan@telnet.be', 'jan@telenet.be'],
  ['jan@skynt.be', 'jan@skynet.be'],
  ['jan@proximu.be', 'jan@proximus.be'],
  ['jan@zigo.nl', 'jan@ziggo.nl'],
  ['jan@kpnmial.nl', 'jan@kpnmail.nl'],
  ['jan@outlok.com', 'jan@outlook.com'],
])('%s was probably meant as %s', (typed, meant) => {
  expect(suggestEmail(typed)).toBe(meant)
})

test.each([
  'jan@gmail.com',
  'jan@GMAIL.com',
  'jan@ymail.com',
  'jan@hotmail.de',
  'jan@bakkerij-peeters.be',
  'jan@teamleader.eu',
  'jan@planit.nl',
  'jan@telegraaf.nl',
  'jan@',
  'jan',
])('%s is not doubted', (typed) => {
  expect(suggestEmail(typed)).toBeUndefined()
})

test('a number is read in any writing, grouped, with its country', () => {
  for (const typed of [
    '0475 12 34 56',
    '0475/12.34.56',
    '+32475123456',
    '0032 475 12 34 56',
    '+32 (0)475 123456',
  ])
    expect(readPhone(typed, 'BE'), typed).toEqual({
      shown: '+32 475 12 34 56',
      country: 'BE',
      problem: undefined,
    })
  expect(readPhone('06 12345678', 'NL')).toMatchObject({ shown: '+31 6 12345678', country: 'NL' })
  expect(readPhone('+31612345678', 'BE')).toMatchObject({ country: 'NL', problem: undefined })
})

test('a number of the wrong length is doubted and a remark is no number', () => {
  expect(readPhone('09 225 12', 'BE')?.problem).toBe('too-short')
  expect(readPhone('0475 12 34 56 78 90', 'BE')?.problem).toBe('too-long')
  expect(readPhone('0475 12 34', 'BE')?.problem).toBe('unlikely')
  expect(readPhone('niet gekend', 'BE')?.problem).toBe('not-a-number')
  expect(readPhone('', 'BE')).toBeUndefined()
})

test('a link to dial holds digits alone, and an extension after a pause', () => {
  expect(telLink('+32475123456')).toBe('tel:+32475123456')
  expect(telLink('+3292251234;ext=12')).toBe('tel:+3292251234,12')
  expect(telLink('0475/12 34')).toBe('tel:04751234')
})

test('a label is kept in one word and shown in the language of the screen; one of one’s own stays', () => {
  const words: Record<string, { nl: string; en: string }> = entry
  const speaking = (language: 'nl' | 'en') => ({
    known: (word: string) => words[word]?.[language],
  })
  const [nl, en] = [speaking('nl'), speaking('en')]
  expect(labelKept('Mobiel', nl)).toBe('gsm')
  expect(labelKept('mobile', en)).toBe('gsm')
  expect([labelShown('gsm', nl), labelShown('gsm', en)]).toEqual(['mobiel', 'mobile'])
  expect(labelKept(' vakantiehuis ', nl)).toBe('vakantiehuis')
  expect(labelShown('vakantiehuis', en)).toBe('vakantiehuis')
})

test('a postcode fills in a city only when it can mean one', () => {
  const place = (name: string, alsoNamed: string[] = []) => ({ postalCode: '1', name, alsoNamed })
  const brussels = [place('Brussel', ['Bruxelles']), place('Bruxelles', ['Brussel'])]
  expect(onlyPlace([place('Gent')], 'nl')?.name).toBe('Gent')
  expect(onlyPlace(brussels, 'nl')?.name).toBe('Brussel')
  expect(onlyPlace([place('Deinze'), place('Astene')], 'nl')).toBeUndefined()
  expect(onlyPlace([...brussels, place('Laken')], 'nl')).toBeUndefined()
  expect(onlyPlace([], 'nl')).toBeUndefined()
  expect(isAmong('bruxelles', brussels)).toBe(true)
  expect(isAmong('st niklaas', [place('Sint-Niklaas')])).toBe(true)
  expect(isAmong('Gent', brussels)).toBe(false)
})

test('a change is undone to what stood before, but never to what was masked', () => {
  const before = { givenName: 'An', tags: ['a'], ibans: ['••••'], custom: { f1: 'x' } }
  const after = { ...before, confidential: { f3: '••••' } }
  const back = (change: object) => wayBack(change, before, after)
  expect(back({ givenName: 'Bo', tags: [] })).toEqual({ givenName: 'An', tags: ['a'] })
  expect(back({ custom: { f1: 'y', f2: 'z' } })).toEqual({ custom: { f1: 'x', f2: null } })
  expect(back({ ibans: ['BE71 0961 2345 6769'] })).toBeUndefined()
  expect(back({ custom: { f3: 'diabetes' } })).toBeUndefined()
  expect(back({ language: 'nl' })).toBeUndefined()
})

test('a change is undone only while its own fields hold what it put there', () => {
  const change = { givenName: 'Bo', custom: { f1: 'y' } }
  const after = { givenName: 'Bo', tags: [], custom: { f1: 'y', f2: 'z' } }
  expect(isUntouched(change, after, { ...after, tags: ['b'], custom: { f1: 'y' } })).toBe(true)
  expect(isUntouched(change, after, { ...after, givenName: 'Cé' })).toBe(false)
  expect(isUntouched(change, after, { ...after, custom: {} })).toBe(false)
})
