import { type Expression, sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

export type AccountRow = {
  id: string
  kind: string
  responsible_id: string | null
  role_id: string
  language: string
  status: string
  profile_sealed: Buffer
  profile_seal_counter: number
}
const accountColumns = [
  'id',
  'kind',
  'responsible_id',
  'role_id',
  'language',
  'status',
  'profile_sealed',
  'profile_seal_counter',
] as const

const nextVersion = sql`row_version + 1` as Expression<number>

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

/** False when the account was disabled meanwhile. */
export async function activateAccount(
  tx: Tx,
  userId: string,
  profile: { sealed: Sealed; counter: number; language: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('user_account')
    .set({
      status: 'active',
      profile_sealed: profile.sealed,
      profile_seal_counter: profile.counter,
      language: profile.language,
      row_version: nextVersion,
    })
    .where('id', '=', userId)
    .where('status', '<>', 'disabled')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function changeAccount(
  tx: Tx,
  userId: string,
  change: { role_id?: string; status?: string; language?: string },
): Promise<void> {
  await tx
    .updateTable('user_account')
    .set({ ...change, row_version: nextVersion })
    .where('id', '=', userId)
    .execute()
}

/** Locks those who manage colleagues and rights: of two who take each other's role away at once, the second waits. */
export async function lockAdministrators(tx: Tx): Promise<string[]> {
  const rows = await tx.run(sql<{ id: string }>`
    select u.id from kluis.user_account u
    where u.status = 'active' and 2 = (select count(*) from kluis.role_permission p
      where p.role_id = u.role_id and p.permission in ('users:manage', 'rights:manage'))
    order by u.id for update`)
  return rows.map((row) => row.id)
}

export async function isRole(tx: ReadTx, id: string): Promise<boolean> {
  return (await tx.selectFrom('role').select('id').where('id', '=', id).execute()).length > 0
}

export async function isAdministration(tx: ReadTx, roleId: string): Promise<boolean> {
  const [row] = await tx.run(sql<{ has: boolean }>`
    select 2 = count(*) as has from kluis.role_permission
    where role_id = ${roleId} and permission in ('users:manage', 'rights:manage')`)
  return row!.has
}

/** What the set-up asks, as the reach of each role's rights; PostgreSQL takes it only before anybody has an account. */
export async function setUpScopes(
  tx: Tx,
  visibility: 'owner' | 'team' | 'everyone',
): Promise<void> {
  const scope = { owner: 'own', team: 'team', everyone: 'organisation' }[visibility]
  await tx.run(sql`select kluis.set_up_scopes(${scope})`)
}

export async function replaceTeams(tx: Tx, userId: string, teamIds: string[]): Promise<void> {
  await Promise.all([
    tx.deleteFrom('team_member').where('user_id', '=', userId).execute(),
    tx
      .insertInto('team_member')
      .values(teamIds.map((team_id) => ({ team_id, user_id: userId })))
      .execute(),
  ])
}

export type TeamRow = { id: string; name: string; parentId: string | null; rowVersion: number }

export function listTeams(tx: ReadTx): Promise<TeamRow[]> {
  return tx
    .selectFrom('team')
    .select(['id', 'name', 'parent_id as parentId', 'row_version as rowVersion'])
    .orderBy('name')
    .limit(500)
    .execute()
}

export async function countTeams(tx: ReadTx, ids: string[]): Promise<number> {
  return (await tx.selectFrom('team').select('id').where('id', 'in', ids).limit(500).execute())
    .length
}

export async function insertTeam(
  tx: Tx,
  id: string,
  name: string,
  parentId: string | null = null,
): Promise<void> {
  await tx.insertInto('team').values({ id, name, parent_id: parentId }).execute()
}

export async function changeTeam(
  tx: Tx,
  id: string,
  rowVersion: number,
  change: { name?: string; parent_id?: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('team')
    .set({ ...change, row_version: rowVersion + 1 })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export type RoleRow = { id: string; name: string | null; permissions: string[] }

export function listRoles(tx: ReadTx): Promise<RoleRow[]> {
  return tx.run(sql<RoleRow>`
    select r.id, r.name, coalesce((select array_agg(p.permission order by p.permission)
      from kluis.role_permission p where p.role_id = r.id), '{}') as permissions
    from kluis.role r order by r.id limit 100`)
}

export function findOrganisation(tx: ReadTx) {
  return tx
    .selectFrom('organisation')
    .select(['id', 'name_sealed', 'name_seal_counter', 'language', 'row_version'])
    .executeTakeFirst()
}
export type OrganisationRow = NonNullable<Awaited<ReturnType<typeof findOrganisation>>>

/** False when another set-up came first. */
export async function insertOrganisation(
  tx: Tx,
  row: { id: string; name_sealed: Sealed; language: string },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('organisation')
    .values({ ...row, name_seal_counter: 1 })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function changeOrganisation(
  tx: Tx,
  rowVersion: number,
  change: {
    language?: string
    name?: { sealed: Sealed; counter: number }
  },
): Promise<void> {
  const { name, ...readable } = change
  await tx
    .updateTable('organisation')
    .set({
      ...readable,
      ...(name ? { name_sealed: name.sealed, name_seal_counter: name.counter } : {}),
      row_version: rowVersion + 1,
    })
    .execute()
}

export type NewInvite = {
  id: string
  token_hash: Buffer
  user_id: string | null
  created_by: string | null
  expires_at: Date
  code_hash?: Buffer
  reason_sealed?: Sealed
  reason_seal_counter?: number
}

export async function insertInvite(tx: Tx, invite: NewInvite): Promise<void> {
  await tx.insertInto('invite').values(invite).execute()
}

export function findInvite(tx: ReadTx, tokenHash: Buffer, now: Date) {
  return tx
    .selectFrom('invite')
    .select(['id', 'user_id', 'code_hash'])
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

/** Links sent earlier stop working: of one person, or of the set-up (null). */
export async function voidInvites(tx: Tx, userId: string | null, now: Date): Promise<void> {
  await tx
    .updateTable('invite')
    .set({ used_at: now })
    .where('user_id', userId === null ? 'is' : '=', userId)
    .where('used_at', 'is', null)
    .execute()
}

export function listFactorResets(tx: ReadTx, userId: string) {
  return tx
    .selectFrom('invite')
    .select(['id', 'created_at', 'created_by', 'reason_sealed', 'reason_seal_counter'])
    .where('user_id', '=', userId)
    .where('reason_sealed', 'is not', null)
    .orderBy('created_at', 'desc')
    .limit(100)
    .execute()
}
