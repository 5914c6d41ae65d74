import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { RoleDatabase } from '#platform/db.ts'
import { Hidden } from '#platform/hidden.ts'
import { newBoundToken } from '#security/access/bound-token.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { ownTarget } from './accounts.ts'
import { findKnownPlaces, isPlaceKnown, rememberPlaces } from './attempt-store.ts'
import { tellSecurity } from './notice-store.ts'
import { type Browser, placeKeys, shownNetwork } from './rate-limits.ts'
import { rulesOfPerson } from './role-rules.ts'
import {
  findSession,
  insertSession,
  recordEvent,
  revokeIndexerSessions,
  revokeSessionOf,
  takeReplaced,
} from './session-store.ts'

const OPERATOR_MS = 6 * 3600_000
// The index is kept current as long as the program runs; each start has a session of its own.
const INDEXER_MS = 365 * 24 * 3600_000
const MINUTE_MS = 60_000
// A page asks several things at once; they all end well with the token they began with.
const REPLACED_MS = 30_000
const USER_AGENT_MAX = 200

export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}

export type Opened = { token: Hidden<string>; sessionId: string; expiresAt: Date }
/** `deviceToken` goes into a cookie that outlives the session: see rate-limits.ts. */
export type SignedIn = Opened & { deviceToken: Hidden<string> }
type SessionParts = { db: RoleDatabase; vault: KeeperVault }
type Kind =
  | {
      kind: 'user'
      userAgent: string | null
      place: string
      isNewDevice: boolean
      earlierToken: string | undefined
    }
  | { kind: 'operator'; purpose: string }
  | { kind: 'indexer' }

/** Called only after the second factor, or by an operator on the host. A new token each time: nothing to fixate. */
export async function openSession(
  parts: SessionParts,
  userId: string | null,
  factor: string,
  what: Kind,
  now: Date,
): Promise<Opened> {
  const { db, vault } = parts
  const sessionId = randomUUID()
  const token = newBoundToken(vault, 'session', { id: sessionId, userId })
  const { lastsMs, idleSeconds } = await limitsOf(db, userId, what.kind)
  const expiresAt = new Date(now.getTime() + lastsMs)
  const place =
    what.kind === 'user' ? await sealPlace(vault, sessionId, userId!, what.place) : undefined
  await db.writeAtOnce((tx) =>
    Promise.all([
      // The one of an earlier start, which may have ended without a goodbye.
      what.kind === 'indexer' && revokeIndexerSessions(tx, now),
      what.kind === 'user' &&
        what.earlierToken &&
        revokeSessionOf(tx, tokenHash(what.earlierToken), now),
      insertSession(tx, {
        id: sessionId,
        token_hash: tokenHash(token),
        user_id: userId,
        kind: what.kind,
        purpose: what.kind === 'operator' ? what.purpose : null,
        factor,
        user_agent: what.kind === 'user' ? what.userAgent : null,
        idle_seconds: idleSeconds,
        created_at: now,
        expires_at: expiresAt,
        ...(place ? { place_sealed: place, place_seal_counter: 1 } : {}),
      }),
      recordEvent(tx, 'sign-in', userId, { factor, kind: what.kind }),
      what.kind === 'user' && what.isNewDevice && tellSecurity(tx, userId!, 'new-device'),
    ]),
  )
  return { token: new Hidden(token), sessionId, expiresAt }
}

async function limitsOf(db: RoleDatabase, userId: string | null, kind: Kind['kind']) {
  if (kind !== 'user') {
    const lastsMs = kind === 'operator' ? OPERATOR_MS : INDEXER_MS
    return { lastsMs, idleSeconds: lastsMs / 1000 }
  }
  const rules = await rulesOfPerson(db, userId!)
  return { lastsMs: rules.absoluteMinutes * MINUTE_MS, idleSeconds: rules.idleMinutes * 60 }
}

async function sealPlace(vault: KeeperVault, sessionId: string, userId: string, place: string) {
  const target = ownTarget(vault, 'session', 'content', sessionId, 1, userId)
  const [sealed] = await vault.seal([{ target, value: { place } }])
  return sealed!
}

type Placed = { id: string; place_sealed: Buffer | null; place_seal_counter: number }

/** Empty for a session from before places were kept, and for one whose place does not open. */
export function placeOf(vault: KeeperVault, userId: string, row: Placed): string {
  if (!row.place_sealed) return ''
  const target = ownTarget(vault, 'session', 'content', row.id, row.place_seal_counter, userId)
  const opened = vault.openOwn<{ place: string }>(target, row.place_sealed)
  return opened.kind === 'open' ? opened.value.place : ''
}

/** The end of every sign-in of a person: the session, and this device and network as places they know. */
export async function openPersonSession(
  parts: SessionParts,
  given: { userId: string; factor: string; browser: Browser; isEnrolment?: boolean },
  now: Date,
): Promise<SignedIn> {
  const { userId, factor, isEnrolment = false } = given
  const { db, vault } = parts
  let { browser } = given
  const [deviceKey] = placeKeys(vault, browser)
  const [isDeviceKnown, own] = await Promise.all([
    browser.deviceToken && isPlaceKnown(db.reader(), deviceKey!),
    findKnownPlaces(db.reader(), userId, browser.deviceToken ? [deviceKey!] : []),
  ])
  if (!isDeviceKnown) browser = { ...browser, deviceToken: randomBytes(32).toString('base64url') }
  const keys = placeKeys(vault, browser)
  await db.writeAtOnce((tx) => rememberPlaces(tx, userId, keys, now))
  const what = {
    kind: 'user',
    userAgent: browser.userAgent?.slice(0, USER_AGENT_MAX) ?? null,
    place: shownNetwork(browser.address),
    // Whoever has just enrolled on it knows.
    isNewDevice: own.length === 0 && !isEnrolment,
    earlierToken: browser.sessionToken,
  } as const
  const opened = await openSession(parts, userId, factor, what, now)
  return { ...opened, deviceToken: new Hidden(browser.deviceToken!) }
}

/**
 * Another token for a session whose owner's rights or factors changed; it began when the old one did. Undefined when
 * another request came first.
 */
export async function rotateSession(
  { db, vault }: SessionParts,
  oldId: string,
  now: Date,
): Promise<Opened | undefined> {
  const old = await findSession(db.reader(), oldId)
  if (!old?.user_id) return undefined
  const userId = old.user_id
  const sessionId = randomUUID()
  const token = newBoundToken(vault, 'session', { id: sessionId, userId })
  const [limits, place] = await Promise.all([
    limitsOf(db, userId, 'user'),
    sealPlace(vault, sessionId, userId, placeOf(vault, userId, old)),
  ])
  const expiresAt = new Date(old.created_at.getTime() + limits.lastsMs)
  const isTaken = await db.write(async (tx) => {
    if (!(await takeReplaced(tx, oldId, now, REPLACED_MS))) return false
    await Promise.all([
      insertSession(tx, {
        id: sessionId,
        token_hash: tokenHash(token),
        user_id: userId,
        kind: 'user',
        purpose: null,
        factor: old.factor,
        user_agent: old.user_agent,
        idle_seconds: limits.idleSeconds,
        created_at: old.created_at,
        expires_at: expiresAt,
        place_sealed: place,
        place_seal_counter: 1,
      }),
      recordEvent(tx, 'session-rotated', userId),
    ])
    return true
  })
  return isTaken ? { token: new Hidden(token), sessionId, expiresAt } : undefined
}
