import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'

const columns = [
  'idle_minutes',
  'absolute_minutes',
  'asks',
  'recovered_by',
  'role_sign_in.row_version',
] as const

export function findRules(tx: ReadTx, roleId: string) {
  return tx
    .selectFrom('role_sign_in')
    .select(columns)
    .where('role_id', '=', roleId)
    .executeTakeFirst()
}
export type RulesRow = NonNullable<Awaited<ReturnType<typeof findRules>>>

export function findRulesOf(tx: ReadTx, userId: string) {
  return tx
    .selectFrom('user_account')
    .leftJoin('role_sign_in', 'role_sign_in.role_id', 'user_account.role_id')
    .select(['user_account.role_id', 'idle_minutes', 'absolute_minutes', 'asks', 'recovered_by'])
    .where('user_account.id', '=', userId)
    .executeTakeFirst()
}

export function listRules(tx: ReadTx) {
  return tx
    .selectFrom('role')
    .leftJoin('role_sign_in', 'role_sign_in.role_id', 'role.id')
    .select(['role.id as role_id', ...columns])
    .orderBy('role.id')
    .limit(200)
    .execute()
}

export type RulesEdit = {
  idle_minutes: number
  absolute_minutes: number
  asks: string
  recovered_by: number
}

/** Zero stands for a role that has no row of its own yet. */
export async function keepRules(
  tx: Tx,
  roleId: string,
  rules: RulesEdit,
  rowVersion: number,
): Promise<boolean> {
  if (rowVersion === 0) {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('role_sign_in')
      .values({ role_id: roleId, ...rules })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    return (numInsertedOrUpdatedRows ?? 0n) > 0n
  }
  const { numUpdatedRows } = await tx
    .updateTable('role_sign_in')
    .set({ ...rules, row_version: rowVersion + 1 })
    .where('role_id', '=', roleId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Running sessions of people with this role last as long as new ones do from now on, counted from when they began. */
export async function applyLimits(tx: Tx, roleId: string, rules: RulesEdit): Promise<void> {
  await tx.run(sql`
    update kluis_auth.session s
    set idle_seconds = ${rules.idle_minutes}::int * 60,
      expires_at = s.created_at + make_interval(mins => ${rules.absolute_minutes}::int)
    from kluis.user_account u
    where u.id = s.user_id and u.role_id = ${roleId} and s.kind = 'user'
      and s.revoked_at is null and s.replaced_at is null and s.expires_at > now()`)
}

/** How many active colleagues of each role have no passkey, and how many none that stays on one device. */
export function countLacking(
  tx: ReadTx,
): Promise<{ role_id: string; no_passkey: number; not_bound: number }[]> {
  return tx.run(sql<{ role_id: string; no_passkey: number; not_bound: number }>`
    select u.role_id,
      (count(*) filter (where not exists (select from kluis_auth.passkey k where k.user_id = u.id)))::int as no_passkey,
      (count(*) filter (where not exists (
        select from kluis_auth.passkey k where k.user_id = u.id and k.may_sync is false)))::int as not_bound
    from kluis.user_account u
    where u.status = 'active' and u.kind = 'person'
    group by u.role_id limit 200`)
}

/** Active people whose role holds a permission. */
export function listHolders(tx: ReadTx, permission: string): Promise<{ id: string }[]> {
  return tx.run(sql<{ id: string }>`
    select u.id from kluis.user_account u
    join kluis.role_permission p on p.role_id = u.role_id and p.permission = ${permission}
    where u.status = 'active' and u.kind = 'person' order by u.id limit 200`)
}

// Who holds one of these decides who signs in here, and with what rights.
const deciding = ['users:manage', 'rights:manage', 'organisation:manage', 'api-keys:manage']

export async function isAdministrating(tx: ReadTx, roleId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('role_permission')
    .select('permission')
    .where('role_id', '=', roleId)
    .where('permission', 'in', deciding)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The role holds something that only people decide; the same is asked in functions/sessions.sql. */
export async function isForPeople(tx: ReadTx, roleId: string): Promise<boolean> {
  const rows = await tx.run(sql<{ found: boolean }>`
    select true as found from kluis.role_permission p
    where p.role_id = ${roleId} and kluis_auth.is_for_people(p.permission) limit 1`)
  return rows.length > 0
}
