import type { SealTarget, Vault } from '#security/vault/vault.ts'

type OwnTable = 'import_run' | 'import_row' | 'import_file' | 'import_batch' | 'import_mapping'

/** Under the organisation's own key: what an import keeps of a file belongs to no customer yet. */
export function ownTarget(vault: Vault, table: OwnTable, rowId: string): SealTarget {
  return {
    table,
    sealedClass: 'content',
    rowId,
    subjectId: vault.organisationId,
    keySlot: 0,
    sealCounter: 1,
  }
}
