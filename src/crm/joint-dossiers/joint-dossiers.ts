import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import {
  type OpenOutcome,
  openedOrRefuse,
  type SealTarget,
  type Vault,
} from '#security/vault/vault.ts'
import { jointName } from '../joint-names.ts'
import { isPast, requireOrder, today } from '../periods.ts'
import { openNames } from '../subject-names.ts'
import {
  JointContent,
  type JointDossier,
  type JointDossierEdit,
  type JointDossiers,
  type NewJointDossier,
  type NewParty,
  PARTIES_MAX,
  type Party,
  PartyContent,
  type PartyEdit,
} from './contract.ts'
import * as store from './store.ts'

export type JointDossierParts = { vault: Vault }
type Asking = { tx: ReadTx; who: Who; now: Date }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Place = Pick<store.DossierRow, 'id' | 'key_slot'>

export async function listJointDossiers(
  parts: JointDossierParts,
  asking: Asking,
  personId: string,
): Promise<JointDossiers> {
  const [[person], ids] = await Promise.all([
    store.listPeople(asking.tx, [personId]),
    store.listDossierIds(asking.tx, personId),
  ])
  if (!person) refuse('not-found')
  const items = await openDossiers(parts, asking, ids, 'list')
  return { items: [...items].sort((a, b) => Number(!!a.endedAt) - Number(!!b.endedAt)) }
}

export async function showJointDossier(
  parts: JointDossierParts,
  asking: Asking,
  id: string,
  record: 'list' | 'dossier' = 'dossier',
): Promise<JointDossier> {
  const [found] = await openDossiers(parts, asking, [id], record)
  return found ?? refuse('not-found')
}

/** In the order asked; those of which the caller sees no party are absent. */
async function openDossiers(
  { vault }: JointDossierParts,
  { tx, now }: Asking,
  ids: readonly string[],
  record: 'list' | 'dossier',
): Promise<JointDossier[]> {
  if (ids.length === 0) return []
  const [records, parties, unseen] = await Promise.all([
    vault.openRecords<store.DossierRow, { content: JointContent }>(tx, {
      table: 'joint_dossier',
      classes: ['content'],
      also: store.DOSSIER_COLUMNS,
      ids,
      purpose: record,
      record,
    }),
    store.listParties(tx, ids),
    store.countUnseen(tx, ids),
  ])
  const [contents, names] = await Promise.all([
    openParties(vault, tx, parties),
    openNames(
      vault,
      tx,
      parties.map((row) => ({ kind: 'person' as const, id: row.person_id })),
    ),
  ])
  const day = today(now)
  return ids.flatMap((id) => {
    const found = records.get(id)
    if (!found) return []
    const own = parties
      .filter((row) => row.joint_dossier_id === id)
      .map((row) => shownParty(row, found.row, contents.get(row.id), names, day))
    return [shown(found.row, found.opened.content, own, unseen.get(id) ?? 0)]
  })
}

function openParties(vault: Vault, tx: ReadTx, rows: readonly store.PartyRow[]) {
  return vault.open<PartyContent>(tx, {
    table: 'joint_party',
    sealedClass: 'content',
    ids: rows.map((row) => row.id),
    purpose: 'dossier',
    // Of the dossier, whose opening is recorded in the same turn.
    record: 'none',
  })
}

function shownParty(
  row: store.PartyRow,
  dossier: store.DossierRow,
  outcome: OpenOutcome<PartyContent> | undefined,
  names: Map<string, string | null>,
  day: string,
): Party {
  const content = outcome?.kind === 'open' ? PartyContent.parse(outcome.value) : undefined
  const until = content?.until ?? ''
  return {
    id: row.id,
    personId: row.person_id,
    name: names.get(row.person_id) ?? null,
    role: content?.role ?? null,
    since: content?.since ?? '',
    until,
    isPast: dossier.ended_at !== null || isPast({ until }, day),
    isInTrash: row.is_in_trash,
    mayEdit: row.may_edit,
    rowVersion: row.row_version,
    closed: outcome?.kind === 'closed' ? outcome.why : null,
  }
}

function shown(
  row: store.DossierRow,
  outcome: OpenOutcome<JointContent> | undefined,
  parties: Party[],
  unseenParties: number,
): JointDossier {
  const name = outcome?.kind === 'open' ? outcome.value.name : ''
  return {
    id: row.id,
    name,
    displayName: jointName(
      name,
      parties.map((party) => party.name ?? ''),
    ),
    parties,
    unseenParties,
    endedAt: row.ended_at?.toISOString() ?? null,
    endedBy: row.ended_by,
    reviewSince: row.review_since?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    rowVersion: row.row_version,
    closed: outcome?.kind === 'closed' ? outcome.why : null,
  }
}

