/**
 * What works on keys themselves: replacing them and erasing them. Started from one place, which has the keystore; nothing
 * here is asked by a module of customers.
 */
import { sql } from 'kysely'
import type { Database, ReadTx, SessionToken } from '#platform/db.ts'
import type { SealedClass, SealedTable } from './catalogue.ts'
import type { Keystore, SlotKey } from './keystore.ts'
import { type ClosedWhy, type OpenOutcome, openRecord, readHeader } from './sealed-record.ts'

export type KeyWork = {
  keystore: Keystore
  /** The role kluis_rotation, which sees what is sealed of customers and nothing readable of them. */
  db: Database
  /** Of the indexer's session. */
  token: () => Promise<SessionToken>
  tables: readonly SealedTable[]
  /** Two works on keys never mix: an erasure waits for the step that a rotation is in. */
  inTurn: InTurn
}
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>

export function openTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

export type StoredRow = { id: string; subjectId: string; sealed: Buffer; counter: number }

/** As the vault opens, without a caller: for what is sealed anew at once, or asked of a record that is erased. */
export function openStored<T>(
  { organisationId }: Keystore,
  keyOf: (slot: number) => SlotKey,
  { table }: SealedTable,
  sealedClass: SealedClass,
  row: StoredRow,
): OpenOutcome<T> {
  const header = readHeader(row.sealed)
  if (!header) return { kind: 'closed', why: 'not-ours' }
  const slotKey = keyOf(header.keySlot)
  if (slotKey.kind === 'closed') return slotKey
  const { id: rowId, subjectId, counter: sealCounter } = row
  const target = { table, sealedClass, rowId, subjectId, sealCounter }
  return openRecord(slotKey.key, organisationId, target, row.sealed)
}

/** Whether something is closed for good: its key was erased, or a repair said that no copy holds it any more. */
export function goneIn(keystore: Keystore) {
  return (outcome: { kind: string; why?: ClosedWhy }, slot: number | undefined): boolean =>
    outcome.why === 'erased' ||
    (outcome.why === 'key-damaged' && slot !== undefined && keystore.isGivenUp(slot))
}

/** What is sealed under the key of a person or company, in the order of the tables' numbers. */
export function ofSubjects(tables: readonly SealedTable[]): SealedTable[] {
  return tables.filter(({ subject }) => subject !== 'organisation' && subject !== 'user')
}

export async function recordEvent(
  tx: ReadTx,
  kind: string,
  about: string,
  detail: Record<string, string | number>,
): Promise<void> {
  await tx.run(
    sql`select kluis_ledger.record_event(${kind}, ${JSON.stringify(detail)}::jsonb, ${about}::uuid)`,
  )
}
