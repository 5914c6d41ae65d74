import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

const KEPT_SHOWN = 200

export type ApprovalRow = {
  id: string
  operation: string
  request: Buffer
  content_sealed: Buffer
  content_seal_counter: number
  state: string
  created_by: string
  created_at: Date
  expires_at: Date
  decided_by: string | null
  decided_at: Date | null
  row_version: number
}

/** What the caller asked, and where they decide what others asked; what waits first, then the last. */
export function listApprovals(tx: ReadTx, which: 'open' | 'all'): Promise<ApprovalRow[]> {
  return tx.run(sql<ApprovalRow>`
    select * from (${states()}) a
    where ${which === 'all'} or a.state in ('asked', 'approved')
    order by a.state = 'asked' desc, a.created_at desc limit ${KEPT_SHOWN}`)
}

export async function findApproval(tx: ReadTx, id: string): Promise<ApprovalRow | undefined> {
  const [row] = await tx.run(
    sql<ApprovalRow>`select * from (${states()}) a where a.id = ${id}::uuid`,
  )
  return row
}

function states() {
  return sql`
    select id, operation, request, content_sealed, content_seal_counter, created_by, created_at, expires_at, decided_by, decided_at, row_version,
      case when withdrawn_at is not null then 'withdrawn'
        when used_at is not null then 'used'
        when decided_at is not null and not is_approved then 'refused'
        when expires_at <= now() then 'expired'
        when is_approved then 'approved'
        else 'asked' end as state
    from kluis.approval`
}

/** How many wait for the caller to decide. */
export async function countWaiting(tx: ReadTx): Promise<number> {
  const [row] = await tx.run(sql<{ count: number }>`
    select count(*)::int as count from kluis.approval
    where decided_at is null and withdrawn_at is null and expires_at > now()
      and created_by <> kluis.uid() and kluis.may('approvals:decide')`)
  return row!.count
}

/** The caller's own of this request that nobody decided; it may have waited too long. */
export async function findOpen(
  tx: ReadTx,
  request: Buffer,
): Promise<{ id: string; isWaiting: boolean } | undefined> {
  const [row] = await tx.run(sql<{ id: string; isWaiting: boolean }>`
    select id, expires_at > now() as "isWaiting" from kluis.approval
    where created_by = kluis.uid() and request = ${request} and decided_at is null and withdrawn_at is null`)
  return row
}

export async function insertApproval(
  tx: Tx,
  row: {
    id: string
    operation: string
    request: Buffer
    content_sealed: Sealed
    created_by: string
  },
): Promise<void> {
  await tx.insertInto('approval').values(row).execute()
}

export type NotDecided = 'not-allowed' | 'not-found' | 'own' | 'already-done' | 'too-new'

export async function decideApproval(
  tx: Tx,
  given: {
    id: string
    isApproved: boolean
    content: Sealed
    counter: number
    proof: Buffer | null
  },
): Promise<NotDecided | undefined> {
  const { id, isApproved, content, counter, proof } = given
  const [row] = await tx.run(sql<{ why: NotDecided | null }>`
    select kluis.decide_approval(${id}::uuid, ${isApproved}, ${content}, ${counter}::int, ${proof}) as why`)
  return row?.why ?? undefined
}

export async function withdrawApproval(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx.run(
    sql<{ isDone: boolean }>`select kluis.withdraw_approval(${id}::uuid) as "isDone"`,
  )
  return row!.isDone
}

export async function countDeciders(tx: ReadTx): Promise<number> {
  const [row] = await tx.run(sql<{ count: number }>`select kluis.count_deciders() as count`)
  return row!.count
}

/** Whether the caller may agree to what these colleagues asked. */
export async function mayDecide(tx: ReadTx, askers: string[]): Promise<Set<string>> {
  const rows = await tx.run(sql<{ asker: string }>`
    select asker from unnest(${askers}::uuid[]) as asker where kluis.may_decide_for(asker)`)
  return new Set(rows.map(({ asker }) => asker))
}

export function findSafeguards(tx: ReadTx) {
  return tx
    .selectFrom('safeguard')
    .select(['four_eyes', 'break_glass_minutes', 'row_version'])
    .executeTakeFirstOrThrow()
}

export async function changeSafeguards(
  tx: Tx,
  given: { four_eyes: string[]; break_glass_minutes?: number; row_version: number },
): Promise<boolean> {
  const { row_version, ...rest } = given
  const { numUpdatedRows } = await tx
    .updateTable('safeguard')
    .set({ ...rest, row_version: row_version + 1 })
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
