/** Which rows hold what somebody typed, and how well. */
import { HELD_AS, type KindIndex } from './kind-index.ts'
import type { ListPool } from './list-pool.ts'
import { RANK, rankWord, type Term, type TermGroup } from './term.ts'
import { isFormWord } from './words.ts'

/** Every indexed word that answers a term, in lists by rank. */
export function wordsByRank(index: KindIndex, term: Term): number[][] {
  const known = wordsOf.get(term)
  if (known) return known
  const { words: lexicon } = index
  const byRank: number[][] = Array.from({ length: RANK.none }, () => [])
  for (const word of candidates(index, term).words) {
    const rank = rankWord(lexicon.word(word), term)
    if (rank !== RANK.none) byRank[rank]!.push(word)
  }
  wordsOf.set(term, byRank)
  return byRank
}

// A term is made for one question and goes with it; when nothing is found, what is near is looked for with the same terms.
const wordsOf = new WeakMap<Term, number[][]>()
const candidatesOf = new WeakMap<Term, Candidates>()

/** Every word that may answer the term, and others, each once. */
type Candidates = { words: number[]; met: Met }

export function candidates(index: KindIndex, term: Term): Candidates {
  const known = candidatesOf.get(term)
  if (known) return known
  const found: Candidates = { words: [], met: new Met(index.words.bound) }
  eachCandidate(index, term, (word) => {
    if (found.met.isNew(word)) found.words.push(word)
  })
  candidatesOf.set(term, found)
  return found
}

/** Some twice. */
function eachCandidate(
  { words: lexicon }: KindIndex,
  term: Term,
  take: (word: number) => void,
): void {
  for (const spelling of term.spellings) {
    const exact = lexicon.find(spelling)
    if (exact !== undefined) take(exact)
    if (term.allows.substring && !isFormWord(spelling)) lexicon.maybeHolding(spelling).forEach(take)
    else if (term.allows.prefix) lexicon.maybeStartingWith(spelling).forEach(take)
    if (term.allows.typo && !isFormWord(spelling)) lexicon.maybeOneEditFrom(spelling).forEach(take)
  }
  if (term.national !== undefined) lexicon.maybeHolding(term.national).forEach(take)
}

/** Which numbers were met, a bit each: those of a million stay near the processor. */
export class Met {
  readonly #bits: Int32Array

  constructor(bound: number) {
    this.#bits = new Int32Array((bound >>> 5) + 1)
  }

