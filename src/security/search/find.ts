/** Answers one question over the rows of one kind. Never keeps or logs what was asked. */

import type { IndexQuery, IndexScope, IndexSort } from './index-types.ts'
import { HELD_AS, type KindIndex, valueText } from './kind-index.ts'
import { parseTerms, RANK, rankWord, type Term } from './term.ts'

/** The place after which the next page begins. `key` is a sort key or an instant. */
export type Position = { rank: number; key: string | number; id: string }
export type Found = { ids: string[]; total: number; next?: Position }

const LIMIT_MAX = 500

export function find(index: KindIndex, query: IndexQuery, after?: Position): Found {
  const limit = Math.min(Math.max(1, query.limit), LIMIT_MAX)
  const groups = parseTerms(query.text ?? '')
  const hasText = (query.text ?? '').trim() !== ''
  if (hasText && groups.length === 0) return { ids: [], total: 0 }
  const sort: IndexSort = query.sort ?? { by: hasText ? 'relevance' : 'name', descending: false }
  const isWhole = !hasText && Object.keys(query.filters ?? {}).length === 0
  if (isWhole && sort.by === 'name') return walkAlphabet(index, query, sort, limit, after)
  const fits = rowTest(index, query)
  const matcher = hasText ? matchText(index, groups) : undefined
  const top = new Top(index, sort, limit, after)
  let total = 0
  const consider = (row: number) => {
    if (!fits(row)) return
    total++
    top.offer(row, 0)
  }
  if (matcher)
    matcher.visit(fits, (row, rank) => {
      total++
      top.offer(row, sort.by === 'relevance' ? rank : 0)
    })
  else {
    // Rows stand much as they were made: from the end, the newest come first and the rest falls away at once.
    const rows = index.ids.length
    for (let i = 0; i < rows; i++) {
      const row = sort.descending ? rows - 1 - i : i
      if (!(isWhole && top.isBeyond(row))) consider(row)
    }
    if (isWhole) total = countSeen(index, query)
  }
  const next = top.nextPosition()
  return { ids: top.rows.map((row) => index.ids[row]!), total, ...(next ? { next } : {}) }
}

/** A page of the whole list by name: as many steps as it has rows, however many there are in all. */
function walkAlphabet(
  index: KindIndex,
  query: IndexQuery,
  { descending }: IndexSort,
  limit: number,
  after: Position | undefined,
): Found {
  const fits = rowTest(index, query)
  const rows: number[] = []
  let isCut = false
  index.alphabet.walk(after && String(after.key), descending, (row) => {
    if (!fits(row)) return true
    isCut = rows.length === limit
    if (!isCut) rows.push(row)
    return !isCut
  })
  const ids = rows.map((row) => index.ids[row]!)
  const last = rows.at(-1)
  const next = isCut &&
    last !== undefined && { rank: 0, key: index.alphabet.key(last), id: ids.at(-1)! }
  return { ids, total: countSeen(index, query), ...(next ? { next } : {}) }
}

function countSeen(index: KindIndex, { scope, deleted }: IndexQuery): number {
  return index.countRows(deleted ? 2 : 1, visiblePairs(index, scope))
}

/** True for rows this person may see and these filters let through. */
function rowTest(
  index: KindIndex,
  query: Pick<IndexQuery, 'filters' | 'scope' | 'deleted'>,
): (row: number) => boolean {
  const status = query.deleted ? 2 : 1
  const seen = visibility(index, query.scope)
  const filters = Object.entries(query.filters ?? {})
  // The whole list, which is asked most: nothing is looked up for each of a hundred thousand rows.
  if (filters.length === 0) return (row) => index.status[row] === status && seen(row)
  const wanted = filters.map(([field, given]) => {
    const values = typeof given === 'string' ? [given] : given
    return values.map((value) => index.values.find(valueText(field, value)))
  })
  return (row) => {
    if (index.status[row] !== status || !seen(row)) return false
    return wanted.every((values) => {
      for (let i = 0; i < index.rowValues.length(row); i++)
        if (values.includes(index.rowValues.at(row, i))) return true
      return false
    })
  }
}

export function visibility(index: KindIndex, scope: IndexScope): (row: number) => boolean {
  const isSeen = visiblePairs(index, scope)
  return (row) => isSeen(index.owners[row]!, index.teams[row]!)
}

function visiblePairs(
  index: KindIndex,
  scope: IndexScope,
): (owner: number, team: number) => boolean {
  if (scope.everything) return () => true
  const mine = index.values.find(valueText('ownerId', scope.userId))
  const isTeamSeen = new Uint8Array(index.values.bound)
  for (const teamId of scope.teamIds) {
    const team = index.values.find(valueText('teamId', teamId))
    if (team !== undefined) isTeamSeen[team] = 1
  }
  return (owner, team) => owner === mine || isTeamSeen[team] === 1
}

/** Every indexed word that answers a term, with its rank. `rows`: how many rows hold them, some more than once. */
export type WordRanks = { words: number[]; rankOf(word: number): number; rows: number }

