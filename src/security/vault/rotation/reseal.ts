/**
 * Seals rows anew, batch by batch: under the key their person or company has now, in the version that is written now. What
 * is so already is left alone, so that a pass can begin anywhere, any number of times.
 *
 * Trusts: the locks of PostgreSQL for who writes meanwhile. If lost: a batch falls whole; the next look finds it again.
 */
import { classesOf, type SealedClass, type SealedTable } from '../catalogue.ts'
import { goneIn, type KeyWork } from '../key-work.ts'
import { FIRST_SUBJECT_SLOT } from '../keystore.ts'
import { readHeader, sealRecord } from '../sealed-record.ts'
import { drawKeySlots } from '../store.ts'
import { rowOpener } from '../vault.ts'
import * as store from './store.ts'

/** Records whose key slot is up to this one get a key of their own, drawn now; 0: nobody. */
export type Wanted = { oldUntil: number }
export type BatchResult = {
  looked: number
  resealed: number
  unopened: number
  last: string | undefined
}

const PURPOSE = 'key-rotation'

/** The next rows of a table behind an id. `last` is undefined behind the end. */
export async function resealBatch(
  work: KeyWork,
  table: SealedTable,
  after: string,
  limit: number,
  { oldUntil }: Wanted,
): Promise<BatchResult> {
  const token = await work.token()
  const headers = await store.listHeaders(work.db.reader(token, PURPOSE), table, after, limit)
  const version = work.keystore.sealVersion()
  const isOld = ({ slot, has_own_key: hasOwnKey }: store.Keyed) =>
    hasOwnKey && slot !== null && slot >= FIRST_SUBJECT_SLOT && slot <= oldUntil
  const due = headers.filter((row) =>
    classesOf(table).some(([name]) => {
      const head = row[`head_${name}`] as Buffer | null
      const header = head && readHeader(head)
      if (!header) return false
      return isOld(row) || header.keySlot !== row.slot || header.version !== version
    }),
  )
  const last = headers.length < limit ? undefined : headers.at(-1)!.id
  const looked = headers.length
  if (due.length === 0) return { looked, resealed: 0, unopened: 0, last }
  const ids = due.map(({ id }) => id)
  const done = await resealRows(work, table, ids, isOld)
  return { looked, ...done, last }
}

async function resealRows(
  work: KeyWork,
  table: SealedTable,
  ids: string[],
  isOld: (row: store.Keyed) => boolean,
): Promise<{ resealed: number; unopened: number }> {
  const { keystore, db } = work
  const token = await work.token()
  // Durable before the first is used; drawn before the rows are locked, and lost where they are not needed.
  let fresh: number[] = []
  if (table.subject === 'itself' || table.mayHaveOwnKey) {
    const first = await drawKeySlots(db.reader(token, PURPOSE), ids.length)
    keystore.ensureSlot(first + ids.length - 1)
    fresh = ids.map((_, i) => first + i)
  }
  const { organisationId } = keystore
  const version = keystore.sealVersion()
  const keyOf = keystore.batchKeys()
  const openRow = rowOpener(keystore)
  const isGone = goneIn(keystore)
  return db.write(
    token,
    async (tx) => {
      let unopened = 0
      const rows: store.ResealedRow[] = []
      for (const row of await store.lockRows(tx, table, ids)) {
        if (row.slot === null) continue
        const slot = isOld(row) ? fresh.pop()! : row.slot
        const to = keyOf(slot)
        const sealed: Partial<Record<SealedClass, store.ResealedRow['sealed'][SealedClass]>> = {}
        let isLeft = isGone(to, slot)
        let isOpen = to.kind === 'key'
        for (const [sealedClass] of classesOf(table)) {
          const bytes = row[`sealed_${sealedClass}`] as Buffer | null
          const counter = row[`counter_${sealedClass}`] as number
          if (!bytes) continue
          const { id, subject_id } = row
          const outcome = openRow(
            { table: table.table, sealedClass },
            { id, subject_id, sealed: bytes, counter },
          )
          if (outcome.kind === 'closed') {
            if (isGone(outcome, readHeader(bytes)?.keySlot)) isLeft = true
            else isOpen = false
            continue
          }
          if (to.kind === 'closed') continue
          const target = {
            table: table.table,
            sealedClass,
            rowId: row.id,
            subjectId: row.subject_id,
            keySlot: slot,
            sealCounter: counter,
          }
          sealed[sealedClass] = sealRecord(to.key, organisationId, target, outcome.value, version)
        }
        // What nothing brings back stays as it is. What does not open keeps its key: a repair may bring it back.
        if (isLeft) continue
        if (isOpen) rows.push({ id: row.id, slot, sealed })
        else unopened++
      }
      if (rows.length > 0) await store.writeResealed(tx, table, rows)
      return { resealed: rows.length, unopened }
    },
    PURPOSE,
  )
}
