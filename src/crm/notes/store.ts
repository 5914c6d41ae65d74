import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { HangsOn } from '../contract.ts'

const NOTES_MAX = 200
const VERSIONS_MAX = 200
const columns = [
  'id',
  'person_id',
  'company_id',
  'joint_dossier_id',
  'content_seal_counter',
  'created_by',
  'created_at',
  'edited_by',
  'edited_at',
  'pinned_at',
  'row_version',
] as const

/** The key slot of a record the caller sees: what a note about it is sealed under. */
export async function findKeySlot(tx: ReadTx, { kind, id }: HangsOn): Promise<number | undefined> {
  return (
    await tx
      .selectFrom(kind as 'person')
      .select('key_slot')
      .where('id', '=', id)
      .executeTakeFirst()
  )?.key_slot
}

export function listNotes(tx: ReadTx, { kind, id }: HangsOn) {
  return tx
    .selectFrom('note')
    .select(columns)
    .where(`${kind}_id`, '=', id)
    .where('deleted_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(NOTES_MAX)
    .execute()
}

export function findNote(tx: ReadTx, id: string, place: 'there' | 'trash') {
  return tx
    .selectFrom('note')
    .select(columns)
    .select(
      sql<number>`coalesce((select p.key_slot from kluis.person p where p.id = note.person_id),
        (select c.key_slot from kluis.company c where c.id = note.company_id),
        (select d.key_slot from kluis.joint_dossier d where d.id = note.joint_dossier_id))`.as(
        'key_slot',
      ),
    )
    .where('id', '=', id)
    .where('deleted_at', place === 'trash' ? 'is not' : 'is', null)
    .executeTakeFirst()
}
export type NoteRow = NonNullable<Awaited<ReturnType<typeof findNote>>>
export type NoteColumns = Omit<NoteRow, 'key_slot'>

export function insertNote(tx: Tx, subject: HangsOn, row: { id: string; content_sealed: Sealed }) {
  return tx
    .insertInto('note')
    .values({ ...row, [`${subject.kind}_id`]: subject.id })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

export type NotePatch = Partial<{
  content_sealed: Sealed
  content_seal_counter: number
  edited_at: Date
  edited_by: string
  pinned_at: Date | null
  pinned_by: string | null
  deleted_at: Date | null
  deleted_by: string | null
}>

/** PostgreSQL raises KL409 when `version` is not the row's own. Undefined: not there for this caller, or gone. */
export function changeNote(tx: Tx, id: string, version: number, patch: NotePatch) {
  return tx
    .updateTable('note')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst()
}

export async function insertVersion(
  tx: Tx,
  row: {
    id: string
    note_id: string
    person_id: string | null
    company_id: string | null
    joint_dossier_id: string | null
    content_sealed: Sealed
    written_at: Date
    written_by: string | null
  },
): Promise<void> {
  await tx.insertInto('note_version').values(row).execute()
}

export function listVersions(tx: ReadTx, noteId: string) {
  return tx
    .selectFrom('note_version')
    .select(['id', 'written_at', 'written_by', 'created_at', 'created_by'])
    .where('note_id', '=', noteId)
    .orderBy('created_at', 'desc')
    .limit(VERSIONS_MAX)
    .execute()
}

/** Those of the mentioned who may see the note's record, and so were told of it. */
export async function tellMentioned(tx: Tx, id: string, mentioned: string[]): Promise<string[]> {
  if (mentioned.length === 0) return []
  const [row] = await tx.run(
    sql<{
      told: string[]
    }>`select kluis.tell_mentioned(${id}::uuid, ${mentioned}::uuid[]) as told`,
  )
  return row?.told ?? []
}

/** Only from the trash; what hangs on it goes with it. */
export async function deleteNote(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('note')
    .where('id', '=', id)
    .where('deleted_at', 'is not', null)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
