import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'

// After a day without a failure a counter begins anew.
const FORGET_HOURS = 24
const PLACES_KEPT_DAYS = 180
const NOBODY = '00000000-0000-0000-0000-000000000000'

export async function findKnownPlaces(
  tx: ReadTx,
  userId: string | null,
  keys: Buffer[],
): Promise<Buffer[]> {
  const rows = await tx
    .selectFrom('known_place')
    .select('key')
    .where('user_id', '=', userId ?? NOBODY)
    .where(sql<boolean>`key = any (${keys}::bytea[])`)
    .execute()
  return rows.map((row) => row.key)
}

/** A device token that some sign-in made here; one that a stranger planted is not taken over. */
export async function isPlaceKnown(tx: ReadTx, key: Buffer): Promise<boolean> {
  return (
    (await tx.selectFrom('known_place').select('key').where('key', '=', key).limit(1).execute())
      .length > 0
  )
}

export async function rememberPlaces(
  tx: Tx,
  userId: string,
  keys: Buffer[],
  now: Date,
): Promise<void> {
  await Promise.all([
    tx
      .insertInto('known_place')
      .values(keys.map((key) => ({ user_id: userId, key, last_used_at: now })))
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'key']).doUpdateSet({ last_used_at: now }),
      )
      .execute(),
    tx
      .deleteFrom('known_place')
      .where('user_id', '=', userId)
      .where('last_used_at', '<', new Date(now.getTime() - PLACES_KEPT_DAYS * 86_400_000))
      .execute(),
  ])
}

export async function forgetPlaces(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('known_place').where('user_id', '=', userId).execute()
}

/** Counts one try and gives the count; undefined when its counter still has to wait. One statement: no race. */
export async function isAttemptTaken(
  tx: Tx,
  { key, free, waitSecondsMax }: { key: Buffer; free: number; waitSecondsMax: number },
  now: Date,
): Promise<number | undefined> {
  const [row] = await tx.run(sql<{ failures: number }>`
    insert into kluis_auth.attempt as a (key, failures, last_failed_at) values (${key}, 1, ${now})
    on conflict (key) do update set
      failures = case when a.last_failed_at < ${now}::timestamptz - make_interval(hours => ${FORGET_HOURS})
        then 1 else a.failures + 1 end,
      last_failed_at = ${now}
    where a.failures < ${free}::int
      or a.last_failed_at + make_interval(secs => least(${waitSecondsMax}::int, power(2, least(30, a.failures - ${free}::int)))) <= ${now}::timestamptz
    returning failures`)
  return row?.failures
}

export function findAttempts(tx: ReadTx, keys: Buffer[]) {
  return tx
    .selectFrom('attempt')
    .select(['key', 'failures', 'last_failed_at'])
    .where(sql<boolean>`key = any (${keys}::bytea[])`)
    .execute()
}

export async function quietAttempts(tx: Tx, key: Buffer, lastFailedAt: Date): Promise<void> {
  await tx
    .updateTable('attempt')
    .set({ failures: sql<number>`greatest(0, failures - 1)`, last_failed_at: lastFailedAt })
    .where('key', '=', key)
    .execute()
}

export async function clearAttempts(tx: Tx, key: Buffer): Promise<void> {
  await tx.deleteFrom('attempt').where('key', '=', key).execute()
}

/** Counters that would begin anew anyway. Called at start. */
export async function forgetOldAttempts(tx: Tx, now: Date): Promise<void> {
  await tx
    .deleteFrom('attempt')
    .where('last_failed_at', '<', new Date(now.getTime() - 7 * 86_400_000))
    .execute()
}
