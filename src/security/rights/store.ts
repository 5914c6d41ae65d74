import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Leaving, Reach } from './contract.ts'

const ROLES_MAX = 200

export type RoleRow = { id: string; name: string | null; is_built_in: boolean; row_version: number }
export type Grant = { permission: string; scope: Reach }

export function listRoles(tx: ReadTx): Promise<RoleRow[]> {
  return tx
    .selectFrom('role')
    .select(['id', 'name', 'is_built_in', 'row_version'])
    .orderBy('is_built_in', 'desc')
    .orderBy('created_at')
    .orderBy('id')
    .limit(ROLES_MAX)
    .execute()
}

export function listGrants(tx: ReadTx): Promise<(Grant & { role_id: string })[]> {
  return tx.run(sql<Grant & { role_id: string }>`
    select role_id, permission, scope from kluis.role_permission order by role_id, permission`)
}

/** What is left of each grant beside the others: asked of the view that row security's answers are worked out from. */
export function listEffective(
  tx: ReadTx,
): Promise<{ role_id: string; permission: string; reach: number }[]> {
  return tx.run(sql<{ role_id: string; permission: string; reach: number }>`
    select r.id as role_id, e.permission, e.reach from kluis.role r cross join lateral kluis.role_reach(r.id) e`)
}

export function listHolders(tx: ReadTx): Promise<{ id: string; role_id: string }[]> {
  return tx
    .selectFrom('user_account')
    .select(['id', 'role_id'])
    .where('status', '<>', 'disabled')
    .orderBy('created_at')
    .limit(2_000)
    .execute()
}

export function countFields(tx: ReadTx): Promise<{ role_id: string; fields: number }[]> {
  return tx.run(sql<{ role_id: string; fields: number }>`
    select role_id, count(*)::int as fields from kluis.field_role group by role_id`)
}

export function listUnused(tx: ReadTx): Promise<{ role_id: string; permission: string }[]> {
  return tx.run(sql<{ role_id: string; permission: string }>`select * from kluis.unused_rights()`)
}

export async function insertRole(tx: Tx, id: string, name: string): Promise<void> {
  await tx.insertInto('role').values({ id, name }).execute()
}

