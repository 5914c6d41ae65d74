/**
 * From written names to comparable words: accents, apostrophes, hyphens and Dutch particles.
 * Pure functions, used the same way for what is stored and for what is asked.
 */
import type { AlphabetOrder, IndexKind } from './index-types.ts'

// Letters that Unicode does not take apart into a base letter and a mark.
const SPELT_OUT: Record<string, string> = {
  ø: 'o',
  ł: 'l',
  ß: 'ss',
  œ: 'oe',
  æ: 'ae',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ĳ: 'ij',
}

const PARTICLES = new Set(
  "van de der den ter ten te het t d l o von zu zum zur vom du des le la les el al da di dos das della do af av vanden vander 's s op in 't"
    .split(' ')
    .map((particle) => particle.replace("'", '')),
)

// A word longer than this is no name; the rest is not indexed.
const WORD_MAX = 80

export function isParticle(word: string): boolean {
  return PARTICLES.has(word)
}

/** Lower case, no accents, straight apostrophes. Other scripts stay as they are. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[øłßœæđðþıĳ]/g, (letter) => SPELT_OUT[letter] ?? letter)
    .replace(/[’‘ʼ`´]/g, "'")
}

function wordsOf(folded: string): string[] {
  return folded.match(/[\p{L}\p{N}]+/gu)?.map((word) => word.slice(0, WORD_MAX)) ?? []
}

export type NameGroup = {
  /** All of them must be found. */
  words: string[]
  /** Or this one: particles and the word they belong to, or the halves of a hyphen, written as one. */
  joined?: string
}

/** 'Anne-Marie van den Berg' → [anne, marie | annemarie], [van, den, berg | vandenberg]. */
export function groupsOf(text: string): NameGroup[] {
  const groups: NameGroup[] = []
  let waiting: string[] = []
  for (const chunk of fold(text).split(/[\s,;()"/]+/)) {
    const parts = wordsOf(chunk)
    if (parts.length === 0) continue
    if (parts.every(isParticle)) {
      waiting.push(...parts)
      continue
    }
    groups.push(makeGroup([...waiting, ...parts]))
    waiting = []
  }
  // Particles after everything else ('Berg, van den') stand alone: each is a word like any other.
  for (const word of waiting) groups.push({ words: [word] })
  return groups
}

function makeGroup(words: string[]): NameGroup {
  if (words.length === 1) return { words }
  return { words, joined: words.join('').slice(0, WORD_MAX) }
}

/** Digits of a phone fragment, or undefined where the text is not one. '+31 (0)6 12' → 31612. */
export function phoneDigits(text: string): string | undefined {
  const trimmed = text.trim()
  if (!/^[+\d][\d\s().\-/]*$/.test(trimmed)) return undefined
  const digits = trimmed.replace(/\(0\)/g, '').replace(/\D/g, '')
  return digits.length >= 4 ? digits : undefined
}

/** The words one fragment is found by: an e-mail whole, a phone as digits, anything else as words and joined. */
export function fragmentWords(fragment: string): string[] {
  const digits = phoneDigits(fragment)
  if (digits !== undefined) return [digits.slice(0, WORD_MAX)]
  const folded = fold(fragment).trim()
  if (folded.includes('@')) return [folded.slice(0, WORD_MAX)]
  return groupsOf(fragment).flatMap(({ words, joined }) => (joined ? [...words, joined] : words))
}

/** Sorts below every letter, so that 'berg' comes before 'bergen' whatever follows. */
const FIELD_END = '\u0001'

export function sortKey(
  kind: IndexKind,
  order: AlphabetOrder,
  name: { given?: string; family: string },
): string {
  const family = wordsOf(fold(name.family))
  const given = wordsOf(fold(name.given ?? '')).join(' ')
  // 'De Lijn' is filed under D: a company's article is part of its name.
  if (kind === 'company' || order === 'be') return `${family.join(' ')}${FIELD_END}${given}`
  const core = family.findIndex((word) => !isParticle(word))
  if (core <= 0) return `${family.join(' ')}${FIELD_END}${given}`
  const particles = family.slice(0, core).join(' ')
  return `${family.slice(core).join(' ')}${FIELD_END}${given}${FIELD_END}${particles}`
}

/** One letter added, left out, replaced, or two neighbours swapped. Equal words are not a typo. */
export function isOneEditApart(a: string, b: string): boolean {
  const longer = a.length >= b.length ? a : b
  const shorter = longer === a ? b : a
  if (longer.length - shorter.length > 1) return false
  let start = 0
  while (start < shorter.length && longer[start] === shorter[start]) start++
  if (longer.length > shorter.length) return longer.slice(start + 1) === shorter.slice(start)
  if (start === shorter.length) return false
  if (longer.slice(start + 1) === shorter.slice(start + 1)) return true
  return (
    longer[start] === shorter[start + 1] &&
    longer[start + 1] === shorter[start] &&
    longer.slice(start + 2) === shorter.slice(start + 2)
  )
}
