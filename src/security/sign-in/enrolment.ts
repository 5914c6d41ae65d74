/**
 * How somebody gets factors: the first administrator at set-up, everyone else by an invitation, and again
 * after a reset. Nothing is stored before the second factor was shown to work.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import type { RoleDatabase, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import { isTokenOurs, newBoundToken } from '#security/access/bound-token.ts'
import type { RootKeyRecovery } from '#security/vault/root-key/recovery.ts'
import type { ShareSet } from '#security/vault/root-key/shares.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { organisationName, ownTarget, type Profile, profileOf } from './accounts.ts'
import { type NewPasskey, replaceFactors } from './factor-store.ts'
import { HalfSignIns } from './half-sign-ins.ts'
import { type Credential, type PasskeyCeremonies, passkeyProof } from './passkeys.ts'
import { hashPassword, requireStrongPassword } from './passwords.ts'
import { attemptOfInvite, type Browser, forgetAttempts, takeAttempt } from './rate-limits.ts'
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts'
import { type Asks, requireEnough, rulesOfPerson, rulesOfRole } from './role-rules.ts'
import { recordEvent, revokeSessions } from './session-store.ts'
import { openPersonSession, type SignedIn, tokenHash } from './sessions.ts'
import * as store from './store.ts'
import { newTotpSecret, totpStep, totpUri } from './totp.ts'

const INVITE_MS = 7 * 24 * 3600_000

type Language = 'nl' | 'en'
type Visibility = 'owner' | 'team' | 'everyone'
export type NewOrganisation = { name: string; visibility: Visibility; language: Language }
type Given = { name: string; password?: string | undefined; language: Language }

type Enrolment = Profile & {
  userId: string
  inviteId: string
  language: Language
  passwordHash: string | undefined
  totpSecret: string
  asks: Asks
  challenge?: string
  organisation?: NewOrganisation
}
type SecondFactor =
  | { kind: 'totp'; step: number }
  | { kind: 'passkey'; passkey: Omit<NewPasskey, 'user_id' | 'proof'> }

export type EnrolmentParts = {
  db: RoleDatabase
  vault: KeeperVault
  origin: URL
  recovery: Pick<RootKeyRecovery, 'makeShares'>
  ceremonies: PasskeyCeremonies
  gate: Gate
}
/**
 * Refuses whoever must come by the organisation's own provider. Asked when own factors were right, so that it tells no
 * stranger anything.
 */
export type Gate = { requireOwnWay(userId: string, inviteId?: string): Promise<void> }

/** The invitation's row and its token; the caller inserts the row with whatever else it changes. */
export function newInvite(
  vault: KeeperVault,
  userId: string | null,
  createdBy: string | null,
  now: Date,
): { token: string; row: store.NewInvite } {
  const id = randomUUID()
  const token = newBoundToken(vault, 'invite', { id, userId })
  const row = {
    id,
    token_hash: tokenHash(token),
    user_id: userId,
    created_by: createdBy,
    expires_at: new Date(now.getTime() + INVITE_MS),
  }
  return { token, row }
}

export function inviteLink(origin: URL, userId: string | null, token: string): URL {
  return new URL(userId ? `/join/${token}` : `/set-up/${token}`, origin)
}

