import { randomUUID } from 'node:crypto'
import { looksLikeSoleTrader } from '#platform/company-number.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import { findClientId, insertClientId } from '#security/access/client-ids.ts'
import type { Who } from '#security/access/who.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import { openedOrRefuse, type SealTarget, type Vault } from '#security/vault/vault.ts'
import { compareLookups } from '../lookups.ts'
import type { Filtering } from '../record-list.ts'
import { nameChangedFields } from '../store.ts'
import {
  describeCompany,
  lookupsOfContact,
  normaliseCompany,
  requireRightNumbers,
} from './company-fields.ts'
import { type Company, type CompanyChange, CompanyContact, type NewCompany } from './contract.ts'
import * as store from './store.ts'

export type CompanyParts = { vault: Vault; index: RecordIndex; filtering: Filtering }
type Asking = { tx: ReadTx; who: Who; now: Date }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Opened = { row: store.CompanyRow; contact: CompanyContact }

export async function openCompany(
  { vault }: CompanyParts,
  { tx }: Asking,
  id: string,
  purpose: 'dossier' | 'edit',
): Promise<Opened> {
  const found = (
    await vault.openRecords<store.CompanyRow, { contact: CompanyContact }>(tx, {
      table: 'company',
      classes: ['contact'],
      also: store.COLUMNS,
      ids: [id],
      purpose,
      record: 'dossier',
    })
  ).get(id)
  if (!found) refuse('not-found')
  return { row: found.row, contact: openedOrRefuse(found.opened.contact) }
}

function reply({ row, contact }: Opened): Company {
  return {
    ...CompanyContact.parse(contact),
    id: row.id,
    displayName: contact.name,
    maySoleTrader: !contact.isSoleTrader && looksLikeSoleTrader(contact.enterpriseNumber),
    stage: row.stage as Company['stage'],
    ownerId: row.owner_id,
    teamId: row.team_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    rowVersion: row.row_version,
    isInTrash: row.deleted_at !== null,
  }
}

export async function showCompany(
  parts: CompanyParts,
  asking: Asking,
  id: string,
): Promise<Company> {
  return reply(await openCompany(parts, asking, id, 'dossier'))
}

export function contactTarget(
  row: { id: string; key_slot: number },
  sealCounter: number,
): SealTarget {
  return {
    table: 'company',
    sealedClass: 'contact',
    rowId: row.id,
    subjectId: row.id,
    keySlot: row.key_slot,
    sealCounter,
  }
}

/** After a change: the reply, and the search index as it is now. */
function shown(
  { index }: CompanyParts,
  row: store.CompanyRow | undefined,
  contact: CompanyContact,
): Company {
  if (!row) refuse('not-found')
  index.put([describeCompany(row, contact)])
  return reply({ row, contact })
}

export async function createCompany(
  parts: CompanyParts,
  asking: Asking,
  given: NewCompany,
  writeAtOnce: WriteAtOnce,
): Promise<Company> {
  const { vault } = parts
  const { tx, who } = asking
  const { id: clientId, stage, ownerId, teamId, ...fields } = given
  const known = clientId && (await findClientId(tx, who.userId, clientId, 'company'))
  if (known) return showCompany(parts, asking, known)
  const typed = CompanyContact.parse(fields)
  requireRightNumbers(typed)
  const contact = normaliseCompany(typed)
  const [keySlot] = await vault.drawKeySlots(tx, 1)
  const id = randomUUID()
  const place = { id, key_slot: keySlot! }
  const [sealed] = await vault.seal([{ target: contactTarget(place, 1), value: contact }])
  const row = {
    ...place,
    owner_id: ownerId ?? who.userId,
    team_id: teamId ?? who.teamIds[0] ?? refuse('not-allowed'),
    stage: stage ?? 'lead',
    contact_sealed: sealed!,
  }
  try {
    const [, made] = await writeAtOnce((write) =>
      Promise.all([
        clientId
          ? insertClientId(write, 'company', {
              user_id: who.userId,
              client_id: clientId,
              row_id: id,
            })
          : undefined,
        store.insertCompany(write, row, lookupsOfContact(vault, contact)),
      ]),
    )
    return shown(parts, made, contact)
  } catch (error) {
    // The same client-made id arrived twice at once: the other request won, and both get its company.
    const winner =
      (error as { code?: string }).code === '23505' && clientId
        ? await findClientId(tx, who.userId, clientId, 'company')
        : undefined
    if (!winner) throw error
    return showCompany(parts, asking, winner)
  }
}

export async function editCompany(
  parts: CompanyParts,
  asking: Asking,
  id: string,
  change: CompanyChange,
  writeAtOnce: WriteAtOnce,
): Promise<Company> {
  const { vault } = parts
  const before = await openCompany(parts, asking, id, 'edit')
  const { rowVersion, stage, ownerId, teamId, ...fields } = change
  if (rowVersion !== before.row.row_version) refuseStale(before, change)
  const patch: store.CompanyPatch = {
    ...(stage && { stage }),
    ...(ownerId && { owner_id: ownerId }),
    ...(teamId && { team_id: teamId }),
  }
  let { contact } = before
  if (Object.keys(fields).length > 0) {
    const typed = CompanyContact.parse({ ...before.contact, ...fields })
    requireRightNumbers(typed, CompanyContact.parse(before.contact))
    contact = normaliseCompany(typed)
    const sealCounter = before.row.contact_seal_counter + 1
    const [sealed] = await vault.seal([
      { target: contactTarget(before.row, sealCounter), value: contact },
    ])
    patch.contact_sealed = sealed!
    patch.contact_seal_counter = sealCounter
  }
  try {
    const lookups = compareLookups(
      lookupsOfContact(vault, before.contact),
      lookupsOfContact(vault, contact),
    )
    const [, row] = await writeAtOnce((tx) =>
      Promise.all([
        nameChangedFields(tx, Object.keys(fields)),
        store.changeCompany(tx, before.row.id, rowVersion, patch),
        store.changeLookups(tx, before.row.id, lookups),
      ]),
    )
    return shown(parts, row, contact)
  } catch (error) {
    if (error instanceof Problem && error.code === 'changed-meanwhile')
      refuseStale(await openCompany(parts, asking, id, 'edit'), change)
    throw error
  }
}

/** The second of two editors learns what the record is now and which of their fields it differs in. */
function refuseStale(current: Opened, change: CompanyChange): never {
  const company = reply(current)
  const { rowVersion: _, ...wanted } = change
  const changedFields = Object.entries(wanted)
    .filter(
      ([name, value]) => JSON.stringify(company[name as keyof Company]) !== JSON.stringify(value),
    )
    .map(([name]) => name)
  refuse('changed-meanwhile', {
    current: company,
    changedFields,
    changedBy: current.row.updated_by,
    changedAt: company.updatedAt,
  })
}

export async function moveToTrash(
  parts: CompanyParts,
  asking: Asking,
  id: string,
  to: 'trash' | 'list',
  writeAtOnce: WriteAtOnce,
): Promise<Company> {
  const { row, contact } = await openCompany(parts, asking, id, 'edit')
  const patch =
    to === 'trash'
      ? { deleted_at: asking.now, deleted_by: asking.who.userId }
      : { deleted_at: null, deleted_by: null }
  const after = await writeAtOnce((tx) => store.changeCompany(tx, row.id, row.row_version, patch))
  return shown(parts, after, contact)
}
