import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import { classesOf, type SealedClass, type SealedTable } from '../catalogue.ts'
import { hasOwnKey, subjectIdOf, subjectSlotOf } from '../subject.ts'
import type { Phase, What } from './contract.ts'

export const FIRST_ID = '00000000-0000-0000-0000-000000000000'

export type RotationRow = {
  id: string
  what: What
  phase: Phase
  table_place: number
  after_id: string
  old_until: number
  done: number
  total: number
  unopened: number
  rows_per_second: number
  started_by: string | null
  started_at: Date
  moved_at: Date
  ended_at: Date | null
}
const ROTATION = sql`id, what, phase, table_place, after_id, old_until, done, total, unopened, rows_per_second, started_by, started_at, moved_at, ended_at`

/** Newest first. */
export function listRotations(tx: ReadTx, limit: number): Promise<RotationRow[]> {
  return tx.run(
    sql<RotationRow>`select ${ROTATION} from kluis.key_rotation order by started_at desc limit ${limit}`,
  )
}

export async function findUnfinished(tx: ReadTx): Promise<RotationRow | undefined> {
  const [row] = await tx.run(
    sql<RotationRow>`select ${ROTATION} from kluis.key_rotation where ended_at is null`,
  )
  return row
}

/** Undefined where another is not done yet. */
export async function insertRotation(
  tx: Tx,
  given: Pick<RotationRow, 'what' | 'phase' | 'rows_per_second' | 'started_by' | 'total'>,
): Promise<RotationRow | undefined> {
  const { what, phase, rows_per_second: rate, started_by: by, total } = given
  const [row] = await tx.run(sql<RotationRow>`
    insert into kluis.key_rotation (what, phase, rows_per_second, started_by, total)
    values (${what}, ${phase}, ${rate}, ${by}::uuid, ${total})
    on conflict ((true)) where ended_at is null do nothing returning ${ROTATION}`)
  return row
}

export type Progress = Partial<
  Pick<RotationRow, 'phase' | 'table_place' | 'after_id' | 'old_until' | 'done' | 'unopened'>
>
export async function moveRotation(tx: Tx, row: RotationRow, to: Progress): Promise<RotationRow> {
  const next = { ...row, ...to }
  const [moved] = await tx.run(sql<RotationRow>`
    update kluis.key_rotation set phase = ${next.phase}, table_place = ${next.table_place}, after_id = ${next.after_id}::uuid,
      old_until = ${next.old_until}, done = ${next.done}, unopened = ${next.unopened}, moved_at = now(),
      ended_at = case when ${next.phase} = 'done' then now() end
    where id = ${row.id}::uuid returning ${ROTATION}`)
  return moved!
}

/** False when it is not running. */
export async function changeRate(tx: Tx, id: string, rowsPerSecond: number): Promise<boolean> {
  const changed = await tx.run(
    sql`update kluis.key_rotation set rows_per_second = ${rowsPerSecond} where id = ${id}::uuid and ended_at is null returning id`,
  )
  return changed.length > 0
}

// Names below are the catalogue's and the program's own, never of a request.
const tableOf = (table: SealedTable) => sql.table(`kluis.${table.table}`)

export async function countRows(tx: ReadTx, tables: readonly SealedTable[]): Promise<number> {
  let count = 0
  for (const table of tables) {
    const [row] = await tx.run(
      sql<{ count: number }>`select count(*)::int as count from ${tableOf(table)}`,
    )
    count += row!.count
  }
  return count
}

export type Keyed = { slot: number | null; has_own_key: boolean }
export type Header = { id: string } & Keyed & Record<string, unknown>
/** The first bytes of what is sealed in the next rows: which key it has, and which version. */
export function listHeaders(
  tx: ReadTx,
  table: SealedTable,
  after: string,
  limit: number,
): Promise<Header[]> {
  const heads = classesOf(table).map(
    ([name, { column }]) =>
      sql`, substring(t.${sql.ref(column)} from 1 for 12) as ${sql.ref(`head_${name}`)}`,
  )
  return tx.run(sql<Header>`
    select t.id, ${subjectSlotOf(table)} as slot, ${hasOwnKey(table)} as has_own_key${sql.join(heads, sql``)} from ${tableOf(table)} t
    where t.id > ${after}::uuid order by t.id limit ${limit}`)
}

export type SealedRow = { id: string; subject_id: string } & Keyed & Record<string, unknown>
/** Locked, so that nobody writes one between its opening and its sealing anew. */
export async function lockRows(
  tx: Tx,
  table: SealedTable,
  ids: readonly string[],
): Promise<SealedRow[]> {
  // Two statements: the second sees what the first waited for.
  await tx.run(
    sql`select t.id from ${tableOf(table)} t where t.id = any (${ids}::uuid[]) order by t.id for update`,
  )
  const columns = classesOf(table).map(
    ([name, { column, counterColumn }]) =>
      sql`, t.${sql.ref(column)} as ${sql.ref(`sealed_${name}`)}, t.${sql.ref(counterColumn)} as ${sql.ref(`counter_${name}`)}`,
  )
  return tx.run(sql<SealedRow>`
    select t.id, ${subjectIdOf(table)} as subject_id, ${subjectSlotOf(table)} as slot, ${hasOwnKey(table)} as has_own_key${sql.join(columns, sql``)} from ${tableOf(table)} t
    where t.id = any (${ids}::uuid[]) order by t.id`)
}

