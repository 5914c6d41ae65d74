import type { Tx } from '#platform/db.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import { RelationContent } from './contract.ts'
import { inverse } from './kinds.ts'
import * as store from './store.ts'

/**
 * Before two records become one: which relations stay with the one that goes. Those between the two, which would tie
 * the one to itself, and those that say what the kept one has already. Undoing the merge shows them again.
 */
export async function relationsLeft(
  vault: Vault,
  tx: Tx,
  side: store.Side,
  keptId: string,
  goingId: string,
): Promise<string[]> {
  const rows = await store.listOfBoth(tx, side, [keptId, goingId])
  const between = rows.filter((row) => isEnd(row, keptId) && isEnd(row, goingId))
  const further = rows.filter((row) => !between.includes(row))
  const kept = further.filter((row) => isEnd(row, keptId))
  const going = further.filter((row) => isEnd(row, goingId))
  if (kept.length === 0 || going.length === 0) return between.map(({ id }) => id)
  const opened = await vault.open<RelationContent>(tx, {
    table: 'relation',
    sealedClass: 'content',
    ids: further.map(({ id }) => id),
    purpose: 'edit',
    record: 'none',
  })
  const saying = (row: (typeof rows)[number], of: string): string => {
    const content = RelationContent.parse(openedOrRefuse(opened.get(row.id)))
    const isFirst = row.first_id === of
    const { kind, label, until } = isFirst ? content : inverse(content)
    return JSON.stringify([isFirst ? row.other_id : row.first_id, kind, label, until])
  }
  const said = new Set(kept.map((row) => saying(row, keptId)))
  return [...between, ...going.filter((row) => said.has(saying(row, goingId)))].map(({ id }) => id)
}

const isEnd = (row: { first_id: string; other_id: string }, id: string) =>
  row.first_id === id || row.other_id === id
