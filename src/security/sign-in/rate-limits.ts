import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import {
  clearAttempts,
  findAttempts,
  findKnownPlaces,
  isAttemptTaken,
  quietAttempts,
} from './attempt-store.ts'
import { recordEvent } from './session-store.ts'

// Tries without waiting; from then on a second, doubling.
const FREE = {
  // One account from one place.
  place: 5,
  // One account from all places its owner never signed in from.
  account: 20,
  // A whole office may sit behind one address, so a network alone is allowed more.
  network: 50,
} as const
const WAIT_SECONDS_MAX = 15 * 60

type Counter = { key: Buffer; free: number }
/** The counters that one try moves, in the order in which all requests lock them. */
export type Attempt = { counters: Counter[]; ownKey: Buffer; userId: string | null }
export type Browser = {
  address: string
  userAgent: string | null
  /** From the cookie that a device keeps after a sign-in; proves nothing but that one took place there. */
  deviceToken: string | undefined
  /** Of the session that is signed in there now, whoever's it is. It ends when another begins in its place. */
  sessionToken?: string | undefined
}

/** How long to wait after so many failures. The same sum stands in `isAttemptTaken`. */
export function waitSeconds(failures: number, free: number): number {
  return failures < free ? 0 : Math.min(WAIT_SECONDS_MAX, 2 ** Math.min(30, failures - free))
}

const short = (...parts: string[]) =>
  createHash('sha256').update(parts.join('\n')).digest().subarray(0, 16)

/** Keyed: whoever holds a dump could hash every network there is. */
export function placeKeys(vault: Pick<KeeperVault, 'blindToken'>, browser: Browser): Buffer[] {
  const network = vault.blindToken('place', `network ${networkOf(browser.address)}`)
  return browser.deviceToken
    ? [vault.blindToken('place', `device ${browser.deviceToken}`), network]
    : [network]
}

/**
 * Which counters a try moves. From a device or network where this person signed in before, only a counter
 * of that place: whatever others do elsewhere never keeps the owner out. From anywhere else also one for
 * the account and one for the network, or a thousand machines could guess with a fresh counter each.
 * For an unknown account the same questions are asked, so time and answer say nothing.
 */
export async function attemptOf(
  db: RoleDatabase,
  given: {
    userId: string | null
    accountToken: Buffer
    browser: Browser
    vault: Pick<KeeperVault, 'blindToken'>
  },
): Promise<Attempt> {
  const { userId, accountToken, browser, vault } = given
  const account = accountToken.toString('hex')
  const keys = placeKeys(vault, browser)
  const known = await findKnownPlaces(db.reader(), userId, keys)
  const place = keys.find((key) => known.some((one) => one.equals(key)))
  const ownKey = short('place', account, (place ?? keys.at(-1)!).toString('hex'))
  const own = { key: ownKey, free: FREE.place }
  if (place) return { counters: [own], ownKey, userId }
  return {
    counters: [
      { key: short('all', keys.at(-1)!.toString('hex')), free: FREE.network },
      { key: short('account', account), free: FREE.account },
      own,
    ],
    ownKey,
    userId,
  }
}

/** For someone signed in who is asked for their password again. */
export function attemptOfPerson(userId: string): Attempt {
  const ownKey = short('person', userId)
  return { counters: [{ key: ownKey, free: FREE.place }], ownKey, userId }
}

/** For the second half of a link: one counter for everybody who holds it. */
export function attemptOfInvite(inviteId: string): Attempt {
  const ownKey = short('invite', inviteId)
  return { counters: [{ key: ownKey, free: FREE.place }], ownKey, userId: null }
}

/** For someone signed in who proves again who they are: a thief of one session slows down that session alone. */
export function attemptOfSession(given: { userId: string; sessionId: string }): Attempt {
  const ownKey = short('session', given.sessionId)
  return { counters: [{ key: ownKey, free: FREE.place }], ownKey, userId: given.userId }
}

