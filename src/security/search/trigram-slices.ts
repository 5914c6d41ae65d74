/**
 * Which of many words hold these letters in a row. Each of 256 slices has a bit a word, set where the word holds a trigram of that
 * slice; the slices of a text laid on each other leave its words, and hardly another. Lists of words for each trigram would cost
 * four bytes a letter, and a removed word would have to be looked for in each.
 */
import { grown } from './list-pool.ts'

const SLICES = 256
// What four let through by chance is rare, and more are more to read.
const LAID_TOGETHER = 4
const SLICE_BITS = 8
const HASH = 0x9e3779b1

/** A text as part of a word, or as its beginning or end. */
export type Whereabouts = 'anywhere' | 'start' | 'end'

/** The slices of the trigrams of a text; at its start and end these reach over the edge. */
export function slicesOf(text: string, where: Whereabouts | 'whole' = 'anywhere'): number[] {
  const found: number[] = []
  const isFromStart = where === 'start' || where === 'whole'
  const until = where === 'end' || where === 'whole' ? text.length : text.length - 1
  let first = 0
  let second = 0
  for (let at = 0; at <= until; at++) {
    const third = at < text.length ? text.charCodeAt(at) : 0
    if (isFromStart || at >= 2)
      found.push(Math.imul((first * 31 + second) * 31 + third, HASH) >>> (32 - SLICE_BITS))
    first = second
    second = third
  }
  return found
}

export class TrigramSlices {
  /** Slice after slice, each as long as `#blocks`. */
  #bits = new Int32Array(SLICES)
  #blocks = 1
  /** How many words stand in each slice. */
  readonly #held = new Int32Array(SLICES)
  #numbers = new Int32Array(32)
  readonly #free: number[] = []
  #bound = 0

  /** Gives its place. */
  add(number: number, word: string): number {
    const place = this.#free.pop() ?? this.#bound++
    if (place >= this.#numbers.length) this.#grow()
    this.#numbers[place] = number
    const block = place >>> 5
    const bit = 1 << (place & 31)
    for (const slice of slicesOf(word, 'whole')) {
      const cell = slice * this.#blocks + block
      if ((this.#bits[cell]! & bit) !== 0) continue
      this.#bits[cell]! |= bit
      this.#held[slice]!++
    }
    return place
  }

  remove(place: number, word: string): void {
    const block = place >>> 5
    const bit = 1 << (place & 31)
    for (const slice of slicesOf(word, 'whole')) {
      const cell = slice * this.#blocks + block
      if ((this.#bits[cell]! & bit) === 0) continue
      this.#bits[cell]! &= ~bit
      this.#held[slice]!--
    }
    this.#numbers[place] = 0
    this.#free.push(place)
  }

  /** Adds to `found` the numbers of words that stand in all of these slices; there is at least one. */
  collect(slices: readonly number[], found: number[]): void {
    const sparsest = [...new Set(slices)].sort((a, b) => this.#held[a]! - this.#held[b]!)
    const [a, b, c, d] = Array.from(
      { length: LAID_TOGETHER },
      (_, at) => (sparsest[at] ?? sparsest[0]!) * this.#blocks,
    ) as [number, number, number, number]
    const all = this.#bits
    const numbers = this.#numbers
    const blocks = (this.#bound + 31) >>> 5
    for (let block = 0; block < blocks; block++) {
      let bits = all[a + block]! & all[b + block]! & all[c + block]! & all[d + block]!
      while (bits !== 0) {
        const lowest = bits & -bits
        found.push(numbers[(block << 5) + 31 - Math.clz32(lowest)]!)
        bits ^= lowest
      }
    }
  }

  #grow(): void {
    this.#numbers = grown(this.#numbers, this.#numbers.length * 2)
    const blocks = this.#numbers.length >>> 5
    const fresh = new Int32Array(SLICES * blocks)
    for (let slice = 0; slice < SLICES; slice++)
      fresh.set(
        this.#bits.subarray(slice * this.#blocks, (slice + 1) * this.#blocks),
        slice * blocks,
      )
    this.#bits.fill(0)
    this.#bits = fresh
    this.#blocks = blocks
  }
}
