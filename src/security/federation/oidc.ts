/**
 * The protocol: OpenID Connect with code, PKCE, nonce and state, by `openid-client`. What comes out is what the provider
 * said, checked to be said by it, to us, now and to this browser; whether it may say so is decided elsewhere.
 *
 * Trusts: the provider's keys, fetched from it over TLS. Does not trust what the browser brings back.
 * If lost: colleagues with factors of their own sign in with those.
 */
import * as client from 'openid-client'
import type { Hidden } from '#platform/hidden.ts'
import { isUrlAllowed, type OutgoingOptions, OutgoingRefused, sendOut } from '#platform/outgoing.ts'
import type { Transaction } from './transactions.ts'

export type Asked = {
  id: string
  rowVersion: number
  issuer: string
  clientId: string
  clientSecret: Hidden<string>
  groupsClaim: string
  acrValues: string[]
}
/** What the provider says of somebody. */
export type Asserted = {
  issuer: string
  subject: string
  email: string | null
  isEmailVerified: boolean
  name: string | null
  groups: string[]
  amr: string[]
  acr: string | null
  /** When they signed in there, in seconds; null where it does not say. */
  signedInAt: number | null
  idToken: string
}
export const notRightWhys = [
  'unreachable',
  'not-https',
  'address',
  'issuer-differs',
  'unfit',
  'client-refused',
  'refused-there',
  'answer-not-right',
] as const

/** It went wrong at, or with, the provider. `said` is for an administrator, and names nobody. */
export class NotRight extends Error {
  readonly why: (typeof notRightWhys)[number]
  readonly said: string
  constructor(why: NotRight['why'], said: string, options?: ErrorOptions) {
    super(`${why}: ${said}`, options)
    this.name = 'NotRight'
    this.why = why
    this.said = said.slice(0, 300)
  }
}

const KEEP_MS = 10 * 60_000
// Clocks are never quite alike; a token is good for minutes.
export const CLOCKS_APART_SECONDS = 30
const SCOPE = 'openid email profile'
// Signed with a key that only the provider has. `none` is no signature, and of HS256 we hold the key too.
const SIGNED = /^(?:RS|PS|ES)(?:256|384|512)$|^(?:EdDSA|Ed25519)$/

export class OpenIdConnect {
  readonly #outgoing: OutgoingOptions
  readonly #known = new Map<
    string,
    { config: client.Configuration; version: number; until: number }
  >()
  constructor(outgoing: OutgoingOptions) {
    this.#outgoing = outgoing
  }

  async begin(
    asked: Asked,
    given: {
      redirectUri: string
      email?: string | undefined
      /** Whoever is signed in there already signs in anew. */
      isAnew?: boolean | undefined
    },
    now: Date,
  ): Promise<{ url: string } & Pick<Transaction, 'state' | 'nonce' | 'verifier'>> {
    const config = await this.#discover(asked, now)
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const nonce = client.randomNonce()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: given.redirectUri,
      scope: SCOPE,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(given.email ? { login_hint: given.email } : {}),
      ...(given.isAnew ? { prompt: 'login', max_age: '0' } : {}),
      ...(asked.acrValues.length > 0 ? { acr_values: asked.acrValues.join(' ') } : {}),
    })
    return { url: url.href, state, nonce, verifier }
  }

  /** `cameBack`: the whole address the provider led the browser to. */
  async complete(
    asked: Asked,
    cameBack: URL,
    { state, nonce, verifier }: Pick<Transaction, 'state' | 'nonce' | 'verifier'>,
    now: Date,
  ): Promise<Asserted> {
    const config = await this.#discover(asked, now)
    try {
      const tokens = await client.authorizationCodeGrant(config, cameBack, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const idToken = tokens.id_token!
      requireSigned(idToken)
      const claims = tokens.claims()!
      const more = needsMore(claims, asked.groupsClaim)
      const beside =
        more && config.serverMetadata().userinfo_endpoint
          ? await client.fetchUserInfo(config, tokens.access_token, claims.sub)
          : {}
      return asserted(asked, claims, beside, idToken)
    } catch (error) {
      throw notRight(error, 'answer-not-right')
    }
  }

  /** Where to sign out at the provider too; undefined where it offers no such thing. */
  async signOutUrl(
    asked: Asked,
    given: { idToken: string; signedOut: string },
    now: Date,
  ): Promise<string | undefined> {
    const config = await this.#discover(asked, now)
    const there = config.serverMetadata().end_session_endpoint
    if (!there || !isUrlAllowed(new URL(there), this.#outgoing)) return undefined
    return client.buildEndSessionUrl(config, {
      id_token_hint: given.idToken,
      post_logout_redirect_uri: given.signedOut,
    }).href
  }

  forget(providerId: string): void {
    this.#known.delete(providerId)
  }

  async #discover(asked: Asked, now: Date): Promise<client.Configuration> {
    const known = this.#known.get(asked.id)
    if (known && known.version === asked.rowVersion && now.getTime() < known.until)
      return known.config
    try {
      const config = await this.#ask(asked)
      this.#known.set(asked.id, {
        config,
        version: asked.rowVersion,
        until: now.getTime() + KEEP_MS,
      })
      return config
    } catch (error) {
      throw notRight(error, 'unfit')
    }
  }

  async #ask(asked: Asked): Promise<client.Configuration> {
    const issuer = new URL(asked.issuer)
    const insecure = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []
    const send: client.CustomFetch = (url, { method, headers, body, signal }) =>
      sendOut(
        url,
        { method, headers, signal, body: body == null ? undefined : String(body) },
        this.#outgoing,
      )
    const found = await client.discovery(issuer, asked.clientId, undefined, undefined, {
      [client.customFetch]: send,
      execute: insecure,
      timeout: 10,
    })
    const { supportsPKCE: _, ...metadata } = found.serverMetadata()
    // The library lets some multi-tenant addresses through, where anybody's tenant would be the issuer.
    if (new URL(metadata.issuer).href !== issuer.href || metadata.issuer.includes('{'))
      throw new NotRight('issuer-differs', metadata.issuer)
    this.#requireFit(metadata)
    const ways = metadata.token_endpoint_auth_methods_supported
    const secret = asked.clientSecret.reveal()
    const isBasic = !ways || ways.includes('client_secret_basic')
    const config = new client.Configuration(
      metadata,
      asked.clientId,
      { [client.clockTolerance]: CLOCKS_APART_SECONDS },
      isBasic ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret),
    )
    config[client.customFetch] = send
    config.timeout = 10
    for (const execute of insecure) execute(config)
    // Without this a token that came over TLS is believed unsigned.
    client.enableNonRepudiationChecks(config)
    return config
  }

  #requireFit(metadata: client.ServerMetadata): void {
    for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
      const address = metadata[name]
      if (!address) throw new NotRight('unfit', `${name} is missing`)
      if (!URL.canParse(address) || !isUrlAllowed(new URL(address), this.#outgoing))
        throw new NotRight('not-https', `${name}: ${address}`)
    }
    const types = metadata.response_types_supported
    if (types && !types.includes('code'))
      throw new NotRight('unfit', 'response_type code is missing')
  }
}

