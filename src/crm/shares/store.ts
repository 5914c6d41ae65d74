import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'

export type Subject = { kind: 'person' | 'company'; id: string }
const SHARES_MAX = 500
const COLUMNS = [
  'id',
  'person_id',
  'company_id',
  'user_id',
  'team_id',
  'may_edit',
  'ends_at',
  'created_by',
  'created_at',
] as const

/** Those that last still. */
export function listShares(tx: ReadTx, { kind, id }: Subject) {
  return tx
    .selectFrom('record_share')
    .select(COLUMNS)
    .where(`${kind}_id`, '=', id)
    .where('ends_at', '>', sql<Date>`now()`)
    .orderBy('created_at')
    .limit(SHARES_MAX)
    .execute()
}
export type ShareRow = Awaited<ReturnType<typeof listShares>>[number]

/** With the caller or a team of theirs, or by them; what they see no more is not among them. */
export function listOwnShares(tx: ReadTx, userId: string, teamIds: readonly string[]) {
  return tx
    .selectFrom('record_share')
    .select(COLUMNS)
    .where('ends_at', '>', sql<Date>`now()`)
    .where(
      sql<boolean>`(user_id = ${userId}::uuid or team_id = any (${teamIds}::uuid[]) or created_by = ${userId}::uuid)`,
    )
    .orderBy('ends_at')
    .limit(SHARES_MAX)
    .execute()
}

export async function isThere(tx: ReadTx, { kind, id }: Subject): Promise<boolean> {
  const row = await tx
    .selectFrom(kind as 'person')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

export async function isActive(tx: ReadTx, userId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('user_account')
    .select('id')
    .where('id', '=', userId)
    .where('status', '=', 'active')
    .executeTakeFirst()
  return row !== undefined
}

export async function isTeam(tx: ReadTx, id: string): Promise<boolean> {
  return (await tx.selectFrom('team').select('id').where('id', '=', id).execute()).length > 0
}

/** Row security refuses what is not the caller's to share. */
export async function insertShare(
  tx: Tx,
  subject: Subject,
  row: { id: string; user_id: string | null; team_id: string | null; may_edit: boolean },
  endsAt: Date,
): Promise<void> {
  const sameGrantee = row.user_id
    ? (['user_id', row.user_id] as const)
    : (['team_id', row.team_id!] as const)
  await Promise.all([
    tx
      .deleteFrom('record_share')
      .where(`${subject.kind}_id`, '=', subject.id)
      .where(...([sameGrantee[0], '=', sameGrantee[1]] as const))
      .execute(),
    tx
      .insertInto('record_share')
      .values({ ...row, [`${subject.kind}_id`]: subject.id, ends_at: endsAt })
      .execute(),
  ])
}

export async function deleteShare(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('record_share')
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
