/**
 * Operations that ask more than a session: a grant, made after somebody proved again who they are. It is for one request of
 * one session, once, within minutes; a stolen session has none.
 *
 * Trusts: kluis.use_step_up for once and for whose; the vault's keys for what this program made.
 * If lost: nothing is kept here; whoever has a grant gets another.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Database, SessionToken } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Vault } from '#security/vault/vault.ts'
import { isTokenOurs, looksLikeToken } from './bound-token.ts'
import type { Operation } from './contract.ts'
import type { Who } from './who.ts'

export type { Operation } from './contract.ts'

/** Everything that makes one request another. */
export type AskedRequest = {
  method: string
  path: string
  params?: unknown
  query?: unknown
  body?: unknown
}
/** `request` is what `requestOf` gives. */
export type Guarded = { operation: Operation; request: string }
/** The part of a caller that a grant is for. */
export type GrantHolder = Pick<Who, 'userId' | 'sessionId'>

export type Guard = ReturnType<typeof openGuard>

/** What a grant is bound to besides its row and its person. */
export function grantedWhat({ sessionId }: GrantHolder, { operation, request }: Guarded): string {
  return `${sessionId} ${operation} ${request}`
}

export function openGuard({ db, vault }: { db: Database; vault: Vault }) {
  return {
    /**
     * What is asked, the values sent with it included: a grant to export people as CSV exports nothing else. Keyed, because
     * a request may hold a reason or a name, and the database keeps this.
     */
    requestOf({ method, path, params, query, body }: AskedRequest): string {
      const sent = JSON.stringify(inOrder({ params, query, body }))
      return vault.blindToken('request', `${method} ${path} ${sent}`).toString('base64url')
    },

    /** Uses the grant up, or refuses. Whatever comes after this was granted, also where it then fails. */
    async pass(
      caller: GrantHolder & { token: SessionToken },
      guarded: Guarded,
      grant: string | undefined,
    ): Promise<void> {
      const { operation, request } = guarded
      const needed = () => refuse('step-up-needed', { operation, request })
      if (!grant || !looksLikeToken(grant)) return needed()
      const hash = createHash('sha256').update(grant, 'utf8').digest()
      const [used] = await db.writeAtOnce(
        caller.token,
        (tx) =>
          tx.run(sql<{ id: string | null }>`
            select kluis.use_step_up(${hash}, ${operation}, ${Buffer.from(request, 'base64url')}) as id`),
        operation,
      )
      const id = used?.id
      const to = { userId: caller.userId, what: grantedWhat(caller, guarded) }
      if (!id || !isTokenOurs(vault, 'grant', grant, { id, ...to })) needed()
    },
  }
}

/** One text for the same values, in whatever order they were sent. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([name, one]) => [name, inOrder(one)])
}