function requireSigned(idToken: string): void {
  const head = JSON.parse(Buffer.from(idToken.split('.')[0]!, 'base64url').toString('utf8'))
  if (!SIGNED.test(String(head.alg)))
    throw new NotRight('answer-not-right', `the token is signed with ${String(head.alg)}`)
}

type Claims = Record<string, unknown>

function needsMore(claims: Claims, groupsClaim: string): boolean {
  return (
    claims.email === undefined || claims[groupsClaim] === undefined || claims.name === undefined
  )
}

/** How somebody was signed in only from the signed token; who they are from there, or from the provider's own answer. */
function asserted(asked: Asked, token: Claims, beside: Claims, idToken: string): Asserted {
  // Both from the one place, or one would vouch for the other.
  const mail = token.email === undefined ? beside : token
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
  return {
    issuer: String(token.iss),
    subject: String(token.sub),
    email: text(mail.email)?.trim().toLowerCase() ?? null,
    // Entra says with `xms_edov` that the owner of the domain was verified; its `email` alone is what somebody typed.
    isEmailVerified: [mail.email_verified, mail.xms_edov].some(
      (one) => one === true || one === 'true' || one === '1' || one === 1,
    ),
    name: text(token.name) ?? text(beside.name),
    groups: listOf(token[asked.groupsClaim] ?? beside[asked.groupsClaim], true),
    amr: listOf(token.amr, false),
    acr: text(token.acr),
    signedInAt: typeof token.auth_time === 'number' ? token.auth_time : null,
    idToken,
  }
}

function listOf(value: unknown, mayBeOne: boolean): string[] {
  if (mayBeOne && typeof value === 'string') return [value]
  if (!Array.isArray(value)) return []
  return value.filter((one): one is string => typeof one === 'string').slice(0, 1000)
}

/** `otherwise`: what it is when the library only says that it is not as it should be. */
function notRight(error: unknown, otherwise: 'unfit' | 'answer-not-right'): Error {
  if (error instanceof NotRight) return error
  const chain = causes(error)
  const refused = chain.find((one) => one instanceof OutgoingRefused)
  if (refused) {
    const isOfAddress = refused.why === 'not-https' || refused.why === 'address'
    return new NotRight(isOfAddress ? (refused.why as 'address') : 'unreachable', refused.message, {
      cause: error,
    })
  }
  if (error instanceof client.AuthorizationResponseError)
    return new NotRight('refused-there', said(error.error, error.error_description), {
      cause: error,
    })
  if (error instanceof client.ResponseBodyError) {
    const isOfClient = error.error === 'invalid_client' || error.error === 'unauthorized_client'
    return new NotRight(
      isOfClient ? 'client-refused' : 'answer-not-right',
      said(error.error, error.error_description),
      { cause: error },
    )
  }
  // To Basic credentials that are not right a server may answer with a challenge, and no more.
  if (error instanceof client.WWWAuthenticateChallengeError)
    return new NotRight('client-refused', error.message, { cause: error })
  const words = chain.map((one) => (one instanceof Error ? one.message : '')).filter(Boolean)
  if (words.some((one) => one.includes('does not match the expected issuer')))
    return new NotRight('issuer-differs', words[0]!, { cause: error })
  return new NotRight(otherwise, words.join(': '), { cause: error })
}

const said = (code: string, words: string | undefined) => (words ? `${code}: ${words}` : code)

function causes(error: unknown): unknown[] {
  const chain: unknown[] = []
  for (let at = error; at && chain.length < 6; at = (at as { cause?: unknown }).cause)
    chain.push(at)
  return chain
}
