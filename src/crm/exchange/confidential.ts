/**
 * Confidential values that a file brings, and that go when its import is taken back. Each in its own row, under the key
 * of its record; what was there before is kept with the record's own past.
 */
import { randomUUID } from 'node:crypto'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { FieldCatalogue } from '../field-catalogue.ts'
import type { FieldDefinition, FieldValue, FieldValues } from '../fields/contract.ts'
import { confidentialTarget, exactValue, openRows, type SealedValue } from '../record-values.ts'
import {
  type ConfidentialRow,
  type ConfidentialWrite,
  deleteConfidential,
  listConfidentialOf,
  writeConfidential,
} from '../store.ts'
import type { BatchParts, Change, Past } from './batch.ts'
import { mergeValues, type Step } from './decide.ts'
import type { Draft } from './draft.ts'
import type { RecordKind } from './duplicates.ts'
import type { NewRecord } from './place-records.ts'
import type { Sealer } from './sealer.ts'

type Parts = { vault: Vault; fields: FieldCatalogue; tx: ReadTx }
type Record_ = { kind: RecordKind; id: string; keySlot: number }
type Row = ConfidentialRow & { record_id: string }
/** Null: there is to be none. */
type Wanted = Record<string, FieldValue | null>
type Planned = { record: Record_; write?: () => ConfidentialWrite; removed?: string }

/** What records hold now in fields that the caller's role sees. */
export class HeldValues {
  readonly #rowsOf: ReadonlyMap<string, Row[]>
  readonly #opened: ReadonlyMap<string, FieldValue>
  private constructor(rows: Row[], opened: ReadonlyMap<string, FieldValue>) {
    this.#rowsOf = Map.groupBy(rows, (row) => row.record_id)
    this.#opened = opened
  }

  static async read(
    { vault, tx }: Pick<Parts, 'vault' | 'tx'>,
    kind: RecordKind,
    ids: readonly string[],
  ): Promise<HeldValues> {
    if (ids.length === 0) return new HeldValues([], new Map())
    const rows = await listConfidentialOf(tx, kind, ids)
    return new HeldValues(rows, await openRows(vault, tx, rows, 'import'))
  }

  of(recordId: string): FieldValues {
    return Object.fromEntries(
      (this.#rowsOf.get(recordId) ?? []).flatMap((row) => {
        const value = this.#opened.get(row.id)
        return value === undefined ? [] : [[row.field_id, value]]
      }),
    )
  }

  row(recordId: string, fieldId: string): Row | undefined {
    return this.#rowsOf.get(recordId)?.find((row) => row.field_id === fieldId)
  }
}

/**
 * Several changes of one record by one import, oldest first: what each of their fields held before the first that is
 * about it, and what the last left in it.
 */
export function valuesOver(pasts: readonly Past[]): { was: Wanted; left: FieldValues } {
  const was: Wanted = {}
  const left: FieldValues = {}
  for (const { before, after } of pasts)
    for (const [fieldId, value] of Object.entries(after.values ?? {})) {
      left[fieldId] = value
      if (!(fieldId in was)) was[fieldId] = before.values?.[fieldId] ?? null
    }
  return { was, left }
}

/** Gathers what is to be written of confidential values, seals it with the rest, and writes what its records' fate allows. */
export class ValueWrites {
  readonly #planned: Planned[] = []
  readonly #sealer: Pick<Sealer, 'add' | 'addExact'>
  readonly #parts: Pick<Parts, 'vault' | 'fields'>

  constructor(sealer: Pick<Sealer, 'add' | 'addExact'>, parts: Pick<Parts, 'vault' | 'fields'>) {
    this.#sealer = sealer
    this.#parts = parts
  }

  add(record: Record_, wanted: Wanted, held?: HeldValues): void {
    for (const [fieldId, value] of Object.entries(wanted)) {
      const row = held?.row(record.id, fieldId)
      const field = this.#parts.fields.find(fieldId)
      if (value === null) {
        if (row) this.#planned.push({ record, removed: row.id })
      } else if (field)
        this.#planned.push({ record, write: this.#sealed(record, field, value, row) })
    }
  }

