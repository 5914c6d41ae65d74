/**
 * Who someone is: two factors, always, decided here and not in the browser.
 *
 * Trusts: the vault for secrets, kluis_sign_in's grants for sessions. Does not trust any count the browser keeps.
 * If lost: an administrator resets a factor with a reason; recovery codes do without one.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { openedOrRefuse, type SealTarget, type Vault } from '#security/vault/vault.ts'
import {
  hashPassword,
  isPasswordRight,
  type PasswordHash,
  requireStrongPassword,
} from './passwords.ts'
import {
  type AttemptKeys,
  countFailure,
  forgetFailures,
  networkOf,
  requireAttemptAllowed,
} from './rate-limits.ts'
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts'
import { type Opened, openSession, tokenHash } from './sessions.ts'
import * as store from './store.ts'
import { newTotpSecret, totpStep, totpUri } from './totp.ts'

export type SignInParts = {
  db: RoleDatabase
  vault: Vault
  origin: URL
  recoverySheet: () => string
}
export type Profile = { name: string; email: string }
type Browser = { address: string; userAgent: string | null }

const PENDING_MS = 10 * 60_000
const PENDING_MAX = 10_000
const PENDING_ATTEMPTS_MAX = 5
const INVITE_MS = 7 * 24 * 3600_000

type Half =
  | { kind: 'totp'; userId: string | undefined; keys: AttemptKeys }
  | { kind: 'passkey'; challenge: string }
  | { kind: 'enrol'; enrolment: Enrolment }
type Pending = Half & { until: number; attempts: number }

type Enrolment = Profile & {
  userId: string
  inviteId: string
  language: 'nl' | 'en'
  password: PasswordHash | undefined
  totpSecret: string
  challenge?: string
  organisation?: { name: string; visibility: 'owner' | 'team' | 'everyone'; language: 'nl' | 'en' }
}

export type SignInRules = ReturnType<typeof makeSignIn>

/** Half sign-ins live in this process' memory for ten minutes: nothing half-done is ever stored. */
export function makeSignIn({ db, vault, origin, recoverySheet }: SignInParts) {
  const halves = new Map<string, Pending>()

  function begin(half: Half, now: Date): string {
    for (const [key, pending] of halves) if (pending.until < now.getTime()) halves.delete(key)
    if (halves.size >= PENDING_MAX) refuse('too-many-attempts', { retryAfterSeconds: 60 })
    const token = randomBytes(32).toString('base64url')
    halves.set(tokenHash(token).toString('hex'), {
      ...half,
      until: now.getTime() + PENDING_MS,
      attempts: 0,
    })
    return token
  }

  function half<K extends Half['kind']>(
    token: string | undefined,
    kind: K,
    now: Date,
  ): Pending & { kind: K } {
    const key = tokenHash(token ?? '').toString('hex')
    const pending = halves.get(key)
    if (!pending || pending.kind !== kind || pending.until < now.getTime())
      refuse('sign-in-expired')
    if (++pending.attempts > PENDING_ATTEMPTS_MAX) {
      halves.delete(key)
      refuse('sign-in-expired')
    }
    return pending as Pending & { kind: K }
  }
  const end = (token: string) => halves.delete(tokenHash(token).toString('hex'))

  const own = (
    table: SealTarget['table'],
    sealedClass: SealTarget['sealedClass'],
    rowId: string,
    sealCounter = 1,
  ): SealTarget => ({
    table,
    sealedClass,
    rowId,
    subjectId: vault.organisationId,
    keySlot: 0,
    sealCounter,
  })

  function attemptKeys(email: string, address: string): AttemptKeys {
    const short = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16)
    const network = networkOf(address)
    return {
      account: short(`${vault.blindToken('account-email', email).toString('hex')} ${network}`),
      network: short(`network ${vault.organisationId} ${network}`),
    }
  }

  function profileOf(row: {
    id: string
    profile_sealed: Buffer
    profile_seal_counter: number
  }): Profile {
    return openedOrRefuse(
      vault.openOwn<Profile>(
        own('user_account', 'profile', row.id, row.profile_seal_counter),
        row.profile_sealed,
      ),
    )
  }

  async function finish(
    userId: string,
    factor: string,
    browser: Browser,
    now: Date,
  ): Promise<Opened> {
    return openSession(
      db,
      userId,
      factor,
      { kind: 'user', userAgent: browser.userAgent?.slice(0, 200) ?? null },
      now,
    )
  }

  return {
    profileOf,

    /** First factor. The answer, and the time it takes, is the same whether the account exists or not. */
    async password(
      email: string,
      password: string,
      browser: Browser,
      now: Date,
    ): Promise<{ token: string }> {
      const keys = attemptKeys(email, browser.address)
      await requireAttemptAllowed(db, keys, now)
      const account = await store.findAccountByToken(
        db.reader(),
        vault.blindToken('account-email', email),
      )
      const row =
        account?.status === 'active' ? await store.findPassword(db.reader(), account.id) : undefined
      const stored =
        row &&
        openedOrRefuse(
          vault.openOwn<PasswordHash>(
            own('password', 'secret', row.id, row.hash_seal_counter),
            row.hash_sealed,
          ),
        )
      if (!(await isPasswordRight(password, stored))) {
        await countFailure(db, keys, now)
        refuse('wrong-credentials')
      }
      return { token: begin({ kind: 'totp', userId: account!.id, keys }, now) }
    },

    async totp(
      token: string | undefined,
      code: string,
      browser: Browser,
      now: Date,
    ): Promise<Opened> {
      const pending = half(token, 'totp', now)
      await requireAttemptAllowed(db, pending.keys, now)
      const row = await store.findTotp(db.reader(), pending.userId!)
      const secret =
        row &&
        openedOrRefuse(
          vault.openOwn<string>(
            own('totp', 'secret', row.id, row.secret_seal_counter),
            row.secret_sealed,
          ),
        )
      const step = secret && totpStep(secret, code, now)
      const isTaken =
        step !== undefined &&
        step !== '' &&
        (await db.writeAtOnce((tx) => store.takeTotpStep(tx, pending.userId!, step)))
      if (!isTaken) {
        await countFailure(db, pending.keys, now)
        refuse('second-factor-wrong')
      }
      await forgetFailures(db, pending.keys)
      end(token!)
      return finish(pending.userId!, 'password+totp', browser, now)
    },

    async recovery(
      token: string | undefined,
      code: string,
      browser: Browser,
      now: Date,
    ): Promise<Opened> {
      const pending = half(token, 'totp', now)
      await requireAttemptAllowed(db, pending.keys, now)
      const isTaken = await db.writeAtOnce((tx) =>
        store.takeRecoveryCode(tx, pending.userId!, recoveryCodeHash(pending.userId!, code), now),
      )
      if (!isTaken) {
        await countFailure(db, pending.keys, now)
        refuse('second-factor-wrong')
      }
      end(token!)
      return finish(pending.userId!, 'password+recovery', browser, now)
    },

    async passkeyOptions(now: Date) {
      const options = await generateAuthenticationOptions({
        rpID: origin.hostname,
        userVerification: 'required',
      })
      return { token: begin({ kind: 'passkey', challenge: options.challenge }, now), options }
    },

    async passkey(
      token: string | undefined,
      credential: Record<string, unknown>,
      browser: Browser,
      now: Date,
    ): Promise<Opened> {
      const pending = half(token, 'passkey', now)
      end(token!)
      const row = await store.findPasskey(
        db.reader(),
        Buffer.from(String(credential.id ?? ''), 'base64url'),
      )
      const account = row && (await store.findAccount(db.reader(), row.user_id))
      if (!row || account?.status !== 'active') refuse('wrong-credentials')
      const verified = await verifyAuthenticationResponse({
        response: credential as never,
        expectedChallenge: pending.challenge,
        expectedOrigin: origin.origin,
        expectedRPID: origin.hostname,
        requireUserVerification: true,
        credential: {
          id: row.credential_id.toString('base64url'),
          publicKey: new Uint8Array(row.public_key),
          counter: row.sign_count,
        },
      }).catch(() => refuse('wrong-credentials'))
      if (!verified.verified) refuse('wrong-credentials')
      await db.writeAtOnce((tx) =>
        store.usePasskey(tx, row.id, verified.authenticationInfo.newCounter, now),
      )
      return finish(row.user_id, 'passkey', browser, now)
    },

    isSetUp: () => store.isSetUp(db.reader()),

    /** A link that can be used once, for a week. Without a person: the set-up of the organisation. */
    async makeInvite(userId: string | null, createdBy: string | null, now: Date): Promise<URL> {
      const token = randomBytes(32).toString('base64url')
      await db.writeAtOnce((tx) =>
        store.insertInvite(tx, {
          token_hash: tokenHash(token),
          user_id: userId,
          created_by: createdBy,
          expires_at: new Date(now.getTime() + INVITE_MS),
        }),
      )
      return new URL(userId ? `/join/${token}` : `/set-up/${token}`, origin)
    },

    async beginSetUp(
      inviteToken: string,
      organisation: NonNullable<Enrolment['organisation']>,
      administrator: Profile & { password?: string | undefined; language: 'nl' | 'en' },
      now: Date,
    ) {
      const invite = await store.findInvite(db.reader(), tokenHash(inviteToken), now)
      if (!invite || invite.user_id !== null || (await store.isSetUp(db.reader())))
        refuse('link-used')
      return beginEnrolment(
        { userId: randomUUID(), inviteId: invite.id, organisation, ...administrator },
        now,
      )
    },

    async beginJoin(
      inviteToken: string,
      given: { name: string; password?: string | undefined; language: 'nl' | 'en' },
      now: Date,
    ) {
      const invite = await store.findInvite(db.reader(), tokenHash(inviteToken), now)
      const account = invite?.user_id
        ? await store.findAccount(db.reader(), invite.user_id)
        : undefined
      if (!invite || !account || account.status === 'disabled') refuse('link-used')
      return beginEnrolment(
        { userId: account.id, inviteId: invite.id, ...given, email: profileOf(account).email },
        now,
      )
    },

    async enrolTotp(token: string | undefined, code: string, browser: Browser, now: Date) {
      const { enrolment } = half(token, 'enrol', now)
      const step = totpStep(enrolment.totpSecret, code, now)
      if (step === undefined) refuse('second-factor-wrong')
      return complete(token!, enrolment, { step }, browser, now)
    },

    async enrolPasskeyOptions(token: string | undefined, now: Date) {
      const { enrolment } = half(token, 'enrol', now)
      const options = await generateRegistrationOptions({
        rpName: 'Kluis',
        rpID: origin.hostname,
        userName: enrolment.email,
        userDisplayName: enrolment.name,
        userID: new Uint8Array(Buffer.from(enrolment.userId)),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      enrolment.challenge = options.challenge
      return options
    },

    async enrolPasskey(
      token: string | undefined,
      given: { name: string; credential: Record<string, unknown> },
      browser: Browser,
      now: Date,
    ) {
      const { enrolment } = half(token, 'enrol', now)
      if (!enrolment.challenge) refuse('sign-in-expired')
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response: given.credential as never,
        expectedChallenge: enrolment.challenge,
        expectedOrigin: origin.origin,
        expectedRPID: origin.hostname,
        requireUserVerification: true,
      }).catch(() => refuse('second-factor-wrong'))
      if (!verified || !registrationInfo) refuse('second-factor-wrong')
      const { credential, credentialBackedUp } = registrationInfo
      return complete(
        token!,
        enrolment,
        {
          passkey: {
            credential_id: Buffer.from(credential.id, 'base64url'),
            public_key: Buffer.from(credential.publicKey),
            sign_count: credential.counter,
            name: given.name,
            is_synced: credentialBackedUp,
          },
        },
        browser,
        now,
      )
    },

    /** A session for one job of an operator on the host, in the name of a colleague; the ledger shows it. */
    async openOperatorSession(email: string, purpose: string, now: Date): Promise<Opened> {
      const account = await store.findAccountByToken(
        db.reader(),
        vault.blindToken('account-email', email),
      )
      if (account?.status !== 'active') refuse('not-found')
      return openSession(db, account.id, 'operator', { kind: 'operator', purpose }, now)
    },

    openIndexerSession: (now: Date) => openSession(db, null, 'keystore', { kind: 'indexer' }, now),

    async invite(
      given: Profile & { roleId: string; teamId: string },
      createdBy: string,
      now: Date,
    ): Promise<{ userId: string; link: string }> {
      const emailToken = vault.blindToken('account-email', given.email)
      if (await store.findAccountByToken(db.reader(), emailToken)) refuse('already-done')
      const userId = randomUUID()
      const [sealed] = await vault.seal([
        {
          target: own('user_account', 'profile', userId),
          value: { name: given.name, email: given.email },
        },
      ])
      await db.writeAtOnce((tx) =>
        store.insertAccount(tx, {
          id: userId,
          email_token: emailToken,
          profile_sealed: sealed!,
          role_id: given.roleId,
          language: 'nl',
          status: 'invited',
          teamId: given.teamId,
        }),
      )
      return { userId, link: (await this.makeInvite(userId, createdBy, now)).href }
    },

    /** Someone lost their factor. Their sessions end, and a link lets them enrol anew; the reason stays in the ledger. */
    async resetFactor(userId: string, by: string, reason: string, now: Date): Promise<string> {
      if (!(await store.findAccount(db.reader(), userId))) refuse('not-found')
      await db.writeAtOnce((tx) =>
        Promise.all([
          store.revokeSessions(tx, userId, 'all', now),
          store.recordEvent(tx, 'factor-reset', userId, {
            by,
            reasonSha256: createHash('sha256').update(reason).digest('hex'),
          }),
        ]),
      )
      return (await this.makeInvite(userId, by, now)).href
    },
  }

  async function beginEnrolment(
    given: Omit<Enrolment, 'password' | 'totpSecret'> & { password?: string | undefined },
    now: Date,
  ) {
    if (given.password !== undefined) requireStrongPassword(given.password, given.email)
    const totpSecret = newTotpSecret()
    const enrolment: Enrolment = {
      ...given,
      password: given.password === undefined ? undefined : await hashPassword(given.password),
      totpSecret,
    }
    return {
      token: begin({ kind: 'enrol', enrolment }, now),
      totp: { secret: totpSecret, uri: totpUri(totpSecret, given.email) },
    }
  }

  async function complete(
    token: string,
    enrolment: Enrolment,
    factor: { step?: number; passkey?: Omit<store.NewPasskey, 'user_id'> },
    browser: Browser,
    now: Date,
  ) {
    const { userId, organisation } = enrolment
    const ids = { password: randomUUID(), totp: randomUUID() }
    const account = organisation ? undefined : await store.findAccount(db.reader(), userId)
    const counter = (account?.profile_seal_counter ?? 0) + 1
    const [profile, password, secret, name] = await vault.seal([
      {
        target: own('user_account', 'profile', userId, counter),
        value: { name: enrolment.name, email: enrolment.email },
      },
      { target: own('password', 'secret', ids.password), value: enrolment.password },
      { target: own('totp', 'secret', ids.totp), value: enrolment.totpSecret },
      {
        target: own('organisation', 'profile', vault.organisationId),
        value: { name: organisation?.name ?? '' },
      },
    ])
    const recoveryCodes = newRecoveryCodes()
    await db.write(async (tx) => {
      if (!(await store.takeInvite(tx, enrolment.inviteId, now))) refuse('link-used')
      if (organisation) {
        const teamId = randomUUID()
        await store.insertOrganisation(tx, {
          id: vault.organisationId,
          name_sealed: name!,
          visibility: organisation.visibility,
          language: organisation.language,
          teamId,
          teamName: organisation.language === 'nl' ? 'Kantoor' : 'Office',
        })
        await store.insertAccount(tx, {
          id: userId,
          email_token: vault.blindToken('account-email', enrolment.email),
          profile_sealed: profile!,
          role_id: 'administrator',
          language: enrolment.language,
          status: 'active',
          teamId,
        })
      } else {
        await store.activateAccount(tx, userId, {
          sealed: profile!,
          counter,
          language: enrolment.language,
        })
      }
      await store.replaceFactors(
        tx,
        userId,
        {
          password: { id: ids.password, hash: password! },
          ...(factor.step === undefined
            ? {}
            : { totp: { id: ids.totp, secret: secret!, step: factor.step } }),
          recoveryHashes: recoveryCodes.map((code) => recoveryCodeHash(userId, code)),
        },
        now,
      )
      if (factor.passkey) await store.insertPasskey(tx, { ...factor.passkey, user_id: userId })
      await store.recordEvent(tx, 'factors-enrolled', userId, {
        second: factor.passkey ? 'passkey' : 'totp',
      })
    })
    end(token)
    const opened = await finish(userId, factor.passkey ? 'passkey' : 'password+totp', browser, now)
    return { opened, recoveryCodes, recoverySheet: organisation ? recoverySheet() : null }
  }
}
