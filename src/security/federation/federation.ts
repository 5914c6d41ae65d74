/**
 * Signing in with the organisation's own provider, from "go there" to a session here.
 *
 * Trusts: what `oidc.ts` checked, and the settings an administrator sealed. Does not trust an e-mail to name an account
 * that has factors of its own: its owner shows them once.
 * If lost: own factors, and emergency access, go on working.
 */
import type { RoleDatabase } from '#platform/db.ts'
import type { OutgoingOptions } from '#platform/outgoing.ts'
import { refuse } from '#platform/problem.ts'
import { newInvite } from '#security/sign-in/enrolment.ts'
import type { Credential } from '#security/sign-in/passkeys.ts'
import type { Browser } from '#security/sign-in/rate-limits.ts'
import { requireEnough, rulesOfPerson } from '#security/sign-in/role-rules.ts'
import { recordEvent } from '#security/sign-in/session-store.ts'
import { openPersonSession, type SignedIn } from '#security/sign-in/sessions.ts'
import { findAccount, insertInvite, voidInvites } from '#security/sign-in/store.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { accountRules, type Found, NotAdmitted } from './accounts.ts'
import type { Trial } from './contract.ts'
import { makeGate } from './gate.ts'
import { type Half, halfRules } from './halves.ts'
import { type Asserted, NotRight, OpenIdConnect } from './oidc.ts'
import {
  askedOf,
  domainOf,
  hashOf,
  isSecondFactorProven,
  type Provider,
  placeOf,
  providerRules,
} from './providers.ts'
import { scimRules } from './scim.ts'
import { scimTokenRules } from './scim-tokens.ts'
import { stepUpElsewhere } from './step-up-elsewhere.ts'
import { type Transaction, Transactions } from './transactions.ts'

export type FederationParts = {
  db: RoleDatabase
  vault: KeeperVault
  origin: URL
  outgoing: OutgoingOptions
  /** Somebody was shut out: what was half done of them ends, and nobody is remembered as who they were. */
  shut: (userId: string) => void
}
/** Where the browser goes after the provider led it back. */
export type Arrival =
  | { kind: 'in'; opened: SignedIn; to: string }
  | { kind: 'half'; token: string }
  | { kind: 'enrol'; inviteToken: string }
  | { kind: 'tried'; providerId: string }
  | { kind: 'confirmed' }
  | { kind: 'refused'; why: string }

const TRIAL_MS = 3600_000
const HINTS_MAX = 5_000

export type FederationRules = ReturnType<typeof makeFederation>

