/**
 * What a module's catalogue says can be filtered by, and what the index holds of a record for it. A field that is
 * declared follows by itself, in the index, in the menus and in what a filter may name.
 */
import type { FilterDeclaration, SealedTable } from '#security/vault/catalogue.ts'
import type { IndexDocument } from './index-types.ts'

export type DeclaredFilter = FilterDeclaration & {
  /** The field of the record. */
  field: string
  label: { nl: string; en: string }
}

export function declaredFilters(table: SealedTable): DeclaredFilter[] {
  return table.fields.flatMap((field) =>
    (field.filters ?? []).map((filter) => ({ label: field.label, ...filter, field: field.name })),
  )
}

const known = new WeakMap<SealedTable, DeclaredFilter[]>()

type Columns = {
  filters: Record<string, string | string[]>
  texts: Record<string, string[]>
  numbers: Record<string, number>
}

/** The columns of one record, from its opened value. `readable`: what stands unsealed beside it. */
export function filterColumns(
  table: SealedTable,
  contact: object,
  readable: Record<string, string>,
): Columns & Pick<IndexDocument, 'filters'> {
  let declared = known.get(table)
  if (!declared) {
    declared = declaredFilters(table)
    known.set(table, declared)
  }
  const columns: Columns = { filters: { ...readable }, texts: {}, numbers: {} }
  for (const one of declared) {
    const given = valuesOf(valueAt(contact as Record<string, unknown>, one.field), one.part)
    const values = one.as ? given.flatMap(one.as).filter(Boolean) : given
    const [first] = values
    if (first === undefined) continue
    if (one.kind === 'choice' || one.kind === 'record' || one.kind === 'code')
      columns.filters[one.name] = [...new Set(values)]
    else if (one.kind === 'yes-no') columns.filters[one.name] = first === 'true' ? 'yes' : 'no'
    else if (one.kind === 'option') {
      columns.filters[one.name] = values
      const place = one.options?.findIndex(({ id }) => id === first) ?? -1
      if (place >= 0) columns.numbers[inOrderName(one.name)] = place
    } else if (one.kind === 'text') columns.texts[one.name] = values
    else if (one.kind === 'number') columns.numbers[one.name] = Number(first)
    else {
      const day = dayNumber(first)
      if (day === undefined) continue
      columns.numbers[one.name] = day
      if (one.kind === 'yearly') columns.numbers[yearlyName(one.name)] = dayOfYear(first)
    }
  }
  return columns
}

/** Of a field of one's own making, among the others of its record. */
const CUSTOM = 'custom.'

function valueAt(contact: Record<string, unknown>, field: string): unknown {
  if (!field.startsWith(CUSTOM)) return contact[field]
  return (contact.custom as Record<string, unknown> | undefined)?.[field.slice(CUSTOM.length)]
}

/** Words by which a record is found while somebody types, of fields of one's own making that are searched. */
export function typedWords(table: SealedTable, contact: object): string[] {
  return table.fields.flatMap(({ name, search, filters }) => {
    if (search === 'none' || !name.startsWith(CUSTOM) || !filters?.length) return []
    const values = valuesOf(valueAt(contact as Record<string, unknown>, name), undefined)
    const [{ kind, options }] = filters as [FilterDeclaration]
    if (kind === 'record' || kind === 'yes-no') return []
    if (kind !== 'option') return values
    return values.flatMap((id) => {
      const label = options?.find((one) => one.id === id)?.label
      return label ? [label.nl, label.en].filter(Boolean) : []
    })
  })
}

function valuesOf(given: unknown, part: string | undefined): string[] {
  if (given === null || given === undefined || given === '') return []
  if (Array.isArray(given)) return given.flatMap((one) => valuesOf(one, part))
  if (typeof given === 'object')
    return valuesOf((given as Record<string, unknown>)[part ?? 'value'], part)
  return [String(given)]
}

const DAY_MS = 86_400_000

/** '2026-11-25' → days since 1970; undefined for what is no day. */
export function dayNumber(day: string): number | undefined {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  return Number.isNaN(at) ? undefined : at / DAY_MS
}

/** Under this name stands when in the year a yearly day is. */
export function yearlyName(name: string): string {
  return `${name} of the year`
}

/** Under this name stands which of its options a record has, so that a list goes by their order. */
export function inOrderName(name: string): string {
  return `${name} in order`
}

/** Month and day as one number that rises through the year, the same in leap years and others. */
export function dayOfYear(day: string): number {
  return Number(day.slice(5, 7)) * 100 + Number(day.slice(8, 10))
}
