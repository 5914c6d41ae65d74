/**
 * Programs that work with Kluis: accounts with a role and a team that nobody signs in to, each with keys that end within a
 * year and work from named networks. A colleague answers for each.
 */
import { randomUUID } from 'node:crypto'
import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { KEY_PREFIX, keyBinding } from '#security/access/api-key.ts'
import { newBoundToken } from '#security/access/bound-token.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { ownTarget, profileOf } from './accounts.ts'
import type { Actor } from './colleagues.ts'
import { tellSecurity } from './notice-store.ts'
import * as kept from './program-store.ts'
import { isForPeople } from './role-store.ts'
import type { SecurityMails } from './security-mail.ts'
import { actAs, insertSession, recordEvent } from './session-store.ts'
import { tokenHash } from './sessions.ts'
import * as store from './store.ts'

const DAY_MS = 86_400_000
const IDLE_SECONDS = 2 ** 31 - 1
// A key that was never used says so: its stamp stands at the beginning of time.
const NEVER = new Date(0)
// Once an hour for each key, or whoever tries it floods the ledger.
const TELL_AGAIN_MS = 3600_000

export type NewProgram = { name: string; roleId: string; teamId: string; responsibleId: string }
export type NewKey = { ranges: string[]; days: number }
export type ProgramChange = {
  name?: string | undefined
  roleId?: string | undefined
  teamIds?: string[] | undefined
  responsibleId?: string | undefined
  status?: 'active' | 'disabled' | undefined
}
type Parts = { db: RoleDatabase; vault: KeeperVault; mails: SecurityMails }

