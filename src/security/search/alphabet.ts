/**
 * The order of rows by sort key. Each row gets a number between those of its neighbours, so that
 * comparing two rows never reads their names; when no number fits between, all are numbered anew.
 */
import { grown } from './list-pool.ts'

// One record is put into its place at once; more wait and are sorted together.
const WAITING_MAX = 64

export class Alphabet {
  readonly #keys: string[] = []
  #places = new Float64Array(256)
  #order: Int32Array<ArrayBuffer> = new Int32Array(0)
  #count = 0
  #waiting: number[] = []

  /** Numbers to compare rows by; valid until the next `add` or `remove`. */
  places(): Float64Array {
    this.#settle()
    return this.#places
  }

  key(row: number): string {
    return this.#keys[row] ?? ''
  }

  add(row: number, key: string): void {
    this.#keys[row] = key
    if (row >= this.#places.length)
      this.#places = grown(this.#places, Math.max(row + 1, this.#places.length * 2))
    this.#waiting.push(row)
  }

  remove(row: number): void {
    this.#settle()
    const at = this.#lowerBound(this.#keys[row]!)
    this.#order.copyWithin(at, at + 1, this.#count)
    this.#count--
    this.#keys[row] = ''
  }

  /** The place just before the first row whose key is not below `key`, and whether that row has it. */
  bound(key: string): { before: number; isThere: boolean } {
    this.#settle()
    const at = this.#lowerBound(key)
    if (at === this.#count) return { before: Number.POSITIVE_INFINITY, isThere: false }
    const row = this.#order[at]!
    return { before: this.#places[row]!, isThere: this.#keys[row] === key }
  }

  /** Rows in order behind `after`, which need not be there, until `take` says it has enough. */
  walk(after: string | undefined, isBackward: boolean, take: (row: number) => boolean): void {
    this.#settle()
    let at = isBackward ? this.#count - 1 : 0
    if (after !== undefined) {
      const found = this.#lowerBound(after)
      const isThere = found < this.#count && this.#keys[this.#order[found]!] === after
      at = isBackward ? found - 1 : isThere ? found + 1 : found
    }
    if (isBackward) while (at >= 0 && take(this.#order[at]!)) at--
    else while (at < this.#count && take(this.#order[at]!)) at++
  }

  #lowerBound(key: string): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#keys[this.#order[middle]!]! < key) low = middle + 1
      else high = middle
    }
    return low
  }

  #settle(): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    const needed = this.#count + waiting.length
    if (needed > this.#order.length) this.#order = grown(this.#order, Math.ceil(needed * 1.1))
    if (waiting.length <= WAITING_MAX) for (const row of waiting) this.#insert(row)
    else this.#merge(waiting)
  }

  #insert(row: number): void {
    const at = this.#lowerBound(this.#keys[row]!)
    this.#order.copyWithin(at + 1, at, this.#count)
    this.#order[at] = row
    this.#count++
    const below = at === 0 ? 0 : this.#places[this.#order[at - 1]!]!
    const above = at === this.#count - 1 ? below + 2 : this.#places[this.#order[at + 1]!]!
    const place = (below + above) / 2
    if (place > below && place < above) this.#places[row] = place
    else this.#number()
  }

  #merge(waiting: number[]): void {
    waiting.sort((a, b) => (this.#keys[a]! < this.#keys[b]! ? -1 : 1))
    let old = this.#count - 1
    let fresh = waiting.length - 1
    let to = this.#count + waiting.length - 1
    while (fresh >= 0) {
      const isOldLater = old >= 0 && this.#keys[this.#order[old]!]! > this.#keys[waiting[fresh]!]!
      this.#order[to--] = isOldLater ? this.#order[old--]! : waiting[fresh--]!
    }
    this.#count += waiting.length
    this.#number()
  }

  #number(): void {
    for (let at = 0; at < this.#count; at++) this.#places[this.#order[at]!] = at + 1
  }
}
