import type { FastifyReply } from 'fastify'
import { grantCookie } from '#security/access/pass-guard.ts'
import { type Route, write } from '#security/access/route.ts'
import type { Who } from '#security/access/who.ts'
import * as shape from './contract.ts'
import type { Self } from './own-factors.ts'
import type { SignInRules } from './sign-in.ts'

type Parts = {
  rules: SignInRules
  cookieName: string
  isSecure: boolean
  /** What must be there when the provider leads back, in the browser that goes there. */
  setBegun: (reply: FastifyReply, sealed: string) => void
}

const GRANT_SECONDS = 300

const selfOf = ({ who, token }: { who: Who; token: Self['token'] }): Self => ({
  userId: who.userId,
  sessionId: who.sessionId,
  token,
})

/** For whoever met `step-up-needed`: what it named is sent here, and the grant with the same request once more. */
export function stepUpRoutes({ rules, cookieName, isSecure, setBegun }: Parts): Route[] {
  return [
    write(
      'POST /api/step-up/options',
      { needs: 'signed-in', body: shape.Guarded, reply: shape.StepUpWays },
      async ({ body, reply, now, ...asking }) => {
        const { passkey, provider, ...ways } = await rules.beginStepUp(selfOf(asking), body, now)
        if (provider) setBegun(reply, provider.sealed)
        return {
          ...ways,
          passkey: passkey && { ...passkey, options: { ...passkey.options } },
          provider: provider ?? null,
        }
      },
    ),
    write(
      'POST /api/step-up/elsewhere',
      {
        needs: 'signed-in',
        isUnattended: true,
        body: shape.AskedElsewhere,
        reply: shape.Elsewhere,
      },
      async ({ body: { ceremony, ...guarded }, now, ...asking }) =>
        rules.lookElsewhere(selfOf(asking), guarded, ceremony, now),
    ),
    write(
      'POST /api/step-up',
      { needs: 'signed-in', body: shape.StepUp, reply: shape.Granted },
      async ({ body: { proof, isForDownload, ...guarded }, reply, now, ...asking }) => {
        const grant = await rules.stepUp(selfOf(asking), guarded, proof, now)
        if (!isForDownload) return { grant }
        reply.setCookie(grantCookie(cookieName), grant, {
          path: '/',
          httpOnly: true,
          secure: isSecure,
          sameSite: 'strict',
          maxAge: GRANT_SECONDS,
        })
        return { grant: null }
      },
    ),
  ]
}
