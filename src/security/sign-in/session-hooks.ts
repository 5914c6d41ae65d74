import type { RoleDatabase } from '#platform/db.ts'
import type { ServeParts } from '#security/access/serve.ts'
import type { WhoCache } from '#security/access/who.ts'
import type { Cookies } from './cookies.ts'
import { touchSession } from './session-store.ts'
import type { SignInRules } from './sign-in.ts'

/** What happens to a session at the door of every request: src/security/access/serve.ts asks it. */
export function sessionHooks(parts: {
  signIn: SignInRules
  db: RoleDatabase
  who: WhoCache
  cookies: Cookies
  warn: (error: Error) => void
}): Pick<ServeParts, 'touchSession' | 'rotate' | 'tellElsewhere'> {
  const { signIn, db, who, cookies, warn } = parts
  return {
    touchSession: (caller, now) => {
      db.writeAtOnce((tx) => touchSession(tx, caller.who.sessionId, now)).catch(warn)
    },
    rotate: async (reply, caller, now) => {
      const opened = await signIn.rotateSession(caller.who.sessionId, now)
      who.forgetAll()
      if (!opened) return undefined
      cookies.replaceSession(reply, opened)
      const { token, sessionId } = opened
      return { token, who: { ...caller.who, token, sessionId, isRotationDue: false } }
    },
    tellElsewhere: (caller, now) => {
      signIn.tellElsewhere(caller.who.userId, caller.who.sessionId, now).catch(warn)
    },
  }
}
