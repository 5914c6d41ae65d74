/**
 * The one door to plaintext. Callers pass ids, never ciphertext: the vault reads the sealed rows itself under
 * the caller's session, so it can't open what row security would not show, and records why.
 *
 * Trusts: the keystore and row security. Does not trust the bytes in the database.
 * If lost: it holds nothing; see the keystore.
 */
import type { KeyObject } from 'node:crypto'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx } from '#platform/db.ts'
import { Problem } from '#platform/problem.ts'
import { type BlindIndex, type ExactColumn, openBlindIndex } from './blind-index.ts'
import {
  checkCatalogue,
  type SealedClass,
  type SealedTable,
  type SealedTableName,
} from './catalogue.ts'
import type { Keystore } from './keystore.ts'
import {
  type OpenOutcome,
  openRecord,
  readHeader,
  type SealTarget,
  sealRecord,
} from './sealed-record.ts'
import { drawKeySlots, readSealedRows, recordOpening, type SealedRow } from './store.ts'

export type { OpenOutcome, SealTarget } from './sealed-record.ts'

export type Purpose =
  | 'dossier'
  | 'list'
  | 'search'
  | 'edit'
  | 'export'
  | 'import'
  | 'index'
  | 'reveal'
  | 'duplicates'
  | 'account'

export type OpenAsk = {
  table: SealedTableName
  sealedClass: SealedClass
  ids: readonly string[]
  purpose: Purpose
  /** none: for what holds no customer, or hangs on a record whose opening is recorded in the same turn. */
  record: 'list' | 'dossier' | 'reveal' | 'export' | 'none'
}

export interface Vault {
  readonly organisationId: string
  /** Contiguous slots, never handed out twice, whose keys are durable already. */
  drawKeySlots(tx: ReadTx, count: number): Promise<number[]>
  seal(batch: readonly { target: SealTarget; value: unknown }[]): Promise<Sealed[]>
  /** At most 10,000 ids. Ids that the caller may not see, or that hold nothing of this class, are absent. */
  open<T>(tx: ReadTx, ask: OpenAsk): Promise<Map<string, OpenOutcome<T>>>
  /** One value under the organisation's own key, with no subject: names of staff, secrets of sign-in. */
  openOwn<T>(target: SealTarget, sealed: Buffer): OpenOutcome<T>
  blindToken(column: ExactColumn, value: string): Buffer
  state(): 'there' | 'away'
}

const IDS_MAX = 10_000
// Drawn ahead, so that creating one person costs no extra round trip; unused numbers are lost, which is fine.
const SLOTS_AHEAD = 64

export function openVault({
  keystore,
  tables,
}: {
  keystore: Keystore
  tables: SealedTable[]
}): Vault {
  const catalogue = checkCatalogue(tables)
  const organisationId = keystore.organisationId
  let blindIndex: BlindIndex | undefined
  let ahead: number[] = []

  return {
    organisationId,
    state: () => keystore.state(),

    async drawKeySlots(tx, count) {
      if (ahead.length < count) {
        const wanted = Math.max(count, SLOTS_AHEAD)
        const first = await drawKeySlots(tx, wanted)
        keystore.ensureSlot(first + wanted - 1)
        const drawn = Array.from({ length: wanted }, (_, i) => first + i)
        if (count > SLOTS_AHEAD) return drawn
        ahead = [...ahead, ...drawn]
      }
      return ahead.splice(0, count)
    },

    async seal(batch) {
      return batch.map(({ target, value }) =>
        sealRecord(keyToSealWith(keystore, target.keySlot), organisationId, target, value),
      )
    },

    async open<T>(tx: ReadTx, ask: OpenAsk) {
      if (ask.ids.length > IDS_MAX)
        throw new Error(`at most ${IDS_MAX} records are opened at once, not ${ask.ids.length}`)
      const declared = catalogue.get(ask.table) ?? missing(ask.table)
      // Both are asked in this turn of the event loop: no opening without its trace, in one round trip.
      const [rows] = await Promise.all([
        readSealedRows(tx, declared, ask.sealedClass, ask.ids),
        ask.record === 'none' || ask.ids.length === 0 ? undefined : recordOpening(tx, ask),
      ])
      return new Map(rows.map((row) => [row.id, openRow<T>(keystore, organisationId, ask, row)]))
    },

    openOwn: (target, sealed) =>
      openRow(keystore, organisationId, target, {
        id: target.rowId,
        subject_id: target.subjectId,
        sealed,
        counter: target.sealCounter,
      }),

    blindToken(column, value) {
      blindIndex ??= openBlindIndex(keystore.namedKey('search'), organisationId)
      return blindIndex.token(column, value)
    },
  }
}

function openRow<T>(
  keystore: Keystore,
  organisationId: string,
  ask: { table: SealedTableName; sealedClass: SealedClass },
  row: SealedRow,
): OpenOutcome<T> {
  const header = readHeader(row.sealed)
  if (!header) return { kind: 'closed', why: 'not-ours' }
  const slotKey = keystore.slotKey(header.keySlot)
  if (slotKey.kind === 'closed') return slotKey
  return openRecord(
    slotKey.key,
    organisationId,
    { ...ask, rowId: row.id, subjectId: row.subject_id, sealCounter: row.counter },
    row.sealed,
  )
}

function keyToSealWith(keystore: Keystore, slot: number): KeyObject {
  const slotKey = keystore.slotKey(slot)
  if (slotKey.kind === 'key') return slotKey.key
  throw new Problem(slotKey.why === 'erased' ? 'record-erased' : 'keystore-unavailable')
}

/** For callers with nothing to decide: the value, or the refusal that says why it stays closed. */
export function openedOrRefuse<T>(outcome: OpenOutcome<T> | undefined): T {
  if (!outcome) throw new Problem('not-found')
  if (outcome.kind === 'open') return outcome.value
  if (outcome.why === 'no-key') throw new Problem('keystore-unavailable')
  if (outcome.why === 'erased') throw new Problem('record-erased')
  throw new Problem('record-damaged')
}

function missing(table: string): never {
  throw new Error(`${table} is not in the catalogue`)
}
