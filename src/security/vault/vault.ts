/**
 * The one door to plaintext. Callers pass ids, never ciphertext: the vault reads the sealed rows itself under
 * the caller's session, so it can't open what row security would not show, and records why.
 *
 * Trusts: the keystore and row security. Does not trust the bytes in the database.
 * If lost: it holds nothing; see the keystore.
 */
import type { KeyObject } from 'node:crypto'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem } from '#platform/problem.ts'
import {
  type BlindIndex,
  type ExactColumn,
  openBlindIndex,
  type RecordColumn,
} from './blind-index.ts'
import { isCanaryId, newCanaryId } from './canary-id.ts'
import {
  checkCatalogue,
  type SealedClass,
  type SealedTable,
  type SealedTableName,
  type SubjectKind,
} from './catalogue.ts'
import { FIRST_SUBJECT_SLOT, type Keystore, type SlotKey } from './keystore.ts'
import { isOfPerson, sealedOf } from './kinds.ts'
import { nameTokens } from './name-prefixes/name-tokens.ts'
import { type Binding, bindAnew } from './rebind.ts'
import { refusalOf } from './refusal.ts'
import {
  type OpenOutcome,
  openRecord,
  readHeader,
  type SealTarget,
  sealRecord,
} from './sealed-record.ts'
import {
  countLook,
  countQuestion,
  drawKeySlots,
  holdsCustomers,
  readRecords,
  readSealedPage,
  readSealedRows,
  recordDownload,
  type SealedRow,
} from './store.ts'

export type { Binding } from './rebind.ts'
export type { OpenOutcome, SealTarget } from './sealed-record.ts'

export const purposes = [
  'dossier',
  'list',
  'search',
  'edit',
  'export',
  'import',
  'index',
  'reveal',
  'duplicates',
  'account',
  'sign-in',
] as const
export type Purpose = (typeof purposes)[number]
export const recordings = ['list', 'dossier', 'reveal', 'export', 'none'] as const

export type OpenAsk = {
  table: SealedTableName
  sealedClass: SealedClass
  ids: readonly string[]
  purpose: Purpose
  /** none: for what holds no customer, or hangs on a record whose opening is recorded in the same turn. */
  record: (typeof recordings)[number]
  /** The program works with it and shows nobody: traced, but nobody's budget is counted. */
  isUnseen?: true
}

export interface Vault {
  readonly organisationId: string
  /** Contiguous slots, never handed out twice, whose keys are durable already. */
  drawKeySlots(tx: ReadTx, count: number): Promise<number[]>
  seal(batch: readonly { target: SealTarget; value: unknown }[]): Promise<Sealed[]>
  /** At most 10,000 ids. Ids that the caller may not see, or that hold nothing of this class, are absent. */
  open<T>(tx: ReadTx, ask: OpenAsk): Promise<Map<string, OpenOutcome<T>>>
  /** The same for several classes at once, with readable columns of the same rows: one statement for a whole record. */
  openRecords<R, V>(tx: ReadTx, ask: RecordsAsk<V>): Promise<Map<string, OpenedRecord<R, V>>>
  blindTokens(asked: readonly { column: RecordColumn; value: string }[]): Promise<Buffer[]>
  /** To look for: under each key that a row may have been hashed with, more than one while one takes the place of another. */
  searchTokens(asked: readonly { column: RecordColumn; value: string }[]): Promise<Buffer[][]>
  /** To look for beginnings of names, of which each list is enough by one; undefined where names are not kept so. */
  nameTokens(
    tx: ReadTx,
    kind: 'person' | 'company',
    words: readonly (readonly string[])[],
  ): Promise<Buffer[][] | undefined>
  /** The id of a record that alarms when it is opened, and what it is called by; only the vault can tell it from another. */
  newCanary(tx: ReadTx): Promise<{ id: string; who: Buffer }>
  canariesAmong(tx: ReadTx, ids: readonly string[]): Promise<Set<string>>
  /** Writes down who took a file out, about the record it is of. */
  recordDownload(tx: ReadTx, subject: { kind: SubjectKind; id: string }): Promise<void>
  /**
   * What is read of a dossier without opening anything sealed of it, such as who did what when: counted as opening it. Its trace
   * is the one of what else is opened with it; a canary's is its own.
   */
  countLook(tx: ReadTx, record: { kind: SubjectKind; id: string }): Promise<void>
  /**
   * How many customers begin with A, and then with Aa: whoever counts spells names out without reading one. So a question that
   * narrows a list counts as one customer seen, whatever it gives, and the same one once in a day.
   */
  countQuestion(tx: ReadTx, question: readonly unknown[]): Promise<void>
  /** Whether a row of this table, whose contact this is, is of a human being: all of it is personal data then. */
  isOfPerson(kind: 'person' | 'company', contact: object): boolean
}

