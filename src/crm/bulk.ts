import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { Changed } from '#security/search/record-index.ts'
import type { OpenOutcome, SealTarget, Vault } from '#security/vault/vault.ts'
import { type BulkChange, type BulkReply, TRASH_FREELY_MAX } from './contract.ts'
import { checkValue } from './field-values.ts'
import {
  bulkKinds,
  type FieldDefinition,
  type FieldValues,
  type GivenValues,
} from './fields/contract.ts'
import type { IndexRow } from './store.ts'

type Change = BulkChange['change']
type Before = Extract<Change, { kind: 'restore' }>['before'][number]
type Result = BulkReply['results'][number]
type Row = IndexRow & { key_slot: number; contact_seal_counter: number }
type Patch = Partial<{
  owner_id: string
  team_id: string
  stage: string
  contact_sealed: Awaited<ReturnType<Vault['seal']>>[number]
  contact_seal_counter: number
  deleted_at: Date | null
  deleted_by: string | null
}>

type BulkContact = { tags: string[]; custom: FieldValues }

/** What people and companies do differently. */
export type BulkTable = {
  kind: 'person' | 'company'
  mayDelete: 'people:delete' | 'companies:delete'
  columns: readonly string[]
  /** Of one's own making, of this kind of record. */
  fields(): readonly FieldDefinition[]
  change(tx: Tx, id: string, version: number, patch: Patch): Promise<object | undefined>
  target(row: Row, sealCounter: number): SealTarget
}
type Asking = {
  tx: ReadTx
  who: Who
  now: Date
  writeAtOnce<T>(ask: (tx: Tx) => Promise<T>): Promise<T>
}

/** A few in the trash are put back in a moment; a whole list is asked of whoever removes it. */
export function operationOfBulk({ body }: { body: BulkChange }): 'bulk-delete' | undefined {
  return body.change.kind === 'trash' && body.ids.length > TRASH_FREELY_MAX
    ? 'bulk-delete'
    : undefined
}

/** For whoever must agree to it. */
export const previewOfBulk =
  (what: 'trash-people' | 'trash-companies') =>
  ({ body }: { body: BulkChange }) => ({ what, facts: { count: new Set(body.ids).size } })

// One transaction's worth: long enough to be quick, short enough that a colleague does not wait for it.
const BATCH = 200

/** Changes many records, each for itself: one that can not be changed does not take the others with it. */
export async function changeMany(
  parts: { vault: Vault; changed: Changed },
  table: BulkTable,
  asking: Asking,
  { ids, change }: BulkChange,
): Promise<BulkReply> {
  const isRemoval = change.kind === 'trash' || change.kind === 'untrash'
  if (isRemoval && !asking.who.permissions.has(table.mayDelete)) refuse('not-allowed')
  const settled = settleValues(change, table.fields())
  const all = [...new Set(ids)]
  const results: Result[] = []
  for (let at = 0; at < all.length; at += BATCH)
    results.push(...(await changeBatch(parts, table, asking, all.slice(at, at + BATCH), settled)))
  return { changed: results.filter((one) => one.outcome === 'changed').length, results }
}

/** Values as they are kept, or the refusal; those that undo come from an earlier answer and are looked at as well. */
function settleValues(change: Change, fields: readonly FieldDefinition[]): Change {
  if (change.kind === 'custom') {
    const { fieldId, value } = change
    return { ...change, value: settleValue(fields, fieldId, value, 'fieldId', undefined) }
  }
  if (change.kind !== 'restore') return change
  return {
    ...change,
    before: change.before.map((one) => {
      if (!one.custom) return one
      const custom: GivenValues = {}
      for (const [id, value] of Object.entries(one.custom))
        custom[id] = settleValue(fields, id, value, `custom.${id}`, value ?? undefined)
      return { ...one, custom }
    }),
  }
}

/** `held`: what undoing puts back, which may be an option that was archived since. */
function settleValue(
  fields: readonly FieldDefinition[],
  id: string,
  value: GivenValues[string],
  name: string,
  held: GivenValues[string] | undefined,
): NonNullable<GivenValues[string]> | null {
  const wrong = (problem: string) =>
    refuse('invalid-fields', { fields: [{ field: name, problem }] })
  const field = fields.find((one) => one.id === id)
  if (field?.sensitivity !== 'contact') return wrong('unknown')
  // One by which records are found again is nobody else's.
  if (!bulkKinds.includes(field.kind) || field.search === 'exact') wrong('kind')
  const checked = checkValue(field, value, held ?? undefined)
  if ('problem' in checked) wrong(checked.problem)
  if (field.isArchived && held === undefined && 'value' in checked) wrong('archived')
  if ('value' in checked) return checked.value
  return field.isRequired && !field.isArchived && held === undefined ? wrong('needed') : null
}

type Step = {
  row: Row
  contact: BulkContact
  patch: Patch
  after: BulkContact
  before: Omit<Before, 'id'>
}

