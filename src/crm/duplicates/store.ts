import { type RawBuilder, sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import { prepare } from '#platform/db.ts'
import type { SealedClass } from '#security/vault/catalogue.ts'
import type { Lookup } from '../lookups.ts'

export type Kind = 'person' | 'company'

export type RecordRow = {
  id: string
  owner_id: string
  team_id: string
  stage: string
  key_slot: number
  row_version: number
  created_at: Date
  updated_at: Date
  updated_by: string | null
  deleted_at: Date | null
} & Record<`${SealedClass}_seal_counter`, number>
export const COLUMNS = [
  'id',
  'owner_id',
  'team_id',
  'stage',
  'key_slot',
  'row_version',
  'created_at',
  'updated_at',
  'updated_by',
  'deleted_at',
] as const

const records = (kind: Kind) => sql.table(`kluis.${kind}`)
const subjectOf = (kind: Kind) => sql.ref(`${kind}_id`)

export type Locked = { id: string; row_version: number; merged_into: string | null }

/** Both at once and in one order, so that two merges of the same records wait for each other. */
export function lockRecords(tx: Tx, kind: Kind, ids: readonly string[]): Promise<Locked[]> {
  return tx.run(sql<Locked>`
    select id, row_version, merged_into from ${records(kind)}
    where id = any (${ids}::uuid[]) order by id for update`)
}

export type Placed = { stage: string; ownerId: string; teamId: string }
export type SealedAnew = { sealedClass: SealedClass; sealed: Sealed | null; counter: number }

/** PostgreSQL raises KL409 when `version` is not the row's own. */
export async function changeRecord(
  tx: Tx,
  kind: Kind,
  { id, version }: { id: string; version: number },
  { stage, ownerId, teamId }: Placed,
  anew: readonly SealedAnew[],
): Promise<RecordRow | undefined> {
  const sets = anew.map(
    ({ sealedClass, sealed, counter }) =>
      sql`, ${sql.ref(`${sealedClass}_sealed`)} = ${sealed}, ${sql.ref(`${sealedClass}_seal_counter`)} = ${counter}`,
  )
  const [row] = await tx.run(sql<RecordRow>`
    update ${records(kind)}
    set owner_id = ${ownerId}, team_id = ${teamId}, stage = ${stage}, row_version = ${version + 1}${sql.join(sets, sql``)}
    where id = ${id}
    returning ${sql.join(COLUMNS.map((name) => sql.ref(name)))}`)
  return row
}

export async function hideRecord(
  tx: Tx,
  kind: Kind,
  { id, version }: { id: string; version: number },
  keptId: string,
): Promise<void> {
  await tx.run(sql`
    update ${records(kind)} set merged_into = ${keptId}::uuid, merged_at = now(), row_version = ${version + 1}
    where id = ${id}::uuid`)
}

export async function showRecordAgain(
  tx: Tx,
  kind: Kind,
  { id, version }: { id: string; version: number },
): Promise<void> {
  await tx.run(sql`
    update ${records(kind)} set merged_into = null, merged_at = null, row_version = ${version + 1}
    where id = ${id}::uuid`)
}

export async function changeLookups(
  tx: Tx,
  kind: Kind,
  id: string,
  { gone, added }: { gone: Lookup[]; added: Lookup[] },
): Promise<void> {
  const lookups = sql.table(`kluis.${kind}_lookup`)
  if (gone.length > 0)
    await tx.run(sql`
      delete from ${lookups} where ${subjectOf(kind)} = ${id}::uuid
        and token = any (${gone.map((one) => one.token)}::bytea[])`)
  if (added.length > 0)
    await tx.run(sql`
      insert into ${lookups} (${subjectOf(kind)}, kind, token)
      select ${id}::uuid, * from unnest(${added.map((one) => one.kind)}::text[], ${added.map((one) => one.token)}::bytea[])
      on conflict do nothing`)
}

/** Rows without anything sealed under the record's key; `key` tells them apart within one record. */
export type Link = {
  table: string
  kind: Kind
  /** What names the record, where it is not its own column: the other end of a relation. */
  column?: string
  key: readonly string[]
  isVersioned: boolean
}
/** What a merge remembers a link by. */
export const linkName = ({ table, column }: Pick<Link, 'table' | 'column'>) =>
  column ? `${table}.${column}` : table

/** All that the other record has not already. Gives the keys of those that moved. Names are the program's own. */
export async function moveLinks(
  tx: Tx,
  { table, kind, column, key, isVersioned }: Link,
  from: string,
  to: string,
  { only, except }: { only?: readonly string[]; except?: readonly string[] } = {},
): Promise<string[]> {
  const keyText = (alias: string) =>
    sql`concat_ws(' ', ${sql.join(key.map((name) => sql.ref(`${alias}.${name}`)))})`
  // A merge of an earlier release noted no more of it.
  const firstPart = sql`t.${sql.ref(key[0]!)}::text`
  const subject = column ?? `${kind}_id`
  const rows = await tx.run(sql<{ key: string }>`
    update ${sql.table(`kluis.${table}`)} as t
    set ${sql.ref(subject)} = ${to}::uuid${isVersioned ? sql`, row_version = t.row_version + 1` : sql``}
    where t.${sql.ref(subject)} = ${from}::uuid
      and not exists (
        select from ${sql.table(`kluis.${table}`)} o
        where o.${sql.ref(subject)} = ${to}::uuid and ${keyText('o')} = ${keyText('t')})
      ${only ? sql`and (${keyText('t')} = any (${only}::text[]) or ${firstPart} = any (${only}::text[]))` : sql``}
      ${except?.length ? sql`and t.id <> all (${except}::uuid[])` : sql``}
    returning ${keyText('t')} as key`)
  return rows.map((row) => row.key)
}

export type MergeRow = {
  id: string
  subject_id: string
  kept_id: string
  merged_id: string
  content_seal_counter: number
  row_version: number
  created_at: Date
  created_by: string | null
  is_open: boolean
}

const mergeColumns = (kind: Kind) =>
  sql`id, ${subjectOf(kind)} as subject_id, kept_id, merged_id, content_seal_counter, row_version, created_at, created_by,
    content_sealed is not null and created_at > now() - interval '30 days' as is_open`

export async function insertMerge(
  tx: Tx,
  kind: Kind,
  row: {
    id: string
    subjectId: string
    merged: { id: string; ownerId: string; teamId: string; keySlot: number }
    content: Sealed
  },
): Promise<Date> {
  const [made] = await tx.run(sql<{ created_at: Date }>`
    insert into kluis.merge (id, ${subjectOf(kind)}, kept_id, merged_id, merged_owner_id, merged_team_id, key_slot, content_sealed, content_seal_counter)
    values (${row.id}, ${row.subjectId}, ${row.subjectId}, ${row.merged.id}, ${row.merged.ownerId}, ${row.merged.teamId}, ${row.merged.keySlot}, ${row.content}, 1)
    returning created_at`)
  return made!.created_at
}

export function listMerges(tx: ReadTx, kind: Kind, id: string): Promise<MergeRow[]> {
  return tx.run(sql<MergeRow>`
    select ${mergeColumns(kind)} from kluis.merge
    where ${subjectOf(kind)} = ${id}::uuid and undone_at is null
    order by created_at desc limit 100`)
}

export async function findMerge(
  tx: ReadTx,
  kind: Kind,
  id: string,
  locking = false,
): Promise<MergeRow | undefined> {
  const [row] = await tx.run(sql<MergeRow>`
    select ${mergeColumns(kind)} from kluis.merge
    where id = ${id}::uuid and ${subjectOf(kind)} is not null and undone_at is null
    ${locking ? sql`for update` : sql``}`)
  return row
}

export async function findMergeOf(
  tx: ReadTx,
  kind: Kind,
  mergedId: string,
): Promise<MergeRow | undefined> {
  const [row] = await tx.run(sql<MergeRow>`
    select ${mergeColumns(kind)} from kluis.merge
    where merged_id = ${mergedId}::uuid and ${subjectOf(kind)} is not null and undone_at is null`)
  return row
}

/** The state before has done its work and goes; the key is in use again and is not to be destroyed. */
export async function closeMerge(
  tx: Tx,
  { id, version }: { id: string; version: number },
  userId: string,
): Promise<void> {
  await tx.run(sql`
    update kluis.merge set undone_at = now(), undone_by = ${userId}::uuid, content_sealed = null, key_slot = null,
      row_version = ${version + 1} where id = ${id}::uuid`)
}

export async function recordEvent(
  tx: Tx,
  event: 'merge' | 'merge-undone',
  kind: Kind,
  about: string,
): Promise<void> {
  await tx.run(
    sql`select kluis_ledger.record_event(${event}, ${JSON.stringify({ table: kind })}::jsonb, ${about}::uuid)`,
  )
}

/** What of these tables hangs on a record, as far as the caller sees it, in all or since an instant. */
export async function countHanging(
  tx: ReadTx,
  kind: Kind,
  id: string,
  tables: readonly string[],
  since?: Date,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  await Promise.all(
    [...new Set(tables)].map(async (name) => {
      const [table, column = `${kind}_id`] = name.split('.') as [string, string?]
      const [row] = await tx.run(sql<{ count: number }>`
        select count(*)::int as count from ${sql.table(`kluis.${table}`)}
        where ${sql.ref(column)} = ${id}::uuid ${since ? sql`and created_at > ${since}` : sql``}`)
      if (row!.count > 0) counts[table] = (counts[table] ?? 0) + row!.count
    }),
  )
  return counts
}

const pair = (kind: Kind) => ({
  first: sql.ref(`first_${kind}_id`),
  second: sql.ref(`second_${kind}_id`),
})

export async function insertToldApart(
  tx: Tx,
  kind: Kind,
  id: string,
  ids: readonly [string, string],
): Promise<void> {
  const { first, second } = pair(kind)
  await tx.run(sql`
    insert into kluis.not_duplicate (id, ${first}, ${second})
    values (${id}, least(${ids[0]}::uuid, ${ids[1]}::uuid), greatest(${ids[0]}::uuid, ${ids[1]}::uuid))
    on conflict do nothing`)
}

export async function findToldApart(
  tx: ReadTx,
  kind: Kind,
  ids: readonly [string, string],
): Promise<string | undefined> {
  const { first, second } = pair(kind)
  const [row] = await tx.run(sql<{ id: string }>`
    select id from kluis.not_duplicate
    where ${first} = least(${ids[0]}::uuid, ${ids[1]}::uuid) and ${second} = greatest(${ids[0]}::uuid, ${ids[1]}::uuid)`)
  return row?.id
}

/** Gives the pairs that are no longer told apart. */
export function deleteToldApart(
  tx: Tx,
  kind: Kind,
  ids: readonly string[],
): Promise<{ first: string; second: string }[]> {
  const { first, second } = pair(kind)
  return tx.run(sql<{ first: string; second: string }>`
    delete from kluis.not_duplicate where id = any (${ids}::uuid[]) and ${first} is not null
    returning ${first} as first, ${second} as second`)
}

/** Which pairs of these records were told apart, of those the caller sees; each as `first second`, the smaller id first. */
export async function listToldApart(
  tx: ReadTx,
  kind: Kind,
  ids: readonly string[],
): Promise<Set<string>> {
  const { first, second } = pair(kind)
  const rows = await tx.run(sql<{ first: string; second: string }>`
    select ${first} as first, ${second} as second from kluis.not_duplicate where ${first} = any (${ids}::uuid[])`)
  return new Set(rows.map((row) => `${row.first} ${row.second}`))
}

/** Whoever is another customer than the record that goes is another than the one that stays. Gives what was added. */
export async function carryToldApart(
  tx: Tx,
  kind: Kind,
  from: string,
  to: string,
): Promise<string[]> {
  const { first, second } = pair(kind)
  const rows = await tx.run(sql<{ id: string }>`
    insert into kluis.not_duplicate (${first}, ${second})
    select distinct least(told.third, ${to}::uuid), greatest(told.third, ${to}::uuid) from (
      select ${second} as third from kluis.not_duplicate where ${first} = ${from}::uuid
      union all
      select ${first} from kluis.not_duplicate where ${second} = ${from}::uuid) told
    where told.third <> ${to}::uuid
    on conflict do nothing
    returning id`)
  return rows.map((row) => row.id)
}

const visibleOf: Record<Kind, ReturnType<typeof visibleQuery>> = {
  person: visibleQuery('person'),
  company: visibleQuery('company'),
}
function visibleQuery(kind: Kind) {
  return prepare<{ id: string }, { ids: string[] }>(
    ({ ids }): RawBuilder<{ id: string }> =>
      sql`select id from ${records(kind)} where id = any (${ids}::uuid[]) and deleted_at is null`,
  )
}

/** Those of these records the caller sees, without the ones in the trash. */
export async function listVisible(tx: ReadTx, kind: Kind, ids: string[]): Promise<Set<string>> {
  return new Set((await tx.ask(visibleOf[kind], { ids })).map((row) => row.id))
}

export type Token = { token: Buffer; kind: string; id: string }

/** The next blind indexes in their own order, from this one on. */
export function listTokens(
  tx: ReadTx,
  kind: Kind,
  from: Buffer,
  isIncluded: boolean,
  limit: number,
): Promise<Token[]> {
  return tx.run(sql<Token>`
    select token, kind, ${subjectOf(kind)} as id from ${sql.table(`kluis.${kind}_lookup`)}
    where ${isIncluded ? sql`token >= ${from}` : sql`token > ${from}`} order by token limit ${limit}`)
}

export type DueRow = {
  id: string
  kind: Kind
  merged_id: string
  key_slot: number
  row_version: number
  is_cleared: boolean
}

/** Merges whose 30 days are over and of which something is left. Row security says which those are. */
export function listDue(tx: ReadTx, limit: number): Promise<DueRow[]> {
  return tx.run(sql<DueRow>`
    select id, case when person_id is null then 'company' else 'person' end as kind, merged_id, key_slot, row_version,
      content_sealed is null as is_cleared
    from kluis.merge where key_slot is not null and created_at < now() - interval '30 days'
    order by created_at limit ${limit}`)
}

/** The sealed state before, and the record. False: somebody undid the merge at the last moment. */
export async function clearRemains(tx: Tx, { id, kind, merged_id, row_version }: DueRow) {
  const cleared = await tx.run(sql`
    update kluis.merge set content_sealed = null, row_version = ${row_version + 1}
    where id = ${id}::uuid and undone_at is null and key_slot is not null returning id`)
  if (cleared.length === 0) return false
  await tx.run(
    sql`delete from ${records(kind)} where id = ${merged_id}::uuid and merged_at is not null`,
  )
  return true
}

export async function isRecordThere(tx: ReadTx, kind: Kind, id: string): Promise<boolean> {
  const rows = await tx.run(sql`select id from ${records(kind)} where id = ${id}::uuid`)
  return rows.length > 0
}

export async function forgetSlot(tx: Tx, id: string): Promise<void> {
  await tx.run(
    sql`update kluis.merge set key_slot = null, row_version = row_version + 1 where id = ${id}::uuid and content_sealed is null`,
  )
}
