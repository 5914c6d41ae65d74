import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { RoleDatabase } from '#platform/db.ts'
import { Hidden } from '#platform/hidden.ts'
import { newBoundToken } from '#security/access/bound-token.ts'
import type { Vault } from '#security/vault/vault.ts'
import { isPlaceKnown, rememberPlaces } from './attempt-store.ts'
import { type Browser, placeKeys } from './rate-limits.ts'
import { insertSession, recordEvent, revokeIndexerSessions } from './session-store.ts'

// NIST SP 800-63B asks at most 12 hours and 30 minutes idle at its second level; a working day, and a long lunch.
const ABSOLUTE_MS = 12 * 3600_000
const IDLE_SECONDS = 90 * 60
const OPERATOR_MS = 6 * 3600_000
// The index is kept current as long as the program runs; each start has a session of its own.
const INDEXER_MS = 365 * 24 * 3600_000

const LASTS_MS = { user: ABSOLUTE_MS, operator: OPERATOR_MS, indexer: INDEXER_MS }
const USER_AGENT_MAX = 200

export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}

export type Opened = { token: Hidden<string>; sessionId: string; expiresAt: Date }
/** `deviceToken` goes into a cookie that outlives the session: see rate-limits.ts. */
export type SignedIn = Opened & { deviceToken: Hidden<string> }
type SessionParts = { db: RoleDatabase; vault: Vault }
type Kind =
  | { kind: 'user'; userAgent: string | null }
  | { kind: 'operator'; purpose: string }
  | { kind: 'indexer' }

/** Called only after the second factor, or by an operator on the host. A new token each time: nothing to fixate. */
export async function openSession(
  { db, vault }: SessionParts,
  userId: string | null,
  factor: string,
  what: Kind,
  now: Date,
): Promise<Opened> {
  const sessionId = randomUUID()
  const token = newBoundToken(vault, 'session', { id: sessionId, userId })
  const expiresAt = new Date(now.getTime() + LASTS_MS[what.kind])
  await db.writeAtOnce((tx) =>
    Promise.all([
      // The one of an earlier start, which may have ended without a goodbye.
      what.kind === 'indexer' && revokeIndexerSessions(tx, now),
      insertSession(tx, {
        id: sessionId,
        token_hash: tokenHash(token),
        user_id: userId,
        kind: what.kind,
        purpose: what.kind === 'operator' ? what.purpose : null,
        factor,
        user_agent: what.kind === 'user' ? what.userAgent : null,
        idle_seconds: what.kind === 'user' ? IDLE_SECONDS : LASTS_MS[what.kind] / 1000,
        expires_at: expiresAt,
      }),
      recordEvent(tx, 'sign-in', userId, { factor, kind: what.kind }),
    ]),
  )
  return { token: new Hidden(token), sessionId, expiresAt }
}

/** The end of every sign-in of a person: the session, and this device and network as places they know. */
export async function openPersonSession(
  parts: SessionParts,
  given: { userId: string; factor: string; browser: Browser },
  now: Date,
): Promise<SignedIn> {
  const { userId, factor } = given
  const { db, vault } = parts
  let { browser } = given
  const [deviceKey] = placeKeys(vault, browser)
  if (!browser.deviceToken || !(await isPlaceKnown(db.reader(), deviceKey!)))
    browser = { ...browser, deviceToken: randomBytes(32).toString('base64url') }
  const keys = placeKeys(vault, browser)
  await db.writeAtOnce((tx) => rememberPlaces(tx, userId, keys, now))
  const userAgent = browser.userAgent?.slice(0, USER_AGENT_MAX) ?? null
  const opened = await openSession(parts, userId, factor, { kind: 'user', userAgent }, now)
  return { ...opened, deviceToken: new Hidden(browser.deviceToken!) }
}
