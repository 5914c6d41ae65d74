import { randomUUID } from 'node:crypto'
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { SealedFiles } from '#security/vault/file-vault.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import type { FieldCatalogue } from '../field-catalogue.ts'
import type { FieldValues } from '../fields/contract.ts'
import { readValues, ValueWrites, valuesOfFresh } from './confidential.ts'
import type { Problem } from './contract.ts'
import { type CompanyMemory, mergeCompany, mergeContact, type Place, type Step } from './decide.ts'
import type { Draft } from './draft.ts'
import { companyKeys, type Key, personKeys, type RecordKind } from './duplicates.ts'
import { sealPhotos } from './hung/photos.ts'
import { placeAttached, placesOf } from './hung/places.ts'
import * as hanging from './hung/store.ts'
import { BatchTies, type PastTies } from './hung/ties.ts'
import { giveSlots, type NewRecord, placeRecords, targetOf } from './place-records.ts'
import { Sealer, target, under } from './sealer.ts'
import * as store from './store.ts'

type Confidential = { ibans: string[] }

/** One batch ready to be written: everything is sealed before the transaction begins. */
export type Batch = {
  write(tx: Tx): Promise<void>
  /** Records that are there or other than before, once it is written. */
  changed: Record<RecordKind, string[]>
  newCompanies: number
  /** Steps whose record someone else changed between reading and writing; known after `write`. */
  lost: Step[]
}

export type BatchParts = {
  vault: Vault
  files: SealedFiles
  fields: FieldCatalogue
  tx: ReadTx
  who: Who
  importId: string
  /** Where the record of a row of this file is; filled for those of this batch. */
  placeOfLine: Map<number, Place>
  companies: CompanyMemory
  /** The importer chose by what two are one: then names are taken over too. */
  withNames: boolean
}

export type Change = {
  place: store.PlaceRow
  contact: Contact | CompanyContact
  ibans: string[]
  before: Kept
  /** Confidential values that the file brings, as they become. */
  values: FieldValues
  steps: Step[]
}
/** `values`: confidential ones, as far as the import is about them; none in an import of before there were any. */
export type Kept = {
  contact: Contact | CompanyContact
  ibans: string[]
  values?: FieldValues
}
/** What a record was before, and of which of its versions. */
export type Past = { before: Kept; after: Kept; ties?: PastTies }