/**
 * The vault where its keys are: for sign-in, the index and what works inside one transaction. Nothing that answers
 * requests of the customer file is given one, so none of it can ask these.
 */
export interface KeeperVault extends Vault {
  /** What of one person or company is sealed: the classes of its own row, and the tables whose rows hang on it. */
  sealedOf(kind: 'person' | 'company'): { classes: SealedClass[]; hanging: SealedTableName[] }
  state(): 'there' | 'away'
  /** The same openings, with each value as the JSON that was sealed: for who hands it on. */
  readonly asText: Pick<Vault, 'open' | 'openRecords'>
  /** One value under the organisation's own key, with no subject: names of staff, secrets of sign-in. */
  openOwn<T>(target: SealTarget, sealed: Buffer): OpenOutcome<T>
  blindToken(column: ExactColumn, value: string): Buffer
  isCanary(id: string): boolean
  /**
   * Rows that hang on one record are hung on another: opened, sealed anew under the other's key and
   * written, batch by batch in the caller's transaction. Gives the ids of the rows. Refuses when one does not open.
   */
  rebind(tx: Tx, binding: Binding): Promise<string[]>
  /** Destroys the key of a person or company; whatever is sealed under it never opens again. */
  eraseKey(keySlot: number): void
  /** New records take keys that are drawn from here on. */
  forgetDrawn(): void
  /** All rows the session may see, by id, 2,000 at a time. For the indexer's session; leaves no trace of its own. */
  openBulk<T>(tx: ReadTx, ask: BulkAsk): AsyncIterable<BulkRow<T>[]>
}

/** `V` says what each class holds, such as `{ contact: Contact }`. */
export type RecordsAsk<V> = Omit<OpenAsk, 'sealedClass'> & {
  classes: readonly (keyof V & SealedClass)[]
  /** Readable columns, `id` among them. Names from the program, never from a request. */
  also: readonly string[]
}
export type OpenedRecord<R, V> = { row: R; opened: { [C in keyof V]?: OpenOutcome<V[C]> } }

export type BulkAsk = {
  table: SealedTableName
  sealedClass: SealedClass
  /** Readable columns wanted beside the value. Names from the program, never from a request. */
  also?: readonly string[]
  /** Goes on behind this id. */
  after?: string
}
export type BulkRow<T> = { id: string; outcome: OpenOutcome<T>; columns: Record<string, unknown> }

const BULK_ROWS = 2_000
// What the database gives in one draw.
const SLOTS_MAX = 4096
const IDS_MAX = 10_000
// Drawn ahead, so that creating one person costs no extra round trip; unused numbers are lost, which is fine.
const SLOTS_AHEAD = 64

