import { createHash, randomUUID } from 'node:crypto'
import { newSessionToken, type RoleDatabase } from '#platform/db.ts'
import { Hidden } from '#platform/hidden.ts'
import { insertSession, recordEvent } from './store.ts'

// NIST SP 800-63B asks at most 12 hours and 30 minutes idle at its second level; a working day, and a long lunch.
const ABSOLUTE_MS = 12 * 3600_000
const IDLE_SECONDS = 90 * 60
const OPERATOR_MS = 6 * 3600_000
// The index is kept current as long as the program runs; each start has a session of its own.
const INDEXER_MS = 365 * 24 * 3600_000

const LASTS_MS = { user: ABSOLUTE_MS, operator: OPERATOR_MS, indexer: INDEXER_MS }

export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}

export type Opened = { token: Hidden<string>; sessionId: string; expiresAt: Date }
type Kind =
  | { kind: 'user'; userAgent: string | null }
  | { kind: 'operator'; purpose: string }
  | { kind: 'indexer' }

/** Called only after the second factor, or by an operator on the host. A new token each time: nothing to fixate. */
export async function openSession(
  db: RoleDatabase,
  userId: string | null,
  factor: string,
  what: Kind,
  now: Date,
): Promise<Opened> {
  const token = newSessionToken()
  const sessionId = randomUUID()
  const expiresAt = new Date(now.getTime() + LASTS_MS[what.kind])
  await db.writeAtOnce((tx) =>
    Promise.all([
      insertSession(tx, {
        id: sessionId,
        token_hash: tokenHash(token),
        user_id: userId,
        kind: what.kind,
        purpose: what.kind === 'operator' ? what.purpose : null,
        factor,
        user_agent: what.kind === 'user' ? what.userAgent : null,
        idle_seconds: what.kind === 'user' ? IDLE_SECONDS : OPERATOR_MS / 1000,
        expires_at: expiresAt,
      }),
      recordEvent(tx, 'sign-in', userId, { factor, kind: what.kind }),
    ]),
  )
  return { token: new Hidden(token), sessionId, expiresAt }
}
