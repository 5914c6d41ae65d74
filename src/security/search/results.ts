/**
 * Whole answers in order, so that a list can be entered at any place: scrolling to row 50,000 costs a slice. The last
 * few are kept until something changes.
 */
import { closest } from './closest.ts'
import { ownFirst, rowTest } from './find.ts'
import type { IndexKind, IndexPage, IndexQuery, IndexSort } from './index-types.ts'
import type { KindIndex } from './kind-index.ts'
import { matchText } from './match.ts'
import { byNames } from './named-order.ts'
import type { World } from './relations.ts'
import { fewSeen } from './scope.ts'
import { parseTerms } from './term.ts'

// One for each list that is being scrolled at the same moment.
const KEPT_MAX = 32
const LIMIT_MAX = 500
const NOT_FOUND = 255

export class Results {
  readonly #world: World
  readonly #kept = new Map<string, { rows: Int32Array; stamp: string }>()
  #relations = 0

  constructor(world: World) {
    this.#world = world
  }

  relationsChanged(): void {
    this.#relations++
  }

  page(query: IndexQuery, from: number): IndexPage {
    const index = this.#world.kinds[query.kind]
    const rows = this.#rows(query)
    const limit = Math.min(Math.max(0, query.limit), LIMIT_MAX)
    const ids = [...rows.subarray(from, from + limit)].map((row) => index.ids[row]!)
    const isNothing = rows.length === 0 && (query.text ?? '').trim() !== ''
    return { ids, total: rows.length, ...(isNothing ? { closest: this.#closest(query) } : {}) }
  }

  #closest(query: IndexQuery): string[] {
    const index = this.#world.kinds[query.kind]
    const groups = parseTerms(query.text ?? '', query.kind)
    const few = fewSeen(index, query.scope, query.deleted ? 2 : 1)
    return closest(index, groups, rowTest(this.#world, query), few)
  }

  #rows({ limit: _, from: __, ...query }: IndexQuery): Int32Array {
    const key = JSON.stringify(query)
    const stamp = this.#stamp(query.kind)
    const kept = this.#kept.get(key)
    if (kept?.stamp === stamp) {
      // Asked last, it goes last.
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept.rows
    }
    const rows = inOrder(this.#world, { ...query, limit: 0 })
    this.#kept.delete(key)
    if (this.#kept.size >= KEPT_MAX) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(key, { rows, stamp })
    return rows
  }

  /** A filter may look at the other kind too. */
  #stamp(kind: IndexKind): string {
    const { person, company } = this.#world.kinds
    return `${kind} ${person.generation} ${company.generation} ${this.#relations}`
  }
}

function inOrder(world: World, query: IndexQuery): Int32Array {
  const by = query.sort?.by
  if (typeof by !== 'object' || !('recordKind' in by)) return inOwnOrder(world, query)
  const rows = inOwnOrder(world, { ...query, sort: { by: 'name', descending: false } })
  return byNames(world, query, by, rows)
}

function inOwnOrder(world: World, query: IndexQuery): Int32Array {
  const index = world.kinds[query.kind]
  const hasText = (query.text ?? '').trim() !== ''
  const groups = parseTerms(query.text ?? '', query.kind)
  if (hasText && groups.length === 0) return new Int32Array(0)
  const fits = rowTest(world, query)
  const { by, descending }: IndexSort = query.sort ?? {
    by: hasText ? 'relevance' : 'name',
    descending: false,
  }
  if (hasText) {
    const few = fewSeen(index, query.scope, query.deleted ? 2 : 1)
    const matcher = matchText(index, groups, few)
    return ofText(index, matcher, fits, { by, descending }, ownFirst(index, query))
  }
  const found = new Int32Array(index.ids.length)
  let count = 0
  const take = (row: number) => {
    if (fits(row)) found[count++] = row
    return true
  }
  if (by === 'name' || by === 'relevance') index.alphabet.walk(undefined, descending, take)
  else index.orders.walk(typeof by === 'object' ? by.field : by, descending, take)
  return found.slice(0, count)
}

function ofText(
  index: KindIndex,
  matcher: ReturnType<typeof matchText>,
  fits: (row: number) => boolean,
  { by, descending }: IndexSort,
  rankFor: (row: number, rank: number) => number,
): Int32Array {
  const ranks = new Uint8Array(index.ids.length).fill(NOT_FOUND)
  const found: number[] = []
  matcher.visit(fits, (row, rank) => {
    found.push(row)
    ranks[row] = rankFor(row, rank)
  })
  if (by === 'relevance') {
    const places = index.alphabet.places()
    return Int32Array.from(found).sort((a, b) => ranks[a]! - ranks[b]! || places[a]! - places[b]!)
  }
  const rows: number[] = []
  const take = (row: number) => {
    if (ranks[row] !== NOT_FOUND) rows.push(row)
    return true
  }
  if (by === 'name') index.alphabet.walk(undefined, descending, take)
  else index.orders.walk(typeof by === 'object' ? by.field : by, descending, take)
  return Int32Array.from(rows)
}
