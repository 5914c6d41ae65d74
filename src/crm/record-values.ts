/**
 * Values of fields of one's own making in one record, person or company: checked, sealed and written with it, shown,
 * and revealed with a reason. Those everyone sees stand in the record's contact; a confidential one has a row of its own.
 */
import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import {
  type OpenOutcome,
  openedOrRefuse,
  type SealTarget,
  type Vault,
} from '#security/vault/vault.ts'
import {
  customColumn,
  customName,
  type FieldCatalogue,
  type RecordKind,
} from './field-catalogue.ts'
import { checkValue, type ValueProblem } from './field-values.ts'
import {
  type FieldDefinition,
  type FieldValue,
  type FieldValues,
  type GivenValues,
  MASK,
  type MaskedValues,
} from './fields/contract.ts'
import {
  type ConfidentialRow,
  type ConfidentialWrite,
  deleteConfidential,
  listBecame,
  listConfidential,
  listHolders,
  listLeadsTo,
  listRows,
  writeConfidential,
} from './store.ts'
import { openNames, type SubjectRef } from './subject-names.ts'

export type ValueParts = { vault: Vault; fields: FieldCatalogue }
type Asking = { tx: ReadTx; who: Who }
type Holding = { custom: FieldValues | undefined; rows: readonly ConfidentialRow[] }
/** What is sealed: it names its field, so that a row moved to another field does not pass for that field's. */
export type SealedValue = { field: string; value: FieldValue }

export type Planned = {
  custom: FieldValues
  /** Fields of the contact that become another, as the timeline names them. */
  changed: string[]
  set: { field: FieldDefinition; value: FieldValue; row: ConfidentialRow | undefined }[]
  cleared: ConfidentialRow[]
}

/** What a record's values become, or the refusal that names each field that is not right. */
export async function planValues(
  { fields }: Pick<ValueParts, 'fields'>,
  { tx, who }: Asking,
  kind: RecordKind,
  given: GivenValues | undefined,
  before: Holding,
  isNew: boolean,
): Promise<Planned> {
  const planned: Planned = { custom: { ...before.custom }, changed: [], set: [], cleared: [] }
  const problems = new Map<string, ValueProblem>()
  const named: { fieldId: string; kind: RecordKind; id: string }[] = []
  const seen = new Map(fields.seenBy(kind, who).map((field) => [field.id, field]))
  for (const [fieldId, wanted] of Object.entries(given ?? {})) {
    const field = seen.get(fieldId)
    if (!field) {
      problems.set(fieldId, 'unknown')
      continue
    }
    const isCommon = field.sensitivity === 'contact'
    const held = isCommon ? before.custom?.[fieldId] : undefined
    const row = before.rows.find((one) => one.field_id === fieldId)
    const checked = checkValue(field, wanted, held)
    if ('problem' in checked) problems.set(fieldId, checked.problem)
    else if ('isEmpty' in checked) {
      const isThere = held !== undefined || row !== undefined
      if (field.isRequired && !field.isArchived && isThere) problems.set(fieldId, 'needed')
      if (held !== undefined) {
        delete planned.custom[fieldId]
        planned.changed.push(customName(fieldId))
      }
      if (row) planned.cleared.push(row)
    } else if (JSON.stringify(checked.value) !== JSON.stringify(held)) {
      if (field.isArchived) problems.set(fieldId, 'archived')
      if (field.kind === 'person' || field.kind === 'company')
        named.push({ fieldId, kind: field.kind, id: checked.value as string })
      if (isCommon) {
        planned.custom[fieldId] = checked.value
        planned.changed.push(customName(fieldId))
      } else planned.set.push({ field, value: checked.value, row })
    }
  }
  if (isNew)
    for (const { id, isRequired, isArchived } of seen.values())
      if (isRequired && !isArchived && !problems.has(id) && !isFilled(planned, id))
        problems.set(id, 'needed')
  for (const fieldId of await findUnseen(tx, named)) problems.set(fieldId, 'record')
  if (problems.size > 0)
    refuse('invalid-fields', {
      fields: [...problems].map(([id, problem]) => ({ field: customName(id), problem })),
    })
  return planned
}

function isFilled({ custom, set }: Planned, fieldId: string): boolean {
  return custom[fieldId] !== undefined || set.some(({ field }) => field.id === fieldId)
}

