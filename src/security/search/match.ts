/** Which rows hold what somebody typed, and how well. */
import { HELD_AS, type KindIndex } from './kind-index.ts'
import { RANK, rankWord, type Term, type TermGroup } from './term.ts'
import { isFormWord } from './words.ts'

/** Every indexed word that answers a term, with its rank. `rows`: how many rows hold them, some more than once. */
export type WordRanks = { words: number[]; rankOf(word: number): number; rows: number }

export function wordRanks(index: KindIndex, term: Term): WordRanks {
  const known = ranksOf.get(term)
  if (known) return known
  const made = lookUp(index, term)
  ranksOf.set(term, made)
  return made
}

// A term is made for one question and goes with it; when nothing is found, what is near is looked for with the same terms.
const ranksOf = new WeakMap<Term, WordRanks>()

function lookUp(index: KindIndex, term: Term): WordRanks {
  const lexicon = index.words
  // One more than the rank, so that nothing needs to be written for all the other words.
  const ranks = new Uint8Array(lexicon.bound)
  const words: number[] = []
  let rows = 0
  const consider = (word: number) => {
    if (ranks[word] !== 0) return
    const text = lexicon.word(word)
    const rank = text === '' ? RANK.none : rankWord(text, term)
    if (rank === RANK.none) return
    ranks[word] = rank + 1
    words.push(word)
    rows += index.wordRows.length(word)
  }
  for (const spelling of term.spellings) {
    if (spelling.length <= 2 && term.allows.prefix && !term.allows.substring) {
      // What begins with these two letters is told by the numbers alone; no word is read.
      for (const word of lexicon.maybeStartingWith(spelling)) {
        ranks[word] = RANK.prefix + 1
        words.push(word)
        rows += index.wordRows.length(word)
      }
      const exact = lexicon.find(spelling)
      if (exact !== undefined) ranks[exact] = RANK.exact + 1
      continue
    }
    if (term.allows.substring && !isFormWord(spelling))
      lexicon.maybeHolding(spelling).forEach(consider)
    else if (term.allows.prefix) lexicon.maybeStartingWith(spelling).forEach(consider)
    const exact = lexicon.find(spelling)
    if (exact !== undefined) consider(exact)
    if (term.allows.typo && !isFormWord(spelling))
      lexicon.maybeOneEditFrom(spelling).forEach(consider)
  }
  if (term.national !== undefined) lexicon.maybeHolding(term.national).forEach(consider)
  return { words, rankOf: (word) => (ranks[word] || RANK.none + 1) - 1, rows }
}

/** A term of the question: all its words are looked for when it leads, else only the words of the rows at hand. */
class AskedTerm {
  readonly #index: KindIndex
  readonly term: Term
  readonly #met = new Map<number, number>()
  #all: WordRanks | undefined

  constructor(index: KindIndex, term: Term) {
    this.#index = index
    this.term = term
  }

  all(): WordRanks {
    this.#all ??= wordRanks(this.#index, this.term)
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
      for (const row of candidateRows(index, asked)) {
        const rank = fits(row) ? rankRow(index, asked, row) : RANK.none
        if (rank !== RANK.none) take(row, rank)
      }
    },
  }
}

/** One word is asked most, while somebody types: the best words first, so that the first that leads to a row ranks it. */
function visitOneTerm(
  index: KindIndex,
  asked: Term,
  fits: (row: number) => boolean,
  take: (row: number, rank: number) => void,
): void {
  const term = new AskedTerm(index, asked)
  const { words } = term.all()
  const isTaken = new Uint8Array(index.ids.length)
  for (const rank of [RANK.exact, RANK.prefix, RANK.substring, RANK.typo])
    for (const word of words) {
      if (term.rankOf(word) !== rank) continue
      const count = index.wordRows.length(word)
      for (let i = 0; i < count; i++) {
        const row = index.wordRows.at(word, i)
        if (isTaken[row] === 1) continue
        isTaken[row] = 1
        // Written as one word by us alone, an exact word counts for a little less: the row tells.
        if (fits(row)) take(row, rank === RANK.exact ? bestIn(index, row, term) : rank)
      }
    }
}

// Testing this many rows costs less than looking for another group's words among all words.
const FEW_ROWS = 3_000

const lengthOf = ({ term }: AskedTerm) => term.spellings[0]!.length

/** The longest words are the rarest: those are looked for first, and the others only when that gives many rows. */
function candidateRows(index: KindIndex, groups: AskedGroup[]): number[] {
  const needed = groups.filter(({ isOptional }) => !isOptional)
  const leads = needed.map(({ terms, joined }) => {
    const longest = terms.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a))
    return { longest, asked: joined ? [longest, joined] : [longest] }
  })
  leads.sort((a, b) => lengthOf(b.longest) - lengthOf(a.longest))
  let best: WordRanks[] = []
  let fewest = Number.POSITIVE_INFINITY
  for (const { asked } of leads) {
    const ranks = asked.map((one) => one.all())
    const rows = ranks.reduce((sum, one) => sum + one.rows, 0)
    if (rows >= fewest) continue
    fewest = rows
    best = ranks
    if (fewest <= FEW_ROWS) break
  }
  const isTaken = new Uint8Array(index.ids.length)
  const found: number[] = []
  for (const { words } of best) {
    for (const word of words) {
      const count = index.wordRows.length(word)
      for (let i = 0; i < count; i++) {
        const row = index.wordRows.at(word, i)
        if (isTaken[row] === 1) continue
        isTaken[row] = 1
        found.push(row)
      }
    }
  }
  return found
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
  const count = index.rowWords.length(row)
  for (let i = 0; i < count; i++) {
    const held = index.rowWords.at(row, i)
    let rank = term.rankOf(held >> 2)
    // 'van den Berg' answers to vandenberg, after those who write it so.
    if ((held & 3) === HELD_AS.joinedName && rank === RANK.exact) rank = RANK.joined
    if (rank < best) best = rank
    if (best === RANK.exact) break
  }
  return best
}
