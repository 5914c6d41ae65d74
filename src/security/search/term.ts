/** From what somebody typed to what must be found. Pure; the property test reads the same terms. */
import { fold, groupsOf, isOneEditApart, isParticle, phoneDigits } from './words.ts'

/** Lower is better. A page lists all of one rank, alphabetically, before the next. */
export const RANK = { exact: 0, joined: 1, prefix: 2, substring: 3, typo: 4, none: 5 } as const

export type Term = {
  /** Any of these spellings: a phone with and without its leading zero. */
  spellings: string[]
  /** Particles and short numbers match whole or by prefix only; digits never by typo. */
  allows: { prefix: boolean; substring: boolean; typo: boolean }
}

/** Found where all `terms` are, or where `joined` is. */
export type TermGroup = { terms: Term[]; joined?: Term }

// Enough for a full name with address and phone; each term costs a pass over the words.
const GROUPS_MAX = 12
const TEXT_MAX = 200

export function parseTerms(text: string): TermGroup[] {
  const asked = text.slice(0, TEXT_MAX).trim()
  const phone = phoneDigits(asked)
  if (phone !== undefined) return [{ terms: [digitTerm(phone)] }]
  // 'v.d. Berg' and 'v/d Berg' are how people write it on envelopes.
  const spelt = asked.replace(/(^|\s)v[./]\s?d\.?(?=\s)/gi, '$1van de')
  const groups: TermGroup[] = []
  let names = ''
  for (const chunk of spelt.split(/\s+/)) {
    const digits = phoneDigits(chunk)
    if (digits !== undefined) groups.push({ terms: [digitTerm(digits)] })
    else if (isMailFragment(chunk)) groups.push({ terms: [mailTerm(fold(chunk))] })
    else names += ` ${chunk}`
  }
  for (const { words, joined } of groupsOf(names)) {
    const group: TermGroup = { terms: words.map(wordTerm) }
    if (joined !== undefined) group.joined = wordTerm(joined)
    groups.push(group)
  }
  return groups.slice(0, GROUPS_MAX)
}

function isMailFragment(chunk: string): boolean {
  return chunk.includes('@') || /[^\s.]{2,}[._][^\s.]{2,}/.test(chunk)
}

function mailTerm(fragment: string): Term {
  return { spellings: [fragment], allows: { prefix: true, substring: true, typo: false } }
}

function digitTerm(digits: string): Term {
  const bare = digits.replace(/^0+/, '')
  const spellings = bare.length >= 4 && bare !== digits ? [digits, bare] : [digits]
  return { spellings, allows: { prefix: true, substring: true, typo: false } }
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
  for (const spelling of term.spellings) {
    if (word === spelling) return RANK.exact
    if (term.allows.prefix && word.startsWith(spelling)) best = Math.min(best, RANK.prefix)
    else if (term.allows.substring && word.includes(spelling)) best = Math.min(best, RANK.substring)
    else if (term.allows.typo && isOneEditApart(word, spelling)) best = Math.min(best, RANK.typo)
  }
  return best
}
