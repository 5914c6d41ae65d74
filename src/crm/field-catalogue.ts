/**
 * What is kept of people and of companies: what the modules declare and what the organisation added. One list, which
 * sealing, filters, search, import and export all read. Held in memory; told anew when a definition changes.
 *
 * Trusts: PostgreSQL for who sees a confidential value; what is said here of roles only spares a question.
 * If lost: it is read again before the next request is answered.
 */

import type { RecordColumn } from '#security/vault/blind-index.ts'
import {
  checkCatalogue,
  type FilterDeclaration,
  type PersonalField,
  type SealedTable,
} from '#security/vault/catalogue.ts'
import type { Vault } from '#security/vault/vault.ts'
import { exactKinds, type FieldDefinition, type FieldValues } from './fields/contract.ts'
import { type ListFields, listFields, withExact, withoutUnseen } from './filter-fields.ts'
import { type Lookup, lookupsFrom } from './lookups.ts'

export type RecordKind = 'person' | 'company'
export type Sides<T> = Record<RecordKind, T>

export const customName = (fieldId: string) => `custom.${fieldId}`
export const customColumn = (fieldId: string): RecordColumn => `custom:${fieldId}`

type Known = {
  definitions: FieldDefinition[]
  tables: Sides<SealedTable>
  lists: Sides<ListFields>
}

export class FieldCatalogue {
  readonly #fixed: Sides<SealedTable>
  readonly #read: () => Promise<FieldDefinition[]>
  #known: Known
  #loading: Promise<unknown> | undefined
  #last: Promise<unknown> = Promise.resolve()
  #isLoaded = false

  constructor(fixed: Sides<SealedTable>, read: () => Promise<FieldDefinition[]>) {
    this.#fixed = fixed
    this.#read = read
    this.#known = settle(fixed, [])
  }

  /** Before anything is answered: nobody meets a catalogue without their fields. */
  async ready(load: () => Promise<unknown> = () => this.reload()): Promise<void> {
    if (this.#isLoaded) return
    this.#loading ??= load().finally(() => {
      this.#loading = undefined
    })
    await this.#loading
  }

  /** Gives whether something of what the index holds of every record became another. */
  reload(): Promise<Sides<boolean>> {
    // One after the other: what was read before a change must not take the place of what was read after it.
    const next = this.#last.catch(() => {}).then(() => this.#readAnew())
    this.#last = next
    return next
  }

  async #readAnew(): Promise<Sides<boolean>> {
    const before = this.#known.tables
    this.#known = settle(this.#fixed, await this.#read())
    this.#isLoaded = true
    const isOther = (kind: RecordKind) =>
      indexedOf(before[kind]) !== indexedOf(this.#known.tables[kind])
    return { person: isOther('person'), company: isOther('company') }
  }

  /** In their order, archived ones too. */
  definitions(kind?: RecordKind): FieldDefinition[] {
    const { definitions } = this.#known
    return kind ? definitions.filter((one) => one.recordKind === kind) : definitions
  }

  find(id: string): FieldDefinition | undefined {
    return this.#known.definitions.find((one) => one.id === id)
  }

  /** Without one, no dossier need ask for such values. */
  hasConfidential(kind: RecordKind): boolean {
    return this.definitions(kind).some(({ sensitivity }) => sensitivity === 'confidential')
  }

  /** What a role meets of a kind: values of the others are not there for it. */
  seenBy(kind: RecordKind, who: Reader): FieldDefinition[] {
    return this.definitions(kind).filter((one) => isSeenBy(one, who))
  }

  tableOf(kind: RecordKind): SealedTable {
    return this.#known.tables[kind]
  }

  /** What lists of a kind are filtered by; by the exact value of a confidential field only for whom it may be shown to. */
  listFieldsOf(kind: RecordKind, who: Reader): ListFields {
    const list = withoutUnseen(this.#known.lists[kind], who.permissions)
    if (!who.permissions.has(mayReveal[kind])) return list
    const exact = this.seenBy(kind, who).filter(
      ({ sensitivity, search }) => sensitivity === 'confidential' && search === 'exact',
    )
    return exact.length > 0 ? withExact(list, exact) : list
  }

  /** By which exact values of common fields a record is found again. */
  async lookupsOf(
    vault: Vault,
    kind: RecordKind,
    custom: FieldValues | undefined,
  ): Promise<Lookup[]> {
    return lookupsFrom(vault, this.exactValues(kind, custom))
  }

  exactValues(
    kind: RecordKind,
    custom: FieldValues | undefined,
  ): { kind: RecordColumn; value: string }[] {
    if (!custom) return []
    return this.definitions(kind).flatMap(({ id, search, sensitivity }) => {
      const value = custom[id]
      if (search !== 'exact' || sensitivity !== 'contact' || typeof value !== 'string') return []
      return [{ kind: customColumn(id), value }]
    })
  }
}

