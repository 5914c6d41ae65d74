import { randomBytes } from 'node:crypto'
import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { passwordHashOf, totpSecretOf } from '#security/sign-in/accounts.ts'
import * as factors from '#security/sign-in/factor-store.ts'
import { HalfSignIns } from '#security/sign-in/half-sign-ins.ts'
import { type Credential, passkeyCeremonies, passkeyProof } from '#security/sign-in/passkeys.ts'
import { isPasswordRight } from '#security/sign-in/passwords.ts'
import { attemptOfPerson, forgetAttempts, takeAttempt } from '#security/sign-in/rate-limits.ts'
import { recoveryCodeHash } from '#security/sign-in/recovery-codes.ts'
import { totpStep } from '#security/sign-in/totp.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import type { Found } from './accounts.ts'

/** The provider said who it is; Kluis asks for more. Opens nothing. */
export type Half = {
  providerId: string
  found: Found
  idToken: string
  to: string
  next: 'link' | 'factor'
  isPasswordShown: boolean
  challenge?: string
}

/** `maySync` is what a passkey said of itself; undefined for everything that is none. */
type Ended = { half: Half; factor: 'totp' | 'recovery' | 'passkey'; maySync?: boolean }

/**
 * What is still asked of whoever comes from a provider: one own factor, or both of them where the account is about to be
 * linked. Each try is counted before it is made, for the person and for this half.
 */
export function halfRules(parts: { db: RoleDatabase; vault: KeeperVault; origin: URL }) {
  const { db, vault, origin } = parts
  const halves = new HalfSignIns<Half>()
  const ceremonies = passkeyCeremonies(origin)

  async function counted<T>(userId: string, now: Date, isRight: () => Promise<T>): Promise<T> {
    const attempt = attemptOfPerson(userId)
    await takeAttempt(db, attempt, now)
    const result = await isRight()
    if (result) await forgetAttempts(db, attempt)
    return result
  }

  async function byCode(
    token: string | undefined,
    factor: 'totp' | 'recovery',
    now: Date,
    isRight: (userId: string) => Promise<boolean>,
  ): Promise<Ended> {
    const half = halves.find(token, 'try', now)
    const { userId } = half.found
    if (half.next === 'link' && !half.isPasswordShown) refuse('wrong-credentials')
    if (!(await counted(userId, now, () => isRight(userId)))) refuse('second-factor-wrong')
    if (!halves.end(token)) refuse('sign-in-expired')
    return { half, factor }
  }

  return {
    begin: (half: Half, now: Date) => halves.begin(half, half.found.userId, now),
    look: (token: string | undefined, now: Date) => halves.find(token, 'look', now),

    async password(token: string | undefined, password: string, now: Date): Promise<void> {
      const half = halves.find(token, 'try', now)
      const { userId } = half.found
      const isRight = await counted(userId, now, async () => {
        const row = await factors.findPassword(db.reader(), userId)
        return isPasswordRight(password, row && passwordHashOf(vault, userId, row))
      })
      if (!isRight) refuse('wrong-credentials')
      half.isPasswordShown = true
    },

    totp: (token: string | undefined, code: string, now: Date) =>
      byCode(token, 'totp', now, async (userId) => {
        const row = await factors.findTotp(db.reader(), userId)
        const step = row && totpStep(totpSecretOf(vault, userId, row), code, now)
        if (step === undefined) return false
        return db.writeAtOnce((tx) => factors.takeTotpStep(tx, userId, step))
      }),

    recovery: (token: string | undefined, code: string, now: Date) =>
      byCode(token, 'recovery', now, (userId) =>
        db.writeAtOnce((tx) =>
          factors.takeRecoveryCode(tx, userId, recoveryCodeHash(vault, userId, code), now),
        ),
      ),

    async passkeyOptions(token: string | undefined, now: Date) {
      const half = halves.find(token, 'look', now)
      half.challenge = randomBytes(32).toString('base64url')
      return { ...(await ceremonies.authenticationOptions(half.challenge)) }
    },

    /** A passkey verifies its owner by itself, so it is both factors; it must be of this account. */
    async passkey(token: string | undefined, credential: Credential, now: Date): Promise<Ended> {
      const half = halves.find(token, 'try', now)
      const { challenge } = half
      if (!challenge) refuse('sign-in-expired')
      delete half.challenge
      const id = Buffer.from(String(credential.id ?? ''), 'base64url')
      const known = await factors.findPasskey(db.reader(), id)
      const isOurs =
        known?.user_id === half.found.userId && known.proof?.equals(passkeyProof(vault, known))
      const use = isOurs && (await ceremonies.verifyAuthentication(credential, challenge, known))
      if (!known || !use) refuse('wrong-credentials')
      if (!halves.end(token)) refuse('sign-in-expired')
      await db.writeAtOnce((tx) => factors.usePasskey(tx, known.id, use, now))
      return { half, factor: 'passkey', maySync: use.may_sync }
    },
  }
}
