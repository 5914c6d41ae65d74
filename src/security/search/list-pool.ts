/**
 * Many short lists of numbers in one typed array: word → rows, row → words. A list that outgrows its
 * place moves to fresh space; when half of the array is waste, all lists are moved together.
 */
export class ListPool {
  #cells = new Int32Array(1024)
  #used = 0
  #waste = 0
  #offsets = new Int32Array(256)
  #lengths = new Int32Array(256)
  #capacities = new Int32Array(256)

  get sizeBytes(): number {
    return this.#cells.byteLength + this.#offsets.byteLength * 3
  }

  length(list: number): number {
    return list < this.#lengths.length ? this.#lengths[list]! : 0
  }

  at(list: number, index: number): number {
    return this.#cells[this.#offsets[list]! + index]!
  }

  /** For whoever goes through many lists: the values of one stand from `start` on. Valid until the next change. */
  get cells(): Int32Array {
    return this.#cells
  }

  start(list: number): number {
    return list < this.#offsets.length ? this.#offsets[list]! : 0
  }

  append(list: number, value: number): void {
    this.#reach(list)
    const length = this.#lengths[list]!
    if (length === this.#capacities[list]) this.#move(list, Math.max(2, length * 2))
    this.#cells[this.#offsets[list]! + length] = value
    this.#lengths[list] = length + 1
  }

  /** Replaces a list whole, in exactly the space it needs. */
  set(list: number, values: readonly number[]): void {
    this.#reach(list)
    if (values.length > this.#capacities[list]!) this.#move(list, values.length)
    const offset = this.#offsets[list]!
    this.#cells.fill(0, offset, offset + this.#capacities[list]!)
    this.#cells.set(values, offset)
    this.#lengths[list] = values.length
  }

  /** The order of a list is not kept: the last value takes the free place. */
  removeValue(list: number, value: number): void {
    const offset = this.#offsets[list]!
    const end = offset + this.#lengths[list]!
    for (let cell = offset; cell < end; cell++)
      if (this.#cells[cell] === value) {
        this.removeAt(list, cell - offset)
        return
      }
    throw new Error('the index lists disagree: a row is missing from the word it holds')
  }

  /** Gives the value that took the place. */
  removeAt(list: number, index: number): number {
    const offset = this.#offsets[list]!
    const last = offset + --this.#lengths[list]!
    const moved = this.#cells[last]!
    this.#cells[offset + index] = moved
    this.#cells[last] = 0
    return moved
  }

  #reach(list: number): void {
    if (list < this.#offsets.length) return
    const size = Math.max(list + 1, this.#offsets.length * 2)
    this.#offsets = grown(this.#offsets, size)
    this.#lengths = grown(this.#lengths, size)
    this.#capacities = grown(this.#capacities, size)
  }

  #move(list: number, capacity: number): void {
    if (this.#used + capacity > this.#cells.length) this.#makeRoom(capacity)
    const from = this.#offsets[list]!
    const length = this.#lengths[list]!
    this.#cells.copyWithin(this.#used, from, from + length)
    this.#cells.fill(0, from, from + length)
    this.#waste += this.#capacities[list]!
    this.#offsets[list] = this.#used
    this.#capacities[list] = capacity
    this.#used += capacity
  }

  #makeRoom(capacity: number): void {
    const live = this.#used - this.#waste
    const isWasteful = this.#waste > this.#used / 2
    const size = Math.ceil((isWasteful ? live : this.#used) * 1.5) + capacity + 1024
    if (!isWasteful) {
      this.#cells = grown(this.#cells, size)
      return
    }
    const fresh = new Int32Array(size)
    let used = 0
    for (let list = 0; list < this.#offsets.length; list++) {
      const from = this.#offsets[list]!
      fresh.set(this.#cells.subarray(from, from + this.#lengths[list]!), used)
      this.#offsets[list] = used
      used += this.#capacities[list]!
    }
    this.#cells.fill(0)
    this.#cells = fresh
    this.#used = used
    this.#waste = 0
  }
}

export function grown<T extends Int32Array | Float64Array | Uint8Array>(old: T, size: number): T {
  const fresh = new (old.constructor as new (size: number) => T)(size)
  fresh.set(old)
  old.fill(0)
  return fresh
}
