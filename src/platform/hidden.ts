import { inspect } from 'node:util'

/** Logs, errors and JSON show it as "[hidden]". `reveal()` is the only way out: easy to search. */
export class Hidden<T> {
  readonly #value: T
  constructor(value: T) {
    this.#value = value
  }
  reveal(): T {
    return this.#value
  }
  toString(): string {
    return '[hidden]'
  }
  toJSON(): string {
    return '[hidden]'
  }
  [inspect.custom](): string {
    return '[hidden]'
  }
}
