import { refuse } from '#platform/problem.ts'

const KEYS_MAX = 10_000

/**
 * So many at once, and so many a second after that, by whoever asks. In memory: it spares this process work, and guards
 * nothing that could be guessed.
 */
export class Pace {
  readonly #left = new Map<string, { tokens: number; at: number }>()
  readonly #burst: number
  readonly #perSecond: number
  constructor(burst: number, perSecond: number) {
    this.#burst = burst
    this.#perSecond = perSecond
  }

  take(key: string, now: Date): void {
    const at = now.getTime()
    const kept = this.#left.get(key) ?? { tokens: this.#burst, at }
    const tokens = Math.min(
      this.#burst,
      kept.tokens + (Math.max(0, at - kept.at) / 1000) * this.#perSecond,
    )
    if (tokens < 1)
      refuse('too-many-attempts', {
        retryAfterSeconds: Math.max(1, Math.ceil((1 - tokens) / this.#perSecond)),
      })
    if (this.#left.size >= KEYS_MAX) this.#left.clear()
    this.#left.set(key, { tokens: tokens - 1, at })
  }
}
