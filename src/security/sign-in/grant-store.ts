import { sql } from 'kysely'
import type { Tx } from '#platform/db.ts'

export type NewGrant = {
  id: string
  token_hash: Buffer
  session_id: string
  user_id: string
  operation: string
  request: Buffer
  factor: string
}

export async function insertGrant(tx: Tx, grant: NewGrant): Promise<void> {
  await tx.insertInto('step_up').values(grant).execute()
}

/** What was granted stays in the ledger; the row is of no use once it is over. */
export async function deleteOldGrants(tx: Tx): Promise<void> {
  await tx
    .deleteFrom('step_up')
    .where(sql<boolean>`expires_at < now() - interval '1 day'`)
    .execute()
}
