/** Those who manage users: invite, change role and teams, disable, end sessions; and the organisation itself. */
import { randomUUID } from 'node:crypto'
import type { ReadTx, RoleDatabase, SessionToken, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { ownTarget, type Profile, profileOf } from './accounts.ts'
import { inviteLink, newInvite } from './enrolment.ts'
import * as factors from './factor-store.ts'
import { tellSecurity } from './notice-store.ts'
import type { SecurityMails } from './security-mail.ts'
import { actAs, listSessions, recordEvent, revokeSessions } from './session-store.ts'
import { placeOf } from './sessions.ts'
import * as store from './store.ts'

/** Who asks for a change; the database learns it from the token. Null: an operator on the host. */
export type Actor = { userId: string; token: SessionToken } | null
export type NewColleague = Profile & { roleId: string; teamId: string }
export type ColleagueChange = {
  roleId?: string
  teamIds?: string[]
  status?: 'active' | 'disabled'
}

export type TeamChange = { rowVersion: number; name?: string; parentId?: string | null }

export type ColleagueParts = {
  db: RoleDatabase
  vault: KeeperVault
  origin: URL
  mails: SecurityMails
  /** Half sign-ins of this person end: their factors are no longer what they were. */
  endHalves: (userId: string) => void
}

export function colleagueRules({ db, vault, origin, mails, endHalves }: ColleagueParts) {
  const as = (tx: Tx, actor: Actor, purpose: string) =>
    actor ? actAs(tx, actor.token, purpose) : undefined

  async function requireTeams(ids: string[]): Promise<void> {
    if ((await store.countTeams(db.reader(), ids)) !== new Set(ids).size) refuse('not-found')
  }

  async function requireRole(id: string): Promise<void> {
    if (!(await store.isRole(db.reader(), id)))
      refuse('invalid-fields', { fields: [{ field: 'roleId', problem: 'unknown' }] })
  }

  return {
    /** `tx`: whose eyes see the names; a caller's own where there is one. */
    async listColleagues(with_: 'factors' | 'names', tx: ReadTx = db.reader()) {
      const [rows, counts] = await Promise.all([
        store.listAccounts(tx),
        with_ === 'factors' ? factors.countFactors(db.reader()) : [],
      ])
      const countOf = new Map(counts.map((count) => [count.user_id, count]))
      return rows.map((row) => {
        const count = countOf.get(row.id)
        return {
          id: row.id,
          kind: row.kind as 'person' | 'program',
          ...profileOf(vault, row),
          roleId: row.role_id,
          status: row.status as 'invited' | 'active' | 'disabled',
          teamIds: row.team_ids,
          factors:
            count && row.kind === 'person'
              ? {
                  hasPassword: count.has_password,
                  hasTotp: count.has_totp,
                  passkeys: count.passkeys,
                }
              : null,
        }
      })
    },

    listTeams: () => store.listTeams(db.reader()),

    async findColleague(email: string): Promise<{ id: string } | undefined> {
      return store.findAccountByToken(db.reader(), vault.blindToken('account-email', email))
    },

    async invite(
      given: NewColleague,
      actor: Actor,
      now: Date,
    ): Promise<{ userId: string; link: string }> {
      const emailToken = vault.blindToken('account-email', given.email)
      if (await store.findAccountByToken(db.reader(), emailToken)) refuse('already-done')
      await requireTeams([given.teamId])
      await requireRole(given.roleId)
      const organisation = await store.findOrganisation(db.reader())
      const userId = randomUUID()
      const [sealed] = await vault.seal([
        {
          target: ownTarget(vault, 'user_account', 'profile', userId),
          value: { name: given.name, email: given.email },
        },
      ])
      const { token, row } = newInvite(vault, userId, actor?.userId ?? null, now)
      await db.writeAtOnce((tx) =>
        Promise.all([
          as(tx, actor, 'invite'),
          store.insertAccount(tx, {
            id: userId,
            email_token: emailToken,
            profile_sealed: sealed!,
            role_id: given.roleId,
            language: organisation?.language ?? 'nl',
            status: 'invited',
            teamId: given.teamId,
          }),
          store.insertInvite(tx, row),
        ]),
      )
      return { userId, link: inviteLink(origin, userId, token).href }
    },

    /** Role and status of oneself are for a colleague to change, so that nobody locks themselves out by a slip. */
    async changeColleague(userId: string, change: ColleagueChange, actor: Actor): Promise<void> {
      if (actor?.userId === userId && (change.roleId || change.status)) refuse('not-allowed')
      const account = (await store.findAccount(db.reader(), userId)) ?? refuse('not-found')
      // A program has a screen of its own, with a right of its own.
      if (account.kind === 'program') refuse('not-found')
      if (change.teamIds) await requireTeams(change.teamIds)
      if (change.roleId) await requireRole(change.roleId)
      const staysAdministrator =
        change.roleId === undefined || (await store.isAdministration(db.reader(), change.roleId))
      const status = change.status === 'active' ? await statusOnReturn(account) : change.status
      await db.write(async (tx) => {
        const [, administrators] = await Promise.all([
          as(tx, actor, 'change-colleague'),
          store.lockAdministrators(tx),
        ])
        const isLast = administrators.length === 1 && administrators[0] === userId
        if (isLast && (status === 'disabled' || !staysAdministrator)) refuse('last-administrator')
        await Promise.all([
          (change.roleId || status) &&
            store.changeAccount(tx, userId, {
              ...(change.roleId ? { role_id: change.roleId } : {}),
              ...(status ? { status } : {}),
            }),
          change.teamIds && store.replaceTeams(tx, userId, [...new Set(change.teamIds)]),
        ])
      })
      if (status === 'disabled') hasLeft(userId)
    },

    /** PostgreSQL ended what it knows of them (kluis_auth.account_left); this is what only the program holds. */
    hasLeft,

    async listSessionsOf(userId: string, now: Date) {
      const rows = await listSessions(db.reader(), userId, now)
      return rows.map((row) => ({ ...row, place: placeOf(vault, userId, row) }))
    },

    /** A colleague's device is lost, or somebody else is in: the person hears of it. */
    async endSessionsOf(userId: string, actor: NonNullable<Actor>, now: Date): Promise<number> {
      const account = (await store.findAccount(db.reader(), userId)) ?? refuse('not-found')
      if (account.kind === 'program') refuse('not-found')
      const [, , ended] = await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, actor.token, 'end-sessions'),
          recordEvent(tx, 'sessions-ended', userId),
          revokeSessions(tx, userId, 'all', now),
          tellSecurity(tx, userId, 'sessions-ended'),
        ]),
      )
      endHalves(userId)
      mails.sendSoon()
      return ended
    },

    async addTeam(
      { name, parentId }: { name: string; parentId: string | null },
      actor: Actor,
    ): Promise<string> {
      if (parentId) await requireTeams([parentId])
      const id = randomUUID()
      await db.writeAtOnce((tx) =>
        Promise.all([as(tx, actor, 'add-team'), store.insertTeam(tx, id, name, parentId)]),
      )
      return id
    },

    /** Another name, or another team above it; that nobody reaches more by their own hand is PostgreSQL's. */
    async changeTeam(id: string, given: TeamChange, actor: Actor): Promise<store.TeamRow> {
      if (given.parentId) await requireTeams([given.parentId])
      const [, isThere] = await db.writeAtOnce((tx) =>
        Promise.all([
          as(tx, actor, 'change-team'),
          store.changeTeam(tx, id, given.rowVersion, {
            ...(given.name === undefined ? {} : { name: given.name }),
            ...(given.parentId === undefined ? {} : { parent_id: given.parentId }),
          }),
        ]),
      )
      if (!isThere) refuse('not-found')
      const teams = await store.listTeams(db.reader())
      return teams.find((team) => team.id === id) ?? refuse('not-found')
    },

    async changeOrganisation(
      change: { rowVersion: number; name?: string; language?: string },
      actor: Actor,
    ): Promise<void> {
      const { rowVersion, name, ...readable } = change
      const row = (await store.findOrganisation(db.reader())) ?? refuse('not-found')
      const counter = row.name_seal_counter + 1
      const [sealed] =
        name === undefined
          ? []
          : await vault.seal([
              {
                target: ownTarget(vault, 'organisation', 'profile', row.id, counter),
                value: { name },
              },
            ])
      await db.writeAtOnce((tx) =>
        Promise.all([
          as(tx, actor, 'change-organisation'),
          store.changeOrganisation(tx, rowVersion, {
            ...readable,
            ...(sealed ? { name: { sealed, counter } } : {}),
          }),
        ]),
      )
    },
  }

  function hasLeft(userId: string): void {
    endHalves(userId)
    // Of programs that nobody answers for now.
    mails.sendSoon()
  }

  /** Back from disabled: at work again with the factors they had, or invited still when they never enrolled. */
  async function statusOnReturn(account: store.AccountRow): Promise<string | undefined> {
    if (account.status !== 'disabled') return undefined
    const tx = db.reader()
    const [password, totp, passkeys] = await Promise.all([
      factors.findPassword(tx, account.id),
      factors.findTotp(tx, account.id),
      factors.listPasskeys(tx, account.id),
    ])
    return passkeys.length > 0 || (password && totp) ? 'active' : 'invited'
  }
}
