import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { open, type Route, read } from '#security/access/route.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { organisationName, profileOf } from './accounts.ts'
import { colleagueRoutes } from './colleague-routes.ts'
import * as shape from './contract.ts'
import { type Cookies, signInCookies } from './cookies.ts'
import { ownFactorRoutes } from './own-factor-routes.ts'
import { programRoutes } from './program-routes.ts'
import type { SignInRules } from './sign-in.ts'
import { stepUpRoutes } from './step-up-routes.ts'
import { findAccount, findOrganisation } from './store.ts'

export type SignInRouteParts = {
  rules: SignInRules
  db: RoleDatabase
  vault: KeeperVault
  cookieName: string
  isSecure: boolean
  forgetWho: () => void
  setBegun: Parameters<typeof stepUpRoutes>[0]['setBegun']
}

const done = { done: true as const }

export function signInRoutes(parts: SignInRouteParts): Route[] {
  const cookies = signInCookies(parts)
  return [
    ...enrolmentRoutes(parts.rules, cookies),
    ...entranceRoutes(parts.rules, cookies),
    sessionRoute(parts.vault),
    ...ownFactorRoutes({ ...parts, cookies }),
    ...stepUpRoutes(parts),
    ...colleagueRoutes(parts),
    ...programRoutes(parts),
  ]
}

function enrolmentRoutes(rules: SignInRules, cookies: Cookies): Route[] {
  const enrolled = (reply: FastifyReply, result: Awaited<ReturnType<SignInRules['enrolTotp']>>) => {
    const { opened, ...rest } = result
    cookies.setSession(reply, opened)
    return rest
  }
  const begun = (
    reply: FastifyReply,
    { token, totp }: Awaited<ReturnType<SignInRules['beginJoin']>>,
  ) => {
    cookies.setPending(reply, token)
    return { next: 'factor' as const, totp }
  }
  return [
    open('GET /api/set-up', { reply: shape.SetUpState }, async () => ({
      isNeeded: !(await rules.isSetUp()),
    })),
    open(
      'POST /api/set-up',
      { body: shape.SetUp, reply: shape.Enrolment },
      async ({ body: { token, organisation, administrator }, reply, now }) =>
        begun(reply, await rules.beginSetUp(token, organisation, administrator, now)),
    ),
    open(
      'GET /api/join/:token',
      { params: shape.Token, reply: shape.JoinState },
      async ({ params, now }) => rules.findJoin(params.token, now),
    ),
    open(
      'POST /api/join/:token',
      { params: shape.Token, body: shape.Join, reply: shape.Enrolment },
      async ({ params, body, reply, now }) =>
        begun(reply, await rules.beginJoin(params.token, body, now)),
    ),
    open(
      'POST /api/enrol/totp',
      { body: shape.EnrolTotp, reply: shape.Enrolled },
      async ({ body, request, reply, now }) =>
        enrolled(
          reply,
          await rules.enrolTotp(
            cookies.pendingOf(request),
            body.code,
            cookies.browserOf(request),
            now,
          ),
        ),
    ),
    open(
      'POST /api/enrol/passkey/options',
      { reply: shape.CeremonyOptions },
      async ({ request, now }) => ({
        ...(await rules.enrolPasskeyOptions(cookies.pendingOf(request), now)),
      }),
    ),
    open(
      'POST /api/enrol/passkey',
      { body: shape.EnrolPasskey, reply: shape.Enrolled },
      async ({ body, request, reply, now }) =>
        enrolled(
          reply,
          await rules.enrolPasskey(
            cookies.pendingOf(request),
            body,
            cookies.browserOf(request),
            now,
          ),
        ),
    ),
  ]
}

function entranceRoutes(rules: SignInRules, cookies: Cookies): Route[] {
  type Step = SignInRules['totp']
  const step = async (
    rule: Step,
    call: { code: string; request: FastifyRequest; reply: FastifyReply; now: Date },
  ) => {
    const { code, request, reply, now } = call
    const opened = await rule(cookies.pendingOf(request), code, cookies.browserOf(request), now)
    cookies.setSession(reply, opened)
    return done
  }
  return [
    open(
      'POST /api/sign-in',
      { body: shape.SignIn, reply: shape.SignInNext },
      async ({ body, request, reply, now }) => {
        const browser = cookies.browserOf(request)
        const { token } = await rules.password(body.email, body.password, browser, now)
        cookies.setPending(reply, token)
        return { next: 'totp' as const }
      },
    ),
    open(
      'POST /api/sign-in/totp',
      { body: shape.TotpCode, reply: shape.Done },
      async ({ body, request, reply, now }) =>
        step(rules.totp, { code: body.code, request, reply, now }),
    ),
    open(
      'POST /api/sign-in/recovery',
      { body: shape.TotpCode, reply: shape.Done },
      async ({ body, request, reply, now }) =>
        step(rules.recovery, { code: body.code, request, reply, now }),
    ),
    open(
      'POST /api/sign-in/passkey/options',
      { reply: shape.CeremonyOptions },
      async ({ reply, now }) => {
        const { token, options } = await rules.passkeyOptions(now)
        cookies.setPending(reply, token)
        return { ...options }
      },
    ),
    open(
      'POST /api/sign-in/passkey',
      { body: shape.PasskeySignIn, reply: shape.Done },
      async ({ body, request, reply, now }) => {
        const token = cookies.pendingOf(request)
        const browser = cookies.browserOf(request)
        cookies.setSession(reply, await rules.passkey(token, body.credential, browser, now))
        return done
      },
    ),
  ]
}

function sessionRoute(vault: KeeperVault): Route {
  return read(
    'GET /api/session',
    { needs: 'signed-in', reply: shape.Session },
    async ({ tx, who }) => {
      const [account, organisation] = await Promise.all([
        findAccount(tx, who.userId),
        findOrganisation(tx),
      ])
      if (!account || !organisation) refuse('not-signed-in')
      return {
        user: {
          id: who.userId,
          ...profileOf(vault, account),
          roleId: who.roleId,
          language: who.language,
          teamIds: who.teamIds,
        },
        permissions: [...who.permissions],
        reaches: Object.fromEntries(who.reaches),
        reachedTeamIds: who.reachedTeamIds,
        organisation: {
          name: organisationName(vault, organisation),
          language: organisation.language as 'nl',
        },
      }
    },
  )
}
