import { sql } from 'kysely'
import type { Sealed, SealedFrame } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { RecordKind } from '../duplicates.ts'

// On the customers of one batch.
const HANGING_MAX = 500_000

export type AffiliationRow = {
  id: string
  personId: string
  companyId: string
  content: Sealed | null
}

export async function insertAffiliations(tx: Tx, rows: AffiliationRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    insert into kluis.affiliation (id, person_id, company_id, content_sealed, content_seal_counter)
    select * from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.personId)}::uuid[], ${rows.map((r) => r.companyId)}::uuid[],
      ${rows.map((r) => r.content)}::bytea[], ${rows.map((r) => (r.content ? 1 : 0))}::int[])
    on conflict (person_id, company_id, stint) do nothing`)
}

export type NoteRow = { id: string; kind: RecordKind; subjectId: string; content: Sealed }

export async function insertNotes(tx: Tx, importId: string, rows: NoteRow[]): Promise<void> {
  if (rows.length === 0) return
  const subjects = (kind: RecordKind) =>
    rows.map((row) => (row.kind === kind ? row.subjectId : null))
  await tx.run(sql`
    insert into kluis.note (id, person_id, company_id, content_sealed, import_id)
    select *, ${importId}::uuid from unnest(${rows.map((r) => r.id)}::uuid[], ${subjects('person')}::uuid[], ${subjects('company')}::uuid[],
      ${rows.map((r) => r.content)}::bytea[])`)
}

export type TaskRow = {
  id: string
  kind: RecordKind
  subjectId: string
  assigneeId: string
  dueOn: string | null
  isDone: boolean
  content: Sealed
}

export async function insertTasks(tx: Tx, importId: string, rows: TaskRow[]): Promise<void> {
  if (rows.length === 0) return
  const subjects = (kind: RecordKind) =>
    rows.map((row) => (row.kind === kind ? row.subjectId : null))
  await tx.run(sql`
    insert into kluis.task (import_id, id, person_id, company_id, assignee_id, due_on, done_at, done_by, content_sealed)
    select ${importId}::uuid, t.id, t.person_id, t.company_id, t.assignee_id, t.due_on,
      case when t.is_done then now() end, case when t.is_done then t.assignee_id end, t.content
    from unnest(${rows.map((r) => r.id)}::uuid[], ${subjects('person')}::uuid[], ${subjects('company')}::uuid[],
      ${rows.map((r) => r.assigneeId)}::uuid[], ${rows.map((r) => r.dueOn)}::date[], ${rows.map((r) => r.isDone)}::bool[],
      ${rows.map((r) => r.content)}::bytea[]) as t(id, person_id, company_id, assignee_id, due_on, is_done, content)`)
}

export type SealedPhoto = {
  id: string
  personId: string
  content: Sealed
  key: Sealed
  frames: { number: number; sealed: SealedFrame }[]
}

/** Whole at once: begun, filled and completed in one transaction. */
export async function insertPhotos(
  tx: Tx,
  importId: string,
  photos: readonly SealedPhoto[],
): Promise<void> {
  if (photos.length === 0) return
  const ids = photos.map(({ id }) => id)
  await Promise.all([
    tx.run(sql`
      insert into kluis.file (id, person_id, photo_of, content_sealed, key_sealed, frame_count, import_id)
      select f.id, f.person_id, f.person_id, f.content, f.key, f.frames, ${importId}::uuid
      from unnest(${ids}::uuid[], ${photos.map((one) => one.personId)}::uuid[], ${photos.map((one) => one.content)}::bytea[],
        ${photos.map((one) => one.key)}::bytea[], ${photos.map((one) => one.frames.length)}::int[]) as f(id, person_id, content, key, frames)`),
    ...photos.map(({ id, frames }) =>
      tx.run(sql`
        insert into kluis.file_frame (file_id, number, sealed)
        select ${id}::uuid, * from unnest(${frames.map((one) => one.number)}::int[], ${frames.map((one) => one.sealed)}::bytea[])`),
    ),
    tx.run(sql`
      update kluis.file set completed_at = now(), row_version = row_version + 1 where id = any (${ids}::uuid[])`),
  ])
}

export type TieRow = {
  id: string
  person_id: string
  company_id: string
  company_slot: number
  row_version: number
  content_seal_counter: number
}

/** The ties of these people to companies that the caller sees, not in the trash. */
export async function listTies(tx: ReadTx, personIds: string[]): Promise<TieRow[]> {
  // Each company by its id: joined, old statistics make a loop in a loop of it.
  const rows = await tx.run(sql<Omit<TieRow, 'company_slot'> & { company_slot: number | null }>`
    select a.id, a.person_id, a.company_id, a.row_version, a.content_seal_counter,
      (select c.key_slot from kluis.company c where c.id = a.company_id and c.deleted_at is null) as company_slot
    from kluis.affiliation a where a.person_id = any (${personIds}::uuid[]) order by a.created_at, a.id`)
  return rows.flatMap(({ company_slot, ...row }) =>
    company_slot === null ? [] : { ...row, company_slot },
  )
}

type ChangedTie = Pick<TieRow, 'id' | 'row_version'> & { content: Sealed }

export async function updateTies(tx: Tx, rows: ChangedTie[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    update kluis.affiliation as a
    set content_sealed = u.content, content_seal_counter = a.content_seal_counter + 1, row_version = u.version + 1
    from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.row_version)}::int[], ${rows.map((r) => r.content)}::bytea[])
      as u(id, version, content)
    where a.id = u.id and a.row_version = u.version`)
}

/** Notes with their earlier texts, or tasks, that hang on these records; what lies in the trash hangs on nobody. */
export function listHanging(
  tx: ReadTx,
  table: 'note' | 'note_version' | 'task',
  kind: RecordKind,
  subjectIds: string[],
): Promise<{ id: string; subject_id: string; due_on: string | null }[]> {
  const subject = sql.ref(`h.${kind}_id`)
  const isThere = {
    note: sql`h.deleted_at is null`,
    note_version: sql`exists (select from kluis.note n where n.id = h.note_id and n.deleted_at is null)`,
    task: sql`true`,
  }[table]
  return tx.run(sql<{ id: string; subject_id: string; due_on: string | null }>`
    select h.id, ${subject} as subject_id, ${table === 'task' ? sql`h.due_on::text` : sql`null`} as due_on
    from ${sql.table(`kluis.${table}`)} h where ${subject} = any (${subjectIds}::uuid[]) and ${isThere}
    limit ${HANGING_MAX}`)
}
