/** Who shares a joint dossier: who comes, as what and since when, and who goes. */
import { randomUUID } from 'node:crypto'
import { refuse } from '#platform/problem.ts'
import { openedOrRefuse, type SealTarget, type Vault } from '#security/vault/vault.ts'
import { isPast, requireOrder, today } from '../periods.ts'
import {
  type JointDossier,
  type NewParty,
  PARTIES_MAX,
  PartyContent,
  type PartyEdit,
} from './contract.ts'
import {
  type Asking,
  type JointDossierParts,
  openForChange,
  openParties,
  showJointDossier,
  type WriteAtOnce,
} from './opening.ts'
import * as store from './store.ts'

type Place = Pick<store.DossierRow, 'id' | 'key_slot'>

/** PostgreSQL refuses it too; this says why, for each the caller sees. An erased person joins nothing any more. */
export async function requirePeople(
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

const partyTarget = ({ id, key_slot }: Place, rowId: string, sealCounter: number): SealTarget => ({
  table: 'joint_party',
  sealedClass: 'content',
  rowId,
  subjectId: id,
  keySlot: key_slot,
  sealCounter,
})

export async function sealParties(
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
