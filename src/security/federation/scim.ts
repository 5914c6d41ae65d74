/**
 * Colleagues as the organisation's own directory keeps them here, by SCIM 2.0: made, renamed, shut, opened.
 *
 * Trusts: the token, for the domains of its provider and no others. Does not trust it with a password, a factor, a role,
 * emergency access or the last administrator.
 * If lost: an administrator revokes the token; colleagues are kept by hand.
 */
import { randomUUID } from 'node:crypto'
import type { RoleDatabase } from '#platform/db.ts'
import { ownTarget, profileOf } from '#security/sign-in/accounts.ts'
import { findPassword, findTotp, listPasskeys } from '#security/sign-in/factor-store.ts'
import { recordEvent } from '#security/sign-in/session-store.ts'
import * as people from '#security/sign-in/store.ts'
import { type KeeperVault, openedOrRefuse } from '#security/vault/vault.ts'
import { domainOf, type Provider, type ProviderRules } from './providers.ts'
import {
  type Filter,
  listBody,
  type Page,
  patched,
  resourceOf,
  ScimError,
  type ScimUser,
  userOf,
} from './scim-shapes.ts'
import * as kept from './scim-store.ts'
import { hasLink, statePurpose } from './store.ts'

export type ScimParts = {
  db: RoleDatabase
  vault: KeeperVault
  providers: ProviderRules
  origin: URL
  shut: (userId: string) => void
}
type Known = { row: kept.UserRow; user: ScimUser & { email: string }; isShutHere: boolean }

const NAME_MAX = 120

