import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { addFailure, clearAttempts, findAttempts } from './store.ts'

// Counted by account *and* network: someone else's failures never keep the owner of an account out.
const FREE_FAILURES = 5
const WAIT_MS_MAX = 15 * 60_000
// A whole office may sit behind one address, so a network alone is allowed more.
const NETWORK_FREE_FAILURES = 50

export type AttemptKeys = { account: Buffer; network: Buffer }

/** How long to wait after so many failures: a second, doubling. */
export function waitMs(failures: number, free: number): number {
  return failures < free ? 0 : Math.min(WAIT_MS_MAX, 1000 * 2 ** Math.min(30, failures - free))
}

export async function requireAttemptAllowed(
  db: RoleDatabase,
  keys: AttemptKeys,
  now: Date,
): Promise<void> {
  const [accounts, networks] = await Promise.all([
    findAttempts(db.reader(), [keys.account]),
    findAttempts(db.reader(), [keys.network]),
  ])
  const until = Math.max(
    ...accounts.map((row) => row.last_failed_at.getTime() + waitMs(row.failures, FREE_FAILURES)),
    ...networks.map(
      (row) => row.last_failed_at.getTime() + waitMs(row.failures, NETWORK_FREE_FAILURES),
    ),
    0,
  )
  if (until > now.getTime())
    refuse('too-many-attempts', { retryAfterSeconds: Math.ceil((until - now.getTime()) / 1000) })
}

export async function countFailure(db: RoleDatabase, keys: AttemptKeys, now: Date): Promise<void> {
  await db.writeAtOnce((tx) => addFailure(tx, [keys.account, keys.network], now))
}

export async function forgetFailures(db: RoleDatabase, keys: AttemptKeys): Promise<void> {
  await db.writeAtOnce((tx) => clearAttempts(tx, keys.account))
}

/** Addresses of one household or office look alike: the first 24 bits of IPv4, 64 of IPv6. */
export function networkOf(address: string): string {
  const v4 = /(\d+\.\d+\.\d+)\.\d+$/.exec(address)
  return v4 ? v4[1]! : address.split(':').slice(0, 4).join(':')
}
