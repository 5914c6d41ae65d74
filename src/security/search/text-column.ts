/**
 * One text field of all rows, as bytes: a filter looks through it without making a string a row. Each value stands
 * folded between two marks, so that "is", "starts with" and "contains" are one search with more or fewer marks.
 */
import { grown } from './list-pool.ts'
import { fold } from './words.ts'

const MARK = '\u0001'
// Behind it the values as they were typed, where folding changed them: groups show those.
const TYPED = '\u0002'
const TYPED_BYTE = 2
const VALUE_MAX = 300

export type TextTest = 'equals' | 'contains' | 'starts'

export class TextColumn {
  #bytes = new Uint8Array(4096)
  #used = 0
  #waste = 0
  #offsets = new Int32Array(256)
  #lengths = new Int32Array(256)

  set(row: number, values: readonly string[]): void {
    this.#reach(row)
    const there = values.map(clean).filter((value) => value !== '')
    const offset = this.#offsets[row]!
    const old = this.#lengths[row]!
    this.#bytes.fill(0, offset, offset + old)
    if (there.length === 0) {
      this.#waste += old
      this.#lengths[row] = 0
      return
    }
    const folded = there.map(fold)
    const isAsTyped = folded.every((value, at) => value === there[at])
    const text = `${MARK}${folded.join(MARK)}${MARK}${isAsTyped ? '' : `${TYPED}${there.join(MARK)}`}`
    const bytes = Buffer.from(text, 'utf8')
    if (bytes.length > old) {
      this.#waste += old
      if (this.#used + bytes.length > this.#bytes.length) this.#makeRoom(row, bytes.length)
      this.#offsets[row] = this.#used
      this.#used += bytes.length
    } else this.#waste += old - bytes.length
    this.#bytes.set(bytes, this.#offsets[row]!)
    this.#lengths[row] = bytes.length
  }

  isThere(row: number): boolean {
    return row < this.#lengths.length && this.#lengths[row]! > 0
  }

  /** True for rows of which one value answers one of `texts`. */
  test(test: TextTest, texts: readonly string[]): (row: number) => boolean {
    const needles = texts
      .map((text) => fold(clean(text)))
      .filter((text) => text !== '')
      .map((text) => {
        if (test === 'equals') return Buffer.from(`${MARK}${text}${MARK}`)
        return Buffer.from(test === 'starts' ? `${MARK}${text}` : text)
      })
    return (row) => {
      if (!this.isThere(row)) return false
      const from = this.#offsets[row]!
      const end = from + this.#lengths[row]!
      for (const needle of needles) if (holds(this.#bytes, from, end, needle)) return true
      return false
    }
  }

  /** The values of a row as they were typed. */
  values(row: number): string[] {
    if (!this.isThere(row)) return []
    const from = this.#offsets[row]!
    const text = Buffer.from(
      this.#bytes.buffer,
      this.#bytes.byteOffset + from,
      this.#lengths[row]!,
    ).toString('utf8')
    const [folded, typed] = text.split(TYPED)
    return typed === undefined ? folded!.slice(1, -1).split(MARK) : typed.split(MARK)
  }

  #reach(row: number): void {
    if (row < this.#offsets.length) return
    const size = Math.max(row + 1, this.#offsets.length * 2)
    this.#offsets = grown(this.#offsets, size)
    this.#lengths = grown(this.#lengths, size)
  }

  /** More space, without what was left behind where that is much. `row` gets a new place and is not taken along. */
  #makeRoom(row: number, needed: number): void {
    this.#lengths[row] = 0
    const live = this.#used - this.#waste
    const fresh = new Uint8Array(Math.ceil((live + needed) * 1.3) + 4096)
    let used = 0
    for (let one = 0; one < this.#lengths.length; one++) {
      const length = this.#lengths[one]!
      if (length === 0) continue
      const from = this.#offsets[one]!
      fresh.set(this.#bytes.subarray(from, from + length), used)
      this.#offsets[one] = used
      used += length
    }
    this.#bytes.fill(0)
    this.#bytes = fresh
    this.#used = used
    this.#waste = 0
  }
}

function clean(value: string): string {
  return value.replaceAll(MARK, ' ').replaceAll(TYPED, ' ').trim().slice(0, VALUE_MAX)
}

/** Looks only in front of the values as typed. */
function holds(bytes: Uint8Array, from: number, end: number, needle: Uint8Array): boolean {
  const first = needle[0]!
  const length = needle.length
  for (let at = from; at < end; at++) {
    const byte = bytes[at]!
    if (byte === TYPED_BYTE) return false
    if (byte !== first || at + length > end) continue
    let same = 1
    while (same < length && bytes[at + same] === needle[same]) same++
    if (same === length) return true
  }
  return false
}
