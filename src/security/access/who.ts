import { sql } from 'kysely'
import type { Database, SessionToken } from '#platform/db.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { keyBinding } from './api-key.ts'
import { isTokenOurs, looksLikeToken } from './bound-token.ts'
import type { Permission } from './permissions.ts'

type SessionKind = 'user' | 'operator' | 'program'

/** The caller, as the database knows them. */
export type Who = {
  userId: string
  sessionId: string
  sessionKind: SessionKind
  roleId: string
  language: 'nl' | 'en'
  permissions: ReadonlySet<Permission>
  /** Whose records each permission is for. */
  reaches: ReadonlyMap<Permission, Reach>
  /** The teams they are in. */
  teamIds: string[]
  /** Those, and the teams below: whose records a right with the reach of a team is for. */
  reachedTeamIds: string[]
  /** Records that are shared with them at this moment. */
  shared: { person: string[]; company: string[] }
  lastSeenAt: Date
  expiresAt: Date
  /** From where the key of a program is taken; nothing for people. */
  addressRanges: string[] | null
  /** Rights or factors changed since this token was made. */
  isRotationDue: boolean
  /** Sees no customer until a colleague lifts it; PostgreSQL decides that, this says it. */
  isFrozen: boolean
}
export type Reach = 'own' | 'team' | 'organisation'
const reachNames: (Reach | undefined)[] = [undefined, 'own', 'team', 'organisation']

type TermsRow = { expires_at: Date; address_ranges: string[] | null; is_rotation_due: boolean }

type WhoRow = {
  user_id: string
  session_id: string
  session_kind: SessionKind
  role_id: string
  language: 'nl' | 'en'
  permissions: Permission[]
  reaches: number[]
  team_ids: string[]
  reached: string[]
  shared_people: string[]
  shared_companies: string[]
  last_seen_at: Date
}

/** Who holds this token now; undefined when the session ended, idled out or was revoked. */
async function findWho(db: Database, token: SessionToken): Promise<Who | undefined> {
  const tx = db.reader(token, 'session')
  const [[row], [terms], [frozen]] = await Promise.all([
    tx.run(sql<WhoRow>`select * from kluis.who()`),
    tx.run(sql<TermsRow>`select * from kluis.session_terms()`),
    tx.run(sql<{ is: boolean }>`select kluis.is_frozen() as is`),
  ])
  if (!row || !terms) return undefined
  return {
    userId: row.user_id,
    sessionId: row.session_id,
    sessionKind: row.session_kind,
    roleId: row.role_id,
    language: row.language,
    permissions: new Set(row.permissions),
    reaches: new Map(row.permissions.map((one, at) => [one, reachNames[row.reaches[at]!]!])),
    teamIds: row.team_ids,
    reachedTeamIds: row.reached,
    shared: { person: row.shared_people, company: row.shared_companies },
    lastSeenAt: row.last_seen_at,
    expiresAt: terms.expires_at,
    addressRanges: terms.address_ranges,
    isRotationDue: terms.is_rotation_due,
    isFrozen: frozen?.is === true,
  }
}

// A permission is asked at every request, and the database answers the same question again under every
// row. So the answer may be this old for the friendlier message; what is read or written never is.
const FRESH_MS = 1_000
const KEPT_MAX = 5_000

/** Remembers who holds which token for a moment. A refusal or an empty answer asks again. */
export class WhoCache {
  readonly #known = new Map<string, { who: Who; until: number }>()
  readonly #db: Database
  readonly #vault: KeeperVault
  constructor(db: Database, vault: KeeperVault) {
    this.#db = db
    this.#vault = vault
  }
  async find(token: SessionToken, now: number): Promise<Who | undefined> {
    const kept = this.#known.get(token.reveal())
    return kept && now < kept.until ? kept.who : this.ask(token, now)
  }
  async ask(token: SessionToken, now: number): Promise<Who | undefined> {
    const who = looksLikeToken(token.reveal()) ? await findWho(this.#db, token) : undefined
    if (who && this.#isOurs(token, who)) {
      if (this.#known.size >= KEPT_MAX) this.#known.clear()
      this.#known.set(token.reveal(), { who, until: now + FRESH_MS })
      return who
    }
    this.#known.delete(token.reveal())
    return undefined
  }
  /** A row that somebody wrote past this program, gave to another person, or made last longer or reach further, is nobody's. */
  #isOurs(token: SessionToken, { sessionId, userId, ...who }: Who): boolean {
    const [kind, id] =
      who.sessionKind === 'program'
        ? (['api-key', keyBinding(sessionId, who.expiresAt, who.addressRanges ?? [])] as const)
        : (['session', sessionId] as const)
    return isTokenOurs(this.#vault, kind, token.reveal(), { id, userId })
  }
  forgetAll(): void {
    this.#known.clear()
  }
}
