import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

export type Side = 'person' | 'company'
export type RelationRow = {
  id: string
  first_id: string
  other_id: string
  content_seal_counter: number
  row_version: number
  key_slot: number
}

// Nobody reads a longer list.
const RELATIONS_MAX = 500
const GROUP_MAX = 500

const records = (side: Side) => sql.table(`kluis.${side}`)
const first = (side: Side) => sql.ref(`r.${side}_id`)
const other = (side: Side) => sql.ref(`r.other_${side}_id`)

const columns = (side: Side) =>
  sql`r.id, ${first(side)} as first_id, ${other(side)} as other_id, r.content_seal_counter, r.row_version,
    (select f.key_slot from ${records(side)} f where f.id = ${first(side)}) as key_slot`

/** Asked one by one, as row security asks: a join might read all records into a table first. */
const bothThere = (side: Side) =>
  sql`(select f.deleted_at is null from ${records(side)} f where f.id = ${first(side)})
    and (select o.deleted_at is null from ${records(side)} o where o.id = ${other(side)})`

/** Which of these are there for the caller, and not in the trash. */
export async function listThere(
  tx: ReadTx,
  side: Side,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx.run(sql<{ id: string; key_slot: number }>`
    select id, key_slot from ${records(side)} where id = any (${ids}::uuid[]) and deleted_at is null`)
  return new Map(rows.map((row) => [row.id, row.key_slot]))
}

/** Row security hides a relation of which the caller sees one end only; the trash is left out here. */
export function listRelations(
  tx: ReadTx,
  side: Side,
  ids: readonly string[],
): Promise<RelationRow[]> {
  return tx.run(sql<RelationRow>`
    select ${columns(side)} from kluis.relation r
    where (${first(side)} = any (${ids}::uuid[]) or ${other(side)} = any (${ids}::uuid[])) and ${bothThere(side)}
    order by r.created_at, r.id limit ${RELATIONS_MAX}`)
}

export async function findRelation(
  tx: ReadTx,
  side: Side,
  id: string,
): Promise<RelationRow | undefined> {
  const [row] = await tx.run(sql<RelationRow>`
    select ${columns(side)} from kluis.relation r where r.id = ${id}::uuid`)
  return row
}

/** Who stands above whom in the group of a company, as far as the caller sees both; what is hidden parts the group. */
export function listGroup(tx: ReadTx, id: string): Promise<RelationRow[]> {
  return tx.run(sql<RelationRow>`
    with recursive member (id) as (
      select ${id}::uuid
      union
      select case when r.company_id = m.id then r.other_company_id else r.company_id end
      from member m join kluis.relation r on r.is_parent and (r.company_id = m.id or r.other_company_id = m.id))
    select ${columns('company')}
    from (select id from member limit ${GROUP_MAX}) m
    join kluis.relation r on r.is_parent and r.company_id = m.id and ${bothThere('company')}
    limit ${GROUP_MAX}`)
}

type NewRelationRow = {
  id: string
  firstId: string
  otherId: string
  isParent: boolean
  content: Sealed
}

/** PostgreSQL raises KL422 when a company would come to stand above itself. */
export async function insertRelation(tx: Tx, side: Side, row: NewRelationRow): Promise<void> {
  await tx.run(sql`
    insert into kluis.relation (id, ${sql.ref(`${side}_id`)}, ${sql.ref(`other_${side}_id`)}, is_parent, content_sealed)
    values (${row.id}, ${row.firstId}, ${row.otherId}, ${row.isParent}, ${row.content})`)
}

/** PostgreSQL raises KL409 when `version` is not the row's own. */
export async function changeRelation(
  tx: Tx,
  id: string,
  version: number,
  { content, counter, isParent }: { content: Sealed; counter: number; isParent: boolean },
): Promise<void> {
  await tx.run(sql`
    update kluis.relation set content_sealed = ${content}, content_seal_counter = ${counter}, is_parent = ${isParent},
      row_version = ${version + 1} where id = ${id}::uuid`)
}

export async function deleteRelation(tx: Tx, side: Side, id: string, of: string): Promise<boolean> {
  const rows = await tx.run(sql`
    delete from kluis.relation r
    where r.id = ${id}::uuid and (${first(side)} = ${of}::uuid or ${other(side)} = ${of}::uuid) returning r.id`)
  return rows.length > 0
}

/** All relations of two records that become one, whoever may see their other ends: for the role that merges. */
export function listOfBoth(
  tx: ReadTx,
  side: Side,
  ids: readonly [string, string],
): Promise<Pick<RelationRow, 'id' | 'first_id' | 'other_id'>[]> {
  return tx.run(sql<RelationRow>`
    select r.id, ${first(side)} as first_id, ${other(side)} as other_id from kluis.relation r
    where ${first(side)} = any (${ids}::uuid[]) or ${other(side)} = any (${ids}::uuid[])
    order by r.created_at, r.id`)
}
