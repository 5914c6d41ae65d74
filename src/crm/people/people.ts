import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import { findClientId, insertClientId } from '#security/access/client-ids.ts'
import type { Who } from '#security/access/who.ts'
import type { Changed, RecordFinder } from '#security/search/record-index.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import { compareLookups } from '../lookups.ts'
import type { Filtering } from '../record-list.ts'
import {
  differingValues,
  maskedValues,
  namesFor,
  namesIn,
  type Planned,
  planValues,
  sealValues,
  type ValueParts,
} from '../record-values.ts'
import { type ConfidentialRow, listConfidential, nameChangedFields } from '../store.ts'
import {
  contactLookups,
  contactTarget,
  displayName,
  normaliseContact,
  normaliseIbans,
} from './contact.ts'
import {
  type Confidential,
  Contact,
  type NewPerson,
  type Person,
  type PersonChange,
} from './contract.ts'
import * as store from './store.ts'

export type PeopleParts = ValueParts & {
  vault: Vault
  index: RecordFinder
  changed: Changed
  filtering: Filtering
}
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Asking = { tx: ReadTx; who: Who }

type Opened = { contact: Contact; confidential: Confidential }
type OpenedPerson = {
  row: store.DossierRow
  contact: Contact
  ibans: string[]
  /** Confidential values, as far as the caller's role sees their fields. */
  values: readonly ConfidentialRow[]
}

export async function openPerson(
  { vault, fields }: PeopleParts,
  { tx }: Asking,
  id: string,
  purpose: 'dossier' | 'edit' | 'reveal',
): Promise<OpenedPerson> {
  const [records, values] = await Promise.all([
    vault.openRecords<store.DossierRow, Opened>(tx, {
      table: 'person',
      classes: ['contact', 'confidential'],
      also: store.DOSSIER_COLUMNS,
      ids: [id],
      purpose,
      record: purpose === 'reveal' ? 'reveal' : 'dossier',
    }),
    // To reveal is no look at the rest.
    purpose !== 'reveal' && fields.hasConfidential('person')
      ? listConfidential(tx, 'person', id)
      : [],
  ])
  const found = records.get(id)
  if (!found) refuse('not-found')
  const { row, opened } = found
  return {
    row,
    contact: openedOrRefuse(opened.contact),
    ibans: opened.confidential ? openedOrRefuse(opened.confidential).ibans : [],
    values,
  }
}

function mask(iban: string): string {
  return `${iban.slice(0, 4)} •••• ${iban.slice(-4)}`
}

async function reply(
  parts: PeopleParts,
  tx: ReadTx,
  { row, contact, ibans, values }: OpenedPerson,
  planned?: Planned,
): Promise<Person> {
  return {
    ...Contact.parse(contact),
    id: row.id,
    displayName: displayName(contact),
    stage: row.stage as Person['stage'],
    ownerId: row.owner_id,
    teamId: row.team_id,
    ibans: ibans.map(mask),
    confidential: maskedValues(values, planned),
    customNames: namesFor(contact.custom, await namesIn(parts, tx, 'person', [contact.custom])),
    photoId: row.photo_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    rowVersion: row.row_version,
    isInTrash: row.deleted_at !== null,
  }
}

export async function showPerson(parts: PeopleParts, asking: Asking, id: string): Promise<Person> {
  return reply(parts, asking.tx, await openPerson(parts, asking, id, 'dossier'))
}

/** PostgreSQL refuses it too; this says why. */
function requireConfidential({ who }: Pick<Asking, 'who'>): void {
  if (!who.permissions.has('fields:confidential')) refuse('not-allowed')
}

export async function createPerson(
  parts: PeopleParts,
  asking: Asking,
  given: NewPerson,
  writeAtOnce: WriteAtOnce,
  id: string = randomUUID(),
): Promise<Person> {
  const { vault } = parts
  const { tx, who } = asking
  const known = given.id && (await findClientId(tx, who.userId, given.id, 'person'))
  if (known) return showPerson(parts, asking, known)
  const holding = { custom: undefined, rows: [] }
  const planned = await planValues(parts, asking, 'person', given.custom, holding, true)
  const contact = normaliseContact(Contact.parse({ ...given, custom: planned.custom }))
  const ibans = normaliseIbans(given.ibans ?? [])
  if (ibans.length > 0) requireConfidential(asking)
  const teamId = given.teamId ?? who.teamIds[0] ?? refuse('not-allowed')
  const [keySlot] = await vault.drawKeySlots(tx, 1)
  const place = { id, key_slot: keySlot! }
  const [[contactSealed, confidentialSealed], writeValues, lookups] = await Promise.all([
    vault.seal([
      { target: contactTarget(place, 1), value: contact },
      ...(ibans.length
        ? [{ target: contactTarget(place, 1, 'confidential'), value: { ibans } }]
        : []),
    ]),
    sealValues(parts, 'person', place, planned),
    contactLookups(parts, contact, ibans),
  ])
  const row = {
    ...place,
    owner_id: given.ownerId ?? who.userId,
    team_id: teamId,
    stage: given.stage ?? ('lead' as const),
    contact_sealed: contactSealed!,
    confidential_sealed: confidentialSealed ?? null,
    confidential_seal_counter: ibans.length ? 1 : 0,
  }
  let made: store.PersonRow | undefined
  try {
    ;[, made] = await writeAtOnce((write) =>
      Promise.all([
        given.id
          ? insertClientId(write, 'person', {
              user_id: who.userId,
              client_id: given.id,
              row_id: id,
            })
          : undefined,
        store.insertPerson(write, row, lookups),
        writeValues(write),
      ]),
    )
  } catch (error) {
    // The same client-made id arrived twice at once: the other request won, and both get its record.
    const winner =
      (error as { code?: string }).code === '23505' && given.id
        ? await findClientId(tx, who.userId, given.id, 'person')
        : undefined
    if (!winner) throw error
    return showPerson(parts, asking, winner)
  }
  if (!made) refuse('not-found')
  parts.changed('person', [made.id])
  return reply(parts, tx, { row: { ...made, photo_id: null }, contact, ibans, values: [] }, planned)
}

