/** Rows in the order of the names of the records they refer to. */
import type { IndexQuery, NamedField } from './index-types.ts'
import { valueText } from './kind-index.ts'
import type { World } from './relations.ts'
import { visibility } from './scope.ts'

// More rows than an index ever holds: a place and a row are one exact number.
const ROWS_MAX = 2 ** 26

/**
 * `rows` stand in the order of the alphabet, and equal ones stay so. A name the asker may not see is no name: its place
 * between others would tell what it begins with.
 */
export function byNames(
  world: World,
  { kind, scope, sort }: Pick<IndexQuery, 'kind' | 'scope' | 'sort'>,
  named: NamedField,
  rows: Int32Array,
): Int32Array {
  const index = world.kinds[kind]
  const placeOf = placesOf(world, { kind, scope }, index.values, named)
  const keys = new Float64Array(rows.length)
  const without: number[] = []
  let count = 0
  rows.forEach((row, at) => {
    let place = -1
    for (let i = 0; i < index.rowValues.length(row) && place < 0; i++)
      place = placeOf[index.rowValues.at(row, i)]!
    if (place < 0) without.push(row)
    else keys[count++] = (sort?.descending ? ROWS_MAX - place : place) * ROWS_MAX + at
  })
  const ordered = keys.subarray(0, count).sort()
  const result = new Int32Array(rows.length)
  for (let at = 0; at < count; at++) result[at] = rows[ordered[at]! % ROWS_MAX]!
  result.set(without, count)
  return result
}

/** Of every value that is held, where in the alphabet of the records it refers to; -1 for what is not seen or another field's. */
function placesOf(
  world: World,
  { kind, scope }: Pick<IndexQuery, 'kind' | 'scope'>,
  values: World['kinds']['person']['values'],
  { field, recordKind, became }: NamedField,
): Int32Array {
  const referred = world.kinds[recordKind]
  const isSeen = visibility(referred, kind === recordKind ? scope : (scope.beside?.linked ?? scope))
  const placeOfRow = new Int32Array(referred.ids.length)
  let next = 0
  referred.alphabet.walk(undefined, false, (row) => {
    placeOfRow[row] = next++
    return true
  })
  const places = new Int32Array(values.bound).fill(-1)
  const start = valueText(field, '')
  for (let value = 0; value < places.length; value++) {
    const text = values.word(value)
    if (!text.startsWith(start)) continue
    const id = text.slice(start.length)
    const row = referred.rowOf.get(became[id] ?? id)
    if (row !== undefined && isSeen(row)) places[value] = placeOfRow[row]!
  }
  return places
}
