/** How many rows have each value of a field, and what their numbers add up to: for grouped lists and segments. */
import { rowTest } from './find.ts'
import type { GroupQuery, IndexGroup, IndexGroups } from './index-types.ts'
import type { KindIndex } from './kind-index.ts'
import { matchText } from './match.ts'
import type { World } from './relations.ts'
import { fewSeen } from './scope.ts'
import { parseTerms } from './term.ts'

// Nobody reads more; how many were left out is told.
const GROUPS_MAX = 500
const DAY_MS = 86_400_000

export function groups(world: World, query: GroupQuery): IndexGroups {
  const index = world.kinds[query.kind]
  const valuesOf = valuesTeller(index, query)
  const sums = query.sums.map((field) => ({ field, numberOf: index.numberOf(field) }))
  const counted = new Map<string | null, IndexGroup>()
  const all: IndexGroup = { value: null, count: 0, sums: {} }
  const add = (group: IndexGroup, row: number) => {
    group.count++
    for (const { field, numberOf } of sums) {
      const number = numberOf?.(row)
      if (number !== undefined && !Number.isNaN(number))
        group.sums[field] = (group.sums[field] ?? 0) + number
    }
  }
  visit(world, query, (row) => {
    add(all, row)
    const values = valuesOf(row)
    for (const value of values.length > 0 ? values : [null]) {
      let group = counted.get(value)
      if (!group) {
        group = { value, count: 0, sums: {} }
        counted.set(value, group)
      }
      add(group, row)
    }
  })
  const found = [...counted.values()].sort(
    (a, b) => b.count - a.count || ((a.value ?? '') < (b.value ?? '') ? -1 : 1),
  )
  return {
    groups: found.slice(0, GROUPS_MAX),
    total: all.count,
    sums: all.sums,
    others: Math.max(0, found.length - GROUPS_MAX),
  }
}

function visit(world: World, query: GroupQuery, take: (row: number) => void): void {
  const index = world.kinds[query.kind]
  const fits = rowTest(world, query)
  const terms = parseTerms(query.text ?? '', query.kind)
  if ((query.text ?? '').trim() === '') {
    for (let row = 0; row < index.ids.length; row++) if (fits(row)) take(row)
  } else if (terms.length > 0) {
    const few = fewSeen(index, query.scope, query.deleted ? 2 : 1)
    matchText(index, terms, few).visit(fits, take)
  }
}

function valuesTeller(
  index: KindIndex,
  { by, part, became }: GroupQuery,
): (row: number) => string[] {
  if (by === 'createdAt' || by === 'updatedAt')
    return (row) => [dayPart(index[by][row]!, part ?? 'month')]
  const numberOf = index.numberOf(by)
  if (numberOf)
    return (row) => {
      const number = numberOf(row)
      if (Number.isNaN(number)) return []
      return [part ? dayPart(number * DAY_MS, part) : String(number)]
    }
  const column = index.texts.get(by)
  if (column) return (row) => column.values(row)
  if (became) return (row) => index.valuesOf(row, by).map((id) => became[id] ?? id)
  return (row) => index.valuesOf(row, by)
}

function dayPart(atMs: number, part: 'day' | 'month' | 'year'): string {
  const length = part === 'year' ? 4 : part === 'month' ? 7 : 10
  return new Date(atMs).toISOString().slice(0, length)
}
