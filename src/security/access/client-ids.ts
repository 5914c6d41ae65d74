import type { ReadTx, Tx } from '#platform/db.ts'

type Table = 'person' | 'company' | 'task'

/** The record a user made under an id of their own; it means something to that user only. */
export async function findClientId(
  tx: ReadTx,
  userId: string,
  clientId: string,
  table?: Table,
): Promise<string | undefined> {
  let query = tx
    .selectFrom('client_id')
    .select('row_id')
    .where('user_id', '=', userId)
    .where('client_id', '=', clientId)
  if (table) query = query.where('table_name', '=', table)
  return (await query.executeTakeFirst())?.row_id
}

export async function insertClientId(
  tx: Tx,
  table: Table,
  row: { user_id: string; client_id: string; row_id: string },
): Promise<void> {
  await tx
    .insertInto('client_id')
    .values({ ...row, table_name: table })
    .execute()
}
