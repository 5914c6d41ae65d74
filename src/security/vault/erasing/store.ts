import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import { classesOf, type SealedTable } from '../catalogue.ts'
import { isOfOneOf } from '../subject.ts'
import type { Subject } from './contract.ts'

export type ErasureRow = {
  id: string
  kind: Subject['kind']
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
      ...(table.subject === 'itself' ? [sql`select key_slot from ${from} where ${owned}`] : []),
    ]
  })
  // A merged record that is gone already left its key behind, to be erased in its time.
  parts.push(sql`select key_slot from kluis.merge
    where (person_id = any (${ids}::uuid[]) or company_id = any (${ids}::uuid[])) and key_slot is not null`)
  const rows = await tx.run(sql<{ slot: number }>`
    select distinct s.slot from (${sql.join(parts, sql` union all `)}) as s(slot) where s.slot >= 64 order by 1`)
  return rows.map(({ slot }) => slot)
}

/** By what they were found, of which somebody who knows the value and has the key could tell that they were here. */
export async function clearLookups(tx: Tx, ids: readonly string[]): Promise<void> {
  await Promise.all([
    tx.run(sql`delete from kluis.person_lookup where person_id = any (${ids}::uuid[])`),
    tx.run(sql`delete from kluis.company_lookup where company_id = any (${ids}::uuid[])`),
    tx.run(sql`update kluis.confidential_value set exact_token = null
      where (person_id = any (${ids}::uuid[]) or company_id = any (${ids}::uuid[])) and exact_token is not null`),
  ])
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