export type ResealedRow = {
  id: string
  slot: number
  sealed: Partial<Record<SealedClass, Sealed | null>>
}
/** The same values sealed anew: neither version nor counter of a row moves. */
export async function writeResealed(
  tx: Tx,
  table: SealedTable,
  rows: readonly ResealedRow[],
): Promise<void> {
  const classes = classesOf(table)
  const isSubject = table.subject === 'itself'
  const sets = classes.map(
    ([name, { column }]) => sql`${sql.ref(column)} = ${sql.ref(`u.sealed_${name}`)}`,
  )
  const arrays = classes.map(
    ([name]) => sql`, ${rows.map((row) => row.sealed[name] ?? null)}::bytea[]`,
  )
  const names = classes.map(([name]) => sql`, ${sql.ref(`sealed_${name}`)}`)
  const ids = rows.map((row) => row.id)
  const slots = rows.map((row) => row.slot)
  if (isSubject) sets.push(sql`key_slot = u.slot`)
  else if (table.mayHaveOwnKey)
    sets.push(sql`key_slot = case when ${hasOwnKey(table)} then u.slot end`)
  await tx.run(sql`
    update ${tableOf(table)} as t set ${sql.join(sets)}
    from unnest(${ids}::uuid[], ${slots}::bigint[]${sql.join(arrays, sql``)}) as u(id, slot${sql.join(names, sql``)})
    where t.id = u.id`)
  // What was merged away says its key a second time, for when it is erased.
  if (isSubject)
    await tx.run(sql`
      update kluis.merge m set key_slot = u.slot from unnest(${ids}::uuid[], ${slots}::bigint[]) as u(id, slot)
      where m.merged_id = u.id and m.key_slot is not null and m.key_slot <> u.slot`)
}

/** From here on nothing is written under these keys. */
export async function closeSlots(tx: Tx, until: number): Promise<void> {
  await tx.run(sql`update kluis.key_boundary set closed_until = ${until}::bigint`)
}

/** The newest transaction there is: this one. */
export async function newestTransaction(tx: Tx): Promise<string> {
  const [row] = await tx.run(sql<{ xid: string }>`select pg_current_xact_id()::text as xid`)
  return row!.xid
}

/** Whether every transaction that began to write before this one has ended. */
export async function isAlone(tx: ReadTx, xid: string): Promise<boolean> {
  const [row] = await tx.run(
    sql<{ alone: boolean }>`select pg_snapshot_xmin(pg_current_snapshot()) > ${xid}::xid8 as alone`,
  )
  return row!.alone
}

type Lookup = { kind: string; token: Buffer }
/** What records are found by, as it is now. */
export async function setLookups(
  tx: Tx,
  kind: 'person' | 'company',
  rows: readonly { id: string; lookups: readonly Lookup[] }[],
): Promise<void> {
  const [table, subject] = [sql.table(`kluis.${kind}_lookup`), sql.ref(`${kind}_id`)]
  const flat = rows.flatMap(({ id, lookups }) => lookups.map((one) => ({ id, ...one })))
  const [ids, kinds, tokens] = [
    flat.map(({ id }) => id),
    flat.map(({ kind: name }) => name),
    flat.map(({ token }) => token),
  ]
  await tx.run(sql`
    delete from ${table} l where l.${subject} = any (${rows.map(({ id }) => id)}::uuid[])
      and not exists (select from unnest(${ids}::uuid[], ${kinds}::text[], ${tokens}::bytea[]) as u(id, kind, token)
        where u.id = l.${subject} and u.kind = l.kind and u.token = l.token)`)
  await tx.run(sql`
    insert into ${table} (${subject}, kind, token)
    select * from unnest(${ids}::uuid[], ${kinds}::text[], ${tokens}::bytea[]) on conflict do nothing`)
}

export async function lookupsOf(
  tx: ReadTx,
  kind: 'person' | 'company',
  ids: readonly string[],
): Promise<Map<string, Set<string>>> {
  const [table, subject] = [sql.table(`kluis.${kind}_lookup`), sql.ref(`${kind}_id`)]
  const rows = await tx.run(sql<{ id: string; lookup: string }>`
    select ${subject} as id, kind || ' ' || encode(token, 'hex') as lookup from ${table} where ${subject} = any (${ids}::uuid[])`)
  const found = new Map<string, Set<string>>()
  for (const { id, lookup } of rows) found.set(id, (found.get(id) ?? new Set()).add(lookup))
  return found
}

export type ConfidentialRow = {
  id: string
  subject_id: string
  field_id: string
  sealed: Buffer
  counter: number
  exact_token: Buffer | null
}
/** Of confidential values, those that are found whole. */
export function listFoundWhole(
  tx: ReadTx,
  after: string,
  limit: number,
): Promise<ConfidentialRow[]> {
  return tx.run(sql<ConfidentialRow>`
    select id, coalesce(person_id, company_id) as subject_id, field_id, confidential_sealed as sealed,
      confidential_seal_counter as counter, exact_token
    from kluis.confidential_value where id > ${after}::uuid and exact_token is not null order by id limit ${limit}`)
}

/** Only where the value is still the one the token was made of. */
export async function setExactTokens(
  tx: Tx,
  rows: readonly { id: string; counter: number; token: Buffer }[],
): Promise<void> {
  await tx.run(sql`
    update kluis.confidential_value t set exact_token = u.token
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ counter }) => counter)}::int[], ${rows.map(({ token }) => token)}::bytea[]) as u(id, counter, token)
    where t.id = u.id and t.confidential_seal_counter = u.counter and t.exact_token is not null`)
}
