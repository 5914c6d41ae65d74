import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Counts } from './contract.ts'
import type { RecordKind } from './duplicates.ts'

export type RunState = 'running' | 'done' | 'failed' | 'reverted'

export async function insertRun(tx: Tx, id: string, contentSealed: Sealed): Promise<void> {
  await tx.insertInto('import_run').values({ id, content_sealed: contentSealed }).execute()
}

export async function updateRun(
  tx: Tx,
  id: string,
  version: number,
  change: Partial<Counts> & { state?: RunState; revertedAt?: Date },
): Promise<void> {
  const { state, revertedAt, read, created, updated, skipped, refused, flagged } = change
  const counts = {
    read_rows: read,
    created_rows: created,
    updated_rows: updated,
    skipped_rows: skipped,
    refused_rows: refused,
    flagged_rows: flagged,
    state,
    reverted_at: revertedAt,
  }
  await tx
    .updateTable('import_run')
    .set({
      ...Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== undefined)),
      row_version: version + 1,
    })
    .where('id', '=', id)
    .execute()
}

const runColumns = [
  'id',
  'state',
  'read_rows',
  'created_rows',
  'updated_rows',
  'skipped_rows',
  'refused_rows',
  'flagged_rows',
  'row_version',
  'created_at',
  'reverted_at',
] as const

export function findRun(tx: ReadTx, id: string) {
  return tx.selectFrom('import_run').select(runColumns).where('id', '=', id).executeTakeFirst()
}

/** Newest first, at most `limit`. */
export function listRuns(tx: ReadTx, limit: number) {
  return tx
    .selectFrom('import_run')
    .select(runColumns)
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute()
}
export type RunRow = Awaited<ReturnType<typeof listRuns>>[number]

export type ToldRow = {
  id: string
  import_id: string
  line: number
  outcome: string
  sealed: Sealed
}

export async function insertToldRows(tx: Tx, rows: ToldRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    insert into kluis.import_row (id, import_id, line, outcome, content_sealed)
    select * from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.import_id)}::uuid[], ${rows.map((r) => r.line)}::int[],
      ${rows.map((r) => r.outcome)}::text[], ${rows.map((r) => r.sealed)}::bytea[])`)
}

export function listToldRows(tx: ReadTx, importId: string, outcomes: string[], limit: number) {
  return tx
    .selectFrom('import_row')
    .select(['id', 'line', 'outcome'])
    .where('import_id', '=', importId)
    .where(sql<boolean>`outcome = any (${outcomes}::text[])`)
    .orderBy('line')
    .limit(limit)
    .execute()
}

/** Rows that were told are kept for a while only: they are the one copy of customers' data outside their records. */
export async function deleteToldRowsBefore(tx: Tx, instant: Date): Promise<void> {
  await tx.deleteFrom('import_row').where('created_at', '<', instant).execute()
}

export type RecordRow = {
  id: string
  ownerId: string
  teamId: string
  stage: string
  keySlot: number
  contact: Sealed
  confidential: Sealed | null
}

/** Many records of one kind in one statement. */
export async function insertRecords(
  tx: Tx,
  kind: RecordKind,
  importId: string,
  rows: RecordRow[],
): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    insert into ${sql.table(`kluis.${kind}`)} (id, owner_id, team_id, stage, key_slot, contact_sealed, confidential_sealed, confidential_seal_counter, import_id)
    select *, ${importId}::uuid from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.ownerId)}::uuid[], ${rows.map((r) => r.teamId)}::uuid[],
      ${rows.map((r) => r.stage)}::text[], ${rows.map((r) => r.keySlot)}::bigint[], ${rows.map((r) => r.contact)}::bytea[],
      ${rows.map((r) => r.confidential)}::bytea[], ${rows.map((r) => (r.confidential ? 1 : 0))}::int[])`)
}

export type LookupRow = { id: string; column: string; token: Buffer }

export async function insertLookups(tx: Tx, kind: RecordKind, rows: LookupRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    insert into ${sql.table(`kluis.${kind}_lookup`)} (${sql.ref(`${kind}_id`)}, kind, token)
    select * from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.column)}::text[], ${rows.map((r) => r.token)}::bytea[])
    on conflict do nothing`)
}

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
    on conflict (person_id, company_id) do nothing`)
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

