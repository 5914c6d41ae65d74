import type { RoleDatabase, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import type { Who } from '#security/access/who.ts'
import * as shape from './contract.ts'
import type { Cookies } from './cookies.ts'
import type { Self } from './own-factors.ts'
import { actAs, listSessions, recordEvent, revokeSessions } from './session-store.ts'
import type { SignInRules } from './sign-in.ts'
import { changeAccount } from './store.ts'

type Parts = {
  rules: SignInRules
  db: RoleDatabase
  cookies: Cookies
  forgetWho: () => void
}
const done = { done: true as const }

/** What concerns only the caller: own sessions, own passkeys, own recovery codes, own password. */
export function ownFactorRoutes(parts: Parts): Route[] {
  return [...ownSessionRoutes(parts), ...ownPasskeyRoutes(parts)]
}

const selfOf = ({ who, token }: { who: Who; token: Self['token'] }): Self => ({
  userId: who.userId,
  sessionId: who.sessionId,
  token,
})

function ownSessionRoutes({ rules, db, cookies, forgetWho }: Parts): Route[] {
  /** The event first: with the session gone, the database would no longer know whose it was. */
  async function end(self: Self, which: { id: string } | 'all', now: Date): Promise<number> {
    const purpose = which === 'all' ? 'sign-out-everywhere' : 'sign-out'
    const ended = await db.writeAtOnce(async (tx: Tx) => {
      const [, , count] = await Promise.all([
        actAs(tx, self.token, purpose),
        recordEvent(tx, purpose, self.userId),
        revokeSessions(tx, self.userId, which, now),
      ])
      return count
    })
    forgetWho()
    return ended
  }
  return [
    write(
      'PATCH /api/session',
      { needs: 'signed-in', body: shape.SessionEdit, reply: shape.Done },
      async ({ who, token, body }) => {
        await db.writeAtOnce((tx) =>
          Promise.all([
            actAs(tx, token, 'choose-language'),
            changeAccount(tx, who.userId, { language: body.language }),
          ]),
        )
        forgetWho()
        return done
      },
    ),
    write(
      'POST /api/sign-out',
      { needs: 'signed-in', reply: shape.Done },
      async ({ who, token, reply, now }) => {
        await end(selfOf({ who, token }), { id: who.sessionId }, now)
        cookies.clearSession(reply)
        return done
      },
    ),
    read(
      'GET /api/sessions',
      { needs: 'signed-in', reply: shape.SessionLines },
      async ({ who, now }) => ({
        items: (await listSessions(db.reader(), who.userId, now)).map((row) => ({
          id: row.id,
          isThis: row.id === who.sessionId,
          kind: row.kind as 'user',
          purpose: row.purpose,
          factor: row.factor,
          userAgent: row.user_agent,
          place: rules.placeOf(who.userId, row),
          createdAt: row.created_at.toISOString(),
          lastSeenAt: row.last_seen_at.toISOString(),
          expiresAt: row.expires_at.toISOString(),
        })),
      }),
    ),
    write(
      'DELETE /api/sessions/:id',
      { needs: 'signed-in', params: shape.Id, reply: shape.Done },
      async ({ who, token, params, now }) =>
        (await end(selfOf({ who, token }), { id: params.id }, now)) ? done : refuse('not-found'),
    ),
    write(
      'POST /api/sessions/sign-out-everywhere',
      { needs: 'signed-in', reply: shape.Done },
      async ({ who, token, now, reply }) => {
        await end(selfOf({ who, token }), 'all', now)
        rules.endHalves(who.userId)
        cookies.clearSession(reply)
        return done
      },
    ),
  ]
}

function ownPasskeyRoutes({ rules, cookies, forgetWho }: Parts): Route[] {
  return [
    read('GET /api/passkeys', { needs: 'signed-in', reply: shape.Passkeys }, async ({ who }) => ({
      items: await rules.listPasskeys(who.userId),
    })),
    write(
      // Asked before the device is: without this first step no passkey is added.
      'POST /api/passkeys/options',
      { needs: 'signed-in', operation: 'change-factors', reply: shape.CeremonyOptions },
      async ({ who, token, reply, now }) => {
        const begun = await rules.newPasskeyOptions(selfOf({ who, token }), now)
        cookies.setPending(reply, begun.token)
        return { ...begun.options }
      },
    ),
    write(
      'POST /api/passkeys',
      { needs: 'signed-in', body: shape.NewPasskey, reply: shape.Passkeys, status: 201 },
      async ({ who, token, body, request, reply, now }) => {
        await rules.addPasskey(selfOf({ who, token }), cookies.pendingOf(request), body, now)
        cookies.clearPending(reply)
        forgetWho()
        return { items: await rules.listPasskeys(who.userId) }
      },
    ),
    write(
      'DELETE /api/passkeys/:id',
      {
        needs: 'signed-in',
        operation: 'change-factors',
        params: shape.Id,
        reply: shape.Done,
      },
      async ({ who, token, params }) => {
        await rules.removePasskey(selfOf({ who, token }), params.id)
        forgetWho()
        return done
      },
    ),
    write(
      'PATCH /api/passkeys/:id',
      { needs: 'signed-in', params: shape.Id, body: shape.PasskeyEdit, reply: shape.Passkeys },
      async ({ who, token, params, body }) => {
        await rules.renamePasskey(selfOf({ who, token }), params.id, body.name)
        return { items: await rules.listPasskeys(who.userId) }
      },
    ),
    write(
      'POST /api/totp/options',
      { needs: 'signed-in', operation: 'change-factors', reply: shape.NewTotp },
      async ({ who, token, reply, now }) => {
        const begun = await rules.newTotp(selfOf({ who, token }), now)
        cookies.setPending(reply, begun.token)
        return { totp: begun.totp }
      },
    ),
    write(
      'POST /api/totp',
      { needs: 'signed-in', body: shape.EnrolTotp, reply: shape.Done },
      async ({ who, token, body, request, reply, now }) => {
        const pending = cookies.pendingOf(request)
        await rules.replaceTotp(selfOf({ who, token }), pending, body.code, now)
        cookies.clearPending(reply)
        forgetWho()
        return done
      },
    ),
    write(
      'POST /api/recovery-codes',
      { needs: 'signed-in', operation: 'change-factors', reply: shape.RecoveryCodes },
      async ({ who, token }) => {
        const recoveryCodes = await rules.renewRecoveryCodes(selfOf({ who, token }))
        forgetWho()
        return { recoveryCodes }
      },
    ),
    write(
      'POST /api/password',
      {
        needs: 'signed-in',
        // Whoever has one proves it with that; a first one is a way in that a stolen session would give itself.
        operation: ({ body }: { body: shape.PasswordEdit }) =>
          body.currentPassword === undefined ? 'change-factors' : undefined,
        body: shape.PasswordEdit,
        reply: shape.Done,
      },
      async ({ who, token, body, now }) => {
        await rules.changePassword(selfOf({ who, token }), body, now)
        forgetWho()
        return done
      },
    ),
  ]
}