export async function editPerson(
  parts: PeopleParts,
  asking: Asking,
  id: string,
  change: PersonChange,
  writeAtOnce: WriteAtOnce,
): Promise<Person> {
  const { vault } = parts
  const before = await openPerson(parts, asking, id, 'edit')
  const { rowVersion, stage, ownerId, teamId, ibans, custom, ...fields } = change
  if (rowVersion !== before.row.row_version) await refuseStale(parts, asking, before, change)
  const holding = { custom: before.contact.custom, rows: before.values }
  const planned = await planValues(parts, asking, 'person', custom, holding, false)
  const contact = normaliseContact(
    Contact.parse({ ...before.contact, ...fields, custom: planned.custom }),
  )
  const changed = [...Object.keys(fields), ...planned.changed]
  if (ibans) requireConfidential(asking)
  const after = ibans ? normaliseIbans(ibans) : before.ibans
  const patch: store.PersonPatch = {
    ...(stage && { stage }),
    ...(ownerId && { owner_id: ownerId }),
    ...(teamId && { team_id: teamId }),
  }
  if (changed.length > 0) {
    patch.contact_seal_counter = before.row.contact_seal_counter + 1
    const target = contactTarget(before.row, patch.contact_seal_counter)
    patch.contact_sealed = (await vault.seal([{ target, value: contact }]))[0]!
  }
  if (ibans) {
    patch.confidential_seal_counter = before.row.confidential_seal_counter + 1
    const target = contactTarget(before.row, patch.confidential_seal_counter, 'confidential')
    patch.confidential_sealed = (await vault.seal([{ target, value: { ibans: after } }]))[0]!
  }
  const lookups = compareLookups(
    ...(await Promise.all([
      contactLookups(parts, before.contact, before.ibans),
      contactLookups(parts, contact, after),
    ])),
  )
  const writeValues = await sealValues(parts, 'person', before.row, planned)
  let row: store.PersonRow | undefined
  try {
    ;[, row] = await writeAtOnce((tx) =>
      Promise.all([
        nameChangedFields(tx, changed),
        store.changePerson(tx, before.row.id, rowVersion, patch),
        store.changeLookups(tx, before.row.id, lookups),
        writeValues(tx),
      ]),
    )
  } catch (error) {
    if (error instanceof Problem && error.code === 'changed-meanwhile')
      await refuseStale(parts, asking, await openPerson(parts, asking, id, 'edit'), change)
    throw error
  }
  if (!row) refuse('not-found')
  parts.changed('person', [row.id])
  return reply(
    parts,
    asking.tx,
    { ...before, row: { ...before.row, ...row }, contact, ibans: after },
    planned,
  )
}

/** The second of two editors learns what the record is now and which of their fields it differs in. */
async function refuseStale(
  parts: PeopleParts,
  { tx }: Asking,
  current: OpenedPerson,
  change: PersonChange,
): Promise<never> {
  const person = await reply(parts, tx, current)
  const { rowVersion: _, ibans: __, custom, ...wanted } = change
  const changedFields = [
    ...Object.entries(wanted)
      .filter(
        ([name, value]) => JSON.stringify(person[name as keyof Person]) !== JSON.stringify(value),
      )
      .map(([name]) => name),
    ...differingValues(person, custom),
  ]
  refuse('changed-meanwhile', {
    current: person,
    changedFields,
    changedBy: current.row.updated_by,
    changedAt: person.updatedAt,
  })
}

export async function moveToTrash(
  parts: PeopleParts,
  asking: Asking,
  id: string,
  to: 'trash' | 'list',
  now: Date,
  writeAtOnce: WriteAtOnce,
): Promise<void> {
  const { row } = await openPerson(parts, asking, id, 'edit')
  const patch =
    to === 'trash'
      ? { deleted_at: now, deleted_by: asking.who.userId }
      : { deleted_at: null, deleted_by: null }
  const after = await writeAtOnce((tx) => store.changePerson(tx, row.id, row.row_version, patch))
  if (!after) refuse('not-found')
  parts.changed('person', [after.id])
}
