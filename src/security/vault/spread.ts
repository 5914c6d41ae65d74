/**
 * What a blind index over a column would give away: equal values have equal tokens, so whoever holds the database counts
 * them. With few values, or one that many records share, the counts tell which is which. `database/checks/l23` asks the same
 * of what stands there.
 */
export type Spread = {
  /** How many records have a value. */
  records: number
  different: number
  /** How many records have the most frequent one. */
  most: number
}

/** With fewer, any column looks skewed or even by chance. */
export const RECORDS_MIN = 200
// On average at most two records a value, and none that one in twenty has.
const RECORDS_A_VALUE_MAX = 2
const MOST_SHARE = 20

export function isSkewed({ records, different, most }: Spread): boolean {
  return (
    records >= RECORDS_MIN &&
    (different * RECORDS_A_VALUE_MAX < records || most * MOST_SHARE > records)
  )
}
