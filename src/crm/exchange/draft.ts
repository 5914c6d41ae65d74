import { findNationalNumber } from '#platform/national-number.ts'
import { normaliseEmail, normaliseIban, normalisePhone } from '#platform/normalise.ts'
import type { Field, Mapping } from './mapping.ts'

export type Warning = {
  field: Field
  problem:
    | 'email'
    | 'iban'
    | 'date'
    | 'phone-kept-as-typed'
    | 'national-number'
    | 'formula-kept-as-text'
  value: string
}
export type Draft = {
  line: number
  givenName: string
  familyName: string
  salutation: string
  company: string
  emails: { value: string }[]
  phones: { value: string }[]
  addresses: { street: string; postalCode: string; city: string; country: string }[]
  birthday: string
  language: string
  website: string
  reference: string
  tags: string[]
  ibans: string[]
  note: string
  warnings: Warning[]
}

/** One row of a file as the person it describes. Undefined when it names nobody. A bad value is left out and told, not the row. */
export function draftOf(line: number, cells: string[], mapping: Mapping): Draft | undefined {
  const of = (field: Field) => cells.filter((cell, i) => mapping[i] === field && cell !== '')
  const one = (field: Field) => of(field)[0] ?? ''
  const warnings: Warning[] = []
  const warn = (field: Field, problem: Warning['problem'], value: string) =>
    warnings.push({ field, problem, value })

  const country = countryCode(one('country'))
  const [given, family] = namesOf(one('givenName'), one('familyName'), one('fullName'))
  if (!given && !family && !one('company')) return undefined

  const emails = several(of('email')).flatMap(
    (text) => normaliseEmail(text) ?? (warn('email', 'email', text), []),
  )
  const phones = severalPhones(of('phone')).map((text) => {
    const phone = normalisePhone(text, country || 'BE')
    if (!phone.startsWith('+')) warn('phone', 'phone-kept-as-typed', text)
    return phone
  })
  const ibans = several(of('iban')).flatMap(
    (text) => normaliseIban(text) ?? (warn('iban', 'iban', text), []),
  )
  const birthday =
    one('birthday') && (isoDay(one('birthday')) ?? (warn('birthday', 'date', one('birthday')), ''))
  const note = of('note').join('\n')
  if (/^[=+\-@]/.test(note)) warn('note', 'formula-kept-as-text', note)
  const hasNumber = findNationalNumber(note) !== undefined
  if (hasNumber) warn('note', 'national-number', '')
  const address = {
    street: one('street'),
    postalCode: one('postalCode'),
    city: one('city'),
    country,
  }

  return {
    line,
    givenName: given,
    familyName: family,
    salutation: one('salutation').slice(0, 40),
    company: one('company'),
    emails: [...new Set(emails)].map((value) => ({ value })),
    phones: [...new Set(phones)].map((value) => ({ value: value.slice(0, 60) })),
    addresses: Object.values(address).some(Boolean) ? [address] : [],
    birthday,
    ibans: [...new Set(ibans)],
    language: one('language').slice(0, 10),
    website: one('website').slice(0, 300),
    reference: one('reference').slice(0, 80),
    tags: several(of('tag'))
      .map((tag) => tag.slice(0, 60))
      .slice(0, 20),
    // The number goes nowhere: whoever imports is told, and writes the rest of the remark by hand.
    note: hasNumber ? '' : note.slice(0, 20_000),
    warnings,
  }
}

function namesOf(given: string, family: string, full: string): [string, string] {
  if (given || family || !full) return [given.slice(0, 120), family.slice(0, 120)]
  const [first, ...rest] = full.split(/\s+/)
  return rest.length
    ? [first!.slice(0, 120), rest.join(' ').slice(0, 120)]
    : ['', full.slice(0, 120)]
}

function several(cells: string[]): string[] {
  return cells
    .flatMap((cell) => cell.split(/[;,|\n]/))
    .map((part) => part.trim())
    .filter(Boolean)
}

/** "0032 2 555 12 12 / 0499 99 99 99" is two numbers; "03/226 14 15" is one. */
function severalPhones(cells: string[]): string[] {
  return cells
    .flatMap((cell) => cell.split(/\s\/\s|[;|\n]/))
    .map((part) => part.trim())
    .filter((part) => /\d/.test(part))
}

/** Day first, as people here write it; ISO too. Undefined for a day that does not exist. */
export function isoDay(text: string): string | undefined {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text)
  const local = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$/.exec(text)
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]].map(Number)
    : local
      ? [local[3], local[2], local[1]].map(Number)
      : []
  if (!year || !month || !day) return undefined
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? date.toISOString().slice(0, 10)
    : undefined
}

const codes = new Map<string, string>()
for (const language of ['nl', 'fr', 'en', 'de']) {
  const names = new Intl.DisplayNames([language], { type: 'region' })
  for (let i = 0; i < 676; i++) {
    const code = String.fromCharCode(65 + Math.floor(i / 26), 65 + (i % 26))
    const name = names.of(code)
    if (name && name !== code && !codes.has(name.toLowerCase())) codes.set(name.toLowerCase(), code)
  }
}

/** The two letters of a country named in Dutch, French, English or German; otherwise the name as typed. */
export function countryCode(text: string): string {
  if (/^[A-Za-z]{2}$/.test(text)) return text.toUpperCase()
  return codes.get(text.toLowerCase()) ?? text.slice(0, 60)
}
