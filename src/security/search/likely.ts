/**
 * Goes through all rows of one kind for those that may be one customer: similar names at one address, or a name
 * that few share. In slices, so that a question somebody waits for is answered between them.
 */
import { isWithinOne } from './folding.ts'
import type { LikelyPair } from './index-types.ts'
import { HELD_AS, type KindIndex } from './kind-index.ts'
import { isFormWord, isParticle } from './words.ts'

const ROWS_A_SLICE = 2_000
const PAIRS_A_SLICE = 5_000
// More at one address is a block of flats or a data error: there only equal names are compared.
const NEIGHBOURS_MAX = 60
// A name that more people have says nothing.
const NAMESAKES_MAX = 4
const SHARED_MIN = 0.5
const TYPO_LETTERS_MIN = 4

/** Each slice gives the pairs it found; the last one ends the look. */
export function* likelyPairs(index: KindIndex): Generator<LikelyPair[], void> {
  const byAddress = new Map<number, number[]>()
  const byName = new Map<string, number[]>()
  for (let from = 0; from < index.ids.length; from += ROWS_A_SLICE) {
    const until = Math.min(from + ROWS_A_SLICE, index.ids.length)
    for (let row = from; row < until; row++) gather(index, row, byAddress, byName)
    yield []
  }
  let found: LikelyPair[] = []
  let looked = 0
  for (const rows of byAddress.values()) {
    if (rows.length < 2 || rows.length > NEIGHBOURS_MAX) continue
    for (const [at, a] of rows.entries())
      for (const b of rows.slice(at + 1)) {
        looked++
        if (sharedWords(index, a, b) >= SHARED_MIN) add(index, found, a, b)
      }
    if (looked < PAIRS_A_SLICE) continue
    yield found
    found = []
    looked = 0
  }
  for (const rows of byName.values()) {
    if (rows.length < 2 || rows.length > NAMESAKES_MAX) continue
    for (const [at, a] of rows.entries())
      for (const b of rows.slice(at + 1)) add(index, found, a, b)
    if (found.length < PAIRS_A_SLICE) continue
    yield found
    found = []
  }
  yield found
}

/** Rows may be used anew between two slices: what a row is now decides. */
function add(index: KindIndex, found: LikelyPair[], a: number, b: number): void {
  if (index.status[a] !== 1 || index.status[b] !== 1) return
  found.push({ a: index.ids[a]!, b: index.ids[b]! })
}

function gather(
  index: KindIndex,
  row: number,
  byAddress: Map<number, number[]>,
  byName: Map<string, number[]>,
): void {
  if (index.status[row] !== 1) return
  for (let i = 0; i < index.rowValues.length(row); i++) {
    const value = index.rowValues.at(row, i)
    if (index.values.word(value).startsWith('\u0001')) push(byAddress, value, row)
  }
  const words = nameWords(index, row)
  // One word alone is a family name, and too many share it.
  if (words.length >= 2) push(byName, words.sort((a, b) => a - b).join(' '), row)
}

function push<K>(map: Map<K, number[]>, key: K, row: number): void {
  const rows = map.get(key)
  if (rows) rows.push(row)
  else map.set(key, [row])
}

function nameWords(index: KindIndex, row: number): number[] {
  const words: number[] = []
  for (let i = 0; i < index.rowWords.length(row); i++) {
    const held = index.rowWords.at(row, i)
    if ((held & 3) === HELD_AS.name && !isParticle(index.words.word(held >> 2)))
      words.push(held >> 2)
  }
  return words
}

/** 1: every word of the longer name stands in the other, a letter apart at most. */
function sharedWords(index: KindIndex, a: number, b: number): number {
  const text = (word: number) => index.words.word(word)
  const withoutForm = (row: number) =>
    nameWords(index, row).filter((word) => !isFormWord(text(word)))
  const [left, right] = [withoutForm(a), withoutForm(b)]
  const shared = left.filter((one) =>
    right.some(
      (other) =>
        one === other ||
        (text(one).length >= TYPO_LETTERS_MIN && isWithinOne(text(one), text(other))),
    ),
  )
  return shared.length / Math.max(left.length, right.length, 1)
}
