/**
 * Whose key seals a row, as SQL: one place for opening, for replacing keys, for hanging rows on another and for erasing.
 * Names are the catalogue's own, never of a request.
 */
import { type RawBuilder, sql } from 'kysely'
import type { SealedTable, SubjectKind } from './catalogue.ts'

/** Which records rows of this table hang on: one of these kinds each. Of a record itself, and of what hangs on none, nothing. */
export function kindsOf({ subject }: SealedTable): readonly SubjectKind[] {
  return typeof subject === 'string' ? [] : subject
}

export function hangsOn(table: SealedTable, kind: SubjectKind): boolean {
  return kindsOf(table).includes(kind)
}

/** Whether what is sealed of it lies under the key of a record, and not of the organisation or a colleague. */
export function isOfSubject({ subject }: SealedTable): boolean {
  return subject !== 'organisation' && subject !== 'user'
}

const parentColumn = (kind: SubjectKind) => sql.ref(`t.${kind}_id`)

/** The id that the additional data of the row `t` name as its subject. */
export function subjectIdOf(table: SealedTable): RawBuilder<string> {
  if (table.subject === 'itself') return sql`t.id`
  if (table.subject === 'organisation') return sql`(select o.id from kluis.organisation o)`
  if (table.subject === 'user') return sql`t.user_id`
  return firstOf(kindsOf(table).map(parentColumn))
}

/** Which slot the subject of the row `t` has now. */
export function subjectSlotOf(table: SealedTable): RawBuilder<number> {
  if (table.subject === 'itself') return sql`t.key_slot`
  return firstOf(
    kindsOf(table).map(
      (kind) =>
        sql`(select s.key_slot from ${sql.table(`kluis.${kind}`)} s where s.id = ${parentColumn(kind)})`,
    ),
  )
}

/** Whether the row `t` is sealed under the key of one of these records. */
export function isOfOneOf(table: SealedTable, ids: readonly string[]): RawBuilder<boolean> {
  const columns = table.subject === 'itself' ? [sql`t.id`] : kindsOf(table).map(parentColumn)
  return sql`(${sql.join(
    columns.map((column) => sql`${column} = any (${ids}::uuid[])`),
    sql` or `,
  )})`
}

const firstOf = <T>(parts: RawBuilder<unknown>[]) =>
  (parts.length === 1 ? parts[0]! : sql`coalesce(${sql.join(parts)})`) as RawBuilder<T>
