import { expect, test } from 'vitest'
import { askedPrefixes, namePrefixes } from './name-prefixes.ts'

/** As PostgreSQL looks: each word that must be there is enough by one of its beginnings. */
function finds(text: string, name: string, kind: 'person' | 'company' = 'person'): boolean {
  const kept = new Set(namePrefixes(kind, name))
  const asked = askedPrefixes(kind, text)
  return asked.length > 0 && asked.every((any) => any.some((one) => kept.has(one)))
}

test.each([
  ['jan', 'Jan Peeters'],
  ['pee', 'Jan Peeters'],
  ['peeters j', 'Jan Peeters'],
  ['jan peet', 'Jan Peeters'],
  ['ZOË', 'Zoé Dubois'],
  ['berg', 'Els van den Berg'],
  ['van den berg', 'Els van den Berg'],
  ['vandenberg', 'Els van den Berg'],
  ['van den berg', 'Els Vandenberg'],
  ['vanden', 'Els Vandenberg'],
  ['annemarie', 'Anne-Marie Claes'],
  ['anne-marie', 'Annemarie Claes'],
  ['dhondt', "Zoë D'Hondt"],
  ['li', 'Li Wei'],
])('%s finds %s', (text, name) => {
  expect(finds(text, name)).toBe(true)
})

test.each([
  // Inside a word, a letter wrong, or of another name.
  ['eeters', 'Jan Peeters'],
  ['peetres', 'Jan Peeters'],
  ['jan smit', 'Jan Peeters'],
  // What stands before so many names is no beginning of one.
  ['van', 'Els van den Berg'],
  ['vanden', 'Els van den Berg'],
  // A whole word of two letters is not the beginning of a longer one.
  ['jo', 'Jonas Claes'],
  ['', 'Jan Peeters'],
  ['!', 'Jan Peeters'],
])('%s does not find %s', (text, name) => {
  expect(finds(text, name)).toBe(false)
})

test('the legal form of a company is none of its words', () => {
  expect(finds('Korenaar BV', 'Bakkerij De Korenaar', 'company')).toBe(true)
  expect(finds('bakkerij', 'Bakkerij De Korenaar BV', 'company')).toBe(true)
  expect(namePrefixes('company', 'Korenaar BV')).toEqual(['kor', 'koren', 'korenaar'])
})

test('of a name beginnings of three, five and eight letters are kept, and a shorter word whole', () => {
  expect(namePrefixes('person', 'Bo Vandenbroeck')).toEqual([
    ...['bo.', 'van', 'vande', 'vandenbr'],
  ])
  expect(namePrefixes('person', 'van den Berg')).toEqual(['ber', 'vandenbe'])
  // Beyond the basic plane a letter is one letter.
  expect(namePrefixes('person', '𠮷野家太郎')).toEqual(['𠮷野家', '𠮷野家太郎'])
})
