/**
 * Cells of a list, each typed as text. A row that can't be changed does not take the others with it, and a cell that
 * is wrong says which and why; its row then stays as it was.
 */
import { normaliseEmail } from '#platform/normalise.ts'
import { Problem } from '#platform/problem.ts'
import type { RecordKind } from './field-catalogue.ts'
import { readTyped, showTyped } from './field-values.ts'
import type { FieldDefinition, FieldValues, GivenValues } from './fields/contract.ts'
import type { CellChange, CellOutcome } from './views/contract.ts'

type Labelled = { value: string; label?: string | undefined }
type Address = {
  street: string
  postalCode: string
  city: string
  country: string
  label?: string | undefined
}
/** What cells change of a record, whether person or company. */
export type CellContact = {
  emails: Labelled[]
  phones: Labelled[]
  addresses: Address[]
  tags: string[]
  custom?: FieldValues
}
type Problems = { column: string; problem: string }[]
const STAGES = ['lead', 'prospect', 'customer', 'former']
const ADDRESS_PARTS = ['street', 'postalCode', 'city', 'country'] as const
const LANGUAGE = /^[a-z]{2}$/
const COUNTRY = /^[A-Z]{2}$/

/** Columns that a record has beside those both kinds have, with the longest text each takes. */
export type OwnColumns = Record<
  string,
  { max: number; isNeeded?: boolean; check?: (text: string) => boolean }
>

/** Fields of one's own making that a list shows, and the language their cells are typed in. */
export type CustomColumns = {
  fields: readonly FieldDefinition[]
  language: 'nl' | 'en'
  now: Date
  /** Of whom the caller sees, who is called so. */
  findNamed: (kind: RecordKind, name: string) => Promise<string[]>
}
/** Who is meant by each name that was typed where a person or company stands. */
type Meant = ReadonlyMap<string, string[]>
const meantBy = (kind: string, name: string) => `${kind} ${name.trim()}`
const CUSTOM = 'custom.'

export function changeOfCells(
  contact: CellContact,
  own: OwnColumns,
  { fields, language, now }: CustomColumns,
  meant: Meant,
  cells: Record<string, string>,
): { change: Record<string, unknown> } | { problems: Problems } {
  const change: Record<string, unknown> = {}
  const custom: GivenValues = {}
  const problems: Problems = []
  const address: Address = {
    street: '',
    postalCode: '',
    city: '',
    country: '',
    ...contact.addresses[0],
  }
  let isMoved = false
  for (const [column, text] of Object.entries(cells)) {
    const wrong = (problem: string) => problems.push({ column, problem })
    const part = ADDRESS_PARTS.find((one) => one === column)
    if (part) {
      const value = part === 'country' ? text.toUpperCase() : text
      if (part === 'country' && value !== '' && !COUNTRY.test(value)) wrong('country')
      else if (value.length > (part === 'street' ? 200 : 100)) wrong('too-long')
      address[part] = value
      isMoved = true
    } else if (column === 'email') {
      if (text !== '' && !normaliseEmail(text)) wrong('email')
      else change.emails = withFirst(contact.emails, text)
    } else if (column === 'phone') {
      if (text !== '' && (text.length > 60 || !/\d/.test(text))) wrong('phone')
      else change.phones = withFirst(contact.phones, text)
    } else if (column === 'tags') {
      const tags = [
        ...new Set(
          text
            .split(/[,;]/)
            .map((tag) => tag.trim())
            .filter(Boolean),
        ),
      ]
      if (tags.length > 50 || tags.some((tag) => tag.length > 60)) wrong('too-long')
      else change.tags = tags
    } else if (column === 'stage') {
      if (STAGES.includes(text)) change.stage = text
      else wrong('stage')
    } else if (column === 'language') {
      const code = text.toLowerCase()
      if (code === '' || LANGUAGE.test(code)) change.language = code
      else wrong('language')
    } else if (column.startsWith(CUSTOM)) {
      const id = column.slice(CUSTOM.length)
      const field = fields.find((one) => one.id === id)
      const reading = { language, thisYear: now.getFullYear() }
      const named = field && meant.get(meantBy(field.kind, text))
      const read = field && readTyped(field, named?.[0] ?? text, reading, contact.custom?.[id])
      if (!read) wrong('unknown')
      else if (named && named.length !== 1) wrong(named.length > 1 ? 'ambiguous' : 'record')
      else if ('problem' in read) wrong(read.problem)
      else custom[id] = 'value' in read ? read.value : null
    } else {
      const declared = own[column]
      if (!declared) wrong('unknown')
      else if (text === '' && declared.isNeeded) wrong('needed')
      else if (text.length > declared.max) wrong('too-long')
      else if (text !== '' && declared.check && !declared.check(text)) wrong(column)
      else change[column] = text
    }
  }
  if (problems.length > 0) return { problems }
  if (Object.keys(custom).length > 0) change.custom = custom
  if (isMoved) {
    const isEmpty = ADDRESS_PARTS.every((part) => address[part] === '')
    const others = contact.addresses.slice(1)
    change.addresses = isEmpty ? others : [address, ...others]
  }
  return { change }
}

