import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'

type Kind = 'person' | 'company'
const sees = { person: 'people:see', company: 'companies:see' } as const

export type Asking = { is_on: boolean; team_ids: string[] }

/** Whether names are kept so at all, and the teams whose records whoever asks may see: those they reach, and are in. */
export async function findAsking(tx: ReadTx, kind: Kind): Promise<Asking> {
  const scope = sql`(select kluis.scope(${sees[kind]}))::uuid[]`
  const [row] = await tx.run(sql<Asking>`
    select s.name_prefixes as is_on, array(
      select t.id from kluis.team t
      where '00000000-0000-0000-0000-000000000000' = any (${scope}) or t.id = any (${scope})
        or t.id in (select m.team_id from kluis.team_member m where m.user_id = (select kluis.uid()))) as team_ids
    from kluis.search_setting s`)
  return row ?? { is_on: false, team_ids: [] }
}

export async function isOn(tx: ReadTx): Promise<boolean> {
  const [row] = await tx.run(
    sql<{ is_on: boolean }>`select name_prefixes as is_on from kluis.search_setting`,
  )
  return row?.is_on === true
}

// The names of tables and columns below are the program's own.
const tableOf = (kind: Kind) => sql.table(`kluis.${kind}`)
const subjectOf = (kind: Kind) => sql.ref(`n.${kind}_id`)
// Not asked row by row: the erasures are read once, however many records there are.
const isErased = sql`r.id in (select e.subject_id from kluis.erasure e union all select unnest(e.also_ids) from kluis.erasure e)`
const tokensOf = (kind: Kind) =>
  sql`select from kluis.name_prefix n where ${subjectOf(kind)} = r.id`
const lacks = (kind: Kind) => sql`r.merged_into is null
  and not exists (${tokensOf(kind)} and n.seal_counter = r.contact_seal_counter and n.team_id = r.team_id) and not ${isErased}`
const isWrong = (kind: Kind) =>
  sql`(${lacks(kind)} or r.merged_into is not null and exists (${tokensOf(kind)}))`

/** Those of these records whose tokens are not there, or are of another name or team; or which were merged away. */
export async function listWrongOf(
  tx: ReadTx,
  kind: Kind,
  ids: readonly string[],
): Promise<string[]> {
  const rows = await tx.run(sql<{ id: string }>`
    select r.id from ${tableOf(kind)} r where r.id = any (${ids}::uuid[]) and ${isWrong(kind)} order by r.id`)
  return rows.map(({ id }) => id)
}

/** The next ones of all records. */
export async function listWrong(
  tx: ReadTx,
  kind: Kind,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await tx.run(sql<{ id: string }>`
    select r.id from ${tableOf(kind)} r where r.id > ${after}::uuid and ${isWrong(kind)} order by r.id limit ${limit}`)
  return rows.map(({ id }) => id)
}

export async function countLacking(tx: ReadTx): Promise<{ lacking: number; records: number }> {
  const of = (kind: Kind) => sql`
    select count(*) filter (where ${lacks(kind)}) as lacking, count(*) as records
    from ${tableOf(kind)} r where r.merged_into is null`
  const [row] = await tx.run(sql<{ lacking: number; records: number }>`
    select sum(lacking)::int as lacking, sum(records)::int as records
    from (${of('person')} union all ${of('company')}) as counts`)
  return row!
}

export type NamedRow = {
  id: string
  team_id: string
  sealed: Buffer
  counter: number
}
/** Locked, so that nobody renames, moves or erases one between its opening and its tokens. */
export async function lockNamed(tx: Tx, kind: Kind, ids: readonly string[]): Promise<NamedRow[]> {
  // Two statements: the second sees what the first waited for.
  await tx.run(
    sql`select r.id from ${tableOf(kind)} r where r.id = any (${ids}::uuid[]) order by r.id for update`,
  )
  return tx.run(sql<NamedRow>`
    select r.id, r.team_id, r.contact_sealed as sealed, r.contact_seal_counter as counter from ${tableOf(kind)} r
    where r.id = any (${ids}::uuid[]) and r.merged_into is null and not ${isErased}`)
}

export type NameToken = { id: string; teamId: string; counter: number; token: Buffer }

/** In the place of whatever these records had. Nothing is kept where it is not chosen. */
export async function replaceTokens(
  tx: Tx,
  kind: Kind,
  ids: readonly string[],
  tokens: readonly NameToken[],
): Promise<void> {
  await tx.run(sql`delete from kluis.name_prefix n where ${subjectOf(kind)} = any (${ids}::uuid[])`)
  if (tokens.length === 0) return
  // By token: where rows lie in the file must not tell which are the beginning of which.
  await tx.run(sql`
    insert into kluis.name_prefix (${sql.ref(`${kind}_id`)}, team_id, seal_counter, token)
    select * from unnest(${tokens.map(({ id }) => id)}::uuid[], ${tokens.map(({ teamId }) => teamId)}::uuid[],
      ${tokens.map(({ counter }) => counter)}::int[], ${tokens.map(({ token }) => token)}::bytea[]) as u(id, team_id, seal_counter, token)
    where (select s.name_prefixes from kluis.search_setting s)
    order by u.token
    on conflict do nothing`)
}
