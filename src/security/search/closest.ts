/**
 * Who is called nearly as somebody typed, when nobody is called so: "did you mean". Looked for among the rows the asker
 * sees, so that it tells of no other.
 */
import type { KindIndex } from './kind-index.ts'
import { wordRanks } from './match.ts'
import { RANK, type TermGroup } from './term.ts'
import { editsApart } from './words.ts'

const FOUND_MAX = 3
// Of a shorter word, everything is two letters away.
const LETTERS_MIN = 4
const LONG_WORD = 8
/** What a word costs that stands nowhere near. */
const MISSING = 4
// So many whom the asker sees share a name that is written well; whom the other words name stands among the first.
const ROWS_MAX = 1_000

/** Of one asked name, each word that stands near it with how many letters differ. */
type Near = { editsOf: Map<number, number>; rows: number }

export function closest(
  index: KindIndex,
  groups: readonly TermGroup[],
  fits: (row: number) => boolean,
): string[] {
  const asked = groups.filter(({ isOptional }) => !isOptional).map((group) => near(index, group))
  // More than half of what was typed must stand near, so one of these does.
  const needed = Math.floor(asked.length / 2) + 1
  const rarest = [...asked].sort((a, b) => a.rows - b.rows).slice(0, asked.length - needed + 1)
  const isTaken = new Uint8Array(index.ids.length)
  const found: { row: number; cost: number }[] = []
  for (const { editsOf } of rarest) {
    let looked = 0
    for (const word of inOrder(editsOf))
      for (let i = 0; i < index.wordRows.length(word) && looked < ROWS_MAX; i++) {
        const row = index.wordRows.at(word, i)
        if (isTaken[row] === 1 || !fits(row)) continue
        isTaken[row] = 1
        looked++
        const edits = asked.map((one) => leastIn(index, row, one))
        const there = edits.filter((one) => one < MISSING).length
        if (there >= needed) found.push({ row, cost: edits.reduce((sum, one) => sum + one, 0) })
      }
  }
  const places = index.alphabet.places()
  return found
    .sort((a, b) => a.cost - b.cost || places[a.row]! - places[b.row]!)
    .slice(0, FOUND_MAX)
    .map(({ row }) => index.ids[row]!)
}

function near(index: KindIndex, { terms, joined }: TermGroup): Near {
  const editsOf = new Map<number, number>()
  let rows = 0
  const add = (word: number, edits: number) => {
    const known = editsOf.get(word)
    if (known === undefined) rows += index.wordRows.length(word)
    if (known === undefined || edits < known) editsOf.set(word, edits)
  }
  for (const term of joined ? [...terms, joined] : terms) {
    const spelling = term.spellings[0]!
    const { words, rankOf } = wordRanks(index, term)
    for (const word of words) add(word, rankOf(word) === RANK.typo ? 1 : 0)
    if (!term.allows.typo || spelling.length < LETTERS_MIN) continue
    const most = spelling.length >= LONG_WORD ? 3 : 2
    for (const word of index.words.maybeNear(spelling, most)) {
      const edits = editsApart(index.words.word(word), spelling, most)
      if (edits !== undefined) add(word, edits)
    }
  }
  return { editsOf, rows }
}

function inOrder(editsOf: Map<number, number>): number[] {
  return [...editsOf].sort((a, b) => a[1] - b[1]).map(([word]) => word)
}

function leastIn(index: KindIndex, row: number, { editsOf }: Near): number {
  let least = MISSING
  for (let i = 0; i < index.rowWords.length(row); i++)
    least = Math.min(least, editsOf.get(index.rowWords.at(row, i) >> 2) ?? MISSING)
  return least
}
