import type { SealedTable } from '#security/vault/catalogue.ts'
import { kindsOf } from '#security/vault/subject.ts'

/** Of whom a row is, as text of SQL: for who reads a database past the program. */
export function subjectText(table: SealedTable): string {
  const parents = `coalesce(${kindsOf(table).map((kind) => `${kind}_id`)})`
  if (table.subject === 'itself') return 'id'
  return table.mayHaveOwnKey ? `case when key_slot is null then ${parents} else id end` : parents
}
