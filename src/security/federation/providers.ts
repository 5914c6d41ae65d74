/**
 * What an administrator says of a provider, and what follows: for whom it speaks, and which role its groups give.
 * All of it is sealed, so that a row written past this program makes no provider and widens none.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { ReadTx, RoleDatabase, SessionToken } from '#platform/db.ts'
import { Hidden } from '#platform/hidden.ts'
import { isUrlAllowed, type OutgoingOptions } from '#platform/outgoing.ts'
import { refuse } from '#platform/problem.ts'
import { ownTarget } from '#security/sign-in/accounts.ts'
import { actAs, recordEvent } from '#security/sign-in/session-store.ts'
import { countTeams, findAccount, listRoles } from '#security/sign-in/store.ts'
import { type KeeperVault, openedOrRefuse } from '#security/vault/vault.ts'
import type { ProviderSettings } from './contract.ts'
import type { Asked } from './oidc.ts'
import * as store from './store.ts'

export type Provider = {
  id: string
  rowVersion: number
  settings: ProviderSettings
  isOn: boolean
  clientSecret: Hidden<string>
  /** Of what a trial showed to work. */
  triedHash: string | null
}
type Kept = { settings: ProviderSettings; isOn: boolean; triedHash: string | null }
export type Actor = { userId: string; token: SessionToken }
export type ProviderParts = { db: RoleDatabase; vault: KeeperVault; outgoing: OutgoingOptions }

// Where anybody gets an address: to take in whoever has one would be to take in everybody.
const PUBLIC_DOMAINS = new Set(
  'gmail.com googlemail.com outlook.com outlook.be hotmail.com hotmail.be hotmail.nl live.be live.nl live.com msn.com yahoo.com icloud.com me.com proton.me protonmail.com telenet.be skynet.be proximus.be scarlet.be ziggo.nl kpnmail.nl planet.nl xs4all.nl home.nl gmx.com gmx.net aol.com'.split(
    ' ',
  ),
)

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase()
}

export function askedOf({ id, rowVersion, settings, clientSecret }: Provider): Asked {
  const { issuer, clientId, groupsClaim, secondFactor } = settings
  return {
    id,
    rowVersion,
    issuer,
    clientId,
    clientSecret,
    groupsClaim,
    acrValues: secondFactor.acr,
  }
}

/** What a trial has to be made of anew when it changes. */
export function hashOf({ settings, clientSecret }: Pick<Provider, 'settings' | 'clientSecret'>) {
  const { issuer, clientId } = settings
  const text = JSON.stringify([issuer, clientId, clientSecret.reveal()])
  return createHash('sha256').update(text).digest('base64url')
}

/** Null: none of the groups gives a role. `unchanged`: groups decide nothing here, so a colleague keeps theirs. */
export function placeOf(
  { groups, everyoneElse }: ProviderSettings,
  isIn: string[],
): { roleId: string; teamId: string } | 'unchanged' | null {
  if (groups.length === 0) return 'unchanged'
  return groups.find(({ group }) => isIn.includes(group)) ?? everyoneElse
}

export function isSecondFactorProven(
  { secondFactor }: ProviderSettings,
  { amr, acr }: { amr: string[]; acr: string | null },
): boolean {
  return (
    secondFactor.amr.some((one) => amr.includes(one)) ||
    (acr !== null && secondFactor.acr.includes(acr))
  )
}

