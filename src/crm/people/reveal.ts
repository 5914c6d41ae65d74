import type { ReadTx, Tx } from '#platform/db.ts'
import type { Who } from '#security/access/who.ts'
import { revealValues } from '../reveals.ts'
import type { Revealed } from './contract.ts'
import { openPerson, type PeopleParts } from './people.ts'

/** Account numbers, and what is kept of confidential fields that the caller's role sees. */
export async function revealPerson(
  parts: PeopleParts,
  asking: { tx: ReadTx; who: Who },
  id: string,
  reason: string,
  writeAtOnce: <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<Revealed> {
  const { row, ibans } = await openPerson(parts, asking, id, 'reveal')
  return { ibans, ...(await revealValues(parts, asking.tx, 'person', row, reason, writeAtOnce)) }
}
