import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { type Caller, cookie, ORIGIN, type TestKluis } from './kluis.ts'

export const CLIENT_ID = 'kluis'
export const CLIENT_SECRET = 'a-secret-of-forty-characters-or-so-0123456789'

export type Person = {
  sub: string
  email: string
  email_verified?: boolean
  name?: string
  groups?: string[]
  amr?: string[]
  acr?: string
}

/** `oidc-provider` as it comes from npm, with one page to sign in at: it asks who one is and believes it. */
export class IdentityProvider {
  readonly issuer: string
  readonly people = new Map<string, Person>()
  readonly #server: Server
  constructor(server: Server) {
    this.#server = server
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** `client`: what it knows of Kluis; the callback of a provider is known only once it stands in Kluis. */
  serve(callback: string, signedOut: string): void {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT_ID,
          client_secret: CLIENT_SECRET,
          redirect_uris: [callback],
          post_logout_redirect_uris: [signedOut],
        },
      ],
      cookies: { keys: ['test'] },
      jwks: {
        keys: [
          generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
        ],
      },
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
      acrValues: ['urn:example:two-factors'],
      claims: {
        openid: ['sub', 'acr', 'amr'],
        email: ['email', 'email_verified'],
        profile: ['name', 'groups'],
      },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: (_: unknown, sub: string) => {
        const person = [...this.people.values()].find((one) => one.sub === sub)
        return person && { accountId: sub, claims: async () => ({ ...person }) }
      },
    })
    const usual = provider.callback()
    this.#server.removeAllListeners('request').on('request', (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return usual(request, response)
      this.#interact(provider, request, response).catch((error: Error) => {
        response.statusCode = 500
        response.end(error.stack)
      })
    })
  }

  async #interact(provider: Provider, request: IncomingMessage, response: ServerResponse) {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    if (prompt.name === 'consent') {
      const grant = new provider.Grant({
        accountId: session!.accountId,
        clientId: params.client_id!,
      })
      grant.addOIDCScope(params.scope!)
      const result = { consent: { grantId: await grant.save() } }
      return provider.interactionFinished(request, response, result, {
        mergeWithLastSubmission: true,
      })
    }
    if (request.method !== 'POST') {
      response.setHeader('content-type', 'text/html')
      response.end(
        `<!doctype html><title>Aanbieder</title><h1>Aanbieder</h1><form method="post"><label>E-mail <input name="login" value="${params.login_hint ?? ''}"></label><button>Verder</button></form>`,
      )
      return
    }
    const person = this.people.get(new URLSearchParams(await bodyOf(request)).get('login') ?? '')
    const result = person
      ? { login: { accountId: person.sub, amr: person.amr, acr: person.acr } }
      : { error: 'access_denied', error_description: 'nobody of that name' }
    await provider.interactionFinished(request, response, result, {
      mergeWithLastSubmission: false,
    })
  }

  close(): Promise<unknown> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(resolve))
  }
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

export async function listenOnLoopback(): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  return new IdentityProvider(await listenOnLoopback())
}

/** What a browser does at the provider: follows, keeps cookies, sends the form. Ends where it is led back to Kluis. */
export async function visit(start: string, login: string, back = ORIGIN): Promise<URL> {
  const jar = new Map<string, string>()
  let url = new URL(start)
  let body: URLSearchParams | undefined
  for (let step = 0; step < 15; step++) {
    if (url.origin === back) return url
    const response = await fetch(url, {
      redirect: 'manual',
      method: body ? 'POST' : 'GET',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body ? { body } : {}),
    })
    body = undefined
    for (const line of response.headers.getSetCookie()) {
      const [pair] = line.split(';')
      const at = pair!.indexOf('=')
      jar.set(pair!.slice(0, at), pair!.slice(at + 1))
    }
    const location = response.headers.get('location')
    const text = await response.text()
    if (location) url = new URL(location, url)
    else if (text.includes('<form')) body = new URLSearchParams({ login })
    else throw new Error(`${url}: ${response.status} ${text}`)
  }
  throw new Error('the provider leads round in circles')
}

export type Settings = Record<string, unknown>

export function settingsOf(issuer: string, teamId: string, more: Settings = {}): Settings {
  return {
    name: 'Aanbieder',
    issuer,
    clientId: CLIENT_ID,
    domains: ['bureau.example'],
    groupsClaim: 'groups',
    groups: [],
    everyoneElse: { roleId: 'sales', teamId },
    secondFactor: { amr: ['hwk', 'mfa'], acr: [] },
    makesColleagues: true,
    isRequired: false,
    exemptUserIds: [],
    signsOutThere: false,
    ...more,
  }
}

export type Known = { id: string; rowVersion: number; callback: string; signedOut: string }

export async function addProvider(admin: Caller, settings: Settings): Promise<Known> {
  const body = { settings, clientSecret: CLIENT_SECRET }
  const added = await admin.call('POST', '/api/identity-providers', body)
  if (added.statusCode !== 201) throw new Error(added.body)
  return added.json().items.at(-1)
}

export async function changeProvider(
  admin: Caller,
  id: string,
  change: Settings,
): Promise<{ statusCode: number; json(): Record<string, never>; body: string }> {
  const { items } = (await admin.call('GET', '/api/identity-providers')).json()
  const now = items.find((one: Known) => one.id === id)
  return admin.call('PATCH', `/api/identity-providers/${id}`, {
    rowVersion: now.rowVersion,
    settings: { ...now.settings, ...change },
  })
}

/** A trial, and then on: the way an administrator goes. */
export async function tryAndSwitchOn(
  kluis: TestKluis,
  admin: Caller,
  id: string,
  login: string,
): Promise<void> {
  const begun = await admin.call('POST', `/api/identity-providers/${id}/try`)
  if (begun.statusCode !== 200) throw new Error(begun.body)
  const back = await visit(begun.json().url, login)
  await comeBack(kluis, back, cookie(begun, 'kluis-provider'))
  const { items } = (await admin.call('GET', '/api/identity-providers')).json()
  const { rowVersion } = items.find((one: Known) => one.id === id)
  const on = await admin.call('POST', `/api/identity-providers/${id}/switch`, {
    rowVersion,
    isOn: true,
  })
  if (on.statusCode !== 200) {
    const trial = await admin.call('GET', `/api/identity-providers/${id}/trial`)
    throw new Error(`${on.body} ${trial.body}`)
  }
}

export function comeBack(kluis: TestKluis, back: URL, begun: string | undefined) {
  return kluis.send(
    'GET',
    back.pathname + back.search,
    undefined,
    begun ? { 'kluis-provider': begun } : {},
  )
}

/** A whole sign-in by the provider; gives the answer of the callback. */
export async function signInBy(
  kluis: TestKluis,
  providerId: string,
  login: string,
  to = '/tasks',
  cookies: Record<string, string> = {},
) {
  const begun = await kluis.send('POST', '/api/sign-in/provider/begin', { providerId, to }, cookies)
  if (begun.statusCode !== 200) throw new Error(begun.body)
  const back = await visit(begun.json().url, login)
  return comeBack(kluis, back, cookie(begun, 'kluis-provider'))
}

/** Where the callback leads, without our own origin. */
export function ledTo(response: { headers: Record<string, unknown> }): string {
  return String(response.headers.location).replace(ORIGIN, '')
}
