import type { Database, SessionToken } from '#platform/db.ts'
import type { MemoryIndex } from '#security/search/memory-index.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { Contact } from './contract.ts'
import { searchDocument } from './people.ts'
import { listAfter, listPeople, type PersonRow } from './store.ts'

const BATCH = 2_000
const FIRST = '00000000-0000-0000-0000-000000000000'

export type IndexLoader = { filled: Promise<void>; refresh(ids: string[]): Promise<void> }

/** Opens everyone once, in batches, under the indexer's own session; afterwards only who changed. */
export function fillIndex({
  db,
  token,
  vault,
  index,
}: {
  db: Database
  token: SessionToken
  vault: Vault
  index: MemoryIndex
}): IndexLoader {
  const tx = db.reader(token, 'index')

  async function put(rows: PersonRow[]): Promise<void> {
    const opened = await vault.open<Contact>(tx, {
      table: 'person',
      sealedClass: 'contact',
      ids: rows.map((row) => row.id),
      purpose: 'index',
      record: 'none',
    })
    for (const row of rows) {
      const contact = opened.get(row.id)
      if (contact?.kind === 'open') index.put(searchDocument(row, contact.value))
    }
  }

  async function fill(): Promise<void> {
    for (let after = FIRST; ; ) {
      const rows = await listAfter(tx, after, BATCH)
      if (rows.length === 0) break
      await put(rows)
      after = rows.at(-1)!.id
    }
    index.isReady = true
  }

  return {
    filled: fill(),
    async refresh(ids) {
      for (let i = 0; i < ids.length; i += BATCH) {
        const batch = [...new Set(ids.slice(i, i + BATCH))]
        const rows = await listPeople(tx, batch)
        const there = new Set(rows.map((row) => row.id))
        for (const id of batch) if (!there.has(id)) index.remove(id)
        await put(rows)
      }
    },
  }
}
