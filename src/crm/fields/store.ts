import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

export const COLUMNS = [
  'record_kind',
  'kind',
  'sensitivity',
  'search',
  'is_required',
  'position',
  'archived_at',
  'row_version',
] as const

export type FieldRow = {
  id: string
  record_kind: string
  kind: string
  sensitivity: string
  search: string
  is_required: boolean
  position: number
  archived_at: Date | null
  row_version: number
}

/** The one organisation, for whoever may read what follows; none when the session has ended. */
export async function isOrganisationSeen(tx: ReadTx): Promise<boolean> {
  return (await tx.selectFrom('organisation').select('id').executeTakeFirst()) !== undefined
}

export function listRoles(tx: ReadTx): Promise<{ field_id: string; role_id: string }[]> {
  return tx.selectFrom('field_role').select(['field_id', 'role_id']).orderBy('role_id').execute()
}

/** Row security says which fields are there for the caller. */
export function listSeen(tx: ReadTx): Promise<{ id: string; row_version: number }[]> {
  return tx.selectFrom('field_definition').select(['id', 'row_version']).execute()
}

/** Which of these are roles. */
export async function listKnownRoles(tx: ReadTx, roles: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('role')
    .select('id')
    .where(sql<boolean>`id = any (${roles}::text[])`)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

export async function insertField(
  tx: Tx,
  row: Pick<
    FieldRow,
    'id' | 'record_kind' | 'kind' | 'sensitivity' | 'search' | 'is_required' | 'position'
  > & {
    content_sealed: Sealed
  },
): Promise<void> {
  await tx.insertInto('field_definition').values(row).execute()
}

export type FieldPatch = Partial<{
  search: string
  is_required: boolean
  archived_at: Date | null
  content_sealed: Sealed
  content_seal_counter: number
}>

/** PostgreSQL raises KL409 when `version` is not the row's own. */
export async function changeField(
  tx: Tx,
  id: string,
  version: number,
  patch: FieldPatch,
): Promise<void> {
  await tx
    .updateTable('field_definition')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .execute()
}

export async function findCounter(tx: ReadTx, id: string): Promise<number | undefined> {
  const row = await tx
    .selectFrom('field_definition')
    .select('content_seal_counter')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.content_seal_counter
}

export async function changeRoles(
  tx: Tx,
  fieldId: string,
  { gone, added }: { gone: readonly string[]; added: readonly string[] },
): Promise<void> {
  await Promise.all([
    gone.length > 0 &&
      tx
        .deleteFrom('field_role')
        .where('field_id', '=', fieldId)
        .where(sql<boolean>`role_id = any (${gone}::text[])`)
        .execute(),
    added.length > 0 &&
      tx
        .insertInto('field_role')
        .values(added.map((role) => ({ field_id: fieldId, role_id: role })))
        .execute(),
  ])
}

/** Only those whose place becomes another. */
export async function changeOrder(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(sql`
    update kluis.field_definition f set position = u.place, row_version = f.row_version + 1
    from unnest(${ids}::uuid[], ${ids.map((_, at) => at)}::int[]) as u(id, place)
    where f.id = u.id and f.position <> u.place`)
}

export type SpreadRow = { field_id: string; records: number; different: number; most: number }

/** Of fields with an exact search, counted by their tokens; nothing for who makes no fields. */
export function listSpreads(tx: ReadTx): Promise<SpreadRow[]> {
  return tx.run(sql<SpreadRow>`
    select field_id, records::int, different::int, most::int from kluis.exact_spread()`)
}

/** Removes what shows which records share a value of this field. */
export async function forgetExact(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`select kluis.forget_exact(${id}::uuid)`)
}
