import { type RawBuilder, sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { RecordKind } from '../duplicates.ts'
import type { LookupRow } from '../store.ts'

/** A record that is one with another since; untold where the caller did not see both. */
export type MergedSince = { kind: RecordKind; subject: string; isTold: boolean }

export function listMerged(tx: ReadTx, importId: string): Promise<MergedSince[]> {
  return tx.run(sql<MergedSince>`
    select kind, subject, is_told as "isTold" from kluis.import_merges(${importId}::uuid)`)
}

/** How often a merge that was undone since raised the version of a record: once hiding or filling it, once undoing that. */
function undoneMerges(id: RawBuilder<unknown>, of: 'either' | 'merged'): RawBuilder<number> {
  return sql<number>`(2 * (select count(*)::int from kluis.merge m where m.undone_at is not null
    and (m.merged_id = ${id}${of === 'either' ? sql` or m.kept_id = ${id}` : sql``})))`
}

/** How often this import itself changed a record it had made, by a later row. */
function ownChanges(subject: RawBuilder<unknown>, id: RawBuilder<unknown>, importId: string) {
  return sql<number>`(select count(*)::int from kluis.import_change c where c.import_id = ${importId}::uuid and ${subject} = ${id})`
}

// A file is completed once it is filled.
const asBrought = { n: sql`1`, t: sql`1`, f: sql`2` }

/** A note, task or photo of this import that nobody changed; a merge that was undone moved it there and back. */
function hungAlone(alias: keyof typeof asBrought, importId: string): RawBuilder<boolean> {
  const of = (column: string) => sql.ref(`${alias}.${column}`)
  const subject = sql`coalesce(${of('person_id')}, ${of('company_id')})`
  const first = asBrought[alias]
  return sql<boolean>`(${of('import_id')} is not distinct from ${importId}::uuid
    and case when ${of('row_version')} = ${first} then true else ${of('row_version')} = ${first} + ${undoneMerges(subject, 'merged')} end)`
}

/** No edit since, and no note, task or file hung on it by anybody else. */
function leftAlone(kind: RecordKind, alias: string, importId: string): RawBuilder<boolean> {
  const subject = sql.ref(`${kind}_id`)
  const of = (column: string) => sql.ref(`${alias}.${column}`)
  const own = ownChanges(sql.ref(`c.${kind}_id`), of('id'), importId)
  return sql<boolean>`(case when ${of('row_version')} = 1 then true
      else ${of('row_version')} = 1 + ${own} + ${undoneMerges(of('id'), 'either')} end
    and not exists (select from kluis.note n where n.${subject} = ${of('id')} and not ${hungAlone('n', importId)})
    and not exists (select from kluis.task t where t.${subject} = ${of('id')} and not ${hungAlone('t', importId)})
    and not exists (select from kluis.file f where f.${subject} = ${of('id')} and not ${hungAlone('f', importId)}))`
}

/**
 * What goes when an import is taken back; a company only with all its people, who go before it. Of people who were there
 * and will go back to what they were (`goBack`), the tie that this import made goes too.
 */
function untouched(kind: RecordKind, importId: string, goBack: string[] = []): RawBuilder<boolean> {
  if (kind === 'person') return leftAlone('person', 'r', importId)
  // A scalar subquery looks a person up by id. Joined, they are counted as the one row that old statistics promise.
  return sql<boolean>`(${leftAlone('company', 'r', importId)}
    and not exists (select from kluis.affiliation a where a.company_id = r.id and not coalesce((
      select case when p.import_id is not distinct from ${importId}::uuid
        then ${leftAlone('person', 'p', importId)}
        else p.id = any (${goBack}::uuid[]) and exists (select from kluis.import_change c
          where c.import_id = ${importId}::uuid and c.person_id = p.id and c.created_at = a.created_at) end
      from kluis.person p where p.id = a.person_id), true)))`
}

/** No record that another one was merged into, nor a company at which such a person is. */
function apart(kind: RecordKind, merged: string[]): RawBuilder<boolean> {
  if (merged.length === 0) return sql<boolean>`true`
  const own = sql<boolean>`r.id <> all (${merged}::uuid[])`
  if (kind === 'person') return own
  return sql<boolean>`(${own} and not exists (
    select from kluis.affiliation a where a.company_id = r.id and a.person_id = any (${merged}::uuid[])))`
}

/** A law has none of its files kept: PostgreSQL would refuse to let it go, and all that goes with it. */
function keepsNothing(kind: RecordKind): RawBuilder<boolean> {
  return sql<boolean>`not exists (select from kluis.file f where ${sql.ref(`f.${kind}_id`)} = r.id
    and f.retention_rule is not null and f.completed_at is not null and coalesce(f.retained_until > current_date, true))`
}

/** At most `limit` of what an import made: untouched ones, or all; none that another was merged into. Gives their ids. */
export async function deleteMade(
  tx: Tx,
  kind: RecordKind,
  importId: string,
  { isAll, merged, limit }: { isAll: boolean; merged: string[]; limit: number },
): Promise<string[]> {
  const table = sql.table(`kluis.${kind}`)
  // An array is asked for once; what stands in a subquery was looked for again beside each record of the house.
  const rows = await tx.run(sql<{ id: string }>`
    delete from ${table} where id = any (array(
      select r.id from ${table} r
      where r.import_id = ${importId}::uuid and ${apart(kind, merged)}
        and ${isAll ? keepsNothing(kind) : untouched(kind, importId)}
      limit ${limit}))
    returning id`)
  return rows.map((row) => row.id)
}

/** How many untouched records of each kind an import made. People are counted as gone before their companies. */
export async function countMade(
  tx: ReadTx,
  importId: string,
  { merged, goBack }: { merged: string[]; goBack: string[] },
): Promise<Record<RecordKind, number>> {
  const count = (kind: RecordKind) => sql<number>`
    (select count(*)::int from ${sql.table(`kluis.${kind}`)} r
      where r.import_id = ${importId}::uuid and ${apart(kind, merged)} and ${untouched(kind, importId, goBack)})`
  const [row] = await tx.run(sql<{ person: number; company: number }>`
    select ${count('person')} as person, ${count('company')} as company`)
  return row!
}

/** Notes, tasks and photos an import hung on customers who were there, and nobody changed since. */
export async function countHung(
  tx: ReadTx,
  importId: string,
  merged: string[],
): Promise<{ notes: number; tasks: number; photos: number }> {
  const [row] = await tx.run(sql<{ notes: number; tasks: number; photos: number }>`
    select (select count(*)::int from kluis.note n where n.import_id = ${importId}::uuid and ${onOthers('n', importId, merged)}) as notes,
      (select count(*)::int from kluis.task t where t.import_id = ${importId}::uuid and ${onOthers('t', importId, merged)}) as tasks,
      (select count(*)::int from kluis.file f where f.import_id = ${importId}::uuid and ${onOthers('f', importId, merged)}) as photos`)
  return row!
}

function onOthers(
  alias: keyof typeof asBrought,
  importId: string,
  merged: string[],
): RawBuilder<boolean> {
  const of = (column: string) => sql.ref(`${alias}.${column}`)
  return sql<boolean>`(${hungAlone(alias, importId)}
    and coalesce(${of('person_id')}, ${of('company_id')}) <> all (${merged}::uuid[])
    and (select p.import_id from kluis.person p where p.id = ${of('person_id')}) is distinct from ${importId}::uuid
    and (select c.import_id from kluis.company c where c.id = ${of('company_id')}) is distinct from ${importId}::uuid)`
}

export async function deleteHung(tx: Tx, importId: string, merged: string[]): Promise<void> {
  await tx.run(
    sql`delete from kluis.note n where n.import_id = ${importId}::uuid and ${onOthers('n', importId, merged)}`,
  )
  await tx.run(
    sql`delete from kluis.file f where f.import_id = ${importId}::uuid and ${onOthers('f', importId, merged)}`,
  )
  await tx.run(
    sql`delete from kluis.task t where t.import_id = ${importId}::uuid and ${onOthers('t', importId, merged)}`,
  )
}

export type WorkedOn = {
  kind: RecordKind
  id: string
  edits: number
  notes: number
  tasks: number
  files: number
}

/** What an import made and somebody worked on since; without those told of as merged. */
export async function listWorkedOn(
  tx: ReadTx,
  importId: string,
  { told, goBack, limit }: { told: string[]; goBack: string[]; limit: number },
): Promise<{ count: number; items: WorkedOn[] }> {
  const found = await Promise.all(
    (['person', 'company'] as const).map(async (kind) => {
      const subject = sql.ref(`${kind}_id`)
      const rows = await tx.run(sql<Omit<WorkedOn, 'kind'> & { all: number }>`
        select r.id, count(*) over ()::int as all,
          r.row_version - 1 - ${ownChanges(sql.ref(`c.${kind}_id`), sql.ref('r.id'), importId)} - ${undoneMerges(sql.ref('r.id'), 'either')} as edits,
          (select count(*)::int from kluis.note n where n.${subject} = r.id and not ${hungAlone('n', importId)}) as notes,
          (select count(*)::int from kluis.task t where t.${subject} = r.id and not ${hungAlone('t', importId)}) as tasks,
          (select count(*)::int from kluis.file f where f.${subject} = r.id and not ${hungAlone('f', importId)}) as files
        from ${sql.table(`kluis.${kind}`)} r
        where r.import_id = ${importId}::uuid and r.id <> all (${told}::uuid[]) and not ${untouched(kind, importId, goBack)}
        order by r.id limit ${limit}`)
      return {
        count: rows[0]?.all ?? 0,
        items: rows.map(({ id, edits, notes, tasks, files }) => ({
          kind,
          id,
          edits,
          notes,
          tasks,
          files,
        })),
      }
    }),
  )
  return {
    count: found.reduce((sum, one) => sum + one.count, 0),
    items: found.flatMap((one) => one.items),
  }
}

/** A record that was there and an import changed: its first past, what the import left at last, and its version now. */
export type Changed = {
  kind: RecordKind
  recordId: string
  ids: string[]
  firstId: string
  lastId: string
  /** What the import left, and what it is now. */
  version: number
  current: number
}

// A file has no more rows than this.
const CHANGES_MAX = 200_000

export async function listChanged(tx: ReadTx, importId: string): Promise<Changed[]> {
  const found = await Promise.all(
    (['person', 'company'] as const).map(async (kind) => {
      const subject = sql.ref(`c.${kind}_id`)
      const rows = await tx.run(sql<Omit<Changed, 'kind' | 'firstId' | 'lastId'>>`
        select ${subject} as "recordId", array_agg(c.id order by c.record_version) as ids,
          max(c.record_version) as version, r.row_version as current
        from kluis.import_change c join ${sql.table(`kluis.${kind}`)} r on r.id = ${subject}
        where c.import_id = ${importId}::uuid and r.import_id is distinct from ${importId}::uuid
        group by ${subject}, r.id, r.row_version order by ${subject} limit ${CHANGES_MAX}`)
      return rows.map((row) => ({
        ...row,
        kind,
        firstId: row.ids[0]!,
        lastId: row.ids.at(-1)!,
      }))
    }),
  )
  return found.flat()
}

export async function deleteChanges(tx: Tx, ids: string[]): Promise<void> {
  await tx.run(sql`delete from kluis.import_change where id = any (${ids}::uuid[])`)
}

export async function deleteLookups(tx: Tx, kind: RecordKind, rows: LookupRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx.run(sql`
    delete from ${sql.table(`kluis.${kind}_lookup`)} l
    using unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.column)}::text[], ${rows.map((r) => r.token)}::bytea[]) as u(id, kind, token)
    where l.${sql.ref(`${kind}_id`)} = u.id and l.kind = u.kind and l.token = u.token`)
}

export async function deleteTies(tx: Tx, ids: string[]): Promise<void> {
  await tx.run(sql`delete from kluis.affiliation where id = any (${ids}::uuid[])`)
}
