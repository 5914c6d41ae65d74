/** What asks more than a session: four eyes and break-glass, with what they need of customers, mail and devices. */
import type { FastifyRequest } from 'fastify'
import type { NotificationMails } from '#crm/notifications/mail.ts'
import { openNames, type SubjectRef } from '#crm/subject-names.ts'
import type { Database, ReadTx, RoleDatabase } from '#platform/db.ts'
import { type Guard, openGuard } from '#security/access/operations.ts'
import type { Route } from '#security/access/route.ts'
import { type ApprovalRules, openApprovals } from '#security/approvals/approvals.ts'
import { approvalsPersonalData } from '#security/approvals/personal-data.ts'
import { approvalRoutes } from '#security/approvals/routes.ts'
import { openBreakGlassRules } from '#security/break-glass/break-glass.ts'
import { breakGlassPersonalData } from '#security/break-glass/personal-data.ts'
import { breakGlassRoutes } from '#security/break-glass/routes.ts'
import { tellEnded } from '#security/break-glass/store.ts'
import { signInCookies } from '#security/sign-in/cookies.ts'
import type { SignInRules } from '#security/sign-in/sign-in.ts'
import type { KeeperVault } from '#security/vault/vault.ts'

export const guardedPersonalData = [approvalsPersonalData, breakGlassPersonalData]

type Parts = {
  db: Database
  /** The role that reads accounts and factors. */
  signInDb: RoleDatabase
  vault: KeeperVault
  signIn: SignInRules
  mails: NotificationMails
  entrance: { cookieName: string; isSecure: boolean; forgetWho: () => void }
  warn: (error: Error) => void
}

type Serving = { guard: Guard; approvals: ApprovalRules }

export type Guarding = {
  serving: Serving
  routes: Route[]
  /** Those who review hear of break-glass that ran out by itself. */
  tellEnded(): Promise<number>
}

export function openGuarded(parts: Parts): Guarding {
  const { db, signInDb, vault, signIn, mails, entrance, warn } = parts
  const { browserOf } = signInCookies(entrance)
  const namesOf = (tx: ReadTx, subjects: SubjectRef[]) => openNames(vault, tx, subjects)
  const approvals = openApprovals({ db, vault, host: signInDb, namesOf })
  const breakGlass = openBreakGlassRules({
    db,
    vault,
    forgetWho: entrance.forgetWho,
    alarm: () => void mails.alarm('break-glass:review').catch(warn),
    namesOf,
  })
  const isDeviceOf = (userId: string, request: FastifyRequest) =>
    signIn.isDeviceOf(userId, browserOf(request))
  return {
    serving: { guard: openGuard({ db, vault }), approvals },
    tellEnded: () => signInDb.writeAtOnce(tellEnded),
    routes: [...approvalRoutes({ rules: approvals, isDeviceOf }), ...breakGlassRoutes(breakGlass)],
  }
}
