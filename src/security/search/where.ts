/** From a filter of nested groups to a test of one row. */
import type { IndexCondition, IndexFilter } from './index-types.ts'
import { type KindIndex, valueText } from './kind-index.ts'
import { type Asked, rangeTest, relatedTest, type Test } from './related-where.ts'
import { fold } from './words.ts'

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
  const [of, field] = split(condition.field)
  return of === undefined
    ? ownTest(asked.world.kinds[asked.kind], condition)
    : relatedTest(asked, of, { ...condition, field }, ownTest)
}

function split(field: string): [of: string | undefined, field: string] {
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