export function scimRules({ db, vault, providers, origin, shut }: ScimParts) {
  const nameToken = (providerId: string, kind: string, value: string) =>
    vault.blindToken('scim-name', JSON.stringify([providerId, kind, value]))

  /** Undefined for whoever is none of this provider's: outside its domains, or deleted by it. */
  function known(provider: Provider, row: kept.UserRow): Known | undefined {
    const { name, email } = profileOf(vault, row)
    if (row.is_deleted || !provider.settings.domains.includes(domainOf(email))) return undefined
    const own = keptOf(row)
    const user = own ?? { userName: email, displayName: name }
    const isShutHere = row.status === 'disabled' && row.shut_version === row.row_version
    return { row, user: { ...user, email }, isShutHere }
  }

  function keptOf(row: kept.UserRow): ScimUser | undefined {
    if (!row.kept_id || !row.kept_sealed || !row.kept_counter) return undefined
    const target = ownTarget(
      vault,
      'provisioned_user',
      'profile',
      row.kept_id,
      row.kept_counter,
      row.id,
    )
    return openedOrRefuse(vault.openOwn<ScimUser>(target, row.kept_sealed))
  }

  const shown = ({ row, user }: Known) =>
    resourceOf(
      {
        ...user,
        id: row.id,
        isActive: row.status !== 'disabled',
        createdAt: row.created_at,
        changedAt: row.updated_at,
      },
      origin,
    )

  async function one(provider: Provider, id: string): Promise<Known> {
    const [row] = isUuid(id) ? await kept.listUsers(db.reader(), provider.id, { id }) : []
    const found = row && known(provider, row)
    if (!found) throw new ScimError(404, 'there is no such user')
    return found
  }

  async function requireOwnDomain(provider: Provider, email: string): Promise<void> {
    const speaks = (await providers.forDomain(domainOf(email)))?.id === provider.id
    if (!speaks)
      throw new ScimError(
        400,
        `this provider does not speak for the domain of ${email}: bind it in Kluis, under Single sign-on`,
        'invalidValue',
      )
  }

  function addressOf(user: ScimUser): string {
    const address = (user.email ?? user.userName).toLowerCase()
    if (!/^[^\s@]+@[^\s@]+$/.test(address))
      throw new ScimError(400, 'userName or emails must hold an e-mail address', 'invalidValue')
    return address
  }

  async function sealedKept(
    providerId: string,
    userId: string,
    user: ScimUser,
    row?: kept.UserRow,
  ) {
    const id = row?.kept_id ?? randomUUID()
    const counter = (row?.kept_counter ?? 0) + 1
    const { active: _, ...stays } = user
    const target = ownTarget(vault, 'provisioned_user', 'profile', id, counter, userId)
    const [sealed] = await vault.seal([{ target, value: stays }])
    const { userName, externalId } = user
    return {
      id,
      provider_id: providerId,
      user_id: userId,
      user_name_token: nameToken(providerId, 'userName', userName),
      external_id_token: externalId ? nameToken(providerId, 'externalId', externalId) : null,
      profile_sealed: sealed!,
      profile_seal_counter: counter,
    }
  }

  /**
   * With groups, the role is worked out at each sign-in; until the first one the account opens nothing, and stands with
   * the role that may least of those the groups give.
   */
  async function placeOfNew({ settings }: Provider) {
    if (settings.everyoneElse) return settings.everyoneElse
    const roles = new Map((await people.listRoles(db.reader())).map((r) => [r.id, r.permissions]))
    const least = settings.groups.toSorted(
      (a, b) => (roles.get(a.roleId)?.length ?? 0) - (roles.get(b.roleId)?.length ?? 0),
    )[0]
    if (!least)
      throw new ScimError(
        400,
        'choose in Kluis, under Single sign-on, which role and team new colleagues get',
        'invalidValue',
      )
    return least
  }

  async function requireFree(provider: Provider, email: string, userName: string, butId?: string) {
    const emailToken = vault.blindToken('account-email', email)
    const account = await people.findAccountByToken(db.reader(), emailToken)
    const same = await kept.findUserIds(db.reader(), provider.id, {
      user_name_token: nameToken(provider.id, 'userName', userName),
    })
    if ((account && account.id !== butId) || same.some((id) => id !== butId))
      throw new ScimError(409, 'there is a user of this name already', 'uniqueness')
  }

  async function statusOnReturn(userId: string): Promise<'active' | 'invited'> {
    const tx = db.reader()
    const [password, totp, passkeys, isLinked] = await Promise.all([
      findPassword(tx, userId),
      findTotp(tx, userId),
      listPasskeys(tx, userId),
      hasLink(tx, userId),
    ])
    return isLinked || passkeys.length > 0 || (password && totp) ? 'active' : 'invited'
  }

  /** Everything a write changes, in one transaction: who they are, whether they are at work, and their sessions. */
  async function write(
    provider: Provider,
    { row, user: before, isShutHere }: Known,
    after: ScimUser,
    isDeleted = false,
  ): Promise<void> {
    const email = addressOf(followed(before, after))
    if (email !== before.email) await requireOwnDomain(provider, email)
    if (!isDeleted) await requireFree(provider, email, after.userName, row.id)
    const wasActive = row.status !== 'disabled'
    const closes = (isDeleted || after.active === false) && wasActive
    // An administrator's no is not for the provider to take back.
    const opens = !isDeleted && after.active === true && isShutHere
    if (closes && provider.settings.exemptUserIds.includes(row.id))
      throw new ScimError(403, 'this colleague has emergency access: an administrator shuts it')
    const status = opens ? await statusOnReturn(row.id) : 'disabled'
    const profile = await renamed(row, after, email)
    const keeps = await sealedKept(provider.id, row.id, { ...after, email }, row)
    const event = isDeleted
      ? 'scim-deleted'
      : closes
        ? 'scim-shut'
        : opens
          ? 'scim-opened'
          : 'scim-changed'
    await db.write(async (tx) => {
      const [, administrators] = await Promise.all([
        statePurpose(tx, 'scim'),
        people.lockAdministrators(tx),
      ])
      if (closes && administrators.length === 1 && administrators[0] === row.id)
        throw new ScimError(409, 'the last administrator can not be shut out')
      await Promise.all([
        recordEvent(tx, event, row.id, { provider: provider.id }),
        profile && kept.changeProfile(tx, row.id, profile),
        (closes || opens) && kept.changeStatus(tx, row.id, status),
      ])
      const staysShut = closes || (isShutHere && !opens)
      const shut_version = staysShut ? await kept.versionOf(tx, row.id) : null
      await kept.putKept(tx, { ...keeps, shut_version, is_deleted: isDeleted })
    })
    if (closes) shut(row.id)
  }

  /** Undefined where name and e-mail stay. */
  async function renamed(row: kept.UserRow, after: ScimUser, email: string) {
    const now = profileOf(vault, row)
    const name = nameOf(after) ?? now.name
    if (name === now.name && email === now.email) return undefined
    const counter = row.profile_seal_counter + 1
    const target = ownTarget(vault, 'user_account', 'profile', row.id, counter)
    const [sealed] = await vault.seal([{ target, value: { name, email } }])
    return { sealed: sealed!, counter, emailToken: vault.blindToken('account-email', email) }
  }

  async function filtered(provider: Provider, { by, value }: Filter): Promise<Known[]> {
    const tx = db.reader()
    const own = (kind: 'userName' | 'externalId') => {
      const token = nameToken(provider.id, kind, value)
      return kept.findUserIds(
        tx,
        provider.id,
        kind === 'userName' ? { user_name_token: token } : { external_id_token: token },
      )
    }
    const ids = by === 'id' ? [value].filter(isUuid) : by === 'email' ? [] : await own(by)
    const rows = await Promise.all([
      ...ids.map((id) => kept.listUsers(tx, provider.id, { id })),
      // Whoever was here before the provider wrote is found by their e-mail, so that it takes them on.
      ...(by === 'userName' || by === 'email'
        ? [
            kept.listUsers(tx, provider.id, {
              emailToken: vault.blindToken('account-email', value),
            }),
          ]
        : []),
    ])
    const found = rows.flat().flatMap((row) => known(provider, row) ?? [])
    const isAsked = ({ row, user }: Known) =>
      by === 'id'
        ? row.id === value
        : by === 'externalId'
          ? user.externalId === value
          : user[by === 'email' ? 'email' : 'userName']?.toLowerCase() === value.toLowerCase()
    return [...new Map(found.filter(isAsked).map((each) => [each.row.id, each])).values()]
  }

  return {
    async list(providerId: string, filter: Filter | undefined, page: Page): Promise<object> {
      const provider = await providers.find(providerId)
      const found = filter
        ? await filtered(provider, filter)
        : (await kept.listUsers(db.reader(), provider.id, 'all')).flatMap(
            (row) => known(provider, row) ?? [],
          )
      return listBody(found.map(shown), page)
    },

    async get(providerId: string, id: string): Promise<object> {
      return shown(await one(await providers.find(providerId), id))
    },

    async create(providerId: string, body: unknown): Promise<{ id: string; user: object }> {
      const provider = await providers.find(providerId)
      const user = userOf(body)
      const email = addressOf(user)
      await requireOwnDomain(provider, email)
      const emailToken = vault.blindToken('account-email', email)
      const [there] = await kept.listUsers(db.reader(), provider.id, { emailToken })
      // Deleted by this provider before: it is the same person, who comes back to the same account.
      if (there?.is_deleted) {
        const back = known(provider, { ...there, is_deleted: false })!
        await write(provider, back, { ...user, email, active: user.active ?? true })
        return { id: there.id, user: shown(await one(provider, there.id)) }
      }
      await requireFree(provider, email, user.userName)
      const place = await placeOfNew(provider)
      const id = randomUUID()
      const name = nameOf(user) ?? email.split('@')[0]!
      const target = ownTarget(vault, 'user_account', 'profile', id)
      const [sealed] = await vault.seal([{ target, value: { name, email } }])
      const keeps = await sealedKept(provider.id, id, { ...user, email })
      const organisation = await people.findOrganisation(db.reader())
      await db.write(async (tx) => {
        await Promise.all([
          statePurpose(tx, 'scim'),
          recordEvent(tx, 'scim-made', id, { provider: provider.id }),
          people.insertAccount(tx, {
            id,
            email_token: emailToken,
            profile_sealed: sealed!,
            role_id: place.roleId,
            language: organisation?.language ?? 'nl',
            status: 'invited',
            teamId: place.teamId,
          }),
        ])
        if (user.active === false) await kept.changeStatus(tx, id, 'disabled')
        const shut_version = user.active === false ? await kept.versionOf(tx, id) : null
        await kept.putKept(tx, { ...keeps, shut_version, is_deleted: false })
      })
      return { id, user: shown(await one(provider, id)) }
    },

    async replace(providerId: string, id: string, body: unknown): Promise<object> {
      const provider = await providers.find(providerId)
      const found = await one(provider, id)
      await write(provider, found, userOf(body))
      return shown(await one(provider, id))
    },

    async patch(providerId: string, id: string, body: unknown): Promise<object> {
      const provider = await providers.find(providerId)
      const found = await one(provider, id)
      await write(provider, found, patched(found.user, body))
      return shown(await one(provider, id))
    },

    async remove(providerId: string, id: string): Promise<void> {
      const provider = await providers.find(providerId)
      const found = await one(provider, id)
      await write(provider, found, found.user, true)
    },
  }
}

/** Where the user name is the e-mail, a new one is a new e-mail too, though only the name was sent. */
function followed(before: ScimUser & { email: string }, after: ScimUser): ScimUser {
  const wasEmail = before.userName.toLowerCase() === before.email
  const isOnlyName = after.email === before.email && after.userName !== before.userName
  return wasEmail && isOnlyName ? { ...after, email: after.userName } : after
}

function nameOf({ displayName, formatted, givenName, familyName }: ScimUser): string | undefined {
  const whole = [givenName, familyName].filter(Boolean).join(' ')
  return (displayName ?? formatted ?? (whole || undefined))?.slice(0, NAME_MAX)
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)
}
