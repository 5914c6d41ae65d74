import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { prefixLeak } from '#security/search/prefix-leak.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import type { NamePrefixes } from '#security/vault/name-prefixes/name-prefixes.ts'
import { findSearchSetting, type SearchSettingRow } from '../store.ts'
import type { SearchChange, SearchState } from './contract.ts'
import * as store from './store.ts'

export type SearchParts = { index: RecordIndex; names: NamePrefixes }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

export async function showSearch(parts: SearchParts, tx: ReadTx): Promise<SearchState> {
  return stateOf(parts, await findSearchSetting(tx))
}

const NONE_WRITTEN = { isWriting: false, records: 0, found: 0 }

async function stateOf(
  { index, names }: SearchParts,
  setting: SearchSettingRow,
): Promise<SearchState> {
  const isKept = setting.name_prefixes
  const [state, progress] = await Promise.all([
    index.state(),
    isKept ? names.progress() : NONE_WRITTEN,
  ])
  return {
    isContentSearched: setting.content_search,
    contents: state?.contents.state ?? 'away',
    isIndexReady: index.isReady,
    indexProgress: Math.floor(index.progress * 100) / 100,
    records: state?.loaded ?? 0,
    texts: state?.contents.texts ?? 0,
    textBytes: state?.contents.bytes ?? 0,
    memoryBytes: state?.memoryBytes ?? 0,
    isIndexOff: index.isOff,
    names: { isKept, ...progress, leak: prefixLeak },
    rowVersion: setting.row_version,
  }
}

/** Every host learns of it from the ledger, and takes in or lets go what was written. */
export async function changeSearch(
  parts: SearchParts,
  tx: ReadTx,
  { rowVersion, isContentSearched, areNamesKept, hasRead }: SearchChange,
  writeAtOnce: WriteAtOnce,
): Promise<SearchState> {
  // What it gives away can't be taken back from copies that were made meanwhile.
  if (areNamesKept && hasRead !== prefixLeak.measured)
    refuse('invalid-fields', { fields: [{ field: 'hasRead', problem: 'leak-unread' }] })
  const row = await writeAtOnce((write) =>
    store.changeSetting(write, rowVersion, {
      ...(isContentSearched !== undefined && { content_search: isContentSearched }),
      ...(areNamesKept !== undefined && { name_prefixes: areNamesKept }),
    }),
  )
  if (!row) refuse('changed-meanwhile', { current: await showSearch(parts, tx) })
  return stateOf(parts, row)
}
