/** From what somebody typed to what must be found. Pure; the property test reads the same terms. */
import type { IndexKind } from './index-types.ts'
import { signsOf } from './searched-lexicon.ts'
import {
  fold,
  formWord,
  groupsOf,
  isFormWord,
  isOneEditApart,
  isParticle,
  legalForm,
  phoneDigits,
} from './words.ts'

/** Lower is better. A page lists all of one rank, alphabetically, before the next. */
export const RANK = { exact: 0, joined: 1, prefix: 2, substring: 3, typo: 4, none: 5 } as const

export type Term = {
  /** Any of these spellings: a phone with and without its leading zero. */
  spellings: string[]
  /** Of a phone number typed as one dials it at home: what follows the number of the country. */
  national?: string
  /** Particles and short numbers match whole or by prefix only; digits never by typo. */
  allows: { prefix: boolean; substring: boolean; typo: boolean }
}

/**
 * Found where all `terms` are, or where `joined` is. `isOptional`: a legal form beside a name; who lacks it is found too,
 * after those who have it.
 */
export type TermGroup = { terms: Term[]; joined?: Term; isOptional?: true }

// Enough for a full name with address and phone; each term costs a pass over the words.
const GROUPS_MAX = 12
const TEXT_MAX = 200

// The longest legal form has five letters; a longer word is no part of one.
const FORM_MAX = 5
// Behind the number of a country, which has one to three digits, comes what one dials at home.
const COUNTRY_MAX = 3
const PHONE_MIN = 9

export function parseTerms(text: string, kind: IndexKind = 'person'): TermGroup[] {
  const asked = text.slice(0, TEXT_MAX).trim()
  const phone = phoneDigits(asked)
  if (phone !== undefined) return [{ terms: [digitTerm(phone)] }]
  // 'v.d. Berg' and 'v/d Berg' are how people write it on envelopes.
  const spelt = asked.replace(/(^|\s)v[./]\s?d\.?(?=\s)/gi, '$1van de')
  const groups: TermGroup[] = []
  const chunks = withPhonesWhole(spelt.split(/\s+/))
  let names = ''
  for (const chunk of chunks) {
    const digits = phoneDigits(chunk)
    const form = chunks.length > 1 ? legalForm(chunk, kind) : undefined
    if (digits !== undefined) groups.push({ terms: [digitTerm(digits)] })
    else if (form !== undefined) groups.push({ terms: [wordTerm(form)], isOptional: true })
    else if (isMailFragment(chunk)) groups.push({ terms: [mailTerm(fold(chunk))] })
    else names += ` ${chunk}`
  }
  for (const { words, joined } of groupsOf(names)) {
    const group: TermGroup = { terms: words.map(wordTerm) }
    if (joined !== undefined) group.joined = wordTerm(joined)
    groups.push(group)
  }
  return besideEachOther(groups.slice(0, GROUPS_MAX))
}

/** 'jan 0475 99 12' → jan, 0475 99 12. */
function withPhonesWhole(chunks: string[]): string[] {
  const whole: string[] = []
  for (const chunk of chunks) {
    const before = whole.at(-1) ?? ''
    const isOfPhone = /^(\+|\(?0)[\d\s().\-/]*$/.test(before) && /^[\d().\-/]+$/.test(chunk)
    if (isOfPhone) whole[whole.length - 1] = `${before} ${chunk}`
    else whole.push(chunk)
  }
  return whole
}

/** Beside a name, what somebody types may be the beginning of its legal form; alone it is not. */
function besideEachOther(groups: TermGroup[]): TermGroup[] {
  if (groups.length < 2) return groups.map(({ isOptional: _, ...group }) => group)
  const isAll = groups.every(({ isOptional }) => isOptional)
  return groups.map(({ isOptional, ...group }) => ({
    ...group,
    terms: isAll ? group.terms : group.terms.map(asFormToo),
    ...(isOptional && !isAll ? { isOptional } : {}),
  }))
}

function asFormToo(term: Term): Term {
  const [word] = term.spellings
  const isLetters = /^[a-z]+$/.test(word!) && word!.length <= FORM_MAX
  return isLetters ? { ...term, spellings: [...term.spellings, formWord(word!)] } : term
}

function isMailFragment(chunk: string): boolean {
  return (chunk.includes('@') && chunk.length > 2) || /[^\s.]{2,}[._][^\s.]{2,}/.test(chunk)
}

function mailTerm(fragment: string): Term {
  return { spellings: [fragment], allows: { prefix: true, substring: true, typo: false } }
}

function digitTerm(digits: string): Term {
  const bare = digits.replace(/^0+/, '')
  const spellings = bare.length >= 4 && bare !== digits ? [digits, bare] : [digits]
  const isNational = /^0[1-9]\d\d/.test(digits)
  return {
    spellings,
    ...(isNational ? { national: bare } : {}),
    allows: { prefix: true, substring: true, typo: false },
  }
}

function wordTerm(word: string): Term {
  const isNumber = /^\d+$/.test(word)
  const particle = isParticle(word)
  return {
    spellings: [word],
    allows: {
      // Under four digits a prefix would list half the phone book.
      prefix: !isNumber || word.length >= 4,
      substring: !particle && word.length >= 3 && (!isNumber || word.length >= 4),
      typo: !particle && word.length >= 4 && !/\d/.test(word),
    },
  }
}

/** How well one indexed word answers one term. */
export function rankWord(word: string, term: Term): number {
  let best: number = RANK.none
  const isForm = isFormWord(word)
  for (const spelling of term.spellings) {
    if (word === spelling) return RANK.exact
    if (isForm !== isFormWord(spelling)) continue
    const at = word.indexOf(spelling)
    if (term.allows.prefix && at === 0) best = Math.min(best, RANK.prefix)
    else if (isForm) continue
    else if (term.allows.substring && at >= 0) best = Math.min(best, RANK.substring)
    // A number, an e-mail address or a legal form is no name that somebody mistyped.
    else if (term.allows.typo && isOneEditApart(word, spelling) && signsOf(word) === 'letters')
      best = Math.min(best, RANK.typo)
  }
  return isDialled(word, term) ? Math.min(best, RANK.prefix) : best
}

function isDialled(word: string, { national }: Term): boolean {
  if (national === undefined || word.length < PHONE_MIN || !/^\d+$/.test(word)) return false
  const at = word.indexOf(national)
  return at >= 1 && at <= COUNTRY_MAX
}
