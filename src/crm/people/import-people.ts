import type { ReadTx } from '#platform/db.ts'
import type { MemoryIndex } from '#security/search/memory-index.ts'
import { Contact } from './contract.ts'
import { searchDocument } from './people.ts'
import { listPeople } from './store.ts'

/** People whom an import made or changed, into the index as they are stored. */
export async function indexImported(
  index: MemoryIndex,
  tx: ReadTx,
  made: { id: string; contact: unknown }[],
): Promise<void> {
  const contactOf = new Map(made.map(({ id, contact }) => [id, contact]))
  for (const row of await listPeople(tx, [...contactOf.keys()]))
    index.put(searchDocument(row, Contact.parse(contactOf.get(row.id))))
}
