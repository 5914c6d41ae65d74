import { sql } from 'kysely'
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

/** What a merged record's id leads to; undefined for who may not see it, or never saw the one that was merged. */
export async function findMergedInto(tx: ReadTx, id: string): Promise<string | undefined> {
  const [row] = await tx.run(sql<{ id: string | null }>`select kluis.leads_to(${id}::uuid) as id`)
  return row?.id ?? undefined
}
