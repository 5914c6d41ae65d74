/**
 * What someone signed in changes of their own factors. Each change is an event in the ledger, in their name, and they are
 * told: whoever sits in their place would not.
 */
import { randomUUID } from 'node:crypto'
import type { RoleDatabase, SessionToken } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { ownTarget, passwordHashOf, profileOf } from './accounts.ts'
import type { Challenges } from './challenges.ts'
import * as factors from './factor-store.ts'
import { HalfSignIns } from './half-sign-ins.ts'
import { tellSecurity } from './notice-store.ts'
import { type Credential, type PasskeyCeremonies, passkeyProof } from './passkeys.ts'
import { hashPassword, isPasswordRight, requireStrongPassword } from './passwords.ts'
import { attemptOfPerson, forgetAttempts, takeAttempt } from './rate-limits.ts'
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts'
import { isEnough, requireEnough, rulesOfPerson } from './role-rules.ts'
import { actAs, dueRotation, recordEvent, revokeSessions } from './session-store.ts'
import { findAccount } from './store.ts'
import { newTotpSecret, totpStep, totpUri } from './totp.ts'

export type Self = { userId: string; sessionId: string; token: SessionToken }

export type OwnFactorParts = {
  db: RoleDatabase
  vault: KeeperVault
  ceremonies: PasskeyCeremonies
  challenges: Challenges
  endHalves: (userId: string) => void
}

