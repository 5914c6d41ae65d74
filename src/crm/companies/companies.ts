import { randomUUID } from 'node:crypto'
import { looksLikeSoleTrader } from '#platform/company-number.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import { findClientId, insertClientId } from '#security/access/client-ids.ts'
import type { Who } from '#security/access/who.ts'
import type { Changed, RecordFinder } from '#security/search/record-index.ts'
import { openedOrRefuse, type SealTarget, type Vault } from '#security/vault/vault.ts'
import { compareLookups, type Lookup } from '../lookups.ts'
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
import { revealValues } from '../reveals.ts'
import { sectorName } from '../sectors.ts'
import { type ConfidentialRow, listConfidential, nameChangedFields } from '../store.ts'
import { normaliseCompany, ownLookups, requireRightNumbers } from './company-fields.ts'
import {
  type Company,
  type CompanyChange,
  CompanyContact,
  type NewCompany,
  type Revealed,
} from './contract.ts'
import * as store from './store.ts'

export type CompanyParts = ValueParts & {
  vault: Vault
  index: RecordFinder
  changed: Changed
  filtering: Filtering
}
type Asking = { tx: ReadTx; who: Who; now: Date }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Opened = {
  row: store.CompanyRow
  contact: CompanyContact
  /** Confidential values, as far as the caller's role sees their fields. */
  values: readonly ConfidentialRow[]
}

export async function openCompany(
  { vault, fields }: CompanyParts,
  { tx }: Asking,
  id: string,
  purpose: 'dossier' | 'edit' | 'reveal',
): Promise<Opened> {
  const [records, values] = await Promise.all([
    vault.openRecords<store.CompanyRow, { contact: CompanyContact }>(tx, {
      table: 'company',
      classes: ['contact'],
      also: store.COLUMNS,
      ids: [id],
      purpose,
      record: purpose === 'reveal' ? 'reveal' : 'dossier',
    }),
    purpose !== 'reveal' && fields.hasConfidential('company')
      ? listConfidential(tx, 'company', id)
      : [],
  ])
  const found = records.get(id)
  if (!found) refuse('not-found')
  return { row: found.row, contact: openedOrRefuse(found.opened.contact), values }
}

