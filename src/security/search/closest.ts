/**
 * Who is called nearly as somebody typed, when nobody is called so: "did you mean". Looked for among the rows the asker
 * sees, so that it tells of no other.
 */
import type { KindIndex } from './kind-index.ts'
import { candidates, eachRow, Met, wordsByRank } from './match.ts'
import { signsOf } from './searched-lexicon.ts'
import { RANK, rankWord, type Term, type TermGroup } from './term.ts'
import { editsApart, isParticle } from './words.ts'

const FOUND_MAX = 3
// Of a shorter word, everything is two letters away.
const LETTERS_MIN = 4
const LONG_WORD = 8
/** What a word costs that stands nowhere near. */
const MISSING = 4
// So many whom the asker sees share a name that is written well; whom the other words name stands among the first.
const ROWS_MAX = 1_000

export function closest(
  index: KindIndex,
  groups: readonly TermGroup[],
  fits: (row: number) => boolean,
  few?: Int32Array,
): string[] {
  const asked = groups.filter(({ isOptional }) => !isOptional).map((one) => new Near(index, one))
  // More than half of what was typed must stand near, so one of these does.
  const needed = Math.floor(asked.length / 2) + 1
  const found: { row: number; cost: number }[] = []
  if (few) for (const one of asked) one.narrow()
  const rows = few?.filter(fits) ?? rowsNear(index, asked, asked.length - needed + 1, fits)
  for (const row of rows) {
    let there = 0
    let cost = 0
    for (const one of asked) {
      const edits = one.leastIn(row)
      if (edits < MISSING) there++
      cost += edits
    }
    if (there >= needed) found.push({ row, cost })
  }
  const places = index.alphabet.places()
  return found
    .sort((a, b) => a.cost - b.cost || places[a.row]! - places[b.row]!)
    .slice(0, FOUND_MAX)
    .map(({ row }) => index.ids[row]!)
}

/** Rows near `count` of the names: near the longest, and where these are too many to look at, near the rarest. */
function rowsNear(
  index: KindIndex,
  asked: readonly Near[],
  count: number,
  fits: (row: number) => boolean,
): number[] {
  const byLength = [...asked].sort((a, b) => b.length - a.length).slice(0, count)
  const found = seenRows(index, byLength, fits)
  if (!found.isCut) return found.rows
  const byRows = [...asked].sort((a, b) => a.rows() - b.rows()).slice(0, count)
  return seenRows(index, byRows, fits).rows
}

function seenRows(
  index: KindIndex,
  asked: readonly Near[],
  fits: (row: number) => boolean,
): { rows: number[]; isCut: boolean } {
  const met = new Met(index.ids.length)
  const rows: number[] = []
  let isCut = false
  for (const near of asked) {
    const until = rows.length + ROWS_MAX
    for (const words of near.byEdits())
      eachRow(index.wordRows, words, met, (row) => {
        if (!fits(row)) return
        if (rows.length < until) rows.push(row)
        else isCut = true
      })
  }
  return { rows, isCut }
}

/** One name that was asked for. All words near it are looked for when it leads, else only the words of the rows at hand. */
class Near {
  readonly length: number
  readonly #index: KindIndex
  readonly #terms: Term[]
  readonly #met = new Map<number, number>()
  #candidates: Met | undefined
  #all: { byEdits: number[][]; nearness: Uint8Array } | undefined

  constructor(index: KindIndex, { terms, joined }: TermGroup) {
    this.#index = index
    // One in seven is called 'van', and is not called nearly like another for it.
    const telling = terms.filter(({ spellings }) => !isParticle(spellings[0]!))
    const own = telling.length > 0 ? telling : terms
    this.#terms = joined ? [...own, joined] : own
    this.length = Math.max(...own.map(({ spellings }) => spellings[0]!.length))
  }

  /** Before many rows are at hand: what cannot be near is told by a bit, and not read. */
  narrow(): void {
    const { words: lexicon } = this.#index
    const found = new Met(lexicon.bound)
    for (const term of this.#terms) {
      found.take(candidates(this.#index, term).met)
      const most = editsMax(term)
      if (most > 0)
        for (const word of lexicon.maybeNear(term.spellings[0]!, most)) found.isNew(word)
    }
    this.#candidates = found
  }

  byEdits(): number[][] {
    this.#all ??= this.#lookUp()
    return this.#all.byEdits
  }

  rows(): number {
    const { wordRows } = this.#index
    let rows = 0
    for (const words of this.byEdits()) for (const word of words) rows += wordRows.length(word)
    return rows
  }

  leastIn(row: number): number {
    const { rowWords } = this.#index
    const { cells } = rowWords
    const start = rowWords.start(row)
    const end = start + rowWords.length(row)
    const among = this.#candidates
    let least = MISSING
    for (let at = start; at < end; at++) {
      const word = cells[at]! >> 2
      if (!among || among.has(word)) least = Math.min(least, this.#edits(word))
    }
    return least
  }

  #lookUp() {
    const { words: lexicon } = this.#index
    // Less the edits, so that nothing needs to be written for all the other words.
    const nearness = new Uint8Array(lexicon.bound)
    const met: number[] = []
    const add = (word: number, edits: number) => {
      if (nearness[word] === 0) met.push(word)
      nearness[word] = Math.max(nearness[word]!, MISSING - edits)
    }
    for (const term of this.#terms) {
      for (const [rank, words] of wordsByRank(this.#index, term).entries())
        for (const word of words) add(word, rank === RANK.typo ? 1 : 0)
      const most = editsMax(term)
      if (most === 0) continue
      for (const word of lexicon.maybeNear(term.spellings[0]!, most)) {
        const edits = editsApart(lexicon.word(word), term.spellings[0]!, most)
        if (edits !== undefined) add(word, edits)
      }
    }
    const byEdits: number[][] = Array.from({ length: MISSING }, () => [])
    for (const word of met) byEdits[MISSING - nearness[word]!]!.push(word)
    return { byEdits, nearness }
  }

  #edits(word: number): number {
    if (this.#all) return MISSING - this.#all.nearness[word]!
    let edits = this.#met.get(word)
    if (edits === undefined) {
      const text = this.#index.words.word(word)
      edits = Math.min(...this.#terms.map((term) => editsOf(text, term)))
      this.#met.set(word, edits)
    }
    return edits
  }
}

function editsMax({ allows, spellings }: Term): number {
  const { length } = spellings[0]!
  if (!allows.typo || length < LETTERS_MIN) return 0
  return length >= LONG_WORD ? 3 : 2
}

function editsOf(word: string, term: Term): number {
  const rank = rankWord(word, term)
  if (rank !== RANK.none) return rank === RANK.typo ? 1 : 0
  const [spelling] = term.spellings
  if (word[0] !== spelling![0] || signsOf(word) !== 'letters') return MISSING
  return editsApart(word, spelling!, editsMax(term)) ?? MISSING
}
