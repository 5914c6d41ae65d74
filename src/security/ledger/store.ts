import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'

export type OutboxRow = {
  id: number
  at: Date
  actor_id: string | null
  action: string
  table_name: string | null
  row_id: string | null
  row_version: number | null
  hash_version: number | null
  row_hash: Buffer | null
  purpose: string | null
  detail: unknown
}

/** True for one sequencer at a time; released with the transaction. */
export async function lockSequencer(tx: Tx): Promise<boolean> {
  const [row] = await tx.run(
    sql<{ got: boolean }>`select pg_try_advisory_xact_lock(hashtext('kluis.sequencer')) as got`,
  )
  return row!.got
}

/** Rows whose transaction, and every earlier one, has ended: none can appear behind them any more. */
export function takeSettled(tx: ReadTx, limit: number): Promise<OutboxRow[]> {
  return tx.run(sql<OutboxRow>`
    select id, at, actor_id, action, table_name, row_id, row_version, hash_version, row_hash, purpose, detail
    from kluis_ledger.outbox where xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid, id limit ${limit}`)
}

export async function appendLeaves(
  tx: Tx,
  first: number,
  bodies: Buffer[],
  hashes: Buffer[],
  taken: number[],
): Promise<void> {
  await Promise.all([
    tx.run(
      sql`insert into kluis_ledger.leaf (seq, body, leaf_hash) select ${first}::bigint + position - 1, body, hash from unnest(${bodies}::bytea[], ${hashes}::bytea[]) with ordinality as l(body, hash, position)`,
    ),
    tx.run(sql`delete from kluis_ledger.outbox where id = any (${taken}::bigint[])`),
  ])
}

export async function readHead(tx: ReadTx): Promise<{ tree_size: number; frontier: Buffer[] }> {
  return tx.selectFrom('head').select(['tree_size', 'frontier']).executeTakeFirstOrThrow()
}

export async function moveHead(
  tx: Tx,
  size: number,
  frontier: Buffer[],
  note: string,
): Promise<void> {
  await Promise.all([
    tx.run(sql`update kluis_ledger.head set tree_size = ${size}, frontier = ${frontier}::bytea[]`),
    tx.insertInto('checkpoint').values({ tree_size: size, note }).execute(),
  ])
}

export function listLeaves(
  tx: ReadTx,
  from: number,
  limit: number,
): Promise<{ seq: number; body: Buffer; leaf_hash: Buffer }[]> {
  return tx
    .selectFrom('leaf')
    .select(['seq', 'body', 'leaf_hash'])
    .where('seq', '>=', from)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

export function listCheckpoints(tx: ReadTx): Promise<{ tree_size: number; note: string }[]> {
  return tx.selectFrom('checkpoint').select(['tree_size', 'note']).orderBy('tree_size').execute()
}

export async function countOutbox(tx: ReadTx): Promise<number> {
  const [row] = await tx.run(sql<{ n: number }>`select count(*) as n from kluis_ledger.outbox`)
  return row!.n
}

/** Tables whose rows are compared with their newest leaf. */
export function listCoveredTables(tx: ReadTx): Promise<{ table_name: string }[]> {
  return tx.run(sql<{ table_name: string }>`
    select distinct h.table_name from kluis_ledger.hashed_columns h
    where to_regprocedure('kluis_ledger.rows_' || replace(h.table_name, '.', '_') || '()') is not null order by 1`)
}

export function listRowHashes(
  tx: ReadTx,
  tableName: string,
): Promise<{ row_id: string; row_version: number; row_hash: Buffer }[]> {
  return tx.run(
    sql`select * from ${sql.id('kluis_ledger', `rows_${tableName.replace('.', '_')}`)}()`,
  )
}