/** Of whom it is asked: their role, and whether it has confidential values at all. */
type Reader = { roleId: string; permissions: ReadonlySet<string> }
export const mayReveal = { person: 'people:reveal', company: 'companies:reveal' } as const

function isSeenBy({ sensitivity, roles }: FieldDefinition, who: Reader): boolean {
  if (sensitivity === 'contact') return true
  return (
    who.permissions.has('fields:confidential') && (roles.length === 0 || roles.includes(who.roleId))
  )
}

function settle(fixed: Sides<SealedTable>, given: FieldDefinition[]): Known {
  const definitions = [...given].sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))
  const tableOf = (kind: RecordKind): SealedTable => ({
    ...fixed[kind],
    fields: [
      ...fixed[kind].fields,
      ...definitions.filter(({ recordKind }) => recordKind === kind).map(personalField),
    ],
  })
  const tables = { person: tableOf('person'), company: tableOf('company') }
  // The same refusals as for what the program declares itself.
  checkCatalogue([tables.person, tables.company])
  const archived = new Set(
    definitions.filter(({ isArchived }) => isArchived).map(({ id }) => customName(id)),
  )
  return { definitions, tables, lists: listFields(tables, archived) }
}

function personalField(definition: FieldDefinition): PersonalField {
  const { id, kind, label, purpose, sensitivity, search } = definition
  const name = customName(id)
  const isCommon = sensitivity === 'contact'
  return {
    name,
    label: inBoth(label),
    sealedClass: isCommon ? 'contact' : 'confidential',
    purpose: inBoth(purpose),
    search,
    isSkewed: !exactKinds.includes(kind),
    // The memory index answers everyone who sees a record: nothing confidential is in it.
    filters: isCommon ? [filterOf(name, definition)] : [],
    isExported: true,
    isPortable: true,
  }
}

function filterOf(name: string, { kind, options }: FieldDefinition): FilterDeclaration {
  if (kind === 'number' || kind === 'money') return { name, kind: 'number' }
  if (kind === 'date') return { name, kind: 'day' }
  if (kind === 'yes-no') return { name, kind: 'yes-no' }
  if (kind === 'person' || kind === 'company') return { name, kind: 'record', recordKind: kind }
  if (kind === 'choice' || kind === 'choices')
    return { name, kind: 'option', options: options.map(({ id, label }) => ({ id, label })) }
  return { name, kind: 'text' }
}

/** Named in one language, it is shown by that name in the other. */
function inBoth({ nl, en }: { nl: string; en: string }): { nl: string; en: string } {
  return { nl: nl || en, en: en || nl }
}

/** What decides which columns and words the index holds of a record. */
function indexedOf({ fields }: SealedTable): string {
  return JSON.stringify(
    fields.flatMap(({ name, search, filters }) =>
      name.startsWith('custom.') && filters?.length ? [[name, search !== 'none', filters]] : [],
    ),
  )
}
