/** Whose rows somebody sees, in numbers: what row security says of owner and team, and of what is shared. */
import type { RowScope } from './index-types.ts'
import { type KindIndex, valueText } from './kind-index.ts'

export function visibility(index: KindIndex, scope: RowScope): (row: number) => boolean {
  const isSeen = visiblePairs(index, scope)
  const shared = sharedRows(index, scope)
  if (shared.size === 0) return (row) => isSeen(index.owners[row]!, index.teams[row]!)
  return (row) => isSeen(index.owners[row]!, index.teams[row]!) || shared.has(row)
}

/** How many rows of a status somebody sees: by owner and team for nearly all, one by one for what is shared. */
export function countVisible(index: KindIndex, scope: RowScope, status: number): number {
  const isSeen = visiblePairs(index, scope)
  let rows = index.countRows(status, isSeen)
  for (const row of sharedRows(index, scope))
    if (index.status[row] === status && !isSeen(index.owners[row]!, index.teams[row]!)) rows++
  return rows
}

function sharedRows(index: KindIndex, { everything, shared = [] }: RowScope): Set<number> {
  if (everything) return new Set()
  return new Set(shared.flatMap((id) => index.rowOf.get(id) ?? []))
}

function visiblePairs(index: KindIndex, scope: RowScope): (owner: number, team: number) => boolean {
  if (scope.everything) return () => true
  const mine = index.values.find(valueText('ownerId', scope.userId))
  const isTeamSeen = new Uint8Array(index.values.bound)
  for (const teamId of scope.teamIds) {
    const team = index.values.find(valueText('teamId', teamId))
    if (team !== undefined) isTeamSeen[team] = 1
  }
  return (owner, team) => owner === mine || isTeamSeen[team] === 1
}
