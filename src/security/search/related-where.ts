/**
 * Conditions on what hangs on a record: tasks, notes, files, and whoever it is tied to.
 *
 * **Trusts** the scope it is given. A tie is there only for whoever sees its other end, so that neither a row nor a
 * count tells of a record that is hidden.
 */
import type { IndexCondition, IndexKind, IndexScope, Relation } from './index-types.ts'
import type { KindIndex } from './kind-index.ts'
import type { Related, World } from './relations.ts'
import { visibility } from './scope.ts'

export type Test = (row: number) => boolean
export type Asked = { world: World; kind: IndexKind; scope: IndexScope }
type OwnTest = (index: KindIndex, condition: IndexCondition) => Test
type SlotTest = (slot: number) => boolean

export function relatedTest(
  asked: Asked,
  of: string,
  condition: IndexCondition,
  ownTest: OwnTest,
): Test {
  const { task, affiliation } = asked.world.relations
  switch (of) {
    case 'task':
      return hanging(asked, 'task', condition, (slot) => task.isMarked[slot] === 1)
    case 'done':
      return hanging(asked, 'task', condition, (slot) => task.isMarked[slot] === 0)
    case 'note':
      return hanging(asked, 'note', condition)
    case 'file':
      return hanging(asked, 'file', condition)
    case 'activity':
      return lastActivity(asked, condition)
    case 'relation':
      return tied(asked, condition, false)
    case 'pastRelation':
      return tied(asked, condition, true)
    case 'group':
      return grouped(asked, condition)
    case 'affiliation':
      return linked(asked, false, slotTest(asked.world, 'affiliation', condition))
    case 'former':
      // Whom somebody worked for is asked apart from whom they work for.
      return linked(
        asked,
        true,
        condition.field === 'id'
          ? recordTest(otherIndex(asked), condition)
          : slotTest(asked.world, 'affiliation', condition),
      )
    case 'main': {
      const isIt = recordTest(otherIndex(asked), condition)
      return linked(
        asked,
        false,
        (slot, row) => affiliation.isMarked[slot] === 1 && isIt(slot, row),
      )
    }
    default:
      return condition.field === 'count'
        ? linkedCount(asked, condition)
        : linked(asked, false, linkedTest(otherIndex(asked), condition, ownTest))
  }
}

/** On one record alone: for whoever may read what hangs there. */
function hanging(
  asked: Asked,
  sort: Hanging,
  condition: IndexCondition,
  isCounted: SlotTest = () => true,
): Test {
  const related = asked.world.relations[sort]
  const isIt = slotTest(asked.world, sort, condition)
  const isRead = mayRead(asked, sort)
  return (row) =>
    isRead(row) && related.some(asked.kind, row, (slot) => isCounted(slot) && isIt(slot))
}

type Hanging = 'task' | 'note' | 'file'
/** Whose notes, tasks or files the asker reads may be fewer than whose records they see. */
function mayRead({ world, kind, scope }: Asked, sort: Hanging): Test {
  return visibility(world.kinds[kind], scope.beside?.[sort] ?? scope)
}

const textFields = new Set(['jobTitle', 'department'])
// A file's name may be longer than a column's value.
const bodyFields = new Set(['body', 'name'])

function slotTest(world: World, sort: Relation, condition: IndexCondition): SlotTest {
  const related = world.relations[sort]
  const { field, test } = condition
  if (test === 'range') {
    const isIn = rangeTest(condition)
    const numbers = field === 'doneAt' ? related.doneAt : related.at
    return (slot) => isIn(numbers[slot]!)
  }
  if (bodyFields.has(field)) {
    if (test === 'there') return world.contents.isThere(sort)
    return world.contents.holding(sort, condition.values)
  }
  if (textFields.has(field)) {
    const column = related.texts.get(field)
    if (!column) return () => false
    if (test === 'there') return (slot) => column.isThere(slot)
    return column.test(test, condition.values)
  }
  if (test === 'equals') {
    const ids = new Set<string | null>(condition.values)
    return (slot) => ids.has(related.userIds[slot]!)
  }
  return () => true
}

/** The last note, ticked-off task or file, and at first that the record was made. */
function lastActivity(asked: Asked, condition: IndexCondition): Test {
  if (condition.test !== 'range') return () => true
  const { world, kind } = asked
  const isIn = rangeTest(condition)
  const index = world.kinds[kind]
  const { note, file, task } = world.relations
  const sources = [
    [note, note.at, mayRead(asked, 'note')],
    [file, file.at, mayRead(asked, 'file')],
    [task, task.doneAt, mayRead(asked, 'task')],
  ] as const
  return (row) => {
    let last = index.createdAt[row]!
    for (const [related, at, isRead] of sources) {
      if (!isRead(row)) continue
      const pool = related.ofRow[kind]
      const count = pool.length(row)
      for (let i = 0; i < count; i++) {
        const one = at[pool.at(row, i)]!
        if (one > last) last = one
      }
    }
    return isIn(last)
  }
}

const otherKind = ({ kind }: Asked): IndexKind => (kind === 'person' ? 'company' : 'person')
const otherIndex = (asked: Asked) => asked.world.kinds[otherKind(asked)]

