/**
 * Whose account it is that a provider speaks of. Bound to issuer and subject, never to an e-mail: an address that moves
 * to somebody else at the provider opens nobody's account here.
 */
import { randomUUID } from 'node:crypto'
import type { RoleDatabase, Tx } from '#platform/db.ts'
import { ownTarget, profileOf } from '#security/sign-in/accounts.ts'
import { findPassword, findTotp, listPasskeys } from '#security/sign-in/factor-store.ts'
import { recordEvent } from '#security/sign-in/session-store.ts'
import * as people from '#security/sign-in/store.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import type { Asserted } from './oidc.ts'
import { domainOf, type Provider, placeOf } from './providers.ts'
import * as store from './store.ts'

/** Said to whoever proved who they are at the provider, so it may be plain. */
export const refusedWhys = [
  'email-missing',
  'email-unverified',
  'domain-not-bound',
  'no-role',
  'not-known',
  'account-shut',
  'linked-elsewhere',
  // Of a step-up: somebody else, or a sign-in of before.
  'somebody-else',
  'not-anew',
] as const
export class NotAdmitted extends Error {
  readonly why: (typeof refusedWhys)[number]
  constructor(why: NotAdmitted['why']) {
    super(why)
    this.name = 'NotAdmitted'
    this.why = why
  }
}

export type OwnFactors = { hasPassword: boolean; hasTotp: boolean; hasPasskey: boolean }
export type Found = {
  userId: string
  email: string
  subjectToken: Buffer
  /** there: linked before. now: nobody's factors stand in the way. prove: the owner must show theirs once. */
  link: 'there' | 'now' | 'prove'
  linkId: string
  place: { roleId: string; teamId: string } | 'unchanged'
  factors: OwnFactors
}

