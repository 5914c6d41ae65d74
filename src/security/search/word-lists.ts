/**
 * Which texts hold which words. A text that goes takes its words along at once; its number stays behind in the lists of
 * words that others hold too, says nothing there, and is swept out with many.
 */
import { grown, ListPool } from './list-pool.ts'
import { SearchedLexicon } from './searched-lexicon.ts'

const SWEPT_FROM = 1024

export class WordLists {
  readonly #words = new SearchedLexicon()
  readonly #holders = new ListPool()
  /** Of each number that was given, the text's place; -1 once it is gone. */
  #slotOf = new Int32Array(256)
  #numberOf = new Int32Array(256).fill(-1)
  #given = 0
  #gone = 0

  add(slot: number, words: Iterable<string>): void {
    const number = this.#given++
    if (number >= this.#slotOf.length) this.#slotOf = grown(this.#slotOf, number * 2)
    if (slot >= this.#numberOf.length) {
      const old = this.#numberOf.length
      this.#numberOf = grown(this.#numberOf, Math.max(slot + 1, old * 2))
      this.#numberOf.fill(-1, old)
    }
    this.#slotOf[number] = slot
    this.#numberOf[slot] = number
    for (const word of words) this.#holders.append(this.#words.use(word), number)
  }

  /** With the words it was added with. */
  remove(slot: number, words: Iterable<string>): void {
    this.#slotOf[this.#numberOf[slot]!] = -1
    this.#numberOf[slot] = -1
    this.#gone++
    for (const word of words) {
      const found = this.#words.find(word)!
      this.#words.release(found)
      if (this.#words.find(word) === undefined) this.#holders.set(found, [])
    }
    if (this.#gone > SWEPT_FROM && this.#gone > this.#given / 2) this.#sweep()
  }

  /** Every text with a word that has this part; one may come more than once. */
  holding(part: string, take: (slot: number) => void): void {
    for (const word of this.#words.maybeHolding(part)) {
      if (!this.#words.word(word).includes(part)) continue
      const length = this.#holders.length(word)
      for (let i = 0; i < length; i++) {
        const slot = this.#slotOf[this.#holders.at(word, i)]!
        if (slot >= 0) take(slot)
      }
    }
  }

  #sweep(): void {
    const renumbered = new Int32Array(this.#given).fill(-1)
    let count = 0
    for (let number = 0; number < this.#given; number++) {
      const slot = this.#slotOf[number]!
      if (slot < 0) continue
      renumbered[number] = count
      this.#slotOf[count] = slot
      this.#numberOf[slot] = count++
    }
    for (let word = 0; word < this.#words.bound; word++) {
      const kept: number[] = []
      const length = this.#holders.length(word)
      for (let i = 0; i < length; i++) {
        const number = renumbered[this.#holders.at(word, i)]!
        if (number >= 0) kept.push(number)
      }
      this.#holders.set(word, kept)
    }
    this.#given = count
    this.#gone = 0
  }
}
