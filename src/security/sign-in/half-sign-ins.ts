import { randomBytes } from 'node:crypto'
import { refuse } from '#platform/problem.ts'
import { tokenHash } from './sessions.ts'

const LASTS_MS = 10 * 60_000
// Whoever holds one knows a password or holds an invitation, so a few each are plenty.
const OF_ONE_PERSON_MAX = 5
// Mistyping six digits is common; guessing a million with this many tries is not possible.
const TRIES_MAX = 5

type Kept<T> = { value: T; ownerId: string; until: number; tries: number }

/**
 * Sign-ins and enrolments that are half done. In this process' memory only: nothing half-done is stored,
 * a restart forgets them, and the token of one opens nothing but its own second step.
 */
export class HalfSignIns<T> {
  readonly #kept = new Map<string, Kept<T>>()

  /** Gives the token for the browser. The oldest of the same person makes place. */
  begin(value: T, ownerId: string, now: Date): string {
    for (const [key, kept] of this.#kept) if (kept.until < now.getTime()) this.#kept.delete(key)
    const own = [...this.#kept].filter(([, kept]) => kept.ownerId === ownerId)
    if (own.length >= OF_ONE_PERSON_MAX) this.#kept.delete(own[0]![0])
    const token = randomBytes(32).toString('base64url')
    this.#kept.set(keyOf(token), { value, ownerId, until: now.getTime() + LASTS_MS, tries: 0 })
    return token
  }

  /** What was begun with this token; each `try` counts, and the fifth is the last. Refuses when it is over. */
  find(token: string | undefined, as: 'try' | 'look', now: Date): T {
    const key = keyOf(token ?? '')
    const kept = this.#kept.get(key)
    if (!kept || kept.until < now.getTime()) refuse('sign-in-expired')
    if (as === 'try' && ++kept.tries > TRIES_MAX) {
      this.#kept.delete(key)
      refuse('sign-in-expired')
    }
    return kept.value
  }

  /** True for the first who ends it: two requests with one token can't both go on. */
  end(token: string | undefined): boolean {
    return this.#kept.delete(keyOf(token ?? ''))
  }

  endAllOf(ownerId: string): void {
    for (const [key, kept] of this.#kept) if (kept.ownerId === ownerId) this.#kept.delete(key)
  }
}

function keyOf(token: string): string {
  return tokenHash(token).toString('hex')
}