export function openVault({
  keystore,
  tables,
}: {
  keystore: Keystore
  tables: SealedTable[]
}): KeeperVault {
  const catalogue = checkCatalogue(tables)
  let blindIndex: BlindIndex | undefined
  let readingOfIndex = 0
  const ahead: number[] = []

  function blindIndexOfNow(): BlindIndex {
    // A keystore that is taken away leaves what was made of it; one that is read anew may have other keys.
    if (blindIndex && readingOfIndex === keystore.readings) return blindIndex
    if (keystore.state() === 'away') throw new Problem('keystore-unavailable')
    readingOfIndex = keystore.readings
    const search = keystore.namedKey('search')
    blindIndex = openBlindIndex(search, keystore.organisationId, keystore.lookupKeys())
    return blindIndex
  }
  const blindToken = (column: ExactColumn, value: string) => blindIndexOfNow().token(column, value)
  const canaryToken = (text: string) => blindToken('canary', text)
  // Without the keystore nothing opens, so nothing is met either.
  const isCanary = (id: string) =>
    (blindIndex !== undefined || keystore.state() === 'there') && isCanaryId(id, canaryToken)

  function traceOf(table: SealedTable, ask: Omit<OpenAsk, 'sealedClass' | 'table'>) {
    const { purpose, record, ids, isUnseen } = ask
    if (record === 'none' && (isUnseen || !holdsCustomers(table))) return undefined
    const canaries = openings.has(record) && holdsCustomers(table) ? ids.filter(isCanary) : []
    return {
      purpose,
      record,
      isUnseen: isUnseen === true,
      canaries: canaries.length > 0 ? canaries : null,
    }
  }

  /** `read`: what becomes of the JSON that was sealed. */
  const openingWith = (read: (json: string) => unknown): Pick<Vault, 'open' | 'openRecords'> => ({
    async open<T>(tx: ReadTx, ask: OpenAsk) {
      requireFew(ask.ids)
      const declared = catalogue.get(ask.table) ?? missing(ask.table)
      const rows = await readSealedRows(
        tx,
        declared,
        ask.sealedClass,
        ask.ids,
        traceOf(declared, ask),
      )
      const openRow = rowOpener(keystore, read)
      return new Map(rows.map((row) => [row.id, openRow<T>(ask, row)]))
    },

    async openRecords<R, V>(tx: ReadTx, ask: RecordsAsk<V>) {
      requireFew(ask.ids)
      const { table, classes, also, ids } = ask
      const declared = catalogue.get(table) ?? missing(table)
      const rows = await readRecords(tx, declared, classes, also, ids, traceOf(declared, ask))
      const openRow = rowOpener(keystore, read)
      return new Map(
        rows.map((row) => {
          const [id, subjectId] = [row.id as string, row.subject_id as string]
          const opened: Record<string, OpenOutcome<unknown>> = {}
          for (const sealedClass of classes) {
            const sealed = row[`sealed_${sealedClass}`] as Buffer | null
            const counter = row[`counter_${sealedClass}`] as number
            if (!sealed) continue
            opened[sealedClass] = openRow(
              { table, sealedClass },
              { id, subject_id: subjectId, sealed, counter },
            )
            // Whoever asked has no use for it.
            row[`sealed_${sealedClass}`] = undefined
          }
          return [id, { row, opened } as OpenedRecord<R, V>]
        }),
      )
    },
  })

  /** Durable keys for a block of new slots. */
  async function drawBlock(tx: ReadTx, count: number): Promise<number[]> {
    if (keystore.state() === 'away') throw new Problem('keystore-unavailable')
    const first = await drawKeySlots(tx, count)
    keystore.ensureSlot(first + count - 1)
    return Array.from({ length: count }, (_, i) => first + i)
  }

  return {
    // Empty until the keystore was there once; asked each time, since it may be put back later.
    get organisationId() {
      return keystore.organisationId
    },
    state: () => keystore.state(),

    async drawKeySlots(tx, count) {
      if (count > SLOTS_AHEAD) {
        const drawn: number[] = []
        while (drawn.length < count)
          drawn.push(...(await drawBlock(tx, Math.min(count - drawn.length, SLOTS_MAX))))
        return drawn
      }
      if (ahead.length < count) ahead.push(...(await drawBlock(tx, SLOTS_AHEAD)))
      return ahead.splice(0, count)
    },

    async seal(batch) {
      const keyOf = keystore.batchKeys()
      const version = keystore.sealVersion()
      return batch.map(({ target, value }) =>
        sealRecord(
          keyToSealWith(keyOf(target.keySlot)),
          keystore.organisationId,
          target,
          value,
          version,
        ),
      )
    },

    ...openingWith(JSON.parse),
    asText: openingWith((json) => json),

    countLook: (tx, { kind, id }) => countLook(tx, kind, id, isCanary(id)),

    openOwn(target, sealed) {
      // Ciphertext of a person or company is never taken from a caller: those are opened by id.
      if ((readHeader(sealed)?.keySlot ?? 0) >= FIRST_SUBJECT_SLOT)
        return { kind: 'closed', why: 'not-ours' }
      const row = { id: target.rowId, subject_id: target.subjectId, sealed }
      return rowOpener(keystore)(target, { ...row, counter: target.sealCounter })
    },

    isOfPerson: (kind, contact) => isOfPerson(tables, kind, contact),
    sealedOf: (kind) => sealedOf(tables, kind),

    rebind(tx, binding) {
      const declared = catalogue.get(binding.table) ?? missing(binding.table)
      return bindAnew(tx, declared, binding, {
        open: rowOpener(keystore),
        seal: (target, value) =>
          sealRecord(
            keyToSealWith(keystore.slotKey(target.keySlot)),
            keystore.organisationId,
            target,
            value,
            keystore.sealVersion(),
          ),
      })
    },

    eraseKey: (keySlot) => keystore.eraseSlots([keySlot]),

    async *openBulk<T>(tx: ReadTx, { table, sealedClass, also = [], after }: BulkAsk) {
      const declared = catalogue.get(table) ?? missing(table)
      let last = after ?? '00000000-0000-0000-0000-000000000000'
      for (;;) {
        const rows = await readSealedPage(tx, declared, sealedClass, also, last, BULK_ROWS)
        if (rows.length === 0) return
        const openRow = rowOpener(keystore)
        yield rows.map((row) => ({
          id: row.id,
          outcome: openRow<T>({ table, sealedClass }, row),
          columns: Object.fromEntries(also.map((name) => [name, row[name]])),
        }))
        if (rows.length < BULK_ROWS) return
        last = rows.at(-1)!.id
      }
    },

    blindToken,
    blindTokens: async (asked) => asked.map(({ column, value }) => blindToken(column, value)),
    searchTokens: async (asked) =>
      asked.map(({ column, value }) => blindIndexOfNow().tokens(column, value)),
    nameTokens: (tx, kind, words) => nameTokens(tx, kind, words, blindIndexOfNow),
    forgetDrawn: () => {
      ahead.length = 0
    },
    isCanary,
    async newCanary() {
      const id = newCanaryId(canaryToken)
      return { id, who: canaryToken(`who ${id}`) }
    },
    canariesAmong: async (_, ids) => new Set(ids.filter(isCanary)),
    // Keyed: what is searched for may be a name, and the database keeps the mark for a day.
    countQuestion: async (tx, question) =>
      countQuestion(tx, blindToken('request', JSON.stringify(question)).subarray(0, 16)),
    recordDownload: (tx, subject) => recordDownload(tx, subject, isCanary(subject.id)),
  }
}