// Whoever was told to wait and asks again at once is told so from memory: a flood that waits for nothing would else have
// PostgreSQL refuse it each time, and slow down the others.
const REMEMBERED_MS = 1_000
const REMEMBERED_MAX = 10_000
const refusals = new Map<string, { until: number; forgottenAt: number }>()

function refuseAgain({ counters }: Attempt, now: number): void {
  for (const { key } of counters) {
    const refusal = refusals.get(key.toString('hex'))
    if (refusal && now < Math.min(refusal.until, refusal.forgottenAt))
      refuseUntil(refusal.until, now)
  }
}

function refuseUntil(until: number, now: number): never {
  return refuse('too-many-attempts', {
    retryAfterSeconds: Math.max(1, Math.ceil((until - now) / 1000)),
  })
}

/**
 * Counts the try before it is made: a hundred at once can't all pass a check that none has failed yet.
 * Refuses without counting when one of the counters still has to wait.
 */
export async function takeAttempt(db: RoleDatabase, attempt: Attempt, now: Date): Promise<void> {
  refuseAgain(attempt, now.getTime())
  await db.write(async (tx) => {
    const taken = await Promise.all(
      attempt.counters.map(({ key, free }) =>
        isAttemptTaken(tx, { key, free, waitSecondsMax: WAIT_SECONDS_MAX }, now),
      ),
    )
    const failures = taken.map((one) => one ?? 0)
    if (taken.every((one) => one !== undefined)) {
      // Once per burst, or the flood of refusals would flood the ledger too.
      if (attempt.counters.some(({ free }, i) => failures[i] === free))
        await recordEvent(tx, 'sign-in-slowed', attempt.userId)
      return
    }
    const rows = await findAttempts(
      tx,
      attempt.counters.map(({ key }) => key),
    )
    let latest = 0
    for (const { key, free } of attempt.counters) {
      const row = rows.find((one) => one.key.equals(key))
      const until = row ? row.last_failed_at.getTime() + waitSeconds(row.failures, free) * 1000 : 0
      latest = Math.max(latest, until)
      if (until <= now.getTime()) continue
      if (refusals.size >= REMEMBERED_MAX) refusals.clear()
      refusals.set(key.toString('hex'), { until, forgottenAt: now.getTime() + REMEMBERED_MS })
    }
    refuseUntil(latest, now.getTime())
  })
}

/** The try was right: it is no failure, and the next step need not wait. Earlier failures stay counted. */
export async function giveBackAttempt(
  db: RoleDatabase,
  attempt: Attempt,
  now: Date,
): Promise<void> {
  const noWait = new Date(now.getTime() - WAIT_SECONDS_MAX * 1000)
  await db.writeAtOnce((tx) =>
    Promise.all(attempt.counters.map(({ key }) => quietAttempts(tx, key, noWait))),
  )
}

/** Signed in: the counter of this place begins anew. */
export async function forgetAttempts(db: RoleDatabase, attempt: Attempt): Promise<void> {
  await db.writeAtOnce((tx) => clearAttempts(tx, attempt.ownKey))
}

/** Addresses of one household or office look alike: the first 24 bits of IPv4, 56 of IPv6. */
export function networkOf(address: string): string {
  const v4 = /(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(address)
  if (v4) return v4[1]!
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  const gap = tail === undefined ? 0 : 8 - first.length - last.length
  const groups = [...first, ...Array<string>(gap).fill('0'), ...last].map((g) => g.padStart(4, '0'))
  return groups.slice(0, 4).join(':').slice(0, -2)
}

/** The same, for people to recognise: a part of the address, which tells a household or office and no street. */
export function shownNetwork(address: string): string {
  if (address === '::1') return 'localhost'
  const network = networkOf(address)
  return network.includes('.')
    ? `${network}.*`
    : `${network.replaceAll(/(?<=^|:)0+(?=[\da-f])/g, '')}…`
}
