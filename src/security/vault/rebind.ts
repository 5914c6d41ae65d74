/**
 * Hangs sealed rows on another record: what is sealed is bound to whom it is about, so each is opened
 * and sealed anew under the other's key. What has a key of its own keeps that.
 *
 * Trusts: row security for which rows there are. If lost: the caller's transaction falls, and nothing has moved.
 */
import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { Tx } from '#platform/db.ts'
import { Problem } from '#platform/problem.ts'
import {
  classesOf,
  type SealedClass,
  type SealedTable,
  type SealedTableName,
  type SubjectKind,
} from './catalogue.ts'
import { refusalOf } from './refusal.ts'
import type { OpenOutcome, SealTarget } from './sealed-record.ts'
import { hangsOn, hasOwnKey } from './subject.ts'

export type Binding = {
  table: SealedTableName
  kind: SubjectKind
  from: string
  /** `kind`: where it is another than the one it hangs on now. */
  to: { id: string; keySlot: number; kind?: SubjectKind }
  /** These rows alone, as far as they are there still. */
  only?: readonly string[]
  /** Left where they are. */
  except?: readonly string[]
}

type Row = { id: string; row_version: number; has_own_key: boolean } & Record<string, unknown>
type Parts = {
  open(
    place: { table: SealedTableName; sealedClass: SealedClass },
    row: { id: string; subject_id: string; sealed: Buffer; counter: number },
  ): OpenOutcome<unknown>
  seal(target: SealTarget, value: unknown): Sealed
}

// Long enough to be quick, short enough that nobody else's request waits for it.
const BATCH = 200

export async function bindAnew(
  tx: Tx,
  table: SealedTable,
  binding: Binding,
  parts: Parts,
): Promise<string[]> {
  for (const kind of [binding.kind, binding.to.kind ?? binding.kind])
    if (!hangsOn(table, kind)) throw new Error(`${table.table} does not hang on a ${kind}`)
  const moved: string[] = []
  for (;;) {
    const rows = await nextRows(tx, table, binding, moved.at(-1))
    if (rows.length === 0) return moved
    await writeRows(tx, table, binding, rows, (row, sealedClass) =>
      sealAnew(table, binding, row, sealedClass, parts),
    )
    moved.push(...rows.map((row) => row.id))
  }
}

function sealAnew(
  { table }: SealedTable,
  { from, to }: Binding,
  row: Row,
  sealedClass: SealedClass,
  { open, seal }: Parts,
): { sealed: Sealed | null; counter: number } {
  const sealed = row[`sealed_${sealedClass}`] as Buffer | null
  const counter = row[`counter_${sealedClass}`] as number
  if (row.has_own_key) return { sealed: sealed as Sealed | null, counter }
  if (!sealed) return { sealed: null, counter }
  const opened = open({ table, sealedClass }, { id: row.id, subject_id: from, sealed, counter })
  // What does not open could not be bound anew, and would be lost with the key it had.
  if (opened.kind === 'closed') throw new Problem(refusalOf(opened.why), { table, id: row.id })
  const target: SealTarget = {
    table,
    sealedClass,
    rowId: row.id,
    subjectId: to.id,
    keySlot: to.keySlot,
    sealCounter: counter + 1,
  }
  return { sealed: seal(target, opened.value), counter: counter + 1 }
}

/** Locked, so that nobody changes one between its opening and its writing. Names are the catalogue's own. */
function nextRows(
  tx: Tx,
  table: SealedTable,
  { kind, from, only, except }: Binding,
  after = '00000000-0000-0000-0000-000000000000',
): Promise<Row[]> {
  const columns = classesOf(table).map(
    ([sealedClass, { column, counterColumn }]) =>
      sql`, ${sql.ref(column)} as ${sql.ref(`sealed_${sealedClass}`)}, ${sql.ref(counterColumn)} as ${sql.ref(`counter_${sealedClass}`)}`,
  )
  return tx.run(sql<Row>`
    select id, row_version, ${hasOwnKey(table)} as has_own_key${sql.join(columns, sql``)} from ${sql.table(`kluis.${table.table}`)} t
    where ${sql.ref(`${kind}_id`)} = ${from}::uuid and id > ${after}::uuid
      ${only ? sql`and id = any (${only}::uuid[])` : sql``}
      ${except?.length ? sql`and id <> all (${except}::uuid[])` : sql``}
    order by id limit ${BATCH} for update`)
}

async function writeRows(
  tx: Tx,
  table: SealedTable,
  { kind, to }: Binding,
  rows: Row[],
  anew: (row: Row, sealedClass: SealedClass) => { sealed: Sealed | null; counter: number },
): Promise<void> {
  const given = classesOf(table).map(([sealedClass, names]) => {
    const sealed = rows.map((row) => anew(row, sealedClass))
    return { sealedClass, names, sealed }
  })
  const sets = given.map(
    ({ sealedClass, names }) =>
      sql`, ${sql.ref(names.column)} = ${sql.ref(`u.sealed_${sealedClass}`)}, ${sql.ref(names.counterColumn)} = ${sql.ref(`u.counter_${sealedClass}`)}`,
  )
  const arrays = given.map(
    ({ sealed }) =>
      sql`, ${sealed.map((one) => one.sealed)}::bytea[], ${sealed.map((one) => one.counter)}::int[]`,
  )
  const names = given.map(
    ({ sealedClass }) =>
      sql`, ${sql.ref(`sealed_${sealedClass}`)}, ${sql.ref(`counter_${sealedClass}`)}`,
  )
  const toKind = to.kind ?? kind
  const place = sql`${sql.ref(`${toKind}_id`)} = ${to.id}::uuid`
  const places = toKind === kind ? place : sql`${place}, ${sql.ref(`${kind}_id`)} = null`
  await tx.run(sql`
    update ${sql.table(`kluis.${table.table}`)} as t
    set ${places}, row_version = u.version + 1${sql.join(sets, sql``)}
    from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.row_version)}::int[]${sql.join(arrays, sql``)}) as u(id, version${sql.join(names, sql``)})
    where t.id = u.id`)
}
