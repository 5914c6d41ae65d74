/**
 * Writes what records are found by under the lookup key of now: from the sealed record itself, so that what is right already
 * is left alone and what an interrupted change left behind is put right.
 *
 * If lost: a batch falls whole; the next look finds it again.
 */
import type { Tx } from '#platform/db.ts'
import type { SealedTable } from '../catalogue.ts'
import { goneIn, type KeyWork } from '../key-work.ts'
import { readHeader } from '../sealed-record.ts'
import { rowOpener } from '../vault.ts'
import * as store from './store.ts'

export type Lookup = { kind: string; token: Buffer }
/** What the modules of customers say of their own records. */
export type Hashing = {
  lookupsOf(
    kind: 'person' | 'company',
    contact: unknown,
    confidential: unknown,
  ): Promise<Lookup[]> | Lookup[]
  /** By their beginnings, where names are found so: in the transaction that has the rows. */
  namesAnew(tx: Tx, kind: 'person' | 'company', ids: readonly string[]): Promise<void>
  /** Of a confidential value that is found whole. */
  exactToken(fieldId: string, value: unknown): Promise<Buffer | null> | Buffer | null
}
export type HashResult = {
  looked: number
  changed: number
  unopened: number
  last: string | undefined
}

const PURPOSE = 'key-rotation'

export async function rehashRecords(
  work: KeyWork,
  hashing: Hashing,
  table: SealedTable,
  after: string,
  limit: number,
): Promise<HashResult> {
  const kind = table.table as 'person' | 'company'
  const { keystore, db } = work
  const token = await work.token()
  const headers = await store.listHeaders(db.reader(token, PURPOSE), table, after, limit)
  const ids = headers.map(({ id }) => id)
  const last = headers.length < limit ? undefined : headers.at(-1)!.id
  if (ids.length === 0) return { looked: 0, changed: 0, unopened: 0, last }
  const openRow = rowOpener(keystore)
  const isGone = goneIn(keystore)
  return db.write(
    token,
    async (tx) => {
      let unopened = 0
      const wanted: { id: string; lookups: Lookup[] }[] = []
      for (const row of await store.lockRows(tx, table, ids)) {
        const opened = (['contact', 'confidential'] as const).map((sealedClass) => {
          const sealed = row[`sealed_${sealedClass}`] as Buffer | null
          const counter = row[`counter_${sealedClass}`] as number
          if (!sealed) return { kind: 'open' as const, value: undefined }
          const { id, subject_id } = row
          return openRow({ table: kind, sealedClass }, { id, subject_id, sealed, counter })
        })
        const [contact, confidential] = opened
        if (contact!.kind === 'closed' || confidential!.kind === 'closed') {
          if (!opened.some((one) => isGone(one, row.slot ?? undefined))) unopened++
          continue
        }
        const lookups = await hashing.lookupsOf(kind, contact!.value, confidential!.value)
        wanted.push({ id: row.id, lookups })
      }
      const now = await store.lookupsOf(tx, kind, ids)
      const changed = wanted.filter(({ id, lookups }) => {
        const names = new Set(lookups.map((one) => `${one.kind} ${one.token.toString('hex')}`))
        const there = now.get(id) ?? new Set()
        return names.size !== there.size || [...names].some((name) => !there.has(name))
      })
      if (changed.length > 0) await store.setLookups(tx, kind, changed)
      await hashing.namesAnew(tx, kind, ids)
      return { looked: ids.length, changed: changed.length, unopened, last }
    },
    PURPOSE,
  )
}

export async function rehashValues(
  work: KeyWork,
  hashing: Hashing,
  table: SealedTable,
  after: string,
  limit: number,
): Promise<HashResult> {
  const { keystore, db } = work
  const token = await work.token()
  const rows = await store.listFoundWhole(db.reader(token, PURPOSE), after, limit)
  const openRow = rowOpener(keystore)
  const isGone = goneIn(keystore)
  let unopened = 0
  const changed: { id: string; counter: number; token: Buffer }[] = []
  for (const row of rows) {
    const outcome = openRow<{ field: string; value: unknown }>(
      { table: table.table, sealedClass: 'confidential' },
      row,
    )
    if (outcome.kind === 'closed' || outcome.value.field !== row.field_id) {
      if (!isGone(outcome, readHeader(row.sealed)?.keySlot)) unopened++
      continue
    }
    const exact = await hashing.exactToken(row.field_id, outcome.value.value)
    if (exact && !row.exact_token?.equals(exact))
      changed.push({ id: row.id, counter: row.counter, token: exact })
  }
  if (changed.length > 0)
    await db.writeAtOnce(token, (tx) => store.setExactTokens(tx, changed), PURPOSE)
  const last = rows.length < limit ? undefined : rows.at(-1)!.id
  return { looked: rows.length, changed: changed.length, unopened, last }
}
