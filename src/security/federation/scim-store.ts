import { type Expression, sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

const nextVersion = sql`row_version + 1` as Expression<number>
const TOKENS_MAX = 50
const USERS_MAX = 2_000

export async function insertToken(
  tx: Tx,
  row: {
    id: string
    provider_id: string
    token_hash: Buffer
    created_by: string
    created_at: Date
    expires_at: Date
  },
): Promise<void> {
  await tx.insertInto('scim_token').values(row).execute()
}

export function listTokens(tx: ReadTx, providerId: string) {
  return tx
    .selectFrom('scim_token')
    .select(['id', 'created_at', 'expires_at', 'last_used_at', 'revoked_at'])
    .where('provider_id', '=', providerId)
    .orderBy('created_at', 'desc')
    .limit(TOKENS_MAX)
    .execute()
}

export function findToken(tx: ReadTx, hash: Buffer, now: Date) {
  return tx
    .selectFrom('scim_token')
    .select(['id', 'provider_id', 'last_used_at'])
    .where('token_hash', '=', hash)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

export async function stampToken(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.updateTable('scim_token').set({ last_used_at: now }).where('id', '=', id).execute()
}

export async function revokeToken(
  tx: Tx,
  providerId: string,
  id: string,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('scim_token')
    .set({ revoked_at: now })
    .where('provider_id', '=', providerId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export type UserRow = {
  id: string
  status: string
  role_id: string
  profile_sealed: Buffer
  profile_seal_counter: number
  row_version: number
  created_at: Date
  updated_at: Date
  /** What the provider keeps of them here; all null where it never wrote. */
  kept_id: string | null
  kept_sealed: Buffer | null
  kept_counter: number | null
  shut_version: number | null
  is_deleted: boolean | null
}

/** Colleagues, the eldest first, each with what this provider keeps of them. One, or all. */
export function listUsers(
  tx: ReadTx,
  providerId: string,
  which: { id: string } | { emailToken: Buffer } | 'all',
): Promise<UserRow[]> {
  let query = tx
    .selectFrom('user_account')
    .leftJoin('provisioned_user as kept', (join) =>
      join.onRef('kept.user_id', '=', 'user_account.id').on('kept.provider_id', '=', providerId),
    )
    .select([
      'user_account.id',
      'user_account.status',
      'user_account.role_id',
      'user_account.profile_sealed',
      'user_account.profile_seal_counter',
      'user_account.row_version',
      'user_account.created_at',
      'user_account.updated_at',
      'kept.id as kept_id',
      'kept.profile_sealed as kept_sealed',
      'kept.profile_seal_counter as kept_counter',
      'kept.shut_version',
      'kept.is_deleted',
    ])
    // Programs are no directory's affair.
    .where('user_account.kind', '=', 'person')
  if (which !== 'all')
    query =
      'id' in which
        ? query.where('user_account.id', '=', which.id)
        : query.where('user_account.email_token', '=', which.emailToken)
  return query
    .orderBy('user_account.created_at')
    .orderBy('user_account.id')
    .limit(USERS_MAX)
    .execute()
}

export async function findUserIds(
  tx: ReadTx,
  providerId: string,
  by: { user_name_token: Buffer } | { external_id_token: Buffer },
): Promise<string[]> {
  const [column, token] = Object.entries(by)[0] as ['user_name_token', Buffer]
  const rows = await tx
    .selectFrom('provisioned_user')
    .select('user_id')
    .where('provider_id', '=', providerId)
    .where(column, '=', token)
    .where('is_deleted', '=', false)
    .limit(10)
    .execute()
  return rows.map((row) => row.user_id)
}

export type Kept = {
  id: string
  provider_id: string
  user_id: string
  user_name_token: Buffer
  external_id_token: Buffer | null
  profile_sealed: Sealed
  profile_seal_counter: number
  shut_version: number | null
  is_deleted: boolean
}

export async function putKept(tx: Tx, kept: Kept): Promise<void> {
  const { id: _, provider_id: __, user_id: ___, ...change } = kept
  await tx
    .insertInto('provisioned_user')
    .values(kept)
    .onConflict((conflict) =>
      conflict.columns(['provider_id', 'user_id']).doUpdateSet({
        ...change,
        row_version: sql<number>`provisioned_user.row_version + 1`,
      }),
    )
    .execute()
}

/** After all other changes of the same transaction. */
export async function versionOf(tx: ReadTx, userId: string): Promise<number> {
  const row = await tx
    .selectFrom('user_account')
    .select('row_version')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  return row.row_version
}

/** True where it was shut or opened by this; false where it stood so already. */
export async function changeStatus(
  tx: Tx,
  userId: string,
  to: 'disabled' | 'active' | 'invited',
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('user_account')
    .set({ status: to, row_version: nextVersion })
    .where('id', '=', userId)
    .where('status', to === 'disabled' ? '<>' : '=', 'disabled')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function changeProfile(
  tx: Tx,
  userId: string,
  given: { sealed: Sealed; counter: number; emailToken: Buffer },
): Promise<void> {
  await tx
    .updateTable('user_account')
    .set({
      email_token: given.emailToken,
      profile_sealed: given.sealed,
      profile_seal_counter: given.counter,
      row_version: nextVersion,
    })
    .where('id', '=', userId)
    .execute()
}
