/** One number a row: a day counted from 1970, an amount. */
import { grown } from './list-pool.ts'

export class NumberColumn {
  #values = new Float64Array(256).fill(Number.NaN)

  set(row: number, value: number | undefined): void {
    if (row >= this.#values.length) {
      const old = this.#values.length
      this.#values = grown(this.#values, Math.max(row + 1, old * 2))
      this.#values.fill(Number.NaN, old)
    }
    this.#values[row] = value ?? Number.NaN
  }

  /** NaN where the row has none. */
  at(row: number): number {
    return row < this.#values.length ? this.#values[row]! : Number.NaN
  }
}
