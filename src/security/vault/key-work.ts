/**
 * What works on keys themselves: replacing them and erasing them. Started from one place, which has the keystore; nothing
 * here is asked by a module of customers.
 */
import { sql } from 'kysely'
import type { Database, ReadTx, SessionToken } from '#platform/db.ts'
import type { SealedTable } from './catalogue.ts'
import type { Keystore } from './keystore.ts'
import type { ClosedWhy } from './sealed-record.ts'
import { isOfSubject } from './subject.ts'

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

/** Whether something is closed for good: its key was erased, or a repair said that no copy holds it any more. */
export function goneIn(keystore: Keystore) {
  return (outcome: { kind: string; why?: ClosedWhy }, slot: number | undefined): boolean =>
    outcome.why === 'erased' ||
    (outcome.why === 'key-damaged' && slot !== undefined && keystore.isGivenUp(slot))
}

/** What is sealed under the key of a person or company, in the order of the tables' numbers. */
export function ofSubjects(tables: readonly SealedTable[]): SealedTable[] {
  return tables.filter(isOfSubject)
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
