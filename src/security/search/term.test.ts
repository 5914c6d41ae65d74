import { expect, test } from 'vitest'
import { SearchedLexicon } from './searched-lexicon.ts'
import { parseTerms, RANK, rankWord } from './term.ts'

const [term] = parseTerms('jansem')[0]!.terms

test('one letter wrong is of a name, and not of a number or an address', () => {
  expect(rankWord('jansen', term!)).toBe(RANK.typo)
  expect(rankWord('janse5', term!)).toBe(RANK.none)
  expect(rankWord('janse@', term!)).toBe(RANK.none)
})

test('words are looked for only among those that may hold them, also after others went and their numbers were used again', () => {
  const lexicon = new SearchedLexicon()
  const given = ['jansen', '0475123456', 'jan@huis.example', 'jan2', '1234', 'bijan']
  const numbers = new Map(given.map((word) => [word, lexicon.use(word)]))
  const holding = (text: string) =>
    lexicon
      .maybeHolding(text)
      .map((number) => lexicon.word(number))
      .filter((word) => word.includes(text))
      .sort()
  expect(holding('jan')).toEqual(['bijan', 'jan2', 'jan@huis.example', 'jansen'])
  expect(holding('1234')).toEqual(['0475123456', '1234'])
  expect(holding('n@h')).toEqual(['jan@huis.example'])
  for (const word of ['jansen', '1234']) lexicon.release(numbers.get(word)!)
  lexicon.use('janus')
  expect(holding('jan')).toEqual(['bijan', 'jan2', 'jan@huis.example', 'janus'])
  expect(holding('1234')).toEqual(['0475123456'])
})
