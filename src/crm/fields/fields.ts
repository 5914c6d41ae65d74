import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import { isSkewed, RECORDS_MIN } from '#security/vault/spread.ts'
import type { KeeperVault, SealTarget, Vault } from '#security/vault/vault.ts'
import { customName, type FieldCatalogue } from '../field-catalogue.ts'
import {
  exactKinds,
  FIELDS_MAX,
  type FieldChange,
  type FieldDefinition,
  type FieldOption,
  type FieldOrder,
  type FieldSpread,
  type NewField,
} from './contract.ts'
import * as store from './store.ts'

export type FieldParts = {
  vault: Vault
  fields: FieldCatalogue
  index: RecordIndex
  /** Reads the definitions again, and tells whoever holds something that follows from them. */
  changed(): Promise<void>
}
type Asking = { tx: ReadTx; now: Date }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
/** What decides how values are kept is sealed too: PostgreSQL reads its own copy, and must not be able to change ours. */
type Fixed = Pick<FieldDefinition, 'recordKind' | 'kind' | 'sensitivity' | 'search'>
type Content = Fixed & Pick<FieldDefinition, 'label' | 'help' | 'purpose' | 'options' | 'currency'>

/**
 * Every definition, opened under the indexer's session. One that does not open is left out, and its values stay sealed
 * where they are; without the keystore none is, and the caller asks again.
 */
export async function readDefinitions(
  vault: KeeperVault,
  tx: ReadTx,
  onClosed: (id: string) => void,
): Promise<FieldDefinition[]> {
  // A session that ended sees nothing, and an empty list would pass for no fields at all.
  if (!(await store.isOrganisationSeen(tx))) throw new Error('the indexer has no session')
  const roles = Map.groupBy(await store.listRoles(tx), (row) => row.field_id)
  const definitions: FieldDefinition[] = []
  for await (const rows of vault.openBulk<Content>(tx, {
    table: 'field_definition',
    sealedClass: 'content',
    also: store.COLUMNS,
  }))
    for (const { id, outcome, columns } of rows) {
      const row = { id, ...columns } as store.FieldRow
      if (outcome.kind === 'open' && isAsSealed(row, outcome.value)) {
        const held = (roles.get(id) ?? []).map(({ role_id }) => role_id)
        definitions.push(definitionOf(row, outcome.value, held))
      } else if (outcome.kind === 'closed' && outcome.why === 'no-key')
        throw new Problem('keystore-unavailable')
      else onClosed(id)
    }
  return definitions
}

function isAsSealed(row: store.FieldRow, content: Fixed): boolean {
  return (
    row.record_kind === content.recordKind &&
    row.kind === content.kind &&
    row.sensitivity === content.sensitivity &&
    row.search === content.search
  )
}

function definitionOf(row: store.FieldRow, content: Content, roles: string[]): FieldDefinition {
  return {
    id: row.id,
    ...content,
    isRequired: row.is_required,
    roles,
    position: row.position,
    isArchived: row.archived_at !== null,
    rowVersion: row.row_version,
  }
}

/** Those that are there for the caller; PostgreSQL says which, and whether what is in memory is still so. */
export async function listFields(parts: FieldParts, tx: ReadTx): Promise<FieldDefinition[]> {
  const seen = new Map((await store.listSeen(tx)).map((row) => [row.id, row.row_version]))
  const isAsKnown = () => {
    const known = new Map(parts.fields.definitions().map((one) => [one.id, one.rowVersion]))
    return [...seen].every(([id, version]) => known.get(id) === version)
  }
  if (!isAsKnown()) await parts.changed()
  return parts.fields.definitions().filter(({ id }) => seen.has(id))
}

function target(vault: Vault, id: string, sealCounter: number): SealTarget {
  return {
    table: 'field_definition',
    sealedClass: 'content',
    rowId: id,
    subjectId: vault.organisationId,
    keySlot: 0,
    sealCounter,
  }
}

function wrong(field: string, problem: string, figures: object = {}): never {
  refuse('invalid-fields', { fields: [{ field, problem, ...figures }] })
}

