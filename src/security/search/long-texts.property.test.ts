import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LongTexts, TooMuchText } from './long-texts.ts'

const letters = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'é', ' ', '\n', '*', 'ß', '漢'),
  maxLength: 12,
})
const step = fc.record({ slot: fc.integer({ min: 0, max: 9 }), text: letters })
const read = (text: string) =>
  text
    .toLowerCase()
    .replaceAll('é', 'e')
    .replaceAll('ß', 'ss')
    .replaceAll('*', '')
    .replace(/\s+/g, ' ')
    .trim()

test('after any changes, a part of a text finds whoever holds it, and never what stands over the end of one', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), letters, (steps, asked) => {
      // Pages of a few texts, so that they fill, are left and are taken again.
      const texts = new LongTexts({ pageBytes: 64 })
      const held = new Map<number, string>()
      for (const { slot, text } of steps) {
        texts.set(slot, text)
        held.set(slot, read(text))
      }
      const found = texts.holding([asked])
      for (let slot = 0; slot < 10; slot++) {
        const text = held.get(slot) ?? ''
        expect(texts.isThere(slot)).toBe(text !== '')
        expect(found[slot] === 1).toBe(read(asked) !== '' && text.includes(read(asked)))
      }
    }),
    { numRuns: 500 },
  )
})

test('many that come and go leave no word behind and none too few', () => {
  const texts = new LongTexts({ pageBytes: 4096 })
  for (let round = 0; round < 5; round++)
    for (let slot = 0; slot < 700; slot++) texts.set(slot, `Gent ronde ${round} klant ${slot % 7}`)
  const count = (part: string) => texts.holding([part]).reduce((sum, one) => sum + one, 0)
  expect([count('gent'), count('ronde 4'), count('ronde 3'), count('lant 6')]).toEqual([
    700, 700, 0, 100,
  ])
})

test('what does not fit is refused when it is asked for, until there is room again', () => {
  const texts = new LongTexts({ bytesMax: 10 })
  texts.set(0, 'offerte')
  texts.set(1, 'rekening')
  expect(() => texts.holding(['offerte'])).toThrow(TooMuchText)
  expect(texts.isThere(1)).toBe(true)
  texts.set(0, '')
  texts.set(1, 'rekening')
  expect([...texts.holding(['kening'])].indexOf(1)).toBe(1)
})
