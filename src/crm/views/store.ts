import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

const columns = [
  'id',
  'list',
  'kind',
  'shared_with',
  'owner_id',
  'team_id',
  'content_seal_counter',
  'row_version',
] as const

// More than anybody keeps in sight; whoever has more removes some.
const VIEWS_MAX = 500

export type ViewRow = {
  id: string
  list: string
  kind: string
  shared_with: string
  owner_id: string
  team_id: string | null
  content_seal_counter: number
  row_version: number
}

/** Row security says which the caller may see. */
export function listViews(tx: ReadTx, list: string): Promise<ViewRow[]> {
  return tx
    .selectFrom('saved_view')
    .select(columns)
    .where('list', '=', list)
    .orderBy('created_at')
    .limit(VIEWS_MAX)
    .execute()
}

export function findView(tx: ReadTx, id: string): Promise<ViewRow | undefined> {
  return tx.selectFrom('saved_view').select(columns).where('id', '=', id).executeTakeFirst()
}

export type NewViewRow = {
  id: string
  list: string
  kind: string
  shared_with: string
  owner_id: string
  team_id: string | null
  content_sealed: Sealed
}

export async function insertView(tx: Tx, row: NewViewRow): Promise<void> {
  await tx.insertInto('saved_view').values(row).execute()
}

export type ViewPatch = Partial<{
  shared_with: string
  team_id: string | null
  content_sealed: Sealed
  content_seal_counter: number
}>

/** False: not there for this caller, or not theirs to change. */
export async function changeView(
  tx: Tx,
  id: string,
  version: number,
  patch: ViewPatch,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('saved_view')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function removeView(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('saved_view')
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export function listDefaults(
  tx: ReadTx,
  list?: string,
): Promise<{ role_id: string; list: string; view_id: string }[]> {
  let query = tx.selectFrom('default_view').select(['role_id', 'list', 'view_id'])
  if (list) query = query.where('list', '=', list)
  return query.execute()
}

/** In the place of what the role began with before. */
export async function setDefault(
  tx: Tx,
  roleId: string,
  list: string,
  viewId: string | null,
): Promise<void> {
  await Promise.all([
    tx.deleteFrom('default_view').where('role_id', '=', roleId).where('list', '=', list).execute(),
    viewId !== null &&
      tx.insertInto('default_view').values({ role_id: roleId, list, view_id: viewId }).execute(),
  ])
}

/** Whether the role is one. */
export async function isRole(tx: ReadTx, roleId: string): Promise<boolean> {
  const [row] = await tx.run(sql<object>`select from kluis.role where id = ${roleId}`)
  return row !== undefined
}