export async function createField(
  parts: FieldParts,
  { tx }: Asking,
  given: NewField,
  writeAtOnce: WriteAtOnce,
): Promise<FieldDefinition> {
  const { vault, fields } = parts
  const id = randomUUID()
  const others = fields.definitions(given.recordKind)
  if (others.filter(({ isArchived }) => !isArchived).length >= FIELDS_MAX)
    wrong('recordKind', 'too-many')
  const options = given.options.map((one) => ({ id: randomUUID(), ...one, isArchived: false }))
  requireOwnLabel(others, id, given.label)
  requireFitting({ ...given, options })
  await requireRoles(tx, given)
  const { label, help, purpose } = given
  const currency = given.kind === 'money' ? given.currency : ''
  const { recordKind, kind, sensitivity, search } = given
  const fixed: Fixed = { recordKind, kind, sensitivity, search }
  const content: Content = { ...fixed, label, help, purpose, options, currency }
  const [sealed] = await vault.seal([{ target: target(vault, id, 1), value: content }])
  await writeAtOnce((write) =>
    Promise.all([
      store.insertField(write, {
        id,
        record_kind: given.recordKind,
        kind: given.kind,
        sensitivity: given.sensitivity,
        search: given.search,
        is_required: given.isRequired,
        position: Math.max(-1, ...others.map(({ position }) => position)) + 1,
        content_sealed: sealed!,
      }),
      store.changeRoles(write, id, { gone: [], added: [...new Set(given.roles)] }),
    ]),
  )
  await parts.changed()
  return fields.find(id) ?? refuse('internal')
}

export async function editField(
  parts: FieldParts,
  { tx, now }: Asking,
  id: string,
  change: FieldChange,
  writeAtOnce: WriteAtOnce,
): Promise<FieldDefinition> {
  const { vault, fields } = parts
  const before = fields.find(id)
  const counter = await store.findCounter(tx, id)
  if (!before || counter === undefined) refuse('not-found')
  const { rowVersion, roles, isArchived, search, isRequired, options: asked, ...texts } = change
  if (rowVersion !== before.rowVersion) refuse('changed-meanwhile', { current: before })
  if (search === 'exact' && before.search !== 'exact') await requireEven(parts.index, before)
  const isForgotten = before.search === 'exact' && search !== undefined && search !== 'exact'
  const options = asked ? optionsAfter(before.options, asked) : before.options
  const after = { ...before, ...texts, options, search: search ?? before.search }
  if (texts.label) requireOwnLabel(fields.definitions(before.recordKind), id, texts.label)
  if (asked || search) requireFitting(after)
  if (roles) await requireRoles(tx, { ...before, roles })
  const patch: store.FieldPatch = {
    ...(search && { search }),
    ...(isRequired !== undefined && { is_required: isRequired }),
    ...(isArchived !== undefined && { archived_at: isArchived ? now : null }),
  }
  if (asked || search || Object.keys(texts).length > 0) {
    const { label, help, purpose, currency, recordKind, kind, sensitivity } = after
    const fixed: Fixed = { recordKind, kind, sensitivity, search: after.search }
    const content: Content = { ...fixed, label, help, purpose, options, currency }
    patch.content_seal_counter = counter + 1
    const at = target(vault, id, patch.content_seal_counter)
    patch.content_sealed = (await vault.seal([{ target: at, value: content }]))[0]!
  }
  const wanted = roles ?? before.roles
  await writeAtOnce((write) =>
    Promise.all([
      store.changeField(write, id, rowVersion, patch),
      isForgotten && store.forgetExact(write, id),
      store.changeRoles(write, id, {
        gone: before.roles.filter((role) => !wanted.includes(role)),
        added: [...new Set(wanted)].filter((role) => !before.roles.includes(role)),
      }),
    ]),
  )
  await parts.changed()
  return fields.find(id) ?? refuse('internal')
}

export async function orderFields(
  parts: FieldParts,
  { recordKind, ids }: FieldOrder,
  writeAtOnce: WriteAtOnce,
): Promise<void> {
  const known = parts.fields.definitions(recordKind).map(({ id }) => id)
  if (ids.some((id) => !known.includes(id))) wrong('ids', 'unknown')
  const first = [...new Set(ids)]
  const order = [...first, ...known.filter((id) => !first.includes(id))]
  await writeAtOnce((write) => store.changeOrder(write, order))
  await parts.changed()
}