/** Fields that name a record the caller does not see, or one in the trash. */
async function findUnseen(
  tx: ReadTx,
  named: readonly { fieldId: string; kind: RecordKind; id: string }[],
): Promise<string[]> {
  if (named.length === 0) return []
  const idsOf = (kind: RecordKind) => named.filter((one) => one.kind === kind).map(({ id }) => id)
  const rows = await Promise.all(
    (['person', 'company'] as const).map(async (kind) =>
      idsOf(kind).length > 0 ? listRows(tx, kind, idsOf(kind)) : [],
    ),
  )
  const there = new Set(rows.flat().flatMap((row) => (row.deleted_at ? [] : [row.id])))
  return named.filter(({ id }) => !there.has(id)).map(({ fieldId }) => fieldId)
}

export function confidentialTarget(
  rowId: string,
  { id, key_slot: keySlot }: { id: string; key_slot: number },
  sealCounter: number,
): SealTarget {
  return {
    table: 'confidential_value',
    sealedClass: 'confidential',
    rowId,
    subjectId: id,
    keySlot,
    sealCounter,
  }
}

/** Sealed before the transaction begins. Gives what writes all of it in the transaction of the record's own change. */
export async function sealValues(
  { vault }: Pick<ValueParts, 'vault'>,
  kind: RecordKind,
  record: { id: string; key_slot: number },
  { set, cleared }: Pick<Planned, 'set' | 'cleared'>,
): Promise<(tx: Tx) => Promise<unknown>> {
  const places = set.map(({ row }) => ({
    id: row?.id ?? randomUUID(),
    counter: (row?.confidential_seal_counter ?? 0) + 1,
  }))
  const sealed = await vault.seal(
    set.map(({ field, value }, at) => ({
      target: confidentialTarget(places[at]!.id, record, places[at]!.counter),
      value: { field: field.id, value } satisfies SealedValue,
    })),
  )
  const tokens = await exactTokens(vault, set)
  const writes = set.map(
    ({ field, row }, at): ConfidentialWrite => ({
      ...places[at]!,
      fieldId: field.id,
      sealed: sealed[at]!,
      token: tokens[at]!,
      version: row?.row_version,
    }),
  )
  return (tx) =>
    Promise.all([
      writeConfidential(tx, kind, record.id, writes),
      deleteConfidential(
        tx,
        cleared.map(({ id }) => id),
      ),
    ])
}

/** By which a value is found again; nothing for a field that is not searched by its whole value. */
export function exactValue(field: FieldDefinition, value: FieldValue) {
  return field.search === 'exact' && typeof value === 'string'
    ? { column: customColumn(field.id), value }
    : null
}

async function exactTokens(
  vault: Vault,
  values: readonly { field: FieldDefinition; value: FieldValue }[],
): Promise<(Buffer | null)[]> {
  const asked = values.map(({ field, value }) => exactValue(field, value))
  const tokens = await vault.blindTokens(asked.filter((one) => one !== null))
  return asked.map((one) => (one ? tokens.shift()! : null))
}

/** That a value is there, of the fields the reader's role sees. */
export function maskedValues(
  rows: readonly Pick<ConfidentialRow, 'field_id'>[],
  { set, cleared }: Pick<Planned, 'set' | 'cleared'> = { set: [], cleared: [] },
): MaskedValues {
  const gone = new Set(cleared.map(({ field_id }) => field_id))
  const there = [
    ...rows.map(({ field_id }) => field_id).filter((id) => !gone.has(id)),
    ...set.map(({ field }) => field.id),
  ]
  return Object.fromEntries(there.map((id) => [id, MASK]))
}

/** Of what somebody wanted, what stands otherwise now; of a confidential one nobody can tell unseen. */
export function differingValues(
  { custom }: { custom: FieldValues },
  wanted: GivenValues | undefined,
): string[] {
  return Object.entries(wanted ?? {})
    .filter(([id, value]) => JSON.stringify(custom[id] ?? null) !== JSON.stringify(value))
    .map(([id]) => customName(id))
}

/** The confidential values of one record that the caller's role sees, opened. Their reason has been kept already. */
export async function openValues(
  { vault }: Pick<ValueParts, 'vault'>,
  tx: ReadTx,
  kind: RecordKind,
  id: string,
): Promise<FieldValues> {
  const rows = await listConfidential(tx, kind, id)
  const opened = await openRows(vault, tx, rows, 'reveal')
  return Object.fromEntries(rows.map((row) => [row.field_id, opened.get(row.id)!]))
}

