/** From a filter of nested groups to a test of one row. Every test of a linked record asks whether it may be seen. */
import type { IndexCondition, IndexFilter, IndexKind, IndexScope } from './index-types.ts'
import { type KindIndex, valueText } from './kind-index.ts'
import type { World } from './relations.ts'
import { visibility } from './scope.ts'
import { fold } from './words.ts'

type Test = (row: number) => boolean
type Asked = { world: World; kind: IndexKind; scope: IndexScope }

export function whereTest(asked: Asked, filter: IndexFilter): Test {
  if ('all' in filter) {
    const tests = filter.all.map((one) => whereTest(asked, one))
    if (tests.length === 1) return tests[0]!
    return (row) => {
      for (const test of tests) if (!test(row)) return false
      return true
    }
  }
  if ('any' in filter) {
    const tests = filter.any.map((one) => whereTest(asked, one))
    return (row) => {
      for (const test of tests) if (test(row)) return true
      return false
    }
  }
  if ('not' in filter) {
    const test = whereTest(asked, filter.not)
    return (row) => !test(row)
  }
  return conditionTest(asked, filter)
}

function conditionTest(asked: Asked, condition: IndexCondition): Test {
  const { world, kind, scope } = asked
  const [relation, field] = split(condition.field)
  if (relation === undefined) return ownTest(world.kinds[kind], condition)
  if (relation === 'task' || relation === 'note') {
    const related = world.relations[relation]
    const isIt = relatedTest(asked, relation, { ...condition, field })
    const isTold = visibility(world.kinds[kind], scope.beside?.[relation] ?? scope)
    return (row) => isTold(row) && related.some(kind, row, isIt)
  }
  // An affiliation is there for whoever sees both its sides.
  const other = kind === 'person' ? 'company' : 'person'
  // Whom somebody worked for is asked apart from whom they work for.
  const isAskedPast = relation === 'former'
  const today = localDay(new Date())
  const index = world.kinds[other]
  const related = world.relations.affiliation
  const isSeen = visibility(index, scope.beside?.linked ?? scope)
  const isIt =
    relation === 'affiliation'
      ? titleTest(related.texts, condition)
      : linkedTest(index, condition, field)
  return (row) =>
    related.some(kind, row, (slot) => {
      // Without a last day it is never over.
      if (related.at[slot]! < today !== isAskedPast) return false
      const otherRow = related.rows[other][slot]!
      return index.status[otherRow] === 1 && isSeen(otherRow) && isIt(slot, otherRow)
    })
}

/** `company.city` asks the company's own field; `company.id`, whether there is one. */
function linkedTest(index: KindIndex, condition: IndexCondition, field: string) {
  if (field === 'id') {
    if (condition.test !== 'equals') return () => true
    const rows = new Set(condition.values.map((id) => index.rowOf.get(id)))
    return (_: number, row: number) => rows.has(row)
  }
  const test = ownTest(index, { ...condition, field })
  return (_: number, row: number) => test(row)
}

/** Days since 1970, where the server stands. */
function localDay(now: Date): number {
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / 86_400_000
}

function titleTest(texts: readonly string[], condition: IndexCondition) {
  const isIt = stringTest(condition)
  return (slot: number) => isIt(texts[slot]!)
}

function relatedTest({ world }: Asked, relation: 'task' | 'note', condition: IndexCondition) {
  const related = world.relations[relation]
  const isCounted = (slot: number) => relation === 'note' || related.isOpen[slot] === 1
  if (condition.test === 'range') {
    const isIn = rangeTest(condition)
    return (slot: number) => isCounted(slot) && isIn(related.at[slot]!)
  }
  if (condition.test === 'equals' && condition.field === 'assigneeId') {
    const ids = new Set<string | null>(condition.values)
    return (slot: number) => isCounted(slot) && ids.has(related.userIds[slot]!)
  }
  return isCounted
}

function split(field: string): [relation: string | undefined, field: string] {
  const dot = field.indexOf('.')
  // A field of one's own making is the record's own.
  return dot < 0 || field.startsWith('custom.')
    ? [undefined, field]
    : [field.slice(0, dot), field.slice(dot + 1)]
}

function ownTest(index: KindIndex, condition: IndexCondition): Test {
  const { field, test } = condition
  if (field === 'id') {
    const rows = new Set(test === 'equals' ? condition.values.map((id) => index.rowOf.get(id)) : [])
    return (row) => rows.has(row)
  }
  const numbers =
    field === 'createdAt' || field === 'updatedAt'
      ? (row: number) => index[field][row]!
      : index.numberOf(field)
  if (numbers) {
    if (test === 'range') {
      const isIn = rangeTest(condition)
      return (row) => isIn(numbers(row))
    }
    return (row) => !Number.isNaN(numbers(row))
  }
  const texts = index.texts.get(field)
  if (texts) {
    if (test === 'there') return (row) => texts.isThere(row)
    return test === 'range' ? () => false : texts.test(test, condition.values)
  }
  return choiceTest(index, condition)
}

/** Few values, each with a number: which of them answer is looked up once, and a row compares numbers. */
function choiceTest(index: KindIndex, condition: IndexCondition): Test {
  const start = valueText(condition.field, '')
  const isIt = condition.test === 'there' ? () => true : stringTest(condition)
  const isWanted = new Uint8Array(index.values.bound)
  for (let value = 0; value < isWanted.length; value++) {
    const text = index.values.word(value)
    if (text.startsWith(start) && isIt(text.slice(start.length))) isWanted[value] = 1
  }
  return (row) => {
    const count = index.rowValues.length(row)
    for (let i = 0; i < count; i++) if (isWanted[index.rowValues.at(row, i)] === 1) return true
    return false
  }
}

function stringTest(condition: IndexCondition): (text: string) => boolean {
  if (condition.test === 'range') return () => false
  if (condition.test === 'there') return (text) => text !== ''
  const wanted = condition.values.map((value) => fold(value).trim()).filter((value) => value !== '')
  return (text) => {
    const folded = fold(text).trim()
    if (condition.test === 'equals') return wanted.includes(folded)
    if (condition.test === 'starts') return wanted.some((value) => folded.startsWith(value))
    return wanted.some((value) => folded.includes(value))
  }
}

/** `from` counts, `to` does not; a missing number is in no range. */
function rangeTest({ from, to }: { from?: number; to?: number }): (value: number) => boolean {
  const low = from ?? Number.NEGATIVE_INFINITY
  const high = to ?? Number.POSITIVE_INFINITY
  return (value) => value >= low && value < high
}
