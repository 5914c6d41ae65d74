/** Which rows hold what somebody typed, and how well. */
import { HELD_AS, type KindIndex } from './kind-index.ts'
import type { ListPool } from './list-pool.ts'
import { RANK, rankWord, type Term, type TermGroup } from './term.ts'
import { isFormWord } from './words.ts'

/** Every indexed word that answers a term, by rank. */
export class TermWords {
  readonly byRank: number[][] = Array.from({ length: RANK.none }, () => [])
  readonly #index: KindIndex
  #ranks: Uint8Array | undefined

  constructor(index: KindIndex) {
    this.#index = index
  }

  /** How many rows hold them, some more than once. */
  rows(): number {
    const { wordRows } = this.#index
    let rows = 0
    for (const words of this.byRank) for (const word of words) rows += wordRows.length(word)
    return rows
  }

  rankOf(word: number): number {
    this.#ranks ??= this.#rankAll()
    return RANK.none - this.#ranks[word]!
  }

  /** Less the rank, so that nothing needs to be written for all the other words. */
  #rankAll(): Uint8Array {
    const ranks = new Uint8Array(this.#index.words.bound)
    for (const [rank, words] of this.byRank.entries())
      for (const word of words) ranks[word] = RANK.none - rank
    return ranks
  }
}

export function termWords(index: KindIndex, term: Term): TermWords {
  const known = wordsOf.get(term)
  if (known) return known
  const made = lookUp(index, term)
  wordsOf.set(term, made)
  return made
}

// A term is made for one question and goes with it; when nothing is found, what is near is looked for with the same terms.
const wordsOf = new WeakMap<Term, TermWords>()

function lookUp(index: KindIndex, term: Term): TermWords {
  const lexicon = index.words
  const found = new TermWords(index)
  const met = new Met(lexicon.bound)
  const [exacts, prefixes] = [found.byRank[RANK.exact]!, found.byRank[RANK.prefix]!]
  const consider = (words: number[]) => {
    for (const word of words) {
      if (!met.isNew(word)) continue
      const rank = rankWord(lexicon.word(word), term)
      if (rank !== RANK.none) found.byRank[rank]!.push(word)
    }
  }
  for (const spelling of term.spellings) {
    const exact = lexicon.find(spelling)
    if (exact !== undefined && met.isNew(exact)) exacts.push(exact)
    if (isBeginningAlone(term, spelling)) {
      // What begins with these two letters is told by the numbers alone; no word is read.
      for (const word of lexicon.maybeStartingWith(spelling))
        if (met.isNew(word)) prefixes.push(word)
      continue
    }
    if (term.allows.substring && !isFormWord(spelling)) consider(lexicon.maybeHolding(spelling))
    else if (term.allows.prefix) consider(lexicon.maybeStartingWith(spelling))
    if (term.allows.typo && !isFormWord(spelling)) consider(lexicon.maybeOneEditFrom(spelling))
  }
  if (term.national !== undefined) consider(lexicon.maybeHolding(term.national))
  return found
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

/** A term of the question: all its words are looked for when it leads, else only the words of the rows at hand. */
class AskedTerm {
  readonly #index: KindIndex
  readonly term: Term
  readonly #met = new Map<number, number>()
  #all: TermWords | undefined

  constructor(index: KindIndex, term: Term) {
    this.#index = index
    this.term = term
  }

  all(): TermWords {
    this.#all ??= termWords(this.#index, this.term)
    return this.#all
  }

  rankOf(word: number): number {
    if (this.#all) return this.#all.rankOf(word)
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

/** Passes each row that answers the question and fits, once, with its rank. */
export function matchText(index: KindIndex, groups: TermGroup[]): { visit: Visit } {
  const [first, ...others] = groups
  if (first?.terms.length === 1 && !first.joined && others.length === 0)
    return { visit: (fits, take) => visitOneTerm(index, first.terms[0]!, fits, take) }
  const asked: AskedGroup[] = groups.map(({ terms, joined, isOptional }) => ({
    terms: terms.map((term) => new AskedTerm(index, term)),
    joined: joined && new AskedTerm(index, joined),
    isOptional: isOptional === true,
  }))
  return {
    visit(fits, take) {
      eachRow(index.wordRows, leadingWords(asked), new Met(index.ids.length), (row) => {
        const rank = fits(row) ? rankRow(index, asked, row) : RANK.none
        if (rank !== RANK.none) take(row, rank)
      })
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
  const met = new Met(index.ids.length)
  const isShort = isBeginningAlone(term, term.spellings[0]!)
  const exact = isShort ? index.words.find(term.spellings[0]!) : undefined
  const byRank = isShort ? [exact === undefined ? [] : [exact]] : termWords(index, term).byRank
  const exacts = byRank[RANK.exact]!
  for (const [rank, words] of byRank.entries())
    eachRow(index.wordRows, words, met, (row) => {
      if (!fits(row)) return
      // Written as one word by us alone, an exact word counts for a little less: the row tells.
      const isOurs = rank === RANK.exact && !isWritten(index, row, exacts)
      take(row, isOurs ? RANK.joined : rank)
    })
  if (isShort)
    eachRow(index.headRows, headsWith(index, term.spellings[0]!), met, (row) => {
      if (fits(row)) take(row, RANK.prefix)
    })
}

/** The first letters somebody types, of which nothing counts but that a word begins with them. */
function isBeginningAlone({ allows }: Term, spelling: string): boolean {
  return spelling.length <= 2 && allows.prefix && !allows.substring
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

// Testing this many rows costs less than looking for another group's words among all words.
const FEW_ROWS = 300

const lengthOf = ({ term }: AskedTerm) => term.spellings[0]!.length

/** The longest words are the rarest: those are looked for first, and the others only when that gives many rows. */
function leadingWords(groups: AskedGroup[]): number[] {
  const needed = groups.filter(({ isOptional }) => !isOptional)
  const leads = needed.map(({ terms, joined }) => {
    const longest = terms.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a))
    return { longest, asked: joined ? [longest, joined] : [longest] }
  })
  leads.sort((a, b) => lengthOf(b.longest) - lengthOf(a.longest))
  let best: TermWords[] = []
  let fewest = Number.POSITIVE_INFINITY
  for (const { asked } of leads) {
    const found = asked.map((one) => one.all())
    const rows = found.reduce((sum, one) => sum + one.rows(), 0)
    if (rows >= fewest) continue
    fewest = rows
    best = found
    if (fewest <= FEW_ROWS) break
  }
  return best.flatMap(({ byRank }) => byRank.flat())
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
