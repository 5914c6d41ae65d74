import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, SessionToken, Tx } from '#platform/db.ts'

export type NewSession = {
  id: string
  token_hash: Buffer
  user_id: string | null
  kind: 'user' | 'operator' | 'indexer' | 'program'
  purpose: string | null
  factor: string
  user_agent: string | null
  idle_seconds: number
  expires_at: Date
  created_at?: Date
  last_seen_at?: Date
  place_sealed?: Sealed | null
  place_seal_counter?: number
  address_ranges?: string[]
}

/**
 * For a change that somebody signed in asks for: the ledger then names them. Asked in the same turn as
 * the first statements; the setting ends with the transaction.
 */
export async function actAs(tx: ReadTx, token: SessionToken, purpose: string): Promise<void> {
  await tx.run(
    sql`select set_config('kluis.session', ${token.reveal()}, true), set_config('kluis.purpose', ${purpose}, true)`,
  )
}

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx.insertInto('session').values(session).execute()
}

export async function touchSession(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('session')
    .set({ last_seen_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Those that still open something: not revoked, not expired, not idled out. */
export function listSessions(tx: ReadTx, userId: string, now: Date) {
  return tx
    .selectFrom('session')
    .select([
      'id',
      'kind',
      'purpose',
      'factor',
      'user_agent',
      'place_sealed',
      'place_seal_counter',
      'created_at',
      'last_seen_at',
      'expires_at',
    ])
    .where('user_id', '=', userId)
    .where('replaced_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .where(sql<boolean>`last_seen_at > ${now}::timestamptz - make_interval(secs => idle_seconds)`)
    .orderBy('last_seen_at', 'desc')
    .limit(100)
    .execute()
}

/** Ends one session of this person, all of them, or all but one. Gives how many. */
export async function revokeSessions(
  tx: Tx,
  userId: string,
  which: { id: string } | { allBut: string } | 'all',
  now: Date,
): Promise<number> {
  let query = tx
    .updateTable('session')
    .set({ revoked_at: now })
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
  if (which !== 'all')
    // What a rotation left behind for a moment ends with whatever ends.
    query =
      'id' in which
        ? query.where(({ or, eb }) =>
            or([eb('id', '=', which.id), eb('replaced_at', 'is not', null)]),
          )
        : query.where('id', '<>', which.allBut)
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}

/** The one whose token a browser gives up; of a program or the operator there is none in a browser. */
export async function revokeSessionOf(tx: Tx, tokenHash: Buffer, now: Date): Promise<void> {
  await tx
    .updateTable('session')
    .set({ revoked_at: now })
    .where('token_hash', '=', tokenHash)
    .where('kind', '=', 'user')
    .where('revoked_at', 'is', null)
    .execute()
}

export async function revokeIndexerSessions(tx: Tx, now: Date): Promise<void> {
  await tx
    .updateTable('session')
    .set({ revoked_at: now })
    .where('kind', '=', 'indexer')
    .where('revoked_at', 'is', null)
    .execute()
}

export async function endSession(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('session')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}

/** What is no change of a row. No personal data in `detail`: the ledger keeps it for good. */
export async function recordEvent(
  tx: ReadTx,
  kind: string,
  about: string | null,
  detail: Record<string, string | number> = {},
): Promise<void> {
  await tx.run(
    sql`select kluis_ledger.record_event(${kind}, ${JSON.stringify(detail)}::jsonb, ${about}::uuid)`,
  )
}

/** The next request with any session of this person gets a token that nobody saw before. */
export async function dueRotation(tx: Tx, userId: string): Promise<void> {
  await tx
    .updateTable('session')
    .set({ rotation_due: true })
    .where('user_id', '=', userId)
    .where('kind', '=', 'user')
    .where('revoked_at', 'is', null)
    .where('replaced_at', 'is', null)
    .execute()
}

export function findSession(tx: ReadTx, id: string) {
  return tx
    .selectFrom('session')
    .select([
      'id',
      'user_id',
      'factor',
      'user_agent',
      'place_sealed',
      'place_seal_counter',
      'created_at',
    ])
    .where('id', '=', id)
    .where('kind', '=', 'user')
    .where('rotation_due', '=', true)
    .executeTakeFirst()
}

/** True for the first who replaces it. Requests that are under way with the old token still end well. */
export async function takeReplaced(
  tx: Tx,
  id: string,
  now: Date,
  lastsMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('session')
    .set({
      rotation_due: false,
      replaced_at: now,
      expires_at: sql<Date>`least(expires_at, ${new Date(now.getTime() + lastsMs)})`,
    })
    .where('id', '=', id)
    .where('rotation_due', '=', true)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