/** Records the caller sees, not in the trash, that carry one of these tokens. */
export async function listMatches(
  tx: ReadTx,
  kind: RecordKind,
  tokens: Buffer[],
): Promise<{ id: string; column: string; token: Buffer }[]> {
  if (tokens.length === 0) return []
  const id = sql.ref(`l.${kind}_id`)
  const [, rows] = await Promise.all([
    // A kept plan may be from before the import, when the table was empty; beside a thousand tokens planning is cheap.
    tx.run(sql`select set_config('plan_cache_mode', 'force_custom_plan', true)`),
    tx.run(sql<{ id: string; column: string; token: Buffer }>`
      select ${id} as id, l.kind as column, l.token from ${sql.table(`kluis.${kind}_lookup`)} l
      where l.token = any (${tokens}::bytea[])
        and (select r.deleted_at is null from ${sql.table(`kluis.${kind}`)} r where r.id = ${id})
      limit 20000`),
  ])
  return rows
}

export type PlaceRow = {
  id: string
  key_slot: number
  row_version: number
  contact_seal_counter: number
  confidential_seal_counter: number
}

export function listPlaces(tx: ReadTx, kind: RecordKind, ids: string[]): Promise<PlaceRow[]> {
  return tx.run(sql<PlaceRow>`
    select id, key_slot, row_version, contact_seal_counter, confidential_seal_counter
    from ${sql.table(`kluis.${kind}`)} where id = any (${ids}::uuid[])`)
}

export type ChangedRow = PlaceRow & { contact: Sealed; confidential: Sealed | null }

/** Gives the ids that were changed: one whose version rose meanwhile is left as it is. */
export async function updateRecords(
  tx: Tx,
  kind: RecordKind,
  rows: ChangedRow[],
): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const changed = await tx.run(sql<{ id: string }>`
    update ${sql.table(`kluis.${kind}`)} as r
    set row_version = u.version + 1, contact_sealed = u.contact, contact_seal_counter = r.contact_seal_counter + 1,
        confidential_sealed = coalesce(u.confidential, r.confidential_sealed),
        confidential_seal_counter = r.confidential_seal_counter + case when u.confidential is null then 0 else 1 end
    from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.row_version)}::int[], ${rows.map((r) => r.contact)}::bytea[],
      ${rows.map((r) => r.confidential)}::bytea[]) as u(id, version, contact, confidential)
    where r.id = u.id and r.row_version = u.version
    returning r.id`)
  return new Set(changed.map((row) => row.id))
}

/** Those of an import that nobody worked on since: no edit, and no note, task, file or colleague's company hung on them. */
export async function deleteUntouched(
  tx: Tx,
  kind: RecordKind,
  importId: string,
): Promise<string[]> {
  const subject = sql.ref(`${kind}_id`)
  const affiliated =
    kind === 'company'
      ? sql`and not exists (select from kluis.affiliation a where a.company_id = r.id)`
      : sql``
  const rows = await tx.run(sql<{ id: string }>`
    delete from ${sql.table(`kluis.${kind}`)} r
    where r.import_id = ${importId}::uuid and r.row_version = 1
      and not exists (select from kluis.note n where n.${subject} = r.id and (n.import_id is distinct from ${importId}::uuid or n.row_version > 1))
      and not exists (select from kluis.task t where t.${subject} = r.id)
      and not exists (select from kluis.file f where f.${subject} = r.id) ${affiliated}
    returning r.id`)
  return rows.map((row) => row.id)
}

export function listImported(tx: ReadTx, kind: RecordKind, importId: string, limit: number) {
  return tx.run(sql<{ id: string }>`
    select id from ${sql.table(`kluis.${kind}`)} where import_id = ${importId}::uuid order by id limit ${limit}`)
}

export type ExportedRow = {
  id: string
  stage: string
  created_at: Date
  updated_at: Date
}

/** The next records behind an id that the caller sees, without those in the trash. */
export function listForExport(
  tx: ReadTx,
  kind: RecordKind,
  after: string,
  limit: number,
): Promise<ExportedRow[]> {
  return tx.run(sql<ExportedRow>`
    select id, stage, created_at, updated_at from ${sql.table(`kluis.${kind}`)}
    where id > ${after}::uuid and deleted_at is null order by id limit ${limit}`)
}

export async function recordExport(tx: ReadTx, kind: RecordKind, rows: number): Promise<void> {
  await tx.run(
    sql`select kluis_ledger.record_event('export', ${JSON.stringify({ table: kind, rows })}::jsonb)`,
  )
}
