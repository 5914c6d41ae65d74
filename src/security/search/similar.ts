/** Records that may be the same person or company: names with a typo, at the same address. */
import type { IndexScope, Similar, SimilarQuery } from './index-types.ts'
import { addressText, HELD_AS, type KindIndex } from './kind-index.ts'
import { wordsByRank } from './match.ts'
import { visibility } from './scope.ts'
import { RANK, type Term } from './term.ts'
import { isFormWord, isParticle, nameWords } from './words.ts'

// Half of the name words equal, or fewer at the same address; below that it is a coincidence.
const SCORE_MIN = 0.5
const SCORE_TYPO = 0.7
const SCORE_ADDRESS = 0.3
const LIMIT_MAX = 100

export function similar(index: KindIndex, query: SimilarQuery): Similar[] {
  const words = new Set(query.names.flatMap((name) => nameWords(query.kind, name).words))
  const telling = [...words].filter(isTelling)
  if (telling.length === 0) return []
  const seen = visibility(index, query.scope)
  const points = new Map<number, number>()
  for (const word of telling) {
    for (const [row, score] of rowsNamed(index, word))
      points.set(row, (points.get(row) ?? 0) + score)
  }
  const address = query.address && index.values.find(addressText(query.address))
  const found: Similar[] = []
  for (const [row, sum] of points) {
    const id = index.ids[row]!
    if (index.status[row] !== 1 || id === query.exceptId || !seen(row)) continue
    const bonus = address !== undefined && hasValue(index, row, address) ? SCORE_ADDRESS : 0
    const score = sum / Math.max(telling.length, countNameWords(index, row)) + bonus
    if (score >= SCORE_MIN) found.push({ id, score })
  }
  found.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  return found.slice(0, Math.min(LIMIT_MAX, Math.max(1, query.limit)))
}

/** 'van' and 'BV' stand in many names and tell nothing of whose it is. */
function isTelling(word: string): boolean {
  return !isParticle(word) && !isFormWord(word)
}

function rowsNamed(index: KindIndex, word: string): Map<number, number> {
  const term: Term = {
    spellings: [word],
    allows: { prefix: false, substring: false, typo: word.length >= 4 },
  }
  const rows = new Map<number, number>()
  for (const [rank, numbers] of wordsByRank(index, term).entries()) {
    const score = rank === RANK.exact ? 1 : SCORE_TYPO
    for (const number of numbers)
      for (let i = 0; i < index.wordRows.length(number); i++) {
        const row = index.wordRows.at(number, i)
        if (heldAs(index, row, number) !== HELD_AS.fragment)
          rows.set(row, Math.max(score, rows.get(row) ?? 0))
      }
  }
  return rows
}

function heldAs(index: KindIndex, row: number, word: number): number {
  for (let i = 0; i < index.rowWords.length(row); i++) {
    const held = index.rowWords.at(row, i)
    if (held >> 2 === word) return held & 3
  }
  return HELD_AS.fragment
}

function countNameWords(index: KindIndex, row: number): number {
  let count = 0
  for (let i = 0; i < index.rowWords.length(row); i++) {
    const held = index.rowWords.at(row, i)
    if ((held & 3) === HELD_AS.name && isTelling(index.words.word(held >> 2))) count++
  }
  return count
}

function hasValue(index: KindIndex, row: number, value: number): boolean {
  for (let i = 0; i < index.rowValues.length(row); i++)
    if (index.rowValues.at(row, i) === value) return true
  return false
}

// A menu with more entries than this is not read by anybody.
const FACETS_MAX = 500

export function facets(
  index: KindIndex,
  field: string,
  scope: IndexScope,
): { value: string; count: number }[] {
  const seen = visibility(index, scope)
  const counts = new Int32Array(index.values.bound)
  for (let row = 0; row < index.ids.length; row++) {
    if (index.status[row] !== 1 || !seen(row)) continue
    for (let i = 0; i < index.rowValues.length(row); i++) counts[index.rowValues.at(row, i)]!++
  }
  const start = `${field}\u0000`
  const found: { value: string; count: number }[] = []
  counts.forEach((count, value) => {
    const text = count > 0 ? index.values.word(value) : ''
    if (text.startsWith(start)) found.push({ value: text.slice(start.length), count })
  })
  found.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  return found.slice(0, FACETS_MAX)
}