async function reply(
  parts: CompanyParts,
  tx: ReadTx,
  { row, contact, values }: Opened,
  planned?: Planned,
): Promise<Company> {
  return {
    ...CompanyContact.parse(contact),
    id: row.id,
    displayName: contact.name,
    sectorName: sectorName(contact.sector ?? ''),
    maySoleTrader: !contact.isSoleTrader && looksLikeSoleTrader(contact.enterpriseNumber),
    confidential: maskedValues(values, planned),
    customNames: namesFor(contact.custom, await namesIn(parts, tx, 'company', [contact.custom])),
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
  return reply(parts, asking.tx, await openCompany(parts, asking, id, 'dossier'))
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

export async function lookupsOfContact(
  { vault, fields }: ValueParts,
  contact: CompanyContact,
): Promise<Lookup[]> {
  const lookups = await Promise.all([
    ownLookups(vault, contact),
    fields.lookupsOf(vault, 'company', contact.custom),
  ])
  return lookups.flat()
}

/** What is kept of confidential fields that the caller's role sees. */
export async function revealCompany(
  parts: CompanyParts,
  asking: Asking,
  id: string,
  reason: string,
  writeAtOnce: WriteAtOnce,
): Promise<Revealed> {
  const { row } = await openCompany(parts, asking, id, 'reveal')
  return revealValues(parts, asking.tx, 'company', row, reason, writeAtOnce)
}

/** After a change: the reply, and the search index as it is now. */
function shown(
  parts: CompanyParts,
  { tx }: Asking,
  row: store.CompanyRow | undefined,
  { contact, values }: Omit<Opened, 'row'>,
  planned?: Planned,
): Promise<Company> {
  if (!row) refuse('not-found')
  parts.changed('company', [row.id])
  return reply(parts, tx, { row, contact, values }, planned)
}

export async function createCompany(
  parts: CompanyParts,
  asking: Asking,
  given: NewCompany,
  writeAtOnce: WriteAtOnce,
): Promise<Company> {
  const { vault } = parts
  const { tx, who } = asking
  const { id: clientId, stage, ownerId, teamId, custom, ...fields } = given
  const known = clientId && (await findClientId(tx, who.userId, clientId, 'company'))
  if (known) return showCompany(parts, asking, known)
  const holding = { custom: undefined, rows: [] }
  const planned = await planValues(parts, asking, 'company', custom, holding, true)
  const typed = CompanyContact.parse({ ...fields, custom: planned.custom })
  requireRightNumbers(typed)
  const contact = normaliseCompany(typed)
  const [keySlot] = await vault.drawKeySlots(tx, 1)
  const id = randomUUID()
  const place = { id, key_slot: keySlot! }
  const [[sealed], writeValues, lookups] = await Promise.all([
    vault.seal([{ target: contactTarget(place, 1), value: contact }]),
    sealValues(parts, 'company', place, planned),
    lookupsOfContact(parts, contact),
  ])
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
        store.insertCompany(write, row, lookups),
        writeValues(write),
      ]),
    )
    return await shown(parts, asking, made, { contact, values: [] }, planned)
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
  const { rowVersion, stage, ownerId, teamId, custom, ...fields } = change
  if (rowVersion !== before.row.row_version) await refuseStale(parts, asking, before, change)
  const holding = { custom: before.contact.custom, rows: before.values }
  const planned = await planValues(parts, asking, 'company', custom, holding, false)
  const changed = [...Object.keys(fields), ...planned.changed]
  const patch: store.CompanyPatch = {
    ...(stage && { stage }),
    ...(ownerId && { owner_id: ownerId }),
    ...(teamId && { team_id: teamId }),
  }
  let { contact } = before
  if (changed.length > 0) {
    const typed = CompanyContact.parse({ ...before.contact, ...fields, custom: planned.custom })
    requireRightNumbers(typed, CompanyContact.parse(before.contact))
    contact = normaliseCompany(typed)
    const sealCounter = before.row.contact_seal_counter + 1
    const [sealed] = await vault.seal([
      { target: contactTarget(before.row, sealCounter), value: contact },
    ])
    patch.contact_sealed = sealed!
    patch.contact_seal_counter = sealCounter
  }
  const writeValues = await sealValues(parts, 'company', before.row, planned)
  try {
    const lookups = compareLookups(
      ...(await Promise.all([
        lookupsOfContact(parts, before.contact),
        lookupsOfContact(parts, contact),
      ])),
    )
    const [, row] = await writeAtOnce((tx) =>
      Promise.all([
        nameChangedFields(tx, changed),
        store.changeCompany(tx, before.row.id, rowVersion, patch),
        store.changeLookups(tx, before.row.id, lookups),
        writeValues(tx),
      ]),
    )
    return await shown(parts, asking, row, { contact, values: before.values }, planned)
  } catch (error) {
    if (error instanceof Problem && error.code === 'changed-meanwhile')
      await refuseStale(parts, asking, await openCompany(parts, asking, id, 'edit'), change)
    throw error
  }
}

/** The second of two editors learns what the record is now and which of their fields it differs in. */
async function refuseStale(
  parts: CompanyParts,
  { tx }: Asking,
  current: Opened,
  change: CompanyChange,
): Promise<never> {
  const company = await reply(parts, tx, current)
  const { rowVersion: _, custom, ...wanted } = change
  const changedFields = [
    ...Object.entries(wanted)
      .filter(
        ([name, value]) => JSON.stringify(company[name as keyof Company]) !== JSON.stringify(value),
      )
      .map(([name]) => name),
    ...differingValues(company, custom),
  ]
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
  const { row, ...opened } = await openCompany(parts, asking, id, 'edit')
  const patch =
    to === 'trash'
      ? { deleted_at: asking.now, deleted_by: asking.who.userId }
      : { deleted_at: null, deleted_by: null }
  const after = await writeAtOnce((tx) => store.changeCompany(tx, row.id, row.row_version, patch))
  return shown(parts, asking, after, opened)
}
