import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

export type DossierRow = {
  id: string
  key_slot: number
  content_seal_counter: number
  ended_at: Date | null
  ended_by: string | null
  review_since: Date | null
  row_version: number
  created_at: Date
  created_by: string | null
}
export const DOSSIER_COLUMNS = [
  'id',
  'key_slot',
  'content_seal_counter',
  'ended_at',
  'ended_by',
  'review_since',
  'row_version',
  'created_at',
  'created_by',
] as const

export type PartyRow = {
  id: string
  joint_dossier_id: string
  person_id: string
  content_seal_counter: number
  row_version: number
  is_in_trash: boolean
  may_edit: boolean
}
export type PersonRow = { id: string; is_in_trash: boolean; may_edit: boolean }

const mayEdit = sql`coalesce(array[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'] && (select kluis.scope('people:edit')), false)
  or coalesce(p.id = any ((select kluis.shared('people:edit'))::uuid[]), false)`

// Nobody reads a longer list.
const DOSSIERS_MAX = 100

/** The dossiers that this person is a party of, the newest first. Row security hides a person out of sight with theirs. */
export async function listDossierIds(tx: ReadTx, personId: string): Promise<string[]> {
  const rows = await tx.run(sql<{ id: string }>`
    select j.joint_dossier_id as id from kluis.joint_party j where j.person_id = ${personId}::uuid
    group by 1 order by max(j.created_at) desc, 1 limit ${DOSSIERS_MAX}`)
  return rows.map(({ id }) => id)
}

/** As far as the caller sees them. Asked one by one, as row security asks: a join might read all people first. */
export function listParties(tx: ReadTx, dossierIds: readonly string[]): Promise<PartyRow[]> {
  return tx.run(sql<PartyRow>`
    select j.id, j.joint_dossier_id, j.person_id, j.content_seal_counter, j.row_version,
      (select p.deleted_at is not null from kluis.person p where p.id = j.person_id) as is_in_trash,
      coalesce((select ${mayEdit} from kluis.person p where p.id = j.person_id), false) as may_edit
    from kluis.joint_party j where j.joint_dossier_id = any (${dossierIds}::uuid[])
    order by j.created_at, j.id`)
}

export async function countUnseen(
  tx: ReadTx,
  dossierIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.run(sql<{ joint_dossier_id: string; unseen: number }>`
    select joint_dossier_id, unseen from kluis.unseen_parties(${dossierIds}::uuid[])`)
  return new Map(rows.map((row) => [row.joint_dossier_id, row.unseen]))
}

export function listPeople(tx: ReadTx, ids: readonly string[]): Promise<PersonRow[]> {
  return tx.run(sql<PersonRow>`
    select p.id, p.deleted_at is not null as is_in_trash, ${mayEdit} as may_edit
    from kluis.person p where p.id = any (${ids}::uuid[])`)
}

/** Its parties come in the same transaction: from the next one on, only whoever may edit one of them adds another. */
export async function insertDossier(
  tx: Tx,
  row: { id: string; keySlot: number; content: Sealed },
): Promise<void> {
  await tx.run(sql`
    insert into kluis.joint_dossier (id, key_slot, content_sealed) values (${row.id}::uuid, ${row.keySlot}, ${row.content})`)
}

export type NewPartyRow = { id: string; personId: string; content: Sealed }
export async function insertParties(
  tx: Tx,
  dossierId: string,
  rows: readonly NewPartyRow[],
): Promise<void> {
  await tx.run(sql`
    insert into kluis.joint_party (id, joint_dossier_id, person_id, content_sealed)
    select t.id, ${dossierId}::uuid, t.person_id, t.content
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ personId }) => personId)}::uuid[],
      ${rows.map(({ content }) => content)}::bytea[]) as t(id, person_id, content)`)
}

export type DossierPatch = Partial<{
  content_sealed: Sealed
  content_seal_counter: number
  ended_at: Date | null
  ended_by: string | null
  review_since: null
}>

/** PostgreSQL raises KL409 when `version` is not the row's own. False: not the caller's to change. */
export async function changeDossier(
  tx: Tx,
  id: string,
  version: number,
  patch: DossierPatch,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('joint_dossier')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function changeParty(
  tx: Tx,
  { id, dossierId, version }: { id: string; dossierId: string; version: number },
  patch: { content_sealed: Sealed; content_seal_counter: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('joint_party')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .where('joint_dossier_id', '=', dossierId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** PostgreSQL raises KL429 when it is the last one. */
export async function deleteParty(tx: Tx, dossierId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('joint_party')
    .where('id', '=', id)
    .where('joint_dossier_id', '=', dossierId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export type HangingTable = 'note' | 'task' | 'file'
export type HangingRow = {
  person_id: string | null
  joint_dossier_id: string | null
  row_version: number
  is_photo: boolean
}

// Names are the program's own. What lies in the trash, or has not arrived, is not there.
const isThere: Record<HangingTable, ReturnType<typeof sql>> = {
  note: sql`deleted_at is null`,
  task: sql`true`,
  file: sql`deleted_at is null and completed_at is not null and set_apart_at is null`,
}

/** Held, so that nobody changes it while it moves. Whoever may not change it does not get it. */
export async function lockHanging(
  tx: Tx,
  table: HangingTable,
  id: string,
): Promise<HangingRow | undefined> {
  const [row] = await tx.run(sql<HangingRow>`
    select person_id, joint_dossier_id, row_version, ${table === 'file' ? sql`photo_of is not null` : sql`false`} as is_photo
    from ${sql.table(`kluis.${table}`)} where id = ${id}::uuid and ${isThere[table]} for update`)
  return row
}

/** Where it goes, if the person is a party of the dossier: the key there, and whether that is over. */
export async function findPlace(
  tx: ReadTx,
  { dossierId, personId }: { dossierId: string; personId: string },
  to: 'person' | 'joint_dossier',
): Promise<{ key_slot: number; ended_at: Date | null } | undefined> {
  const key = (kind: 'person' | 'joint_dossier', id: string) =>
    sql`(select r.key_slot from ${sql.table(`kluis.${kind}`)} r where r.id = ${id}::uuid)`
  const [row] = await tx.run(sql<{ key_slot: number; ended_at: Date | null }>`
    select ${to === 'person' ? key('person', personId) : key('joint_dossier', dossierId)} as key_slot, d.ended_at
    from kluis.joint_dossier d
    where d.id = ${dossierId}::uuid
      and exists (select from kluis.joint_party j where j.joint_dossier_id = ${dossierId}::uuid and j.person_id = ${personId}::uuid)`)
  return row
}

export async function listVersionIds(tx: ReadTx, noteId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('note_version')
    .select('id')
    .where('note_id', '=', noteId)
    .execute()
  return rows.map(({ id }) => id)
}
