import { grantCookie } from '#security/access/pass-guard.ts'
import { type Route, write } from '#security/access/route.ts'
import type { Who } from '#security/access/who.ts'
import * as shape from './contract.ts'
import type { Self } from './own-factors.ts'
import type { SignInRules } from './sign-in.ts'

type Parts = { rules: SignInRules; cookieName: string; isSecure: boolean }

const GRANT_SECONDS = 300

const selfOf = ({ who, token }: { who: Who; token: Self['token'] }): Self => ({
  userId: who.userId,
  sessionId: who.sessionId,
  token,
})

/** For whoever met `step-up-needed`: what it named is sent here, and the grant with the same request once more. */
export function stepUpRoutes({ rules, cookieName, isSecure }: Parts): Route[] {
  return [
    write(
      'POST /api/step-up/options',
      { needs: 'signed-in', body: shape.Guarded, reply: shape.StepUpWays },
      async ({ body, now, ...asking }) => {
        const { passkey, ...ways } = await rules.beginStepUp(selfOf(asking), body, now)
        return { ...ways, passkey: passkey && { ...passkey, options: { ...passkey.options } } }
      },
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
