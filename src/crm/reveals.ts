/** Confidential values of a person or company are shown with a reason, and whoever may sees later who gave which. */
import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { Openings } from './contract.ts'
import type { RecordKind } from './field-catalogue.ts'
import type { FieldValues } from './fields/contract.ts'
import { namesIn, openValues, type ValueParts } from './record-values.ts'
import { insertReveal, listOpenings, listReveals } from './store.ts'

type Parts = { vault: Vault }

/** The reason is kept first: whoever sees a confidential value has said why. */
export async function revealValues(
  parts: ValueParts,
  tx: ReadTx,
  kind: RecordKind,
  record: { id: string; key_slot: number },
  reason: string,
  writeAtOnce: <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<{ confidential: FieldValues; customNames: Record<string, string> }> {
  const revealId = randomUUID()
  const [sealed] = await parts.vault.seal([
    {
      target: {
        table: 'reveal',
        sealedClass: 'content',
        rowId: revealId,
        subjectId: record.id,
        keySlot: record.key_slot,
        sealCounter: 1,
      },
      value: { reason },
    },
  ])
  await writeAtOnce((write) => insertReveal(write, kind, record.id, revealId, sealed!))
  const confidential = await openValues(parts, tx, kind, record.id)
  const names = await namesIn(parts, tx, kind, [confidential])
  return { confidential, customNames: Object.fromEntries(names) }
}

/** Who has seen this customer, and for what confidential values were shown. */
export async function showOpenings(
  { vault }: Parts,
  tx: ReadTx,
  kind: RecordKind,
  id: string,
): Promise<Openings> {
  const [openings, reveals] = await Promise.all([
    listOpenings(tx, kind, id),
    listReveals(tx, kind, id),
  ])
  const reasons = await vault.open<{ reason: string }>(tx, {
    table: 'reveal',
    sealedClass: 'content',
    ids: reveals.map((row) => row.id),
    purpose: 'dossier',
    record: 'none',
  })
  return {
    items: openings,
    reveals: reveals.map((row) => {
      const outcome = reasons.get(row.id)
      return {
        at: row.created_at.toISOString(),
        userId: row.created_by,
        reason: outcome?.kind === 'open' ? outcome.value.reason : '',
      }
    }),
  }
}