export function enrolmentRules(parts: EnrolmentParts) {
  const { db, vault, origin, recovery, ceremonies, gate } = parts
  const begun = new HalfSignIns<Enrolment>()

  /** Undefined too for an invitation that somebody wrote into the database past this program. */
  async function findInvite(token: string, now: Date) {
    const invite = await store.findInvite(db.reader(), tokenHash(token), now)
    const isOurs =
      invite && isTokenOurs(vault, 'invite', token, { id: invite.id, userId: invite.user_id })
    return isOurs ? invite : undefined
  }

  async function findInvited(inviteToken: string, now: Date) {
    const invite = await findInvite(inviteToken, now)
    const account = invite?.user_id
      ? await store.findAccount(db.reader(), invite.user_id)
      : undefined
    if (!invite || !account || account.status === 'disabled') refuse('link-used')
    return { inviteId: invite.id, codeHash: invite.code_hash, account }
  }

  async function begin(
    given: Omit<Enrolment, 'passwordHash' | 'totpSecret'> & { password?: string | undefined },
    now: Date,
  ) {
    const { password, ...rest } = given
    if (password !== undefined) requireStrongPassword(password, given.email)
    const passwordHash = password === undefined ? undefined : await hashPassword(password)
    const totpSecret = newTotpSecret()
    return {
      token: begun.begin({ ...rest, passwordHash, totpSecret }, given.inviteId, now),
      totp: { secret: totpSecret, uri: totpUri(totpSecret, given.email) },
    }
  }

  async function complete(
    token: string | undefined,
    enrolment: Enrolment,
    factor: SecondFactor,
    browser: Browser,
    now: Date,
  ): Promise<{ opened: SignedIn; recoveryCodes: string[]; recoveryShares: ShareSet | null }> {
    const { userId, organisation } = enrolment
    await gate.requireOwnWay(userId, enrolment.inviteId)
    requireEnough(enrolment.asks, factor.kind === 'passkey' ? factor.passkey.may_sync : undefined)
    if (!begun.end(token)) refuse('sign-in-expired')
    const account = organisation ? undefined : await store.findAccount(db.reader(), userId)
    const recoveryCodes = newRecoveryCodes()
    const rows = await sealRows(vault, enrolment, (account?.profile_seal_counter ?? 0) + 1)
    const recoveryShares = organisation ? await recovery.makeShares(now) : null
    await db.write(async (tx) => {
      if (!(await store.takeInvite(tx, enrolment.inviteId, now))) refuse('link-used')
      await storePerson(tx, vault, enrolment, rows)
      await replaceFactors(
        tx,
        userId,
        {
          ...(rows.password ? { password: rows.password } : {}),
          ...(factor.kind === 'totp' ? { totp: { ...rows.totp, step: factor.step } } : {}),
          ...(factor.kind === 'passkey' ? { passkey: withProof(vault, userId, factor) } : {}),
          recoveryHashes: recoveryCodes.map((code) => recoveryCodeHash(vault, userId, code)),
        },
        now,
      )
      await Promise.all([
        revokeSessions(tx, userId, 'all', now),
        store.voidInvites(tx, organisation ? null : userId, now),
        recordEvent(tx, 'factors-enrolled', userId, { second: factor.kind }),
        recoveryShares &&
          recordEvent(tx, 'recovery-shares-made', null, { set: recoveryShares.set }),
      ])
    })
    const by = factor.kind === 'passkey' ? 'passkey' : 'password+totp'
    const opened = await openPersonSession(
      { db, vault },
      { userId, factor: by, browser, isEnrolment: true },
      now,
    )
    return { opened, recoveryCodes, recoveryShares }
  }

  return {
    isSetUp: () => store.isSetUp(db.reader()),

    /**
     * A link that can be used once, for a week; earlier ones of the same person stop working. Without a
     * person: the set-up of the organisation.
     */
    async makeInvite(userId: string | null, createdBy: string | null, now: Date): Promise<URL> {
      const { token, row } = newInvite(vault, userId, createdBy, now)
      await db.writeAtOnce((tx) =>
        Promise.all([store.voidInvites(tx, userId, now), store.insertInvite(tx, row)]),
      )
      return inviteLink(origin, userId, token)
    },

    async beginSetUp(
      inviteToken: string,
      organisation: NewOrganisation,
      administrator: Given & { email: string },
      now: Date,
    ) {
      const invite = await findInvite(inviteToken, now)
      if (!invite || invite.user_id !== null || (await store.isSetUp(db.reader())))
        refuse('link-used')
      const userId = randomUUID()
      const { asks } = await rulesOfRole(db, 'administrator')
      return begin({ ...administrator, userId, inviteId: invite.id, organisation, asks }, now)
    },

    /** Whom the link invites, to greet them before they choose anything. */
    async findJoin(inviteToken: string, now: Date) {
      const { account, codeHash } = await findInvited(inviteToken, now)
      const [organisation, { asks }] = await Promise.all([
        store.findOrganisation(db.reader()),
        rulesOfPerson(db, account.id),
      ])
      return {
        needsCode: codeHash !== null,
        asks,
        ...profileOf(vault, account),
        language: account.language as Language,
        organisation: organisation ? organisationName(vault, organisation) : '',
      }
    },

    /** After a recovery also the code that somebody else gave: the link alone may have gone to whoever asked for it. */
    async beginJoin(inviteToken: string, given: Given & { code?: string | undefined }, now: Date) {
      const { code, ...person } = given
      const { inviteId, account, codeHash } = await findInvited(inviteToken, now)
      // Said before anything is chosen; asked again at the end.
      await gate.requireOwnWay(account.id, inviteId)
      if (codeHash) {
        const attempt = attemptOfInvite(inviteId)
        await takeAttempt(db, attempt, now)
        if (!codeHash.equals(recoveryCodeHash(vault, inviteId, code ?? '')))
          refuse('second-factor-wrong')
        await forgetAttempts(db, attempt)
      }
      const { email } = profileOf(vault, account)
      const { asks } = await rulesOfPerson(db, account.id)
      return begin({ ...person, email, userId: account.id, inviteId, asks }, now)
    },

    async enrolTotp(token: string | undefined, code: string, browser: Browser, now: Date) {
      const enrolment = begun.find(token, 'try', now)
      if (enrolment.passwordHash === undefined) refuse('weak-password', { why: 'missing' })
      const step = totpStep(enrolment.totpSecret, code, now)
      if (step === undefined) refuse('second-factor-wrong')
      return complete(token, enrolment, { kind: 'totp', step }, browser, now)
    },

    async enrolPasskeyOptions(token: string | undefined, now: Date) {
      const enrolment = begun.find(token, 'look', now)
      enrolment.challenge = randomBytes(32).toString('base64url')
      const isBound = enrolment.asks === 'device-bound'
      return ceremonies.registrationOptions(enrolment, enrolment.challenge, [], isBound)
    },

    async enrolPasskey(
      token: string | undefined,
      given: { name: string; credential: Credential },
      browser: Browser,
      now: Date,
    ) {
      const enrolment = begun.find(token, 'try', now)
      if (!enrolment.challenge) refuse('sign-in-expired')
      const made = await ceremonies.verifyRegistration(given.credential, enrolment.challenge)
      if (!made) refuse('second-factor-wrong')
      const passkey = { ...made, name: given.name }
      return complete(token, enrolment, { kind: 'passkey', passkey }, browser, now)
    },
  }
}

