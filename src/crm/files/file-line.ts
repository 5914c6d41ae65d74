import type { ReadTx } from '#platform/db.ts'
import type { OpenOutcome, Vault } from '#security/vault/vault.ts'
import type { FileLine } from './contract.ts'
import type * as store from './store.ts'

/** What is sealed of a file beside its contents. */
export type Content = { name: string; type: string; size: number }
export type Shown = Pick<
  store.FileRow,
  | 'id'
  | 'created_at'
  | 'created_by'
  | 'row_version'
  | 'retention_rule'
  | 'retained_from'
  | 'retained_until'
>

export function openContents(vault: Vault, tx: ReadTx, ids: string[], record: 'dossier' | 'none') {
  return vault.open<Content>(tx, {
    table: 'file',
    sealedClass: 'content',
    ids,
    purpose: 'dossier',
    record,
  })
}

export function line(row: Shown, outcome: OpenOutcome<Content> | undefined): FileLine {
  const content = outcome?.kind === 'open' ? outcome.value : undefined
  return {
    id: row.id,
    name: content?.name ?? null,
    type: content?.type ?? null,
    size: content?.size ?? null,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    rowVersion: row.row_version,
    closed: outcome?.kind === 'closed' ? outcome.why : null,
    retention: row.retention_rule
      ? { rule: row.retention_rule, from: row.retained_from, until: row.retained_until }
      : null,
  }
}
