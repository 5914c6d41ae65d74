import { findNationalNumbers, maskNationalNumbers } from '#platform/national-number.ts'
import type { ImportField, ImportProblem, Problem } from './contract.ts'

export type ReadingOptions = {
  headers: string[]
  mapping: ImportField[]
  keepsNationalNumbers: boolean
  /** Whether the importer's role may have account numbers. */
  takesIbans: boolean
}

export const FORMULA = /^[=+\-@\t\r]/
const LONGEST: Partial<Record<ImportField, number>> = {
  street: 200,
  postalCode: 20,
  city: 100,
  website: 300,
  reference: 80,
  industry: 120,
  jobTitle: 120,
  task: 200,
}

const columns = new WeakMap<ImportField[], Map<ImportField, number[]>>()

/** Asked some forty times a row, so looked up once a file. */
function columnsOf(mapping: ImportField[]): Map<ImportField, number[]> {
  let known = columns.get(mapping)
  if (!known) {
    known = Map.groupBy(mapping.keys(), (at) => mapping[at]!)
    columns.set(mapping, known)
  }
  return known
}

/** The cells of one row by field, with what is told about them. */
export class Reading {
  readonly problems: Problem[] = []
  /** What was read but has no place of its own: it goes into the note. */
  readonly remarks: string[] = []
  isFlagged = false
  readonly #cells: string[]
  readonly #options: ReadingOptions
  constructor(cells: string[], options: ReadingOptions) {
    this.#cells = cells
    this.#options = options
  }
  get takesIbans(): boolean {
    return this.#options.takesIbans
  }
  all(field: ImportField): { header: string; value: string }[] {
    const { headers, mapping } = this.#options
    const found: { header: string; value: string }[] = []
    for (const at of columnsOf(mapping).get(field) ?? []) {
      const value = this.#cells[at]
      if (value) found.push({ header: headers[at]!, value })
    }
    return found
  }
  one(field: ImportField): string {
    return this.all(field)[0]?.value ?? ''
  }
  /**
   * Columns of the same few fields in the order they stand, parted where one of `again` comes a second time: a file
   * with the address of the office and then the one at home has two. Two of one field side by side are one value.
   */
  groups(
    fields: ReadonlySet<ImportField>,
    again: ReadonlySet<ImportField>,
  ): Map<ImportField, string>[] {
    const { mapping } = this.#options
    const groups: Map<ImportField, string>[] = [new Map()]
    let last: ImportField | undefined
    mapping.forEach((field, i) => {
      if (!fields.has(field)) return
      if (again.has(field) && field !== last && groups.at(-1)!.has(field)) groups.push(new Map())
      const group = groups.at(-1)!
      group.set(field, [group.get(field), this.#cells[i]].filter(Boolean).join(' '))
      last = field
    })
    return groups
  }
  /** A short free text: no formula, no national number, not longer than fits. */
  text(field: ImportField, given = this.one(field)): string {
    const most = LONGEST[field] ?? 60
    if (given.length > most) {
      this.tell('too-long', field, given.slice(0, most))
      this.remarks.push(given)
      return ''
    }
    if (FORMULA.test(given)) this.tell('formula-kept-as-text', field, given)
    return this.withoutNumber(field, given)
  }
  withoutNumber(field: ImportField, value: string): string {
    // Many customer and order numbers have nine digits: outside a remark only the longer number counts.
    const found = findNationalNumbers(value).some((one) => one.kind === 'rijksregister')
    if (!found || this.#options.keepsNationalNumbers) return value
    this.flag(field)
    return ''
  }
  flag(field: ImportField): void {
    this.isFlagged = true
    this.tell('national-number', field, '')
  }
  tell(problem: ImportProblem, field: string, value: string): void {
    this.problems.push({ problem, field, value: maskNationalNumbers(value).slice(0, 200) })
  }
}

/** What an export of ours puts before a formula comes off again. */
export function withoutApostrophe(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}

/** Some programs write several values as a JSON list in one cell: strings, or objects with a number. */
export function unlisted(value: string): string[] {
  if (!value.startsWith('[')) return [value]
  try {
    const list = JSON.parse(value) as unknown[]
    return list.flatMap((one) => {
      if (typeof one === 'string') return one
      const { number, callingCode } = (one ?? {}) as { number?: string; callingCode?: string }
      return number ? withCallingCode(number, callingCode ?? '') : []
    })
  } catch {
    return [value]
  }
}

/** A national number beside its country's code in a column of its own. */
export function withCallingCode(number: string, code: string): string {
  const digits = code.replace(/\D/g, '')
  return digits && !/^(\+|00)/.test(number) ? `+${digits}${number.replace(/^0/, '')}` : number
}
