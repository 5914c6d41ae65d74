import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import { classesOf, type SealedTable } from '../catalogue.ts'
import { isOfOneOf } from '../subject.ts'
import type { ErasedKind, RetainedCount, Subject } from './contract.ts'

export type ErasureRow = {
  id: string
  kind: ErasedKind
  subject_id: string
  also_ids: string[]
  complete_on: string
  content_sealed: Buffer
  content_seal_counter: number
  created_at: Date
}
const ERASURE = sql`id, kind, subject_id, also_ids, complete_on::text as complete_on, content_sealed, content_seal_counter, created_at`
const LIST_MAX = 500

/** Newest first. */
export function listErasures(tx: ReadTx): Promise<ErasureRow[]> {
  return tx.run(sql<ErasureRow>`
    select ${ERASURE} from kluis.erasure order by created_at desc, id limit ${LIST_MAX}`)
}

/** All of them, oldest first. */
export function listAllErasures(tx: ReadTx): Promise<ErasureRow[]> {
  return tx.run(sql<ErasureRow>`select ${ERASURE} from kluis.erasure order by created_at, id`)
}

export async function insertErasure(
  tx: Tx,
  row: Pick<ErasureRow, 'id' | 'kind' | 'subject_id' | 'also_ids' | 'complete_on'> & {
    content_sealed: Sealed
  },
): Promise<ErasureRow | undefined> {
  const [made] = await tx.run(sql<ErasureRow>`
    insert into kluis.erasure (id, kind, subject_id, also_ids, complete_on, content_sealed)
    values (${row.id}::uuid, ${row.kind}, ${row.subject_id}::uuid, ${row.also_ids}::uuid[], ${row.complete_on}::date, ${row.content_sealed})
    on conflict do nothing returning ${ERASURE}`)
  return made
}

/** Whether whoever asks sees the record: row security says so. */
export async function isSeen(tx: ReadTx, { kind, id }: Subject): Promise<boolean> {
  const [row] = await tx.run(
    sql<{ id: string }>`select id from ${sql.table(`kluis.${kind}`)} where id = ${id}::uuid`,
  )
  return row !== undefined
}

export async function areFilesSeen(tx: ReadTx, ids: readonly string[]): Promise<boolean> {
  const rows = await tx.run(sql`select from kluis.file where id = any (${ids}::uuid[])`)
  return rows.length === new Set(ids).size
}

/** Those of these records that whoever asks sees. */
export async function listSeen(
  tx: ReadTx,
  kind: Subject['kind'],
  ids: readonly string[],
): Promise<string[]> {
  const rows = await tx.run(
    sql<{ id: string }>`
      select id from ${sql.table(`kluis.${kind}`)} where id = any (${ids}::uuid[]) order by id`,
  )
  return rows.map(({ id }) => id)
}

/** The first that took this record, by itself or with another. */
export async function findErasureOf(tx: ReadTx, id: string): Promise<ErasureRow | undefined> {
  const [row] = await tx.run(sql<ErasureRow>`
    select ${ERASURE} from kluis.erasure where subject_id = ${id}::uuid or also_ids @> array[${id}::uuid]
    order by created_at, id limit 1`)
  return row
}

/** The record itself and what was merged into it, in whatever order it came about. */
export function listOneWith(tx: ReadTx, { kind, id }: Subject): Promise<{ id: string }[]> {
  // Which is never merged into another.
  if (kind === 'joint_dossier')
    return tx.run(sql<{ id: string }>`
      select id from kluis.joint_dossier where id = ${id}::uuid`)
  return tx.run(sql<{ id: string }>`
    with recursive one (id) as (
      select t.id from ${sql.table(`kluis.${kind}`)} t where t.id = ${id}::uuid
      union
      select t.id from one join ${sql.table(`kluis.${kind}`)} t on t.merged_into = one.id)
    select id from one`)
}

