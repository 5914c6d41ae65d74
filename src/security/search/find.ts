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
  const fits = rowTest(index, query)
  const hasText = (query.text ?? '').trim() !== ''
  if (hasText && groups.length === 0) return { ids: [], total: 0 }
  const matcher = hasText ? matchText(index, groups) : undefined
  const by = query.sort?.by ?? (hasText ? 'relevance' : 'name')
  const top = new Top(index, { by, descending: query.sort?.descending ?? false }, limit, after)
  let total = 0
  const consider = (row: number) => {
    if (!fits(row)) return
    const rank = matcher ? matcher.rankRow(row) : 0
    if (rank === RANK.none) return
    total++
    top.offer(row, by === 'relevance' ? rank : 0)
  }
  if (matcher) for (const row of matcher.candidates()) consider(row)
  // Rows stand much as they were made: from the end, the newest come first and the rest falls away at once.
  else if (query.sort?.descending)
    for (let row = index.ids.length - 1; row >= 0; row--) consider(row)
  else for (let row = 0; row < index.ids.length; row++) consider(row)
  const next = top.nextPosition()
  return { ids: top.rows.map((row) => index.ids[row]!), total, ...(next ? { next } : {}) }
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
  if (scope.everything) return () => true
  const owner = index.values.find(valueText('ownerId', scope.userId))
  const isTeamSeen = new Uint8Array(index.values.bound)
  for (const teamId of scope.teamIds) {
    const team = index.values.find(valueText('teamId', teamId))
    if (team !== undefined) isTeamSeen[team] = 1
  }
  return (row) => index.owners[row] === owner || isTeamSeen[index.teams[row]!] === 1
}

/** `rankOf[word]` is the rank, for the words listed; `RANK.none` for all others. `rows`: how many hold them. */
export type WordRanks = { words: number[]; rankOf: Uint8Array; rows: number }

/** Every indexed word that answers a term, with its rank. */
export function wordRanks(index: KindIndex, term: Term): WordRanks {
  const lexicon = index.words
  const rankOf = new Uint8Array(lexicon.bound).fill(RANK.none)
  const words: number[] = []
  let rows = 0
  const consider = (word: number) => {
    if (rankOf[word] !== RANK.none) return
    const text = lexicon.word(word)
    const rank = text === '' ? RANK.none : rankWord(text, term)
    if (rank === RANK.none) return
    rankOf[word] = rank
    words.push(word)
    rows += index.wordRows.length(word)
  }
  for (const spelling of term.spellings) {
    if (term.allows.substring) lexicon.maybeHolding(spelling).forEach(consider)
    else if (term.allows.prefix) lexicon.maybeStartingWith(spelling).forEach(consider)
    const exact = lexicon.find(spelling)
    if (exact !== undefined) consider(exact)
    if (term.allows.typo) lexicon.maybeOneEditFrom(spelling).forEach(consider)
  }
  return { words, rankOf, rows }
}

type MatchedGroup = { terms: WordRanks[]; joined: WordRanks | undefined }

function matchText(index: KindIndex, groups: ReturnType<typeof parseTerms>) {
  const matched: MatchedGroup[] = groups.map(({ terms, joined }) => ({
    terms: terms.map((term) => wordRanks(index, term)),
    joined: joined && wordRanks(index, joined),
  }))
  return {
    rankRow: (row: number) => rankRow(index, matched, row),
    /** Rows of the rarest group; the rest are tested row by row, from the words each row holds. */
    candidates: () => candidateRows(index, matched),
  }
}

function candidateRows(index: KindIndex, groups: MatchedGroup[]): number[] {
  let best: WordRanks[] = []
  let fewest = Number.POSITIVE_INFINITY
  for (const { terms, joined } of groups) {
    const rarest = terms.reduce((a, b) => (b.rows < a.rows ? b : a))
    const rows = rarest.rows + (joined?.rows ?? 0)
    if (rows >= fewest) continue
    fewest = rows
    best = joined ? [rarest, joined] : [rarest]
  }
  const isTaken = new Uint8Array(index.ids.length)
  const found: number[] = []
  for (const { words } of best) {
    for (const word of words) {
      for (let i = 0; i < index.wordRows.length(word); i++) {
        const row = index.wordRows.at(word, i)
        if (isTaken[row] === 1) continue
        isTaken[row] = 1
        found.push(row)
      }
    }
  }
  return found
}

function rankRow(index: KindIndex, groups: MatchedGroup[], row: number): number {
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

function bestIn(index: KindIndex, row: number, { rankOf }: WordRanks): number {
  let best: number = RANK.none
  const count = index.rowWords.length(row)
  for (let i = 0; i < count; i++) {
    const held = index.rowWords.at(row, i)
    let rank = rankOf[held >> 2]!
    // 'van den Berg' answers to vandenberg, after those who write it so.
    if ((held & 3) === HELD_AS.joinedName && rank === RANK.exact) rank = RANK.joined
    if (rank < best) best = rank
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

  offer(row: number, rank: number): void {
    if (this.#after && !this.#isAfter(row, rank, this.#after)) return
    const length = this.rows.length
    if (length === this.#limit) {
      this.#isCut = true
      // Most rows of a long list end here: one comparison of numbers.
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
