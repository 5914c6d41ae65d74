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
// So many share a name that is written well; whom the other words name stands among the first.
const ROWS_MAX = 20_000

export function closest(
  index: KindIndex,
  groups: readonly TermGroup[],
  fits: (row: number) => boolean,
): string[] {
  const asked = groups.filter(({ isOptional }) => !isOptional)
  const costs = new Map<number, number[]>()
  asked.forEach(({ terms, joined }, at) => {
    for (const term of joined ? [...terms, joined] : terms) {
      const spelling = term.spellings[0]!
      const near = term.allows.typo && spelling.length >= LETTERS_MIN
      const words = near ? nearWords(index, spelling) : []
      const { words: there, rankOf } = wordRanks(index, term)
      for (const word of there) words.push({ word, edits: rankOf(word) === RANK.typo ? 1 : 0 })
      let rows = 0
      for (const { word, edits } of words)
        for (let i = 0; i < index.wordRows.length(word) && rows++ < ROWS_MAX; i++) {
          const row = index.wordRows.at(word, i)
          const known = costs.get(row) ?? asked.map(() => MISSING)
          known[at] = Math.min(known[at]!, edits)
          costs.set(row, known)
        }
    }
  })
  const places = index.alphabet.places()
  return [...costs]
    .map(([row, each]) => ({
      row,
      cost: each.reduce((sum, one) => sum + one, 0),
      found: each.filter((one) => one < MISSING).length,
    }))
    .filter(({ row, found }) => found * 2 > asked.length && fits(row))
    .sort((a, b) => a.cost - b.cost || places[a.row]! - places[b.row]!)
    .slice(0, FOUND_MAX)
    .map(({ row }) => index.ids[row]!)
}

/** Two letters differ, of a long word three. */
function nearWords(index: KindIndex, spelling: string): { word: number; edits: number }[] {
  const most = spelling.length >= LONG_WORD ? 3 : 2
  return index.words.maybeNear(spelling, most).flatMap((word) => {
    const edits = editsApart(index.words.word(word), spelling, most)
    return edits === undefined ? [] : [{ word, edits }]
  })
}
