/** What a run keeps while it is under way: its file, sealed in pieces, and what it was asked. */
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import type { Asking } from './exchange.ts'
import { ownTarget } from './own-target.ts'
import type { RunContent } from './run.ts'
import * as store from './store.ts'

// A sealed record is held whole in memory several times over.
const PART_BYTES = 2 * 1024 * 1024
const FILE_BYTES_MAX = 64 * 1024 * 1024

export async function keepFile(
  vault: Vault,
  { write }: Asking,
  id: string,
  given: { bytes: Uint8Array; content: RunContent; totalRows: number; forgetBefore: Date },
): Promise<void> {
  const packed = await promisify(gzip)(given.bytes, { level: 1 })
  const parts: { id: string; part: number; text: string }[] = []
  for (let at = 0; at < packed.length; at += PART_BYTES)
    parts.push({
      id: randomUUID(),
      part: parts.length,
      text: packed.subarray(at, at + PART_BYTES).toString('base64'),
    })
  const [run, ...sealed] = await vault.seal([
    { target: ownTarget(vault, 'import_run', id), value: given.content },
    ...parts.map((part) => ({
      target: ownTarget(vault, 'import_file', part.id),
      value: part.text,
    })),
  ])
  await write(async (tx) => {
    await Promise.all([
      store.forgetBefore(tx, given.forgetBefore),
      store.insertRun(tx, id, run!, given.totalRows),
    ])
    await store.insertFile(
      tx,
      id,
      parts.map(({ id: partId, part }, i) => ({ id: partId, part, content: sealed[i]! })),
    )
  })
}

export async function readFile(vault: Vault, tx: ReadTx, importId: string): Promise<Buffer> {
  const rows = await store.listFileParts(tx, importId)
  if (rows.length === 0) refuse('already-done', { why: 'the file is no longer kept' })
  const opened = await vault.open<string>(tx, {
    table: 'import_file',
    sealedClass: 'content',
    ids: rows.map((row) => row.id),
    purpose: 'import',
    record: 'none',
  })
  const packed = Buffer.concat(
    rows.map((row) => Buffer.from(openedOrRefuse(opened.get(row.id)), 'base64')),
  )
  return promisify(gunzip)(packed, { maxOutputLength: FILE_BYTES_MAX })
}

export async function openRunContent(vault: Vault, tx: ReadTx, id: string): Promise<RunContent> {
  const opened = await vault.open<RunContent>(tx, {
    table: 'import_run',
    sealedClass: 'content',
    ids: [id],
    purpose: 'import',
    record: 'none',
  })
  return openedOrRefuse(opened.get(id))
}
