/** From a filter as somebody made it to one the index answers; what can't be asked is refused with its field. */
import { readCompanyNumber } from '#platform/company-number.ts'
import { normalisePhone } from '#platform/normalise.ts'
import { refuse } from '#platform/problem.ts'
import { dayNumber, dayOfYear, yearlyName } from '#security/search/declared-filters.ts'
import type { Became, IndexFilter, IndexKind } from '#security/search/index-types.ts'
import type { ListFields } from './filter-fields.ts'
import type { Condition, Field, Filter } from './views/contract.ts'

const DAY_MS = 86_400_000
// Segments may be made of segments, but a ring of them has no end.
const SEGMENTS_DEEP = 5

export type SegmentOf = (id: string) => Promise<Filter | undefined>
/** What a filter asks that the index can't say by itself. */
export type Beside = {
  segmentOf: SegmentOf
  /** Who holds one of these values in a confidential field, as far as the caller may be told. */
  holdersOf(field: string, values: string[]): Promise<string[]>
  /** What was merged into these records: a value may still name that. */
  mergedInto(ids: string[]): Promise<string[]>
  /** What became of those that were merged. */
  becameOf(kind: IndexKind): Promise<Became>
  /** Of those the caller sees. */
  namesOf(kind: IndexKind, ids: string[]): Promise<Record<string, string>>
}

export async function indexFilter(
  { byName }: ListFields,
  filter: Filter,
  beside: Beside,
  now: Date,
  depth = 0,
): Promise<IndexFilter> {
  const inner = (one: Filter) => indexFilter({ fields: [], byName }, one, beside, now, depth)
  if ('all' in filter) return { all: await Promise.all(filter.all.map(inner)) }
  if ('any' in filter) {
    // A group somebody is still making lets everything through, as one without conditions does.
    if (filter.any.length === 0) return { all: [] }
    return { any: await Promise.all(filter.any.map(inner)) }
  }
  const field = byName.get(filter.field) ?? wrong(filter.field, 'unknown')
  if (!field.operators.includes(filter.operator)) wrong(field.name, 'operator')
  if (isCustom(field)) return customCondition(field, filter, beside, now)
  if (field.kind !== 'segment') return conditionOf(field, filter, now)
  if (depth >= SEGMENTS_DEEP) wrong(field.name, 'segments-in-a-ring')
  const parts = await Promise.all(
    filter.values.map(async (id) => {
      const segment = (await beside.segmentOf(id)) ?? wrong(field.name, 'unknown-segment')
      return indexFilter({ fields: [], byName }, segment, beside, now, depth + 1)
    }),
  )
  return filter.operator === 'is-not' ? { not: { any: parts } } : { any: parts }
}

const isCustom = ({ name }: Field) => /^((person|company)\.)?custom\./.test(name)

/** A field of one's own making: some of its kinds are held by an id, and one that is confidential is not in the index. */
async function customCondition(
  field: Field,
  condition: Condition,
  { holdersOf, mergedInto }: Beside,
  now: Date,
): Promise<IndexFilter> {
  const { name, kind } = field
  const { operator } = condition
  const values = condition.values.filter((value) => value !== '')
  if (values.length > 0 && !field.isGroupable && field.of === null)
    return { field: 'id', test: 'equals', values: await holdersOf(name, values) }
  if (values.length > 0 && kind === 'yes-no' && operator === 'is')
    return {
      field: name,
      test: 'equals',
      values: values.map((one) => (one === 'no' ? 'no' : 'yes')),
    }
  if (values.length > 0 && kind === 'record') {
    const all = [...values, ...(await mergedInto(values))]
    return conditionOf(field, { ...condition, values: all }, now)
  }
  return conditionOf(field, condition, now)
}

function wrong(field: string, problem: string): never {
  refuse('invalid-fields', { fields: [{ field: 'filter', problem, of: field }] })
}

function conditionOf(field: Field, { operator, values }: Condition, now: Date): IndexFilter {
  const { name, kind } = field
  if (operator === 'empty') return { not: { field: name, test: 'there' } }
  if (operator === 'not-empty') return { field: name, test: 'there' }
  const [first] = values.filter((value) => value !== '')
  // Half made, a condition asks nothing yet.
  if (first === undefined) return { all: [] }
  if (name === 'task.isOverdue') {
    // Due today is not too late yet.
    const overdue: IndexFilter = { field: 'task.dueOn', test: 'range', to: localDay(now) }
    return first === 'no' ? { not: overdue } : overdue
  }
  if (kind === 'yes-no')
    return first === 'no' ? { not: { field: name, test: 'there' } } : { field: name, test: 'there' }
  if (kind === 'number') return numberRange(field, operator, first)
  if (kind === 'day') return ranged(name, dayRange(field, operator, first, now), 1)
  if (kind === 'yearly' && operator === 'in-next-days') return comingDays(field, first, now)
  if (kind === 'yearly') return ranged(name, dayRange(field, operator, first, now), 1)
  if (kind === 'instant') return instantRange(field, operator, first, now)
  const asked = /(^|\.)phone$/.test(name)
    ? values.map((value) => phonePart(value, operator))
    : /(^|\.)(enterprise|other|site)Number$/.test(name)
      ? values.map((value) => companyNumberPart(value, operator))
      : kind === 'sector'
        ? values.map((value) => value.replace(/\D/g, ''))
        : values
  if (operator === 'is' || operator === 'is-not') {
    const equal: IndexFilter = { field: name, test: 'equals', values: asked }
    return operator === 'is' ? equal : { not: equal }
  }
  if (operator === 'starts-with') return { field: name, test: 'starts', values: asked }
  const holds: IndexFilter = { field: name, test: 'contains', values: asked }
  return operator === 'contains' ? holds : { not: holds }
}

