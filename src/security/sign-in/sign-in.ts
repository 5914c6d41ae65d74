/**
 * Who someone is: two factors, always, decided here and not in the browser.
 *
 * Trusts: the vault for secrets, kluis_sign_in's grants for sessions. Does not trust any count the browser keeps.
 * If lost: recovery codes, or administrators: recoveries.ts.
 */
import type { RoleDatabase } from '#platform/db.ts'
import type { Mail } from '#platform/mail.ts'
import { refuse } from '#platform/problem.ts'
import type { RootKeyRecovery } from '#security/vault/root-key/recovery.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { passwordHashOf, profileOf, totpSecretOf } from './accounts.ts'
import { findKnownPlaces, forgetOldAttempts } from './attempt-store.ts'
import { Challenges } from './challenges.ts'
import { colleagueRules } from './colleagues.ts'
import { enrolmentRules, type Gate } from './enrolment.ts'
import * as factors from './factor-store.ts'
import { HalfSignIns } from './half-sign-ins.ts'
import { ownFactorRules } from './own-factors.ts'
import { type Credential, passkeyCeremonies, passkeyProof } from './passkeys.ts'
import { isPasswordRight } from './passwords.ts'
import { programRules } from './programs.ts'
import {
  type Attempt,
  attemptOf,
  type Browser,
  forgetAttempts,
  giveBackAttempt,
  placeKeys,
  takeAttempt,
} from './rate-limits.ts'
import { recoveryRules } from './recoveries.ts'
import { recoveryCodeHash } from './recovery-codes.ts'
import { requireEnough, roleRules, rulesOfPerson } from './role-rules.ts'
import { SecurityMails } from './security-mail.ts'
import { endSession } from './session-store.ts'
import {
  type Opened,
  openPersonSession,
  openSession,
  placeOf,
  rotateSession,
  type SignedIn,
} from './sessions.ts'
import { type Elsewhere, stepUpRules } from './step-up.ts'
import * as store from './store.ts'
import { totpStep } from './totp.ts'

export type SignInParts = {
  db: RoleDatabase
  vault: KeeperVault
  origin: URL
  recovery: Pick<RootKeyRecovery, 'makeShares'>
  mail: Mail | undefined
  gate: Gate
  elsewhere: Elsewhere
}
export type SignInRules = ReturnType<typeof makeSignIn>

/** The password was right. Opens nothing. */
type Half = { userId: string; attempt: Attempt }

const PASSKEY_PURPOSE = 'sign-in'

