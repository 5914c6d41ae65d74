import type { ReadTx, Tx } from '#platform/db.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import { target } from './affiliations.ts'
import * as store from './store.ts'

const TITLE_MAX = 200

type Title = { jobTitle: string }
/** One affiliation that took in another: what its title was, and became. */
export type United = { id: string; before: string; after: string }

/**
 * Before two records become one: whoever is tied to the same company, or person, through both keeps one tie, with
 * both titles. `left` are the ties that stay where they are.
 */
export async function uniteAffiliations(
  vault: Vault,
  tx: Tx,
  side: store.Side,
  keptId: string,
  otherId: string,
): Promise<{ left: string[]; united: United[] }> {
  const twins = await store.listTwins(tx, side, keptId, otherId)
  if (twins.length === 0) return { left: [], united: [] }
  const titles = await openTitles(vault, tx, [
    ...twins.map((one) => one.id),
    ...twins.map((one) => one.twin_id),
  ])
  const united = twins.map(({ id, twin_id }) => {
    const [before, more] = [titles.get(id) ?? '', titles.get(twin_id) ?? '']
    const isSaid = more === '' || before.toLowerCase().includes(more.toLowerCase())
    const after = isSaid ? before : [before, more].filter(Boolean).join(' / ')
    return { id, before, after: after.slice(0, TITLE_MAX) }
  })
  await writeTitles(
    vault,
    tx,
    united.filter(({ before, after }) => before !== after).map(({ id, after }) => [id, after]),
  )
  return { left: twins.map((one) => one.twin_id), united }
}

/** The titles as they were, where nobody has written another since. */
export async function partAffiliations(vault: Vault, tx: Tx, united: United[]): Promise<void> {
  const titles = await openTitles(
    vault,
    tx,
    united.map(({ id }) => id),
  )
  await writeTitles(
    vault,
    tx,
    united
      .filter(({ id, before, after }) => before !== after && titles.get(id) === after)
      .map(({ id, before }) => [id, before]),
  )
}

async function openTitles(vault: Vault, tx: ReadTx, ids: string[]): Promise<Map<string, string>> {
  const opened = await vault.open<Title>(tx, {
    table: 'affiliation',
    sealedClass: 'content',
    ids,
    purpose: 'edit',
    record: 'none',
  })
  return new Map([...opened].map(([id, outcome]) => [id, openedOrRefuse(outcome).jobTitle]))
}

async function writeTitles(vault: Vault, tx: Tx, titles: [string, string][]): Promise<void> {
  for (const [id, jobTitle] of titles) {
    const row = await store.findAffiliation(tx, id)
    if (!row) continue
    const sealCounter = row.content_seal_counter + 1
    const [sealed] = await vault.seal([{ target: target(row, sealCounter), value: { jobTitle } }])
    await store.changeAffiliation(tx, id, row.row_version, {
      content_sealed: sealed!,
      content_seal_counter: sealCounter,
    })
  }
}
