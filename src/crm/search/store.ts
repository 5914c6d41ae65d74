import type { Tx } from '#platform/db.ts'
import type { SearchSettingRow } from '../store.ts'

export type SettingPatch = Partial<Pick<SearchSettingRow, 'content_search' | 'name_prefixes'>>

/** Undefined where somebody else changed it meanwhile. */
export async function changeSetting(
  tx: Tx,
  rowVersion: number,
  patch: SettingPatch,
): Promise<SearchSettingRow | undefined> {
  return tx
    .updateTable('search_setting')
    .set({ ...patch, row_version: rowVersion + 1 })
    .where('row_version', '=', rowVersion)
    .returning(['content_search', 'name_prefixes', 'row_version'])
    .executeTakeFirst()
}