/** A blind index shows which records share a value, and is written with a value: only of those made since. */
async function requireEven(
  index: RecordIndex,
  { id, recordKind, sensitivity }: FieldDefinition,
): Promise<void> {
  // Confidential values are not in the index: nobody knows how they are spread before they have tokens.
  if (sensitivity === 'confidential') wrong('search', 'fixed')
  const spread = await index.spread(recordKind, customName(id))
  if (!spread) refuse('index-loading')
  if (isSkewed(spread)) wrong('search', 'skewed', spread)
  // Equal values would be found of those written since, and not of the others.
  if (spread.records > 0) wrong('search', 'fixed', spread)
}

/** How the values of fields are spread: of those with an exact search by what the database holds of them. */
export async function showSpreads(
  { fields, index }: FieldParts,
  tx: ReadTx,
): Promise<{ items: FieldSpread[] }> {
  const exact = new Map((await store.listSpreads(tx)).map((row) => [row.field_id, row]))
  const nothing = { records: 0, different: 0, most: 0 }
  const items: FieldSpread[] = []
  for (const { id, recordKind, kind, sensitivity, search } of fields.definitions()) {
    if (!exactKinds.includes(kind)) continue
    const isHeld = sensitivity === 'contact'
    const spread =
      search === 'exact'
        ? (exact.get(id) ?? nothing)
        : isHeld && (await index.spread(recordKind, customName(id)))
    if (!spread) continue
    const { records, different, most } = spread
    const isEnough = records >= RECORDS_MIN
    items.push({ id, records, different, most, isEnough, isSkewed: isSkewed(spread) })
  }
  return { items }
}

/** One that is left out may stand in records: it stays, and can't be chosen anew. */
function optionsAfter(
  before: readonly FieldOption[],
  asked: NonNullable<FieldChange['options']>,
): FieldOption[] {
  const known = new Set(before.map(({ id }) => id))
  const given = new Set(asked.flatMap(({ id }) => id ?? []))
  const foreign = asked.findIndex(({ id }) => id !== undefined && !known.has(id))
  if (foreign >= 0) wrong(`options.${foreign}.id`, 'unknown')
  return [
    ...asked.map(({ id, label, isArchived }) => ({ id: id ?? randomUUID(), label, isArchived })),
    ...before.filter(({ id }) => !given.has(id)).map((one) => ({ ...one, isArchived: true })),
  ]
}

/** Two of one name can't be told apart in a list, nor in the file of an import. */
function requireOwnLabel(
  others: readonly FieldDefinition[],
  id: string,
  label: FieldDefinition['label'],
): void {
  const words = wordsOf(label)
  const isTaken = others.some(
    (other) =>
      other.id !== id &&
      !other.isArchived &&
      wordsOf(other.label).some((one) => words.includes(one)),
  )
  if (isTaken) wrong('label', 'taken')
}

const wordsOf = ({ nl, en }: { nl: string; en: string }): string[] =>
  [nl, en].filter(Boolean).map((text) => text.toLowerCase())

function requireFitting({
  kind,
  sensitivity,
  search,
  options,
}: Pick<FieldDefinition, 'kind' | 'sensitivity' | 'search' | 'options'>): void {
  if (search === 'exact' && !exactKinds.includes(kind)) wrong('search', 'skewed')
  if (search === 'index' && sensitivity === 'confidential') wrong('search', 'confidential')
  const isChosen = kind === 'choice' || kind === 'choices'
  const active = options.filter(({ isArchived }) => !isArchived)
  if (isChosen && active.length === 0) wrong('options', 'needed')
  if (!isChosen && options.length > 0) wrong('options', 'kind')
  active.forEach(({ label }, at) => {
    const words = wordsOf(label)
    if (active.slice(0, at).some((one) => wordsOf(one.label).some((word) => words.includes(word))))
      wrong(`options.${options.indexOf(active[at]!)}.label`, 'taken')
  })
}

/** What everyone sees who sees the record has no roles of its own. */
async function requireRoles(
  tx: ReadTx,
  { sensitivity, roles }: Pick<FieldDefinition, 'sensitivity' | 'roles'>,
): Promise<void> {
  if (roles.length === 0) return
  if (sensitivity === 'contact') wrong('roles', 'contact')
  const known = await store.listKnownRoles(tx, roles)
  if (roles.some((role) => !known.has(role))) wrong('roles', 'unknown')
}
