/** Which parts of a text answer to a search; by the page to mark them. */
export type Part = { from: number; to: number }

const DIGITS_MIN = 4
const INSIDE_MIN = 3

/** Which parts of a text hold one of the words that were searched for, as the search looks: see src/security/search. */
export function partsIn(text: string, searched: string): Part[] {
  const { letters, places, starts } = compact(text)
  const parts: Part[] = []
  for (const word of wordsOf(searched)) {
    const isNumber = /^\d+$/.test(word)
    if (isNumber && word.length < DIGITS_MIN) continue
    for (let at = letters.indexOf(word); at >= 0; at = letters.indexOf(word, at + 1)) {
      const isInOneWord = !starts.slice(at + 1, at + word.length).includes(true)
      const isInside = word.length >= INSIDE_MIN && (isInOneWord || isNumber)
      if (starts[at] || isInside)
        parts.push({ from: places[at]!, to: places[at + word.length - 1]! + 1 })
    }
  }
  return parts
}

/** Letters and digits alone, folded, each with its place in the text and whether a word begins there. */
function compact(text: string): { letters: string; places: number[]; starts: boolean[] } {
  let letters = ''
  const places: number[] = []
  const starts: boolean[] = []
  let isBegun = false
  for (let at = 0; at < text.length; at++) {
    const folded = fold(text[at]!)
    // An accent of its own, or an apostrophe inside a name, parts nothing.
    if (folded === '' && /[\p{M}'’]/u.test(text[at]!)) continue
    if (folded === '') isBegun = false
    for (const letter of folded) {
      letters += letter
      places.push(at)
      starts.push(!isBegun)
      isBegun = true
    }
  }
  return { letters, places, starts }
}

function wordsOf(searched: string): string[] {
  const digits = searched.replace(/\D/g, '').replace(/^0+/, '')
  if (/^[+\d(][\d\s().\-/]*$/.test(searched.trim())) return digits === '' ? [] : [digits]
  const words = searched.split(/[\s,;]+/).map((word) => compact(word).letters)
  return [...words, compact(searched).letters].filter(Boolean)
}

function fold(letter: string): string {
  return letter
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace('ø', 'o')
    .replace('ł', 'l')
    .replace('ß', 'ss')
}
