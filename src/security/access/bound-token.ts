/**
 * Bearer tokens that only this program can have made. PostgreSQL keeps a hash of each and says whose it is; the
 * second half of the token says the same under a key that PostgreSQL never has. So whoever can write rows, but
 * lacks the keystore, can plant no session, invitation, grant or key of a program, and can't give their own to somebody else.
 *
 * Trusts: the vault's keys. Does not trust the row that the database found for a token.
 * If lost: the keystore is; then nobody signs in.
 */
import { timingSafeEqual } from 'node:crypto'
import { newSessionToken } from '#platform/db.ts'
import type { KeeperVault } from '#security/vault/vault.ts'

type TokenKind = 'session' | 'invite' | 'grant' | 'scim-token' | 'api-key'
/**
 * The row that stands for the token, and the person it is for; of a provider's token, the provider. Of a grant also what
 * it grants and in which session.
 */
export type BoundTo = { id: string; userId: string | null; what?: string }

const SECRET_LETTERS = 43
const TOKEN = /^[\w-]{65}$/

export function newBoundToken(vault: KeeperVault, kind: TokenKind, to: BoundTo): string {
  const secret = newSessionToken()
  return secret + bindingOf(vault, kind, secret, to).toString('base64url')
}

/** Nothing else is worth a question to the database. */
export function looksLikeToken(token: string): boolean {
  return TOKEN.test(token)
}

export function isTokenOurs(
  vault: KeeperVault,
  kind: TokenKind,
  token: string,
  to: BoundTo,
): boolean {
  if (!looksLikeToken(token)) return false
  const given = Buffer.from(token.slice(SECRET_LETTERS), 'base64url')
  const made = bindingOf(vault, kind, token.slice(0, SECRET_LETTERS), to)
  return given.length === made.length && timingSafeEqual(given, made)
}

function bindingOf(vault: KeeperVault, kind: TokenKind, secret: string, to: BoundTo): Buffer {
  const { id, userId, what } = to
  return vault.blindToken(kind, `${secret} ${id} ${userId}${what === undefined ? '' : ` ${what}`}`)
}
