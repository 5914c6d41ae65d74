import type { Database, SessionToken } from '#platform/db.ts'
import type { IndexDocument, IndexKind } from '#security/search/index-types.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import type { Vault } from '#security/vault/vault.ts'
import { COLUMNS, type IndexRow, listRows } from './store.ts'

export type Describe = Record<IndexKind, (row: IndexRow, contact: never) => IndexDocument>

const REFRESH_MAX = 2_000
const KINDS: IndexKind[] = ['person', 'company']

export type IndexLoader = {
  filled: Promise<void>
  refresh(kind: IndexKind, ids: string[]): Promise<void>
}

/** Opens everyone once, in batches, under the indexer's own session; afterwards only who changed. */
export function fillIndex({
  db,
  token,
  vault,
  index,
  describe,
}: {
  db: Database
  token: SessionToken
  vault: Vault
  index: RecordIndex
  describe: Describe
}): IndexLoader {
  const tx = db.reader(token, 'index')

  async function* everything(): AsyncGenerator<IndexDocument[]> {
    // A record that does not open can not be found by its name; lists still show it, closed.
    for (const kind of KINDS)
      for await (const rows of vault.openBulk<never>(tx, {
        table: kind,
        sealedClass: 'contact',
        also: COLUMNS,
      }))
        yield rows.flatMap(({ id, outcome, columns }) =>
          outcome.kind === 'open'
            ? [describe[kind]({ id, ...columns } as IndexRow, outcome.value)]
            : [],
        )
  }

  return {
    filled: index.fill(everything),
    async refresh(kind, ids) {
      const all = [...new Set(ids)]
      for (let at = 0; at < all.length; at += REFRESH_MAX)
        await refreshBatch(kind, all.slice(at, at + REFRESH_MAX))
    },
  }

  async function refreshBatch(kind: IndexKind, ids: string[]): Promise<void> {
    const [rows, opened] = await Promise.all([
      listRows(tx, kind, ids),
      vault.open<never>(tx, {
        table: kind,
        sealedClass: 'contact',
        ids,
        purpose: 'index',
        record: 'none',
      }),
    ])
    const there = new Set(rows.map((row) => row.id))
    const gone = ids.filter((id) => !there.has(id))
    if (gone.length > 0) index.remove(kind, gone)
    index.put(
      rows.flatMap((row) => {
        const outcome = opened.get(row.id)
        return outcome?.kind === 'open' ? [describe[kind](row, outcome.value)] : []
      }),
    )
  }
}
