/**
 * Operations that ask more than a session: a grant, made after somebody proved again who they are, and where the organisation
 * chose so the approval of a second person. Both are for one request, once; a stolen session has neither.
 *
 * Trusts: kluis.pass_guard for once and for whose; the vault's keys for what this program made.
 * If lost: nothing is kept here; whoever has a grant gets another.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Database, SessionToken } from '#platform/db.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
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
export type Lacking = 'step-up-needed' | 'approval-needed'

export type Guard = ReturnType<typeof openGuard>

/** What a grant is bound to besides its row and its person. */
export function grantedWhat({ sessionId }: GrantHolder, { operation, request }: Guarded): string {
  return `${sessionId} ${operation} ${request}`
}

/** Says under a key that PostgreSQL never has who agreed to what: an approval that somebody wrote there lacks it. */
export function approvalProof(
  vault: KeeperVault,
  approval: Guarded & { id: string; askedBy: string; decidedBy: string },
): Buffer {
  const { id, askedBy, decidedBy, operation, request } = approval
  return vault.blindToken('approval', [id, askedBy, decidedBy, operation, request].join(' '))
}

type Passed = {
  lacks: Lacking | null
  grant_id: string | null
  approval_id: string | null
  approved_by: string | null
  proof: Buffer | null
}

export function openGuard({ db, vault }: { db: Database; vault: KeeperVault }) {
  return {
    /**
     * What is asked, the values sent with it included: a grant to export people as CSV exports nothing else. Keyed, because
     * a request may hold a reason or a name, and the database keeps this.
     */
    requestOf({ method, path, params, query, body }: AskedRequest): string {
      const sent = JSON.stringify(inOrder({ params, query, body }))
      return vault.blindToken('request', `${method} ${path} ${sent}`).toString('base64url')
    },

    /** Uses up what the request has, or says what it lacks. Whatever comes after this was granted, also where it fails. */
    async pass(
      caller: GrantHolder & { token: SessionToken },
      guarded: Guarded,
      grant: string | undefined,
    ): Promise<Lacking | undefined> {
      const { userId } = caller
      const { operation, request } = guarded
      const hash =
        grant && looksLikeToken(grant)
          ? createHash('sha256').update(grant, 'utf8').digest()
          : Buffer.alloc(0)
      const [passed] = await db.writeAtOnce(
        caller.token,
        (tx) =>
          tx.run(sql<Passed>`
            select * from kluis.pass_guard(${hash}, ${operation}, ${Buffer.from(request, 'base64url')})`),
        operation,
      )
      const { lacks, grant_id: id, approval_id: approvalId, approved_by, proof } = passed!
      if (lacks) return lacks
      const to = { userId, what: grantedWhat(caller, guarded) }
      if (!id || !isTokenOurs(vault, 'grant', grant ?? '', { id, ...to })) return 'step-up-needed'
      if (!approvalId) return undefined
      const agreed = { ...guarded, id: approvalId, askedBy: userId, decidedBy: approved_by ?? '' }
      return proof?.equals(approvalProof(vault, agreed)) ? undefined : 'approval-needed'
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
