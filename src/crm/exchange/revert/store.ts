import { type RawBuilder, sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { RecordKind } from '../duplicates.ts'
import type { LookupRow } from '../store.ts'

/** No edit since, and no note or task hung on it by anybody else. */
function leftAlone(kind: RecordKind, alias: string, importId: string): RawBuilder<boolean> {
  const subject = sql.ref(`${kind}_id`)
  const of = (column: string) => sql.ref(`${alias}.${column}`)
  return sql<boolean>`(${of('row_version')} = 1
    and not exists (select from kluis.note n where n.${subject} = ${of('id')} and (n.import_id is distinct from ${importId}::uuid or n.row_version > 1))
    and not exists (select from kluis.task t where t.${subject} = ${of('id')} and (t.import_id is distinct from ${importId}::uuid or t.row_version > 1)))`
}

/** What goes when an import is taken back; a company only with all its people, who go before it. */
function untouched(kind: RecordKind, importId: string): RawBuilder<boolean> {
  if (kind === 'person') return leftAlone('person', 'r', importId)
  return sql<boolean>`(${leftAlone('company', 'r', importId)}
    and not exists (select from kluis.affiliation a join kluis.person p on p.id = a.person_id
      where a.company_id = r.id and (p.import_id is distinct from ${importId}::uuid or not ${leftAlone('person', 'p', importId)})))`
}

/** At most `limit` of what an import made: untouched ones, or all. Gives their ids. */
export async function deleteMade(
  tx: Tx,
  kind: RecordKind,
  importId: string,
  { isAll, limit }: { isAll: boolean; limit: number },
): Promise<string[]> {
  const table = sql.table(`kluis.${kind}`)
  const rows = await tx.run(sql<{ id: string }>`
    delete from ${table} where id in (
      select r.id from ${table} r
      where r.import_id = ${importId}::uuid and ${isAll ? sql`true` : untouched(kind, importId)}
      limit ${limit})
    returning id`)
  return rows.map((row) => row.id)
}

/** How many untouched records of each kind an import made. People are counted as gone before their companies. */
export async function countMade(tx: ReadTx, importId: string): Promise<Record<RecordKind, number>> {
  const [row] = await tx.run(sql<{ person: number; company: number }>`
    select
      (select count(*)::int from kluis.person r where r.import_id = ${importId}::uuid and ${untouched('person', importId)}) as person,
      (select count(*)::int from kluis.company r where r.import_id = ${importId}::uuid and ${untouched('company', importId)}) as company`)
  return row!
}

/** Notes and tasks an import hung on customers who were there, and nobody changed since. */
export async function countHung(
  tx: ReadTx,
  importId: string,
): Promise<{ notes: number; tasks: number }> {
  const [row] = await tx.run(sql<{ notes: number; tasks: number }>`
    select (select count(*)::int from kluis.note n where n.import_id = ${importId}::uuid and n.row_version = 1 and ${onOthers('n', importId)}) as notes,
      (select count(*)::int from kluis.task t where t.import_id = ${importId}::uuid and t.row_version = 1 and ${onOthers('t', importId)}) as tasks`)
  return row!
}

function onOthers(alias: string, importId: string): RawBuilder<boolean> {
  const of = (column: string) => sql.ref(`${alias}.${column}`)
  return sql<boolean>`not exists (select from kluis.person p where p.id = ${of('person_id')} and p.import_id = ${importId}::uuid)
    and not exists (select from kluis.company c where c.id = ${of('company_id')} and c.import_id = ${importId}::uuid)`
}

export async function deleteHung(tx: Tx, importId: string): Promise<void> {
  await tx.run(
    sql`delete from kluis.note n where n.import_id = ${importId}::uuid and n.row_version = 1 and ${onOthers('n', importId)}`,
  )
  await tx.run(
    sql`delete from kluis.task t where t.import_id = ${importId}::uuid and t.row_version = 1 and ${onOthers('t', importId)}`,
  )
}

export type WorkedOn = {
  kind: RecordKind
  id: string
  edits: number
  notes: number
  tasks: number
}

/** What an import made and somebody worked on since. */
export async function listWorkedOn(
  tx: ReadTx,
  importId: string,
  limit: number,
): Promise<{ count: number; items: WorkedOn[] }> {
  const found = await Promise.all(
    (['person', 'company'] as const).map(async (kind) => {
      const subject = sql.ref(`${kind}_id`)
      const rows = await tx.run(sql<Omit<WorkedOn, 'kind'> & { all: number }>`
        select r.id, r.row_version - 1 as edits, count(*) over ()::int as all,
          (select count(*)::int from kluis.note n where n.${subject} = r.id and (n.import_id is distinct from ${importId}::uuid or n.row_version > 1)) as notes,
          (select count(*)::int from kluis.task t where t.${subject} = r.id and (t.import_id is distinct from ${importId}::uuid or t.row_version > 1)) as tasks
        from ${sql.table(`kluis.${kind}`)} r
        where r.import_id = ${importId}::uuid and not ${untouched(kind, importId)}
        order by r.id limit ${limit}`)
      return {
        count: rows[0]?.all ?? 0,
        items: rows.map(({ id, edits, notes, tasks }) => ({ kind, id, edits, notes, tasks })),
      }
    }),
  )
  return {
    count: found.reduce((sum, one) => sum + one.count, 0),
    items: found.flatMap((one) => one.items),
  }
}

/** A record an import changed: its first past, what the import left at last, and its version now. */
export type Changed = {
  kind: RecordKind
  recordId: string
  ids: string[]
  firstId: string
  lastId: string
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
        where c.import_id = ${importId}::uuid
        group by ${subject}, r.row_version order by ${subject} limit ${CHANGES_MAX}`)
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