/** An affiliation is there for whoever sees both its sides, and as long as the other is not in the bin. */
function affiliated(
  asked: Asked,
  isAskedPast: boolean,
  isIt: (slot: number, row: number) => boolean,
): SlotTest {
  const index = otherIndex(asked)
  const related = asked.world.relations.affiliation
  const others = related.ends[asked.kind === 'person' ? 1 : 0]
  const isSeen = visibility(index, asked.scope.beside?.linked ?? asked.scope)
  const today = localDay(new Date())
  return (slot) => {
    // Without a last day it is never over.
    if (related.at[slot]! < today !== isAskedPast) return false
    const row = others[slot]!
    return index.status[row] === 1 && isSeen(row) && isIt(slot, row)
  }
}

function linked(
  asked: Asked,
  isAskedPast: boolean,
  isIt: (slot: number, row: number) => boolean,
): Test {
  const related = asked.world.relations.affiliation
  const isAsked = affiliated(asked, isAskedPast, isIt)
  return (row) => related.some(asked.kind, row, isAsked)
}

function linkedCount(asked: Asked, condition: IndexCondition): Test {
  if (condition.test !== 'range') return () => true
  const related = asked.world.relations.affiliation
  const isIn = rangeTest(condition)
  const isAsked = affiliated(asked, false, () => true)
  return (row) => isIn(related.count(asked.kind, row, isAsked))
}

/** `company.city` asks the company's own field; `company.id`, whether there is one. */
function linkedTest(index: KindIndex, condition: IndexCondition, ownTest: OwnTest) {
  if (condition.field === 'id') return recordTest(index, condition)
  const test = ownTest(index, condition)
  return (_: number, row: number) => test(row)
}

function recordTest(index: KindIndex, condition: IndexCondition) {
  if (condition.test !== 'equals') return () => true
  const rows = new Set(condition.values.map((id) => index.rowOf.get(id)))
  return (_: number, row: number) => rows.has(row)
}

/** A relation is named from both ends, and is there for whoever sees both. */
function tied({ world, kind, scope }: Asked, condition: IndexCondition, isPast: boolean): Test {
  const related = world.relations.relation
  const index = world.kinds[kind]
  const isSeen = visibility(index, scope)
  const today = localDay(new Date())
  const isIt = tieTest(related, index, condition)
  return (row) =>
    related.some(kind, row, (slot) => {
      if (related.at[slot]! < today !== isPast) return false
      const side = related.sideOf(slot, row)
      const other = related.ends[side === 0 ? 1 : 0][slot]!
      return index.status[other] === 1 && isSeen(other) && isIt(slot, side, other)
    })
}

function tieTest(related: Related, index: KindIndex, condition: IndexCondition) {
  const { field, test } = condition
  if (field === 'label') {
    // In the words of each end.
    const tests = ['label', 'inverseLabel'].map((name) => {
      const column = related.texts.get(name)
      if (!column || test === 'range') return () => false
      return test === 'there'
        ? (slot: number) => column.isThere(slot)
        : column.test(test, condition.values)
    })
    return (slot: number, side: 0 | 1) => tests[side]!(slot)
  }
  const isOther = recordTest(index, condition)
  if (field === 'any') return (slot: number, _: 0 | 1, other: number) => isOther(slot, other)
  const role = related.roleNumber(field)
  return (slot: number, side: 0 | 1, other: number) =>
    related.roles[side][slot] === role && isOther(slot, other)
}

/** In one group with another: above, below and beside, through companies that the asker sees. */
function grouped({ world, kind, scope }: Asked, condition: IndexCondition): Test {
  const related = world.relations.relation
  const index = world.kinds[kind]
  const isSeen = visibility(index, scope)
  const today = localDay(new Date())
  const isThere = (row: number) => index.status[row] === 1 && isSeen(row)
  const nextTo = (row: number): number[] => {
    const pool = related.ofRow[kind]
    return Array.from({ length: pool.length(row) }, (_, i) => pool.at(row, i))
      .filter((slot) => related.isMarked[slot] === 1 && !(related.at[slot]! < today))
      .map((slot) => related.ends[related.sideOf(slot, row) === 0 ? 1 : 0][slot]!)
      .filter(isThere)
  }
  if (condition.test !== 'equals')
    return (row) => related.ofRow[kind].length(row) > 0 && nextTo(row).length > 0
  const members = new Set<number>()
  for (const id of condition.values) {
    const first = index.rowOf.get(id)
    if (first === undefined || members.has(first) || !isThere(first)) continue
    // One that stands alone is no group.
    const waiting = nextTo(first)
    if (waiting.length > 0) members.add(first)
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      if (members.has(row)) continue
      members.add(row)
      waiting.push(...nextTo(row))
    }
  }
  return (row) => members.has(row)
}

/** Days since 1970, where the server stands. */
function localDay(now: Date): number {
  return Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()) / 86_400_000
}

/** `from` counts, `to` does not; a missing number is in no range. */
export function rangeTest({
  from,
  to,
}: {
  from?: number
  to?: number
}): (value: number) => boolean {
  const low = from ?? Number.NEGATIVE_INFINITY
  const high = to ?? Number.POSITIVE_INFINITY
  return (value) => value >= low && value < high
}
