/** Distinct words, each with a number and a count of its uses. A word goes with its last use. */
import { grown } from './list-pool.ts'

export class Lexicon {
  readonly #numbers = new Map<string, number>()
  readonly #words: string[] = []
  readonly #free: number[] = []
  #uses = new Int32Array(256)
  #letters = new Int32Array(256)
  #otherPairs = new Int32Array(256)
  #heads = new Int32Array(256)
  /** Where among those of its signs each stands. */
  #places = new Int32Array(256)
  readonly #bySigns: Record<Signs, Numbers> = {
    letters: new Numbers(),
    digits: new Numbers(),
    mixed: new Numbers(),
  }
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
    const word = this.#words[number]!
    this.#numbers.delete(word)
    const place = this.#places[number]!
    this.#places[this.#bySigns[signsOf(word)].remove(place)] = place
    this.#words[number] = ''
    this.#letters[number] = 0
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
      this.#otherPairs = grown(this.#otherPairs, size)
      this.#lengths = grown(this.#lengths, size)
      this.#heads = grown(this.#heads, size)
      this.#places = grown(this.#places, size)
    }
    this.#words[number] = word
    this.#numbers.set(word, number)
    this.#letters[number] = letterMask(word)
    this.#otherPairs[number] = pairMask(word, OTHER_HASH)
    this.#lengths[number] = Math.min(word.length, 255)
    this.#heads[number] = head(word)
    this.#places[number] = this.#bySigns[signsOf(word)].add(number, pairMask(word, FIRST_HASH))
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
    for (const { numbers, pairs: ofWords, count } of this.#thoseThatMayHold(text))
      for (let i = 0; i < count; i++) {
        // Hardly any word comes past this line, which reads memory in its order.
        if ((ofWords[i]! & pairs) !== pairs) continue
        const number = numbers[i]!
        if (
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
    // One letter stands in the upper half alone; the lower half then says nothing.
    const mask = text.length === 1 ? 0xffff << 16 : -1
    const wanted = head(text) & mask
    for (const { numbers, count } of this.#thoseThatMayHold(text.slice(0, 2)))
      for (let i = 0; i < count; i++)
        if ((this.#heads[numbers[i]!]! & mask) === wanted) found.push(numbers[i]!)
    return found
  }

  /**
   * Numbers of words of letters alone that may be one edit from `text`: an edit changes at most two letters of the set, and
   * one of the length.
   */
  maybeOneEditFrom(text: string): number[] {
    const letters = letterMask(text)
    const found: number[] = []
    const { numbers, count } = this.#bySigns.letters
    for (let i = 0; i < count; i++) {
      const number = numbers[i]!
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
    const { numbers, count } = this.#bySigns.letters
    for (let i = 0; i < count; i++) {
      const number = numbers[i]!
      if (this.#heads[number]! >>> 16 !== first) continue
      let rest = this.#letters[number]! ^ letters
      for (let j = 0; j < edits * 2; j++) rest &= rest - 1
      if (rest === 0 && Math.abs(this.#lengths[number]! - text.length) <= edits) found.push(number)
    }
    return found
  }

  /** Half of all words are phone numbers and a third e-mail addresses: what can hold none of `text` is not looked at. */
  #thoseThatMayHold(text: string): Numbers[] {
    const { letters, digits, mixed } = this.#bySigns
    return { letters: [letters, mixed], digits: [digits, mixed], mixed: [mixed] }[signsOf(text)]
  }
}

/** Nothing but letters, nothing but digits, or anything else: an e-mail address, a legal form. */
type Signs = 'letters' | 'digits' | 'mixed'

export function signsOf(word: string): Signs {
  if (/^\p{L}+$/u.test(word)) return 'letters'
  return /^\d+$/.test(word) ? 'digits' : 'mixed'
}

/** Numbers of words in no order, each in one place, with the first mask of its pairs beside it. */
class Numbers {
  numbers = new Int32Array(256)
  pairs = new Int32Array(256)
  count = 0

  /** Gives its place. */
  add(number: number, pairs: number): number {
    if (this.count === this.numbers.length) {
      this.numbers = grown(this.numbers, this.count * 2)
      this.pairs = grown(this.pairs, this.count * 2)
    }
    this.numbers[this.count] = number
    this.pairs[this.count] = pairs
    return this.count++
  }

  /** Gives the number that stands in this place now. */
  remove(place: number): number {
    const last = --this.count
    this.numbers[place] = this.numbers[last]!
    this.pairs[place] = this.pairs[last]!
    return this.numbers[place]!
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
