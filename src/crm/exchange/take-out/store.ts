/** What a take-out reads beside people and companies, page by page; row security says of each row whether it is there. */
import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import { isExported } from '../export/store.ts'

type Stamps = {
  id: string
  person_id: string | null
  company_id: string | null
  created_at: Date
  created_by: string | null
}
type OtherEnd = { other_person_id: string | null; other_company_id: string | null }
/** What hangs on a person, a company or a joint dossier. */
type Hanging = Stamps & { joint_dossier_id: string | null }
export type AffiliationRow = Stamps
export type RelationRow = Stamps & OtherEnd
export type JointRow = Omit<Stamps, 'person_id' | 'company_id'> & {
  ended_at: Date | null
  ended_by: string | null
  review_since: Date | null
}
export type PartyRow = Stamps & { joint_dossier_id: string }
export type NoteRow = Hanging & {
  edited_at: Date | null
  edited_by: string | null
  pinned_at: Date | null
  pinned_by: string | null
}
export type NoteVersionRow = Hanging & {
  note_id: string
  written_at: Date
  written_by: string | null
}
export type TaskRow = Hanging & {
  due_on: string | null
  done_at: Date | null
  done_by: string | null
  assignee_id: string | null
  repeats: string | null
  repeat_day: number | null
  remind_at: Date | null
  next_id: string | null
}
export type FileRow = Hanging & {
  frame_count: number
  photo_of: string | null
  retention_rule: string | null
  retained_until: string | null
}
export type ChangeRow = Stamps &
  OtherEnd & {
    what: string[]
    stage_before: string | null
    stage_after: string | null
    owner_before: string | null
    owner_after: string | null
    team_before: string | null
    team_after: string | null
    is_import: boolean
  }
export type ViewRow = {
  id: string
  list: string
  kind: string
  shared_with: string
  owner_id: string
  team_id: string | null
  default_of: string[]
}
export type NotDuplicateRow = {
  id: string
  first_person_id: string | null
  second_person_id: string | null
  first_company_id: string | null
  second_company_id: string | null
  created_at: Date
  created_by: string | null
}

export type Page<R> = (tx: ReadTx, after: string, limit: number) => Promise<R[]>

const stamps = sql`t.id, t.person_id, t.company_id, t.created_at, t.created_by`
/** Of a record in the trash, or that the right to export does not reach, nothing leaves. */
const isKept = (...columns: string[]) =>
  sql.join(
    columns.map((column) => {
      const table = column.endsWith('person_id') ? 'person' : 'company'
      return sql`(${sql.ref(`t.${column}`)} is null or (select true from ${sql.table(`kluis.${table}`)} g
        where g.id = ${sql.ref(`t.${column}`)} and g.deleted_at is null and ${isExported(table, 'g')}))`
    }),
    sql` and `,
  )
const ofRecord = isKept('person_id', 'company_id')
/** A joint dossier goes with any of its parties that is taken out. */
const isJointKept = (id: string) => sql`(select true from kluis.joint_party j
  where j.joint_dossier_id = ${sql.ref(id)} and (select true from kluis.person g
    where g.id = j.person_id and g.deleted_at is null and ${isExported('person', 'g')}) limit 1)`
const hanging = sql`${stamps}, t.joint_dossier_id`
const isHangingKept = sql`${ofRecord} and (t.joint_dossier_id is null or ${isJointKept('t.joint_dossier_id')})`

/** The next rows of a table behind an id, of records that are not in the trash. */
function pages<R>(
  table: string,
  more: ReturnType<typeof sql>,
  where: ReturnType<typeof sql>,
): Page<R> {
  return (tx, after, limit) =>
    tx.run(sql<R>`
      select ${more} from ${sql.table(`kluis.${table}`)} t
      where t.id > ${after}::uuid and ${where} order by t.id limit ${limit}`)
}

/** Those whose person and company the caller sees. */
export const listAffiliations: Page<AffiliationRow> = (tx, after, limit) =>
  tx.run(sql<AffiliationRow>`
    select ${stamps} from kluis.affiliation t
    join kluis.person p on p.id = t.person_id and p.deleted_at is null and ${isExported('person', 'p')}
    join kluis.company c on c.id = t.company_id and c.deleted_at is null and ${isExported('company', 'c')}
    where t.id > ${after}::uuid order by t.id limit ${limit}`)

const otherEnd = sql`${stamps}, t.other_person_id, t.other_company_id`
const bothEnds = isKept('person_id', 'company_id', 'other_person_id', 'other_company_id')
/** Those of which the caller sees both ends. */
export const listRelations = pages<RelationRow>('relation', otherEnd, bothEnds)

export const listJointDossiers = pages<JointRow>(
  'joint_dossier',
  sql`t.id, t.created_at, t.created_by, t.ended_at, t.ended_by, t.review_since`,
  isJointKept('t.id'),
)

/** Of a party that the right to export does not reach, nothing; nor is it counted. */
export const listParties = pages<PartyRow>(
  'joint_party',
  sql`t.id, t.person_id, null::uuid as company_id, t.joint_dossier_id, t.created_at, t.created_by`,
  isKept('person_id'),
)

export const listNotes = pages<NoteRow>(
  'note',
  sql`${hanging}, t.edited_at, t.edited_by, t.pinned_at, t.pinned_by`,
  sql`t.deleted_at is null and ${isHangingKept}`,
)

export const listNoteVersions = pages<NoteVersionRow>(
  'note_version',
  sql`${hanging}, t.note_id, t.written_at, t.written_by`,
  sql`not exists (select from kluis.note n where n.id = t.note_id and n.deleted_at is not null) and ${isHangingKept}`,
)

export const listTasks = pages<TaskRow>(
  'task',
  sql`${hanging}, t.due_on::text, t.done_at, t.done_by, t.assignee_id, t.repeats, t.repeat_day, t.remind_at, t.next_id`,
  isHangingKept,
)

export const listFiles = pages<FileRow>(
  'file',
  sql`${hanging}, t.frame_count, t.photo_of, t.retention_rule, t.retained_until::text as retained_until`,
  sql`t.deleted_at is null and t.completed_at is not null and t.set_apart_at is null and ${isHangingKept}`,
)

export const listChanges = pages<ChangeRow>(
  'record_change',
  sql`${otherEnd}, t.what, t.stage_before, t.stage_after, t.owner_before, t.owner_after, t.team_before, t.team_after, t.is_import`,
  bothEnds,
)

export const listReveals = pages<Stamps>('reveal', stamps, ofRecord)

type Bookmark = Omit<Stamps, 'created_by'>
const bookmark = sql`t.id, t.person_id, t.company_id, t.created_at`
export const listFollows = pages<Bookmark>('follow', bookmark, ofRecord)
export const listFavourites = pages<Bookmark>('favourite', bookmark, ofRecord)

export const listNotDuplicates = pages<NotDuplicateRow>(
  'not_duplicate',
  sql`t.id, t.first_person_id, t.second_person_id, t.first_company_id, t.second_company_id, t.created_at, t.created_by`,
  isKept('first_person_id', 'second_person_id', 'first_company_id', 'second_company_id'),
)

export const listViews = pages<ViewRow>(
  'saved_view',
  sql`t.id, t.list, t.kind, t.shared_with, t.owner_id, t.team_id,
    array(select d.role_id from kluis.default_view d where d.view_id = t.id order by d.role_id) as default_of`,
  sql`true`,
)

export const listColleagues = pages<{ id: string; status: string }>(
  'user_account',
  sql`t.id, t.status`,
  sql`true`,
)
