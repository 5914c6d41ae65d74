import type { ReadTx } from '#platform/db.ts'
import type { BlindIndex, NameColumn } from '../blind-index.ts'
import { findAsking } from './store.ts'

export function nameColumn(kind: 'person' | 'company', teamId: string): NameColumn {
  return `name:${kind}:${teamId}`
}

/**
 * What to look for in the database for these beginnings of names: for each word that must be there, tokens of which one is
 * enough, under the keys of the teams that whoever asks may see. Undefined where names are not kept so.
 */
export async function nameTokens(
  tx: ReadTx,
  kind: 'person' | 'company',
  words: readonly (readonly string[])[],
  blindIndex: () => BlindIndex,
): Promise<Buffer[][] | undefined> {
  const { is_on: isOn, team_ids: teams } = await findAsking(tx, kind)
  if (!isOn) return undefined
  const index = blindIndex()
  return words.map((any) =>
    teams.flatMap((teamId) => any.flatMap((one) => index.tokens(nameColumn(kind, teamId), one))),
  )
}