  #sealed(
    { id, keySlot }: Record_,
    field: FieldDefinition,
    value: FieldValue,
    row: Row | undefined,
  ): () => ConfidentialWrite {
    const rowId = row?.id ?? randomUUID()
    const counter = (row?.confidential_seal_counter ?? 0) + 1
    const sealed: () => Sealed = this.#sealer.add(
      confidentialTarget(rowId, { id, key_slot: keySlot }, counter),
      { field: field.id, value } satisfies SealedValue,
    )
    const exact = exactValue(field, value)
    const token = exact && this.#sealer.addExact(exact.column, exact.value)
    return () => ({
      id: rowId,
      fieldId: field.id,
      sealed: sealed(),
      counter,
      token: token?.() ?? null,
      version: row?.row_version,
    })
  }

  async write(tx: Tx, isWritten: (recordId: string) => boolean): Promise<void> {
    const todo = this.#planned.filter(({ record }) => isWritten(record.id))
    const byRecord = Map.groupBy(todo, ({ record }) => record.id)
    await Promise.all(
      [...byRecord.values()].flatMap((own) => {
        const { kind, id } = own[0]!.record
        return [
          writeConfidential(
            tx,
            kind,
            id,
            own.flatMap(({ write }) => write?.() ?? []),
          ),
          deleteConfidential(
            tx,
            own.flatMap(({ removed }) => removed ?? []),
          ),
        ]
      }),
    )
  }
}

function valuesOf(draft: Draft): FieldValues {
  return (draft.person ?? draft.company)?.values ?? {}
}

/** Confidential values of new records: a row's own, and those of a company it makes beside its person. */
export function valuesOfFresh(
  { companies, placeOfLine }: Pick<BatchParts, 'companies' | 'placeOfLine'>,
  steps: Step[],
  fresh: NewRecord[],
): Map<NewRecord, FieldValues> {
  const byId = new Map(fresh.map((record) => [record.id, record]))
  const values = new Map<NewRecord, FieldValues>()
  const add = (id: string | undefined, given: FieldValues | undefined) => {
    const record = id === undefined ? undefined : byId.get(id)
    if (record && given) values.set(record, mergeValues(values.get(record), given, 'kept'))
  }
  for (const step of steps) {
    const { outcome, draft } = step
    if (outcome !== 'created' && outcome !== 'updated') continue
    const line = 'line' in step ? step.line : draft.line
    add('id' in step ? step.id : placeOfLine.get(line)?.id, valuesOf(draft))
    if (draft.person && draft.company)
      add(companies.find(draft.company.contact)?.id, draft.company.values)
  }
  return values
}

/** What stored records hold in the fields the file brings: kept with their past, so that taking back finds it. */
export async function readValues(
  parts: Pick<BatchParts, 'vault' | 'tx'>,
  kind: RecordKind,
  changes: Change[],
  writes: ValueWrites,
): Promise<void> {
  const about = changes.filter(({ steps }) =>
    steps.some(({ draft }) => Object.keys(valuesOf(draft)).length > 0),
  )
  const held = await HeldValues.read(
    parts,
    kind,
    about.map(({ place }) => place.id),
  )
  for (const change of about) {
    const { place, steps } = change
    const was = held.of(place.id)
    // A row that repeats another one of the file gives way to what stands.
    const all = steps.reduce(
      (sum, step) => mergeValues(sum, valuesOf(step.draft), 'id' in step ? 'given' : 'kept'),
      was,
    )
    // What the file says is written also where it says what stood there: taking it back must not tell which it was.
    const said = new Set(steps.flatMap(({ draft }) => Object.keys(valuesOf(draft))))
    change.values = Object.fromEntries(Object.entries(all).filter(([id]) => said.has(id)))
    change.before.values = Object.fromEntries(
      Object.entries(was).filter(([id]) => change.values[id] !== undefined),
    )
    const record = { kind, id: place.id, keySlot: place.key_slot }
    writes.add(record, change.values, held)
  }
}
