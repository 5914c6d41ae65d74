import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import type { IndexKind } from '#security/search/index-types.ts'
import type { Openings } from './contract.ts'

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

export function listRows(tx: ReadTx, kind: IndexKind, ids: readonly string[]): Promise<IndexRow[]> {
  return tx
    .selectFrom(kind)
    .select(['id', ...COLUMNS])
    .where(sql<boolean>`id = any (${ids}::uuid[])`)
    .execute()
}

/** Who opened this record; PostgreSQL gives nothing to those who may not see it. */
export async function listOpenings(tx: ReadTx, id: string): Promise<Openings['items']> {
  const rows = await tx.run(
    sql<{
      at: Date
      user_id: string | null
      purpose: string
      kind: Openings['items'][number]['kind']
    }>`select * from kluis.seen_by(${id}::uuid)`,
  )
  return rows.map(({ at, user_id, purpose, kind }) => ({
    at: at.toISOString(),
    userId: user_id,
    purpose,
    kind,
  }))
}