/** PostgreSQL refuses it too; this says why, for each the caller sees. An erased person joins nothing any more. */
async function requirePeople(
  { vault }: JointDossierParts,
  { tx }: Asking,
  ids: readonly string[],
): Promise<void> {
  if (new Set(ids).size !== ids.length)
    refuse('invalid-fields', { fields: [{ field: 'personId', problem: 'same' }] })
  const [people, contacts] = await Promise.all([
    store.listPeople(tx, ids),
    vault.open(tx, {
      table: 'person',
      sealedClass: 'contact',
      ids,
      purpose: 'list',
      record: 'list',
    }),
  ])
  if (people.length !== ids.length || people.some((row) => row.is_in_trash)) refuse('not-found')
  if (people.some((row) => !row.may_edit)) refuse('not-allowed')
  for (const id of ids) openedOrRefuse(contacts.get(id))
}

const dossierTarget = ({ id, key_slot }: Place, sealCounter: number): SealTarget => ({
  table: 'joint_dossier',
  sealedClass: 'content',
  rowId: id,
  subjectId: id,
  keySlot: key_slot,
  sealCounter,
})
const partyTarget = ({ id, key_slot }: Place, rowId: string, sealCounter: number): SealTarget => ({
  table: 'joint_party',
  sealedClass: 'content',
  rowId,
  subjectId: id,
  keySlot: key_slot,
  sealCounter,
})

async function sealParties(
  vault: Vault,
  place: Place,
  given: readonly NewParty[],
): Promise<store.NewPartyRow[]> {
  for (const party of given) requireOrder(party)
  // Those of one moment stand by their ids: in the order in which they were given.
  const ids = given.map(() => randomUUID()).sort()
  const rows = given.map(({ personId, ...content }, at) => ({ id: ids[at]!, personId, content }))
  const sealed = await vault.seal(
    rows.map(({ id, content }) => ({ target: partyTarget(place, id, 1), value: content })),
  )
  return rows.map(({ id, personId }, at) => ({ id, personId, content: sealed[at]! }))
}

export async function createJointDossier(
  parts: JointDossierParts,
  asking: Asking,
  given: NewJointDossier,
  writeAtOnce: WriteAtOnce,
): Promise<JointDossier> {
  const { vault } = parts
  await requirePeople(
    parts,
    asking,
    given.parties.map(({ personId }) => personId),
  )
  const [keySlot] = await vault.drawKeySlots(asking.tx, 1)
  const place = { id: randomUUID(), key_slot: keySlot! }
  const [[content], parties] = await Promise.all([
    vault.seal([{ target: dossierTarget(place, 1), value: { name: given.name } }]),
    sealParties(vault, place, given.parties),
  ])
  await writeAtOnce((write) =>
    Promise.all([
      store.insertDossier(write, { id: place.id, keySlot: keySlot!, content: content! }),
      store.insertParties(write, place.id, parties),
    ]),
  )
  // Whoever made it opened nothing yet.
  return showJointDossier(parts, asking, place.id, 'list')
}

/** What the dossier is, for whoever changes it; its name opens, or nothing is changed. */
async function openForChange(
  { vault }: JointDossierParts,
  { tx }: Asking,
  id: string,
): Promise<{ row: store.DossierRow; content: JointContent; parties: store.PartyRow[] }> {
  const [records, parties] = await Promise.all([
    vault.openRecords<store.DossierRow, { content: JointContent }>(tx, {
      table: 'joint_dossier',
      classes: ['content'],
      also: store.DOSSIER_COLUMNS,
      ids: [id],
      purpose: 'edit',
      record: 'none',
    }),
    store.listParties(tx, [id]),
  ])
  const found = records.get(id) ?? refuse('not-found')
  if (!parties.some((row) => row.may_edit)) refuse('not-allowed')
  return {
    row: found.row,
    content: JointContent.parse(openedOrRefuse(found.opened.content)),
    parties,
  }
}

async function requireVersion(
  parts: JointDossierParts,
  asking: Asking,
  row: store.DossierRow,
  version: number,
): Promise<void> {
  if (row.row_version !== version)
    refuse('changed-meanwhile', { current: await showJointDossier(parts, asking, row.id) })
}

