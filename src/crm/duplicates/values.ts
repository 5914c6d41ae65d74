/**
 * Confidential values of two records that become one. Each stands in a row of its own, of which a record has one a field:
 * the chosen one hangs on the record that stays, the other on the one that is hidden, and undoing brings both back.
 */
import type { ReadTx, Tx } from '#platform/db.ts'
import { MASK } from '../fields/contract.ts'
import { deleteConfidential, listConfidentialOf } from '../store.ts'
import type { Choice, MergeField } from './contract.ts'
import type { DuplicateParts, Opened } from './records.ts'
import type * as store from './store.ts'

type Pair = { fieldId: string; kept: string | undefined; other: string | undefined }
type Choices = Readonly<Record<string, Choice>>

/** The rows of both records by field, as far as whoever asks sees them. */
export async function listPairs(
  tx: ReadTx,
  kind: store.Kind,
  keptId: string,
  otherId: string,
): Promise<Pair[]> {
  const rows = await listConfidentialOf(tx, kind, [keptId, otherId])
  const ofField = Map.groupBy(rows, (row) => row.field_id)
  return [...ofField].map(([fieldId, both]) => ({
    fieldId,
    kept: both.find((row) => row.record_id === keptId)?.id,
    other: both.find((row) => row.record_id === otherId)?.id,
  }))
}

export const namesOf = (pairs: readonly Pair[]) => pairs.map(({ fieldId }) => `custom.${fieldId}`)

function choiceOf({ fieldId, kept }: Pair, choices: Choices): 'kept' | 'other' {
  const chosen = choices[`custom.${fieldId}`]
  return chosen === 'kept' || chosen === 'other' ? chosen : kept ? 'kept' : 'other'
}

/** What is confidential is chosen without being shown: a merge is no way to see it. */
export function shownPairs(pairs: readonly Pair[], choices: Choices): MergeField[] {
  const masked = (row: string | undefined) => (row ? [MASK] : [])
  return pairs.map((pair) => {
    const choice = choiceOf(pair, choices)
    return {
      name: `custom.${pair.fieldId}`,
      isMany: false,
      isSame: false,
      kept: masked(pair.kept),
      other: masked(pair.other),
      choice,
      result: masked(pair[choice]),
    }
  })
}

/** Which rows stay on the record that goes, and which of the one that stays go there. */
export function partPairs(
  pairs: readonly Pair[],
  choices: Choices,
): { left: string[]; swapped: string[] } {
  const left: string[] = []
  const swapped: string[] = []
  for (const pair of pairs) {
    if (choiceOf(pair, choices) === 'kept') left.push(...(pair.other ? [pair.other] : []))
    else swapped.push(...(pair.kept ? [pair.kept] : []))
  }
  return { left, swapped }
}

/** After the others have moved: they meet only at the end of the transaction. */
export async function swapValues(
  { vault }: DuplicateParts,
  tx: Tx,
  kind: store.Kind,
  from: Pick<Opened, 'row'>,
  to: Pick<Opened, 'row'>,
  only: readonly string[],
): Promise<void> {
  if (only.length === 0) return
  await vault.rebind(tx, {
    table: 'confidential_value',
    kind,
    from: from.row.id,
    to: { id: to.row.id, keySlot: to.row.key_slot },
    only,
  })
}

/** When undone. What somebody wrote in the same field since stays, and the value it took the place of goes. */
export async function swapBack(
  parts: DuplicateParts,
  tx: Tx,
  kind: store.Kind,
  kept: Pick<Opened, 'row'>,
  other: Pick<Opened, 'row'>,
  swapped: readonly string[],
): Promise<void> {
  if (swapped.length === 0) return
  const rows = await listConfidentialOf(tx, kind, [kept.row.id, other.row.id])
  const isTaken = new Set(
    rows.filter((row) => row.record_id === kept.row.id).map((row) => row.field_id),
  )
  const overtaken = rows.filter((row) => swapped.includes(row.id) && isTaken.has(row.field_id))
  await deleteConfidential(
    tx,
    overtaken.map((row) => row.id),
  )
  await swapValues(parts, tx, kind, other, kept, swapped)
}
