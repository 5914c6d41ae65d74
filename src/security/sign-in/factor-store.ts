import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

/** One question, whether the account exists or not, and whether it has a password or not. */
export function findPasswordOf(tx: ReadTx, emailToken: Buffer) {
  return tx
    .selectFrom('user_account')
    .leftJoin('password', 'password.user_id', 'user_account.id')
    .select([
      'user_account.id as user_id',
      'user_account.status',
      'password.id as password_id',
      'password.hash_sealed',
      'password.hash_seal_counter',
    ])
    .where('user_account.email_token', '=', emailToken)
    .executeTakeFirst()
}

export function findPassword(tx: ReadTx, userId: string) {
  return tx
    .selectFrom('password')
    .select(['id', 'hash_sealed', 'hash_seal_counter'])
    .where('user_id', '=', userId)
    .executeTakeFirst()
}

export async function replacePassword(
  tx: Tx,
  userId: string,
  password: { id: string; hash: Sealed },
): Promise<void> {
  await Promise.all([
    tx.deleteFrom('password').where('user_id', '=', userId).execute(),
    insertPassword(tx, userId, password),
  ])
}

async function insertPassword(
  tx: Tx,
  userId: string,
  { id, hash }: { id: string; hash: Sealed },
): Promise<void> {
  await tx.insertInto('password').values({ id, user_id: userId, hash_sealed: hash }).execute()
}

export function findTotp(tx: ReadTx, userId: string) {
  return tx
    .selectFrom('totp')
    .select(['id', 'secret_sealed', 'secret_seal_counter'])
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
}

/** True once for each step: whoever comes second with the same code loses. */
export async function takeTotpStep(tx: Tx, userId: string, step: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('totp')
    .set({ last_step: step })
    .where('user_id', '=', userId)
    .where('last_step', '<', step)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** True once for each code: two requests at once wait for each other on the row, and one finds it used. */
export async function takeRecoveryCode(
  tx: Tx,
  userId: string,
  codeHash: Buffer,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('recovery_code')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function replaceRecoveryCodes(tx: Tx, userId: string, hashes: Buffer[]) {
  await Promise.all([
    tx.deleteFrom('recovery_code').where('user_id', '=', userId).execute(),
    tx
      .insertInto('recovery_code')
      .values(hashes.map((code_hash) => ({ user_id: userId, code_hash })))
      .execute(),
  ])
}

export type Factors = {
  password?: { id: string; hash: Sealed }
  totp?: { id: string; secret: Sealed; step: number }
  passkey?: Omit<NewPasskey, 'user_id'>
  recoveryHashes: Buffer[]
}

/** Replaces whatever factors the person had: an enrolment always ends with exactly these. */
export async function replaceFactors(
  tx: Tx,
  userId: string,
  { password, totp, passkey, recoveryHashes }: Factors,
  now: Date,
): Promise<void> {
  await Promise.all([
    deleteFactors(tx, userId),
    tx.deleteFrom('password').where('user_id', '=', userId).execute(),
    password && insertPassword(tx, userId, password),
    totp && insertTotp(tx, userId, totp, now),
    passkey && insertPasskey(tx, { ...passkey, user_id: userId }),
    replaceRecoveryCodes(tx, userId, recoveryHashes),
  ])
}

type Totp = NonNullable<Factors['totp']>

function insertTotp(tx: Tx, userId: string, { id, secret, step }: Totp, now: Date) {
  return tx
    .insertInto('totp')
    .values({ id, user_id: userId, secret_sealed: secret, last_step: step, confirmed_at: now })
    .execute()
}

export async function replaceTotp(tx: Tx, userId: string, totp: Totp, now: Date): Promise<void> {
  await Promise.all([
    tx.deleteFrom('totp').where('user_id', '=', userId).execute(),
    insertTotp(tx, userId, totp, now),
  ])
}

/** Everything that proves possession. A password left alone opens nothing. */
export async function deleteFactors(tx: Tx, userId: string): Promise<void> {
  await Promise.all([
    tx.deleteFrom('totp').where('user_id', '=', userId).execute(),
    tx.deleteFrom('passkey').where('user_id', '=', userId).execute(),
    tx.deleteFrom('recovery_code').where('user_id', '=', userId).execute(),
  ])
}

export type FactorCount = {
  user_id: string
  has_password: boolean
  has_totp: boolean
  passkeys: number
}

export function countFactors(tx: ReadTx): Promise<FactorCount[]> {
  return tx.run(sql<FactorCount>`
    select u.id as user_id,
      exists (select from kluis_auth.password p where p.user_id = u.id) as has_password,
      exists (select from kluis_auth.totp t where t.user_id = u.id and t.confirmed_at is not null) as has_totp,
      (select count(*)::int from kluis_auth.passkey k where k.user_id = u.id) as passkeys
    from kluis.user_account u limit 2000`)
}

export type NewPasskey = {
  user_id: string
  credential_id: Buffer
  public_key: Buffer
  sign_count: number
  name: string
  is_synced: boolean
  may_sync: boolean
  transports: string[]
  proof: Buffer
}

export async function insertPasskey(tx: Tx, passkey: NewPasskey): Promise<void> {
  await tx.insertInto('passkey').values(passkey).execute()
}

export function findPasskey(tx: ReadTx, credentialId: Buffer) {
  return tx
    .selectFrom('passkey')
    .innerJoin('user_account', 'user_account.id', 'passkey.user_id')
    .select([
      'passkey.id',
      'passkey.user_id',
      'passkey.credential_id',
      'passkey.public_key',
      'passkey.sign_count',
      'passkey.may_sync',
      'passkey.proof',
    ])
    .where('passkey.credential_id', '=', credentialId)
    .where('user_account.status', '=', 'active')
    .executeTakeFirst()
}

// More than anyone has devices.
export const PASSKEYS_MAX = 20

export function listPasskeys(tx: ReadTx, userId: string) {
  return tx
    .selectFrom('passkey')
    .select([
      'id',
      'credential_id',
      'name',
      'is_synced',
      'may_sync',
      'transports',
      'created_at',
      'last_used_at',
    ])
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .limit(PASSKEYS_MAX)
    .execute()
}

/** Locks the person's passkeys, so that two deletions at once can't leave them with none. */
export function lockPasskeys(
  tx: Tx,
  userId: string,
): Promise<{ id: string; may_sync: boolean | null }[]> {
  return tx.run(
    sql<{ id: string; may_sync: boolean | null }>`
      select id, may_sync from kluis_auth.passkey where user_id = ${userId} order by id for update`,
  )
}

export async function deletePasskey(tx: Tx, userId: string, id: string): Promise<void> {
  await tx.deleteFrom('passkey').where('user_id', '=', userId).where('id', '=', id).execute()
}

/** As the authenticator said of itself just now. */
export type PasskeyUse = { sign_count: number; may_sync: boolean; is_synced: boolean }

export async function usePasskey(tx: Tx, id: string, use: PasskeyUse, now: Date): Promise<void> {
  await tx
    .updateTable('passkey')
    .set({ ...use, last_used_at: now })
    .where('id', '=', id)
    .execute()
}

export async function renamePasskey(
  tx: Tx,
  userId: string,
  id: string,
  name: string,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('passkey')
    .set({ name })
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