/** Draws keys, seals and lists what is to be written. */
export async function prepareBatch(parts: BatchParts, steps: Step[]): Promise<Batch> {
  const created = steps.filter((step) => step.outcome === 'created')
  const updated = steps.filter((step) => step.outcome === 'updated')
  const merged = updated.filter(({ draft }) => !draft.attach)
  const { fresh, added, changed: retitled } = await placeRecords(parts, created, merged)
  const attached = await placeAttached(parts, updated)
  mergeWithinBatch(parts, merged, fresh)
  const changes = await readChanges(parts, merged, fresh)
  const sealer = new Sealer(parts.vault)
  giveSlots([...added, ...retitled], changes)
  const ties = new BatchTies(sealer, added, retitled)

  const values = new ValueWrites(sealer, parts)
  for (const [record, wanted] of valuesOfFresh(parts, steps, fresh)) values.add(record, wanted)
  for (const [kind, list] of changes) await readValues(parts, kind, list, values)

  const rows = (kind: RecordKind) => fresh.filter((record) => record.kind === kind)
  const placed = fresh.map((record) => ({
    record,
    contact: sealer.add(target(record, 'contact', 1), record.contact),
    confidential: record.ibans.length
      ? sealer.add(target(record, 'confidential', 1), { ibans: record.ibans })
      : undefined,
  }))
  const changed = [...changes].map(([kind, list]) => ({
    kind,
    list: list.map((change) => sealChange(sealer, kind, change, ties.pastOf(change.place.id))),
  }))
  const hung = placesOf(parts, [...created, ...merged], changes).concat(attached.placed)
  const notes = hung
    .filter(({ draft }) => draft.note)
    .map(({ draft, place }) => {
      const id = randomUUID()
      return { id, place, sealed: sealer.add(under('note', id, place), { body: draft.note }) }
    })
  const tasks = hung
    .filter(({ draft }) => draft.task)
    .map(({ draft, place }) => {
      const id = randomUUID()
      const { title, dueOn, isDone } = draft.task!
      return { id, place, dueOn, isDone, sealed: sealer.add(under('task', id, place), { title }) }
    })
  const [photos, companyLookups, personLookups] = await Promise.all([
    sealPhotos(parts, hung),
    lookups(parts, 'company', rows('company'), changes),
    lookups(parts, 'person', rows('person'), changes),
    sealer.sealAll(),
  ])
  const isFresh = new Set(fresh.map(({ id }) => id))

  const batch: Batch = {
    changed: {
      person: [...rows('person').map(({ id }) => id), ...idsOf(changes, 'person')],
      company: [...rows('company').map(({ id }) => id), ...idsOf(changes, 'company')],
    },
    newCompanies: rows('company').length,
    lost: attached.gone,
    async write(tx) {
      const { importId, who } = parts
      const teamId = who.teamIds[0] ?? refuse('not-allowed')
      const recordRows = (kind: RecordKind) =>
        placed
          .filter(({ record }) => record.kind === kind)
          .map(({ record, contact, confidential }) => ({
            id: record.id,
            ownerId: who.userId,
            teamId,
            stage: record.stage,
            keySlot: record.keySlot,
            contact: contact(),
            confidential: confidential?.() ?? null,
          }))
      // All asked in one turn, so all travel in one round trip; order is kept.
      const [, , ...updates] = await Promise.all([
        Promise.all([
          store.insertRecords(tx, 'company', importId, recordRows('company')),
          store.insertRecords(tx, 'person', importId, recordRows('person')),
          store.insertLookups(tx, 'company', companyLookups),
          store.insertLookups(tx, 'person', personLookups),
        ]),
        Promise.all([
          ties.write(tx, ({ id }) => isFresh.has(id)),
          hanging.insertNotes(
            tx,
            importId,
            notes.map(({ id, place, sealed }) => ({
              id,
              kind: place.kind,
              subjectId: place.id,
              content: sealed(),
            })),
          ),
          hanging.insertTasks(
            tx,
            importId,
            tasks.map(({ id, place, dueOn, isDone, sealed }) => ({
              id,
              kind: place.kind,
              subjectId: place.id,
              assigneeId: who.userId,
              dueOn: dueOn || null,
              isDone,
              content: sealed(),
            })),
          ),
          hanging.insertPhotos(tx, importId, photos),
        ]),
        ...changed.map(({ kind, list }) =>
          store.updateRecords(
            tx,
            kind,
            list.map(({ row }) => row()),
          ),
        ),
      ])
      changed.forEach(({ list }, i) => {
        for (const { id, steps: of } of list) if (!updates[i]!.has(id)) batch.lost.push(...of)
      })
      const kept = new Set(updates.flatMap((ids) => [...ids]))
      await Promise.all([
        ties.write(tx, ({ id }) => kept.has(id)),
        values.write(tx, (id) => isFresh.has(id) || kept.has(id)),
        store.insertChanges(
          tx,
          importId,
          changed.flatMap(({ kind, list }) =>
            list.filter(({ id }) => kept.has(id)).map((change) => change.past(kind)),
          ),
        ),
      ])
    },
  }
  return batch
}

/** A row that repeats one of the same batch goes into it before anything is sealed. */
function mergeWithinBatch(parts: BatchParts, updated: Step[], fresh: NewRecord[]): void {
  const byId = new Map(fresh.map((record) => [record.id, record]))
  for (const step of updated) {
    const record = byId.get(targetOf(parts, step))
    if (!record) continue
    record.contact = merge(parts, record.kind, record.contact, step.draft, 'kept')
    record.ibans = [...new Set([...record.ibans, ...ibansOf(step.draft)])]
  }
}

function merge(
  { withNames }: BatchParts,
  kind: RecordKind,
  kept: Contact | CompanyContact,
  draft: Draft,
  wins: 'kept' | 'given',
): Contact | CompanyContact {
  return kind === 'person'
    ? mergeContact(kept as Contact, draft.person!.contact, wins, withNames)
    : mergeCompany(kept as CompanyContact, draft.company!.contact, wins, withNames)
}

function ibansOf(draft: Draft): string[] {
  return (draft.person ?? draft.company)?.ibans ?? []
}

