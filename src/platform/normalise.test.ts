import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  countryCode,
  findDayOrder,
  isPhone,
  mayBePhone,
  normaliseEmail,
  normaliseIban,
  normalisePhone,
  readDay,
  splitEmails,
  splitPhones,
} from './normalise.ts'

test.each([
  ['03/226 14 15', 'BE', '+3232261415'],
  ['0475 12 34 56', 'BE', '+32475123456'],
  ['+31 (0)30 - 234 56 78', 'NL', '+31302345678'],
  ['06-12345678', 'NL', '+31612345678'],
  ['0032 2 555 12 12', 'NL', '+3225551212'],
  ['+86 10 6552 9988', 'NL', '+861065529988'],
  ['001-808-617-6467x12895', 'DO', '+18086176467;ext=12895'],
])('the phone number %s of someone in %s is %s', (typed, country, kept) => {
  expect(normalisePhone(typed, country)).toBe(kept)
  expect(isPhone(kept)).toBe(true)
})

test('a number that is none in its country stays as it was typed', () => {
  expect(normalisePhone(' 229.077.5154 ', 'CL')).toBe('229.077.5154')
  expect(normalisePhone('12', 'nowhere')).toBe('12')
})

test('normalising a phone number, an address or an account a second time changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789 +-/()x.', 'a') }), (typed) => {
      const once = normalisePhone(typed, 'BE')
      expect(normalisePhone(once, 'BE')).toBe(once)
    }),
  )
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string()), (typed) => {
      const once = normaliseEmail(typed)
      if (once !== undefined) expect(normaliseEmail(once)).toBe(once)
    }),
  )
})

test('several numbers in a cell come apart, one number with a slash does not', () => {
  expect(splitPhones('0032 2 555 12 12 / 0499 99 99 99')).toEqual([
    '0032 2 555 12 12',
    '0499 99 99 99',
  ])
  expect(splitPhones('03/226 14 15')).toEqual(['03/226 14 15'])
  expect(splitPhones('032261415/0475123456')).toEqual(['032261415', '0475123456'])
  expect(['niet gekend', 'n.v.t.', '-', '0475 12 34 56'].map(mayBePhone)).toEqual([
    false,
    false,
    false,
    true,
  ])
})

test('several addresses in a cell come apart, and a double @ is no address', () => {
  expect(splitEmails('fatima@mail.example;f.elamrani@werk.example')).toEqual([
    'fatima@mail.example',
    'f.elamrani@werk.example',
  ])
  expect(splitEmails('Jan Peeters <jan@x.example>, an@y.example')).toEqual([
    'jan@x.example',
    'an@y.example',
  ])
  expect(normaliseEmail('SJOERD@IJsselstein.example')).toBe('sjoerd@ijsselstein.example')
  expect(normaliseEmail('zoe.dhondt@@mail.example')).toBeUndefined()
})

test('an account number with wrong check digits is no account number', () => {
  expect(normaliseIban('BE71 0961 2345 6769')).toBe('BE71096123456769')
  expect(normaliseIban('BE00 0000 0000 0000')).toBeUndefined()
})

test.each([
  ['03/09/1978', '1978-09-03'],
  ['1-2-1991', '1991-02-01'],
  ['3.4.85', '1985-04-03'],
  ['29/02/1984', '1984-02-29'],
  ['1955-07-14', '1955-07-14'],
  ['2021-04-23 10:15:00', '2021-04-23'],
])('the day %s is %s', (typed, day) => {
  expect(readDay(typed, 'day-first', 2026)).toEqual({ kind: 'day', day })
})

test('31 February is impossible, and a word is unreadable', () => {
  expect(readDay('31/02/1990', 'day-first', 2026)).toEqual({ kind: 'none', why: 'impossible' })
  expect(readDay('gisteren', 'day-first', 2026)).toEqual({ kind: 'none', why: 'unreadable' })
})

test('every real day survives being written as people here write it', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1850-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }),
      (date) => {
        const day = date.toISOString().slice(0, 10)
        const [year, month, dayOfMonth] = day.split('-').map(Number)
        expect(readDay(`${dayOfMonth}/${month}/${year}`, 'day-first', 2026)).toEqual({
          kind: 'day',
          day,
        })
        expect(readDay(`${month}/${dayOfMonth}/${year}`, 'month-first', 2026)).toEqual({
          kind: 'day',
          day,
        })
      },
    ),
  )
})

test('a column is read month first only when it can not be read otherwise', () => {
  expect(findDayOrder(['03/14/2020', '02/01/2020'])).toBe('month-first')
  expect(findDayOrder(['14/03/2020', '02/01/2020'])).toBe('day-first')
  expect(findDayOrder(['03/04/2020'])).toBe('day-first')
})

test.each([
  ['België', 'BE'],
  ['Belgique', 'BE'],
  ['Belgien', 'BE'],
  ['Pays-Bas', 'NL'],
  ['Holland', 'NL'],
  ['DEUTSCHLAND', 'DE'],
  ['Slovakia (Slovak Republic)', 'SK'],
  ['Svalbard & Jan Mayen Islands', 'SJ'],
  ['Saint Barthelemy', 'BL'],
  ['be', 'BE'],
  ['Korea', undefined],
  ['Nergens', undefined],
])('the country %s is %s', (name, code) => {
  expect(countryCode(name)).toBe(code)
})
