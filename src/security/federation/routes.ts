import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { open, type Route, read, write } from '#security/access/route.ts'
import type { Who } from '#security/access/who.ts'
import { signInCookies } from '#security/sign-in/cookies.ts'
import { networkOf } from '#security/sign-in/rate-limits.ts'
import type { SignedIn } from '#security/sign-in/sessions.ts'
import * as shape from './contract.ts'
import type { Arrival, FederationRules } from './federation.ts'
import { Pace } from './pace.ts'
import { hashOf, type Provider } from './providers.ts'
import { scimRoutes } from './scim-routes.ts'
import { countLinks, listLinks } from './store.ts'
import { TRANSACTION_SECONDS } from './transactions.ts'

export type FederationRouteParts = {
  rules: FederationRules
  db: RoleDatabase
  origin: URL
  cookieName: string
  isSecure: boolean
  forgetWho: () => void
}

const done = { done: true as const }

export function federationRoutes(parts: FederationRouteParts): Route[] {
  const cookies = providerCookies(parts)
  return [
    ...wayInRoutes(parts, cookies),
    ...halfWayRoutes(parts, cookies),
    ...settingsRoutes(parts, cookies),
    ...linkRoutes(parts),
    ...tokenRoutes(parts),
    ...scimRoutes(parts),
  ]
}

type ProviderCookies = ReturnType<typeof providerCookies>

/**
 * The one for the way there and back is Lax: the provider leads back from another site, and a Strict cookie stays at
 * home then. It opens nothing by itself. What comes after is Strict, like the session.
 */
export function providerCookies({
  cookieName,
  isSecure,
}: Pick<FederationRouteParts, 'cookieName' | 'isSecure'>) {
  const options = { path: '/', httpOnly: true, secure: isSecure } as const
  const begun = `${cookieName}-provider`
  const half = `${cookieName}-half`
  const own = signInCookies({ cookieName, isSecure })
  return {
    browserOf: own.browserOf,
    begunOf: (request: FastifyRequest) => request.cookies[begun],
    halfOf: (request: FastifyRequest) => request.cookies[half],
    setBegun(reply: FastifyReply, sealed: string): void {
      reply.setCookie(begun, sealed, { ...options, sameSite: 'lax', maxAge: TRANSACTION_SECONDS })
    },
    clearBegun(reply: FastifyReply): void {
      reply.clearCookie(begun, { ...options, sameSite: 'lax' })
    },
    setHalf(reply: FastifyReply, token: string): void {
      reply.setCookie(half, token, { ...options, sameSite: 'strict', maxAge: TRANSACTION_SECONDS })
    },
    setSession(reply: FastifyReply, opened: SignedIn): void {
      reply.clearCookie(half, { ...options, sameSite: 'strict' })
      own.setSession(reply, opened)
    },
  }
}

function wayInRoutes({ rules, origin }: FederationRouteParts, cookies: ProviderCookies): Route[] {
  // Each asks the provider something, so nobody makes Kluis ask without end; a whole office may come at nine.
  const pace = new Pace(120, 2)
  /** An address of our own, whatever was asked: `//elsewhere` and `/\elsewhere` are other sites to a browser. */
  const own = (to: string) => {
    const url = to.startsWith('/') ? URL.parse(to, origin.href) : null
    return url?.origin === origin.origin
      ? url.pathname.replace(/^\/+/, '/') + url.search
      : '/people'
  }
  const after = (arrival: Arrival, reply: FastifyReply): string => {
    switch (arrival.kind) {
      case 'in':
        cookies.setSession(reply, arrival.opened)
        return own(arrival.to)
      case 'half':
        cookies.setHalf(reply, arrival.token)
        return '/sign-in?provider=half-way'
      case 'enrol':
        return `/join/${arrival.inviteToken}`
      case 'tried':
        return `/settings?tab=singleSignOn&tried=${arrival.providerId}`
      case 'confirmed':
        return '/sign-in?provider=tab-done'
      case 'refused':
        return `/sign-in?provider=${arrival.why}`
    }
  }
  return [
    open(
      'POST /api/sign-in/provider/find',
      { body: shape.FindProvider, reply: shape.FoundProvider },
      async ({ body, request, now }) => {
        pace.take(`find ${networkOf(request.ip)}`, now)
        return { provider: await rules.findFor(body.email) }
      },
    ),
    open(
      'POST /api/sign-in/provider/begin',
      { body: shape.BeginSignIn, reply: shape.Leads },
      async ({ body, request, reply, now }) => {
        pace.take(networkOf(request.ip), now)
        const earlier = cookies.browserOf(request).sessionToken
        const asked = { ...body, to: body.to ?? '/people' }
        const { url, sealed } = await rules.begin(asked, earlier, now)
        cookies.setBegun(reply, sealed)
        return { url }
      },
    ),
    open(
      'GET /api/sign-in/provider/:id/callback',
      { params: shape.Id, reply: z.undefined() },
      async ({ params, request, reply, now }) => {
        const sealed = cookies.begunOf(request)
        cookies.clearBegun(reply)
        const cameBack = new URL(rules.callbackOf(params.id))
        cameBack.search = URL.parse(request.url, origin.href)?.search ?? ''
        const browser = cookies.browserOf(request)
        const given = { providerId: params.id, sealed, cameBack, browser }
        const next = after(await rules.arrive(given, now), reply)
        reply.redirect(origin.origin + next, 303)
        return undefined
      },
    ),
    read(
      'GET /api/session/provider',
      { needs: 'signed-in', reply: shape.SignOutThere },
      async ({ who, now }) => ({ url: await rules.signOutUrl(who.sessionId, now) }),
    ),
  ]
}