/** Kept in one writing, and asked for in any. */
function companyNumberPart(value: string, operator: Condition['operator']): string {
  const plain = value.toUpperCase().replace(/[^0-9A-Z]/g, '')
  if (operator === 'is' || operator === 'is-not') return readCompanyNumber(value).value
  // A Belgian number is written with its letters as often as without.
  return operator === 'starts-with' && /^[01]\d*$/.test(plain) ? `BE${plain}` : plain
}

/** Numbers are kept as +32…, and people ask for 0475 or for the last digits. */
function phonePart(value: string, operator: Condition['operator']): string {
  if (operator === 'is' || operator === 'is-not') return normalisePhone(value)
  const digits = value.replace(/\(0\)/g, '').replace(/[^\d+]/g, '')
  if (operator === 'starts-with') return digits
  return digits.replace(/^0/, '') || value
}

function numberRange({ name }: Field, operator: Condition['operator'], value: string): IndexFilter {
  const number = Number(value.replace(',', '.'))
  if (!Number.isFinite(number)) wrong(name, 'number')
  if (operator === 'at-least') return { field: name, test: 'range', from: number }
  if (operator === 'at-most') return { field: name, test: 'range', to: next(number) }
  return { field: name, test: 'range', from: number, to: next(number) }
}

/** The smallest number behind this one: a range ends before its end. */
function next(number: number): number {
  return number + Math.max(Math.abs(number), 1) * Number.EPSILON
}

type Range = { from?: number; to?: number }

function ranged(field: string, { from, to }: Range, unit: number): IndexFilter {
  return {
    field,
    test: 'range',
    ...(from === undefined ? {} : { from: from * unit }),
    ...(to === undefined ? {} : { to: to * unit }),
  }
}

/** In days since 1970; the end does not count. */
function dayRange(field: Field, operator: Condition['operator'], value: string, now: Date): Range {
  if (operator === 'in-last-days' || operator === 'in-next-days') {
    const today = localDay(now)
    const count = daysOf(field, value)
    return operator === 'in-last-days'
      ? { from: today - count + 1, to: today + 1 }
      : { from: today, to: today + count + 1 }
  }
  const day = dayNumber(value) ?? wrong(field.name, 'day')
  if (operator === 'before') return { to: day }
  return operator === 'after' ? { from: day + 1 } : { from: day, to: day + 1 }
}

function daysOf({ name }: Field, value: string): number {
  const count = Number(value)
  if (!Number.isInteger(count) || count < 1 || count > 36_500) wrong(name, 'days')
  return count
}

/** The day it is here, where the server stands. */
function localDay(now: Date): number {
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / DAY_MS
}

/** A day of an instant begins at midnight here, also where the clock changed that day. */
function instantRange(
  field: Field,
  operator: Condition['operator'],
  value: string,
  now: Date,
): IndexFilter {
  if (operator === 'in-last-days' || operator === 'not-in-last-days') {
    const from = now.getTime() - daysOf(field, value) * DAY_MS
    const lately: IndexFilter = { field: field.name, test: 'range', from }
    return operator === 'in-last-days' ? lately : { not: lately }
  }
  const { from, to } = dayRange(field, operator, value, now)
  return {
    field: field.name,
    test: 'range',
    ...(from === undefined ? {} : { from: midnight(from) }),
    ...(to === undefined ? {} : { to: midnight(to) }),
  }
}

function midnight(day: number): number {
  const at = new Date(day * DAY_MS)
  return new Date(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()).getTime()
}

/** Birthdays of the coming days, over the end of the year too. */
function comingDays(field: Field, value: string, now: Date): IndexFilter {
  const today = localDay(now)
  const written = (day: number) => dayOfYear(new Date(day * DAY_MS).toISOString().slice(0, 10))
  const [first, last] = [written(today), written(today + Math.min(daysOf(field, value), 365))]
  const name = yearlyName(field.name)
  if (first <= last && daysOf(field, value) < 365)
    return { field: name, test: 'range', from: first, to: last + 1 }
  return {
    any: [
      { field: name, test: 'range', from: first },
      { field: name, test: 'range', from: 0, to: last + 1 },
    ],
  }
}