/** By the id of their row. A value that stands under another field than it was sealed for is damaged. */
export async function openRows(
  vault: Vault,
  tx: ReadTx,
  rows: readonly { id: string; field_id: string }[],
  purpose: 'reveal' | 'export' | 'import',
): Promise<Map<string, FieldValue>> {
  if (rows.length === 0) return new Map()
  const opened = await vault.open<SealedValue>(tx, {
    table: 'confidential_value',
    sealedClass: 'confidential',
    ids: rows.map((row) => row.id),
    purpose,
    record: 'none',
    ...(purpose === 'import' ? { isUnseen: true as const } : {}),
  })
  return new Map(
    rows.flatMap((row) => {
      const outcome = opened.get(row.id)
      // Cleared by a colleague a moment ago.
      if (!outcome) return []
      const { field, value } = openedOrRefuse(outcome)
      if (field !== row.field_id)
        throw new Problem('record-damaged', { table: 'confidential_value', id: row.id })
      return [[row.id, value] as const]
    }),
  )
}

/** Names of the people and companies that values name, as far as the reader sees them; merged ones by what they became. */
export async function namesIn(
  { vault, fields }: ValueParts,
  tx: ReadTx,
  kind: RecordKind,
  all: readonly (FieldValues | undefined)[],
  shownIn: 'list' | 'export' = 'list',
): Promise<Map<string, string>> {
  const references = fields
    .definitions(kind)
    .filter((one) => one.kind === 'person' || one.kind === 'company')
  const subjects: SubjectRef[] = references.flatMap((field) =>
    all.flatMap((custom) => {
      const id = custom?.[field.id]
      return typeof id === 'string' ? [{ kind: field.kind as RecordKind, id }] : []
    }),
  )
  return openNamesOf(vault, tx, subjects, shownIn)
}

async function openNamesOf(
  vault: Vault,
  tx: ReadTx,
  subjects: readonly SubjectRef[],
  shownIn: 'list' | 'export' = 'list',
): Promise<Map<string, string>> {
  if (subjects.length === 0) return new Map()
  const found = await openNames(vault, tx, subjects, shownIn)
  const missing = subjects.filter(({ id }) => !found.has(id))
  if (missing.length > 0) {
    const led = await listLeadsTo(
      tx,
      missing.map(({ id }) => id),
    )
    const becameOf = new Map(led.map((one) => [one.id, one.leads_to]))
    const became = await openNames(
      vault,
      tx,
      missing.flatMap(({ kind: of, id }) => {
        const to = becameOf.get(id)
        return to ? [{ kind: of, id: to }] : []
      }),
      shownIn,
    )
    for (const [id, to] of becameOf) found.set(id, became.get(to) ?? null)
  }
  return new Map([...found].flatMap(([id, name]) => (name ? [[id, name] as const] : [])))
}

/** The same of records of one kind that are known by their ids. */
export async function namesOfRecords(
  vault: Vault,
  tx: ReadTx,
  kind: RecordKind,
  ids: readonly string[],
): Promise<Record<string, string>> {
  const subjects = ids.map((id) => ({ kind, id }))
  return Object.fromEntries(await openNamesOf(vault, tx, subjects))
}

/** Which record each merged one is now, through those that were merged in turn. */
export async function findBecame(tx: ReadTx, kind: RecordKind): Promise<Record<string, string>> {
  const rows = await listBecame(tx, kind)
  const keptOf = new Map(rows.map((row) => [row.merged_id, row.kept_id]))
  const end = (id: string): string => {
    const kept = keptOf.get(id)
    return kept === undefined ? id : end(kept)
  }
  return Object.fromEntries(rows.map(({ merged_id }) => [merged_id, end(merged_id)]))
}

/** The values of the records of a page that open. */
export function customOf(
  opened: Iterable<{ opened: { contact?: OpenOutcome<{ custom: FieldValues }> } }>,
): (FieldValues | undefined)[] {
  return [...opened].map(({ opened: { contact } }) =>
    contact?.kind === 'open' ? contact.value.custom : undefined,
  )
}

/** As much of the names as one record's values need. */
export function namesFor(
  custom: FieldValues | undefined,
  names: ReadonlyMap<string, string>,
): Record<string, string> {
  if (names.size === 0) return {}
  const ids = Object.values(custom ?? {}).filter((value) => typeof value === 'string')
  return Object.fromEntries(
    ids.flatMap((id) => {
      const name = names.get(id)
      return name ? [[id, name]] : []
    }),
  )
}

/** Whoever holds one of these values in a confidential field, for a filter that asks for it whole. */
export async function findHolders(
  vault: Vault,
  tx: ReadTx,
  name: string,
  values: readonly string[],
): Promise<string[]> {
  const fieldId = name.slice('custom.'.length)
  const column = customColumn(fieldId)
  const tokens = await vault.searchTokens(values.map((value) => ({ column, value })))
  return listHolders(tx, fieldId, tokens.flat())
}
