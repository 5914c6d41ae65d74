/** Answers one question over the rows of one kind. Never keeps or logs what was asked. */

import { closest } from './closest.ts'
import type { IndexQuery, IndexSort } from './index-types.ts'
import { type KindIndex, valueText } from './kind-index.ts'
import { matchText } from './match.ts'
import type { World } from './relations.ts'
import { countVisible, fewSeen, visibility } from './scope.ts'
import { parseTerms } from './term.ts'
import { whereTest } from './where.ts'

/** The place after which the next page begins. `key` is a sort key or an instant. */
export type Position = {
  rank: number
  key: string | number
  id: string
  /** Whom the first page put first: the next one goes on in the same order. */
  recent?: string[]
}
export type Found = { ids: string[]; total: number; closest?: string[]; next?: Position }

const LIMIT_MAX = 500

export function find(world: World, query: IndexQuery, after?: Position): Found {
  const index = world.kinds[query.kind]
  const limit = Math.min(Math.max(1, query.limit), LIMIT_MAX)
  const groups = parseTerms(query.text ?? '', query.kind)
  const hasText = (query.text ?? '').trim() !== ''
  if (hasText && groups.length === 0) return { ids: [], total: 0 }
  const sort: IndexSort = query.sort ?? { by: hasText ? 'relevance' : 'name', descending: false }
  const isWhole = !hasText && !query.where && Object.keys(query.filters ?? {}).length === 0
  if (isWhole && sort.by === 'name') return walkAlphabet(world, query, sort, limit, after)
  const fits = rowTest(world, query)
  const few = hasText ? fewSeen(index, query.scope, query.deleted ? 2 : 1) : undefined
  const matcher = hasText ? matchText(index, groups, few) : undefined
  const rankFor = sort.by === 'relevance' ? ownFirst(index, query) : () => 0
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
      top.offer(row, rankFor(row, rank))
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
  if (next && query.recent) next.recent = query.recent
  return {
    ids: top.rows.map((row) => index.ids[row]!),
    total,
    ...(hasText && total === 0 ? { closest: closest(index, groups, fits, few) } : {}),
    ...(next ? { next } : {}),
  }
}

/** Whose customer one is, or whom one opened last, stands before others that fit as well; never before one that fits better. */
export function ownFirst(
  index: KindIndex,
  { scope, recent = [] }: Pick<IndexQuery, 'scope' | 'recent'>,
): (row: number, rank: number) => number {
  const mine = index.values.find(valueText('ownerId', scope.userId))
  const isMine = Uint8Array.from(index.standings, ({ owner }) => (owner === mine ? 1 : 0))
  const opened = new Set(recent.flatMap((id) => index.rowOf.get(id) ?? []))
  const { standingOf } = index
  return (row, rank) => {
    const isNear = isMine[standingOf[row]!] === 1 || (opened.size > 0 && opened.has(row))
    return rank * 2 + (isNear ? 0 : 1)
  }
}

/** A page of the whole list by name: as many steps as it has rows, however many there are in all. */
function walkAlphabet(
  world: World,
  query: IndexQuery,
  { descending }: IndexSort,
  limit: number,
  after: Position | undefined,
): Found {
  const index = world.kinds[query.kind]
  const fits = rowTest(world, query)
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
  return countVisible(index, scope, deleted ? 2 : 1)
}

/** True for rows this person may see and these filters let through. */
export function rowTest(
  world: World,
  query: Pick<IndexQuery, 'kind' | 'filters' | 'where' | 'scope' | 'deleted'>,
): (row: number) => boolean {
  const index = world.kinds[query.kind]
  const isSeen = seenTest(index, query)
  if (!query.where) return isSeen
  const isAsked = whereTest({ world, kind: query.kind, scope: query.scope }, query.where)
  return (row) => isSeen(row) && isAsked(row)
}

function seenTest(
  index: KindIndex,
  query: Pick<IndexQuery, 'filters' | 'scope' | 'deleted'>,
): (row: number) => boolean {
  const status = query.deleted ? 2 : 1
  const seen = visibility(index, query.scope, status)
  const filters = Object.entries(query.filters ?? {})
  // The whole list, which is asked most: nothing is looked up for each of a hundred thousand rows.
  if (filters.length === 0) return seen
  const wanted = filters.map(([field, given]) => {
    const values = typeof given === 'string' ? [given] : given
    return values.map((value) => index.values.find(valueText(field, value)))
  })
  return (row) => {
    if (!seen(row)) return false
    return wanted.every((values) => {
      for (let i = 0; i < index.rowValues.length(row); i++)
        if (values.includes(index.rowValues.at(row, i))) return true
      return false
    })
  }
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
