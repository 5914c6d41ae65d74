import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Browser } from './rate-limits.ts'
import type { Opened, SignedIn } from './sessions.ts'

const PENDING_SECONDS = 600
const DEVICE_SECONDS = 180 * 86_400

export type Cookies = ReturnType<typeof signInCookies>

/** `__Host-` binds a cookie to this one host over https; browsers refuse the prefix on plain localhost. */
export function signInCookies({ cookieName, isSecure }: { cookieName: string; isSecure: boolean }) {
  const options = { path: '/', httpOnly: true, secure: isSecure, sameSite: 'strict' } as const
  const pending = `${cookieName}-pending`
  const device = `${cookieName}-device`
  return {
    pendingOf: (request: FastifyRequest) => request.cookies[pending],

    browserOf: (request: FastifyRequest): Browser => ({
      address: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
      deviceToken: request.cookies[device],
      sessionToken: request.cookies[cookieName],
    }),

    setPending(reply: FastifyReply, token: string): void {
      reply.setCookie(pending, token, { ...options, maxAge: PENDING_SECONDS })
    },

    setSession(reply: FastifyReply, opened: SignedIn): void {
      reply.clearCookie(pending, options)
      reply.setCookie(cookieName, opened.token.reveal(), { ...options, expires: opened.expiresAt })
      reply.setCookie(device, opened.deviceToken.reveal(), { ...options, maxAge: DEVICE_SECONDS })
    },

    replaceSession(reply: FastifyReply, { token, expiresAt }: Opened): void {
      reply.setCookie(cookieName, token.reveal(), { ...options, expires: expiresAt })
    },

    clearPending(reply: FastifyReply): void {
      reply.clearCookie(pending, options)
    },

    clearSession(reply: FastifyReply): void {
      reply.clearCookie(cookieName, options)
    },
  }
}
