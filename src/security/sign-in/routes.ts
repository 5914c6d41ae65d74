import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { open, type Route, read, write } from '#security/access/route.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import * as shape from './contract.ts'
import type { Opened } from './sessions.ts'
import type { SignInRules } from './sign-in.ts'
import * as store from './store.ts'

export type SignInRouteParts = {
  rules: SignInRules
  db: RoleDatabase
  vault: Vault
  cookieName: string
  isSecure: boolean
  forgetWho: () => void
}

const PENDING_COOKIE = 'kluis-pending'

export function signInRoutes({
  rules,
  db,
  vault,
  cookieName,
  isSecure,
  forgetWho,
}: SignInRouteParts): Route[] {
  const cookie = { path: '/', httpOnly: true, secure: isSecure, sameSite: 'strict' } as const
  const browser = (request: FastifyRequest) => ({
    address: request.ip,
    userAgent: request.headers['user-agent'] ?? null,
  })
  const pendingOf = (request: FastifyRequest) => request.cookies[PENDING_COOKIE]
  const setPending = (reply: FastifyReply, token: string) =>
    reply.setCookie(PENDING_COOKIE, token, { ...cookie, maxAge: 600 })
  const setSession = (reply: FastifyReply, opened: Opened) => {
    reply.clearCookie(PENDING_COOKIE, cookie)
    reply.setCookie(cookieName, opened.token.reveal(), { ...cookie, expires: opened.expiresAt })
  }
  const signedIn = (reply: FastifyReply, opened: Opened) => {
    setSession(reply, opened)
    return { done: true as const }
  }

  return [
    open('GET /api/set-up', { reply: shape.SetUpState }, async () => ({
      isNeeded: !(await rules.isSetUp()),
    })),
    open(
      'POST /api/set-up',
      { body: shape.SetUp, reply: shape.Enrolment },
      async ({ body, reply, now }) => {
        const begun = await rules.beginSetUp(body.token, body.organisation, body.administrator, now)
        setPending(reply, begun.token)
        return { next: 'factor' as const, totp: begun.totp }
      },
    ),
    open(
      'POST /api/join/:token',
      { params: shape.Token, body: shape.Join, reply: shape.Enrolment },
      async ({ params, body, reply, now }) => {
        const begun = await rules.beginJoin(params.token, body, now)
        setPending(reply, begun.token)
        return { next: 'factor' as const, totp: begun.totp }
      },
    ),
    open(
      'POST /api/enrol/totp',
      { body: shape.EnrolTotp, reply: shape.Enrolled },
      async ({ body, request, reply, now }) => {
        const done = await rules.enrolTotp(pendingOf(request), body.code, browser(request), now)
        setSession(reply, done.opened)
        return done
      },
    ),
    open(
      'POST /api/enrol/passkey/options',
      { reply: shape.CeremonyOptions },
      async ({ request, now }) => ({
        ...(await rules.enrolPasskeyOptions(pendingOf(request), now)),
      }),
    ),
    open(
      'POST /api/enrol/passkey',
      { body: shape.EnrolPasskey, reply: shape.Enrolled },
      async ({ body, request, reply, now }) => {
        const done = await rules.enrolPasskey(pendingOf(request), body, browser(request), now)
        setSession(reply, done.opened)
        return done
      },
    ),

    open(
      'POST /api/sign-in',
      { body: shape.SignIn, reply: shape.SignInNext },
      async ({ body, request, reply, now }) => {
        setPending(
          reply,
          (await rules.password(body.email, body.password, browser(request), now)).token,
        )
        return { next: 'totp' as const }
      },
    ),
    open(
      'POST /api/sign-in/totp',
      { body: shape.TotpCode, reply: shape.Done },
      async ({ body, request, reply, now }) =>
        signedIn(reply, await rules.totp(pendingOf(request), body.code, browser(request), now)),
    ),
    open(
      'POST /api/sign-in/recovery',
      { body: shape.TotpCode, reply: shape.Done },
      async ({ body, request, reply, now }) =>
        signedIn(reply, await rules.recovery(pendingOf(request), body.code, browser(request), now)),
    ),
    open(
      'POST /api/sign-in/passkey/options',
      { reply: shape.CeremonyOptions },
      async ({ reply, now }) => {
        const { token, options } = await rules.passkeyOptions(now)
        setPending(reply, token)
        return { ...options }
      },
    ),
    open(
      'POST /api/sign-in/passkey',
      { body: shape.PasskeySignIn, reply: shape.Done },
      async ({ body, request, reply, now }) =>
        signedIn(
          reply,
          await rules.passkey(pendingOf(request), body.credential, browser(request), now),
        ),
    ),

    write(
      'POST /api/sign-out',
      { needs: 'signed-in', reply: shape.Done },
      async ({ who, reply, now }) => {
        await db.writeAtOnce((tx) =>
          store.revokeSessions(tx, who.userId, { id: who.sessionId }, now),
        )
        forgetWho()
        reply.clearCookie(cookieName, cookie)
        return { done: true as const }
      },
    ),
    read('GET /api/session', { needs: 'signed-in', reply: shape.Session }, async ({ tx, who }) => {
      const [account, organisation] = await Promise.all([
        store.findAccount(tx, who.userId),
        store.findOrganisation(tx),
      ])
      if (!account || !organisation) refuse('not-signed-in')
      const name = organisation.name_sealed
        ? openedOrRefuse(
            vault.openOwn<{ name: string }>(
              {
                table: 'organisation',
                sealedClass: 'profile',
                rowId: organisation.id,
                subjectId: organisation.id,
                keySlot: 0,
                sealCounter: organisation.name_seal_counter,
              },
              organisation.name_sealed,
            ),
          ).name
        : ''
      return {
        user: {
          id: who.userId,
          ...rules.profileOf(account),
          roleId: who.roleId,
          language: who.language,
          teamIds: who.teamIds,
        },
        permissions: [...who.permissions],
        organisation: {
          name,
          visibility: organisation.visibility as 'team',
          language: organisation.language as 'nl',
        },
      }
    }),
    read(
      'GET /api/sessions',
      { needs: 'signed-in', reply: shape.SessionLines },
      async ({ who, now }) => ({
        items: (await store.listSessions(db.reader(), who.userId, now)).map((row) => ({
          id: row.id,
          isThis: row.id === who.sessionId,
          kind: row.kind as 'user',
          purpose: row.purpose,
          factor: row.factor,
          userAgent: row.user_agent,
          createdAt: row.created_at.toISOString(),
          lastSeenAt: row.last_seen_at.toISOString(),
        })),
      }),
    ),
    write(
      'DELETE /api/sessions/:id',
      { needs: 'signed-in', params: shape.Id, reply: shape.Done },
      async ({ who, params, now }) => {
        const ended = await db.writeAtOnce((tx) =>
          store.revokeSessions(tx, who.userId, { id: params.id }, now),
        )
        forgetWho()
        return ended ? { done: true as const } : refuse('not-found')
      },
    ),
    write(
      'POST /api/sessions/sign-out-everywhere',
      { needs: 'signed-in', reply: shape.Done },
      async ({ who, now, reply }) => {
        await db.writeAtOnce((tx) => store.revokeSessions(tx, who.userId, 'all', now))
        forgetWho()
        reply.clearCookie(cookieName, cookie)
        return { done: true as const }
      },
    ),

    read('GET /api/users', { needs: 'signed-in', reply: shape.Colleagues }, async ({ tx }) => ({
      items: (await store.listAccounts(tx)).map((row) => ({
        id: row.id,
        ...rules.profileOf(row),
        roleId: row.role_id,
        status: row.status as 'active',
        teamIds: row.team_ids,
        factors: null,
      })),
    })),
    read('GET /api/teams', { needs: 'signed-in', reply: shape.Teams }, async ({ tx }) => ({
      items: await store.listTeams(tx),
    })),
    write(
      'POST /api/invites',
      { needs: 'users:manage', body: shape.Invite, reply: shape.Invited, status: 201 },
      async ({ body, who, now }) => rules.invite(body, who.userId, now),
    ),
    write(
      'POST /api/users/:id/reset-factor',
      { needs: 'users:manage', params: shape.Id, body: shape.ResetFactor, reply: shape.ResetDone },
      async ({ params, body, who, now }) => {
        const link = await rules.resetFactor(params.id, who.userId, body.reason, now)
        forgetWho()
        return { link }
      },
    ),
  ]
}
