import { type Expression, sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'

/** Ids and places of the next people behind an id, as far as the caller sees them. */
export function listAfter(tx: ReadTx, after: string, limit: number) {
  return tx
    .selectFrom('person')
    .select(['id', 'team_id', 'owner_id', 'created_at', 'deleted_at'])
    .where('id', '>', sql<string>`${after}::uuid`)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Into the trash, without opening it: that would be an alarm. False when it is not the caller's to remove. */
export async function retire(tx: Tx, id: string, by: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('person')
    .set({
      deleted_at: sql<Date>`now()`,
      deleted_by: by,
      row_version: sql`row_version + 1` as Expression<number>,
    })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