/** The stored records that rows repeat, opened and merged with them. */
async function readChanges(
  parts: BatchParts,
  updated: Step[],
  fresh: NewRecord[],
): Promise<Map<RecordKind, Change[]>> {
  const isFresh = new Set(fresh.map((record) => record.id))
  const changes = new Map<RecordKind, Change[]>()
  for (const kind of ['person', 'company'] as const) {
    const steps = updated.filter(
      (step) =>
        (step.draft.person ? 'person' : 'company') === kind && !isFresh.has(targetOf(parts, step)),
    )
    if (steps.length === 0) continue
    const byId = Map.groupBy(steps, (step) => targetOf(parts, step))
    const ids = [...byId.keys()]
    const ask = { table: kind, ids, purpose: 'import', isUnseen: true } as const
    const [places, contacts, confidentials] = await Promise.all([
      store.listPlaces(parts.tx, kind, ids),
      parts.vault.open<Contact | CompanyContact>(parts.tx, {
        ...ask,
        sealedClass: 'contact',
        record: 'list',
      }),
      parts.vault.open<Confidential>(parts.tx, {
        ...ask,
        sealedClass: 'confidential',
        record: 'none',
      }),
    ])
    changes.set(
      kind,
      places.map((place) => {
        const of = byId.get(place.id)!
        const confidential = confidentials.get(place.id)
        const before = confidential ? openedOrRefuse(confidential).ibans : []
        const was = openedOrRefuse(contacts.get(place.id))
        let contact = was
        for (const step of of)
          contact = merge(parts, kind, contact, step.draft, 'id' in step ? 'given' : 'kept')
        return {
          place,
          contact,
          ibans: [...new Set([...before, ...of.flatMap((step) => ibansOf(step.draft))])],
          before: { contact: was, ibans: before },
          values: {},
          steps: of,
        }
      }),
    )
  }
  return changes
}

function idsOf(changes: Map<RecordKind, Change[]>, kind: RecordKind): string[] {
  return (changes.get(kind) ?? []).map(({ place }) => place.id)
}

function sealChange(sealer: Sealer, kind: RecordKind, change: Change, ties: PastTies | undefined) {
  const { place, contact, ibans, before, steps, values } = change
  const at: Place = { kind, id: place.id, keySlot: place.key_slot, isNew: false }
  const sealedContact = sealer.add(target(at, 'contact', place.contact_seal_counter + 1), contact)
  const sealedConfidential =
    ibans.length > before.ibans.length
      ? sealer.add(target(at, 'confidential', place.confidential_seal_counter + 1), { ibans })
      : undefined
  const pastId = randomUUID()
  const after: Kept = { contact, ibans, ...(before.values && { values }) }
  const past: Past = { before, after, ...(ties && { ties }) }
  const sealedPast = sealer.add(under('import_change', pastId, at), past)
  return {
    id: place.id,
    steps,
    past: (of: RecordKind) => ({
      id: pastId,
      kind: of,
      subjectId: place.id,
      version: place.row_version + 1,
      content: sealedPast(),
    }),
    row: () => ({
      ...place,
      contact: sealedContact(),
      confidential: sealedConfidential?.() ?? null,
    }),
  }
}

async function lookups(
  { vault, fields }: BatchParts,
  kind: RecordKind,
  fresh: NewRecord[],
  changes: Map<RecordKind, Change[]>,
): Promise<store.LookupRow[]> {
  const records = [
    ...fresh.map(({ id, contact, ibans }) => ({ id, contact, ibans })),
    ...(changes.get(kind) ?? []).map(({ place, contact, ibans }) => ({
      id: place.id,
      contact,
      ibans,
    })),
  ]
  const found = records.flatMap(({ id, contact, ibans }) => {
    const keys =
      kind === 'person'
        ? personKeys(contact as Contact, ibans)
        : companyKeys(contact as CompanyContact, ibans)
    return [
      ...keys.map((key) => ({ id, column: columnOf(key), value: key.value })),
      ...fields
        .exactValues(kind, contact.custom)
        .map((one) => ({ id, column: one.kind, value: one.value })),
    ]
  })
  const tokens = await vault.blindTokens(found)
  return found.map(({ id, column }, at) => ({ id, column, token: tokens[at]! }))
}

export function columnOf({ column }: Key): Exclude<Key['column'], 'id'> {
  if (column === 'id') throw new Error('an id is looked up as it is')
  return column
}

/** For a row whose record was changed by someone else in the same moment. */
export function tellLost(draft: Draft): Problem {
  const problem: Problem = { problem: 'changed-meanwhile', field: '', value: '' }
  draft.problems.push(problem)
  return problem
}