function halfWayRoutes({ rules }: FederationRouteParts, cookies: ProviderCookies): Route[] {
  const finished = (reply: FastifyReply, { opened, to }: { opened: SignedIn; to: string }) => {
    cookies.setSession(reply, opened)
    return { ...done, to }
  }
  return [
    open('GET /api/sign-in/provider/half-way', { reply: shape.HalfWay }, async ({ request, now }) =>
      rules.halfWay(cookies.halfOf(request), now),
    ),
    open(
      'POST /api/sign-in/provider/password',
      { body: shape.OwnPassword, reply: shape.Done },
      async ({ body, request, now }) => {
        await rules.password(cookies.halfOf(request), body.password, now)
        return done
      },
    ),
    ...(['totp', 'recovery'] as const).map((way) =>
      open(
        `POST /api/sign-in/provider/${way}`,
        { body: shape.OwnCode, reply: shape.Next },
        async ({ body, request, reply, now }) => {
          const browser = cookies.browserOf(request)
          return finished(reply, await rules[way](cookies.halfOf(request), body.code, browser, now))
        },
      ),
    ),
    open(
      'POST /api/sign-in/provider/passkey/options',
      { reply: shape.CeremonyOptions },
      async ({ request, now }) => rules.passkeyOptions(cookies.halfOf(request), now),
    ),
    open(
      'POST /api/sign-in/provider/passkey',
      { body: shape.OwnPasskey, reply: shape.Next },
      async ({ body, request, reply, now }) => {
        const browser = cookies.browserOf(request)
        const token = cookies.halfOf(request)
        return finished(reply, await rules.passkey(token, body.credential, browser, now))
      },
    ),
  ]
}

/** What a provider's groups give is a role, so whoever sets it up must be one who gives roles. */
function requireManager(who: Who): void {
  if (!who.permissions.has('users:manage')) refuse('not-allowed')
}
const needs = 'organisation:manage' as const
const actorOf = ({ who, token }: { who: Who; token: SignedIn['token'] }) => {
  requireManager(who)
  return { userId: who.userId, token }
}

function settingsRoutes(parts: FederationRouteParts, cookies: ProviderCookies): Route[] {
  const { rules, db, origin } = parts
  const { providers } = rules
  async function shown(
    provider: Provider,
    counts: { provider_id: string; count: number }[],
    now: Date,
  ) {
    const { id, rowVersion, settings, isOn } = provider
    return {
      ...{ id, rowVersion, settings, isOn },
      isTried: [provider.triedHash, rules.triedHash(id, now)].includes(hashOf(provider)),
      callback: rules.callbackOf(id),
      signedOut: rules.signedOut,
      scim: `${origin.origin}/api/scim/v2`,
      isWayBackMissing: settings.isRequired && !(await providers.hasWayBack(settings)),
      linkedCount: counts.find((one) => one.provider_id === id)?.count ?? 0,
    }
  }
  const all = async (now: Date) => {
    const counts = await countLinks(db.reader())
    return {
      items: await Promise.all((await providers.list()).map((one) => shown(one, counts, now))),
    }
  }
  return [
    read('GET /api/identity-providers', { needs, reply: shape.Providers }, async ({ who, now }) => {
      requireManager(who)
      return all(now)
    }),
    write(
      'POST /api/identity-providers',
      {
        needs,
        operation: 'change-rights',
        preview: ({ body }: { body: shape.NewProvider }) => ({
          what: 'add-provider' as const,
          facts: factsOf(body.settings),
        }),
        body: shape.NewProvider,
        reply: shape.Providers,
        status: 201,
      },
      async ({ body, now, ...call }) => {
        await providers.add(body.settings, body.clientSecret, actorOf(call))
        return all(now)
      },
    ),
    write(
      'PATCH /api/identity-providers/:id',
      {
        ...guarded,
        preview: ({ body: { settings, clientSecret } }: { body: shape.ProviderEdit }) => ({
          what: 'provider' as const,
          facts: { ...factsOf(settings), ...(clientSecret ? { isSecretNew: 'true' } : {}) },
        }),
        params: shape.Id,
        body: shape.ProviderEdit,
        reply: shape.Providers,
      },
      async ({ params, body, now, ...call }) => {
        await providers.change(params.id, body, actorOf(call))
        rules.forget(params.id)
        return all(now)
      },
    ),
    write(
      'POST /api/identity-providers/:id/switch',
      {
        ...guarded,
        preview: async ({
          params,
          body,
        }: {
          params: { id: string }
          body: shape.ProviderSwitch
        }) => ({
          what: 'switch-provider' as const,
          facts: { name: await nameOf(rules, params.id), isOn: `${body.isOn}` },
        }),
        params: shape.Id,
        body: shape.ProviderSwitch,
        reply: shape.Providers,
      },
      async ({ params, body, now, ...call }) => {
        const tried = rules.triedHash(params.id, now)
        await providers.switch(params.id, body, tried, actorOf(call))
        return all(now)
      },
    ),
    write(
      'DELETE /api/identity-providers/:id',
      {
        ...guarded,
        preview: async ({ params }: { params: { id: string } }) => ({
          what: 'remove-provider' as const,
          facts: { name: await nameOf(rules, params.id) },
        }),
        params: shape.Id,
        reply: shape.Done,
      },
      async ({ params, now, ...call }) => {
        await providers.remove(params.id, actorOf(call), now)
        parts.forgetWho()
        rules.forget(params.id)
        return done
      },
    ),
    write(
      'POST /api/identity-providers/:id/try',
      { needs, params: shape.Id, reply: shape.Leads },
      async ({ params, now, reply, ...call }) => {
        const { url, sealed } = await rules.try(params.id, actorOf(call).userId, now)
        cookies.setBegun(reply, sealed)
        return { url }
      },
    ),
    read(
      'GET /api/identity-providers/:id/trial',
      { needs, params: shape.Id, reply: shape.Trials },
      async ({ params, who }) => {
        requireManager(who)
        return { trial: rules.trialOf(params.id) }
      },
    ),
  ]
}

