/** Words of which one asks what may hold, begin with or nearly be a text. Whoever asks reads the words that are given. */
import { Lexicon } from './lexicon.ts'
import { grown } from './list-pool.ts'
import { slicesOf, TrigramSlices } from './trigram-slices.ts'

const TRIGRAM = 3

export class SearchedLexicon extends Lexicon {
  #letters = new Int32Array(256)
  #heads = new Int32Array(256)
  #lengths = new Uint8Array(256)
  /** Where among those of its signs each stands. */
  #places = new Int32Array(256)
  readonly #bySigns: Record<Signs, TrigramSlices> = {
    letters: new TrigramSlices(),
    digits: new TrigramSlices(),
    mixed: new TrigramSlices(),
  }

  protected override comes(number: number, word: string): void {
    if (number >= this.#letters.length) {
      const size = this.#letters.length * 2
      this.#letters = grown(this.#letters, size)
      this.#heads = grown(this.#heads, size)
      this.#lengths = grown(this.#lengths, size)
      this.#places = grown(this.#places, size)
    }
    this.#letters[number] = letterMask(word)
    this.#heads[number] = head(word)
    this.#lengths[number] = Math.min(word.length, 255)
    this.#places[number] = this.#bySigns[signsOf(word)].add(number, word)
  }

  protected override goes(number: number, word: string): void {
    this.#bySigns[signsOf(word)].remove(this.#places[number]!, word)
    this.#letters[number] = 0
    this.#heads[number] = 0
    this.#lengths[number] = 0
  }

  /** Numbers of words that may hold `text`. */
  maybeHolding(text: string): number[] {
    if (text.length < TRIGRAM) return this.#withLettersOf(text)
    const found: number[] = []
    for (const words of this.#thoseThatMayHold(text)) words.collect(slicesOf(text), found)
    return found
  }

  /** Numbers of words that begin with the first two letters of `text`, and may begin with all of it. */
  maybeStartingWith(text: string): number[] {
    const found: number[] = []
    for (const words of this.#thoseThatMayHold(text)) words.collect(slicesOf(text, 'start'), found)
    // One letter stands in the upper half alone; the lower half then says nothing.
    const mask = text.length === 1 ? 0xffff << 16 : -1
    const wanted = head(text) & mask
    return found.filter((number) => (this.#heads[number]! & mask) === wanted)
  }

  /**
   * Numbers of words of letters alone that may be one edit from `text`, some twice. An edit leaves what stands before the middle or
   * what stands behind it as it was, even when it swaps two letters; it changes at most two letters of the set, and one of the length.
   */
  maybeOneEditFrom(text: string): number[] {
    const middle = (text.length - 1) >> 1
    const found: number[] = []
    const { letters } = this.#bySigns
    letters.collect(slicesOf(text.slice(0, middle), 'start'), found)
    letters.collect(slicesOf(text.slice(middle + 1), 'end'), found)
    return this.#within(text, 1, found)
  }

  /** Likewise for more edits, of words with the same first letter: hardly anybody mistakes that, and it rules out nearly all. */
  maybeNear(text: string, edits: number): number[] {
    const found: number[] = []
    this.#bySigns.letters.collect(slicesOf(text.slice(0, 1), 'start'), found)
    const first = text.charCodeAt(0)
    return this.#within(text, edits, found).filter(
      (number) => this.#heads[number]! >>> 16 === first,
    )
  }

  #within(text: string, edits: number, numbers: number[]): number[] {
    const letters = letterMask(text)
    return numbers.filter((number) => {
      if (Math.abs(this.#lengths[number]! - text.length) > edits) return false
      let rest = this.#letters[number]! ^ letters
      for (let j = 0; j < edits * 2; j++) rest &= rest - 1
      return rest === 0
    })
  }

  /** One or two letters have no trigram. */
  #withLettersOf(text: string): number[] {
    const letters = letterMask(text)
    const found: number[] = []
    for (let number = 0; number < this.bound; number++)
      if ((this.#letters[number]! & letters) === letters) found.push(number)
    return found
  }

  /** Half of all words are phone numbers and a third e-mail addresses: what can hold none of `text` is not looked at. */
  #thoseThatMayHold(text: string): TrigramSlices[] {
    const { letters, digits, mixed } = this.#bySigns
    return { letters: [letters, mixed], digits: [digits, mixed], mixed: [mixed] }[signsOf(text)]
  }
}

/** Nothing but letters, nothing but digits, or anything else: an e-mail address, a legal form. */
export type Signs = 'letters' | 'digits' | 'mixed'

export function signsOf(word: string): Signs {
  if (/^\p{L}+$/u.test(word)) return 'letters'
  return /^\d+$/.test(word) ? 'digits' : 'mixed'
}

function head(word: string): number {
  return (word.charCodeAt(0) << 16) | (word.length > 1 ? word.charCodeAt(1) : 0)
}

function letterMask(word: string): number {
  let mask = 0
  for (let i = 0; i < word.length; i++) mask |= 1 << (word.charCodeAt(i) & 31)
  return mask
}