export function accountRules({ db, vault }: { db: RoleDatabase; vault: KeeperVault }) {
  const subjectOf = ({ issuer, subject }: Asserted) =>
    vault.blindToken('federated-subject', JSON.stringify([issuer, subject]))
  const proofOf = (link: Omit<store.LinkRow, 'id' | 'proof'>) =>
    vault.blindToken(
      'federated-identity',
      [link.provider_id, link.user_id, link.subject_token.toString('hex')].join(' '),
    )

  async function ownFactors(userId: string): Promise<OwnFactors> {
    const tx = db.reader()
    const [password, totp, passkeys] = await Promise.all([
      findPassword(tx, userId),
      findTotp(tx, userId),
      listPasskeys(tx, userId),
    ])
    return { hasPassword: !!password, hasTotp: !!totp, hasPasskey: passkeys.length > 0 }
  }

  /** E-mail, domain and role first: the same for whoever has an account and whoever has none. */
  function requireAdmissible(provider: Provider, speaksFor: boolean, said: Asserted) {
    if (!said.email || !/^[^\s@]+@[^\s@]+$/.test(said.email)) throw new NotAdmitted('email-missing')
    if (!said.isEmailVerified) throw new NotAdmitted('email-unverified')
    if (!speaksFor || !provider.settings.domains.includes(domainOf(said.email)))
      throw new NotAdmitted('domain-not-bound')
    return {
      email: said.email,
      place: placeOf(provider.settings, said.groups) ?? notAdmitted('no-role'),
    }
  }

  /** A colleague nobody invited: made with what the provider says, before anything is asked of them. */
  async function make(
    provider: Provider,
    said: Asserted,
    email: string,
  ): Promise<people.AccountRow> {
    const place = placeOf(provider.settings, said.groups)
    const given = place === 'unchanged' ? provider.settings.everyoneElse : place
    if (!given) throw new NotAdmitted('no-role')
    const id = randomUUID()
    const name = (said.name ?? email.split('@')[0]!).slice(0, 120)
    const target = ownTarget(vault, 'user_account', 'profile', id)
    const [sealed] = await vault.seal([{ target, value: { name, email } }])
    const organisation = await people.findOrganisation(db.reader())
    await db.writeAtOnce((tx) =>
      Promise.all([
        store.statePurpose(tx, 'provider-sign-in'),
        recordEvent(tx, 'provider-made-colleague', id, { provider: provider.id }),
        people.insertAccount(tx, {
          id,
          email_token: vault.blindToken('account-email', email),
          profile_sealed: sealed!,
          role_id: given.roleId,
          language: organisation?.language ?? 'nl',
          status: 'invited',
          teamId: given.teamId,
        }),
      ]),
    )
    return (await people.findAccount(db.reader(), id))!
  }

  return {
    /** The provider that this person is linked to; undefined where none is, or where the row is not ours. */
    async linkedTo(userId: string): Promise<string | undefined> {
      const row = await store.findLinkOf(db.reader(), userId)
      return row && proofOf(row).equals(row.proof) ? row.provider_id : undefined
    },

    /** Whether it is this person that the provider speaks of. */
    async isOf(userId: string, provider: Provider, said: Asserted): Promise<boolean> {
      const row = await store.findLink(db.reader(), subjectOf(said))
      return (
        row?.user_id === userId && row.provider_id === provider.id && proofOf(row).equals(row.proof)
      )
    },

    /** Throws NotAdmitted. Writes nothing but a new colleague where the provider may make one. */
    async find(provider: Provider, speaksFor: boolean, said: Asserted): Promise<Found> {
      const { email, place } = requireAdmissible(provider, speaksFor, said)
      const tx = db.reader()
      const subjectToken = subjectOf(said)
      const row = await store.findLink(tx, subjectToken)
      const link = row && row.provider_id === provider.id && proofOf(row).equals(row.proof) && row
      const found = link
        ? await people.findAccount(tx, link.user_id)
        : await people.findAccountByToken(tx, vault.blindToken('account-email', email))
      // A row that is there and not ours: written past this program, or of a provider that was set up anew.
      if (row && !link) throw new NotAdmitted('linked-elsewhere')
      if (!found && !provider.settings.makesColleagues) throw new NotAdmitted('not-known')
      const account = found ?? (await make(provider, said, email))
      // A program has a key; nobody signs in as one, whatever is linked to it.
      if (account.kind !== 'person') throw new NotAdmitted('not-known')
      if (account.status === 'disabled') throw new NotAdmitted('account-shut')
      if (!link && (await store.hasLink(tx, account.id))) throw new NotAdmitted('linked-elsewhere')
      const factors = await ownFactors(account.id)
      const isOwned = factors.hasPasskey || (factors.hasPassword && factors.hasTotp)
      return {
        userId: account.id,
        email: profileOf(vault, account).email,
        subjectToken,
        link: link ? 'there' : isOwned ? 'prove' : 'now',
        linkId: link ? link.id : randomUUID(),
        place,
        factors,
      }
    },

    /**
     * The end of a sign-in by a provider, in one transaction: linked, at work, and with the role the groups give now.
     * Emergency access and the last administrator keep their role: no provider may leave the house without one.
     */
    async settle(
      provider: Provider,
      found: Found,
      /** enrols: not yet at work, since a second factor is still missing. */
      end: 'in' | 'enrols',
      now: Date,
    ): Promise<void> {
      const { userId, place, link, linkId, subjectToken } = found
      await db.write(async (tx) => {
        const [, administrators] = await Promise.all([
          store.statePurpose(tx, 'provider-sign-in'),
          people.lockAdministrators(tx),
        ])
        if (link === 'there') await store.stampLink(tx, linkId, now)
        else await insertLink(tx, provider, { userId, linkId, subjectToken }, now)
        if (end === 'in') await store.activate(tx, userId)
        const isLast = administrators.length === 1 && administrators[0] === userId
        const isKept = provider.settings.exemptUserIds.includes(userId)
        if (place === 'unchanged' || isKept) return
        const kept = isLast ? await people.findAccount(tx, userId) : undefined
        const roleId = kept?.role_id ?? place.roleId
        await store.placeColleague(tx, userId, {
          roleId,
          teamId: place.teamId,
          otherTeamIds: provider.settings.groups
            .map(({ teamId }) => teamId)
            .filter((one) => one !== place.teamId),
        })
      })
    },
  }

  async function insertLink(
    tx: Tx,
    provider: Provider,
    { userId, linkId, subjectToken }: Pick<Found, 'userId' | 'linkId' | 'subjectToken'>,
    now: Date,
  ): Promise<void> {
    const row = { provider_id: provider.id, user_id: userId, subject_token: subjectToken }
    await Promise.all([
      store.insertLink(tx, { id: linkId, ...row, proof: proofOf(row) }, now),
      recordEvent(tx, 'provider-linked', userId, { provider: provider.id }),
    ])
  }
}

function notAdmitted(why: NotAdmitted['why']): never {
  throw new NotAdmitted(why)
}

export type AccountRules = ReturnType<typeof accountRules>
