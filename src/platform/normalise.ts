/** What people type or export, in the one spelling that is kept. Pure; a value that can not be read is said so, never guessed. */
import { electronicFormatIBAN, isValidIBAN } from 'ibantools'
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js'

export { countryCode } from './countries.ts'

const NEIGHBOUR_WITHOUT_PLUS = /^(3[123]|352|4[49])\d{8,11}$/

/** E.164 when the number is valid in its country (or with its +); otherwise as typed. An extension is kept as `;ext=`. */
export function normalisePhone(text: string, country = 'BE'): string {
  const typed = text.trim()
  // 00 is how Europe dials abroad; many exports write it whatever their country dials.
  const dialled = typed.replace(/\(0\)/, '').replace(/^00\s?(?=[1-9])/, '+')
  const region = isSupportedCountry(country) ? (country as CountryCode) : undefined
  const national = parsePhoneNumberFromString(dialled, region)
  // A spreadsheet takes the + off: what is no number here may be one of a neighbour with its country in front.
  const parsed =
    !national?.isValid() && NEIGHBOUR_WITHOUT_PLUS.test(dialled)
      ? parsePhoneNumberFromString(`+${dialled}`)
      : national
  if (!parsed?.isValid()) return typed
  return parsed.ext ? `${parsed.number};ext=${parsed.ext}` : parsed.number
}

export function isPhone(text: string): boolean {
  return /^\+\d{6,15}(;ext=\d+)?$/.test(text)
}

// Fewer digits are an extension or a remark.
const PHONE_DIGITS_MIN = 6

/** A run of spaces counts once: what looks for some around a word would look again from each of a million. */
const singleSpaced = (cell: string) =>
  cell.replace(/\s+/g, (run) => (run.includes('\n') ? '\n' : ' '))

/** "0032 2 555 12 12 / 0499 99 99 99" is two numbers; "03/226 14 15" is one. */
export function splitPhones(cell: string): string[] {
  return singleSpaced(cell)
    .split(/[;,|\n]|:::| (?:\/|of|en|or|and|ou|et|oder|und) /i)
    .flatMap((part) => {
      // Without spaces a slash parts two numbers only when a whole one stands on each side.
      const sides = part.split('/')
      return sides.length > 1 && sides.every((side) => countDigits(side) >= PHONE_DIGITS_MIN + 2)
        ? sides
        : [part]
    })
    .map((part) => part.trim())
    .filter(Boolean)
}

/** Whether this could be a number at all: "niet gekend" and "n.v.t." could not. */
export function mayBePhone(text: string): boolean {
  return countDigits(text) >= PHONE_DIGITS_MIN && !/[a-z]{4,}/i.test(text)
}

function countDigits(text: string): number {
  return text.replace(/\D/g, '').length
}

/** Lower case; undefined when it can be no address. */
export function normaliseEmail(text: string): string | undefined {
  const email = text
    .trim()
    .replace(/^mailto:/i, '')
    .toLowerCase()
    .normalize('NFC')
  return /^[^\s@;,<>"]+@[^\s@;,<>"]+\.[^\s@;,<>".]+$/.test(email) && email.length <= 254
    ? email
    : undefined
}

/** Several addresses in one cell, also as mail programs write them: `Jan Peeters <jan@x.example>`. */
export function splitEmails(cell: string): string[] {
  return singleSpaced(cell)
    .split(/[;,|\n]|:::| \/ |(?<=@\S+) (?=\S+@)/)
    .map((part) => (/<([^<>]*)>/.exec(part)?.[1] ?? part).trim())
    .filter(Boolean)
}

/** Without spaces, in capitals; undefined when its check digits are wrong. */
export function normaliseIban(text: string): string | undefined {
  const iban = electronicFormatIBAN(text) ?? ''
  return isValidIBAN(iban) ? iban : undefined
}

export type DayOrder = 'day-first' | 'month-first'
export type ReadDay =
  | { kind: 'day'; day: string }
  | { kind: 'none'; why: 'impossible' | 'unreadable' }

const YEAR_MIN = 1850
const YEAR_MAX = 2200

/** A calendar day as people write it: 3/9/1978, 3-9-78, 03.09.1978, 1978-09-03. */
export function readDay(text: string, order: DayOrder, thisYear: number): ReadDay {
  const typed = text
    .trim()
    .replace(/[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/, '')
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(typed)
  const local = /^(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})$/.exec(typed)
  if (!iso && !local) return { kind: 'none', why: 'unreadable' }
  const [first, second] = [
    Number((iso ?? local)![iso ? 2 : 1]),
    Number((iso ?? local)![iso ? 3 : 2]),
  ]
  const year = iso ? Number(iso[1]) : fullYear(local![3]!, thisYear)
  const [month, day] = iso || order === 'month-first' ? [first, second] : [second, first]
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal =
    year >= YEAR_MIN &&
    year <= YEAR_MAX &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day
  return isReal
    ? { kind: 'day', day: date.toISOString().slice(0, 10) }
    : { kind: 'none', why: 'impossible' }
}

/** Two digits mean the last hundred years. */
function fullYear(text: string, thisYear: number): number {
  if (text.length === 4) return Number(text)
  const century = Math.floor(thisYear / 100) * 100
  return Number(text) + (Number(text) > thisYear % 100 ? century - 100 : century)
}

/** Day first, unless a column can only be read month first: a second number over 12 and never a first. */
export function findDayOrder(values: readonly string[]): DayOrder {
  const pairs = values.flatMap((value) => {
    const found = /^(\d{1,2})[-/. ](\d{1,2})[-/. ]\d{2,4}/.exec(value.trim())
    return found ? [[Number(found[1]), Number(found[2])] as const] : []
  })
  return pairs.some(([, second]) => second > 12) && !pairs.some(([first]) => first > 12)
    ? 'month-first'
    : 'day-first'
}
