import type { ReadTx, Tx } from '#platform/db.ts'

export type Counts = {
  read_rows: number
  created_rows: number
  skipped_rows: number
  refused_rows: number
}

export async function insertRun(tx: Tx, id: string, userId: string, counts: Counts): Promise<void> {
  await tx
    .insertInto('import_run')
    .values({ id, user_id: userId, ...counts })
    .execute()
}

export function findRun(tx: ReadTx, id: string) {
  return tx
    .selectFrom('import_run')
    .select(['id', 'reverted_at'])
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function markReverted(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.updateTable('import_run').set({ reverted_at: now }).where('id', '=', id).execute()
}