export type CompanyRow = { id: string; sealed: Buffer; counter: number; others: number }
/** Where a person works or worked, with how many others do. */
export function listCompaniesOf(tx: ReadTx, people: readonly string[]): Promise<CompanyRow[]> {
  return tx.run(sql<CompanyRow>`
    select c.id, c.contact_sealed as sealed, c.contact_seal_counter as counter,
      (select count(distinct o.person_id)::int from kluis.affiliation o
        where o.company_id = c.id and o.person_id <> all (${people}::uuid[])) as others
    from kluis.company c
    where c.id in (select a.company_id from kluis.affiliation a where a.person_id = any (${people}::uuid[]))`)
}

export type JointRow = { id: string; others: number }
/** The joint dossiers of which one of these people is a party, with how many others are. */
export function listJointOf(tx: ReadTx, people: readonly string[]): Promise<JointRow[]> {
  return tx.run(sql<JointRow>`
    select d.id, (select count(*)::int from kluis.joint_party o
      where o.joint_dossier_id = d.id and o.person_id <> all (${people}::uuid[])) as others
    from kluis.joint_dossier d
    where d.id in (select j.joint_dossier_id from kluis.joint_party j where j.person_id = any (${people}::uuid[]))
    order by d.id`)
}

/** Held, so that nobody joins or leaves meanwhile; in the order in which whoever leaves takes them. */
export async function lockJointOf(tx: Tx, people: readonly string[]): Promise<void> {
  await tx.run(
    sql`select id from kluis.joint_party where person_id = any (${people}::uuid[]) order by id for update`,
  )
  await tx.run(sql`
    select id from kluis.joint_dossier where id in (
      select j.joint_dossier_id from kluis.joint_party j where j.person_id = any (${people}::uuid[]))
    order by id for update`)
}

/** They are no parties any more; what others still share is to be read by somebody. */
export async function leaveJoint(tx: Tx, people: readonly string[]): Promise<void> {
  await tx.run(sql`
    with gone as (delete from kluis.joint_party where person_id = any (${people}::uuid[]) returning joint_dossier_id)
    update kluis.joint_dossier d set review_since = coalesce(d.review_since, now())
    where d.id in (select joint_dossier_id from gone)
      and exists (select from kluis.joint_party o where o.joint_dossier_id = d.id and o.person_id <> all (${people}::uuid[]))`)
}

/** Every key that something of these records is sealed under: more than their own, while keys are being replaced. */
export async function listSlots(
  tx: ReadTx,
  tables: readonly SealedTable[],
  ids: readonly string[],
): Promise<number[]> {
  const parts = tables.flatMap((table) => {
    const from = sql`${sql.table(`kluis.${table.table}`)} t`
    const owned = isOfOneOf(table, ids)
    return [
      ...classesOf(table).map(
        ([, { column }]) =>
          sql`select kluis.slot_of(${sql.ref(column)}) from ${from} where ${owned} and ${sql.ref(column)} is not null`,
      ),
      ...(table.subject === 'itself' || table.mayHaveOwnKey
        ? [sql`select key_slot from ${from} where ${owned} and key_slot is not null`]
        : []),
    ]
  })
  // Kept by a law once it has arrived and as long as one is named.
  parts.push(sql`select key_slot from kluis.file
    where ${hangsOnOneOf(ids)} and key_slot is not null and (completed_at is null or retention_rule is null)`)
  parts.push(sql`select slot from kluis.left_key where subject_id = any (${ids}::uuid[])`)
  // A merged record that is gone already left its key behind, to be erased in its time.
  parts.push(sql`select key_slot from kluis.merge
    where (person_id = any (${ids}::uuid[]) or company_id = any (${ids}::uuid[])) and key_slot is not null`)
  const rows = await tx.run(sql<{ slot: number }>`
    select distinct s.slot from (${sql.join(parts, sql` union all `)}) as s(slot) where s.slot >= 64 order by 1`)
  return rows.map(({ slot }) => slot)
}

