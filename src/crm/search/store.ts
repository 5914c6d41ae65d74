import type { Tx } from '#platform/db.ts'
import type { SearchSettingRow } from '../store.ts'

/** Undefined where somebody else changed it meanwhile. */
export async function changeSetting(
  tx: Tx,
  rowVersion: number,
  isContentSearched: boolean,
): Promise<SearchSettingRow | undefined> {
  return tx
    .updateTable('search_setting')
    .set({ content_search: isContentSearched, row_version: rowVersion + 1 })
    .where('row_version', '=', rowVersion)
    .returning(['content_search', 'row_version'])
    .executeTakeFirst()
}