export function makeFederation({ db, vault, origin, outgoing, shut }: FederationParts) {
  const providers = providerRules({ db, vault, outgoing })
  const accounts = accountRules({ db, vault })
  const halves = halfRules({ db, vault, origin })
  const oidc = new OpenIdConnect(outgoing)
  const transactions = new Transactions()
  const trials = new Map<string, { trial: Trial; hash: string; at: number }>()
  // To sign out there too. Only here: it names a person, and a restart that forgets it costs one click.
  const hints = new Map<string, { providerId: string; idToken: string }>()
  // Invitations that a provider's sign-in asked for: whoever uses one came by the provider.
  const viaProvider = new Set<string>()

  const callbackOf = (id: string) => `${origin.origin}/api/sign-in/provider/${id}/callback`
  const signedOut = `${origin.origin}/sign-in`

  async function begin(
    provider: Provider,
    given: Pick<Transaction, 'purpose' | 'byUserId' | 'to' | 'earlierToken'> & {
      email?: string | undefined
    },
    now: Date,
  ): Promise<{ url: string; sealed: string; state: string }> {
    const { email, ...kept } = given
    const asked = askedOf(provider)
    const { url, ...secrets } = await oidc.begin(
      asked,
      { redirectUri: callbackOf(provider.id), email, isAnew: given.purpose === 'step-up' },
      now,
    )
    const transaction = { ...kept, ...secrets, providerId: provider.id, begunAt: now.getTime() }
    return { url, sealed: transactions.seal(transaction, now), state: secrets.state }
  }

  async function open(
    provider: Provider,
    found: Found,
    how: { factor: string; maySync?: boolean | undefined; idToken: string; browser: Browser },
    now: Date,
  ): Promise<SignedIn> {
    const { factor, maySync, idToken, browser } = how
    await accounts.settle(provider, found, 'in', now)
    // After that: the provider's groups may have given another role.
    requireEnough((await rulesOfPerson(db, found.userId)).asks, maySync)
    const opened = await openPersonSession(
      { db, vault },
      { userId: found.userId, factor: `provider+${factor}`, browser },
      now,
    )
    if (hints.size >= HINTS_MAX) hints.delete(hints.keys().next().value!)
    hints.set(opened.sessionId, { providerId: provider.id, idToken })
    return opened
  }

  async function admit(
    provider: Provider,
    said: Asserted,
    { to, earlierToken }: Transaction,
    cameFrom: Browser,
    now: Date,
  ): Promise<Arrival> {
    const browser = { ...cameFrom, sessionToken: earlierToken }
    const speaksFor = (await providers.forDomain(domainOf(said.email ?? '')))?.id === provider.id
    const found = await accounts.find(provider, speaksFor, said)
    const { idToken } = said
    const half = (next: Half['next']): Arrival => ({
      kind: 'half',
      token: halves.begin(
        { providerId: provider.id, found, idToken, to, next, isPasswordShown: false },
        now,
      ),
    })
    if (found.link === 'prove') return half('link')
    // A role that asks for a passkey asks for one of ours: what it was at the provider nobody here saw.
    const { asks } = await rulesOfPerson(db, found.userId)
    if (asks === 'two-factors' && isSecondFactorProven(provider.settings, said)) {
      const opened = await open(provider, found, { factor: 'theirs', idToken, browser }, now)
      return { kind: 'in', opened, to }
    }
    const { hasPasskey, hasTotp } = found.factors
    if (hasPasskey || hasTotp) return half('factor')
    return { kind: 'enrol', inviteToken: await enrol(provider, found, now) }
  }

  /** No second factor anywhere yet: the link of an invitation, straight to whoever proved to be the invited. */
  async function enrol(provider: Provider, found: Found, now: Date): Promise<string> {
    await accounts.settle(provider, found, 'enrols', now)
    const { token, row } = newInvite(vault, found.userId, null, now)
    await db.writeAtOnce((tx) =>
      Promise.all([
        recordEvent(tx, 'provider-asked-factor', found.userId, { provider: provider.id }),
        voidInvites(tx, found.userId, now),
        insertInvite(tx, row),
      ]),
    )
    viaProvider.add(row.id)
    return token
  }

  async function trialOf(provider: Provider, cameBack: URL, transaction: Transaction, now: Date) {
    const at = now.toISOString()
    try {
      const said = await oidc.complete(askedOf(provider), cameBack, transaction, now)
      const { email, isEmailVerified, groups, amr, acr } = said
      const domain = email ? domainOf(email) : ''
      const why = !email
        ? 'email-missing'
        : !isEmailVerified
          ? 'email-unverified'
          : provider.settings.domains.includes(domain)
            ? null
            : 'domain-not-bound'
      const place = placeOf(provider.settings, groups)
      return {
        ...{ at, isRight: why === null, why, said: null },
        ...{ email, isVerified: isEmailVerified, groups, amr, acr },
        isSecondFactorProven: isSecondFactorProven(provider.settings, said),
        roleId: place === 'unchanged' ? null : (place?.roleId ?? 'none'),
      }
    } catch (error) {
      if (!(error instanceof NotRight)) throw error
      return failedTrial(error, at)
    }
  }

  const keepTrial = (provider: Provider, trial: Trial, now: Date) =>
    trials.set(provider.id, { trial, hash: hashOf(provider), at: now.getTime() })

  async function finish(
    ended: Promise<{ half: Half; factor: string; maySync?: boolean }>,
    browser: Browser,
    now: Date,
  ): Promise<{ opened: SignedIn; to: string }> {
    const { half, factor, maySync } = await ended
    const provider = await providers.find(half.providerId)
    const account = await findAccount(db.reader(), half.found.userId)
    if (!provider.isOn || !account || account.status === 'disabled') refuse('sign-in-expired')
    const { found, idToken, to } = half
    return { opened: await open(provider, found, { factor, maySync, idToken, browser }, now), to }
  }

  const gate = makeGate({ db, vault, providers })
  const elsewhere = stepUpElsewhere({ db, providers, accounts, begin })

  return {
    providers,
    tokens: scimTokenRules({ db, vault }),
    scim: scimRules({ db, vault, providers, origin, shut }),
    callbackOf,
    signedOut,
    forget: (providerId: string) => oidc.forget(providerId),

    elsewhere,

    gate: {
      /** For the screens of enrolment too: an invitation that the provider's own sign-in made is the provider's way. */
      requireOwnWay: async (userId: string, inviteId?: string) => {
        if (inviteId && viaProvider.has(inviteId)) return
        await gate.requireOwnWay(userId)
      },
    },

    /** By the domain alone, so that it says nothing of accounts. */
    async findFor(email: string) {
      const provider = await providers.forDomain(domainOf(email.trim()))
      if (!provider) return null
      const { name, isRequired } = provider.settings
      return { id: provider.id, name, isRequired }
    },

    async begin(
      given: { providerId: string; email?: string | undefined; to: string },
      earlierToken: string | undefined,
      now: Date,
    ) {
      const { providerId, email, to } = given
      const provider = await providers.find(providerId)
      if (!provider.isOn) refuse('not-found')
      try {
        const signIn = { purpose: 'sign-in', byUserId: null, email, to, earlierToken } as const
        return await begin(provider, signIn, now)
      } catch (error) {
        if (error instanceof NotRight) refuse('provider-not-right', { why: error.why })
        throw error
      }
    },

    /** Discovery at once; then a sign-in there that signs nobody in here. Both end as a trial to look at. */
    async try(providerId: string, byUserId: string, now: Date) {
      const provider = await providers.find(providerId)
      oidc.forget(providerId)
      try {
        return await begin(provider, { purpose: 'try', byUserId, to: '' }, now)
      } catch (error) {
        if (!(error instanceof NotRight)) throw error
        keepTrial(provider, failedTrial(error, now.toISOString()), now)
        refuse('provider-not-right', { why: error.why, said: error.said })
      }
    },

    trialOf: (providerId: string): Trial | null => trials.get(providerId)?.trial ?? null,

    /** What was shown to work within the hour. */
    triedHash(providerId: string, now: Date): string | undefined {
      const kept = trials.get(providerId)
      return kept?.trial.isRight && now.getTime() - kept.at < TRIAL_MS ? kept.hash : undefined
    },

    async arrive(
      given: { providerId: string; sealed: string | undefined; cameBack: URL; browser: Browser },
      now: Date,
    ): Promise<Arrival> {
      const { providerId, sealed, cameBack, browser } = given
      const transaction = transactions.take(sealed, now)
      // An answer at another provider's address is a mix-up, whoever caused it.
      if (!transaction || transaction.providerId !== providerId) return refused('expired')
      const provider = await providers.find(providerId)
      if (transaction.purpose === 'try') {
        keepTrial(provider, await trialOf(provider, cameBack, transaction, now), now)
        return { kind: 'tried', providerId }
      }
      if (!provider.isOn) return refused('expired')
      try {
        const said = await oidc.complete(askedOf(provider), cameBack, transaction, now)
        if (transaction.purpose === 'step-up') {
          await elsewhere.keep(provider, said, transaction, now)
          return { kind: 'confirmed' }
        }
        return await admit(provider, said, transaction, browser, now)
      } catch (error) {
        if (!(error instanceof NotRight) && !(error instanceof NotAdmitted)) throw error
        await db.writeAtOnce((tx) =>
          recordEvent(tx, 'provider-refused', null, { provider: provider.id, why: error.why }),
        )
        return refused(error.why)
      }
    },

    async halfWay(token: string | undefined, now: Date) {
      const { providerId, found, next } = halves.look(token, now)
      const provider = await providers.find(providerId)
      return { next, provider: provider.settings.name, email: found.email, ...found.factors }
    },
    password: halves.password,
    passkeyOptions: halves.passkeyOptions,
    totp: (token: string | undefined, code: string, browser: Browser, now: Date) =>
      finish(halves.totp(token, code, now), browser, now),
    recovery: (token: string | undefined, code: string, browser: Browser, now: Date) =>
      finish(halves.recovery(token, code, now), browser, now),
    passkey: (token: string | undefined, credential: Credential, browser: Browser, now: Date) =>
      finish(halves.passkey(token, credential, now), browser, now),

    /** Where to sign out too; null where the session is of no provider, or the organisation does not want it. */
    async signOutUrl(sessionId: string, now: Date): Promise<string | null> {
      const hint = hints.get(sessionId)
      if (!hint) return null
      const provider = await providers.find(hint.providerId).catch(() => undefined)
      if (!provider?.settings.signsOutThere) return null
      const given = { idToken: hint.idToken, signedOut }
      return (await oidc.signOutUrl(askedOf(provider), given, now).catch(() => undefined)) ?? null
    },
  }
}

const refused = (why: string): Arrival => ({ kind: 'refused', why })

function failedTrial(error: NotRight, at: string): Trial {
  return {
    ...{ at, isRight: false, why: error.why, said: error.said, email: null, isVerified: false },
    ...{ groups: [], amr: [], acr: null, isSecondFactorProven: false, roleId: null },
  }
}
