import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'
import type { Lookup as Named } from '../lookups.ts'

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
export type DossierRow = PersonRow & { photo_id: string | null }
/** `photo_id` is a function of the row. */
export const DOSSIER_COLUMNS = [...COLUMNS, 'photo_id'] as const

export type LookupKind = 'email' | 'phone' | 'iban' | 'reference'
export type Lookup = Named<LookupKind>

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

export type NewPersonRow = {
  id: string
  owner_id: string
  team_id: string
  stage: Stage
  key_slot: number
  contact_sealed: Sealed
  confidential_sealed: Sealed | null
  confidential_seal_counter: number
}
type Stage = 'lead' | 'prospect' | 'customer' | 'former'

/** A person with their blind indexes, as the database stamped them. */
export async function insertPerson(
  tx: Tx,
  row: NewPersonRow,
  lookups: Named[],
): Promise<PersonRow | undefined> {
  const [made] = await Promise.all([
    tx.insertInto('person').values(row).returning(COLUMNS).executeTakeFirst(),
    insertLookups(tx, row.id, lookups),
  ])
  return made
}

async function insertLookups(tx: Tx, personId: string, lookups: Named[]): Promise<void> {
  if (lookups.length === 0) return
  await tx.run(sql`
    insert into kluis.person_lookup (person_id, kind, token)
    select ${personId}::uuid, * from unnest(${lookups.map((l) => l.kind)}::text[], ${lookups.map((l) => l.token)}::bytea[])
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

/** PostgreSQL raises KL409 when `version` is not the row's own. Undefined: not there for this caller. */
export function changePerson(
  tx: Tx,
  id: string,
  version: number,
  patch: PersonPatch,
): Promise<PersonRow | undefined> {
  return tx
    .updateTable('person')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst()
}

export async function changeLookups(
  tx: Tx,
  personId: string,
  { gone, added }: { gone: Named[]; added: Named[] },
): Promise<void> {
  await Promise.all([
    gone.length > 0 &&
      tx
        .deleteFrom('person_lookup')
        .where('person_id', '=', personId)
        // Each kind has a key of its own, so a token says its kind.
        .where(sql<boolean>`token = any (${gone.map((l) => l.token)}::bytea[])`)
        .execute(),
    insertLookups(tx, personId, added),
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
