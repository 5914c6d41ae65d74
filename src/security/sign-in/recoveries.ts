/**
 * Lost factors are restored by people, and people are talked into things. So nothing here lets one of them alone, or
 * whoever calls, into an account: the link opens only with a code that somebody else holds, and an administrator's own
 * factors take two administrators, of whom one gets the link and the other the code.
 */
import { randomUUID } from 'node:crypto'
import type { RoleDatabase, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { type KeeperVault, openedOrRefuse } from '#security/vault/vault.ts'
import { ownTarget } from './accounts.ts'
import { forgetPlaces } from './attempt-store.ts'
import type { Actor } from './colleagues.ts'
import { inviteLink, newInvite } from './enrolment.ts'
import * as factors from './factor-store.ts'
import { tellSecurity } from './notice-store.ts'
import { newRecoveryCode, recoveryCodeHash } from './recovery-codes.ts'
import * as kept from './recovery-store.ts'
import { rulesOfRole } from './role-rules.ts'
import { isAdministrating, listHolders } from './role-store.ts'
import type { SecurityMails } from './security-mail.ts'
import { actAs, recordEvent, revokeSessions } from './session-store.ts'
import * as store from './store.ts'

// A working day, and the next morning.
const OPEN_MS = 24 * 3600_000

export type RecoveryParts = {
  db: RoleDatabase
  vault: KeeperVault
  origin: URL
  mails: SecurityMails
  endHalves: (userId: string) => void
}
type Caller = NonNullable<Actor>
export type ResetResult =
  /** `code` is null where it went to the person by mail. */
  { kind: 'done'; link: string; code: string | null } | { kind: 'asked' }

export function recoveryRules({ db, vault, origin, mails, endHalves }: RecoveryParts) {
  /** What stops working, and the link that lets the person begin anew, with `code`. */
  async function prepare(account: store.AccountRow, reason: string, by: string | null, now: Date) {
    const code = newRecoveryCode()
    const { token, row } = newInvite(vault, account.id, by, now)
    const [sealed] = await vault.seal([
      { target: ownTarget(vault, 'invite', 'content', row.id), value: { reason } },
    ])
    const invite = {
      ...row,
      expires_at: new Date(now.getTime() + OPEN_MS),
      code_hash: recoveryCodeHash(vault, row.id, code),
      reason_sealed: sealed!,
      reason_seal_counter: 1,
    }
    const write = (tx: Tx) => [
      recordEvent(tx, 'factor-reset', account.id),
      revokeSessions(tx, account.id, 'all', now),
      factors.deleteFactors(tx, account.id),
      forgetPlaces(tx, account.id),
      store.voidInvites(tx, account.id, now),
      store.insertInvite(tx, invite),
      tellSecurity(tx, account.id, 'factors-reset'),
    ]
    return { code, link: inviteLink(origin, account.id, token).href, inviteId: row.id, write }
  }

  async function needsTwo(account: store.AccountRow): Promise<boolean> {
    const [{ recoveredBy }, isAdministrator] = await Promise.all([
      rulesOfRole(db, account.role_id),
      isAdministrating(db.reader(), account.role_id),
    ])
    return recoveredBy === 2 || isAdministrator
  }

  async function ask(account: store.AccountRow, actor: Caller, reason: string, now: Date) {
    const managers = await listHolders(db.reader(), 'users:manage')
    const others = managers.filter(({ id }) => id !== actor.userId && id !== account.id)
    if (others.length === 0) refuse('second-needed')
    const id = randomUUID()
    const [sealed] = await vault.seal([
      { target: ownTarget(vault, 'recovery', 'content', id), value: { reason } },
    ])
    const row = {
      id,
      user_id: account.id,
      asked_by: actor.userId,
      expires_at: new Date(now.getTime() + OPEN_MS),
      reason_sealed: sealed!,
    }
    await db.writeAtOnce((tx) =>
      Promise.all([
        actAs(tx, actor.token, 'ask-recovery'),
        kept.stopExpired(tx, account.id, now),
        kept.insertRecovery(tx, row),
        recordEvent(tx, 'recovery-asked', account.id),
        tellSecurity(tx, account.id, 'recovery-asked'),
        ...others.map((one) => tellSecurity(tx, one.id, 'recovery-to-agree')),
      ]),
    )
  }

  return {
    /**
     * Someone lost their factor, or someone else has it. What they had stops working at once, their sessions end, and a
     * link with a code lets them enrol anew; or, where two are needed, a second administrator is asked first. The reason
     * is kept sealed; the ledger shows who did it. The operator on the host (null) is the second for everybody.
     */
    async resetFactor(
      userId: string,
      actor: Actor,
      reason: string,
      now: Date,
    ): Promise<ResetResult> {
      if (actor?.userId === userId) refuse('not-allowed')
      const account = (await store.findAccount(db.reader(), userId)) ?? refuse('not-found')
      if (account.status === 'disabled' || account.kind === 'program') refuse('not-allowed')
      if (actor && (await needsTwo(account))) {
        await ask(account, actor, reason, now)
        mails.sendSoon()
        return { kind: 'asked' }
      }
      const { code, link, write } = await prepare(account, reason, actor?.userId ?? null, now)
      await db.writeAtOnce((tx) =>
        Promise.all([actor && actAs(tx, actor.token, 'reset-factor'), ...write(tx)]),
      )
      endHalves(userId)
      mails.sendSoon()
      const isMailed = await mails.sendCode(userId, account.language as 'nl', code)
      return { kind: 'done', link, code: isMailed ? null : code }
    },

    /** For who manages users all of them, and for everybody what is about themselves. */
    async listRecoveries(caller: Caller, isManager: boolean, now: Date) {
      const rows = await kept.listOpen(db.reader(), now)
      return rows
        .filter((row) => isManager || row.user_id === caller.userId)
        .map((row) => ({
          id: row.id,
          userId: row.user_id,
          state: row.state as 'asked' | 'agreed',
          askedBy: row.asked_by,
          agreedBy: row.decided_by,
          reason: isManager ? reasonOf(row) : null,
          code: row.asked_by === caller.userId && row.code_sealed ? codeOf(row) : null,
          mayAgree:
            isManager &&
            row.state === 'asked' &&
            row.asked_by !== caller.userId &&
            row.user_id !== caller.userId,
          at: row.created_at.toISOString(),
          expiresAt: row.expires_at.toISOString(),
        }))
    },

    /** The second administrator. The link is for them to give; the code goes to the first. */
    async agreeToRecovery(id: string, caller: Caller, now: Date): Promise<string> {
      const row = (await kept.findOpen(db.reader(), id, now)) ?? refuse('not-found')
      if (row.asked_by === caller.userId || row.user_id === caller.userId) refuse('not-allowed')
      if (row.state !== 'asked') refuse('already-done')
      const account = (await store.findAccount(db.reader(), row.user_id)) ?? refuse('not-found')
      if (account.status === 'disabled') refuse('not-allowed')
      const made = await prepare(account, reasonOf(row), caller.userId, now)
      const [codeSealed] = await vault.seal([
        { target: codeTarget(row.id, row.asked_by, 1), value: made.code },
      ])
      await db.write(async (tx) => {
        await Promise.all([actAs(tx, caller.token, 'agree-to-recovery'), ...made.write(tx)])
        const isDecided = await kept.decideRecovery(tx, row, {
          state: 'agreed',
          invite_id: made.inviteId,
          code_sealed: codeSealed!,
          expires_at: new Date(now.getTime() + OPEN_MS),
        })
        if (!isDecided) refuse('already-done')
      })
      endHalves(account.id)
      mails.sendSoon()
      return made.link
    },

    /** By whom it is about, or by any administrator; also after it was agreed to, as long as nobody used the link. */
    async stopRecovery(id: string, caller: Caller, isManager: boolean, now: Date): Promise<void> {
      const row = await kept.findOpen(db.reader(), id, now)
      if (!row || !(isManager || row.user_id === caller.userId)) refuse('not-found')
      await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, caller.token, 'stop-recovery'),
          kept.voidInviteOf(tx, id, now),
          kept.decideRecovery(tx, row, { state: 'stopped' }),
          recordEvent(tx, 'recovery-stopped', row.user_id),
        ]),
      )
      endHalves(row.user_id)
    },

    async listFactorResets(userId: string) {
      const rows = await store.listFactorResets(db.reader(), userId)
      return rows.map((row) => ({
        at: row.created_at.toISOString(),
        byUserId: row.created_by,
        reason: openedOrRefuse(
          vault.openOwn<{ reason: string }>(
            ownTarget(vault, 'invite', 'content', row.id, row.reason_seal_counter),
            row.reason_sealed!,
          ),
        ).reason,
      }))
    },
  }

  function reasonOf(row: kept.RecoveryRow): string {
    const target = ownTarget(vault, 'recovery', 'content', row.id, row.reason_seal_counter)
    return openedOrRefuse(vault.openOwn<{ reason: string }>(target, row.reason_sealed)).reason
  }

  /** For the one who asked: it does not open as anybody else's. */
  function codeTarget(id: string, askedBy: string, counter: number) {
    return ownTarget(vault, 'recovery', 'secret', id, counter, askedBy)
  }

  function codeOf(row: kept.RecoveryRow): string {
    const target = codeTarget(row.id, row.asked_by, row.code_seal_counter)
    return openedOrRefuse(vault.openOwn<string>(target, row.code_sealed!))
  }
}
