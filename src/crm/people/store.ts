import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'

export type PersonRow = {
  id: string
  owner_id: string
  team_id: string
  stage: string
  key_slot: number
  contact_seal_counter: number
  confidential_seal_counter: number
  row_version: number
  created_at: Date
  updated_at: Date
  updated_by: string | null
  deleted_at: Date | null
}
export const COLUMNS = [
  'id',
  'owner_id',
  'team_id',
  'stage',
  'key_slot',
  'contact_seal_counter',
  'confidential_seal_counter',
  'row_version',
  'created_at',
  'updated_at',
  'updated_by',
  'deleted_at',
] as const

export type LookupKind = 'email' | 'phone' | 'iban' | 'reference'
export type Lookup = { kind: LookupKind; token: Buffer }

export function findPerson(tx: ReadTx, id: string): Promise<PersonRow | undefined> {
  return tx.selectFrom('person').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** Newest first: what a list shows while the search index is not there. */
export function listNewest(
  tx: ReadTx,
  isInTrash: boolean,
  before: Position | undefined,
  limit: number,
): Promise<{ id: string; position: string }[]> {
  let query = tx
    .selectFrom('person')
    .select(['id', sql<string>`created_at::text`.as('position')])
    .where('deleted_at', isInTrash ? 'is not' : 'is', null)
  if (before)
    query = query
      .where('created_at', '<=', sql<Date>`${before.at}::timestamptz`)
      .where(sql<boolean>`(created_at < ${before.at}::timestamptz or id > ${before.id}::uuid)`)
  return query.orderBy('created_at', 'desc').orderBy('id').limit(limit).execute()
}

/** The next `limit` ids after `after`, for filling the memory index. */

export type NewPersonRow = {
  id: string
  owner_id: string
  team_id: string
  stage: Stage
  key_slot: number
  contact_sealed: Sealed
  confidential_sealed: Sealed | null
  confidential_seal_counter: number
  import_id?: string | null
}
type Stage = 'lead' | 'prospect' | 'customer' | 'former'

/** People and their blind indexes; one statement each, however many. */
export async function insertPeople(
  tx: Tx,
  rows: NewPersonRow[],
  lookups: { person_id: string; kind: LookupKind; token: Buffer }[],
): Promise<void> {
  const column = <K extends keyof NewPersonRow>(name: K) => rows.map((row) => row[name] ?? null)
  await Promise.all([
    tx.run(sql`
      insert into kluis.person (id, owner_id, team_id, stage, key_slot, contact_sealed, confidential_sealed, confidential_seal_counter, import_id)
      select * from unnest(${column('id')}::uuid[], ${column('owner_id')}::uuid[], ${column('team_id')}::uuid[], ${column('stage')}::text[], ${column('key_slot')}::bigint[],
        ${column('contact_sealed')}::bytea[], ${column('confidential_sealed')}::bytea[], ${column('confidential_seal_counter')}::int[], ${column('import_id')}::uuid[])`),
    insertLookups(tx, lookups),
  ])
}

async function insertLookups(
  tx: Tx,
  lookups: { person_id: string; kind: LookupKind; token: Buffer }[],
): Promise<void> {
  if (lookups.length === 0) return
  await tx.run(sql`
    insert into kluis.person_lookup (person_id, kind, token)
    select * from unnest(${lookups.map((l) => l.person_id)}::uuid[], ${lookups.map((l) => l.kind)}::text[], ${lookups.map((l) => l.token)}::bytea[])
    on conflict do nothing`)
}

export type PersonPatch = Partial<{
  owner_id: string
  team_id: string
  stage: Stage
  contact_sealed: Sealed
  contact_seal_counter: number
  confidential_sealed: Sealed
  confidential_seal_counter: number
  deleted_at: Date | null
  deleted_by: string | null
}>

/** PostgreSQL raises KL409 when `version` is not the row's own. False: not there for this caller. */
export async function changePerson(
  tx: Tx,
  id: string,
  version: number,
  patch: PersonPatch,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('person')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function replaceLookups(tx: Tx, personId: string, lookups: Lookup[]): Promise<void> {
  await Promise.all([
    tx.deleteFrom('person_lookup').where('person_id', '=', personId).execute(),
    insertLookups(
      tx,
      lookups.map((lookup) => ({ ...lookup, person_id: personId })),
    ),
  ])
}

/** Whom the caller may see with one of these tokens. */
export function listTokenMatches(
  tx: ReadTx,
  tokens: Buffer[],
): Promise<{ person_id: string; kind: string; token: Buffer }[]> {
  return tx
    .selectFrom('person_lookup')
    .select(['person_id', 'kind', 'token'])
    .where(sql<boolean>`token = any (${tokens}::bytea[])`)
    .limit(5_000)
    .execute()
}

export async function insertReveal(
  tx: Tx,
  row: { id: string; person_id: string; content_sealed: Sealed },
): Promise<void> {
  await tx.insertInto('reveal').values(row).execute()
}

const REVEALS_MAX = 200

export function listReveals(tx: ReadTx, personId: string) {
  return tx
    .selectFrom('reveal')
    .select(['id', 'created_at', 'created_by'])
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .limit(REVEALS_MAX)
    .execute()
}
