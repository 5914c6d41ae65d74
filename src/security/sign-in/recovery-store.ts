import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

const columns = [
  'recovery.id',
  'recovery.user_id',
  'recovery.state',
  'recovery.asked_by',
  'recovery.decided_by',
  'recovery.reason_sealed',
  'recovery.reason_seal_counter',
  'recovery.code_sealed',
  'recovery.code_seal_counter',
  'recovery.created_at',
  'recovery.expires_at',
  'recovery.row_version',
] as const

/** Asked and not decided, or agreed with its link not used yet. */
export function listOpen(tx: ReadTx, now: Date) {
  return tx
    .selectFrom('recovery')
    .leftJoin('invite', 'invite.id', 'recovery.invite_id')
    .select(columns)
    .where('recovery.state', 'in', ['asked', 'agreed'])
    .where('recovery.expires_at', '>', now)
    .where('invite.used_at', 'is', null)
    .orderBy('recovery.created_at', 'desc')
    .limit(200)
    .execute()
}
export type RecoveryRow = Awaited<ReturnType<typeof listOpen>>[number]

export async function findOpen(
  tx: ReadTx,
  id: string,
  now: Date,
): Promise<RecoveryRow | undefined> {
  return (await listOpen(tx, now)).find((row) => row.id === id)
}

export async function insertRecovery(
  tx: Tx,
  row: { id: string; user_id: string; asked_by: string; expires_at: Date; reason_sealed: Sealed },
): Promise<void> {
  await tx.insertInto('recovery').values(row).execute()
}

/** The database writes down who decides, and refuses one of the two others. */
export async function decideRecovery(
  tx: Tx,
  { id, row_version }: { id: string; row_version: number },
  decision:
    | { state: 'stopped' }
    | { state: 'agreed'; invite_id: string; code_sealed: Sealed; expires_at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('recovery')
    .set({
      ...decision,
      ...(decision.state === 'agreed' ? { code_seal_counter: 1 } : {}),
      row_version: row_version + 1,
    })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** What nobody decided in time makes place for another. */
export async function stopExpired(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx
    .updateTable('recovery')
    .set({ state: 'stopped', row_version: sql<number>`row_version + 1` })
    .where('user_id', '=', userId)
    .where('state', '=', 'asked')
    .where('expires_at', '<=', now)
    .execute()
}

/** The link that was agreed to, so that it can be stopped while nobody used it. */
export async function voidInviteOf(tx: Tx, recoveryId: string, now: Date): Promise<void> {
  await tx.run(sql`
    update kluis_auth.invite i set used_at = ${now}
    from kluis_auth.recovery r where r.id = ${recoveryId}::uuid and i.id = r.invite_id and i.used_at is null`)
}
