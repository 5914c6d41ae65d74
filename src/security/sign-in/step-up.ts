/**
 * Step-up: someone who is signed in proves again who they are, and gets a grant for one request. Whoever has a passkey proves
 * it with a passkey: a code that somebody can be talked out of is not asked where something better is there.
 *
 * Trusts: the same factors as sign-in. Does not trust the session, which may be stolen.
 * If lost: a grant lasts minutes, and whoever has the factor gets another.
 */
import { randomUUID } from 'node:crypto'
import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { newBoundToken } from '#security/access/bound-token.ts'
import { type Guarded, grantedWhat } from '#security/access/operations.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { passwordHashOf, totpSecretOf } from './accounts.ts'
import type { Challenges } from './challenges.ts'
import * as factors from './factor-store.ts'
import { deleteOldGrants, insertGrant } from './grant-store.ts'
import type { Self } from './own-factors.ts'
import { type Credential, type PasskeyCeremonies, passkeyProof } from './passkeys.ts'
import { isPasswordRight } from './passwords.ts'
import { attemptOfSession, forgetAttempts, takeAttempt } from './rate-limits.ts'
import { recoveryCodeHash } from './recovery-codes.ts'
import { isEnough, rulesOfPerson } from './role-rules.ts'
import { actAs, recordEvent } from './session-store.ts'
import { tokenHash } from './sessions.ts'
import { totpStep } from './totp.ts'

export type Proof =
  | { kind: 'passkey'; ceremony: string; credential: Credential }
  | { kind: 'totp' | 'recovery'; password: string; code: string }
  | { kind: 'provider'; ceremony: string; code: string }
type Factor =
  | 'passkey'
  | 'password+totp'
  | 'password+recovery'
  | 'operator-socket'
  | 'provider'
  | 'provider+totp'

/** The organisation's provider, at which whoever signs in there proves again who they are; `what` is what a grant is bound to. */
export type Elsewhere = {
  begin(
    userId: string,
    what: string,
    now: Date,
  ): Promise<{ name: string; url: string; sealed: string; ceremony: string } | undefined>
  /** What came back from there, once it did. */
  look(
    ceremony: string,
    userId: string,
    what: string,
    now: Date,
  ): { hasSecond: boolean } | undefined
  /** The same, once. */
  take(
    ceremony: string,
    userId: string,
    what: string,
    now: Date,
  ): Promise<{ hasSecond: boolean } | undefined>
}

export type StepUpParts = {
  db: RoleDatabase
  vault: KeeperVault
  ceremonies: PasskeyCeremonies
  challenges: Challenges
  elsewhere: Elsewhere
}

