import fastifyCookie from '@fastify/cookie'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { Hidden } from '#platform/hidden.ts'
import { signInCookies } from './cookies.ts'

async function cookiesOf(where: { cookieName: string; isSecure: boolean }) {
  const app = Fastify()
  await app.register(fastifyCookie)
  const cookies = signInCookies(where)
  app.get('/half', async (_request, reply) => {
    cookies.setPending(reply, 'half')
    return ''
  })
  app.get('/whole', async (_request, reply) => {
    cookies.setSession(reply, {
      token: new Hidden('whole'),
      sessionId: 'id',
      expiresAt: new Date(Date.now() + 60_000),
      deviceToken: new Hidden('device'),
    })
    return ''
  })
  return [...(await app.inject('/half')).cookies, ...(await app.inject('/whole')).cookies]
}

test('over https every cookie is bound to this one host, and no script or other site gets it', async () => {
  const set = await cookiesOf({ cookieName: '__Host-kluis', isSecure: true })
  expect(set.map((one) => one.name)).toEqual([
    '__Host-kluis-pending',
    '__Host-kluis-pending',
    '__Host-kluis',
    '__Host-kluis-device',
  ])
  for (const one of set) {
    // A browser drops a __Host- cookie that names a domain, another path, or is not Secure.
    expect(one).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Strict', path: '/' })
    expect(one).not.toHaveProperty('domain')
  }
})

test('on plain localhost the prefix is left out, or the browser would drop the cookie', async () => {
  const set = await cookiesOf({ cookieName: 'kluis', isSecure: false })
  expect(set.map((one) => one.name)).toContain('kluis')
  for (const one of set) expect(one.secure).toBeFalsy()
})
