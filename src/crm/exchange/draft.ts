import { CompanyContact } from '#crm/companies/contract.ts'
import { Contact } from '#crm/people/contract.ts'
import { findNationalNumbers, maskNationalNumbers } from '#platform/national-number.ts'
import {
  countryCode,
  type DayOrder,
  isPhone,
  mayBePhone,
  normaliseEmail,
  normaliseIban,
  normalisePhone,
  readDay,
  readOrganisationNumber,
  splitEmails,
  splitPhones,
} from '#platform/normalise.ts'
import type { ImportField, ImportProblem, Problem } from './contract.ts'
import type { Mapping } from './mapping.ts'
import type { Row } from './table.ts'
import {
  isOwnStageWord,
  readLanguage,
  readNewsletter,
  readSalutation,
  readStage,
  type Stage,
} from './words.ts'

/** One row as what it would become. A row with a person and a company gives both. */
export type Draft = {
  line: number
  cells: string[]
  original?: string
  stage: Stage
  person?: { contact: Contact; ibans: string[]; jobTitle: string }
  company?: { contact: CompanyContact; ibans: string[] }
  note: string
  problems: Problem[]
  /** A national number stood in it and was left out. */
  isFlagged: boolean
  refusedWhy?: ImportProblem
}

export type DraftOptions = {
  headers: string[]
  mapping: Mapping
  dayOrder: DayOrder
  /** Of the country of a row that names none. */
  country: string
  stage: Stage
  keepsNationalNumbers: boolean
  language: 'nl' | 'en'
  today: string
}

const NOTE_CHARACTERS_MAX = 20_000
const FORMULA = /^[=+\-@\t\r]/
const LONGEST: Partial<Record<ImportField, number>> = {
  street: 200,
  postalCode: 20,
  city: 100,
  website: 300,
  reference: 80,
  industry: 120,
  jobTitle: 120,
}
// More values than a record holds are kept in the note.
const VALUES_MAX = 20

/** Reads one row. A bad value is left out and told; a row is refused only when it names nobody or does not fit its header. */
export function readRow(row: Row, options: DraftOptions): Draft {
  const cells = row.cells.map(withoutApostrophe)
  const reading = new Reading(cells, options)
  const base = {
    line: row.line,
    cells: row.cells,
    ...(row.original ? { original: row.original } : {}),
    problems: reading.problems,
  }
  const refused = (refusedWhy: ImportProblem, field = ''): Draft => {
    reading.tell(refusedWhy, field, '')
    return { ...base, stage: 'lead', note: '', isFlagged: reading.isFlagged, refusedWhy }
  }
  if (cells.slice(options.headers.length).some(Boolean)) return refused('too-many-columns')

  const names = readNames(reading)
  const companyName = reading.one('company')
  if (!names.givenName && !names.familyName && !companyName) return refused('no-name')
  if (companyName.length > 200 || names.givenName.length > 120 || names.familyName.length > 120)
    return refused('too-long', companyName.length > 200 ? 'company' : 'familyName')

  const isPerson = Boolean(names.givenName || names.familyName)
  const shared = readShared(reading, options)
  const enterpriseNumber = readEnterpriseNumber(reading)
  const website = reading.text('website')
  const person = isPerson
    ? {
        contact: Contact.parse({
          ...names,
          ...shared.contact,
          salutation: readSalutation(reading.one('salutation')),
          company: companyName,
          birthday: readBirthday(reading, options),
          website,
        }),
        ibans: shared.ibans,
        jobTitle: reading.text('jobTitle'),
      }
    : undefined
  // Beside a person only what is the company's own is taken for it; the rest of the row is the person's.
  const company = companyName
    ? {
        contact: CompanyContact.parse({
          ...(isPerson ? {} : shared.contact),
          name: companyName,
          enterpriseNumber,
          website,
          industry: reading.text('industry'),
          employeeCount: readEmployeeCount(reading),
        }),
        ibans: isPerson ? [] : shared.ibans,
      }
    : undefined
  const stage = readStage(reading.one('stage'))
  return {
    ...base,
    stage: stage ?? options.stage,
    ...(person && { person }),
    ...(company && { company }),
    note: readNote(reading, options),
    isFlagged: reading.isFlagged,
  }
}

/** What an export of ours puts before a formula comes off again. */
function withoutApostrophe(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}