export function ownFactorRules(parts: OwnFactorParts) {
  const { db, vault, ceremonies, challenges, endHalves } = parts
  const newApps = new HalfSignIns<{ userId: string; secret: string }>()
  const purposeOf = (self: Self) => `add passkey ${self.userId}`

  async function profile(userId: string) {
    const account = (await findAccount(db.reader(), userId)) ?? refuse('not-signed-in')
    return profileOf(vault, account)
  }

  return {
    async listPasskeys(userId: string) {
      const rows = await factors.listPasskeys(db.reader(), userId)
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        isSynced: row.is_synced,
        maySync: row.may_sync,
        isKey: row.transports.some((one) => one === 'usb' || one === 'nfc'),
        createdAt: row.created_at.toISOString(),
        lastUsedAt: row.last_used_at?.toISOString() ?? null,
      }))
    },

    async newPasskeyOptions(self: Self, now: Date) {
      const existing = await factors.listPasskeys(db.reader(), self.userId)
      if (existing.length >= factors.PASSKEYS_MAX) refuse('already-done')
      const { token, challenge } = challenges.make(purposeOf(self), now)
      const { asks } = await rulesOfPerson(db, self.userId)
      const options = await ceremonies.registrationOptions(
        { userId: self.userId, ...(await profile(self.userId)) },
        challenge,
        existing.map((row) => row.credential_id),
        asks === 'device-bound',
      )
      return { token, options }
    },

    async addPasskey(
      self: Self,
      token: string | undefined,
      given: { name: string; credential: Credential },
      now: Date,
    ): Promise<void> {
      const challenge = challenges.find(token, purposeOf(self), now)
      if (!challenge) refuse('sign-in-expired')
      const made = await ceremonies.verifyRegistration(given.credential, challenge)
      if (!made) refuse('second-factor-wrong')
      requireEnough((await rulesOfPerson(db, self.userId)).asks, made.may_sync)
      if (!challenges.use(token!, now)) refuse('sign-in-expired')
      if (await factors.findPasskey(db.reader(), made.credential_id)) refuse('already-done')
      const passkey = { ...made, name: given.name, user_id: self.userId }
      const proof = passkeyProof(vault, passkey)
      await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, self.token, 'add-passkey'),
          recordEvent(tx, 'passkey-added', self.userId),
          tellSecurity(tx, self.userId, 'factors-changed'),
          factors.insertPasskey(tx, { ...passkey, proof }),
          dueRotation(tx, self.userId),
        ]),
      )
    },

    async renamePasskey(self: Self, id: string, name: string): Promise<void> {
      const [, isThere] = await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, self.token, 'rename-passkey'),
          factors.renamePasskey(tx, self.userId, id, name),
        ]),
      )
      if (!isThere) refuse('not-found')
    },

    /** Refuses when nothing would be left to sign in with. */
    async removePasskey(self: Self, id: string): Promise<void> {
      const { asks } = await rulesOfPerson(db, self.userId)
      await db.write(async (tx) => {
        const [, own, password, totp] = await Promise.all([
          actAs(tx, self.token, 'remove-passkey'),
          factors.lockPasskeys(tx, self.userId),
          factors.findPassword(tx, self.userId),
          factors.findTotp(tx, self.userId),
        ])
        if (!own.some((row) => row.id === id)) refuse('not-found')
        const isLeft =
          own.some((row) => row.id !== id && isEnough(asks, row.may_sync)) ||
          (isEnough(asks, undefined) && password && totp)
        if (!isLeft) refuse('last-factor')
        await Promise.all([
          factors.deletePasskey(tx, self.userId, id),
          recordEvent(tx, 'passkey-removed', self.userId),
          tellSecurity(tx, self.userId, 'factors-changed'),
          dueRotation(tx, self.userId),
        ])
      })
    },

    /** A secret for the app on another phone. The one there is works until the new one has given a code. */
    async newTotp(self: Self, now: Date) {
      requireEnough((await rulesOfPerson(db, self.userId)).asks, undefined)
      // Without a password its codes open nothing.
      if (!(await factors.findPassword(db.reader(), self.userId)))
        refuse('weak-password', { why: 'missing' })
      const secret = newTotpSecret()
      const { email } = await profile(self.userId)
      return {
        token: newApps.begin({ userId: self.userId, secret }, self.userId, now),
        totp: { secret, uri: totpUri(secret, email) },
      }
    },

    async replaceTotp(
      self: Self,
      token: string | undefined,
      code: string,
      now: Date,
    ): Promise<void> {
      const { userId, secret } = newApps.find(token, 'try', now)
      if (userId !== self.userId) refuse('sign-in-expired')
      const step = totpStep(secret, code, now)
      if (step === undefined) refuse('second-factor-wrong')
      if (!newApps.end(token)) refuse('sign-in-expired')
      const id = randomUUID()
      const target = ownTarget(vault, 'totp', 'secret', id, 1, userId)
      const [sealed] = await vault.seal([{ target, value: secret }])
      await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, self.token, 'replace-totp'),
          recordEvent(tx, 'totp-replaced', userId),
          tellSecurity(tx, userId, 'factors-changed'),
          factors.replaceTotp(tx, userId, { id, secret: sealed!, step }, now),
          dueRotation(tx, userId),
        ]),
      )
      endHalves(userId)
    },

    /** Ten new codes; the old ones stop working. */
    async renewRecoveryCodes(self: Self): Promise<string[]> {
      const codes = newRecoveryCodes()
      const hashes = codes.map((code) => recoveryCodeHash(vault, self.userId, code))
      await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, self.token, 'renew-recovery-codes'),
          recordEvent(tx, 'recovery-codes-renewed', self.userId),
          tellSecurity(tx, self.userId, 'factors-changed'),
          factors.replaceRecoveryCodes(tx, self.userId, hashes),
          dueRotation(tx, self.userId),
        ]),
      )
      return codes
    },

    /** Asks the current password when there is one, and ends every other session and half sign-in. */
    async changePassword(
      self: Self,
      given: { currentPassword?: string | undefined; password: string },
      now: Date,
    ): Promise<void> {
      const row = await factors.findPassword(db.reader(), self.userId)
      const attempt = attemptOfPerson(self.userId)
      await takeAttempt(db, attempt, now)
      const isRight =
        !row ||
        (await isPasswordRight(
          given.currentPassword ?? '',
          passwordHashOf(vault, self.userId, row),
        ))
      if (!isRight) refuse('wrong-credentials')
      await forgetAttempts(db, attempt)
      requireStrongPassword(given.password, (await profile(self.userId)).email)
      const id = randomUUID()
      const [hash] = await vault.seal([
        {
          target: ownTarget(vault, 'password', 'secret', id, 1, self.userId),
          value: await hashPassword(given.password),
        },
      ])
      await db.writeAtOnce((tx) =>
        Promise.all([
          actAs(tx, self.token, 'change-password'),
          recordEvent(tx, 'password-changed', self.userId),
          tellSecurity(tx, self.userId, 'factors-changed'),
          factors.replacePassword(tx, self.userId, { id, hash: hash! }),
          revokeSessions(tx, self.userId, { allBut: self.sessionId }, now),
          dueRotation(tx, self.userId),
        ]),
      )
      endHalves(self.userId)
    },
  }
}
