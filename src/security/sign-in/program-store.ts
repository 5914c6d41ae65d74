import { type Expression, sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

const nextVersion = sql`row_version + 1` as Expression<number>

/** Keys that are not revoked; the expired too, so that one sees why a program stopped. */
export function listKeys(tx: ReadTx) {
  return tx
    .selectFrom('session')
    .select(['id', 'user_id', 'created_at', 'expires_at', 'last_seen_at'])
    .select(sql<string[]>`address_ranges::text[]`.as('ranges'))
    .where('kind', '=', 'program')
    .where('revoked_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(1000)
    .execute()
}

export async function insertProgram(
  tx: Tx,
  {
    teamId,
    ...account
  }: {
    id: string
    profile_sealed: Sealed
    role_id: string
    language: string
    responsible_id: string
    teamId: string
  },
): Promise<void> {
  await Promise.all([
    tx
      .insertInto('user_account')
      .values({ ...account, kind: 'program', email_token: null, status: 'active' })
      .execute(),
    tx.insertInto('team_member').values({ team_id: teamId, user_id: account.id }).execute(),
  ])
}

export async function changeProgram(
  tx: Tx,
  id: string,
  change: {
    role_id?: string
    responsible_id?: string
    status?: string
    profile_sealed?: Sealed
    profile_seal_counter?: number
  },
): Promise<void> {
  await tx
    .updateTable('user_account')
    .set({ ...change, row_version: nextVersion })
    .where('id', '=', id)
    .where('kind', '=', 'program')
    .execute()
}

/** As PostgreSQL writes them: without the bits behind the mask. */
export async function canonicalRanges(tx: ReadTx, ranges: string[]): Promise<string[]> {
  const [row] = await tx.run(sql<{ ranges: string[] }>`
    select array_agg(distinct network(one::inet)::text) as ranges from unnest(${ranges}::text[]) as one`)
  return row!.ranges
}

export async function revokeKey(tx: Tx, userId: string, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('session')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('kind', '=', 'program')
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export function findKey(tx: ReadTx, id: string): Promise<{ user_id: string | null } | undefined> {
  return tx
    .selectFrom('session')
    .select('user_id')
    .where('id', '=', id)
    .where('kind', '=', 'program')
    .executeTakeFirst()
}
