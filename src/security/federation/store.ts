import { type Expression, sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

const nextVersion = sql`row_version + 1` as Expression<number>
// An organisation has one provider, or two while it moves from one to the other.
export const PROVIDERS_MAX = 20
const LINKS_MAX = 2_000

export type ProviderRow = {
  id: string
  profile_sealed: Buffer
  profile_seal_counter: number
  secret_sealed: Buffer
  secret_seal_counter: number
  row_version: number
}
const providerColumns = [
  'id',
  'profile_sealed',
  'profile_seal_counter',
  'secret_sealed',
  'secret_seal_counter',
  'row_version',
] as const

export function listProviders(tx: ReadTx): Promise<ProviderRow[]> {
  return tx
    .selectFrom('identity_provider')
    .select(providerColumns)
    .orderBy('created_at')
    .limit(PROVIDERS_MAX)
    .execute()
}

export function findProvider(tx: ReadTx, id: string): Promise<ProviderRow | undefined> {
  return tx
    .selectFrom('identity_provider')
    .select(providerColumns)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function insertProvider(
  tx: Tx,
  row: { id: string; profile_sealed: Sealed; secret_sealed: Sealed },
): Promise<void> {
  await tx.insertInto('identity_provider').values(row).execute()
}

export async function changeProvider(
  tx: Tx,
  id: string,
  rowVersion: number,
  change: {
    profile: { sealed: Sealed; counter: number }
    secret?: { sealed: Sealed; counter: number } | undefined
  },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('identity_provider')
    .set({
      profile_sealed: change.profile.sealed,
      profile_seal_counter: change.profile.counter,
      ...(change.secret
        ? { secret_sealed: change.secret.sealed, secret_seal_counter: change.secret.counter }
        : {}),
      row_version: rowVersion + 1,
    })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteProvider(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('identity_provider').where('id', '=', id).execute()
}

export type LinkRow = {
  id: string
  provider_id: string
  user_id: string
  subject_token: Buffer
  proof: Buffer
}
const linkColumns = ['id', 'provider_id', 'user_id', 'subject_token', 'proof'] as const

export function findLink(tx: ReadTx, subjectToken: Buffer): Promise<LinkRow | undefined> {
  return tx
    .selectFrom('federated_identity')
    .select(linkColumns)
    .where('subject_token', '=', subjectToken)
    .executeTakeFirst()
}

export function findLinkOf(tx: ReadTx, userId: string): Promise<LinkRow | undefined> {
  return tx
    .selectFrom('federated_identity')
    .select(linkColumns)
    .where('user_id', '=', userId)
    .executeTakeFirst()
}

export async function insertLink(tx: Tx, row: LinkRow, now: Date): Promise<void> {
  await tx
    .insertInto('federated_identity')
    .values({ ...row, last_used_at: now })
    .execute()
}

export async function stampLink(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('federated_identity')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .execute()
}

export function listLinks(tx: ReadTx, providerId: string) {
  return tx
    .selectFrom('federated_identity')
    .select(['id', 'user_id', 'created_at', 'last_used_at'])
    .where('provider_id', '=', providerId)
    .orderBy('created_at')
    .limit(LINKS_MAX)
    .execute()
}

export async function hasLink(tx: ReadTx, userId: string): Promise<boolean> {
  const rows = await tx
    .selectFrom('federated_identity')
    .select('id')
    .where('user_id', '=', userId)
    .limit(1)
    .execute()
  return rows.length > 0
}

/** Whose it was; undefined when it is not there. */
export async function deleteLink(
  tx: Tx,
  providerId: string,
  id: string,
): Promise<string | undefined> {
  const row = await tx
    .deleteFrom('federated_identity')
    .where('provider_id', '=', providerId)
    .where('id', '=', id)
    .returning('user_id')
    .executeTakeFirst()
  return row?.user_id
}

/** Ends what was opened by a provider: for one person, or for everyone whom this provider vouches for. */
export async function endProviderSessions(
  tx: Tx,
  of: { userId: string } | { providerId: string },
  now: Date,
): Promise<void> {
  let query = tx
    .updateTable('session')
    .set({ revoked_at: now })
    .where('factor', 'like', 'provider+%')
    .where('revoked_at', 'is', null)
  query =
    'userId' in of
      ? query.where('user_id', '=', of.userId)
      : query.where('user_id', 'in', (linked) =>
          linked
            .selectFrom('federated_identity')
            .select('user_id')
            .where('provider_id', '=', of.providerId),
        )
  await query.execute()
}

export function countLinks(tx: ReadTx): Promise<{ provider_id: string; count: number }[]> {
  return tx.run(sql<{ provider_id: string; count: number }>`
    select provider_id, count(*)::int as count from kluis_auth.federated_identity group by provider_id limit 100`)
}

/** Administrators at work who hold a passkey of their own: what emergency access rests on. */
export async function listAdministratorsWithPasskey(tx: ReadTx): Promise<string[]> {
  const rows = await tx.run(sql<{ id: string }>`
    select u.id from kluis.user_account u
    where u.role_id = 'administrator' and u.status = 'active'
      and exists (select from kluis_auth.passkey k where k.user_id = u.id) limit 2000`)
  return rows.map((row) => row.id)
}

/** Back at work, or at work for the first time; false when somebody shut the account meanwhile. */
export async function activate(tx: Tx, userId: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('user_account')
    .set({ status: 'active', row_version: nextVersion })
    .where('id', '=', userId)
    .where('status', '=', 'invited')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The role and team that the groups give; teams that no group gives are an administrator's and stay. */
export async function placeColleague(
  tx: Tx,
  userId: string,
  given: { roleId: string; teamId: string; otherTeamIds: string[] },
): Promise<void> {
  const { roleId, teamId, otherTeamIds } = given
  await Promise.all([
    tx
      .updateTable('user_account')
      .set({ role_id: roleId, row_version: nextVersion })
      .where('id', '=', userId)
      .where('role_id', '<>', roleId)
      .execute(),
    tx
      .deleteFrom('team_member')
      .where('user_id', '=', userId)
      .where(sql<boolean>`team_id = any (${otherTeamIds}::uuid[])`)
      .execute(),
    tx
      .insertInto('team_member')
      .values({ team_id: teamId, user_id: userId })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  ])
}

/** What the ledger says it was done for, where nobody signed in asks. */
export async function statePurpose(tx: ReadTx, purpose: string): Promise<void> {
  await tx.run(sql`select set_config('kluis.purpose', ${purpose}, true)`)
}