/**
 * Which of these keys another record has for its own, or a file of another: whoever writes rows past the program may have
 * named them here, and an erasure must not take them along.
 */
export async function listOthersSlots(
  tx: ReadTx,
  slots: readonly number[],
  ids: readonly string[],
): Promise<number[]> {
  if (slots.length === 0) return []
  const ofOthers = (table: 'person' | 'company' | 'joint_dossier' | 'file') =>
    sql`select key_slot from ${sql.table(`kluis.${table}`)} where key_slot = any (${slots}::bigint[]) and id <> all (${ids}::uuid[])`
  const rows = await tx.run(sql<{ slot: number }>`
    select distinct s.slot from (
      ${ofOthers('person')} union all ${ofOthers('company')} union all ${ofOthers('joint_dossier')}
      union all ${ofOthers('file')} and not coalesce(${hangsOnOneOf(ids)}, false)) as s(slot)`)
  return rows.map(({ slot }) => slot)
}

/** By what they were found, of which somebody who knows the value and has the key could tell that they were here. */
export async function clearLookups(tx: Tx, ids: readonly string[]): Promise<void> {
  await Promise.all([
    tx.run(sql`delete from kluis.person_lookup where person_id = any (${ids}::uuid[])`),
    tx.run(sql`delete from kluis.company_lookup where company_id = any (${ids}::uuid[])`),
    tx.run(
      sql`delete from kluis.name_prefix where person_id = any (${ids}::uuid[]) or company_id = any (${ids}::uuid[])`,
    ),
    tx.run(sql`update kluis.confidential_value set exact_token = null
      where (person_id = any (${ids}::uuid[]) or company_id = any (${ids}::uuid[])) and exact_token is not null`),
  ])
}

export type RetainedRow = { id: string; key_slot: number; is_over: boolean }
/** Locked, so that nobody has them kept for longer meanwhile. */
export function lockRetained(tx: Tx, ids: readonly string[]): Promise<RetainedRow[]> {
  return tx.run(sql<RetainedRow>`
    select id, key_slot, coalesce(retained_until <= current_date, false) as is_over from kluis.file
    where id = any (${ids}::uuid[]) and retention_rule is not null and completed_at is not null
    order by id for update`)
}

const hangsOnOneOf = (ids: readonly string[]) =>
  sql`(person_id = any (${ids}::uuid[]) or company_id = any (${ids}::uuid[]) or joint_dossier_id = any (${ids}::uuid[]))`

/** What a law has kept of these records, by what and until when. */
export function countRetained(tx: ReadTx, ids: readonly string[]): Promise<RetainedCount[]> {
  return tx.run(sql<RetainedCount>`
    select retention_rule as rule, count(*)::int as count,
      case when bool_and(retained_until is not null) then max(retained_until)::text end as until
    from kluis.file
    where ${hangsOnOneOf(ids)} and retention_rule is not null and completed_at is not null
    group by 1 order by 1`)
}

/**
 * Out of the dossier, until the law lets it go: of whom it is was erased, so that the relation has ended too. What has not
 * wholly arrived never will.
 */
export async function setRetainedApart(tx: Tx, ids: readonly string[]): Promise<void> {
  const ofThem = sql`retention_rule is not null and ${hangsOnOneOf(ids)}`
  await tx.run(sql`delete from kluis.file where ${ofThem} and completed_at is null`)
  await tx.run(sql`
    update kluis.file set set_apart_at = now(), retained_from = coalesce(retained_from, current_date), row_version = row_version + 1
    where ${ofThem} and set_apart_at is null`)
}

export async function removeRetained(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.run(
    sql`delete from kluis.file where id = any (${ids}::uuid[]) and retention_rule is not null`,
  )
}

export async function lockRecords(
  tx: Tx,
  kind: Subject['kind'],
  ids: readonly string[],
): Promise<void> {
  await tx.run(
    sql`select id from ${sql.table(`kluis.${kind}`)} where id = any (${ids}::uuid[]) order by id for update`,
  )
}