export function makeSignIn({ db, vault, origin, recovery, gate, mail, elsewhere }: SignInParts) {
  const halves = new HalfSignIns<Half>()
  const challenges = new Challenges()
  const ceremonies = passkeyCeremonies(origin)

  const mails = new SecurityMails({
    mail,
    db,
    addressOf: async (userId) => {
      const account = await store.findAccount(db.reader(), userId)
      return account && profileOf(vault, account).email
    },
  })

  async function finish(userId: string, factor: string, browser: Browser, now: Date) {
    await gate.requireOwnWay(userId)
    const opened = await openPersonSession({ db, vault }, { userId, factor, browser }, now)
    mails.sendSoon()
    return opened
  }

  /** The second step: counted before it is tried, given back when it was right. */
  async function second(
    token: string | undefined,
    factor: string,
    isRight: (userId: string) => Promise<boolean>,
    browser: Browser,
    now: Date,
  ): Promise<SignedIn> {
    const { userId, attempt } = halves.find(token, 'try', now)
    await takeAttempt(db, attempt, now)
    if (!(await isRight(userId))) refuse('second-factor-wrong')
    if (!halves.end(token)) refuse('sign-in-expired')
    await giveBackAttempt(db, attempt, now)
    await forgetAttempts(db, attempt)
    // Said only to whoever proved both factors.
    requireEnough((await rulesOfPerson(db, userId)).asks, undefined)
    return finish(userId, factor, browser, now)
  }

  const endHalves = (userId: string) => halves.endAllOf(userId)

  return {
    /** Whoever typed the password before this begins again. */
    endHalves,
    ...enrolmentRules({ db, vault, origin, recovery, ceremonies, gate }),
    ...colleagueRules({ db, vault, origin, mails, endHalves }),
    ...recoveryRules({ db, vault, origin, mails, endHalves }),
    ...roleRules(db),
    ...programRules({ db, vault, mails }),
    ...ownFactorRules({ db, vault, ceremonies, challenges, endHalves }),
    securityMails: mails,
    rotateSession: (sessionId: string, now: Date) => rotateSession({ db, vault }, sessionId, now),
    placeOf: (userId: string, row: Parameters<typeof placeOf>[2]) => placeOf(vault, userId, row),
    ...stepUpRules({ db, vault, ceremonies, challenges, elsewhere }),
    /** Whether this person signed in before on the device that asks; what they share with others is their network alone. */
    async isDeviceOf(userId: string, browser: Browser): Promise<boolean> {
      if (!browser.deviceToken) return false
      const [device] = placeKeys(vault, browser)
      return (await findKnownPlaces(db.reader(), userId, [device!])).length > 0
    },

    profileOf: (row: Parameters<typeof profileOf>[1]) => profileOf(vault, row),

    /** First factor. The answer, and the time it takes, is the same whether the account exists or not. */
    async password(
      email: string,
      password: string,
      browser: Browser,
      now: Date,
    ): Promise<{ token: string }> {
      // Asked first: later only an account that exists would say so.
      if (vault.state() === 'away') refuse('keystore-unavailable')
      const accountToken = vault.blindToken('account-email', email)
      const row = await factors.findPasswordOf(db.reader(), accountToken)
      const attempt = await attemptOf(db, {
        userId: row?.user_id ?? null,
        accountToken,
        browser,
        vault,
      })
      await takeAttempt(db, attempt, now)
      const { password_id: id, hash_sealed, hash_seal_counter } = row ?? {}
      const stored =
        id && hash_sealed && hash_seal_counter && row?.status === 'active'
          ? passwordHashOf(vault, row.user_id, { id, hash_sealed, hash_seal_counter })
          : undefined
      if (!(await isPasswordRight(password, stored))) refuse('wrong-credentials')
      await giveBackAttempt(db, attempt, now)
      const userId = row!.user_id
      return { token: halves.begin({ userId, attempt }, userId, now) }
    },

    totp: (token: string | undefined, code: string, browser: Browser, now: Date) =>
      second(
        token,
        'password+totp',
        async (userId) => {
          const row = await factors.findTotp(db.reader(), userId)
          const step = row && totpStep(totpSecretOf(vault, userId, row), code, now)
          if (step === undefined) return false
          return db.writeAtOnce((tx) => factors.takeTotpStep(tx, userId, step))
        },
        browser,
        now,
      ),

    recovery: (token: string | undefined, code: string, browser: Browser, now: Date) =>
      second(
        token,
        'password+recovery',
        (userId) =>
          db.writeAtOnce((tx) =>
            factors.takeRecoveryCode(tx, userId, recoveryCodeHash(vault, userId, code), now),
          ),
        browser,
        now,
      ),

    async passkeyOptions(now: Date) {
      const { token, challenge } = challenges.make(PASSKEY_PURPOSE, now)
      return { token, options: await ceremonies.authenticationOptions(challenge) }
    },

    /** Both factors in one: the device is held, and it verified its owner. */
    async passkey(
      token: string | undefined,
      credential: Credential,
      browser: Browser,
      now: Date,
    ): Promise<SignedIn> {
      const challenge = challenges.find(token, PASSKEY_PURPOSE, now)
      if (!challenge) refuse('sign-in-expired')
      const id = Buffer.from(String(credential.id ?? ''), 'base64url')
      const known = await factors.findPasskey(db.reader(), id)
      const isOurs = known?.proof?.equals(passkeyProof(vault, known)) === true
      const use = isOurs && (await ceremonies.verifyAuthentication(credential, challenge, known))
      if (!known || !use) refuse('wrong-credentials')
      if (!challenges.use(token!, now)) refuse('sign-in-expired')
      await db.writeAtOnce((tx) => factors.usePasskey(tx, known.id, use, now))
      requireEnough((await rulesOfPerson(db, known.user_id)).asks, use.may_sync)
      return finish(known.user_id, 'passkey', browser, now)
    },

    /** A session for one job of an operator on the host, in the name of a colleague; the ledger shows it. */
    async openOperatorSession(email: string, purpose: string, now: Date): Promise<Opened> {
      const account = await store.findAccountByToken(
        db.reader(),
        vault.blindToken('account-email', email),
      )
      if (account?.status !== 'active')
        throw new Error(
          `nobody here signs in as ${email}\nstate: nothing was done\ntry: npx kluis users list`,
        )
      return openSession({ db, vault }, account.id, 'operator', { kind: 'operator', purpose }, now)
    },

    /** The operator's job is done: its session ends with it. */
    endOperatorSession: (sessionId: string, now: Date) =>
      db.writeAtOnce((tx) => endSession(tx, sessionId, now)),

    async openIndexerSession(now: Date): Promise<Opened> {
      await db.writeAtOnce((tx) => forgetOldAttempts(tx, now))
      return openSession({ db, vault }, null, 'keystore', { kind: 'indexer' }, now)
    },
  }
}
