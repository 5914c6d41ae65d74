/** Distinct words, each with a number and a count of its uses. A word goes with its last use. */
import { grown } from './list-pool.ts'

export class Lexicon {
  readonly #numbers = new Map<string, number>()
  readonly #words: string[] = []
  readonly #free: number[] = []
  #uses = new Int32Array(256)
  #letters = new Int32Array(256)
  #pairs = new Int32Array(256)
  #otherPairs = new Int32Array(256)
  #heads = new Int32Array(256)
  #lengths = new Uint8Array(256)

  get size(): number {
    return this.#numbers.size
  }

  /** Highest number ever given, plus one; numbers of gone words read as ''. */
  get bound(): number {
    return this.#words.length
  }

  word(number: number): string {
    return this.#words[number] ?? ''
  }

  find(word: string): number | undefined {
    return this.#numbers.get(word)
  }

  use(word: string): number {
    let number = this.#numbers.get(word)
    if (number === undefined) {
      number = this.#free.pop() ?? this.#words.length
      this.#place(number, word)
    }
    this.#uses[number]!++
    return number
  }

  release(number: number): void {
    if (--this.#uses[number]! > 0) return
    this.#numbers.delete(this.#words[number]!)
    this.#words[number] = ''
    this.#letters[number] = 0
    this.#pairs[number] = 0
    this.#otherPairs[number] = 0
    this.#lengths[number] = 0
    this.#heads[number] = 0
    this.#free.push(number)
  }

  #place(number: number, word: string): void {
    if (number >= this.#uses.length) {
      const size = this.#uses.length * 2
      this.#uses = grown(this.#uses, size)
      this.#letters = grown(this.#letters, size)
      this.#pairs = grown(this.#pairs, size)
      this.#otherPairs = grown(this.#otherPairs, size)
      this.#lengths = grown(this.#lengths, size)
      this.#heads = grown(this.#heads, size)
    }
    this.#words[number] = word
    this.#numbers.set(word, number)
    this.#letters[number] = letterMask(word)
    this.#pairs[number] = pairMask(word, FIRST_HASH)
    this.#otherPairs[number] = pairMask(word, OTHER_HASH)
    this.#lengths[number] = Math.min(word.length, 255)
    this.#heads[number] = head(word)
  }

  /**
   * Numbers of words that may hold `text`. Three 32-bit masks a word rule out nearly all others in one pass
   * over typed arrays, where trigram lists would cost twelve bytes a letter and upkeep on every write.
   */
  maybeHolding(text: string): number[] {
    const letters = letterMask(text)
    const pairs = pairMask(text, FIRST_HASH)
    const otherPairs = pairMask(text, OTHER_HASH)
    const found: number[] = []
    const bound = this.#words.length
    for (let number = 0; number < bound; number++) {
      if (
        (this.#pairs[number]! & pairs) === pairs &&
        (this.#otherPairs[number]! & otherPairs) === otherPairs &&
        (this.#letters[number]! & letters) === letters
      )
        found.push(number)
    }
    return found
  }

  /** Numbers of words that begin with the first two letters of `text`. */
  maybeStartingWith(text: string): number[] {
    const found: number[] = []
    const bound = this.#words.length
    // One letter stands in the upper half alone; the lower half then says nothing.
    const mask = text.length === 1 ? 0xffff << 16 : -1
    const wanted = head(text) & mask
    for (let number = 0; number < bound; number++)
      if ((this.#heads[number]! & mask) === wanted) found.push(number)
    return found
  }

  /** Numbers of words that may be one edit from `text`: an edit changes at most two letters of the set, and one of the length. */
  maybeOneEditFrom(text: string): number[] {
    const letters = letterMask(text)
    const found: number[] = []
    const bound = this.#words.length
    for (let number = 0; number < bound; number++) {
      let rest = this.#letters[number]! ^ letters
      rest &= rest - 1
      rest &= rest - 1
      if (rest === 0 && Math.abs(this.#lengths[number]! - text.length) <= 1) found.push(number)
    }
    return found
  }

  /** Likewise for more edits, of words with the same first letter: hardly anybody mistakes that, and it rules out nearly all. */
  maybeNear(text: string, edits: number): number[] {
    const letters = letterMask(text)
    const first = text.charCodeAt(0)
    const found: number[] = []
    const bound = this.#words.length
    for (let number = 0; number < bound; number++) {
      if (this.#heads[number]! >>> 16 !== first) continue
      let rest = this.#letters[number]! ^ letters
      for (let i = 0; i < edits * 2; i++) rest &= rest - 1
      if (rest === 0 && Math.abs(this.#lengths[number]! - text.length) <= edits) found.push(number)
    }
    return found
  }
}

function head(word: string): number {
  return (word.charCodeAt(0) << 16) | (word.length > 1 ? word.charCodeAt(1) : 0)
}

function letterMask(word: string): number {
  let mask = 0
  for (let i = 0; i < word.length; i++) mask |= 1 << (word.charCodeAt(i) & 31)
  return mask
}

// Two ways to put a pair of letters in one of 32 places: what both let through by chance is rare.
const FIRST_HASH = 0x9e3779b1
const OTHER_HASH = 0x85ebca6b

function pairMask(word: string, hash: number): number {
  let mask = 0
  for (let i = 1; i < word.length; i++) {
    const pair = Math.imul(word.charCodeAt(i - 1) * 31 + word.charCodeAt(i), hash)
    mask |= 1 << (pair >>> 27)
  }
  return mask
}