export function wordRanks(index: KindIndex, term: Term): WordRanks {
  const lexicon = index.words
  const ranks = new Uint8Array(lexicon.bound).fill(RANK.none)
  const words: number[] = []
  let rows = 0
  const consider = (word: number) => {
    if (ranks[word] !== RANK.none) return
    const text = lexicon.word(word)
    const rank = text === '' ? RANK.none : rankWord(text, term)
    if (rank === RANK.none) return
    ranks[word] = rank
    words.push(word)
    rows += index.wordRows.length(word)
  }
  for (const spelling of term.spellings) {
    if (spelling.length <= 2 && term.allows.prefix && !term.allows.substring) {
      // What begins with these two letters is told by the numbers alone; no word is read.
      for (const word of lexicon.maybeStartingWith(spelling)) {
        ranks[word] = RANK.prefix
        words.push(word)
        rows += index.wordRows.length(word)
      }
      const exact = lexicon.find(spelling)
      if (exact !== undefined) ranks[exact] = RANK.exact
      continue
    }
    if (term.allows.substring) lexicon.maybeHolding(spelling).forEach(consider)
    else if (term.allows.prefix) lexicon.maybeStartingWith(spelling).forEach(consider)
    const exact = lexicon.find(spelling)
    if (exact !== undefined) consider(exact)
    if (term.allows.typo) lexicon.maybeOneEditFrom(spelling).forEach(consider)
  }
  return { words, rankOf: (word) => ranks[word]!, rows }
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

type AskedGroup = { terms: AskedTerm[]; joined: AskedTerm | undefined }

type Visit = (fits: (row: number) => boolean, take: (row: number, rank: number) => void) => void

/** Passes each row that answers the question and fits, once, with its rank. */
function matchText(index: KindIndex, groups: ReturnType<typeof parseTerms>): { visit: Visit } {
  const [first, ...others] = groups
  if (first?.terms.length === 1 && !first.joined && others.length === 0)
    return { visit: (fits, take) => visitOneTerm(index, first.terms[0]!, fits, take) }
  const asked: AskedGroup[] = groups.map(({ terms, joined }) => ({
    terms: terms.map((term) => new AskedTerm(index, term)),
    joined: joined && new AskedTerm(index, joined),
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
  const leads = groups.map(({ terms, joined }) => {
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
  for (const { terms, joined } of groups) {
    let rank = 0
    for (const term of terms) rank = Math.max(rank, bestIn(index, row, term))
    if (joined && rank > RANK.joined)
      rank = Math.min(rank, Math.max(RANK.joined, bestIn(index, row, joined)))
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

/** Keeps the first `limit` rows after a position, in order, without sorting the rest. */
class Top {
  readonly rows: number[] = []
  readonly #ranks: number[] = []
  readonly #index: KindIndex
  readonly #limit: number
  readonly #by: IndexSort['by']
  readonly #sign: 1 | -1
  readonly #keys: Float64Array
  readonly #after: { rank: number; key: number; id: string; isThere: boolean } | undefined
  #isCut = false
  #lastKey = 0
  #lastRank = 0

  constructor(index: KindIndex, sort: IndexSort, limit: number, after?: Position) {
    this.#index = index
    this.#limit = limit
    this.#by = sort.by
    this.#sign = sort.descending && sort.by !== 'relevance' ? -1 : 1
    this.#keys =
      sort.by === 'createdAt' || sort.by === 'updatedAt' ? index[sort.by] : index.alphabet.places()
    if (after) this.#after = this.#place(after)
  }

  #place(after: Position) {
    const { rank, id } = after
    if (typeof after.key === 'number') return { rank, key: after.key, id, isThere: true }
    const { before, isThere } = this.#index.alphabet.bound(after.key)
    return { rank, key: before, id, isThere }
  }

  /** True where the page is full and this row of the best rank certainly comes behind it. */
  isBeyond(row: number): boolean {
    return (
      this.rows.length === this.#limit &&
      this.#lastRank === 0 &&
      this.#isCut &&
      this.#sign * (this.#keys[row]! - this.#lastKey) > 0
    )
  }

  offer(row: number, rank: number): void {
    if (this.#after && !this.#isAfter(row, rank, this.#after)) return
    const length = this.rows.length
    if (length === this.#limit) {
      this.#isCut = true
      // Most rows of a long list end here: one comparison of numbers.
      if (rank > this.#lastRank) return
      if (rank >= this.#lastRank && this.#sign * (this.#keys[row]! - this.#lastKey) > 0) return
      if (this.#compare(row, rank, length - 1) > 0) return
      this.rows.pop()
      this.#ranks.pop()
    }
    let low = 0
    let high = this.rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(row, rank, middle) > 0) low = middle + 1
      else high = middle
    }
    this.rows.splice(low, 0, row)
    this.#ranks.splice(low, 0, rank)
    this.#lastKey = this.#keys[this.rows.at(-1)!]!
    this.#lastRank = this.#ranks.at(-1)!
  }

  nextPosition(): Position | undefined {
    const last = this.rows.at(-1)
    if (!this.#isCut || last === undefined) return undefined
    const isTime = this.#by === 'createdAt' || this.#by === 'updatedAt'
    const key = isTime ? this.#keys[last]! : this.#index.alphabet.key(last)
    return { rank: this.#ranks.at(-1)!, key, id: this.#index.ids[last]! }
  }

  #compare(row: number, rank: number, at: number): number {
    const other = this.rows[at]!
    return (
      rank - this.#ranks[at]! ||
      this.#sign * (this.#keys[row]! - this.#keys[other]!) ||
      this.#sign * (this.#index.ids[row]! < this.#index.ids[other]! ? -1 : 1)
    )
  }

  #isAfter(
    row: number,
    rank: number,
    after: { rank: number; key: number; id: string; isThere: boolean },
  ): boolean {
    if (rank !== after.rank) return rank > after.rank
    const key = this.#keys[row]!
    if (key !== after.key) return this.#sign * (key - after.key) > 0
    // The row of the cursor is gone: the one in its place comes after it, but not before it.
    if (!after.isThere) return this.#sign === 1
    return (
      this.#sign * (this.#index.ids[row]! < after.id ? -1 : 1) > 0 &&
      this.#index.ids[row] !== after.id
    )
  }
}
