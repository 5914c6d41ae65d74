/**
 * All rows of one kind in the order of a field, kept up to date: after a change only the rows that changed find their
 * place anew. A list sorted by it is a walk, not a sort.
 */
import type { KindIndex } from './kind-index.ts'
import { fold } from './words.ts'

// Each holds a number a row, and a word a row where it goes by words.
const KEPT_MAX = 6

type Key = string | number
type Order = { rows: Int32Array; keys: Key[]; dirty: Set<number>; keyOf: (row: number) => Key }

export class Orders {
  readonly #index: KindIndex
  readonly #kept = new Map<string, Order>()

  constructor(index: KindIndex) {
    this.#index = index
  }

  touch(row: number): void {
    for (const order of this.#kept.values()) order.dirty.add(row)
  }

  /** Calls `take` with every row in use, in order. Rows without a value come last, whichever way round. */
  walk(field: string, isDescending: boolean, take: (row: number) => void): void {
    const { rows, keys } = this.#settled(field)
    let end = rows.length
    while (end > 0 && isNone(keys[rows[end - 1]!]!)) end--
    if (isDescending) {
      // Equal ones stay in the order of the alphabet.
      for (let high = end; high > 0; ) {
        let low = high - 1
        const key = keys[rows[low]!]
        while (low > 0 && keys[rows[low - 1]!] === key) low--
        for (let at = low; at < high; at++) take(rows[at]!)
        high = low
      }
    } else for (let at = 0; at < end; at++) take(rows[at]!)
    for (let at = end; at < rows.length; at++) take(rows[at]!)
  }

  #settled(field: string): Order {
    let order = this.#kept.get(field)
    if (!order) {
      order = { rows: new Int32Array(0), keys: [], dirty: new Set(), keyOf: this.#keyOf(field) }
      for (let row = 0; row < this.#index.ids.length; row++) order.dirty.add(row)
      if (this.#kept.size >= KEPT_MAX) this.#kept.delete(this.#kept.keys().next().value!)
    } else this.#kept.delete(field)
    this.#kept.set(field, order)
    if (order.dirty.size > 0) this.#settle(order)
    return order
  }

  #settle(order: Order): void {
    const { dirty, keys, keyOf } = order
    const places = this.#index.alphabet.places()
    const compare = (a: number, b: number) => {
      const [keyA, keyB] = [keys[a]!, keys[b]!]
      if (keyA === keyB) return places[a]! - places[b]!
      const [noneA, noneB] = [isNone(keyA), isNone(keyB)]
      if (noneA || noneB) return Number(noneA) - Number(noneB) || places[a]! - places[b]!
      return keyA < keyB ? -1 : 1
    }
    const fresh: number[] = []
    for (const row of dirty) {
      keys[row] = this.#index.status[row] === 0 ? '' : keyOf(row)
      if (this.#index.status[row] !== 0) fresh.push(row)
    }
    fresh.sort(compare)
    const merged = new Int32Array(order.rows.length + fresh.length)
    let to = 0
    let next = 0
    for (const row of order.rows) {
      if (dirty.has(row)) continue
      while (next < fresh.length && compare(fresh[next]!, row) < 0) merged[to++] = fresh[next++]!
      merged[to++] = row
    }
    while (next < fresh.length) merged[to++] = fresh[next++]!
    order.rows = merged.subarray(0, to)
    dirty.clear()
  }

  #keyOf(field: string): (row: number) => Key {
    const index = this.#index
    if (field === 'createdAt' || field === 'updatedAt') return (row) => index[field][row]!
    return (row) => {
      const number = index.numbers.get(field)?.at(row)
      if (number !== undefined && !Number.isNaN(number)) return number
      const text = index.texts.get(field)?.values(row)[0] ?? index.valuesOf(row, field)[0]
      return text === undefined ? '' : fold(text)
    }
  }
}

function isNone(key: Key): boolean {
  return key === '' || Number.isNaN(key)
}