export function providerRules({ db, vault, outgoing }: ProviderParts) {
  const target = (id: string, sealedClass: 'profile' | 'secret', counter: number) =>
    ownTarget(vault, 'identity_provider', sealedClass, id, counter)

  function opened(row: store.ProviderRow): Provider {
    const kept = openedOrRefuse(
      vault.openOwn<Kept>(target(row.id, 'profile', row.profile_seal_counter), row.profile_sealed),
    )
    const secret = openedOrRefuse(
      vault.openOwn<string>(target(row.id, 'secret', row.secret_seal_counter), row.secret_sealed),
    )
    return { id: row.id, rowVersion: row.row_version, ...kept, clientSecret: new Hidden(secret) }
  }

  async function list(tx: ReadTx = db.reader()): Promise<Provider[]> {
    return (await store.listProviders(tx)).map(opened)
  }

  async function find(id: string): Promise<Provider> {
    const row = (await store.findProvider(db.reader(), id)) ?? refuse('not-found')
    return opened(row)
  }

  /** The one that speaks for this domain: of two that claim it, the first, so that a second takes nothing over. */
  async function forDomain(domain: string): Promise<Provider | undefined> {
    return (await list()).find(({ isOn, settings }) => isOn && settings.domains.includes(domain))
  }

  /** Emergency access that works: an administrator at work, among the exempt, with a passkey of their own. */
  async function hasWayBack({ exemptUserIds }: ProviderSettings): Promise<boolean> {
    const able = await store.listAdministratorsWithPasskey(db.reader())
    return able.some((id) => exemptUserIds.includes(id))
  }

  async function requireSound(id: string, settings: ProviderSettings): Promise<void> {
    const url = URL.parse(settings.issuer)
    if (!url || url.search || url.hash || !isUrlAllowed(url, outgoing))
      refuse('provider-not-right', { why: 'not-https' })
    const others = (await list()).filter((one) => one.id !== id)
    const taken = settings.domains.find((domain) =>
      others.some((one) => one.settings.domains.includes(domain)),
    )
    if (taken) refuse('provider-not-right', { why: 'domain-taken', domain: taken })
    const open = settings.makesColleagues && settings.domains.find((one) => PUBLIC_DOMAINS.has(one))
    if (open) refuse('provider-not-right', { why: 'public-domain', domain: open })
    const places = [...settings.groups, ...(settings.everyoneElse ? [settings.everyoneElse] : [])]
    if (settings.groups.length === 0 && settings.makesColleagues && !settings.everyoneElse)
      refuse('provider-not-right', { why: 'no-role-for-new' })
    const teamIds = [...new Set(places.map(({ teamId }) => teamId))]
    const [roles, teams, exempt] = await Promise.all([
      listRoles(db.reader()),
      teamIds.length === 0 ? 0 : countTeams(db.reader(), teamIds),
      Promise.all(settings.exemptUserIds.map((one) => findAccount(db.reader(), one))),
    ])
    const isKnown = places.every(({ roleId }) => roles.some((role) => role.id === roleId))
    if (!isKnown || teams !== teamIds.length || exempt.some((one) => !one)) refuse('not-found')
  }

  async function sealed(id: string, kept: Kept, counter: number) {
    const [profile] = await vault.seal([{ target: target(id, 'profile', counter), value: kept }])
    return { sealed: profile!, counter }
  }

  async function keep(
    row: store.ProviderRow,
    rowVersion: number,
    kept: Kept,
    clientSecret: string | undefined,
    actor: Actor,
    event: string,
  ): Promise<void> {
    const counter = row.secret_seal_counter + 1
    const [secret] =
      clientSecret === undefined
        ? []
        : await vault.seal([{ target: target(row.id, 'secret', counter), value: clientSecret }])
    const profile = await sealed(row.id, kept, row.profile_seal_counter + 1)
    const [, , isThere] = await db.writeAtOnce((tx) =>
      Promise.all([
        actAs(tx, actor.token, event),
        recordEvent(tx, event, null),
        store.changeProvider(tx, row.id, rowVersion, {
          profile,
          secret: secret && { sealed: secret, counter },
        }),
      ]),
    )
    if (!isThere) refuse('not-found')
  }

  return {
    list,
    find,
    forDomain,
    hasWayBack,

    async add(settings: ProviderSettings, clientSecret: string, actor: Actor): Promise<string> {
      const id = randomUUID()
      await requireSound(id, settings)
      if ((await list()).length >= store.PROVIDERS_MAX) refuse('already-done')
      const kept: Kept = { settings, isOn: false, triedHash: null }
      const [secret] = await vault.seal([{ target: target(id, 'secret', 1), value: clientSecret }])
      const { sealed: profile } = await sealed(id, kept, 1)
      await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, actor.token, 'provider-added'),
          recordEvent(tx, 'provider-added', null),
          store.insertProvider(tx, { id, profile_sealed: profile, secret_sealed: secret! }),
        ]),
      )
      return id
    },

    /** While it is on, it goes on being the provider it is: issuer and client are for a new trial. */
    async change(
      id: string,
      given: {
        rowVersion: number
        settings: ProviderSettings
        clientSecret?: string | undefined
      },
      actor: Actor,
    ): Promise<void> {
      const row = (await store.findProvider(db.reader(), id)) ?? refuse('not-found')
      const now = opened(row)
      const { settings, clientSecret } = given
      await requireSound(id, settings)
      const isOther =
        settings.issuer !== now.settings.issuer || settings.clientId !== now.settings.clientId
      if (now.isOn && isOther) refuse('provider-not-right', { why: 'switch-off-first' })
      if (now.isOn && settings.isRequired && !(await hasWayBack(settings)))
        refuse('provider-not-right', { why: 'no-way-back' })
      const kept = { settings, isOn: now.isOn, triedHash: now.triedHash }
      await keep(row, given.rowVersion, kept, clientSecret, actor, 'provider-changed')
    },

    /** `tried`: what this process saw to work, as `hashOf` gives it. */
    async switch(
      id: string,
      given: { rowVersion: number; isOn: boolean },
      tried: string | undefined,
      actor: Actor,
    ): Promise<void> {
      const row = (await store.findProvider(db.reader(), id)) ?? refuse('not-found')
      const now = opened(row)
      const hash = hashOf(now)
      const isTried = now.triedHash === hash || tried === hash
      if (given.isOn && !isTried) refuse('provider-not-right', { why: 'try-first' })
      if (given.isOn && now.settings.isRequired && !(await hasWayBack(now.settings)))
        refuse('provider-not-right', { why: 'no-way-back' })
      const kept = {
        settings: now.settings,
        isOn: given.isOn,
        triedHash: isTried ? hash : now.triedHash,
      }
      const event = given.isOn ? 'provider-switched-on' : 'provider-switched-off'
      await keep(row, given.rowVersion, kept, undefined, actor, event)
    },

    /** What it opened ends with it: whoever removes a provider may no longer trust it. */
    async remove(id: string, actor: Actor, now: Date): Promise<void> {
      await find(id)
      await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, actor.token, 'provider-removed'),
          recordEvent(tx, 'provider-removed', null),
          store.endProviderSessions(tx, { providerId: id }, now),
          store.deleteProvider(tx, id),
        ]),
      )
    },

    async unlink(providerId: string, linkId: string, actor: Actor, now: Date): Promise<void> {
      await db.write(async (tx) => {
        const [, userId] = await Promise.all([
          actAs(tx, actor.token, 'provider-unlinked'),
          store.deleteLink(tx, providerId, linkId),
        ])
        if (!userId) refuse('not-found')
        await Promise.all([
          recordEvent(tx, 'provider-unlinked', userId),
          store.endProviderSessions(tx, { userId }, now),
        ])
      })
    },
  }
}

export type ProviderRules = ReturnType<typeof providerRules>
