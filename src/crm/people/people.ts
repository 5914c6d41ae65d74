import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import { findClientId, insertClientId } from '#security/access/client-ids.ts'
import type { Who } from '#security/access/who.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import { compareLookups } from '../lookups.ts'
import type { Filtering } from '../record-list.ts'
import { nameChangedFields } from '../store.ts'
import {
  contactLookups,
  contactTarget,
  describePerson,
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

export type PeopleParts = { vault: Vault; index: RecordIndex; filtering: Filtering }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Asking = { tx: ReadTx; who: Who }

type Opened = { contact: Contact; confidential: Confidential }
type OpenedPerson = { row: store.PersonRow; contact: Contact; ibans: string[] }

export async function openPerson(
  { vault }: PeopleParts,
  { tx }: Asking,
  id: string,
  purpose: 'dossier' | 'edit' | 'reveal',
): Promise<OpenedPerson> {
  const found = (
    await vault.openRecords<store.PersonRow, Opened>(tx, {
      table: 'person',
      classes: ['contact', 'confidential'],
      also: store.COLUMNS,
      ids: [id],
      purpose,
      record: purpose === 'reveal' ? 'reveal' : 'dossier',
    })
  ).get(id)
  if (!found) refuse('not-found')
  const { row, opened } = found
  return {
    row,
    contact: openedOrRefuse(opened.contact),
    ibans: opened.confidential ? openedOrRefuse(opened.confidential).ibans : [],
  }
}

function mask(iban: string): string {
  return `${iban.slice(0, 4)} •••• ${iban.slice(-4)}`
}

function reply({ row, contact, ibans }: OpenedPerson): Person {
  return {
    ...Contact.parse(contact),
    id: row.id,
    displayName: displayName(contact),
    stage: row.stage as Person['stage'],
    ownerId: row.owner_id,
    teamId: row.team_id,
    ibans: ibans.map(mask),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    rowVersion: row.row_version,
    isInTrash: row.deleted_at !== null,
  }
}

export async function showPerson(parts: PeopleParts, asking: Asking, id: string): Promise<Person> {
  return reply(await openPerson(parts, asking, id, 'dossier'))
}

export async function createPerson(
  parts: PeopleParts,
  asking: Asking,
  given: NewPerson,
  writeAtOnce: WriteAtOnce,
): Promise<Person> {
  const { vault, index } = parts
  const { tx, who } = asking
  const known = given.id && (await findClientId(tx, who.userId, given.id, 'person'))
  if (known) return showPerson(parts, asking, known)
  const contact = normaliseContact(Contact.parse(given))
  const ibans = normaliseIbans(given.ibans ?? [])
  const teamId = given.teamId ?? who.teamIds[0] ?? refuse('not-allowed')
  const [keySlot] = await vault.drawKeySlots(tx, 1)
  const id = randomUUID()
  const place = { id, key_slot: keySlot! }
  const [contactSealed, confidentialSealed] = await vault.seal([
    { target: contactTarget(place, 1), value: contact },
    ...(ibans.length
      ? [{ target: contactTarget(place, 1, 'confidential'), value: { ibans } }]
      : []),
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
        store.insertPerson(write, row, contactLookups(vault, contact, ibans)),
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
  index.put([describePerson(made, contact)])
  return reply({ row: made, contact, ibans })
}

export async function editPerson(
  parts: PeopleParts,
  asking: Asking,
  id: string,
  change: PersonChange,
  writeAtOnce: WriteAtOnce,
): Promise<Person> {
  const { vault, index } = parts
  const before = await openPerson(parts, asking, id, 'edit')
  const { rowVersion, stage, ownerId, teamId, ibans, ...fields } = change
  if (rowVersion !== before.row.row_version) refuseStale(before, change)
  const contact = normaliseContact(Contact.parse({ ...before.contact, ...fields }))
  const after = ibans ? normaliseIbans(ibans) : before.ibans
  const patch: store.PersonPatch = {
    ...(stage && { stage }),
    ...(ownerId && { owner_id: ownerId }),
    ...(teamId && { team_id: teamId }),
  }
  if (Object.keys(fields).length > 0) {
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
    contactLookups(vault, before.contact, before.ibans),
    contactLookups(vault, contact, after),
  )
  let row: store.PersonRow | undefined
  try {
    ;[, row] = await writeAtOnce((tx) =>
      Promise.all([
        nameChangedFields(tx, Object.keys(fields)),
        store.changePerson(tx, before.row.id, rowVersion, patch),
        store.changeLookups(tx, before.row.id, lookups),
      ]),
    )
  } catch (error) {
    if (error instanceof Problem && error.code === 'changed-meanwhile')
      refuseStale(await openPerson(parts, asking, id, 'edit'), change)
    throw error
  }
  if (!row) refuse('not-found')
  index.put([describePerson(row, contact)])
  return reply({ row, contact, ibans: after })
}

/** The second of two editors learns what the record is now and which of their fields it differs in. */
function refuseStale(current: OpenedPerson, change: PersonChange): never {
  const person = reply(current)
  const { rowVersion: _, ibans: __, ...wanted } = change
  const changedFields = Object.entries(wanted)
    .filter(
      ([name, value]) => JSON.stringify(person[name as keyof Person]) !== JSON.stringify(value),
    )
    .map(([name]) => name)
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
  const { row, contact } = await openPerson(parts, asking, id, 'edit')
  const patch =
    to === 'trash'
      ? { deleted_at: now, deleted_by: asking.who.userId }
      : { deleted_at: null, deleted_by: null }
  const after = await writeAtOnce((tx) => store.changePerson(tx, row.id, row.row_version, patch))
  if (!after) refuse('not-found')
  parts.index.put([describePerson(after, contact)])
}