async function changeBatch(
  parts: { vault: Vault; changed: Changed },
  table: BulkTable,
  asking: Asking,
  ids: string[],
  change: Change,
): Promise<Result[]> {
  const found = await parts.vault.openRecords<Row, { contact: BulkContact }>(asking.tx, {
    table: table.kind,
    classes: ['contact'],
    also: table.columns,
    ids,
    purpose: 'edit',
    record: 'list',
    // It is chosen by id, and what comes back names nobody; only what stood in a field of one's own says something of them.
    ...(change.kind === 'custom' || change.kind === 'restore' ? {} : { isUnseen: true as const }),
  })
  const steps: Step[] = []
  const results = new Map<string, Result>()
  for (const id of ids) {
    const record = found.get(id)
    const step = planned(record?.row, record?.opened.contact, change, asking)
    if ('outcome' in step) results.set(id, { id, ...step } as Result)
    else steps.push(step)
  }
  const retagged = steps.filter(({ contact, after }) => contact !== after)
  const sealed = await parts.vault.seal(
    retagged.map(({ row, after }) => ({
      target: table.target(row, row.contact_seal_counter + 1),
      value: after,
    })),
  )
  retagged.forEach(({ row, patch }, at) => {
    patch.contact_sealed = sealed[at]!
    patch.contact_seal_counter = row.contact_seal_counter + 1
  })
  for (const result of await write(table, asking, steps)) results.set(result.id, result)
  const changed = steps.filter(({ row }) => results.get(row.id)?.outcome === 'changed')
  parts.changed(
    table.kind,
    changed.map(({ row }) => row.id),
  )
  return ids.map((id) => results.get(id)!)
}

/** What becomes of one record: a step to write, or why there is none. */
function planned(
  row: Row | undefined,
  outcome: OpenOutcome<BulkContact> | undefined,
  change: Change,
  { who, now }: Asking,
): Step | { outcome: 'not-found' | 'unchanged' } | { outcome: 'closed'; why: string } {
  if (!row || !outcome) return { outcome: 'not-found' }
  if (outcome.kind === 'closed') return { outcome: 'closed', why: outcome.why }
  const contact = outcome.value
  const step: Step = { row, contact, patch: {}, after: contact, before: {} }
  const wanted = wantedOf(change, row.id)
  if (wanted.stage && wanted.stage !== row.stage) {
    step.patch.stage = wanted.stage
    step.before.stage = row.stage as NonNullable<Before['stage']>
  }
  if (wanted.ownerId && wanted.ownerId !== row.owner_id) {
    step.patch.owner_id = wanted.ownerId
    step.before.ownerId = row.owner_id
  }
  if (wanted.teamId && wanted.teamId !== row.team_id) {
    step.patch.team_id = wanted.teamId
    step.before.teamId = row.team_id
  }
  const tags = tagsAfter(change, contact.tags, wanted.tags)
  if (tags.join('\n') !== contact.tags.join('\n')) {
    step.after = { ...contact, tags }
    step.before.tags = contact.tags
  }
  const { custom, before: held } = valuesAfter(contact.custom ?? {}, wanted.custom)
  if (held) {
    step.after = { ...step.after, custom }
    step.before.custom = held
  }
  if (change.kind === 'trash' && !row.deleted_at)
    step.patch = { deleted_at: now, deleted_by: who.userId }
  if (change.kind === 'untrash' && row.deleted_at)
    step.patch = { deleted_at: null, deleted_by: null }
  const isSame = Object.keys(step.patch).length === 0 && step.after === contact
  return isSame ? { outcome: 'unchanged' } : step
}

/** The values of a record after a change; `before` is undefined where nothing becomes another. */
function valuesAfter(
  was: FieldValues,
  wanted: GivenValues | undefined,
): { custom: FieldValues; before?: GivenValues } {
  const custom = { ...was }
  const before: GivenValues = {}
  for (const [id, value] of Object.entries(wanted ?? {})) {
    if (JSON.stringify(was[id] ?? null) === JSON.stringify(value)) continue
    before[id] = was[id] ?? null
    if (value === null) delete custom[id]
    else custom[id] = value
  }
  return Object.keys(before).length > 0 ? { custom, before } : { custom }
}

function wantedOf(change: Change, id: string): Omit<Before, 'id'> {
  if (change.kind === 'stage') return { stage: change.stage }
  if (change.kind === 'owner') return { ownerId: change.ownerId }
  if (change.kind === 'team') return { teamId: change.teamId }
  if (change.kind === 'custom') return { custom: { [change.fieldId]: change.value } }
  if (change.kind === 'restore') return change.before.find((one) => one.id === id) ?? {}
  return {}
}

function tagsAfter(change: Change, tags: string[], restored: string[] | undefined): string[] {
  if (change.kind === 'add-tag') return tags.includes(change.tag) ? tags : [...tags, change.tag]
  if (change.kind === 'remove-tag') return tags.filter((tag) => tag !== change.tag)
  return restored ?? tags
}

/** All in one transaction; when a colleague was in between, each for itself, so that only theirs is left. */
async function write(table: BulkTable, { writeAtOnce }: Asking, steps: Step[]): Promise<Result[]> {
  const write = (some: Step[]) =>
    writeAtOnce((tx) =>
      Promise.all(
        some.map(async ({ row, patch, before }): Promise<Result> => {
          const isThere = await table.change(tx, row.id, row.row_version, patch)
          return isThere
            ? { id: row.id, outcome: 'changed', before }
            : { id: row.id, outcome: 'not-found' }
        }),
      ),
    )
  if (steps.length === 0) return []
  try {
    return await write(steps)
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'changed-meanwhile') throw error
  }
  const results: Result[] = []
  for (const step of steps)
    results.push(
      ...(await write([step]).catch((error: unknown): Result[] => {
        if (!(error instanceof Problem) || error.code !== 'changed-meanwhile') throw error
        return [{ id: step.row.id, outcome: 'changed-meanwhile' }]
      })),
    )
  return results
}
