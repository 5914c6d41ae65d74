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

// What a company is in law. It stands in nearly every company's name, so it finds nothing alone.
const LEGAL_FORMS = new Set(
  'bv bvba nv sa srl sprl sarl gmbh ug ag kg ohg vof cv cvba cvoa vzw asbl ivzw bvso comm commv gcv snc scs scrl sas sasu eurl spa ltd llc llp plc inc corp lda'.split(
    ' ',
  ),
)
// In no language a name or its beginning: also beside the name of a person.
const PLAIN_FORMS = new Set('bv bvba nv srl sprl gmbh vof cvba vzw asbl'.split(' '))
const FORM_LINKS = new Set(['&', '+', 'co'])
// No word that somebody typed begins with it, so that "bv" alone does not find every BV.
const FORM_MARK = '\u0002'

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

/** 'B.V.' → 'bv'; undefined for what is no legal form. */
export function legalForm(chunk: string, kind: IndexKind): string | undefined {
  const letters = fold(chunk).replace(/[.,()]/g, '')
  return (kind === 'company' ? LEGAL_FORMS : PLAIN_FORMS).has(letters) ? letters : undefined
}

/** How a legal form is held beside the words of a name. */
export function formWord(form: string): string {
  return `${FORM_MARK}${form}`
}

export function isFormWord(word: string): boolean {
  return word.charCodeAt(0) === 2
}

/** 'Janssens & Zn B.V.' → its name and [bv]. What is nothing but a legal form is a name. */
export function splitForm(name: string): { name: string; forms: string[] } {
  const chunks = name
    .replace(/\bs\.?\s?[àa]\.?\s?r\.?\s?l\b\.?/iu, 'sarl')
    .split(/[\s,]+/)
    .filter(Boolean)
  const forms: string[] = []
  for (let last = chunks.at(-1); chunks.length > 1 && last; last = chunks.at(-1)) {
    const form = legalForm(last, 'company')
    if (form) forms.push(form)
    else if (forms.length === 0 || !FORM_LINKS.has(fold(last).replace('.', ''))) break
    chunks.pop()
  }
  const first = chunks.length > 1 ? legalForm(chunks[0]!, 'person') : undefined
  if (first) {
    forms.push(first)
    chunks.shift()
  }
  return forms.length > 0 ? { name: chunks.join(' '), forms } : { name, forms }
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

/** A record's own name: words and what they are written as one, legal forms apart. */
export function nameWords(
  kind: IndexKind,
  name: string,
): { words: string[]; joined: string[]; forms: string[] } {
  const split = kind === 'company' ? splitForm(name) : { name, forms: [] }
  const groups = groupsOf(split.name)
  return {
    words: groups.flatMap(({ words }) => words),
    joined: groups.flatMap(({ joined }) => joined ?? []),
    forms: split.forms.map(formWord),
  }
}

/** Digits of a phone fragment, or undefined where the text is not one. '+31 (0)6 12' → 31612. */
export function phoneDigits(text: string): string | undefined {
  const trimmed = text.trim()
  if (!/^[+\d(][\d\s().\-/]*$/.test(trimmed)) return undefined
  const digits = trimmed.replace(/\(0\)/g, '').replace(/\D/g, '')
  return digits.length >= 4 ? digits : undefined
}

/** The words one fragment is found by: an e-mail whole, a phone as digits, anything else as words and joined. */
export function fragmentWords(fragment: string): string[] {
  const digits = phoneDigits(fragment)
  if (digits !== undefined) return [digits.slice(0, WORD_MAX)]
  const folded = fold(fragment).trim()
  if (folded.includes('@')) return [folded.slice(0, WORD_MAX)]
  // The company somebody works for; a city or a number has no legal form.
  const { name, forms } = splitForm(fragment)
  return [
    ...groupsOf(name).flatMap(({ words, joined }) => (joined ? [...words, joined] : words)),
    ...forms.map(formWord),
  ]
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

// As many places as a number has bits; no name is longer.
const COMPARED_MAX = 32
/** Of each letter, where it stands in the word at hand: a bit a place. Empty between two words. */
const PLACES = new Int32Array(0x10000)

/**
 * How many letters were added, left out, replaced or swapped with their neighbour; undefined where it is more than `most`. A column
 * of the table of distances is two numbers, whose bits say where it rises and where it falls (H. Hyyrö, "Bit-parallel approximate
 * string matching algorithms with transposition", 2003).
 */
export function editsApart(a: string, b: string, most: number): number | undefined {
  if (Math.abs(a.length - b.length) > most || b.length > COMPARED_MAX) return undefined
  if (b === '') return a.length
  for (let j = 0; j < b.length; j++) PLACES[b.charCodeAt(j)]! |= 1 << j
  const last = 1 << (b.length - 1)
  let edits = b.length
  let rises = -1
  let falls = 0
  let same = 0
  let placesBefore = 0
  // One column can bring the last row down by one.
  for (let i = 0; i < a.length && edits - (a.length - i) <= most; i++) {
    const places = PLACES[a.charCodeAt(i)]!
    const swapped = ((~same & places) << 1) & placesBefore
    same = ((((places & rises) + rises) | 0) ^ rises) | places | falls | swapped
    const up = falls | ~(same | rises)
    const down = same & rises
    if ((up & last) !== 0) edits++
    else if ((down & last) !== 0) edits--
    const upBelow = (up << 1) | 1
    rises = (down << 1) | ~(same | upBelow)
    falls = upBelow & same
    placesBefore = places
  }
  for (let j = 0; j < b.length; j++) PLACES[b.charCodeAt(j)] = 0
  return edits <= most ? edits : undefined
}
