/** Every word on the screen, in each language side by side: a missing one does not compile. */
import { createContext, type ReactNode, use, useEffect, useMemo } from 'react'
import type { Language } from '../api/shapes.ts'
import type { access } from './access.ts'
import type { budgetWords } from './budgets.ts'
import type { companies } from './companies.ts'
import { customers } from './customers.ts'
import { dossier } from './dossier.ts'
import { duplicates } from './duplicates.ts'
import { entrance } from './entrance.ts'
import { entry } from './entry.ts'
import type { erasingWords } from './erasing.ts'
import type { exchange } from './exchange.ts'
import type { federationWords } from './federation.ts'
import type { fieldWords } from './fields.ts'
import { frame } from './frame.ts'
import type { grants } from './grants.ts'
import type { handling } from './handling.ts'
import type { happened } from './happened.ts'
import type { help } from './help.ts'
import type { jointWords } from './joint.ts'
import type { keyWords } from './keys.ts'
import type { leakageWords } from './leakage.ts'
import { lists } from './lists.ts'
import type { namePrefixWords } from './name-prefixes.ts'
import type { photos } from './photos.ts'
import type { recoveryWords } from './recovery.ts'
import { refusals } from './refusals.ts'
import type { retentionWords } from './retention.ts'
import type { rights } from './rights.ts'
import type { searchWords } from './search.ts'
import { settings } from './settings.ts'

const words = {
  ...frame,
  ...customers,
  ...lists,
  ...duplicates,
  ...dossier,
  ...entrance,
  ...entry,
  ...settings,
  ...refusals,
}
/** Words of parts that are fetched when they are asked for; each such part learns them as it is loaded. */
const learnt: Record<string, Record<Language, string>> = {}
export function learnWords(more: typeof learnt): void {
  Object.assign(learnt, more)
}
export type Word =
  | keyof typeof words
  | keyof typeof access
  | keyof typeof budgetWords
  | keyof typeof companies
  | keyof typeof erasingWords
  | keyof typeof exchange
  | keyof typeof fieldWords
  | keyof typeof grants
  | keyof typeof federationWords
  | keyof typeof handling
  | keyof typeof happened
  | keyof typeof help
  | keyof typeof jointWords
  | keyof typeof keyWords
  | keyof typeof leakageWords
  | keyof typeof photos
  | keyof typeof recoveryWords
  | keyof typeof retentionWords
  | keyof typeof rights
  | keyof typeof namePrefixWords
  | keyof typeof searchWords
type Filled = Record<string, string | number>

export type Speak = {
  language: Language
  /** One text; `{name}` in it is filled from `filled`. */
  (word: Word, filled?: Filled): string
  /** `one` for exactly one, `many` for all other counts; `{count}` is filled in. */
  count(one: Word, many: Word, count: number, filled?: Filled): string
  number(value: number): string
  day(value: string): string
  /** "vandaag 14:05", "3 mrt. 09:10", "3 mrt. 2024". */
  instant(value: string): string
  ago(value: string): string
  /** For codes that come from the server; undefined when there is no word for it. */
  known(word: string, filled?: Filled): string | undefined
}

export function speaker(language: Language): Speak {
  const locale = language === 'nl' ? 'nl-BE' : 'en-GB'
  const numbers = new Intl.NumberFormat(locale)
  const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })
  const sameYear = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const all = (word: string) => (words as typeof learnt)[word] ?? learnt[word]
  const say = (word: Word, filled?: Filled) => fill(all(word)![language], filled)
  return Object.assign(say, {
    language,
    count: (one: Word, many: Word, count: number, filled?: Filled) =>
      say(count === 1 ? one : many, { count: numbers.format(count), ...filled }),
    number: (value: number) => numbers.format(value),
    day: (value: string) => days.format(new Date(`${value}T12:00:00`)),
    instant: (value: string) => {
      const at = new Date(value)
      const now = new Date()
      if (at.toDateString() === now.toDateString()) return `${say('today')} ${clock.format(at)}`
      return at.getFullYear() === now.getFullYear() ? sameYear.format(at) : days.format(at)
    },
    ago: (value: string) => {
      const seconds = (Date.parse(value) - Date.now()) / 1000
      if (Math.abs(seconds) < 60) return say('justNow')
      if (Math.abs(seconds) < 3600) return relative.format(Math.round(seconds / 60), 'minute')
      if (Math.abs(seconds) < 86_400) return relative.format(Math.round(seconds / 3600), 'hour')
      return relative.format(Math.round(seconds / 86_400), 'day')
    },
    known: (word: string, filled?: Filled) => (all(word) ? say(word as Word, filled) : undefined),
  })
}

function fill(text: string, filled: Filled | undefined): string {
  if (!filled) return text
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(filled[name] ?? whole))
}

const SpeakContext = createContext<Speak>(speaker('nl'))

export function LanguageProvider({
  language,
  children,
}: {
  language: Language
  children: ReactNode
}) {
  const speak = useMemo(() => speaker(language), [language])
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  return <SpeakContext value={speak}>{children}</SpeakContext>
}

export function useWords(): Speak {
  return use(SpeakContext)
}
