/** Columns of a file that are fields of one's own making: known by their label, read as everywhere, refused with why. */
import type { ReadTx } from '#platform/db.ts'
import type { DayOrder } from '#platform/normalise.ts'
import { customName } from '../field-catalogue.ts'
import { readTyped, type ValueProblem } from '../field-values.ts'
import { type FieldDefinition, type FieldValues, MASK } from '../fields/contract.ts'
import { listRows } from '../store.ts'
import type { ImportField, ImportProblem } from './contract.ts'
import type { Draft } from './draft.ts'
import type { RecordKind } from './duplicates.ts'
import type { Reading } from './reading.ts'

/** Those the importer's role sees and that take values. */
export type CustomFields = readonly FieldDefinition[]

export type CustomOptions = {
  custom: CustomFields
  dayOrder: DayOrder
  language: 'nl' | 'en'
  today: string
  isNumberPlain: boolean
}

const nameOf = ({ id }: FieldDefinition) => customName(id) as ImportField

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** What a header means that is a field's label in either language; of people where both kinds have one of that name. */
export function customOf(
  header: string,
  fields: CustomFields,
  isOfCompanies: boolean,
): ImportField | undefined {
  const wanted = fold(header)
  if (!wanted) return undefined
  const named = fields.filter(({ label }) => [label.nl, label.en].map(fold).includes(wanted))
  const kind: RecordKind = isOfCompanies ? 'company' : 'person'
  const found = named.find(({ recordKind }) => recordKind === kind) ?? named[0]
  return found && nameOf(found)
}

export function findCustom(text: string, fields: CustomFields): ImportField | undefined {
  const found = fields.find((field) => nameOf(field) === text)
  return found && nameOf(found)
}

const problemOf: Record<ValueProblem, ImportProblem> = {
  needed: 'needed',
  text: 'option-unknown',
  number: 'number-unreadable',
  money: 'number-unreadable',
  day: 'day-unreadable',
  link: 'link-unreadable',
  option: 'option-unknown',
  'too-long': 'too-long',
  unknown: 'option-unknown',
  archived: 'option-unknown',
  record: 'record-unknown',
}

/** Values of one kind of record: those seen with it, and the confidential ones. */
type RowValues = { custom: FieldValues; confidential: FieldValues }
type ReadCustom = Record<RecordKind, RowValues> & {
  /** As it was typed, by the name of the column. */
  typed: Record<string, string>
  wrong?: { problem: ImportProblem; field: string; value: string }
}

/** A value that is not right refuses its row: half of what somebody meant to bring is nothing they would look for. */
export function readCustom(
  reading: Reading,
  { custom, dayOrder, language, today, isNumberPlain }: CustomOptions,
  kinds: readonly RecordKind[],
): ReadCustom {
  const read: ReadCustom = {
    person: { custom: {}, confidential: {} },
    company: { custom: {}, confidential: {} },
    typed: {},
  }
  const how = { language, dayOrder, thisYear: Number(today.slice(0, 4)), isNumberPlain }
  for (const field of custom) {
    const name = nameOf(field)
    const [cell] = reading.all(name)
    // What an export could only mask says nothing of the value.
    if (!cell || cell.value === MASK) continue
    if (!kinds.includes(field.recordKind)) {
      // Of the other kind of record; what is confidential does not go into a note.
      if (field.sensitivity === 'contact') reading.remarks.push(`${cell.header}: ${cell.value}`)
      continue
    }
    const isText = field.kind === 'text' || field.kind === 'long-text'
    const typed = isText ? reading.withoutNumber(name, cell.value) : cell.value
    const checked = readTyped(field, typed, how)
    if ('problem' in checked) {
      read.wrong ??= { problem: problemOf[checked.problem], field: name, value: cell.value }
      continue
    }
    if (!('value' in checked)) continue
    const { custom: common, confidential } = read[field.recordKind]
    const into = field.sensitivity === 'contact' ? common : confidential
    into[field.id] = checked.value
    read.typed[name] = typed
  }
  return read
}

/** Needed fields of a new record that a row says nothing of. */
export function missingIn(
  fields: CustomFields,
  kind: RecordKind,
  { custom, confidential }: RowValues,
): string[] {
  return fields
    .filter(
      ({ id, recordKind, isRequired }) =>
        isRequired &&
        recordKind === kind &&
        custom[id] === undefined &&
        confidential[id] === undefined,
    )
    .map(nameOf)
}

/** Rows that name a person or company the importer does not see are refused: such a value would lead nowhere. */
export async function refuseUnseen(
  tx: ReadTx,
  drafts: readonly Draft[],
  fields: CustomFields,
): Promise<void> {
  const references = fields.filter(({ kind }) => kind === 'person' || kind === 'company')
  if (references.length === 0) return
  const named = drafts.flatMap((draft) =>
    references.flatMap((field) => {
      const of = draft[field.recordKind]
      const id = of && (of.contact.custom[field.id] ?? of.values[field.id])
      return id ? [{ draft, field, kind: field.kind as RecordKind, id: id as string }] : []
    }),
  )
  if (named.length === 0) return
  const there = new Set<string>()
  for (const kind of ['person', 'company'] as const) {
    const ids = [...new Set(named.filter((one) => one.kind === kind).map(({ id }) => id))]
    if (ids.length === 0) continue
    for (const row of await listRows(tx, kind, ids)) if (!row.deleted_at) there.add(row.id)
  }
  for (const { draft, field, id } of named) {
    if (there.has(id) || draft.refusedWhy) continue
    draft.refusedWhy = 'record-unknown'
    draft.problems.push({ problem: 'record-unknown', field: nameOf(field), value: id })
  }
}
