import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

const NOTES_MAX = 200

/** The key slot of a person the caller sees: what a note about them is sealed under. */
export async function findKeySlot(tx: ReadTx, personId: string): Promise<number | undefined> {
  return (
    await tx.selectFrom('person').select('key_slot').where('id', '=', personId).executeTakeFirst()
  )?.key_slot
}

export function listNotes(tx: ReadTx, personId: string) {
  return tx
    .selectFrom('note')
    .select(['id', 'created_by', 'created_at'])
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .limit(NOTES_MAX)
    .execute()
}

export async function insertNote(
  tx: Tx,
  row: { id: string; person_id: string; content_sealed: Sealed },
): Promise<{ created_at: Date }> {
  return tx.insertInto('note').values(row).returning('created_at').executeTakeFirstOrThrow()
}

export async function insertNotes(
  tx: Tx,
  rows: { id: string; person_id: string; content_sealed: Sealed; import_id: string }[],
): Promise<void> {
  if (rows.length > 0) await tx.insertInto('note').values(rows).execute()
}
