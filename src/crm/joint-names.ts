/** What a joint dossier is called: its name, or its parties as far as the caller sees them. */
import type { ReadTx } from '#platform/db.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { HangsOn } from './contract.ts'
import { listSeenParties } from './store.ts'

export const jointName = (name: string, parties: readonly string[]): string =>
  name || parties.filter(Boolean).join(' & ')

/** That somebody reads what hangs on a joint dossier is written down as a look at the dossier itself, for each of its parties. */
export async function recordJointLook(vault: Vault, tx: ReadTx, subject: HangsOn): Promise<void> {
  if (subject.kind !== 'joint_dossier') return
  await vault.open(tx, {
    table: 'joint_dossier',
    sealedClass: 'content',
    ids: [subject.id],
    purpose: 'dossier',
    record: 'dossier',
  })
}

type OpenPeople = (ids: readonly string[]) => Promise<Map<string, string | null>>

/** A dossier that does not open has null. `record: dossier`: whoever reads what hangs on it has seen it. */
export async function openJointNames(
  vault: Vault,
  tx: ReadTx,
  ids: readonly string[],
  record: 'list' | 'export' | 'dossier',
  openPeople: OpenPeople,
): Promise<Map<string, string | null>> {
  if (ids.length === 0) return new Map()
  const [opened, parties] = await Promise.all([
    vault.open<{ name: string }>(tx, {
      table: 'joint_dossier',
      sealedClass: 'content',
      ids: [...new Set(ids)],
      purpose: record,
      record,
    }),
    listSeenParties(tx, ids),
  ])
  const nameless = new Set(
    [...opened].flatMap(([id, one]) => (one.kind === 'open' && one.value.name === '' ? [id] : [])),
  )
  const named = await openPeople(
    parties.flatMap((row) => (nameless.has(row.joint_dossier_id) ? [row.person_id] : [])),
  )
  return new Map(
    [...opened].map(([id, outcome]) => {
      if (outcome.kind === 'closed') return [id, null]
      const own = parties.filter((row) => row.joint_dossier_id === id)
      return [
        id,
        jointName(
          outcome.value.name,
          own.map((row) => named.get(row.person_id) ?? ''),
        ),
      ]
    }),
  )
}