export async function changeJointDossier(
  parts: JointDossierParts,
  asking: Asking,
  id: string,
  { rowVersion, name, isReviewed }: JointDossierEdit,
  writeAtOnce: WriteAtOnce,
): Promise<JointDossier> {
  const { row } = await openForChange(parts, asking, id)
  await requireVersion(parts, asking, row, rowVersion)
  const patch: store.DossierPatch = isReviewed ? { review_since: null } : {}
  if (name !== undefined) {
    const counter = row.content_seal_counter + 1
    const [sealed] = await parts.vault.seal([
      { target: dossierTarget(row, counter), value: { name } },
    ])
    Object.assign(patch, { content_sealed: sealed!, content_seal_counter: counter })
  }
  await written(row, patch, writeAtOnce)
  return showJointDossier(parts, asking, id)
}

/** `ended`: nothing new is hung on it; what is there can still be read, and moved out of it. */
export async function endJointDossier(
  parts: JointDossierParts,
  asking: Asking,
  id: string,
  { rowVersion }: { rowVersion: number },
  to: 'ended' | 'going-on',
  writeAtOnce: WriteAtOnce,
): Promise<JointDossier> {
  const { row } = await openForChange(parts, asking, id)
  await requireVersion(parts, asking, row, rowVersion)
  if ((row.ended_at !== null) === (to === 'ended')) refuse('already-done')
  const patch =
    to === 'ended'
      ? { ended_at: asking.now, ended_by: asking.who.userId }
      : { ended_at: null, ended_by: null }
  await written(row, patch, writeAtOnce)
  return showJointDossier(parts, asking, id)
}

async function written(
  row: store.DossierRow,
  patch: store.DossierPatch,
  writeAtOnce: WriteAtOnce,
): Promise<void> {
  if (!(await writeAtOnce((write) => store.changeDossier(write, row.id, row.row_version, patch))))
    refuse('not-found')
}

export async function addParty(
  parts: JointDossierParts,
  asking: Asking,
  id: string,
  given: NewParty,
  writeAtOnce: WriteAtOnce,
): Promise<JointDossier> {
  const { row, parties } = await openForChange(parts, asking, id)
  if (row.ended_at) refuse('joint-dossier-ended')
  if (parties.length >= PARTIES_MAX) refuse('too-large', { why: 'parties', max: PARTIES_MAX })
  await requirePeople(parts, asking, [given.personId])
  const known = parties.filter((party) => party.person_id === given.personId)
  const contents = await openParties(parts.vault, asking.tx, known)
  const day = today(asking.now)
  const isThere = known.some(({ id: partyId }) => {
    const outcome = contents.get(partyId)
    return outcome?.kind !== 'open' || !isPast(outcome.value, day)
  })
  if (isThere) refuse('already-done')
  const rows = await sealParties(parts.vault, row, [given])
  await writeAtOnce((write) => store.insertParties(write, id, rows))
  return showJointDossier(parts, asking, id)
}

export async function changeParty(
  parts: JointDossierParts,
  asking: Asking,
  { id, partyId }: { id: string; partyId: string },
  { rowVersion, ...change }: PartyEdit,
  writeAtOnce: WriteAtOnce,
): Promise<JointDossier> {
  const { row, parties } = await openForChange(parts, asking, id)
  const party = parties.find((one) => one.id === partyId) ?? refuse('not-found')
  if (!party.may_edit) refuse('not-allowed')
  if (party.row_version !== rowVersion)
    refuse('changed-meanwhile', { current: await showJointDossier(parts, asking, id) })
  const before = openedOrRefuse((await openParties(parts.vault, asking.tx, [party])).get(partyId))
  const content = PartyContent.parse({ ...before, ...change })
  requireOrder(content)
  const counter = party.content_seal_counter + 1
  const [sealed] = await parts.vault.seal([
    { target: partyTarget(row, partyId, counter), value: content },
  ])
  const isChanged = await writeAtOnce((write) =>
    store.changeParty(
      write,
      { id: partyId, dossierId: id, version: rowVersion },
      { content_sealed: sealed!, content_seal_counter: counter },
    ),
  )
  if (!isChanged) refuse('not-found')
  return showJointDossier(parts, asking, id)
}

/** Whoever saw it by that party alone does not see it from here on. */
export async function removeParty(
  parts: JointDossierParts,
  asking: Asking,
  { id, partyId }: { id: string; partyId: string },
  writeAtOnce: WriteAtOnce,
): Promise<{ id: string }> {
  const { parties } = await openForChange(parts, asking, id)
  const party = parties.find((one) => one.id === partyId) ?? refuse('not-found')
  if (!party.may_edit) refuse('not-allowed')
  if (!(await writeAtOnce((write) => store.deleteParty(write, id, partyId)))) refuse('not-found')
  return { id: partyId }
}