function withProof(
  vault: KeeperVault,
  userId: string,
  { passkey }: Extract<SecondFactor, { kind: 'passkey' }>,
) {
  return { ...passkey, proof: passkeyProof(vault, { ...passkey, user_id: userId }) }
}

/** Sealed before the transaction begins. */
async function sealRows(vault: KeeperVault, enrolment: Enrolment, profileCounter: number) {
  const { userId, name, email, passwordHash, totpSecret, organisation } = enrolment
  const ids = { password: randomUUID(), totp: randomUUID() }
  const own = (
    ...rest: Parameters<typeof ownTarget> extends [KeeperVault, ...infer R] ? R : never
  ) => ownTarget(vault, ...rest)
  const [profile, secret, organisationSealed, hash] = await vault.seal([
    { target: own('user_account', 'profile', userId, profileCounter), value: { name, email } },
    { target: own('totp', 'secret', ids.totp, 1, userId), value: totpSecret },
    {
      target: own('organisation', 'profile', vault.organisationId),
      value: { name: organisation?.name ?? '' },
    },
    ...(passwordHash === undefined
      ? []
      : [{ target: own('password', 'secret', ids.password, 1, userId), value: passwordHash }]),
  ])
  return {
    profile: { sealed: profile!, counter: profileCounter },
    totp: { id: ids.totp, secret: secret! },
    organisation: organisationSealed!,
    password: hash && { id: ids.password, hash },
  }
}

async function storePerson(
  tx: Tx,
  vault: KeeperVault,
  enrolment: Enrolment,
  rows: Awaited<ReturnType<typeof sealRows>>,
): Promise<void> {
  const { userId, organisation, language, email } = enrolment
  if (!organisation) {
    if (!(await store.activateAccount(tx, userId, { ...rows.profile, language })))
      throw new Problem('link-used')
    return
  }
  const isFirst = await store.insertOrganisation(tx, {
    id: vault.organisationId,
    name_sealed: rows.organisation,
    language: organisation.language,
  })
  if (!isFirst) throw new Problem('link-used')
  await store.setUpScopes(tx, organisation.visibility)
  const teamId = randomUUID()
  await store.insertTeam(tx, teamId, organisation.language === 'nl' ? 'Kantoor' : 'Office')
  await store.insertAccount(tx, {
    id: userId,
    email_token: vault.blindToken('account-email', email),
    profile_sealed: rows.profile.sealed,
    role_id: 'administrator',
    language,
    status: 'active',
    teamId,
  })
}
