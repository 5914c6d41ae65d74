import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SearchedLexicon } from './searched-lexicon.ts'
import { editsApart, isOneEditApart } from './words.ts'

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'n', 'š'), minLength: 1, maxLength: 9 })
const digits = fc.string({ unit: fc.constantFrom('0', '1', '4'), minLength: 1, maxLength: 9 })
const mail = fc.tuple(letters, letters).map(([name, host]) => `${name}@${host}`)
const word = fc.oneof(letters, digits, mail)

/** A letter left out, put in, replaced or swapped with the next, at a place of the word. */
const edits = [
  (one: string, at: number) => one.slice(0, at) + one.slice(at + 1),
  (one: string, at: number) => `${one.slice(0, at)}n${one.slice(at)}`,
  (one: string, at: number) => `${one.slice(0, at)}n${one.slice(at + 1)}`,
  (one: string, at: number) =>
    one.slice(0, at) + one.slice(at + 1, at + 2) + one.slice(at, at + 1) + one.slice(at + 2),
]

test('no word that holds, begins with or nearly is a text is left out, whatever came and went before', () => {
  fc.assert(
    fc.property(
      // More than fit in before there must be more room.
      fc.array(word, { minLength: 100, maxLength: 900 }),
      fc.array(fc.nat(899), { maxLength: 400 }),
      fc.array(word, { maxLength: 100 }),
      word,
      fc.constantFrom(...edits),
      fc.nat(8),
      (first, gone, later, typed, edit, at) => {
        const text = edit(typed, at % typed.length) || typed
        const lexicon = new SearchedLexicon()
        const held = new Set<string>(first)
        for (const one of held) lexicon.use(one)
        for (const at of gone) {
          const one = first[at]
          if (one === undefined || !held.delete(one)) continue
          lexicon.release(lexicon.find(one)!)
        }
        for (const one of [...later, typed])
          if (!held.has(one)) {
            lexicon.use(one)
            held.add(one)
          }
        const isFound = (numbers: number[], answers: (one: string) => boolean) => {
          const found = new Set(numbers.map((number) => lexicon.word(number)))
          for (const one of held) if (answers(one)) expect(found).toContain(one)
          for (const one of found) expect(held).toContain(one)
        }
        isFound(lexicon.maybeHolding(text), (one) => one.includes(text))
        isFound(lexicon.maybeStartingWith(text), (one) => one.startsWith(text))
        const isName = (one: string) => /^[abnš]+$/.test(one)
        const isNear = (one: string) => one[0] === text[0] && editsApart(one, text, 3) !== undefined
        if (isName(text) && text.length >= 4) {
          isFound(lexicon.maybeOneEditFrom(text), (one) => isName(one) && isOneEditApart(one, text))
          isFound(lexicon.maybeNear(text, 3), (one) => isName(one) && isNear(one))
        }
        for (const one of held) lexicon.release(lexicon.find(one)!)
        expect(lexicon.maybeHolding('abn')).toEqual([])
        expect(lexicon.maybeStartingWith('a')).toEqual([])
      },
    ),
    { numRuns: 300 },
  )
}, 60_000)