/** Also without another name: whoever edits a role that changed meanwhile is told. */
export async function changeRole(
  tx: Tx,
  id: string,
  rowVersion: number,
  name: string | undefined,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('role')
    .set({ ...(name === undefined ? {} : { name }), row_version: rowVersion + 1 })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** PostgreSQL refuses while colleagues have it or fields are shown to it. */
export async function deleteRole(tx: Tx, id: string): Promise<boolean> {
  const [, { numDeletedRows }] = await Promise.all([
    tx.deleteFrom('role_permission').where('role_id', '=', id).execute(),
    tx.deleteFrom('role').where('id', '=', id).executeTakeFirst(),
  ])
  return numDeletedRows > 0n
}

/** Only what becomes another: the ledger tells of a change, and of nothing else. In one statement each, so that a role is whole. */
export async function changeGrants(
  tx: Tx,
  roleId: string,
  { gone, added, changed }: { gone: string[]; added: Grant[]; changed: Grant[] },
): Promise<void> {
  const columns = (grants: Grant[]) =>
    sql`unnest(${grants.map((one) => one.permission)}::text[], ${grants.map((one) => one.scope)}::text[])`
  await Promise.all([
    gone.length > 0 &&
      tx
        .deleteFrom('role_permission')
        .where('role_id', '=', roleId)
        .where(sql<boolean>`permission = any (${gone}::text[])`)
        .execute(),
    added.length > 0 &&
      tx.run(
        sql`insert into kluis.role_permission (role_id, permission, scope) select ${roleId}, * from ${columns(added)}`,
      ),
    changed.length > 0 &&
      tx.run(sql`
        update kluis.role_permission p set scope = given.scope, row_version = p.row_version + 1
        from ${columns(changed)} as given(permission, scope) where p.role_id = ${roleId} and p.permission = given.permission`),
  ])
}

export async function findAccount(tx: ReadTx, id: string) {
  return tx
    .selectFrom('user_account')
    .select(['id', 'role_id', 'status', 'rights_reviewed_at'])
    .where('id', '=', id)
    .executeTakeFirst()
}

type PermissionRow = { permission: string; reach: number; last_on: string | null }
export const rightsOf = (tx: ReadTx, id: string): Promise<PermissionRow[]> =>
  tx.run(
    sql<PermissionRow>`select permission, reach, last_on::text from kluis.rights_of(${id}::uuid)`,
  )

type TeamRow = { team_id: string; through_id: string }
export const teamsOf = (tx: ReadTx, id: string): Promise<TeamRow[]> =>
  tx.run(sql<TeamRow>`select * from kluis.teams_of(${id}::uuid)`)

export type ShareRow = {
  id: string
  person_id: string | null
  company_id: string | null
  team_id: string | null
  may_edit: boolean
  ends_at: Date
  shared_by: string | null
}
export const sharesOf = (tx: ReadTx, id: string): Promise<ShareRow[]> =>
  tx.run(sql<ShareRow>`select * from kluis.shares_of(${id}::uuid)`)

type CountRow = {
  kind: 'person' | 'company'
  owned: number
  of_teams: number
  of_all: number
  shared: number
  may_edit: number
  is_outline: boolean
}
export const reachOf = (tx: ReadTx, id: string): Promise<CountRow[]> =>
  tx.run(sql<CountRow>`
    select kind, owned::int, of_teams::int, of_all::int, shared::int, may_edit::int, is_outline from kluis.reach_of(${id}::uuid)`)

type Rule = 'owner' | 'team' | 'organisation' | 'share'
type LookRow = {
  id: string
  stage: string
  owner_id: string
  team_id: string
  created_at: Date
  rule: Rule
  may_edit: boolean
}
export const seenAs = (
  tx: ReadTx,
  id: string,
  kind: string,
  after: string,
  limit: number,
): Promise<LookRow[]> =>
  tx.run(
    sql<LookRow>`select * from kluis.seen_as(${id}::uuid, ${kind}, ${after}::uuid, ${limit}::int)`,
  )

type ViewerRow = {
  user_id: string
  sees_by: Rule
  edits_by: Rule | null
  ends_at: Date | null
}
export const whoSees = (tx: ReadTx, id: string): Promise<ViewerRow[]> =>
  tx.run(sql<ViewerRow>`select * from kluis.who_sees(${id}::uuid)`)

type DueRow = {
  user_id: string
  due_on: string
  reviewed_at: Date
  is_due: boolean
  is_overdue: boolean
}
/** `is_due` a fortnight ahead; overdue once the day is past. */
export const reviewsDue = (tx: ReadTx): Promise<DueRow[]> =>
  tx.run(sql<DueRow>`
    select user_id, due_on::text, reviewed_at, due_on <= current_date + 14 as is_due, due_on < current_date as is_overdue from kluis.reviews_due(false)`)

export async function reviewRights(
  tx: Tx,
  given: {
    userId: string
    roleId: string
    teamsGone: string[]
    sharesGone: string[]
    isLeaving: boolean
  },
): Promise<void> {
  const { userId, roleId, teamsGone, sharesGone, isLeaving } = given
  await tx.run(sql`
    select kluis.review_rights(${userId}::uuid, ${roleId}, ${teamsGone}::uuid[], ${sharesGone}::uuid[], ${isLeaving}::boolean)`)
}

export function listPastReviews(tx: ReadTx, userId: string) {
  return tx
    .selectFrom('access_review')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .limit(100)
    .execute()
}

export async function findLeaving(
  tx: ReadTx,
  id: string,
): Promise<Omit<Leaving, 'programs'> | undefined> {
  const [row] = await tx.run(sql<Omit<Leaving, 'programs'>>`
    select people::int, companies::int, tasks::int, views::int, shares_had::int as "sharesHad", shares_made::int as "sharesMade"
    from kluis.leaving(${id}::uuid)`)
  return row
}

/** The next batch; gives how much is left. */
export async function handOver(
  tx: Tx,
  id: string,
  receivers: string[],
  limit: number,
): Promise<number> {
  const [row] = await tx.run(sql<{ left: number }>`
    select kluis.hand_over_everything(${id}::uuid, ${receivers}::uuid[], ${limit}::int)::int as left`)
  return row!.left
}
