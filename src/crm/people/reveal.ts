import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Who } from '#security/access/who.ts'
import type { Openings } from '../contract.ts'
import { listOpenings } from '../store.ts'
import { openPerson, type PeopleParts } from './people.ts'
import * as store from './store.ts'

/** The reason is kept first: whoever sees an account number has said why. */
export async function revealPerson(
  parts: PeopleParts,
  asking: { tx: ReadTx; who: Who },
  id: string,
  reason: string,
  writeAtOnce: <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<{ ibans: string[] }> {
  const { row, ibans } = await openPerson(parts, asking, id, 'reveal')
  const revealId = randomUUID()
  const [sealed] = await parts.vault.seal([
    {
      target: {
        table: 'reveal',
        sealedClass: 'content',
        rowId: revealId,
        subjectId: row.id,
        keySlot: row.key_slot,
        sealCounter: 1,
      },
      value: { reason },
    },
  ])
  await writeAtOnce((tx) =>
    store.insertReveal(tx, { id: revealId, person_id: row.id, content_sealed: sealed! }),
  )
  return { ibans }
}

/** Who has seen this customer, and for what the account numbers were shown. */
export async function showOpenings(
  { vault }: PeopleParts,
  tx: ReadTx,
  personId: string,
): Promise<Openings> {
  const [openings, reveals] = await Promise.all([
    listOpenings(tx, 'person', personId),
    store.listReveals(tx, personId),
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
