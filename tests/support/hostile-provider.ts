import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bodyOf, listenOnLoopback } from './identity-provider.ts'

type Claims = Record<string, unknown>
export type Mischief = {
  /** Over what an honest one would say. */
  metadata?: Claims
  claims?: Claims
  /** The token as a whole; undefined leaves it out. */
  idToken?: (claims: Claims, by: HostileProvider) => string | undefined
  userinfo?: Claims
  /** Over the honest code, state and issuer. */
  back?: Record<string, string | undefined>
  /** Instead of the honest answer at this path. */
  instead?: Record<string, (response: ServerResponse) => void>
}

/** Speaks the protocol well enough to be believed, and then lies where the test says so. */
export class HostileProvider {
  mischief: Mischief = {}
  readonly issuer: string
  /** What it was asked, so that a test can say that it was not. */
  readonly asked: string[] = []
  readonly #server: Server
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  readonly #foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
  #nonce = ''

  constructor(server: Server) {
    this.#server = server
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request, response) => void this.#answer(request, response))
  }

  sign(claims: Claims, by: 'own' | 'foreign' = 'own', head: Claims = {}): string {
    const body = `${part({ alg: 'RS256', kid: 'one', ...head })}.${part(claims)}`
    const { privateKey } = by === 'own' ? this.#keys : this.#foreign
    return `${body}.${signBytes('sha256', Buffer.from(body), privateKey).toString('base64url')}`
  }

  unsigned(claims: Claims): string {
    return `${part({ alg: 'none' })}.${part(claims)}.`
  }

  /** With what others hold too: our own secret, or the public half of its key taken for a secret. */
  signedWithSecret(claims: Claims, secret: string | 'public-key'): string {
    const body = `${part({ alg: 'HS256', kid: 'one' })}.${part(claims)}`
    const key =
      secret === 'public-key'
        ? this.#keys.publicKey.export({ type: 'spki', format: 'pem' })
        : secret
    return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.issuer)
    this.asked.push(url.pathname)
    const json = (body: unknown) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(body))
    }
    const instead = this.mischief.instead?.[url.pathname]
    if (instead) return instead(response)
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json({
          issuer: this.issuer,
          authorization_endpoint: `${this.issuer}/auth`,
          token_endpoint: `${this.issuer}/token`,
          userinfo_endpoint: `${this.issuer}/me`,
          jwks_uri: `${this.issuer}/keys`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
          authorization_response_iss_parameter_supported: true,
          ...this.mischief.metadata,
        })
      case '/keys':
        return json({
          keys: [{ ...this.#keys.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }],
        })
      case '/auth': {
        this.#nonce = url.searchParams.get('nonce')!
        const back = new URL(url.searchParams.get('redirect_uri')!)
        const honest = { code: 'a-code', state: url.searchParams.get('state')!, iss: this.issuer }
        for (const [name, value] of Object.entries({ ...honest, ...this.mischief.back }))
          if (value !== undefined) back.searchParams.set(name, value)
        response.statusCode = 302
        response.setHeader('location', back.href)
        response.end()
        return
      }
      case '/token': {
        await bodyOf(request)
        const now = Math.floor(Date.now() / 1000)
        const claims = {
          ...{ iss: this.issuer, sub: 'someone', aud: 'kluis', iat: now, exp: now + 300 },
          ...{ nonce: this.#nonce, email: 'iemand@bureau.example', email_verified: true },
          ...{ name: 'Iemand', groups: [], amr: ['mfa'] },
          ...this.mischief.claims,
        }
        const make = this.mischief.idToken ?? ((all: Claims) => this.sign(all))
        const idToken = make(claims, this)
        return json({
          access_token: 'an-access-token',
          token_type: 'Bearer',
          ...(idToken === undefined ? {} : { id_token: idToken }),
        })
      }
      case '/me':
        return json({ sub: 'someone', ...this.mischief.userinfo })
      default:
        response.statusCode = 404
        response.end()
    }
  }

  close(): Promise<unknown> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(resolve))
  }
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

export async function startHostileProvider(): Promise<HostileProvider> {
  return new HostileProvider(await listenOnLoopback())
}
