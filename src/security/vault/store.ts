import { type RawBuilder, sql } from 'kysely'
import { KeptRefusal, type Prepared, prepare, type ReadTx } from '#platform/db.ts'
import type { SealedClass, SealedTable, SealedTableName, SubjectKind } from './catalogue.ts'
import { isOfSubject, parentIdOf, subjectIdOf } from './subject.ts'

export type SealedRow = { id: string; subject_id: string; sealed: Buffer; counter: number }

/** Names come from the catalogue and the program, never from a request. */
function sealedColumns(table: SealedTable, sealedClass: SealedClass) {
  const columns = table.classes[sealedClass]
  if (!columns) throw new Error(`${table.table} has no class ${sealedClass}`)
  const customer = table.mayHaveOwnKey ? sql`, ${parentIdOf(table)} as customer_id` : sql``
  const subject = sql`${subjectIdOf(table)} as subject_id${customer}`
  const sealed = givenOut(table, sealedClass, columns.column)
  const counter = sql.ref(columns.counterColumn)
  return {
    sealed,
    counter,
    subject,
    list: sql`id, ${subject}, ${sealed} as sealed, ${counter} as counter`,
    from: sql`${sql.table(`kluis.${table.table}`)} t`,
  }
}

/**
 * The sealed column, or nothing: confidential values of a record itself are given out only to whom their role gives that
 * class. Whether it does is asked where there are any. Tables with rows of their own for it have row security say so.
 */
function givenOut(table: SealedTable, sealedClass: SealedClass, column: string) {
  if (sealedClass !== 'confidential' || table.subject !== 'itself') return sql.ref(column)
  return sql`case when ${sql.ref(column)} is not null and (select kluis.opens_confidential()) then ${sql.ref(column)} end`
}

/**
 * What is written down about an opening, beside who and when, which the database knows itself. `none`: no line of its own,
 * and still counted. `canaries` are those of the asked ids that no row of the database tells.
 */
export type Trace = {
  purpose: string
  record: string
  isUnseen: boolean
  canaries: readonly string[] | null
}

type Asked = { ids: readonly string[] } & Trace
type Build<T> = (ids: RawBuilder<readonly string[]>) => RawBuilder<T>
type Said = { said: number }

/**
 * Rows, the trace of their opening and its count in one statement: only what row security showed is in the trace, and
 * nothing is shown without it. Over the budget there is one row, which holds nothing but the refusal.
 */
function tracing<T>(table: SealedTable, rows: Build<T>): Prepared<T & Said, Asked> {
  const customers = (isUnseen: RawBuilder<boolean>) => {
    if (!holdsCustomers(table)) return sql`case when not ${isUnseen}::boolean then null::uuid[] end`
    // Each once; a row that is a customer is that already.
    const customer = table.mayHaveOwnKey ? sql`customer_id` : sql`subject_id`
    const one = table.subject === 'itself' ? customer : sql`distinct ${customer}`
    return sql`case when not ${isUnseen}::boolean then (select array_agg(${one}) from shown) end`
  }
  return prepare<T & Said, Asked>(
    ({ ids, purpose, record, isUnseen, canaries }) => sql<T & Said>`
    with shown as materialized (${rows(ids)}),
    door as materialized (select kluis.record_opening(${purpose}, ${sql.lit(table.table)}, (select array_agg(id) from shown), ${record}, ${customers(isUnseen)}, ${canaries}::uuid[]) as said)
    select shown.*, door.said from door left join shown on door.said >= 0`,
  )
}

/** Whether its rows are of customers, who are counted when they are shown to somebody; a joint dossier is one. */
export function holdsCustomers(declared: SealedTable): boolean {
  const { table, subject } = declared
  const records: SealedTableName[] = ['person', 'company', 'joint_dossier']
  return subject === 'itself' ? records.includes(table) : isOfSubject(declared)
}

type Pair<T> = {
  plain: Prepared<T, { ids: readonly string[] }>
  traced: Prepared<T & Said, Asked>
}
// The program asks some hundred different things. Names of columns come from the web process too, which may be in other hands.
const PAIRS_MAX = 500
const pairs = new Map<string, Pair<never>>()

/** The two texts of one question, made once; beyond what the program asks, the oldest makes room. */
function pairOf<T>(key: string, table: SealedTable, rows: () => Build<T>): Pair<T> {
  const known = pairs.get(key) as Pair<T> | undefined
  if (known) return known
  const [oldest] = pairs.keys()
  if (pairs.size >= PAIRS_MAX) pairs.delete(oldest!)
  const build = rows()
  const made: Pair<T> = {
    plain: prepare<T, { ids: readonly string[] }>(({ ids }) => build(ids)),
    traced: tracing(table, build),
  }
  pairs.set(key, made as Pair<never>)
  return made
}

async function askPair<T extends { id?: unknown }>(
  tx: ReadTx,
  { plain, traced }: Pair<T>,
  ids: readonly string[],
  trace: Trace | undefined,
): Promise<T[]> {
  if (!trace) return tx.ask(plain, { ids })
  const asked = { ids, ...trace }
  const rows = await tx.ask(traced, asked)
  refuseAs(rows[0]!.said, (alone) => alone.ask(traced, asked))
  return rows.filter(({ id }) => id !== null)
}