/** The cells of one row by field, with what is told about them. */
class Reading {
  readonly problems: Problem[] = []
  /** What was read but has no place of its own: it goes into the note. */
  readonly remarks: string[] = []
  isFlagged = false
  readonly #cells: string[]
  readonly #options: DraftOptions
  constructor(cells: string[], options: DraftOptions) {
    this.#cells = cells
    this.#options = options
  }
  all(field: ImportField): { header: string; value: string }[] {
    const { headers, mapping } = this.#options
    return this.#cells.flatMap((value, i) =>
      mapping[i] === field && value !== '' ? [{ header: headers[i]!, value }] : [],
    )
  }
  one(field: ImportField): string {
    return this.all(field)[0]?.value ?? ''
  }
  /** A short free text: no formula, no national number, not longer than fits. */
  text(field: ImportField, given = this.one(field)): string {
    const most = LONGEST[field] ?? 60
    if (given.length > most) {
      this.tell('too-long', field, given.slice(0, most))
      this.remarks.push(given)
      return ''
    }
    if (FORMULA.test(given)) this.tell('formula-kept-as-text', field, given)
    return this.withoutNumber(field, given)
  }
  withoutNumber(field: ImportField, value: string): string {
    // Many customer and order numbers have nine digits: outside a remark only the longer number counts.
    const found = findNationalNumbers(value).some((one) => one.kind === 'rijksregister')
    if (!found || this.#options.keepsNationalNumbers) return value
    this.flag(field)
    return ''
  }
  flag(field: ImportField): void {
    this.isFlagged = true
    this.tell('national-number', field, '')
  }
  tell(problem: ImportProblem, field: string, value: string): void {
    this.problems.push({ problem, field, value: maskNationalNumbers(value).slice(0, 200) })
  }
}

function readNames(reading: Reading): { givenName: string; familyName: string } {
  const middleName = reading.one('middleName')
  // American exports have no place for "van den" but the middle name; in small letters it belongs to the family's.
  const isInfix = /^\p{Ll}/u.test(middleName)
  const join = (...names: string[]) => names.filter(Boolean).join(' ')
  const givenName = join(reading.one('givenName'), isInfix ? '' : middleName)
  const familyName = join(
    reading.one('infix'),
    isInfix ? middleName : '',
    reading.one('familyName'),
  )
  const fullName = reading.one('fullName')
  if (givenName || familyName || !fullName) return { givenName, familyName }
  // "Peeters, Jan" as well as "Jan Van den Broeck".
  const [family, given] = fullName.split(/\s*,\s*/)
  if (given) return { givenName: given, familyName: family! }
  const [first, ...rest] = fullName.split(/\s+/)
  return rest.length > 0
    ? { givenName: first!, familyName: rest.join(' ') }
    : { givenName: '', familyName: fullName }
}

function readShared(reading: Reading, options: DraftOptions) {
  const address = readAddress(reading)
  const country = address.country.length === 2 ? address.country : options.country
  return {
    contact: {
      emails: readEmails(reading),
      phones: readPhones(reading, country),
      addresses: Object.values(address).some(Boolean) ? [address] : [],
      language: readLanguage(reading.one('language')),
      tags: readTags(reading, options),
      reference: reading.text('reference'),
    },
    ibans: readIbans(reading),
  }
}

function readAddress(reading: Reading) {
  const box = reading.one('box')
  const street = [reading.one('street'), reading.one('houseNumber'), box && `bus ${box}`]
    .filter(Boolean)
    .join(' ')
  const typed = reading.one('country')
  const country = typed && countryCode(typed)
  if (typed && !country) reading.tell('country-unknown', 'country', typed)
  return {
    street: reading.text('street', street),
    postalCode: readPostalCode(reading, country ?? ''),
    city: reading.text('city'),
    country: country || typed.slice(0, 60),
  }
}

// Codes that always have five digits, so that one of four lost its zero in a spreadsheet.
const FIVE_DIGITS = new Set(['DE', 'FR', 'IT', 'ES', 'US', 'FI', 'EE', 'HR'])

function readPostalCode(reading: Reading, country: string): string {
  const typed = reading.text('postalCode')
  if (!FIVE_DIGITS.has(country) || !/^\d{4}$/.test(typed)) return typed
  reading.tell('leading-zero-restored', 'postalCode', typed)
  return `0${typed}`
}

function readEmails(reading: Reading): { value: string }[] {
  const found = reading.all('email').flatMap(({ value }) =>
    splitEmails(value).flatMap((text) => {
      const email = normaliseEmail(text)
      if (!email) reading.tell('email-unreadable', 'email', text)
      return email ?? []
    }),
  )
  return [...new Set(found)].slice(0, VALUES_MAX).map((value) => ({ value }))
}

