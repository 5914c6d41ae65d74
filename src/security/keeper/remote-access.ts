/** What the door of every request asks of the keeper: who somebody is, whether a grant is right, another token. */
import { sessionOf } from '#platform/db.ts'
import { Hidden } from '#platform/hidden.ts'
import type { GuardParts } from '#security/access/pass-guard.ts'
import type { ServeParts } from '#security/access/serve.ts'
import type { AskWho, WhoCache } from '#security/access/who.ts'
import type { Cookies } from '#security/sign-in/cookies.ts'
import type { KeeperLink } from './link.ts'

export function whoByKeeper(link: KeeperLink): AskWho {
  return async (token) => {
    const found = await link.ask('who', { token: token.reveal() })
    return found && { ...found, token }
  }
}

export function guardByKeeper(link: KeeperLink): Pick<GuardParts, 'guard' | 'approvals'> {
  return {
    guard: {
      requestOf: (asked) => link.ask('requestOf', asked),
      pass: ({ token }, guarded, grant) =>
        link.ask('passGuard', { token: token.reveal(), guarded, grant: grant ?? null }),
    },
    approvals: {
      situation: (tx, guarded) =>
        link.ask('approvalSituation', { token: sessionOf(tx)!.token.reveal(), guarded }),
      ask: ({ token }, asked) => link.ask('askApproval', { token: token.reveal(), asked }),
    },
  }
}

export function sessionsByKeeper(
  link: KeeperLink,
  parts: { who: WhoCache; cookies: Cookies; warn: (error: Error) => void },
): Pick<ServeParts, 'touchSession' | 'rotate' | 'tellElsewhere'> {
  const { who, cookies, warn } = parts
  return {
    touchSession: ({ token }) => {
      link.ask('touchSession', { token: token.reveal() }).catch(warn)
    },
    rotate: async (reply, caller) => {
      const opened = await link.ask('rotateSession', { token: caller.token.reveal() })
      who.forgetOwn()
      if (!opened) return undefined
      const token = new Hidden(opened.token)
      const { sessionId, expiresAt } = opened
      cookies.replaceSession(reply, { token, sessionId, expiresAt })
      return { token, who: { ...caller.who, token, sessionId, isRotationDue: false } }
    },
    tellElsewhere: ({ token }) => {
      link.ask('tellElsewhere', { token: token.reveal() }).catch(warn)
    },
  }
}
