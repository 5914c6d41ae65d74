import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'
import type { Lookup as Named } from '../lookups.ts'

export const COLUMNS = [
  'id',
  'owner_id',
  'team_id',
  'stage',
  'key_slot',
  'contact_seal_counter',
  'row_version',
  'created_at',
  'updated_at',
  'updated_by',
  'deleted_at',
] as const

export type LookupKind = 'email' | 'phone' | 'enterprise-number' | 'reference'
export type Lookup = Named<LookupKind>

export type CompanyRow = {
  id: string
  owner_id: string
  team_id: string
  stage: string
  key_slot: number
  contact_seal_counter: number
  row_version: number
  created_at: Date
  updated_at: Date
  updated_by: string | null
  deleted_at: Date | null
}

/** Newest first: what a list shows while the search index is not there. */
export function listNewest(
  tx: ReadTx,
  isInTrash: boolean,
  before: Position | undefined,
  limit: number,
): Promise<{ id: string; position: string }[]> {
  let query = tx
    .selectFrom('company')
    .select(['id', sql<string>`created_at::text`.as('position')])
    .where('deleted_at', isInTrash ? 'is not' : 'is', null)
  if (before)
    query = query
      .where('created_at', '<=', sql<Date>`${before.at}::timestamptz`)
      .where(sql<boolean>`(created_at < ${before.at}::timestamptz or id > ${before.id}::uuid)`)
  return query.orderBy('created_at', 'desc').orderBy('id').limit(limit).execute()
}

export type NewCompanyRow = {
  id: string
  owner_id: string
  team_id: string
  stage: string
  key_slot: number
  contact_sealed: Sealed
}

/** A company with its blind indexes, as the database stamped it. */
export async function insertCompany(
  tx: Tx,
  row: NewCompanyRow,
  lookups: Named[],
): Promise<CompanyRow | undefined> {
  const [made] = await Promise.all([
    tx.insertInto('company').values(row).returning(COLUMNS).executeTakeFirst(),
    insertLookups(tx, row.id, lookups),
  ])
  return made
}

async function insertLookups(tx: Tx, companyId: string, lookups: Named[]): Promise<void> {
  if (lookups.length === 0) return
  await tx
    .insertInto('company_lookup')
    .values(lookups.map((lookup) => ({ ...lookup, company_id: companyId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function changeLookups(
  tx: Tx,
  companyId: string,
  { gone, added }: { gone: Named[]; added: Named[] },
): Promise<void> {
  await Promise.all([
    gone.length > 0 &&
      tx
        .deleteFrom('company_lookup')
        .where('company_id', '=', companyId)
        // Each kind has a key of its own, so a token says its kind.
        .where(sql<boolean>`token = any (${gone.map((l) => l.token)}::bytea[])`)
        .execute(),
    insertLookups(tx, companyId, added),
  ])
}

export type CompanyPatch = Partial<{
  owner_id: string
  team_id: string
  stage: string
  contact_sealed: Sealed
  contact_seal_counter: number
  deleted_at: Date | null
  deleted_by: string | null
}>

/** PostgreSQL raises KL409 when `version` is not the row's own. Undefined: not there for this caller. */
export function changeCompany(
  tx: Tx,
  id: string,
  version: number,
  patch: CompanyPatch,
): Promise<CompanyRow | undefined> {
  return tx
    .updateTable('company')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .returning(COLUMNS)
    .executeTakeFirst()
}

// More than a screen of duplicates means a shared switchboard number, not duplicates.
const MATCHES_MAX = 50

/** Which companies the caller sees carry one of these tokens. */
export function listMatches(tx: ReadTx, lookups: Lookup[]) {
  return tx
    .selectFrom('company_lookup')
    .select(['company_id', 'kind'])
    .where(sql<boolean>`token = any (${lookups.map((l) => l.token)}::bytea[])`)
    .where(sql<boolean>`(select c.deleted_at is null from kluis.company c where c.id = company_id)`)
    .limit(MATCHES_MAX)
    .execute()
}
