import type { Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Binding } from '#security/vault/vault.ts'
import type { Move, Moved } from './contract.ts'
import * as store from './store.ts'

/** Of the vault that has the keys this alone: rows are opened and sealed anew, and nothing of them is given out. */
export type Rebind = (tx: Tx, binding: Binding) => Promise<string[]>

/**
 * What is about one party alone goes to that party's own dossier, and back. It is opened and sealed anew in one transaction,
 * where the keys are; whoever may change it where it hangs, and where it goes, may move it.
 */
export async function moveHanging(
  rebind: Rebind,
  tx: Tx,
  table: store.HangingTable,
  id: string,
  { rowVersion, to }: Move,
): Promise<Moved> {
  const row = (await store.lockHanging(tx, table, id)) ?? refuse('not-found')
  if (row.row_version !== rowVersion) refuse('changed-meanwhile')
  // How somebody looks is of nobody else.
  if (row.is_photo) refuse('invalid-fields', { fields: [{ field: 'id', problem: 'photo' }] })
  const from = row.joint_dossier_id ?? row.person_id ?? refuse('not-found')
  const kind = row.joint_dossier_id ? 'joint_dossier' : 'person'
  if (kind === to.kind) refuse('already-done')
  const isJoining = to.kind === 'joint_dossier'
  const party = isJoining
    ? { dossierId: to.id, personId: from }
    : { dossierId: from, personId: to.id }
  const place = (await store.findPlace(tx, party, to.kind)) ?? refuse('not-found')
  if (isJoining && place.ended_at) refuse('joint-dossier-ended')
  const target = { id: to.id, keySlot: place.key_slot, kind: to.kind }
  await rebind(tx, { table, kind, from, to: target, only: [id] })
  if (table === 'note') {
    const only = await store.listVersionIds(tx, id)
    if (only.length > 0) await rebind(tx, { table: 'note_version', kind, from, to: target, only })
  }
  return { id, subject: to, rowVersion: rowVersion + 1 }
}