  isNew(number: number): boolean {
    const bit = 1 << (number & 31)
    const cell = number >>> 5
    if ((this.#bits[cell]! & bit) !== 0) return false
    this.#bits[cell]! |= bit
    return true
  }

  /** All that another met. */
  take(other: Met): void {
    for (let cell = 0; cell < this.#bits.length; cell++) this.#bits[cell]! |= other.#bits[cell]!
  }

  has(number: number): boolean {
    return (this.#bits[number >>> 5]! & (1 << (number & 31))) !== 0
  }
}

/** Passes each row of these lists that was not met before. */
export function eachRow(
  pool: ListPool,
  lists: readonly number[],
  met: Met,
  take: (row: number) => void,
): void {
  const { cells } = pool
  for (const list of lists) {
    const start = pool.start(list)
    const end = start + pool.length(list)
    for (let at = start; at < end; at++) if (met.isNew(cells[at]!)) take(cells[at]!)
  }
}

/** A term of the question, of which only the words of the rows at hand are read. */
class AskedTerm {
  readonly term: Term
  readonly #index: KindIndex
  readonly #met = new Map<number, number>()
  #candidates: Candidates | undefined

  constructor(index: KindIndex, term: Term) {
    this.#index = index
    this.term = term
  }

  /** From here on, what cannot answer is told by a bit, and not read. */
  candidates(): Candidates {
    this.#candidates ??= candidates(this.#index, this.term)
    return this.#candidates
  }

  rankOf(word: number): number {
    if (this.#candidates?.met.has(word) === false) return RANK.none
    let rank = this.#met.get(word)
    if (rank === undefined) {
      rank = rankWord(this.#index.words.word(word), this.term)
      this.#met.set(word, rank)
    }
    return rank
  }
}

type AskedGroup = { terms: AskedTerm[]; joined: AskedTerm | undefined; isOptional: boolean }

type Visit = (fits: (row: number) => boolean, take: (row: number, rank: number) => void) => void

/** Passes each row that answers the question and fits, once, with its rank. `few`: all rows that could fit, where those are few. */
export function matchText(
  index: KindIndex,
  groups: TermGroup[],
  few?: Int32Array,
): { visit: Visit } {
  const [first, ...others] = groups
  const alone = first?.terms.length === 1 && !first.joined && others.length === 0
  const term = first?.terms[0]
  if (alone && term && isBeginningAlone(term))
    return { visit: (fits, take) => visitBeginning(index, term, fits, take) }
  if (alone && term && !few) return { visit: (fits, take) => visitOneTerm(index, term, fits, take) }
  const asked: AskedGroup[] = groups.map(({ terms, joined, isOptional }) => ({
    terms: terms.map((term) => new AskedTerm(index, term)),
    joined: joined && new AskedTerm(index, joined),
    isOptional: isOptional === true,
  }))
  return {
    visit(fits, take) {
      const consider = (row: number) => {
        const rank = fits(row) ? rankRow(index, asked, row) : RANK.none
        if (rank !== RANK.none) take(row, rank)
      }
      const lead = leadingWords(index, asked)
      if (lead.rows > FEW_ROWS)
        for (const { terms, joined } of asked)
          for (const term of joined ? [...terms, joined] : terms) term.candidates()
      if (few && few.length < lead.rows) few.forEach(consider)
      else eachRow(index.wordRows, lead.words, new Met(index.ids.length), consider)
    },
  }
}

/** One word is asked most, while somebody types: the best words first, so that the first that leads to a row ranks it. */
function visitOneTerm(
  index: KindIndex,
  term: Term,
  fits: (row: number) => boolean,
  take: (row: number, rank: number) => void,
): void {
  const byRank = wordsByRank(index, term)
  const met = new Met(index.ids.length)
  visitExact(index, byRank[RANK.exact]!, met, fits, take)
  for (const rank of [RANK.prefix, RANK.substring, RANK.typo])
    eachRow(index.wordRows, byRank[rank]!, met, (row) => {
      if (fits(row)) take(row, rank)
    })
}

/** The first letters somebody types, of which nothing counts but that a word begins with them. */
function isBeginningAlone({ spellings, allows }: Term): boolean {
  return spellings[0]!.length <= 2 && allows.prefix && !allows.substring
}

function visitBeginning(
  index: KindIndex,
  { spellings }: Term,
  fits: (row: number) => boolean,
  take: (row: number, rank: number) => void,
): void {
  const met = new Met(index.ids.length)
  const exact = index.words.find(spellings[0]!)
  if (exact !== undefined) visitExact(index, [exact], met, fits, take)
  eachRow(index.headRows, headsWith(index, spellings[0]!), met, (row) => {
    if (fits(row)) take(row, RANK.prefix)
  })
}

/** Written as one word by us alone, an exact word counts for a little less: the row tells. */
function visitExact(
  index: KindIndex,
  words: readonly number[],
  met: Met,
  fits: (row: number) => boolean,
  take: (row: number, rank: number) => void,
): void {
  eachRow(index.wordRows, words, met, (row) => {
    if (fits(row)) take(row, isWritten(index, row, words) ? RANK.exact : RANK.joined)
  })
}

function headsWith({ heads }: KindIndex, beginning: string): number[] {
  const found: number[] = []
  for (let head = 0; head < heads.bound; head++)
    if (heads.word(head).startsWith(beginning)) found.push(head)
  return found
}

function isWritten(index: KindIndex, row: number, words: readonly number[]): boolean {
  for (let i = 0; i < index.rowWords.length(row); i++) {
    const held = index.rowWords.at(row, i)
    if ((held & 3) !== HELD_AS.joinedName && words.includes(held >> 2)) return true
  }
  return false
}

// Reading the words of this many rows costs less than looking for another group's among all words.
const FEW_ROWS = 300

const lengthOf = ({ term }: AskedTerm) => term.spellings[0]!.length

/** The longest words are the rarest: those are looked for first, and the others only when that gives many rows. */
function leadingWords(
  { wordRows }: KindIndex,
  groups: AskedGroup[],
): { words: number[]; rows: number } {
  const needed = groups.filter(({ isOptional }) => !isOptional)
  const leads = needed.map(({ terms, joined }) => {
    const longest = terms.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a))
    return { longest, asked: joined ? [longest, joined] : [longest] }
  })
  leads.sort((a, b) => lengthOf(b.longest) - lengthOf(a.longest))
  let best = { words: [] as number[], rows: Number.POSITIVE_INFINITY }
  for (const { asked } of leads) {
    const words = asked.flatMap((one) => one.candidates().words)
    let rows = 0
    for (const word of words) rows += wordRows.length(word)
    if (rows < best.rows) best = { words, rows }
    if (rows <= FEW_ROWS) break
  }
  return best
}

function rankRow(index: KindIndex, groups: AskedGroup[], row: number): number {
  let worst = 0
  for (const { terms, joined, isOptional } of groups) {
    let rank = 0
    for (const term of terms) rank = Math.max(rank, bestIn(index, row, term))
    if (joined && rank > RANK.joined)
      rank = Math.min(rank, Math.max(RANK.joined, bestIn(index, row, joined)))
    if (rank === RANK.none && isOptional) rank = RANK.substring
    if (rank === RANK.none) return rank
    worst = Math.max(worst, rank)
  }
  return worst
}

function bestIn(index: KindIndex, row: number, term: AskedTerm): number {
  let best: number = RANK.none
  const { cells } = index.rowWords
  const start = index.rowWords.start(row)
  const end = start + index.rowWords.length(row)
  for (let at = start; at < end; at++) {
    const held = cells[at]!
    let rank = term.rankOf(held >> 2)
    // 'van den Berg' answers to vandenberg, after those who write it so.
    if ((held & 3) === HELD_AS.joinedName && rank === RANK.exact) rank = RANK.joined
    if (rank < best) best = rank
    if (best === RANK.exact) break
  }
  return best
}
