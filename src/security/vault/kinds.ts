/** What the catalogue says of people and companies; it needs no key. */
import type { SealedClass, SealedTable, SealedTableName } from './catalogue.ts'
import { hangsOn } from './subject.ts'

type Kind = 'person' | 'company'

/** Whether a row of this table, whose contact this is, is of a human being: all of it is personal data then. */
export function isOfPerson(tables: readonly SealedTable[], kind: Kind, contact: object): boolean {
  if (kind === 'person') return true
  const { personWhen } = declared(tables, kind)
  return personWhen !== undefined && (contact as Record<string, unknown>)[personWhen] === true
}

/** What of one person or company is sealed: the classes of its own row, and the tables whose rows hang on it. */
export function sealedOf(
  tables: readonly SealedTable[],
  kind: Kind,
): { classes: SealedClass[]; hanging: SealedTableName[] } {
  return {
    classes: Object.keys(declared(tables, kind).classes) as SealedClass[],
    hanging: tables.filter((table) => hangsOn(table, kind)).map(({ table }) => table),
  }
}

function declared(tables: readonly SealedTable[], kind: Kind): SealedTable {
  const found = tables.find(({ table }) => table === kind)
  if (!found) throw new Error(`${kind} is not in the catalogue`)
  return found
}