// Seen in passing is no opening: whoever pages through a list meets canaries and did nothing.
const openings = new Set<OpenAsk['record']>(['dossier', 'reveal', 'export'])
function requireFew(ids: readonly string[]): void {
  if (ids.length > IDS_MAX)
    throw new Error(`at most ${IDS_MAX} records are opened at once, not ${ids.length}`)
}

/** Opens rows of one batch: whether the keystore is there is looked at once. */
export function rowOpener(keystore: Keystore, read?: (json: string) => unknown) {
  const keyOf = keystore.batchKeys()
  const { organisationId } = keystore
  return <T>(
    ask: { table: SealedTableName; sealedClass: SealedClass },
    row: SealedRow,
  ): OpenOutcome<T> => {
    const header = readHeader(row.sealed)
    if (!header) return { kind: 'closed', why: 'not-ours' }
    const slotKey = keyOf(header.keySlot)
    if (slotKey.kind === 'closed') return slotKey
    return openRecord(
      slotKey.key,
      organisationId,
      {
        table: ask.table,
        sealedClass: ask.sealedClass,
        rowId: row.id,
        subjectId: row.subject_id,
        sealCounter: row.counter,
      },
      row.sealed,
      read,
    )
  }
}

function keyToSealWith(slotKey: SlotKey): KeyObject {
  if (slotKey.kind === 'key') return slotKey.key
  throw new Problem(refusalOf(slotKey.why))
}

/** For callers with nothing to decide: the value, or the refusal that says why it stays closed. */
export function openedOrRefuse<T>(outcome: OpenOutcome<T> | undefined): T {
  if (!outcome) throw new Problem('not-found')
  if (outcome.kind === 'open') return outcome.value
  throw new Problem(refusalOf(outcome.why))
}

export async function blindToken(
  vault: Vault,
  column: RecordColumn,
  value: string,
): Promise<Buffer> {
  return (await vault.blindTokens([{ column, value }]))[0]!
}

function missing(table: string): never {
  throw new Error(`${table} is not in the catalogue`)
}
