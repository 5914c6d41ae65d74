import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'
import type { HangsOn } from '../contract.ts'

export type Subject = HangsOn
export type RecordSubject = Extract<Subject, { kind: 'person' | 'company' }>

export async function findSubject(tx: ReadTx, { kind, id }: Subject) {
  if (kind === 'joint_dossier')
    return tx
      .selectFrom(kind)
      .select(['id', 'created_at', 'created_by'])
      .select([sql<null>`null`.as('import_id'), sql<string>`created_at::text`.as('position')])
      .where('id', '=', id)
      .executeTakeFirst()
  return tx
    .selectFrom(kind as 'person')
    .select(['id', 'created_at', 'created_by', 'import_id'])
    .select(sql<string>`created_at::text`.as('position'))
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
}
export function findRevision(tx: ReadTx, { kind, id }: Subject) {
  return tx
    .selectFrom(kind as 'person')
    .select(['row_version', 'updated_at', 'updated_by'])
    .where('id', '=', id)
    .executeTakeFirst()
}

export type SubjectRow = NonNullable<Awaited<ReturnType<typeof findSubject>>>

/** The joint dossiers that somebody is a party of. */
export async function listJointOf(tx: ReadTx, { kind, id }: Subject): Promise<string[]> {
  if (kind !== 'person') return []
  const rows = await tx
    .selectFrom('joint_party')
    .select('joint_dossier_id as id')
    .distinct()
    .where('person_id', '=', id)
    .limit(JOINT_MAX)
    .execute()
  return rows.map((row) => row.id)
}

/** Which rows of a dossier: of one colleague, or brought by an import, behind a place in the order. */
export type Part = {
  subject: Subject
  /** What hangs on these instead of on the subject itself: asked apart, so that each is read in the order of its index. */
  joint?: readonly string[]
  before: Position | undefined
  by: string | undefined
  isImported: boolean
  limit: number
}

export type RecordPart = Part & { subject: RecordSubject }

const JOINT_MAX = 100

const hangsOn = ({ subject: { kind, id }, joint }: Pick<Part, 'subject' | 'joint'>) =>
  joint
    ? sql<boolean>`joint_dossier_id = any (${joint}::uuid[])`
    : sql<boolean>`${sql.ref(`${kind}_id`)} = ${id}::uuid`

const stamps = ['id', 'created_at', 'created_by', 'updated_at', 'row_version'] as const
const position = sql<string>`created_at::text`.as('position')
const noteColumns = [
  ...stamps,
  'joint_dossier_id',
  'edited_at',
  'edited_by',
  'pinned_at',
  'import_id',
] as const
const isBehind = ({ at, id }: Position) =>
  sql<boolean>`(created_at, id) < (${at}::timestamptz, ${id}::uuid)`

