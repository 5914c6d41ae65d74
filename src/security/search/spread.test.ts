import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSkewed, RECORDS_MIN } from '#security/vault/spread.ts'
import type { IndexDocument } from './index-types.ts'
import { KindIndex } from './kind-index.ts'
import { spreadOf } from './spread.ts'

const document = (number: number, value: string | undefined): IndexDocument => ({
  kind: 'person',
  id: `id-${number}`,
  rowVersion: 1,
  names: [],
  sortName: { family: '' },
  fragments: [],
  filters: {},
  texts: value === undefined ? {} : { reference: [value] },
  ownerId: null,
  teamId: null,
  isDeleted: false,
  createdAt: 0,
  updatedAt: 0,
})

test('a spread counts every record that has a value once, whatever its capitals, and none that was removed', () => {
  const value = fc.option(fc.constantFrom('a', 'A', 'é', 'E', 'x-1'), { nil: undefined })
  fc.assert(
    fc.property(fc.array(value), fc.integer({ min: 1, max: 5 }), (values, every) => {
      const index = new KindIndex('person', 'nl')
      for (const [number, one] of values.entries()) index.put(document(number, one))
      const kept = values.filter((one, number) => {
        if (number % every !== 0) return one !== undefined
        index.remove(`id-${number}`)
        return false
      })
      const folded = kept.map((one) => one!.toLowerCase().replace('é', 'e'))
      const held = Map.groupBy(folded, (one) => one)
      expect(spreadOf(index, 'reference')).toEqual({
        records: kept.length,
        different: held.size,
        most: Math.max(0, ...[...held.values()].map(({ length }) => length)),
      })
    }),
  )
})

test.each([
  ['too few to tell', { records: RECORDS_MIN - 1, different: 1, most: RECORDS_MIN - 1 }, false],
  ['each its own', { records: 1000, different: 1000, most: 1 }, false],
  ['two to a value', { records: 1000, different: 500, most: 2 }, false],
  ['more than two to a value', { records: 1000, different: 499, most: 3 }, true],
  ['one in twenty the same', { records: 1000, different: 951, most: 50 }, false],
  ['more than one in twenty the same', { records: 1000, different: 950, most: 51 }, true],
])('%s', (_what, spread, expected) => {
  expect(isSkewed(spread)).toBe(expected)
})
