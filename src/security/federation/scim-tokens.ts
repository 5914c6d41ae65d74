import { randomUUID } from 'node:crypto'
import type { RoleDatabase } from '#platform/db.ts'
import { isTokenOurs, looksLikeToken, newBoundToken } from '#security/access/bound-token.ts'
import { actAs, recordEvent } from '#security/sign-in/session-store.ts'
import { tokenHash } from '#security/sign-in/sessions.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import type { Actor } from './providers.ts'
import * as store from './scim-store.ts'

const STAMP_MS = 60_000

/** The bearer tokens of a provider's program: shown once, kept as a hash, bound to their provider. */
export function scimTokenRules({ db, vault }: { db: RoleDatabase; vault: KeeperVault }) {
  return {
    async make(providerId: string, days: number, actor: Actor, now: Date) {
      const id = randomUUID()
      const token = newBoundToken(vault, 'scim-token', { id, userId: providerId })
      const row = {
        id,
        provider_id: providerId,
        token_hash: tokenHash(token),
        created_by: actor.userId,
        created_at: now,
        expires_at: new Date(now.getTime() + days * 86_400_000),
      }
      await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, actor.token, 'scim-token-made'),
          recordEvent(tx, 'scim-token-made', null, { provider: providerId, days }),
          store.insertToken(tx, row),
        ]),
      )
      return { id, token }
    },

    async list(providerId: string) {
      const rows = await store.listTokens(db.reader(), providerId)
      return rows.map((row) => ({
        id: row.id,
        createdAt: row.created_at.toISOString(),
        expiresAt: row.expires_at.toISOString(),
        lastUsedAt: row.last_used_at?.toISOString() ?? null,
        isRevoked: row.revoked_at !== null,
      }))
    },

    async revoke(providerId: string, id: string, actor: Actor, now: Date): Promise<boolean> {
      const [, , isThere] = await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, actor.token, 'scim-token-revoked'),
          recordEvent(tx, 'scim-token-revoked', null, { provider: providerId }),
          store.revokeToken(tx, providerId, id, now),
        ]),
      )
      return isThere
    },

    /** Whose token it is; undefined when it is none, or none any more. */
    async providerOf(token: string, now: Date): Promise<string | undefined> {
      if (!looksLikeToken(token)) return undefined
      const row = await store.findToken(db.reader(), tokenHash(token), now)
      const to = row && { id: row.id, userId: row.provider_id }
      // One that was written into the table, or given to another provider there, is nobody's.
      if (!to || !isTokenOurs(vault, 'scim-token', token, to)) return undefined
      if (now.getTime() - (row.last_used_at?.getTime() ?? 0) > STAMP_MS)
        await db.writeAtOnce((tx) => store.stampToken(tx, row.id, now))
      return row.provider_id
    },
  }
}