export function listNotes(tx: ReadTx, { before, by, isImported, limit, ...of }: Part) {
  let query = tx
    .selectFrom('note')
    .select(noteColumns)
    .select(position)
    .where(hangsOn(of))
    .where('deleted_at', 'is', null)
  if (before) query = query.where(isBehind(before))
  if (by) query = query.where('created_by', '=', by)
  if (isImported) query = query.where('import_id', 'is not', null)
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

const PINNED_MAX = 50

export function listPinned(tx: ReadTx, subject: Subject) {
  return tx
    .selectFrom('note')
    .select(noteColumns)
    .select(position)
    .where(`${subject.kind}_id`, '=', subject.id)
    .where('deleted_at', 'is', null)
    .where('pinned_at', 'is not', null)
    .orderBy('pinned_at', 'desc')
    .limit(PINNED_MAX)
    .execute()
}

export function listTasks(tx: ReadTx, { before, by, limit, ...of }: Part) {
  let query = tx
    .selectFrom('task')
    .select(stamps)
    .select(['joint_dossier_id', 'due_on', 'assignee_id', 'done_at', 'done_by'])
    .select(position)
    .where(hangsOn(of))
  if (before) query = query.where(isBehind(before))
  if (by)
    query = query.where((is) =>
      is.or([is('created_by', '=', by), is('done_by', '=', by), is('assignee_id', '=', by)]),
    )
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export function listFiles(tx: ReadTx, { before, by, limit, ...of }: Part) {
  let query = tx
    .selectFrom('file')
    .select([...stamps, 'joint_dossier_id'])
    .select(position)
    .where(hangsOn(of))
    .where('deleted_at', 'is', null)
    .where('completed_at', 'is not', null)
  if (before) query = query.where(isBehind(before))
  if (by) query = query.where('created_by', '=', by)
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** Files that were thrown away, where that happened. */
export function listRemoved(tx: ReadTx, { before, by, limit, ...of }: Part) {
  let query = tx
    .selectFrom('file')
    .select(['id', 'joint_dossier_id', 'deleted_at', 'deleted_by'])
    .select(sql<string>`deleted_at::text`.as('position'))
    .where(hangsOn(of))
    .where('deleted_at', 'is not', null)
    .where('completed_at', 'is not', null)
  if (before)
    query = query.where(
      sql<boolean>`(deleted_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`,
    )
  if (by) query = query.where('deleted_by', '=', by)
  return query.orderBy('deleted_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export function listMerges(tx: ReadTx, { subject, before, by, limit }: RecordPart) {
  let query = tx
    .selectFrom('merge')
    .select(['id', 'created_at', 'created_by', 'undone_at', 'undone_by'])
    .select(sql<boolean>`content_sealed is not null`.as('is_named'))
    .select(position)
    .where(`${subject.kind}_id`, '=', subject.id)
  if (before) query = query.where(isBehind(before))
  if (by) query = query.where((is) => is.or([is('created_by', '=', by), is('undone_by', '=', by)]))
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

/** `ties`: those alone, or all but those; none given: both. */
export function listChanges(
  tx: ReadTx,
  { subject, before, by, isImported, limit }: RecordPart,
  ties?: boolean,
) {
  let query = tx
    .selectFrom('record_change')
    .select(['id', 'created_at', 'created_by', 'what', 'is_import'])
    .select(['stage_before', 'stage_after', 'owner_before', 'owner_after'])
    .select(['team_before', 'team_after', 'other_person_id', 'other_company_id'])
    .select(position)
    .where(`${subject.kind}_id`, '=', subject.id)
    // What a merge made of the record goes without saying, for those who are told of the merge.
    .where(
      sql<boolean>`not (what <@ '{contact,confidential}' and exists (
        select from kluis.merge m where m.${sql.ref(`${subject.kind}_id`)} = ${subject.id}::uuid
          and (m.created_at = record_change.created_at or m.undone_at = record_change.created_at)))`,
    )
  if (before) query = query.where(isBehind(before))
  if (by) query = query.where('created_by', '=', by)
  if (isImported) query = query.where('is_import', '=', true)
  if (ties !== undefined)
    query = query.where(
      sql<boolean>`(num_nonnulls(other_person_id, other_company_id) > 0) = ${ties}`,
    )
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

const THROWN_MAX = 200

/** The notes or files of a dossier that were thrown away, the last first. */
export function listThrown(tx: ReadTx, table: 'note' | 'file', subject: Subject) {
  return tx
    .selectFrom(table as 'note')
    .select(stamps)
    .select(['deleted_at', 'deleted_by'])
    .where(`${subject.kind}_id`, '=', subject.id)
    .where('deleted_at', 'is not', null)
    .orderBy('deleted_at', 'desc')
    .limit(THROWN_MAX)
    .execute()
}

export type NoteRow = Awaited<ReturnType<typeof listNotes>>[number]
export type TaskRow = Awaited<ReturnType<typeof listTasks>>[number]
export type FileRow = Awaited<ReturnType<typeof listFiles>>[number]
export type ChangeRow = Awaited<ReturnType<typeof listChanges>>[number]
export type RemovedRow = Awaited<ReturnType<typeof listRemoved>>[number]
export type MergeRow = Awaited<ReturnType<typeof listMerges>>[number]
export type ThrownRow = Awaited<ReturnType<typeof listThrown>>[number]
