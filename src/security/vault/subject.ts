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

/** The record that the row `t` hangs on, or is. */
export function parentIdOf(table: SealedTable): RawBuilder<string> {
  return table.subject === 'itself' ? sql`t.id` : firstOf(kindsOf(table).map(parentColumn))
}

/** The id that the additional data of the row `t` name as its subject. */
export function subjectIdOf(table: SealedTable): RawBuilder<string> {
  if (table.subject === 'organisation') return sql`(select o.id from kluis.organisation o)`
  if (table.subject === 'user') return sql`t.user_id`
  const parent = parentIdOf(table)
  return table.mayHaveOwnKey
    ? sql`case when t.key_slot is null then ${parent} else t.id end`
    : parent
}

/** Whether the row `t` is its own subject, with its slot in `key_slot`. */
export function hasOwnKey(table: SealedTable): RawBuilder<boolean> {
  if (table.subject === 'itself') return sql`true`
  return table.mayHaveOwnKey ? sql`t.key_slot is not null` : sql`false`
}

/** Which slot the subject of the row `t` has now. */
export function subjectSlotOf(table: SealedTable): RawBuilder<number> {
  const own = table.subject === 'itself' || table.mayHaveOwnKey ? [sql`t.key_slot`] : []
  const ofParents = kindsOf(table).map(
    (kind) =>
      sql`(select s.key_slot from ${sql.table(`kluis.${kind}`)} s where s.id = ${parentColumn(kind)})`,
  )
  return firstOf([...own, ...ofParents])
}

/** Whether the row `t` is sealed under the key of one of these subjects. */
export function isOfOneOf(table: SealedTable, ids: readonly string[]): RawBuilder<boolean> {
  const isOne = (column: RawBuilder<unknown>) => sql`${column} = any (${ids}::uuid[])`
  if (table.subject === 'itself') return sql<boolean>`${isOne(sql`t.id`)}`
  const hanging = sql.join(kindsOf(table).map(parentColumn).map(isOne), sql` or `)
  return table.mayHaveOwnKey
    ? sql`(case when t.key_slot is null then (${hanging}) else ${isOne(sql`t.id`)} end)`
    : sql`(${hanging})`
}

const firstOf = <T>(parts: RawBuilder<unknown>[]) =>
  (parts.length === 1 ? parts[0]! : sql`coalesce(${sql.join(parts)})`) as RawBuilder<T>
