/** Distinct words, each with a number and a count of its uses. A word goes with its last use. */
import { grown } from './list-pool.ts'

export class Lexicon {
  readonly #numbers = new Map<string, number>()
  readonly #words: string[] = []
  readonly #free: number[] = []
  #uses = new Int32Array(256)

  get size(): number {
    return this.#numbers.size
  }

  /** Highest number ever given, plus one; numbers of gone words read as ''. */
  get bound(): number {
    return this.#words.length
  }

  word(number: number): string {
    return this.#words[number] ?? ''
  }

  find(word: string): number | undefined {
    return this.#numbers.get(word)
  }

  use(word: string): number {
    let number = this.#numbers.get(word)
    if (number === undefined) {
      number = this.#free.pop() ?? this.#words.length
      if (number >= this.#uses.length) this.#uses = grown(this.#uses, this.#uses.length * 2)
      this.#words[number] = word
      this.#numbers.set(word, number)
      this.comes(number, word)
    }
    this.#uses[number]!++
    return number
  }

  release(number: number): void {
    if (--this.#uses[number]! > 0) return
    const word = this.#words[number]!
    this.goes(number, word)
    this.#numbers.delete(word)
    this.#words[number] = ''
    this.#free.push(number)
  }

  protected comes(_number: number, _word: string): void {}
  protected goes(_number: number, _word: string): void {}
}