/** Whoever decides what a provider may say decides who comes in, and as what. */
const guarded = { needs, operation: 'change-rights' as const }

const nameOf = async ({ providers }: FederationRules, id: string) =>
  (await providers.find(id)).settings.name

/** All of it: a second person agrees to nothing they did not read. */
function factsOf({ groups, everyoneElse, secondFactor, ...said }: shape.ProviderSettings) {
  const flags = ['makesColleagues', 'isRequired', 'signsOutThere'] as const
  const { name, issuer, clientId, domains, groupsClaim, exemptUserIds } = said
  return {
    ...{ name, issuer, clientId, domains, groupsClaim, exemptUserIds },
    groups: groups.map(({ group, roleId, teamId }) => [roleId, teamId, group].join(' ')),
    ...(everyoneElse ? { everyoneElse: [everyoneElse.roleId, everyoneElse.teamId] } : {}),
    secondFactor: [...secondFactor.amr, ...secondFactor.acr],
    flags: flags.filter((one) => said[one]),
  }
}

function linkRoutes({ rules, db, forgetWho }: FederationRouteParts): Route[] {
  return [
    read(
      'GET /api/identity-providers/:id/links',
      { needs, params: shape.Id, reply: shape.LinkedColleagues },
      async ({ params, who }) => {
        requireManager(who)
        const rows = await listLinks(db.reader(), params.id)
        return {
          items: rows.map((row) => ({
            id: row.id,
            userId: row.user_id,
            linkedAt: row.created_at.toISOString(),
            lastUsedAt: row.last_used_at?.toISOString() ?? null,
          })),
        }
      },
    ),
    write(
      'DELETE /api/identity-providers/:id/links/:linkId',
      { needs, operation: 'end-others-sessions', params: shape.OfProvider, reply: shape.Done },
      async ({ params, now, ...call }) => {
        await rules.providers.unlink(params.id, params.linkId, actorOf(call), now)
        forgetWho()
        return done
      },
    ),
  ]
}

function tokenRoutes({ rules }: FederationRouteParts): Route[] {
  return [
    read(
      'GET /api/identity-providers/:id/scim-tokens',
      { needs, params: shape.Id, reply: shape.ScimTokens },
      async ({ params, who }) => {
        requireManager(who)
        return { items: await rules.tokens.list(params.id) }
      },
    ),
    write(
      'POST /api/identity-providers/:id/scim-tokens',
      {
        ...guarded,
        preview: async ({ params, body }: { params: { id: string }; body: { days: number } }) => ({
          what: 'directory-token' as const,
          facts: { name: await nameOf(rules, params.id), days: body.days },
        }),
        params: shape.Id,
        body: shape.NewScimToken,
        reply: shape.ScimTokenMade,
        status: 201,
      },
      async ({ params, body, now, ...call }) => {
        await rules.providers.find(params.id)
        return rules.tokens.make(params.id, body.days, actorOf(call), now)
      },
    ),
    write(
      'DELETE /api/identity-providers/:id/scim-tokens/:tokenId',
      { needs, operation: 'keys', params: shape.TokenOfProvider, reply: shape.Done },
      async ({ params, now, ...call }) => {
        const { id, tokenId } = params
        const isThere = await rules.tokens.revoke(id, tokenId, actorOf(call), now)
        return isThere ? done : refuse('not-found')
      },
    ),
  ]
}
