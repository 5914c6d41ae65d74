import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import { findSearchSetting, type SearchSettingRow } from '../store.ts'
import type { SearchChange, SearchState } from './contract.ts'
import * as store from './store.ts'

export type SearchParts = { index: RecordIndex }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

export async function showSearch(parts: SearchParts, tx: ReadTx): Promise<SearchState> {
  return stateOf(parts, await findSearchSetting(tx))
}

async function stateOf({ index }: SearchParts, setting: SearchSettingRow): Promise<SearchState> {
  const state = await index.state()
  return {
    isContentSearched: setting.content_search,
    contents: state?.contents.state ?? 'away',
    isIndexReady: index.isReady,
    indexProgress: Math.floor(index.progress * 100) / 100,
    records: state?.loaded ?? 0,
    texts: state?.contents.texts ?? 0,
    textBytes: state?.contents.bytes ?? 0,
    memoryBytes: state?.memoryBytes ?? 0,
    rowVersion: setting.row_version,
  }
}

/** Every host learns of it from the ledger, and takes in or lets go what was written. */
export async function changeSearch(
  parts: SearchParts,
  tx: ReadTx,
  { rowVersion, isContentSearched }: SearchChange,
  writeAtOnce: WriteAtOnce,
): Promise<SearchState> {
  const row = await writeAtOnce((write) =>
    store.changeSetting(write, rowVersion, isContentSearched),
  )
  if (!row) refuse('changed-meanwhile', { current: await showSearch(parts, tx) })
  return stateOf(parts, row)
}
