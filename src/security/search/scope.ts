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
  return countIn(index, isSeen) + sharedBeside(index, scope, status, isSeen).length
}

// To whoever sees fewer, looking at each of these costs less than looking for words among those of the whole office.
const FEW_SHARE = 1 / 20

/** All rows of a status that somebody sees, where those are few. */
export function fewSeen(index: KindIndex, scope: RowScope, status: number): Int32Array | undefined {
  const isSeen = seenStandings(index, scope, status)
  const shared = sharedBeside(index, scope, status, isSeen)
  const count = countIn(index, isSeen) + shared.length
  if (count > index.ids.length * FEW_SHARE) return undefined
  const { standingRows } = index
  const { cells } = standingRows
  const rows = new Int32Array(count)
  let at = 0
  for (const [standing, seen] of isSeen.entries()) {
    if (seen === 0) continue
    const start = standingRows.start(standing)
    const length = standingRows.length(standing)
    rows.set(cells.subarray(start, start + length), at)
    at += length
  }
  rows.set(shared, at)
  return rows
}

function countIn({ standingRows }: KindIndex, isSeen: Uint8Array): number {
  let rows = 0
  for (const [standing, seen] of isSeen.entries())
    if (seen === 1) rows += standingRows.length(standing)
  return rows
}

/** What is shared and not seen without that. */
function sharedBeside(
  index: KindIndex,
  scope: RowScope,
  status: number,
  isSeen: Uint8Array,
): number[] {
  return [...sharedRows(index, scope)].filter(
    (row) => index.status[row] === status && isSeen[index.standingOf[row]!] === 0,
  )
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
