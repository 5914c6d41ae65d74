import { type RawBuilder, sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import { prepare, type ReadTx, type Tx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'
import { refuse } from '#platform/problem.ts'
import type { IndexKind, Relation } from '#security/search/index-types.ts'
import type { HangsOn, Openings } from './contract.ts'

/** What a person and a company have in common beside what is sealed. */
export type IndexRow = {
  id: string
  owner_id: string
  team_id: string
  stage: string
  row_version: number
  created_at: Date
  updated_at: Date
  deleted_at: Date | null
}
export const COLUMNS = [
  'owner_id',
  'team_id',
  'stage',
  'row_version',
  'created_at',
  'updated_at',
  'deleted_at',
] as const

/** What a line of a list shows of them: each column is written, sent and read once a line. */
export type LineRow = Omit<IndexRow, 'deleted_at'>
export const LINE_COLUMNS = [
  'id',
  'owner_id',
  'team_id',
  'stage',
  'row_version',
  'created_at',
  'updated_at',
] as const

export function listRows(tx: ReadTx, kind: IndexKind, ids: readonly string[]): Promise<IndexRow[]> {
  return tx
    .selectFrom(kind)
    .select(['id', ...COLUMNS])
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .execute()
}

/**
 * Says which contact fields the change that follows in this transaction is of: the database can't see into what is
 * sealed, and the timeline tells of a change by its fields. Names from the program, never from a request.
 */
export async function nameChangedFields(tx: Tx, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await tx.run(sql`select set_config('kluis.changed_fields', ${names.join(' ')}, true)`)
}

/** As much of what hangs on a record as stands readable; the rest is opened. */
export type RelatedRow = {
  id: string
  person_id: string | null
  company_id: string | null
  /** Of a tie between two of one kind. */
  other_person_id?: string | null
  other_company_id?: string | null
  is_parent?: boolean
  created_at?: Date
  user_id?: string | null
  due_on?: string | null
  done_at?: Date | null
}

const relatedColumns: Record<Relation, RawBuilder<unknown>> = {
  task: sql`assignee_id as user_id, due_on, done_at`,
  note: sql`created_at, created_by as user_id`,
  file: sql`created_at`,
  affiliation: sql`created_at`,
  relation: sql`other_person_id, other_company_id, is_parent`,
}
// What hangs on a joint dossier is found from its parties, by no filter and no word of it. What was thrown away hangs on nobody; a photo is how somebody looks, and no document.
const relatedThere: Record<Relation, RawBuilder<unknown>> = {
  task: sql`joint_dossier_id is null`,
  note: sql`deleted_at is null and joint_dossier_id is null`,
  file: sql`deleted_at is null and completed_at is not null and photo_of is null and joint_dossier_id is null`,
  affiliation: sql`true`,
  relation: sql`true`,
}
const relatedRows = (relation: Relation) =>
  sql`select id, person_id, company_id, ${relatedColumns[relation]}
    from ${sql.table(`kluis.${relation}`)} where ${relatedThere[relation]}`

export function listRelatedRows(
  tx: ReadTx,
  relation: Relation,
  ids: readonly string[],
): Promise<RelatedRow[]> {
  return tx.run(sql<RelatedRow>`${relatedRows(relation)} and id = any (${ids}::uuid[])`)
}

/** All that hang on these records, from either end. */
export function listRelatedOf(
  tx: ReadTx,
  relation: Relation,
  recordIds: readonly string[],
): Promise<RelatedRow[]> {
  const ends = ['person_id', 'company_id']
  if (relation === 'relation') ends.push('other_person_id', 'other_company_id')
  const isOf = ends.map((end) => sql`${sql.ref(end)} = any (${recordIds}::uuid[])`)
  return tx.run(sql<RelatedRow>`${relatedRows(relation)} and (${sql.join(isOf, sql` or `)})`)
}

/** The next ones by id, for filling the index. */
export function listRelatedAfter(
  tx: ReadTx,
  relation: Relation,
  after: string,
  limit: number,
): Promise<RelatedRow[]> {
  return tx.run(
    sql<RelatedRow>`${relatedRows(relation)} and id > ${after}::uuid order by id limit ${limit}`,
  )
}

/** Who opened this record; refuses as missing what the caller may not see. */
export async function listOpenings(
  tx: ReadTx,
  kind: IndexKind,
  id: string,
): Promise<Openings['items']> {
  const [[record], rows] = await Promise.all([
    listRows(tx, kind, [id]),
    tx.run(
      sql<{
        at: Date
        user_id: string | null
        purpose: string
        kind: Openings['items'][number]['kind']
      }>`select * from kluis.seen_by(${id}::uuid)`,
    ),
  ])
  if (!record) refuse('not-found')
  return rows.map(({ at, user_id, purpose, kind }) => ({
    at: at.toISOString(),
    userId: user_id,
    purpose,
    kind,
  }))
}

/** That a confidential value is there, and how to change it; what it is, only the vault says. */
export type ConfidentialRow = {
  id: string
  field_id: string
  confidential_seal_counter: number
  row_version: number
}
type OfRecord = { id: string }

const confidentialOf: Record<IndexKind, ReturnType<typeof confidentialQuery>> = {
  person: confidentialQuery('person'),
  company: confidentialQuery('company'),
}
function confidentialQuery(kind: IndexKind) {
  return prepare<ConfidentialRow, OfRecord>(
    ({ id }): RawBuilder<ConfidentialRow> => sql<ConfidentialRow>`
      select id, field_id, confidential_seal_counter, row_version from kluis.confidential_value
      where ${sql.ref(`${kind}_id`)} = ${id}::uuid`,
  )
}

/** Those of a record whose fields the caller's role sees: row security says which. */
export function listConfidential(
  tx: ReadTx,
  kind: IndexKind,
  id: string,
): Promise<ConfidentialRow[]> {
  return tx.ask(confidentialOf[kind], { id })
}

export type HungValue = { id: string; record_id: string; field_id: string }

/** The same of many records at once. */
export function listConfidentialOf(
  tx: ReadTx,
  kind: IndexKind,
  ids: readonly string[],
): Promise<(HungValue & ConfidentialRow)[]> {
  return tx.run(sql<HungValue & ConfidentialRow>`
    select id, ${sql.ref(`${kind}_id`)} as record_id, field_id, confidential_seal_counter, row_version
    from kluis.confidential_value where ${sql.ref(`${kind}_id`)} = any (${ids}::uuid[])`)
}

export type ConfidentialWrite = {
  id: string
  fieldId: string
  sealed: Sealed
  counter: number
  token: Buffer | null
  /** Of the one that is there; undefined for a new one. */
  version: number | undefined
}

export async function writeConfidential(
  tx: Tx,
  kind: IndexKind,
  recordId: string,
  writes: readonly ConfidentialWrite[],
): Promise<void> {
  await Promise.all(
    writes.map(({ id, fieldId, sealed, counter, token, version }) =>
      version === undefined
        ? tx
            .insertInto('confidential_value')
            .values({
              id,
              field_id: fieldId,
              ...(kind === 'person' ? { person_id: recordId } : { company_id: recordId }),
              confidential_sealed: sealed,
              exact_token: token,
            })
            .execute()
        : tx
            .updateTable('confidential_value')
            .set({
              confidential_sealed: sealed,
              confidential_seal_counter: counter,
              exact_token: token,
              row_version: version + 1,
            })
            .where('id', '=', id)
            .execute(),
    ),
  )
}

export async function deleteConfidential(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.deleteFrom('confidential_value').where(sql<boolean>`id = any (${ids}::uuid[])`).execute()
}

const HOLDERS_MAX = 5_000

/** Whose confidential value has one of these tokens, as far as the caller's role sees the field and the record. */
export async function listHolders(
  tx: ReadTx,
  fieldId: string,
  tokens: readonly Buffer[],
): Promise<string[]> {
  const rows = await tx.run(sql<{ id: string }>`
    select coalesce(person_id, company_id) as id from kluis.confidential_value
    where exact_token = any (${tokens}::bytea[]) and field_id = ${fieldId}::uuid limit ${HOLDERS_MAX}`)
  return rows.map(({ id }) => id)
}

/** What was merged into these records, told to whoever saw both. */
export async function listMergedInto(tx: ReadTx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.run(sql<{ id: string }>`
    select merged_id as id from kluis.merge
    where (person_id = any (${ids}::uuid[]) or company_id = any (${ids}::uuid[])) and undone_at is null`)
  return rows.map(({ id }) => id)
}

// Newer than all of these, a merge has been carried into most values by whoever changed them since.
const BECAME_MAX = 2_000

/** What was merged last, and into which record, told to whoever saw both. */
export function listBecame(
  tx: ReadTx,
  kind: IndexKind,
): Promise<{ merged_id: string; kept_id: string }[]> {
  const kept = sql.ref(`${kind}_id`)
  return tx.run(sql<{ merged_id: string; kept_id: string }>`
    select merged_id, ${kept} as kept_id from kluis.merge
    where ${kept} is not null and undone_at is null order by created_at desc limit ${BECAME_MAX}`)
}

/** What these ids lead to now, of those that were merged into another record. */
export function listLeadsTo(
  tx: ReadTx,
  ids: readonly string[],
): Promise<{ id: string; leads_to: string }[]> {
  return tx.run(sql<{ id: string; leads_to: string }>`
    select id, leads_to from (
      select id, kluis.leads_to(id) as leads_to from unnest(${ids}::uuid[]) as asked(id)) led
    where leads_to is not null`)
}

export async function insertReveal(
  tx: Tx,
  kind: IndexKind,
  recordId: string,
  id: string,
  content: Sealed,
): Promise<void> {
  await tx
    .insertInto('reveal')
    .values({
      id,
      ...(kind === 'person' ? { person_id: recordId } : { company_id: recordId }),
      content_sealed: content,
    })
    .execute()
}

const REVEALS_MAX = 200

export function listReveals(tx: ReadTx, kind: IndexKind, recordId: string) {
  return tx
    .selectFrom('reveal')
    .select(['id', 'created_at', 'created_by'])
    .where(`${kind}_id`, '=', recordId)
    .orderBy('created_at', 'desc')
    .limit(REVEALS_MAX)
    .execute()
}

export type Photo = { id: string; person_id: string; frame_count: number }

// The record's own before one that a merge brought; then the newest. Of one record `kluis.photo_id` says the same.
const readPhotos = prepare<Photo, { ids: readonly string[] }>(
  ({ ids }) => sql<Photo>`
    select distinct on (person_id) id, person_id, frame_count from kluis.file
    where person_id = any (${ids}::uuid[]) and photo_of is not null and completed_at is not null and deleted_at is null
    order by person_id, photo_of = person_id desc, created_at desc, id`,
)

/** At most one each, of the people the caller sees; of nobody when they may not see files. */
export function listPhotos(tx: ReadTx, personIds: readonly string[]): Promise<Photo[]> {
  return tx.ask(readPhotos, { ids: personIds })
}

/**
 * Whose name has all these words, newest first, by the tokens of their beginnings. Found first and then put in order: from the
 * newest on, PostgreSQL would walk through everybody for a name that nobody has.
 */
export function listByNames(
  tx: ReadTx,
  kind: IndexKind,
  words: readonly (readonly Buffer[])[],
  place: { isInTrash: boolean; before: Position | undefined; limit: number },
): Promise<{ id: string; position: string }[]> {
  const [table, subject] = [sql.table(`kluis.${kind}`), sql.ref(`${kind}_id`)]
  const [first = [], ...others] = words
  const also = others.map(
    (any) => sql`and exists (
      select from kluis.name_prefix o where o.${subject} = n.${subject} and o.token = any (${any}::bytea[]))`,
  )
  const { isInTrash, before, limit } = place
  return tx.run(sql<{ id: string; position: string }>`
    with found as materialized (
      select distinct n.${subject} as id from kluis.name_prefix n
      where n.${subject} is not null and n.token = any (${first}::bytea[]) ${sql.join(also, sql` `)})
    select r.id, r.created_at::text as position from found join ${table} r on r.id = found.id
    where (r.deleted_at is not null) = ${isInTrash}
      ${before ? sql`and (r.created_at < ${before.at}::timestamptz or r.created_at = ${before.at}::timestamptz and r.id > ${before.id}::uuid)` : sql``}
    order by r.created_at desc, r.id limit ${limit}`)
}

/** Since when a joint dossier is over; undefined where the caller sees none. */
export async function findJointEnd(tx: ReadTx, id: string): Promise<Date | null | undefined> {
  const [row] = await tx.run(sql<{ ended_at: Date | null }>`
    select ended_at from kluis.joint_dossier where id = ${id}::uuid`)
  return row?.ended_at
}

/** Nothing new is hung on a joint dossier that has ended. PostgreSQL refuses it too; this says why. */
export async function requireGoingOn(tx: ReadTx, subject: HangsOn): Promise<void> {
  if (subject.kind === 'joint_dossier' && (await findJointEnd(tx, subject.id)))
    refuse('joint-dossier-ended')
}

/** Who is a party of these joint dossiers, as far as the caller sees them, the first one first. */
export function listSeenParties(
  tx: ReadTx,
  ids: readonly string[],
): Promise<{ joint_dossier_id: string; person_id: string }[]> {
  return tx.run(sql<{ joint_dossier_id: string; person_id: string }>`
    select joint_dossier_id, person_id from kluis.joint_party
    where joint_dossier_id = any (${ids}::uuid[]) order by created_at, id`)
}

/** The dossiers the caller opened last, newest first. */
export function listRecentlyOpened(
  tx: ReadTx,
): Promise<{ table_name: IndexKind; subject_id: string; at: Date }[]> {
  return tx.run(
    sql<{
      table_name: IndexKind
      subject_id: string
      at: Date
    }>`select * from kluis.recently_opened()`,
  )
}

export type SearchSettingRow = {
  content_search: boolean
  name_prefixes: boolean
  row_version: number
}

export async function findSearchSetting(tx: ReadTx): Promise<SearchSettingRow> {
  const [row] = await tx.run(
    sql<SearchSettingRow>`select content_search, name_prefixes, row_version from kluis.search_setting`,
  )
  return row ?? { content_search: true, name_prefixes: false, row_version: 0 }
}

/** How many the index is about to hold. */
export async function countIndexed(tx: ReadTx): Promise<number> {
  const tables = ['person', 'company', ...Object.keys(relatedThere)]
  const counts = tables.map((table) => sql`(select count(*) from ${sql.table(`kluis.${table}`)})`)
  const [row] = await tx.run(
    sql<{ count: number }>`select (${sql.join(counts, sql` + `)})::int as count`,
  )
  return row!.count
}
