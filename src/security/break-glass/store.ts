import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

const SHOWN_MAX = 100

export type BreakGlassRow = {
  id: string
  user_id: string
  content_sealed: Buffer
  content_seal_counter: number
  opened_at: Date
  ends_at: Date
  ended_at: Date | null
  reviewed_by: string | null
  reviewed_at: Date | null
  is_live: boolean
  is_of_session: boolean
}

const columns = sql`id, user_id, content_sealed, content_seal_counter, opened_at, ends_at, ended_at, reviewed_by, reviewed_at,
  ended_at is null and ends_at > now() as is_live, session_id = kluis.session_id() as is_of_session`

/** What row security shows: one's own, and all to who reviews. What is not looked at yet comes first. */
export function listBreakGlass(tx: ReadTx): Promise<BreakGlassRow[]> {
  return tx.run(sql<BreakGlassRow>`
    select ${columns} from kluis.break_glass
    order by reviewed_at is null desc, opened_at desc limit ${SHOWN_MAX}`)
}

export function listLive(tx: ReadTx): Promise<BreakGlassRow[]> {
  return tx.run(sql<BreakGlassRow>`
    select ${columns} from kluis.break_glass
    where ended_at is null and ends_at > now() order by opened_at limit ${SHOWN_MAX}`)
}

export async function findBreakGlass(tx: ReadTx, id: string): Promise<BreakGlassRow | undefined> {
  const [row] = await tx.run(
    sql<BreakGlassRow>`select ${columns} from kluis.break_glass where id = ${id}::uuid`,
  )
  return row
}

/** False when one is open already. */
export async function openBreakGlass(tx: Tx, id: string, content: Sealed): Promise<boolean> {
  const [row] = await tx.run(
    sql<{ until: Date | null }>`select kluis.open_break_glass(${id}::uuid, ${content}) as until`,
  )
  return row?.until != null
}

export async function endBreakGlass(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx.run(
    sql<{ isDone: boolean }>`select kluis.end_break_glass(${id}::uuid) as "isDone"`,
  )
  return row!.isDone
}

export async function reviewBreakGlass(
  tx: Tx,
  { id, content, counter }: { id: string; content: Sealed; counter: number },
): Promise<boolean> {
  const [row] = await tx.run(sql<{ isDone: boolean }>`
    select kluis.review_break_glass(${id}::uuid, ${content}, ${counter}::int) as "isDone"`)
  return row!.isDone
}

/** What ran out by itself; gives how many. */
export async function tellEnded(tx: Tx): Promise<number> {
  const [row] = await tx.run(sql<{ count: number }>`select kluis.tell_ended_break_glass() as count`)
  return row!.count
}

export type OpenedRow = {
  at: Date
  purpose: string
  kind: string
  table_name: string
  subject_id: string
  is_own: boolean
}

export function listOpenings(tx: ReadTx, id: string): Promise<OpenedRow[]> {
  return tx.run(sql<OpenedRow>`select * from kluis.break_glass_openings(${id}::uuid)`)
}