export function programRules({ db, vault, mails }: Parts) {
  const toldElsewhere = new Map<string, number>()

  async function requireRole(roleId: string): Promise<void> {
    if (await isForPeople(db.reader(), roleId)) refuse('not-for-programs')
  }

  async function requireResponsible(id: string): Promise<void> {
    const account = await store.findAccount(db.reader(), id)
    if (account?.kind !== 'person' || account.status !== 'active') refuse('not-found')
  }

  async function requireProgram(id: string): Promise<store.AccountRow> {
    const account = await store.findAccount(db.reader(), id)
    return account?.kind === 'program' ? account : refuse('not-found')
  }

  async function newKey(userId: string, { ranges: given, days }: NewKey, now: Date) {
    const ranges = await kept.canonicalRanges(db.reader(), given)
    const id = randomUUID()
    // Whole seconds: what the database gives back is what was bound.
    const expiresAt = new Date(Math.floor((now.getTime() + days * DAY_MS) / 1000) * 1000)
    const bound = { id: keyBinding(id, expiresAt, ranges), userId }
    const token = newBoundToken(vault, 'api-key', bound)
    const row = {
      id,
      token_hash: tokenHash(token),
      user_id: userId,
      kind: 'program' as const,
      purpose: null,
      factor: 'api-key',
      user_agent: null,
      idle_seconds: IDLE_SECONDS,
      last_seen_at: NEVER,
      expires_at: expiresAt,
      address_ranges: ranges,
    }
    return { row, key: KEY_PREFIX + token }
  }

  const sealProfile = async (id: string, name: string, counter: number) => {
    const target = ownTarget(vault, 'user_account', 'profile', id, counter)
    const [sealed] = await vault.seal([{ target, value: { name, email: '' } }])
    return sealed!
  }

  return {
    async listPrograms() {
      const [accounts, keys] = await Promise.all([
        store.listAccounts(db.reader()),
        kept.listKeys(db.reader()),
      ])
      const statusOf = new Map(accounts.map(({ id, status }) => [id, status]))
      return accounts
        .filter(({ kind }) => kind === 'program')
        .map((row) => ({
          id: row.id,
          name: profileOf(vault, row).name,
          roleId: row.role_id,
          teamIds: row.team_ids,
          status: row.status as 'active' | 'disabled',
          responsibleId: row.responsible_id!,
          isOrphaned: statusOf.get(row.responsible_id!) !== 'active',
          keys: keys
            .filter((key) => key.user_id === row.id)
            .map((key) => ({
              id: key.id,
              ranges: key.ranges,
              createdAt: key.created_at.toISOString(),
              expiresAt: key.expires_at.toISOString(),
              lastUsedAt: key.last_seen_at > NEVER ? key.last_seen_at.toISOString() : null,
            })),
        }))
    },

    /** The key is shown this once; here only its hash stays. */
    async addProgram(given: NewProgram & NewKey, actor: Actor, now: Date) {
      await Promise.all([requireRole(given.roleId), requireResponsible(given.responsibleId)])
      if ((await store.countTeams(db.reader(), [given.teamId])) === 0) refuse('not-found')
      const id = randomUUID()
      const organisation = await store.findOrganisation(db.reader())
      const sealed = await sealProfile(id, given.name, 1)
      const { row, key } = await newKey(id, given, now)
      await db.writeAtOnce((tx) =>
        Promise.all([
          actor && actAs(tx, actor.token, 'add-program'),
          kept.insertProgram(tx, {
            id,
            profile_sealed: sealed,
            role_id: given.roleId,
            language: organisation?.language ?? 'nl',
            responsible_id: given.responsibleId,
            teamId: given.teamId,
          }),
          insertSession(tx, row),
          recordEvent(tx, 'api-key-made', id, { days: given.days }),
        ]),
      )
      return { id, key }
    },

    async changeProgram(id: string, change: ProgramChange, actor: Actor): Promise<void> {
      const account = await requireProgram(id)
      if (change.roleId) await requireRole(change.roleId)
      if (change.responsibleId) await requireResponsible(change.responsibleId)
      const teamIds = change.teamIds && [...new Set(change.teamIds)]
      if (teamIds && (await store.countTeams(db.reader(), teamIds)) !== teamIds.length)
        refuse('not-found')
      const counter = account.profile_seal_counter + 1
      const sealed =
        change.name === undefined ? undefined : await sealProfile(id, change.name, counter)
      await db.writeAtOnce((tx) =>
        Promise.all([
          actor && actAs(tx, actor.token, 'change-program'),
          kept.changeProgram(tx, id, {
            ...(change.roleId ? { role_id: change.roleId } : {}),
            ...(change.responsibleId ? { responsible_id: change.responsibleId } : {}),
            ...(change.status ? { status: change.status } : {}),
            ...(sealed ? { profile_sealed: sealed, profile_seal_counter: counter } : {}),
          }),
          teamIds && store.replaceTeams(tx, id, teamIds),
        ]),
      )
    },

    async addKey(id: string, given: NewKey, actor: Actor, now: Date): Promise<string> {
      const account = await requireProgram(id)
      if (account.status !== 'active') refuse('not-allowed')
      const { row, key } = await newKey(id, given, now)
      await db.writeAtOnce((tx) =>
        Promise.all([
          actor && actAs(tx, actor.token, 'add-api-key'),
          insertSession(tx, row),
          recordEvent(tx, 'api-key-made', id, { days: given.days }),
        ]),
      )
      return key
    },

    /** Over from the next statement on: the database asks whether it counts. */
    async revokeKey(id: string, keyId: string, actor: Actor, now: Date): Promise<void> {
      await db.write(async (tx) => {
        const [, isRevoked] = await Promise.all([
          actor && actAs(tx, actor.token, 'revoke-api-key'),
          kept.revokeKey(tx, id, keyId, now),
        ])
        if (!isRevoked) refuse('not-found')
        await recordEvent(tx, 'api-key-revoked', id)
      })
    },

    findKey: (keyId: string) => kept.findKey(db.reader(), keyId),

    /** A key that is right, from a network it is not for: it may be in other hands. */
    async tellElsewhere(programId: string, keyId: string, now: Date): Promise<void> {
      if (now.getTime() - (toldElsewhere.get(keyId) ?? 0) < TELL_AGAIN_MS) return
      toldElsewhere.set(keyId, now.getTime())
      const account = await requireProgram(programId)
      await db.writeAtOnce((tx) =>
        Promise.all([
          recordEvent(tx, 'api-key-elsewhere', programId),
          tellSecurity(tx, account.responsible_id!, 'key-elsewhere'),
        ]),
      )
      mails.sendSoon()
    },
  }
}
