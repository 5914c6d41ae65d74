/**
 * What people wrote: its words in lists, and the texts themselves folded on pages of bytes. A part of a word is looked up;
 * several words in a row are looked for in the few texts that hold the longest of them.
 *
 * **Trusts** nobody's words: a text is cut at its longest, and what is too much in all is refused when it is asked for.
 */
import { grown } from './list-pool.ts'
import { WordLists } from './word-lists.ts'
import { fold } from './words.ts'

const PAGE_BYTES = 1 << 20
// Ten million notes of a hundred letters; more would take a machine's memory unnoticed.
const BYTES_MAX = 1 << 30
// As long as a note may be.
const TEXT_MAX = 20_000

/** Not everything that was written is held, so an answer would be wrong. */
export class TooMuchText extends Error {}

type Page = { bytes: Buffer; used: number; live: number; starts: number[]; slots: number[] }

export class LongTexts {
  readonly #lists = new WordLists()
  readonly #pages: Page[] = []
  readonly #freePages: number[] = []
  readonly #leftOut = new Set<number>()
  readonly #bytesMax: number
  readonly #pageBytes: number
  #current = -1
  #held = 0
  #count = 0
  #pageOf = new Int32Array(256).fill(-1)
  #placeOf = new Int32Array(256)
  #lengths = new Int32Array(256)

  constructor({ bytesMax = BYTES_MAX, pageBytes = PAGE_BYTES } = {}) {
    this.#bytesMax = bytesMax
    this.#pageBytes = pageBytes
  }

  set(slot: number, text: string): void {
    this.#reach(slot)
    this.#clear(slot)
    const folded = plain(text.slice(0, TEXT_MAX))
    const bytes = Buffer.from(folded)
    if (bytes.length === 0) return
    if (this.#held + bytes.length > this.#bytesMax) {
      this.#leftOut.add(slot)
      return
    }
    this.#write(slot, bytes)
    this.#count++
    this.#lists.add(slot, wordsOf(folded))
  }

  get size(): { texts: number; bytes: number } {
    return { texts: this.#count, bytes: this.#held }
  }

  /** Overwrites every text; nothing is to be asked of it afterwards. */
  wipe(): void {
    for (const { bytes } of this.#pages) bytes.fill(0)
  }

  isThere(slot: number): boolean {
    return (slot < this.#pageOf.length && this.#pageOf[slot]! >= 0) || this.#leftOut.has(slot)
  }

  /** Which texts hold one of these, a byte a slot. */
  holding(texts: readonly string[]): Uint8Array {
    if (this.#leftOut.size > 0) throw new TooMuchText()
    const found = new Uint8Array(this.#pageOf.length)
    for (const text of texts.map(plain)) {
      const needle = Buffer.from(text)
      const [longest] = [...wordsOf(text)].sort((a, b) => b.length - a.length)
      if (longest === undefined)
        for (const page of text === '' ? [] : this.#pages) search(page, needle, found)
      else if (longest === text)
        this.#lists.holding(text, (slot) => {
          found[slot] = 1
        })
      else
        this.#lists.holding(longest, (slot) => {
          if (found[slot] === 0 && this.#bytesOf(slot).includes(needle)) found[slot] = 1
        })
    }
    return found
  }

  #bytesOf(slot: number): Buffer {
    const page = this.#pages[this.#pageOf[slot]!]!
    const start = page.starts[this.#placeOf[slot]!]!
    return page.bytes.subarray(start, start + this.#lengths[slot]!)
  }

  #clear(slot: number): void {
    this.#leftOut.delete(slot)
    const number = this.#pageOf[slot]!
    if (number < 0) return
    const page = this.#pages[number]!
    const place = this.#placeOf[slot]!
    const length = this.#lengths[slot]!
    const bytes = this.#bytesOf(slot)
    this.#lists.remove(slot, wordsOf(bytes.toString()))
    bytes.fill(0)
    page.slots[place] = -1
    page.live -= length
    this.#held -= length
    this.#count--
    this.#pageOf[slot] = -1
    if (number !== this.#current && page.live < this.#pageBytes / 3) this.#empty(number)
  }

  #write(slot: number, bytes: Buffer): void {
    const page = this.#room(bytes.length)
    this.#pageOf[slot] = this.#current
    this.#placeOf[slot] = page.starts.length
    this.#lengths[slot] = bytes.length
    page.starts.push(page.used)
    page.slots.push(slot)
    bytes.copy(page.bytes, page.used)
    page.used += bytes.length
    page.live += bytes.length
    this.#held += bytes.length
  }

  #room(length: number): Page {
    const page = this.#pages[this.#current]
    if (page && page.used + length <= this.#pageBytes) return page
    this.#current = this.#freePages.pop() ?? this.#pages.length
    const fresh = { bytes: Buffer.alloc(this.#pageBytes), used: 0, live: 0, starts: [], slots: [] }
    this.#pages[this.#current] = fresh
    return fresh
  }

  /** What is left of a page that is mostly waste moves on, and the page goes. */
  #empty(number: number): void {
    const page = this.#pages[number]!
    const left = page.slots.filter((slot) => slot >= 0)
    const texts = left.map((slot) => ({ slot, bytes: Buffer.from(this.#bytesOf(slot)) }))
    page.bytes.fill(0)
    this.#pages[number] = { bytes: Buffer.alloc(0), used: 0, live: 0, starts: [], slots: [] }
    this.#freePages.push(number)
    this.#held -= page.live
    for (const { slot, bytes } of texts) this.#write(slot, bytes)
  }

  #reach(slot: number): void {
    const old = this.#pageOf.length
    if (slot < old) return
    const size = Math.max(slot + 1, old * 2)
    this.#pageOf = grown(this.#pageOf, size)
    this.#pageOf.fill(-1, old)
    this.#placeOf = grown(this.#placeOf, size)
    this.#lengths = grown(this.#lengths, size)
  }
}

/** A found text is done with: the search goes on behind it. */
function search({ bytes, used, starts, slots }: Page, needle: Buffer, found: Uint8Array): void {
  const within = bytes.subarray(0, used)
  let place = 0
  for (let at = within.indexOf(needle); at >= 0; ) {
    while (place + 1 < starts.length && starts[place + 1]! <= at) place++
    const end = starts[place + 1] ?? used
    // Over the end of one into the next is nobody's words.
    const isWhole = at + needle.length <= end
    if (isWhole && slots[place]! >= 0) found[slots[place]!] = 1
    at = within.indexOf(needle, isWhole ? end : at + 1)
  }
}

/** As it is read: without the marks of how it looks, and lines as one. */
function plain(text: string): string {
  return fold(text)
    .replace(/[*_`#>~[\]]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function wordsOf(folded: string): Set<string> {
  return new Set(folded.match(/[\p{L}\p{N}]+/gu))
}
