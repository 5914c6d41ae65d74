// The first batches say little of the pace.
const PACE_ROWS_MIN = 1_000

/** How long an import still takes, by the rows this run of it read; null until there are enough of them to tell. */
export function secondsLeft(
  done: number,
  total: number,
  startedRow: number,
  seconds: number,
): number | null {
  const here = done - startedRow
  return here >= PACE_ROWS_MIN ? Math.ceil(((total - done) * seconds) / here) : null
}
