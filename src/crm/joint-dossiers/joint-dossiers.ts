import { randomUUID } from 'node:crypto'
import { refuse } from '#platform/problem.ts'
import type { SealTarget } from '#security/vault/vault.ts'
import type { JointDossier, JointDossierEdit, NewJointDossier } from './contract.ts'
import {
  type Asking,
  type JointDossierParts,
  openForChange,
  showJointDossier,
  type WriteAtOnce,
} from './opening.ts'
import { requirePeople, sealParties } from './parties.ts'
import * as store from './store.ts'

type Place = Pick<store.DossierRow, 'id' | 'key_slot'>

const dossierTarget = ({ id, key_slot }: Place, sealCounter: number): SealTarget => ({
  table: 'joint_dossier',
  sealedClass: 'content',
  rowId: id,
  subjectId: id,
  keySlot: key_slot,
  sealCounter,
})
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
