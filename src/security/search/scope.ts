/** Whose rows somebody sees, in numbers: what row security says of owner and team. */
import type { IndexScope } from './index-types.ts'
import { type KindIndex, valueText } from './kind-index.ts'

export function visibility(index: KindIndex, scope: IndexScope): (row: number) => boolean {
  const isSeen = visiblePairs(index, scope)
  return (row) => isSeen(index.owners[row]!, index.teams[row]!)
}

export function visiblePairs(
  index: KindIndex,
  scope: IndexScope,
): (owner: number, team: number) => boolean {
  if (scope.everything) return () => true
  const mine = index.values.find(valueText('ownerId', scope.userId))
  const isTeamSeen = new Uint8Array(index.values.bound)
  for (const teamId of scope.teamIds) {
    const team = index.values.find(valueText('teamId', teamId))
    if (team !== undefined) isTeamSeen[team] = 1
  }
  return (owner, team) => owner === mine || isTeamSeen[team] === 1
}
