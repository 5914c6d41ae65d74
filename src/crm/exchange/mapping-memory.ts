/** What the columns of a source meant last time, for the whole organisation. A source is known by its header row. */
import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { blindToken, openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import { type ImportField, importFields } from './contract.ts'
import { type CustomFields, findCustom } from './custom-columns.ts'
import { ownTarget } from './own-target.ts'
import * as store from './store.ts'

export type Remembered = { id: string; fields: ImportField[] }
type Content = { headers: string[]; fields: ImportField[] }

async function sourceOf(vault: Vault, headers: string[]): Promise<Buffer> {
  return blindToken(vault, 'import-source', JSON.stringify(headers))
}

export async function findMapping(
  vault: Vault,
  tx: ReadTx,
  headers: string[],
  custom: CustomFields,
): Promise<Remembered | undefined> {
  const row = await store.findMapping(tx, await sourceOf(vault, headers))
  if (!row) return undefined
  const opened = await vault.open<Content>(tx, {
    table: 'import_mapping',
    sealedClass: 'content',
    ids: [row.id],
    purpose: 'import',
    record: 'none',
  })
  const { fields } = openedOrRefuse(opened.get(row.id))
  // One that a later release has no longer, or that was archived, is not known any more.
  const isKnown = fields.every(
    (field) => importFields.some((one) => one === field) || findCustom(field, custom),
  )
  return isKnown ? { id: row.id, fields } : undefined
}

/** Kept when an import runs; the next file with these headers begins with it. */
export async function keepMapping(
  vault: Vault,
  tx: ReadTx,
  write: <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>,
  content: Content,
): Promise<void> {
  const source = await sourceOf(vault, content.headers)
  const row = await store.findMapping(tx, source)
  const id = row?.id ?? randomUUID()
  const counter = (row?.content_seal_counter ?? 0) + 1
  const target = { ...ownTarget(vault, 'import_mapping', id), sealCounter: counter }
  const [sealed] = await vault.seal([{ target, value: content }])
  await write((changing) =>
    row
      ? store.updateMapping(changing, row, sealed!)
      : store.insertMapping(changing, { id, source, content: sealed! }),
  )
}
