import type { ReadTx } from '#platform/db.ts'
import { type Names, parseLeaf } from './leaf.ts'
import * as store from './store.ts'
import type { Finding, Newest } from './verify.ts'

const PAGE = 5_000
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

type Differing = { table: string; rowId: string; hashes: string[]; isEarlier: boolean }

/** Holds every covered row against its newest leaf. Takes what it has compared out of `newest`. */
export async function compareRows(
  tx: ReadTx,
  newest: Map<string, Newest>,
  names: Names,
): Promise<{ count: number; findings: Finding[]; gaps: string[] }> {
  const findings: Finding[] = []
  const gaps = new Set<string>()
  const differing = new Map<string, Differing>()
  const tables = await store.listCoveredTables(tx)
  let count = 0
  for (const table of tables) {
    for await (const row of rowsOf(tx, table)) {
      count++
      const record = names.record(table, row.row_id)
      const leaf = newest.get(record)
      newest.delete(record)
      const hashes = row.row_hashes.map((hash) => hash.toString('base64'))
      const position = leaf ? row.hash_versions.indexOf(leaf.hashVersion) : 0
      if (!leaf || leaf.hash === null)
        findings.push({ table, row: row.row_id, what: 'row without leaf' })
      else if (position < 0)
        gaps.add(`${table}: rows of column list ${leaf.hashVersion} can no longer be compared`)
      else if (hashes[position] !== leaf.hash)
        differing.set(record, { table, rowId: row.row_id, hashes, isEarlier: false })
    }
  }
  await findEarlierVersions(tx, differing)
  for (const { table, rowId, isEarlier } of differing.values())
    findings.push({
      table,
      row: rowId,
      what: isEarlier ? 'row is an earlier version of itself' : 'row differs from its newest leaf',
    })
  const compared = new Set(tables)
  for (const [record, { table, hash }] of newest) {
    if (hash === null) continue
    // The row is gone, so only its pseudonym is left to name it by.
    if (compared.has(table))
      findings.push({ table, row: `record ${record}`, what: 'leaf without row' })
    else gaps.add(`${table}: its rows can't be read, so they were not compared`)
  }
  return { count, findings, gaps: [...gaps] }
}

async function* rowsOf(tx: ReadTx, table: string): AsyncGenerator<store.RowHashes> {
  let last: string | undefined
  for (;;) {
    const page = await store.listRowHashes(tx, table, last ?? FIRST_ID, PAGE)
    for (const row of page) if (row.row_id !== last) yield row
    if (page.length < PAGE) return
    last = page.at(-1)!.row_id
  }
}

/** A row whose hash stands in an older leaf was not edited but put back. */
async function findEarlierVersions(tx: ReadTx, differing: Map<string, Differing>): Promise<void> {
  if (differing.size === 0) return
  for (let from = 1; ; ) {
    const page = await store.listLeaves(tx, from, PAGE)
    for (const { body } of page) {
      const leaf = parseLeaf(body)
      const row = leaf?.record && differing.get(leaf.record)
      if (row && leaf.rowHash && row.hashes.includes(leaf.rowHash)) row.isEarlier = true
    }
    if (page.length < PAGE) return
    from = page.at(-1)!.seq + 1
  }
}
