/** What lists do while the index is not there, or where the operator of the host has none. */
import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { IndexKind } from '#security/search/index-types.ts'
import { askedPrefixes } from '#security/search/name-prefixes.ts'
import type { RecordFinder } from '#security/search/record-index.ts'
import type { Vault } from '#security/vault/vault.ts'

export type ByPrefix = Vault['nameTokens']

// The beginning of no word.
const NO_WORD = '.'

/** The order of the list as nobody changed it, of which the screen says that it is another; and the one it has. */
export const orderedWithout: ReadonlySet<string> = new Set(['name', '-createdAt'])

/** What only the index knows: it will be there in a moment, or never. */
export function refuseWithout(index: RecordFinder): never {
  refuse(index.isOff ? 'index-off' : 'index-loading')
}

/** What to look for in the database; undefined where names are not kept so. A text without a word finds nobody. */
export function namedOf(
  byPrefix: ByPrefix,
  tx: ReadTx,
  kind: IndexKind,
  text: string,
): Promise<Buffer[][] | undefined> {
  const words = askedPrefixes(kind, text)
  return byPrefix(tx, kind, words.length > 0 ? words : [[NO_WORD]])
}

export async function isByPrefix(byPrefix: ByPrefix, tx: ReadTx, kind: IndexKind) {
  return (await byPrefix(tx, kind, [[NO_WORD]])) !== undefined
}
