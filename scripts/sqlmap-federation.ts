/**
 * What sqlmap tries of single sign-on and of SCIM: addresses without a session, so not in the list of addresses. Sign-in is
 * slowed per network, a directory per provider. The first is lifted as an operator would meet it, by coming from many
 * networks, through a proxy that Kluis is told to trust; the second by asking no faster than it allows.
 */
import { readFileSync } from 'node:fs'
import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Secret, TOTP } from 'otpauth'
import type { Program } from '../tests/support/program.ts'

export type FederationTarget = {
  name: string
  url: string
  body?: string
  parameter?: string
  isRefused?: boolean
  more: string[]
}

const STEP_MS = 30_000
// Twenty in a second, see scim-routes.ts.
const DELAY_SECONDS = '0.06'

/** A proxy on this machine: each request comes from a network that nobody came from before. */
export async function openNetworks(to: Program): Promise<{ base: string; close: () => void }> {
  const { hostname, port, host } = new URL(to.base)
  let count = 0
  const server = createServer((request, response) => {
    count++
    const network = `${11 + ((count >> 16) & 127)}.${(count >> 8) & 255}.${count & 255}.1`
    const headers = { ...request.headers, host, 'x-forwarded-for': network }
    const { method = 'GET', url = '/' } = request
    const passed = ask({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    passed.on('error', () => response.writeHead(502).end())
    request.pipe(passed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** With a provider and a token of its directory, made by the administrator of the demo with their factors. */
export async function listFederationTargets(
  program: Program,
  cookie: string,
  networks: string,
): Promise<FederationTarget[]> {
  const guarded = await steppingUp(program, cookie)
  const { user } = (await program.call('GET', '/api/session', cookie)).body as {
    user: { id: string; teamIds: string[] }
  }
  const added = (await guarded('/api/identity-providers', {
    clientSecret: 'a-secret-of-forty-characters-or-so-0123456789',
    settings: {
      ...{ name: 'Aanbieder', issuer: 'https://login.elders.example', clientId: 'kluis' },
      ...{ domains: ['elders.example'], groupsClaim: 'groups', groups: [] },
      everyoneElse: { roleId: 'sales', teamId: user.teamIds[0] },
      secondFactor: { amr: ['mfa'], acr: [] },
      ...{ makesColleagues: true, isRequired: false, exemptUserIds: [], signsOutThere: false },
    },
  })) as { items: { id: string }[] }
  const { id } = added.items.at(-1)!
  const tokens = `/api/identity-providers/${id}/scim-tokens`
  const { token } = (await guarded(tokens, { days: 1 })) as { token: string }

  const json = ['-H', 'content-type: application/json']
  const directory = ['-H', `authorization: Bearer ${token}`, '--delay', DELAY_SECONDS]
  const inBody = (path: string, question: object, more: string[], isRefused = false) => {
    const whole = JSON.stringify(question)
    return [...whole.matchAll(/\*/g)].map(({ index: at }) => ({
      name: `POST ${path} ${whole.slice(0, at).match(/"[^"]*$/)![0]}*`,
      url: `${more === json ? networks : program.base}${path}`,
      body: [...whole].filter((letter, i) => letter !== '*' || i === at).join(''),
      isRefused,
      more,
    }))
  }
  const callback = `/api/sign-in/provider/${id}/callback`
  const came = { code: 'abc', state: 'def', iss: 'https://login.elders.example' }
  const filter = 'userName eq "an@elders.example"'
  const scim = ['-H', 'content-type: application/scim+json', ...directory]
  return [
    ...inBody('/api/sign-in/provider/find', { email: 'an@elders.example*' }, json),
    // It is not switched on: nobody signs in by it, and what is sent is read all the same.
    ...inBody(
      '/api/sign-in/provider/begin',
      { providerId: `${id}*`, email: 'an@elders.example*', to: '/people*' },
      json,
      true,
    ),
    ...Object.keys(came).map((parameter) => ({
      name: `GET /api/sign-in/provider/{id}/callback ?${parameter}`,
      url: `${networks}${callback}?${new URLSearchParams(came)}`,
      parameter,
      more: ['--ignore-redirects'],
    })),
    ...Object.entries({ filter, startIndex: '1', count: '5' }).map(([parameter, value]) => ({
      name: `GET /api/scim/v2/Users ?${parameter}`,
      url: `${program.base}/api/scim/v2/Users?${new URLSearchParams({ [parameter]: value })}`,
      parameter,
      more: directory,
    })),
    ...inBody(
      '/api/scim/v2/Users',
      {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: 'an@elders.example*',
        externalId: 'x1*',
        displayName: 'An*',
        active: true,
      },
      scim,
      // Of one name there is one colleague, and the second is refused.
      true,
    ),
  ]
}

/** Sends what takes a second factor: with password and code, the next code each time. */
async function steppingUp(program: Program, cookie: string) {
  const users = JSON.parse(readFileSync(join(program.data, 'demo-users.json'), 'utf8')) as {
    password: string
    totpSecret: string
    role: string
  }[]
  const { password, totpSecret } = users.find(({ role }) => role === 'administrator')!
  const totp = new TOTP({ secret: Secret.fromBase32(totpSecret) })
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(program.base + path, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return async (path: string, body: object): Promise<unknown> => {
    const refused = await post(path, body)
    const { operation, request } = refused.body.detail as Record<string, string>
    // A code works once, and the one of the sign-in was the next already.
    await wait(STEP_MS - (Date.now() % STEP_MS))
    const code = totp.generate({ timestamp: Date.now() + STEP_MS })
    const proof = { kind: 'totp', password, code }
    const granted = await post('/api/step-up', { operation, request, proof })
    const done = await post(path, body, { 'kluis-grant': String(granted.body.grant) })
    if (done.status >= 300) throw new Error(JSON.stringify([granted.body, done.body]))
    return done.body
  }
}
