/**
 * Whole answers in order, so that a list can be entered at any place: scrolling to row 50,000 costs a slice. The last
 * few are kept until something changes.
 */
import { rowTest } from './find.ts'
import type { IndexKind, IndexPage, IndexQuery, IndexSort } from './index-types.ts'
import type { KindIndex } from './kind-index.ts'
import { matchText } from './match.ts'
import type { World } from './relations.ts'
import { parseTerms } from './term.ts'
import { fold } from './words.ts'

// One for each list that is being scrolled at the same moment.
const KEPT_MAX = 32
const LIMIT_MAX = 500

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
    return { ids, total: rows.length }
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
  const index = world.kinds[query.kind]
  const hasText = (query.text ?? '').trim() !== ''
  const groups = parseTerms(query.text ?? '')
  if (hasText && groups.length === 0) return new Int32Array(0)
  const fits = rowTest(world, query)
  const sort: IndexSort = query.sort ?? { by: hasText ? 'relevance' : 'name', descending: false }
  const sign = sort.descending && sort.by !== 'relevance' ? -1 : 1
  const found: number[] = []
  if (!hasText && sort.by === 'name') {
    // The alphabet is in order already.
    index.alphabet.walk(undefined, sort.descending, (row) => {
      if (fits(row)) found.push(row)
      return true
    })
    return Int32Array.from(found)
  }
  const ranks = new Uint8Array(hasText && sort.by === 'relevance' ? index.ids.length : 0)
  if (hasText)
    matchText(index, groups).visit(fits, (row, rank) => {
      found.push(row)
      if (ranks.length > 0) ranks[row] = rank
    })
  else for (let row = 0; row < index.ids.length; row++) if (fits(row)) found.push(row)
  const places = index.alphabet.places()
  if (typeof sort.by === 'object') return byField(index, found, sort.by.field, sign, places)
  const keys = sort.by === 'createdAt' || sort.by === 'updatedAt' ? index[sort.by] : places
  const rows = Int32Array.from(found)
  if (ranks.length > 0) return rows.sort((a, b) => ranks[a]! - ranks[b]! || places[a]! - places[b]!)
  return rows.sort((a, b) => sign * (keys[a]! - keys[b]!) || places[a]! - places[b]!)
}

/** Rows without a value come last, whichever way round. */
function byField(
  index: KindIndex,
  found: number[],
  field: string,
  sign: 1 | -1,
  places: Float64Array,
): Int32Array {
  const numbers = index.numberOf(field)
  const keyed = found.map((row) => ({
    row,
    key: numbers ? numbers(row) : textOf(index, row, field),
  }))
  const isNone = (key: string | number) => key === '' || Number.isNaN(key)
  keyed.sort((a, b) => {
    const [noneA, noneB] = [isNone(a.key), isNone(b.key)]
    if (noneA || noneB) return Number(noneA) - Number(noneB) || places[a.row]! - places[b.row]!
    if (a.key !== b.key) return a.key < b.key ? -sign : sign
    return places[a.row]! - places[b.row]!
  })
  return Int32Array.from(keyed, ({ row }) => row)
}

function textOf(index: KindIndex, row: number, field: string): string {
  const column = index.texts.get(field)
  if (column) return fold(column.values(row)[0] ?? '')
  return fold(index.valuesOf(row, field)[0] ?? '')
}
