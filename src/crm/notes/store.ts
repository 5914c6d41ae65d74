import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

const NOTES_MAX = 200
const columns = [
  'id',
  'person_id',
  'company_id',
  'content_seal_counter',
  'created_by',
  'created_at',
  'row_version',
] as const

export type SubjectKind = 'person' | 'company'
export type Subject = { kind: SubjectKind; id: string }

/** The key slot of a record the caller sees: what a note about it is sealed under. */
export async function findKeySlot(tx: ReadTx, { kind, id }: Subject): Promise<number | undefined> {
  return (
    await tx
      .selectFrom(kind as 'person')
      .select('key_slot')
      .where('id', '=', id)
      .executeTakeFirst()
  )?.key_slot
}

export function listNotes(tx: ReadTx, { kind, id }: Subject) {
  return tx
    .selectFrom('note')
    .select(columns)
    .where(`${kind}_id`, '=', id)
    .orderBy('created_at', 'desc')
    .limit(NOTES_MAX)
    .execute()
}

export function findNote(tx: ReadTx, id: string) {
  return tx
    .selectFrom('note')
    .select(columns)
    .select(
      sql<number>`coalesce((select p.key_slot from kluis.person p where p.id = note.person_id),
        (select c.key_slot from kluis.company c where c.id = note.company_id))`.as('key_slot'),
    )
    .where('id', '=', id)
    .executeTakeFirst()
}
export type NoteRow = NonNullable<Awaited<ReturnType<typeof findNote>>>

export function insertNote(tx: Tx, subject: Subject, row: { id: string; content_sealed: Sealed }) {
  return tx
    .insertInto('note')
    .values({ ...row, [`${subject.kind}_id`]: subject.id })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** PostgreSQL raises KL409 when `version` is not the row's own. False: not there, or removed meanwhile. */
export async function changeNote(
  tx: Tx,
  id: string,
  version: number,
  patch: { content_sealed: Sealed; content_seal_counter: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('note')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteNote(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('note').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}