const look = {
  person: prepare<Said, Look>((value) => lookAt('person', value)),
  company: prepare<Said, Look>((value) => lookAt('company', value)),
  joint_dossier: prepare<Said, Look>((value) => lookAt('joint_dossier', value)),
}
type Look = { id: string; isCanary: boolean }

function lookAt(kind: SubjectKind, value: { [K in keyof Look]: RawBuilder<Look[K]> }) {
  const { id, isCanary } = value
  return sql<Said>`
    with shown as materialized (select array_agg(id) as ids from ${sql.table(`kluis.${kind}`)} where id = ${id}::uuid)
    select kluis.record_opening('dossier', ${sql.lit(kind)}, ids, 'look', ids, case when ${isCanary}::boolean then ids end) as said from shown`
}

/** That somebody read something of a record they may see, of which nothing sealed need be opened. */
export async function countLook(
  tx: ReadTx,
  kind: SubjectKind,
  id: string,
  isCanary: boolean,
): Promise<void> {
  const asked = { id, isCanary }
  const [door] = await tx.ask(look[kind], asked)
  refuseAs(door!.said, (alone) => alone.ask(look[kind], asked))
}

/** What the door said: a number of a trace, or why nothing may be shown. `again` asks it once more. */
function refuseAs(said: number, again: (tx: ReadTx) => Promise<unknown>): void {
  if (said === -1) throw new KeptRefusal(['step-up-needed', { operation: 'more-dossiers' }], again)
  if (said === -2) throw new KeptRefusal(['frozen'], again)
}

/** `mark` stands for the question, and tells nobody which it was. */
export async function countQuestion(tx: ReadTx, mark: Buffer): Promise<void> {
  const asked = sql<Said>`
    select kluis.record_opening('search', 'person', '{}'::uuid[], 'none', array[${mark.toString('hex')}]::uuid[]) as said`
  const [door] = await tx.run(asked)
  refuseAs(door!.said, (alone) => alone.run(asked))
}

export async function recordDownload(
  tx: ReadTx,
  { kind, id }: { kind: SubjectKind; id: string },
  isCanary: boolean,
): Promise<void> {
  const canaries = isCanary ? [id] : null
  const asked = sql<Said>`
    select kluis.record_opening('download', ${kind}, array[${id}]::uuid[], 'download', array[${id}]::uuid[], ${canaries}::uuid[]) as said`
  const [door] = await tx.run(asked)
  refuseAs(door!.said, (alone) => alone.run(asked))
}

/** The sealed column of the asked rows, as row security shows them. */
export function readSealedRows(
  tx: ReadTx,
  table: SealedTable,
  sealedClass: SealedClass,
  ids: readonly string[],
  trace: Trace | undefined,
): Promise<SealedRow[]> {
  const pair = pairOf<SealedRow>(`${table.table} ${sealedClass}`, table, () => {
    const { sealed, list, from } = sealedColumns(table, sealedClass)
    return (asked) => sql`
      select ${list} from ${from}
      where id = any (${asked}::uuid[]) and ${sealed} is not null`
  })
  return askPair(tx, pair, ids, trace)
}

/** Several sealed columns of the asked rows and readable ones beside them, `id` among them. */
export function readRecords(
  tx: ReadTx,
  table: SealedTable,
  classes: readonly SealedClass[],
  also: readonly string[],
  ids: readonly string[],
  trace: Trace | undefined,
): Promise<Record<string, unknown>[]> {
  const key = `${table.table} ${classes.join(' ')}: ${also.join(' ')}`
  const pair = pairOf<Record<string, unknown>>(key, table, () => {
    const parts = classes.map((sealedClass) => sealedColumns(table, sealedClass))
    const { from, subject } = parts[0]!
    const sealed = parts.map(
      ({ sealed, counter }, at) =>
        sql`, ${sealed} as ${sql.ref(`sealed_${classes[at]}`)}, ${counter} as ${sql.ref(`counter_${classes[at]}`)}`,
    )
    const further = also.map((name) =>
      table.functions?.includes(name)
        ? sql`, ${sql.ref(`t.${name}`)} as ${sql.ref(name)}`
        : sql`, ${sql.ref(name)}`,
    )
    return (asked) => sql`
      select ${subject}${sql.join([...sealed, ...further], sql``)} from ${from}
      where id = any (${asked}::uuid[])`
  })
  return askPair(tx, pair, ids, trace)
}

/** The next rows behind an id, with further readable columns. */
export function readSealedPage(
  tx: ReadTx,
  table: SealedTable,
  sealedClass: SealedClass,
  also: readonly string[],
  after: string,
  limit: number,
): Promise<(SealedRow & Record<string, unknown>)[]> {
  const { sealed, list, from } = sealedColumns(table, sealedClass)
  const further = also.map((name) => sql`, ${sql.ref(name)}`)
  return tx.run(sql<SealedRow & Record<string, unknown>>`
    select ${list}${sql.join(further, sql``)} from ${from}
    where id > ${after}::uuid and ${sealed} is not null
    order by id limit ${limit}`)
}

export async function drawKeySlots(tx: ReadTx, count: number): Promise<number> {
  const [row] = await tx.run(sql<{ first: number }>`select kluis.draw_key_slots(${count}) as first`)
  return row!.first
}
