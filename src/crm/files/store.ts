import { sql } from 'kysely'
import type { Sealed, SealedFrame } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'
import type { HangsOn } from '../contract.ts'

/** The key slot of a record the caller sees: what a file of it is sealed under. */
export async function findKeySlot(tx: ReadTx, { kind, id }: HangsOn): Promise<number | undefined> {
  let query = tx
    .selectFrom(kind as 'person')
    .select('key_slot')
    .where('id', '=', id)
  // A joint dossier is ended, and never thrown away.
  if (kind !== 'joint_dossier') query = query.where('deleted_at', 'is', null)
  return (await query.executeTakeFirst())?.key_slot
}

const columns = [
  'id',
  'key_slot as own_slot',
  'retention_rule',
  'set_apart_at',
  'person_id',
  'company_id',
  'joint_dossier_id',
  'content_seal_counter',
  'key_seal_counter',
  'frame_count',
  'photo_of',
  'created_by',
  'created_at',
  'completed_at',
  'deleted_at',
  'row_version',
] as const

// As they stand, without a time of day that a zone could move.
const days = [
  sql<string | null>`retained_from::text`.as('retained_from'),
  sql<string | null>`retained_until::text`.as('retained_until'),
]

export function listFiles(
  tx: ReadTx,
  { kind, id }: HangsOn,
  before: Position | undefined,
  limit: number,
) {
  let query = tx
    .selectFrom('file')
    .select(columns)
    .select(days)
    .select(sql<string>`created_at::text`.as('position'))
    .where(`${kind}_id`, '=', id)
    .where('deleted_at', 'is', null)
    .where('completed_at', 'is not', null)
  if (before)
    query = query.where(
      sql<boolean>`(created_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`,
    )
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export function findFile(tx: ReadTx, id: string) {
  return tx
    .selectFrom('file')
    .select(columns)
    .select(days)
    .select(
      sql<number>`coalesce(file.key_slot, (select p.key_slot from kluis.person p where p.id = file.person_id),
        (select c.key_slot from kluis.company c where c.id = file.company_id),
        (select d.key_slot from kluis.joint_dossier d where d.id = file.joint_dossier_id))`.as(
        'key_slot',
      ),
    )
    .where('id', '=', id)
    .executeTakeFirst()
}
export type FileRow = NonNullable<Awaited<ReturnType<typeof findFile>>>

export async function insertFile(
  tx: Tx,
  subject: HangsOn,
  row: {
    id: string
    content_sealed: Sealed
    key_sealed: Sealed
    frame_count: number
    photo_of: string | null
    key_slot?: number | null
    retention_rule?: string | null
    retained_from?: string | null
  },
): Promise<void> {
  await tx
    .insertInto('file')
    .values({ ...row, [`${subject.kind}_id`]: subject.id })
    .execute()
}

/** One's own uploads that were left a day ago. */
export async function removeLeft(tx: Tx, userId: string): Promise<void> {
  await tx
    .deleteFrom('file')
    .where('created_by', '=', userId)
    .where('completed_at', 'is', null)
    .where(sql<boolean>`created_at < now() - interval '1 day'`)
    .execute()
}

/** A frame that is there already stays: a piece that is sent twice, after a lost answer, is the same piece. */
export async function insertFrames(
  tx: Tx,
  fileId: string,
  frames: readonly { number: number; sealed: SealedFrame }[],
): Promise<void> {
  await tx
    .insertInto('file_frame')
    .values(frames.map((frame) => ({ file_id: fileId, ...frame })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function listFrameNumbers(tx: ReadTx, fileId: string): Promise<number[]> {
  const rows = await tx
    .selectFrom('file_frame')
    .select('number')
    .where('file_id', '=', fileId)
    .orderBy('number')
    .execute()
  return rows.map((row) => row.number)
}

export type FilePatch = Partial<{
  content_sealed: Sealed
  content_seal_counter: number
  key_sealed: Sealed
  key_seal_counter: number
  key_slot: number | null
  retention_rule: string | null
  retained_from: string | null
  completed_at: Date
  deleted_at: Date | null
  deleted_by: string | null
}>

/** PostgreSQL raises KL409 when `version` is not the row's own. Undefined: not there for this caller. */
export function changeFile(tx: Tx, id: string, version: number, patch: FilePatch) {
  return tx
    .updateTable('file')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .returning(columns)
    .returning(days)
    .executeTakeFirst()
}

/** The other photos of a person go to the trash, so that one may come back. */
export async function throwAwayPhotos(
  tx: Tx,
  personId: string,
  exceptId: string,
  by: { deleted_at: Date; deleted_by: string },
): Promise<void> {
  await tx
    .updateTable('file')
    .set({ ...by, row_version: sql<number>`row_version + 1` })
    .where('person_id', '=', personId)
    .where('photo_of', 'is not', null)
    .where('completed_at', 'is not', null)
    .where('deleted_at', 'is', null)
    .where('id', '<>', exceptId)
    .execute()
}

/** From the trash, or an upload of one's own that was left. Its frames go with it. */
export async function deleteFile(tx: Tx, id: string, userId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('file')
    .where('id', '=', id)
    .where((is) =>
      is.or([
        is('deleted_at', 'is not', null),
        is.and([is('completed_at', 'is', null), is('created_by', '=', userId)]),
      ]),
    )
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Those in force today. */
export function listRules(tx: ReadTx) {
  return tx
    .selectFrom('retention_rule')
    .select(['code', 'jurisdiction', 'name_nl', 'name_en', 'statute', 'years', 'starts_at'])
    .select('from_new_year')
    .where(sql<boolean>`coalesce(valid_from <= current_date, true)`)
    .where(sql<boolean>`coalesce(valid_until > current_date, true)`)
    .orderBy('jurisdiction')
    .orderBy('code')
    .execute()
}

/** over: the time of which is over; set-apart: of who was erased. By the day on which they may go. */
export function listRetained(
  tx: ReadTx,
  state: 'over' | 'set-apart',
  after: Position | undefined,
  limit: number,
) {
  const [column, type, is] =
    state === 'over'
      ? [
          sql`retained_until`,
          sql`date`,
          sql<boolean>`retention_rule is not null and retained_until <= current_date`,
        ]
      : [sql`set_apart_at`, sql`timestamptz`, sql<boolean>`set_apart_at is not null`]
  let query = tx
    .selectFrom('file')
    .select(columns)
    .select(days)
    .select(sql<string>`${column}::text`.as('position'))
    .where(is)
    .where('completed_at', 'is not', null)
  if (after)
    query = query.where(sql<boolean>`(${column}, id) > (${after.at}::${type}, ${after.id}::uuid)`)
  return query.orderBy(column).orderBy('id').limit(limit).execute()
}

export async function insertOpening(
  tx: Tx,
  row: { id: string; file_id: string; purpose: string; content_sealed: Sealed },
): Promise<void> {
  await tx.insertInto('retained_opening').values(row).execute()
}

/** Whether the caller said a quarter of an hour ago or less for what a file is opened that was set apart. */
export async function isPurposeSaid(tx: ReadTx, fileId: string): Promise<boolean> {
  const rows = await tx.run(sql`
    select from kluis.retained_opening where file_id = ${fileId}::uuid and created_by = (select kluis.uid())
      and created_at > now() - interval '15 minutes' limit 1`)
  return rows.length > 0
}

const OPENINGS_MAX = 500
export function listOpenings(tx: ReadTx, fileIds: readonly string[]) {
  return tx
    .selectFrom('retained_opening')
    .select(['id', 'file_id', 'purpose', 'created_at', 'created_by'])
    .where('file_id', 'in', fileIds)
    .orderBy('created_at', 'desc')
    .limit(OPENINGS_MAX)
    .execute()
}
