/**
 * The second index: what people wrote, apart from who they are. It can be off: then none of it is held, and a question
 * about it is refused with the reason instead of finding too little.
 *
 * **Trusts** nobody's words: see `long-texts.ts`.
 * **If lost** it is filled again with the index of names, or alone when it is switched on.
 */
import type { ContentState, Relation } from './index-types.ts'
import { LongTexts } from './long-texts.ts'

/** It is off, or not filled yet, so an answer would be wrong. */
export class ContentAway extends Error {
  readonly why: 'content-off' | 'content-loading'
  constructor(why: 'content-off' | 'content-loading') {
    super(why)
    this.why = why
  }
}

export class ContentIndex {
  #state: ContentState
  readonly #texts = new Map<Relation, LongTexts>()

  constructor(state: ContentState = 'on') {
    this.#state = state
  }

  get state(): ContentState {
    return this.#state
  }

  /** Off, everything held is overwritten and let go. */
  switchTo(state: ContentState): void {
    this.#state = state
    if (state !== 'off') return
    for (const texts of this.#texts.values()) texts.wipe()
    this.#texts.clear()
  }

  set(relation: Relation, slot: number, text: string): void {
    if (this.#state === 'off') return
    let texts = this.#texts.get(relation)
    if (!texts) {
      if (text === '') return
      texts = new LongTexts()
      this.#texts.set(relation, texts)
    }
    texts.set(slot, text)
  }

  isThere(relation: Relation): (slot: number) => boolean {
    const texts = this.#held(relation)
    return (slot) => texts?.isThere(slot) === true
  }

  /** Which of them hold one of these. */
  holding(relation: Relation, values: readonly string[]): (slot: number) => boolean {
    const found = this.#held(relation)?.holding(values)
    return (slot) => found?.[slot] === 1
  }

  /** Of what is held, how many texts and how many bytes they are; their lists of words come on top. */
  size(): { texts: number; bytes: number } {
    const sum = { texts: 0, bytes: 0 }
    for (const { size } of this.#texts.values()) {
      sum.texts += size.texts
      sum.bytes += size.bytes
    }
    return sum
  }

  #held(relation: Relation): LongTexts | undefined {
    if (this.#state !== 'on')
      throw new ContentAway(this.#state === 'off' ? 'content-off' : 'content-loading')
    return this.#texts.get(relation)
  }
}