function readPhones(reading: Reading, country: string): { value: string; label?: string }[] {
  const kept = new Map<string, { value: string; label?: string }>()
  for (const field of ['phone', 'mobile'] as const)
    for (const { header, value } of reading.all(field))
      for (const text of splitPhones(value)) {
        if (!mayBePhone(text)) {
          reading.tell('phone-unreadable', field, text)
          reading.remarks.push(`${header}: ${text}`)
          continue
        }
        const phone = reading.withoutNumber(field, normalisePhone(text, country).slice(0, 60))
        if (!phone) continue
        if (!isPhone(phone)) reading.tell('phone-kept-as-typed', field, text)
        if (!kept.has(phone))
          kept.set(phone, { value: phone, ...(field === 'mobile' && { label: 'gsm' }) })
      }
  return [...kept.values()].slice(0, VALUES_MAX)
}

function readIbans(reading: Reading): string[] {
  const found = reading.all('iban').flatMap(({ value }) =>
    value.split(/[;,|\n]/).flatMap((text) => {
      if (!text.trim()) return []
      const iban = normaliseIban(text)
      if (!iban) reading.tell('iban-wrong', 'iban', text.trim())
      return iban ?? []
    }),
  )
  return [...new Set(found)].slice(0, VALUES_MAX)
}

function readEnterpriseNumber(reading: Reading): string {
  const typed = reading.text('enterpriseNumber')
  if (!typed) return ''
  const { value, isChecked, kind } = readOrganisationNumber(typed)
  if (!isChecked && kind !== 'other')
    reading.tell('organisation-number-wrong', 'enterpriseNumber', typed)
  return value.slice(0, 40)
}

function readEmployeeCount(reading: Reading): number | null {
  const typed = reading.one('employeeCount')
  if (!typed) return null
  const count = Number(typed.replace(/[\s.,]/g, ''))
  if (Number.isInteger(count) && count >= 0 && count <= 10_000_000) return count
  reading.tell('number-unreadable', 'employeeCount', typed)
  reading.remarks.push(typed)
  return null
}

function readBirthday(reading: Reading, { dayOrder, today }: DraftOptions): string {
  const typed = reading.one('birthday')
  if (!typed) return ''
  const read = readDay(typed, dayOrder, Number(today.slice(0, 4)))
  if (read.kind === 'none')
    reading.tell(read.why === 'impossible' ? 'day-impossible' : 'day-unreadable', 'birthday', typed)
  else if (read.day > today) reading.tell('day-in-future', 'birthday', typed)
  else return read.day
  return ''
}

function readTags(reading: Reading, { language }: DraftOptions): string[] {
  const typed = reading
    .all('tag')
    .flatMap(({ value }) => value.split(/[;,|\n]/))
    .map((tag) => reading.text('tag', tag.trim()))
  const stage = reading.one('stage')
  // A stage of another program says more than ours; its own word stays as a label.
  if (stage && !isOwnStageWord(stage)) typed.push(reading.text('stage', stage))
  for (const { header, value } of reading.all('newsletter')) {
    const { answer, isPlain } = readNewsletter(value)
    if (answer) typed.push(newsletterTags[language][answer])
    else reading.tell('newsletter-unclear', 'newsletter', value)
    // When and how somebody agreed is the proof of it: never thrown away.
    if (!isPlain) reading.remarks.push(`${header}: ${value}`)
  }
  return [...new Set(typed.filter(Boolean))].slice(0, 50)
}

const newsletterTags = {
  nl: { yes: 'nieuwsbrief', no: 'geen nieuwsbrief' },
  en: { yes: 'newsletter', no: 'no newsletter' },
}

/** The remarks of a row as one note. With a national number in it nothing of the note is kept, unless the caller says so. */
function readNote(reading: Reading, { keepsNationalNumbers }: DraftOptions): string {
  const notes = reading.all('note').map(({ value }) => value)
  for (const note of notes)
    if (FORMULA.test(note)) reading.tell('formula-kept-as-text', 'note', note)
  const lines = [
    ...notes,
    ...reading.all('remark').map(({ header, value }) => `${header}: ${value}`),
    ...reading.all('nationalNumber').map(({ header, value }) => `${header}: ${value}`),
    ...reading.remarks,
  ]
  const text = lines.join('\n')
  const holdsNumber = findNationalNumbers(text).length > 0 || reading.one('nationalNumber') !== ''
  if (holdsNumber && !keepsNationalNumbers) {
    reading.flag('note')
    return ''
  }
  if (text.length > NOTE_CHARACTERS_MAX) reading.tell('too-long', 'note', '')
  return text.slice(0, NOTE_CHARACTERS_MAX)
}
