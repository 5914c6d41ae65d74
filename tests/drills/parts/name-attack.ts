/**
 * Frequency analysis of beginnings of names, by whoever has the rows and public statistics of names, and no key. Which token is
 * the beginning of which shows by itself: whoever has "pieter" has "pie" too. So a word is a chain of tokens, each standing at
 * fewer records than the one before, and the chain is held against those that known names would give.
 */
export type Kept = { id: string; team: string; tokens: readonly string[] }
/** Words as statistics have them: what each would give, and how many of these people have it. */
export type Known = {
  people: number
  words: readonly { word: string; beginnings: readonly string[]; count: number }[]
}

/** The words that are guessed of each record. */
export function guessNames(rows: readonly Kept[], known: Known): Map<string, string[]> {
  const guessed = new Map<string, string[]>()
  for (const team of Map.groupBy(rows, (row) => row.team).values()) guessTeam(team, known, guessed)
  return guessed
}

type Class = { records: readonly number[]; tokens: number; parent: Class | undefined; key: string }

function guessTeam(rows: readonly Kept[], known: Known, guessed: Map<string, string[]>): void {
  const recordsOf = new Map<string, number[]>()
  rows.forEach(({ tokens }, at) => {
    for (const token of tokens) {
      const list = recordsOf.get(token)
      if (list) list.push(at)
      else recordsOf.set(token, [at])
    }
  })
  // Tokens that stand at the very same records are one: "pieter" where nobody is called "pietro".
  const classes = new Map<string, Class>()
  const classOf = new Map<string, Class>()
  for (const [token, records] of recordsOf) {
    const key = records.join()
    const known = classes.get(key)
    if (known) known.tokens++
    else classes.set(key, { records, tokens: 1, parent: undefined, key })
    classOf.set(token, classes.get(key)!)
  }
  const classesAt = rows.map(({ tokens }) =>
    [...new Set(tokens.map((token) => classOf.get(token)!))].sort(
      (a, b) => a.records.length - b.records.length,
    ),
  )
  for (const one of classes.values()) {
    const fewest = one.records
      .slice(0, 50)
      .reduce((a, b) => (classesAt[b]!.length < classesAt[a]!.length ? b : a))
    const parent = classesAt[fewest]!.find(
      (other) => other.records.length > one.records.length && holdsNearlyAll(other, one),
    )
    // Two people of a rare name may be called the same besides, by chance.
    if (parent && (parent.records.length / rows.length) ** one.records.length < BY_CHANCE)
      one.parent = parent
  }

  // Where the chains of a record end, and how often each end comes.
  const ends = classesAt.map((all) => {
    const parents = new Set(all.map(({ parent }) => parent))
    return all.filter((one) => !parents.has(one))
  })
  const endings = new Map<Class, number>()
  for (const one of ends.flat()) endings.set(one, (endings.get(one) ?? 0) + 1)

  const expected = expectedChains(known, rows.length)
  const wordOf = new Map<Class, string>()
  const used = new Set<string>()
  for (const [end, count] of [...endings].sort((a, b) => b[1] - a[1])) {
    const chain = chainOf(end)
    let best: { word: string; far: number } | undefined
    for (const { word, counts, exact } of expected) {
      if (used.has(word)) continue
      const isAlike = chain.length === counts.length
      let far = apart(count, exact) + (isAlike ? 0 : OTHER_LENGTH)
      if (isAlike) for (const [at, held] of chain.entries()) far += apart(held, counts[at]!)
      else far += apart(chain[0]!, counts[0]!) + apart(chain.at(-1)!, counts.at(-1)!)
      if (!best || far < best.far) best = { word, far }
    }
    if (!best) continue
    if (best.far < SURE) used.add(best.word)
    wordOf.set(end, best.word)
  }
  rows.forEach(({ id }, at) => {
    guessed.set(
      id,
      ends[at]!.flatMap((end) => wordOf.get(end) ?? []),
    )
  })
}

// "vandenbr" stands at who is called Vandenbroeck, with all its beginnings, and at a few "van den Broek", without most.
const NEARLY_ALL = 0.9

function holdsNearlyAll(larger: Class, smaller: Class): boolean {
  let at = 0
  let missing = 0
  const mayMiss = smaller.records.length * (1 - NEARLY_ALL)
  for (const record of smaller.records) {
    while (at < larger.records.length && larger.records[at]! < record) at++
    if (larger.records[at] !== record && ++missing > mayMiss) return false
  }
  return true
}

/** At how many records each token of a word stands, the shortest beginning first. */
function chainOf(end: Class): number[] {
  const counts: number[] = []
  for (let one: Class | undefined = end; one; one = one.parent)
    counts.unshift(...new Array<number>(one.tokens).fill(one.records.length))
  return counts
}

type Expected = { word: string; counts: number[]; exact: number }

// In squares of what chance makes of a count; and how far statistics of elsewhere may be off besides.
const BY_CHANCE = 1e-4
const OTHER_LENGTH = 4
const SURE = 12
const OFF = 0.01

function apart(held: number, expected: number): number {
  return (held - expected) ** 2 / (expected + (OFF * expected) ** 2 + 1)
}

/** The same of the known names, as many as there are rows. */
function expectedChains(known: Known, rows: number): Expected[] {
  const scale = rows / known.people
  const countOf = new Map<string, number>()
  const words = new Map<string, Known['words'][number]>()
  const exactOf = new Map<string, number>()
  for (const one of known.words) {
    for (const beginning of one.beginnings)
      countOf.set(beginning, (countOf.get(beginning) ?? 0) + one.count)
    // Words that begin the same can't be told apart: the commonest stands for all.
    const end = one.beginnings.at(-1)
    if (end === undefined) continue
    exactOf.set(end, (exactOf.get(end) ?? 0) + one.count)
    if ((words.get(end)?.count ?? 0) < one.count) words.set(end, one)
  }
  return [...words].map(([end, { word, beginnings }]) => ({
    word,
    counts: beginnings.map((beginning) => countOf.get(beginning)! * scale),
    exact: exactOf.get(end)! * scale,
  }))
}
