import { type Expression, sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

export type AccountRow = {
  id: string
  role_id: string
  language: string
  status: string
  profile_sealed: Buffer
  profile_seal_counter: number
}
const accountColumns = [
  'id',
  'role_id',
  'language',
  'status',
  'profile_sealed',
  'profile_seal_counter',
] as const

export async function isSetUp(tx: ReadTx): Promise<boolean> {
  return (await tx.selectFrom('organisation').select('id').limit(1).execute()).length > 0
}

export function findAccountByToken(
  tx: ReadTx,
  emailToken: Buffer,
): Promise<AccountRow | undefined> {
  return tx
    .selectFrom('user_account')
    .select(accountColumns)
    .where('email_token', '=', emailToken)
    .executeTakeFirst()
}

export function findAccount(tx: ReadTx, id: string): Promise<AccountRow | undefined> {
  return tx
    .selectFrom('user_account')
    .select(accountColumns)
    .where('id', '=', id)
    .executeTakeFirst()
}

// An organisation's staff, not its customers: some hundreds at most.
const ACCOUNTS_MAX = 2_000

export function listAccounts(tx: ReadTx): Promise<(AccountRow & { team_ids: string[] })[]> {
  return tx
    .selectFrom('user_account')
    .select(accountColumns)
    .select(
      sql<
        string[]
      >`coalesce((select array_agg(m.team_id) from kluis.team_member m where m.user_id = user_account.id), '{}')`.as(
        'team_ids',
      ),
    )
    .orderBy('created_at')
    .limit(ACCOUNTS_MAX)
    .execute()
}

export function listTeams(tx: ReadTx): Promise<{ id: string; name: string; rowVersion: number }[]> {
  return tx
    .selectFrom('team')
    .select(['id', 'name', 'row_version as rowVersion'])
    .orderBy('name')
    .limit(500)
    .execute()
}

export function findOrganisation(tx: ReadTx) {
  return tx
    .selectFrom('organisation')
    .select(['id', 'name_sealed', 'name_seal_counter', 'visibility', 'language'])
    .executeTakeFirst()
}

export function findPassword(tx: ReadTx, userId: string) {
  return tx
    .selectFrom('password')
    .select(['id', 'hash_sealed', 'hash_seal_counter'])
    .where('user_id', '=', userId)
    .executeTakeFirst()
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

export async function insertOrganisation(
  tx: Tx,
  row: {
    id: string
    name_sealed: Sealed
    visibility: string
    language: string
    teamId: string
    teamName: string
  },
): Promise<void> {
  const { teamId, teamName, ...organisation } = row
  await Promise.all([
    tx
      .insertInto('organisation')
      .values({ ...organisation, name_seal_counter: 1 })
      .execute(),
    tx.insertInto('team').values({ id: teamId, name: teamName }).execute(),
  ])
}

export type NewAccount = {
  id: string
  email_token: Buffer
  profile_sealed: Sealed
  role_id: string
  language: string
  status: 'invited' | 'active'
  teamId: string
}

export async function insertAccount(tx: Tx, { teamId, ...account }: NewAccount): Promise<void> {
  await Promise.all([
    tx.insertInto('user_account').values(account).execute(),
    tx.insertInto('team_member').values({ team_id: teamId, user_id: account.id }).execute(),
  ])
}

export async function activateAccount(
  tx: Tx,
  userId: string,
  profile: { sealed: Sealed; counter: number; language: string },
): Promise<void> {
  await tx
    .updateTable('user_account')
    .set({
      status: 'active',
      profile_sealed: profile.sealed,
      profile_seal_counter: profile.counter,
      language: profile.language,
      row_version: sql`row_version + 1` as Expression<number>,
    })
    .where('id', '=', userId)
    .execute()
}

export type Factors = {
  password?: { id: string; hash: Sealed }
  totp?: { id: string; secret: Sealed; step: number }
  recoveryHashes: Buffer[]
}

/** Replaces whatever factors the person had: an enrolment always ends with exactly these. */
export async function replaceFactors(
  tx: Tx,
  userId: string,
  { password, totp, recoveryHashes }: Factors,
  now: Date,
): Promise<void> {
  await Promise.all([
    tx.deleteFrom('password').where('user_id', '=', userId).execute(),
    tx.deleteFrom('totp').where('user_id', '=', userId).execute(),
    tx.deleteFrom('passkey').where('user_id', '=', userId).execute(),
    tx.deleteFrom('recovery_code').where('user_id', '=', userId).execute(),
    password &&
      tx
        .insertInto('password')
        .values({ id: password.id, user_id: userId, hash_sealed: password.hash })
        .execute(),
    totp &&
      tx
        .insertInto('totp')
        .values({
          id: totp.id,
          user_id: userId,
          secret_sealed: totp.secret,
          last_step: totp.step,
          confirmed_at: now,
        })
        .execute(),
    tx
      .insertInto('recovery_code')
      .values(recoveryHashes.map((code_hash) => ({ user_id: userId, code_hash })))
      .execute(),
  ])
}

export type NewPasskey = {
  user_id: string
  credential_id: Buffer
  public_key: Buffer
  sign_count: number
  name: string
  is_synced: boolean
}

export async function insertPasskey(tx: Tx, passkey: NewPasskey): Promise<void> {
  await tx.insertInto('passkey').values(passkey).execute()
}

export function findPasskey(tx: ReadTx, credentialId: Buffer) {
  return tx
    .selectFrom('passkey')
    .select(['id', 'user_id', 'credential_id', 'public_key', 'sign_count'])
    .where('credential_id', '=', credentialId)
    .executeTakeFirst()
}

export async function usePasskey(tx: Tx, id: string, signCount: number, now: Date): Promise<void> {
  await tx
    .updateTable('passkey')
    .set({ sign_count: signCount, last_used_at: now })
    .where('id', '=', id)
    .execute()
}

export async function insertInvite(
  tx: Tx,
  invite: {
    token_hash: Buffer
    user_id: string | null
    created_by: string | null
    expires_at: Date
  },
): Promise<void> {
  await tx.insertInto('invite').values(invite).execute()
}

export function findInvite(tx: ReadTx, tokenHash: Buffer, now: Date) {
  return tx
    .selectFrom('invite')
    .select(['id', 'user_id'])
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

export async function takeInvite(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('invite')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export type NewSession = {
  id: string
  token_hash: Buffer
  user_id: string | null
  kind: 'user' | 'operator' | 'indexer'
  purpose: string | null
  factor: string
  user_agent: string | null
  idle_seconds: number
  expires_at: Date
}

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx.insertInto('session').values(session).execute()
}

export async function touchSession(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.updateTable('session').set({ last_seen_at: now }).where('id', '=', id).execute()
}

export function listSessions(tx: ReadTx, userId: string, now: Date) {
  return tx
    .selectFrom('session')
    .select(['id', 'kind', 'purpose', 'factor', 'user_agent', 'created_at', 'last_seen_at'])
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('last_seen_at', 'desc')
    .limit(100)
    .execute()
}

/** Ends one session of this person, or all of them. Gives how many. */
export async function revokeSessions(
  tx: Tx,
  userId: string,
  which: { id: string } | 'all',
  now: Date,
): Promise<number> {
  let query = tx
    .updateTable('session')
    .set({ revoked_at: now })
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
  if (which !== 'all') query = query.where('id', '=', which.id)
  return Number((await query.executeTakeFirst()).numUpdatedRows)
}

export async function recordEvent(
  tx: ReadTx,
  kind: string,
  about: string | null,
  detail: Record<string, string | number> = {},
): Promise<void> {
  await tx.run(
    sql`select kluis_ledger.record_event(${kind}, ${JSON.stringify(detail)}::jsonb, ${about}::uuid)`,
  )
}

export function findAttempts(tx: ReadTx, keys: Buffer[]) {
  return tx
    .selectFrom('attempt')
    .select(['failures', 'last_failed_at'])
    .where(sql<boolean>`key = any (${keys}::bytea[])`)
    .execute()
}

export async function addFailure(tx: Tx, keys: Buffer[], now: Date): Promise<void> {
  await tx
    .insertInto('attempt')
    .values(keys.map((key) => ({ key, failures: 1, last_failed_at: now })))
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ failures: sql`attempt.failures + 1`, last_failed_at: now }),
    )
    .execute()
}

export async function clearAttempts(tx: Tx, key: Buffer): Promise<void> {
  await tx.deleteFrom('attempt').where('key', '=', key).execute()
}
