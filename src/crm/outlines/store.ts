import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import type { Position } from '#platform/page-cursor.ts'

export type OutlineRow = {
  id: string
  stage: 'lead' | 'prospect' | 'customer' | 'former'
  owner_id: string
  team_id: string
  created_at: Date
  updated_at: Date
  position: string
}

export function listOutlines(
  tx: ReadTx,
  kind: 'person' | 'company',
  before: Position | undefined,
  limit: number,
): Promise<OutlineRow[]> {
  return tx.run(sql<OutlineRow>`
    select o.*, o.created_at::text as position
    from kluis.outlines(${kind}, ${before?.at ?? null}::timestamptz, ${before?.id ?? null}::uuid, ${limit}::int) o`)
}
