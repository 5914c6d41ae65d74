import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'

export type OutboxRow = {
  id: number
  at: Date
  actor_id: string | null
  actor_kind: string
  action: string
  table_name: string | null
  row_id: string | null
  row_version: number | null
  hash_version: number | null
  row_hash: Buffer | null
  purpose: string | null
  event: string | null
  detail: unknown
}

export type LeafRow = { seq: number; body: Buffer; leaf_hash: Buffer }
export type RowHashes = {
  row_id: string
  row_version: number | null
  hash_versions: number[]
  row_hashes: Buffer[]
}

/** True for one sequencer at a time; released with the transaction. */
export async function lockSequencer(tx: Tx): Promise<boolean> {
  const [row] = await tx.run(
    sql<{ got: boolean }>`select pg_try_advisory_xact_lock(hashtext('kluis.sequencer')) as got`,
  )
  return row!.got
}

/** What this transaction reads from here on is one moment of the database. Must be its first statement. */
export async function holdOneMoment(tx: Tx): Promise<void> {
  await tx.run(sql`set transaction isolation level repeatable read, read only`)
}

/** Changes whose transaction, and every one that began earlier, has ended. */
export function takeSettled(tx: ReadTx, limit: number): Promise<OutboxRow[]> {
  return tx.run(sql<OutboxRow>`
    select id, at, actor_id, actor_kind, action, table_name, row_id, row_version, hash_version, row_hash, purpose, event, detail
    from kluis_ledger.outbox where xid < pg_snapshot_xmin(pg_current_snapshot()) order by id limit ${limit}`)
}

/** Every change that has no leaf yet, settled or not, after this id. */
export function listWaiting(tx: ReadTx, afterId: number, limit: number): Promise<OutboxRow[]> {
  return tx.run(sql<OutboxRow>`
    select id, at, actor_id, actor_kind, action, table_name, row_id, row_version, hash_version, row_hash, purpose, event, detail
    from kluis_ledger.outbox where id > ${afterId} order by id limit ${limit}`)
}

export async function measureLag(
  tx: ReadTx,
): Promise<{ waiting: number; oldest_seconds: number; tree_size: number }> {
  const [row] = await tx.run(
    sql<{ waiting: number; oldest_seconds: number; tree_size: number }>`
      select count(*) as waiting, coalesce(extract(epoch from now() - min(at)), 0)::float8 as oldest_seconds,
        (select tree_size from kluis_ledger.head) as tree_size
      from kluis_ledger.outbox`,
  )
  return row!
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

export async function findNewestCheckpoint(
  tx: ReadTx,
): Promise<{ tree_size: number; note: string } | undefined> {
  return tx
    .selectFrom('checkpoint')
    .select(['tree_size', 'note'])
    .orderBy('tree_size', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export function listLeaves(tx: ReadTx, from: number, limit: number): Promise<LeafRow[]> {
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

export function listSilentTriggers(
  tx: ReadTx,
): Promise<{ table_name: string; trigger_name: string }[]> {
  return tx.run(
    sql<{
      table_name: string
      trigger_name: string
    }>`select table_name, trigger_name from kluis_ledger.silent_triggers()`,
  )
}

/** Tables whose rows can be compared with their newest leaf. */
export async function listCoveredTables(tx: ReadTx): Promise<string[]> {
  const rows = await tx.run(sql<{ table_name: string }>`
    select distinct h.table_name from kluis_ledger.hashed_columns h
    where to_regprocedure(format('kluis_ledger.%I(uuid, int)', 'rows_' || replace(h.table_name, '.', '_'))) is not null order by 1`)
  return rows.map((row) => row.table_name)
}

/** From this id onward, itself included, in order of id. */
export function listRowHashes(
  tx: ReadTx,
  tableName: string,
  fromId: string,
  atMost: number,
): Promise<RowHashes[]> {
  return tx.run(
    sql<RowHashes>`select row_id, row_version, hash_versions, row_hashes from ${sql.id('kluis_ledger', `rows_${tableName.replace('.', '_')}`)}(${fromId}::uuid, ${atMost}::int)`,
  )
}