/** As they would be typed; a choice by its id, so that undoing finds the very one. */
export function writtenCustom(
  custom: FieldValues | undefined,
  { fields, language }: CustomColumns,
): Record<string, string> {
  return Object.fromEntries(
    fields.map((field) => {
      const value = custom?.[field.id]
      const isChosen = field.kind === 'choice' || field.kind === 'choices'
      const text =
        isChosen && value !== undefined
          ? [value].flat().join('; ')
          : showTyped(field, value, language)
      return [`${CUSTOM}${field.id}`, text]
    }),
  )
}

/** A record may have several; the list shows and changes the first. */
function withFirst(all: readonly Labelled[], value: string): Labelled[] {
  const [first, ...others] = all
  return value === '' ? others : [{ ...first, value }, ...others]
}

type Row = CellChange['rows'][number]
type Opened = { contact: CellContact; before: Record<string, string> }

export async function changeCells(
  rows: readonly Row[],
  own: OwnColumns,
  custom: CustomColumns,
  open: (id: string) => Promise<Opened>,
  edit: (id: string, change: Record<string, unknown>) => Promise<{ rowVersion: number }>,
): Promise<{ results: CellOutcome[] }> {
  const results: CellOutcome[] = []
  const meant = await findMeant(rows, custom)
  for (const row of rows) results.push(await changeRow(row, own, custom, meant, open, edit))
  return { results }
}

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\)?$/i

/** Each name is looked for once, however many cells it was pasted in. */
async function findMeant(
  rows: readonly Row[],
  { fields, findNamed }: CustomColumns,
): Promise<Meant> {
  const meant = new Map<string, string[]>()
  for (const field of fields) {
    const { kind } = field
    if (kind !== 'person' && kind !== 'company') continue
    for (const { cells } of rows) {
      const text = (cells[`${CUSTOM}${field.id}`] ?? '').trim()
      const key = meantBy(kind, text)
      if (text !== '' && !ID.test(text) && !meant.has(key))
        meant.set(key, await findNamed(kind, text))
    }
  }
  return meant
}

async function changeRow(
  { id, rowVersion, cells }: Row,
  own: OwnColumns,
  custom: CustomColumns,
  meant: Meant,
  open: (id: string) => Promise<Opened>,
  edit: (id: string, change: Record<string, unknown>) => Promise<{ rowVersion: number }>,
): Promise<CellOutcome> {
  try {
    const { contact, before } = await open(id)
    const asked = changeOfCells(contact, own, custom, meant, cells)
    if ('problems' in asked) return { id, outcome: 'invalid', problems: asked.problems }
    const after = await edit(id, { ...asked.change, rowVersion })
    return {
      id,
      outcome: 'changed',
      rowVersion: after.rowVersion,
      before: Object.fromEntries(
        Object.keys(cells).map((column) => [column, before[column] ?? '']),
      ),
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.code === 'not-found') return { id, outcome: 'not-found' }
    if (error.code === 'changed-meanwhile')
      return { id, outcome: 'changed-meanwhile', by: (error.detail?.changedBy as string) ?? null }
    if (
      error.code === 'record-erased' ||
      error.code === 'record-damaged' ||
      error.code === 'key-damaged'
    )
      return { id, outcome: 'closed', why: error.code }
    if (error.code !== 'invalid-fields') throw error
    const fields = (error.detail?.fields ?? []) as { field: string; problem: string }[]
    return {
      id,
      outcome: 'invalid',
      problems: fields.map(({ field, problem }) => ({
        column: field.startsWith(CUSTOM) ? field : field.split('.')[0]!,
        problem,
      })),
    }
  }
}
