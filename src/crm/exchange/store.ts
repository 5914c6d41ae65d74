import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Counts } from './contract.ts'
import type { RecordKind } from './duplicates.ts'

export type RunState = 'running' | 'paused' | 'done' | 'failed' | 'reverted'

export async function insertRun(
  tx: Tx,
  id: string,
  contentSealed: Sealed,
  totalRows: number,
): Promise<void> {
  await tx
    .insertInto('import_run')
    .values({ id, content_sealed: contentSealed, total_rows: totalRows })
    .execute()
}

export async function updateRun(
  tx: Tx,
  id: string,
  version: number,
  change: Partial<Counts & { people: number; companies: number }> & {
    state?: RunState
    revertedAt?: Date
  },
): Promise<void> {
  const { state, revertedAt, read, created, updated, skipped, refused, flagged } = change
  const { people, companies } = change
  const counts = {
    read_rows: read,
    created_rows: created,
    updated_rows: updated,
    skipped_rows: skipped,
    refused_rows: refused,
    flagged_rows: flagged,
    people,
    companies,
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
  'total_rows',
  'people',
  'companies',
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

/** What an import keeps beside its records is kept for a while only: it is the one copy of customers' data outside them. */
export async function forgetBefore(tx: Tx, instant: Date): Promise<void> {
  for (const table of ['import_row', 'import_file', 'import_batch', 'import_change'] as const)
    await tx.deleteFrom(table).where('created_at', '<', instant).execute()
}

export async function insertFile(
  tx: Tx,
  importId: string,
  parts: { id: string; part: number; content: Sealed }[],
): Promise<void> {
  await tx
    .insertInto('import_file')
    .values(
      parts.map(({ id, part, content }) => ({
        id,
        import_id: importId,
        part,
        content_sealed: content,
      })),
    )
    .execute()
}

export function listFileParts(tx: ReadTx, importId: string) {
  return tx
    .selectFrom('import_file')
    .select(['id'])
    .where('import_id', '=', importId)
    .orderBy('part')
    .limit(1_000)
    .execute()
}

export type BatchRow = { id: string; content: Sealed }

export async function insertBatch(
  tx: Tx,
  importId: string,
  firstRow: number,
  { id, content }: BatchRow,
): Promise<void> {
  await tx
    .insertInto('import_batch')
    .values({ id, import_id: importId, first_row: firstRow, content_sealed: content })
    .execute()
}

export function listBatches(tx: ReadTx, importId: string) {
  return tx
    .selectFrom('import_batch')
    .select(['id'])
    .where('import_id', '=', importId)
    .orderBy('first_row')
    .limit(10_000)
    .execute()
}

/** The run has ended: its file and its journal are of no more use. */
export async function deleteProgress(tx: Tx, importId: string): Promise<void> {
  await Promise.all([
    tx.deleteFrom('import_file').where('import_id', '=', importId).execute(),
    tx.deleteFrom('import_batch').where('import_id', '=', importId).execute(),
  ])
}

export type PastRow = {
  id: string
  kind: RecordKind
  subjectId: string
  version: number
  content: Sealed
}

export async function insertChanges(tx: Tx, importId: string, rows: PastRow[]): Promise<void> {
  if (rows.length === 0) return
  const subjects = (kind: RecordKind) =>
    rows.map((row) => (row.kind === kind ? row.subjectId : null))
  await tx.run(sql`
    insert into kluis.import_change (import_id, id, person_id, company_id, record_version, content_sealed)
    select ${importId}::uuid, * from unnest(${rows.map((r) => r.id)}::uuid[], ${subjects('person')}::uuid[], ${subjects('company')}::uuid[],
      ${rows.map((r) => r.version)}::int[], ${rows.map((r) => r.content)}::bytea[])`)
}

export function findMapping(tx: ReadTx, source: Buffer) {
  return tx
    .selectFrom('import_mapping')
    .select(['id', 'row_version', 'content_seal_counter'])
    .where('source', '=', source)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}
export type MappingRow = NonNullable<Awaited<ReturnType<typeof findMapping>>>

export async function insertMapping(
  tx: Tx,
  { id, source, content }: { id: string; source: Buffer; content: Sealed },
): Promise<void> {
  await tx.insertInto('import_mapping').values({ id, source, content_sealed: content }).execute()
}

export async function updateMapping(tx: Tx, row: MappingRow, content: Sealed): Promise<void> {
  await tx
    .updateTable('import_mapping')
    .set({
      content_sealed: content,
      content_seal_counter: row.content_seal_counter + 1,
      row_version: row.row_version + 1,
    })
    .where('id', '=', row.id)
    .execute()
}

export async function deleteMapping(tx: Tx, id: string): Promise<number> {
  const [done] = await tx.deleteFrom('import_mapping').where('id', '=', id).execute()
  return Number(done?.numDeletedRows ?? 0)
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

/** Which of these ids are records the caller sees, not in the trash. */
export function listThere(tx: ReadTx, kind: RecordKind, ids: string[]): Promise<{ id: string }[]> {
  return tx.run(sql<{ id: string }>`
    select id from ${sql.table(`kluis.${kind}`)} where id = any (${ids}::uuid[]) and deleted_at is null`)
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