export function stepUpRules({ db, vault, ceremonies, challenges, elsewhere }: StepUpParts) {
  const purposeOf = (self: Self, guarded: Guarded) => `step-up ${grantedWhat(self, guarded)}`

  /** How this person may prove it. A lost device is replaced with a recovery code; nothing else is done with one. */
  async function waysOf({ userId }: Self, { operation }: Guarded) {
    const tx = db.reader()
    const [passkeys, password, totp] = await Promise.all([
      factors.listPasskeys(tx, userId),
      factors.findPassword(tx, userId),
      factors.findTotp(tx, userId),
    ])
    return {
      passkeys,
      password,
      totp: passkeys.length === 0 ? totp : undefined,
      mayRecover: operation === 'change-factors' && password !== undefined,
    }
  }
  type Ways = Awaited<ReturnType<typeof waysOf>>

  async function isPasskeyRight(
    self: Self,
    guarded: Guarded,
    { ceremony, credential }: Extract<Proof, { kind: 'passkey' }>,
    now: Date,
  ): Promise<boolean> {
    const challenge = challenges.find(ceremony, purposeOf(self, guarded), now)
    if (!challenge) refuse('sign-in-expired')
    const id = Buffer.from(String(credential.id ?? ''), 'base64url')
    const known = await factors.findPasskey(db.reader(), id)
    const isOwn =
      known?.user_id === self.userId && known.proof?.equals(passkeyProof(vault, known)) === true
    const counter = isOwn && (await ceremonies.verifyAuthentication(credential, challenge, known))
    if (!known || counter === undefined || counter === false) return false
    if (!challenges.use(ceremony, now)) refuse('sign-in-expired')
    await db.writeAtOnce((tx) => factors.usePasskey(tx, known.id, counter, now))
    return true
  }

  async function isCodeRight(
    { userId }: Self,
    { kind, password, code }: Extract<Proof, { kind: 'totp' | 'recovery' }>,
    ways: Ways,
    now: Date,
  ): Promise<boolean> {
    const stored = ways.password && passwordHashOf(vault, userId, ways.password)
    // Both are looked at whatever the first gave: which one was wrong is nobody's to know.
    const isPassword = await isPasswordRight(password, stored)
    if (kind === 'recovery')
      return (
        ways.mayRecover &&
        isPassword &&
        db.writeAtOnce((tx) =>
          factors.takeRecoveryCode(tx, userId, recoveryCodeHash(vault, userId, code), now),
        )
      )
    const step = ways.totp && totpStep(totpSecretOf(vault, userId, ways.totp), code, now)
    if (step === undefined || !isPassword) return false
    return db.writeAtOnce((tx) => factors.takeTotpStep(tx, userId, step))
  }

  /** Not for whoever has a passkey, nor where the role asks for one: those are of Kluis. */
  async function isElsewhereEnough({ userId }: Self, hasPasskey: boolean): Promise<boolean> {
    return !hasPasskey && isEnough((await rulesOfPerson(db, userId)).asks, undefined)
  }

  /** Signed in anew at the provider; with a code of one's own where it proved no second factor. */
  async function byProvider(
    self: Self,
    guarded: Guarded,
    { ceremony, code }: Extract<Proof, { kind: 'provider' }>,
    now: Date,
  ): Promise<Factor> {
    const { passkeys, totp } = await waysOf(self, guarded)
    if (!(await isElsewhereEnough(self, passkeys.length > 0))) refuse('second-factor-wrong')
    const what = grantedWhat(self, guarded)
    const came = elsewhere.look(ceremony, self.userId, what, now) ?? refuse('sign-in-expired')
    if (!came.hasSecond) {
      const attempt = attemptOfSession(self)
      await takeAttempt(db, attempt, now)
      const step = totp && totpStep(totpSecretOf(vault, self.userId, totp), code, now)
      const isTaken =
        step !== undefined &&
        (await db.writeAtOnce((tx) => factors.takeTotpStep(tx, self.userId, step)))
      if (!isTaken) refuse('second-factor-wrong')
      await forgetAttempts(db, attempt)
    }
    if (!(await elsewhere.take(ceremony, self.userId, what, now))) refuse('sign-in-expired')
    return came.hasSecond ? 'provider' : 'provider+totp'
  }

  async function wayElsewhere(self: Self, guarded: Guarded, hasPasskey: boolean, now: Date) {
    if (!(await isElsewhereEnough(self, hasPasskey))) return undefined
    return elsewhere.begin(self.userId, grantedWhat(self, guarded), now)
  }

  async function make(self: Self, guarded: Guarded, factor: Factor): Promise<string> {
    const { userId, sessionId } = self
    const { operation, request } = guarded
    const id = randomUUID()
    const grant = newBoundToken(vault, 'grant', { id, userId, what: grantedWhat(self, guarded) })
    await db.writeAtOnce((tx) =>
      Promise.all([
        actAs(tx, self.token, 'step-up'),
        deleteOldGrants(tx),
        insertGrant(tx, {
          id,
          token_hash: tokenHash(grant),
          session_id: sessionId,
          user_id: userId,
          operation,
          request: Buffer.from(request, 'base64url'),
          factor,
        }),
        recordEvent(tx, 'step-up', id, { operation, factor }),
      ]),
    )
    return grant
  }

  return {
    /** What the screen may ask for; with a passkey also the challenge, good for this session and this request alone. */
    async beginStepUp(self: Self, guarded: Guarded, now: Date) {
      const { passkeys, password, totp, mayRecover } = await waysOf(self, guarded)
      const { token, challenge } = challenges.make(purposeOf(self, guarded), now)
      return {
        passkey:
          passkeys.length === 0
            ? null
            : {
                ceremony: token,
                options: await ceremonies.authenticationOptions(
                  challenge,
                  passkeys.map((row) => row.credential_id),
                ),
              },
        hasTotp: totp !== undefined && password !== undefined,
        mayRecover,
        provider: await wayElsewhere(self, guarded, passkeys.length > 0, now),
      }
    },

    /** Whether somebody came back from the provider by now, and whether their own code is asked beside it. */
    lookElsewhere(self: Self, guarded: Guarded, ceremony: string, now: Date) {
      const came = elsewhere.look(ceremony, self.userId, grantedWhat(self, guarded), now)
      return { isBack: came !== undefined, asksCode: came?.hasSecond === false }
    },

    /** The grant for one request. What can be guessed is counted by session: its thief slows down nobody else. */
    async stepUp(self: Self, guarded: Guarded, proof: Proof, now: Date): Promise<string> {
      if (proof.kind === 'passkey') {
        if (!(await isPasskeyRight(self, guarded, proof, now))) refuse('wrong-credentials')
        return make(self, guarded, 'passkey')
      }
      if (proof.kind === 'provider')
        return make(self, guarded, await byProvider(self, guarded, proof, now))
      const attempt = attemptOfSession(self)
      await takeAttempt(db, attempt, now)
      if (!(await isCodeRight(self, proof, await waysOf(self, guarded), now)))
        refuse('second-factor-wrong')
      await forgetAttempts(db, attempt)
      return make(self, guarded, `password+${proof.kind}`)
    },

    /** Whoever reaches the operator's socket is the owner of the host's files: that is what they have. */
    grantToOperator: (self: Self, guarded: Guarded) => make(self, guarded, 'operator-socket'),
  }
}
