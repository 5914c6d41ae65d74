/** Whose rows somebody sees, in numbers: what row security says of owner and team, and of what is shared. */
import type { RowScope } from './index-types.ts'
import { type KindIndex, valueText } from './kind-index.ts'

/** `status`: only rows that have it. */
export function visibility(
  index: KindIndex,
  scope: RowScope,
  status?: number,
): (row: number) => boolean {
  const isSeen = seenStandings(index, scope, status)
  const shared = sharedRows(index, scope)
  const { standingOf } = index
  // Asked for every row that answers: one look at what the row is, and one at who sees that.
  if (shared.size === 0) return (row) => isSeen[standingOf[row]!] === 1
  return (row) =>
    isSeen[standingOf[row]!] === 1 ||
    (shared.has(row) && (status === undefined || index.status[row] === status))
}

/** How many rows of a status somebody sees: by owner and team for nearly all, one by one for what is shared. */
export function countVisible(index: KindIndex, scope: RowScope, status: number): number {
  const isSeen = seenStandings(index, scope, status)
  let rows = 0
  index.standings.forEach((standing, number) => {
    if (isSeen[number] === 1) rows += standing.rows
  })
  for (const row of sharedRows(index, scope))
    if (index.status[row] === status && isSeen[index.standingOf[row]!] === 0) rows++
  return rows
}

function sharedRows(index: KindIndex, { everything, shared = [] }: RowScope): Set<number> {
  if (everything) return new Set()
  return new Set(shared.flatMap((id) => index.rowOf.get(id) ?? []))
}

function seenStandings(index: KindIndex, scope: RowScope, status: number | undefined): Uint8Array {
  const mine = index.values.find(valueText('ownerId', scope.userId))
  const teams = new Set(
    scope.teamIds.map((teamId) => index.values.find(valueText('teamId', teamId))),
  )
  return Uint8Array.from(index.standings, (one) => {
    if (status !== undefined && one.status !== status) return 0
    return scope.everything || one.owner === mine || teams.has(one.team) ? 1 : 0
  })
}
