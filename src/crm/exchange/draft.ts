import { CompanyContact } from '#crm/companies/contract.ts'
import { Contact } from '#crm/people/contract.ts'
import { readCompanyNumber, readSiteNumber } from '#platform/company-number.ts'
import { findNationalNumbers } from '#platform/national-number.ts'
import { type DayOrder, readDay } from '#platform/normalise.ts'
import type { FieldValues } from '../fields/contract.ts'
import { readSector } from '../sectors.ts'
import { readShared } from './contact-reading.ts'
import type { ImportField, ImportProblem, Problem } from './contract.ts'
import { type CustomOptions, missingIn, readCustom } from './custom-columns.ts'
import type { RecordKind } from './duplicates.ts'
import type { Row } from './files/table.ts'
import type { Mapping } from './mapping.ts'
import { FORMULA, Reading, withoutApostrophe } from './reading.ts'
import { isYes, readSalutation, readStage, type Stage } from './words.ts'

/** One row as what it would become. A row with a person and a company gives both. */
export type Draft = {
  line: number
  cells: string[]
  original?: string
  stage: Stage
  /** `values`: confidential ones, of fields of one's own making. */
  person?: { contact: Contact; ibans: string[]; work: Work; values: FieldValues }
  company?: { contact: CompanyContact; ibans: string[]; values: FieldValues }
  /** Fields that a new record needs and this row says nothing of. */
  missing: string[]
  /** Fields of one's own making, as they were typed. */
  typed: Record<string, string>
  /** Names nobody: what it holds hangs on whoever has one of these values. */
  attach?: { emails: Value[]; phones: Value[]; reference: string; enterpriseNumber: string }
  /** Of a record of ours, as our own export wrote it. */
  ownId: string
  /** By which another program knows the company this person is at. */
  companyReference: string
  note: string
  task?: Task
  photo?: Uint8Array
  problems: Problem[]
  /** A national number stood in it and was left out. */
  isFlagged: boolean
  refusedWhy?: ImportProblem
}
type Value = { value: string }
/** What a person is at the company their row names. */
export type Work = { jobTitle: string; department: string; since: string; until: string }
export type Task = { title: string; dueOn: string; isDone: boolean }

export type DraftOptions = CustomOptions & {
  headers: string[]
  mapping: Mapping
  dayOrder: DayOrder
  /** Of the country of a row that names none. */
  country: string
  /** What the tables say of a postcode and a city; undefined when they know nothing of it. */
  isFittingPlace: (country: string, postalCode: string, city: string) => boolean | undefined
  stage: Stage
  keepsNationalNumbers: boolean
  takesIbans: boolean
  language: 'nl' | 'en'
  today: string
  /** No column names anybody: notes and tasks for customers who are there. */
  attaches: boolean
}

const NOTE_CHARACTERS_MAX = 20_000
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Reads one row. A bad value is left out and told; a row is refused only when it names nobody or does not fit its header. */
export function readRow(row: Row, options: DraftOptions): Draft {
  const cells = row.cells.map(withoutApostrophe)
  const reading = new Reading(cells, options)
  const ownId = reading.one('id')
  const base = {
    missing: [],
    typed: {},
    line: row.line,
    cells: row.cells,
    ...(row.original ? { original: row.original } : {}),
    problems: reading.problems,
    ownId: UUID.test(ownId) ? ownId.toLowerCase() : '',
    companyReference: reading.one('companyReference'),
  }
  const refused = (refusedWhy: ImportProblem, field = '', value = ''): Draft => {
    reading.tell(refusedWhy, field, value)
    return { ...base, stage: 'lead', note: '', isFlagged: reading.isFlagged, refusedWhy }
  }
  if (cells.slice(options.headers.length).some(Boolean)) return refused('too-many-columns')
  if (options.attaches) return readAttached(reading, options, base, refused)

  const names = readNames(reading)
  const { companyName } = names
  if (!names.givenName && !names.familyName && !companyName) return refused('no-name')
  if (companyName.length > 200 || names.givenName.length > 120 || names.familyName.length > 120)
    return refused('too-long', companyName.length > 200 ? 'company' : 'familyName')

  const isPerson = Boolean(names.givenName || names.familyName)
  const kinds = [isPerson && 'person', companyName && 'company'].filter(Boolean) as RecordKind[]
  const { typed, wrong, ...custom } = readCustom(reading, options, kinds)
  if (wrong) return refused(wrong.problem, wrong.field, wrong.value)
  const kind = kinds[0]!
  const shared = readShared(reading, options)
  const enterpriseNumber = readEnterpriseNumber(reading)
  const website = reading.text('website')
  const person = isPerson
    ? {
        contact: Contact.parse({
          givenName: names.givenName,
          familyName: names.familyName,
          ...shared.contact,
          salutation: readSalutation(reading.one('salutation')),
          company: companyName,
          birthday: readPastDay(reading, 'birthday', options),
          website,
          custom: custom.person.custom,
        }),
        ibans: shared.ibans,
        values: custom.person.confidential,
        work: readWork(reading, options),
      }
    : undefined
  // Beside a person only what is the company's own is taken for it; the rest of the row is the person's.
  const company = companyName
    ? {
        contact: CompanyContact.parse({
          ...(isPerson ? {} : withSite(reading, shared.contact)),
          name: companyName,
          enterpriseNumber,
          otherNumbers: [readNumber(reading, 'otherNumber')].filter(Boolean),
          sector: readSectorOf(reading),
          isSoleTrader: isYes(reading.one('isSoleTrader')),
          website,
          industry: reading.text('industry'),
          employeeCount: readEmployeeCount(reading),
          custom: custom.company.custom,
        }),
        ibans: isPerson ? [] : shared.ibans,
        values: custom.company.confidential,
      }
    : undefined
  // As what somebody works is kept with where.
  if (isPerson && !companyName && !base.companyReference)
    for (const { header, value } of reading.all('jobTitle'))
      reading.remarks.push(`${header}: ${value}`)
  const task = readTask(reading, options)
  const photo = isPerson ? row.photo : undefined
  if (typeof photo === 'string') reading.tell(photo, '', '')
  return {
    ...base,
    typed,
    missing: missingIn(options.custom, kind, custom[kind]),
    stage: readStage(reading.one('stage')) ?? options.stage,
    ...(person && { person }),
    ...(company && { company }),
    ...(task && { task }),
    ...(photo instanceof Uint8Array && { photo }),
    note: readNote(reading, options),
    isFlagged: reading.isFlagged,
  }
}

/** A note or a task for somebody who is there, known by a value only they have. */
function readAttached(
  reading: Reading,
  options: DraftOptions,
  base: Pick<
    Draft,
    'line' | 'cells' | 'problems' | 'ownId' | 'companyReference' | 'missing' | 'typed'
  >,
  refused: (why: ImportProblem) => Draft,
): Draft {
  const { emails, phones, reference } = readShared(reading, options).contact
  const enterpriseNumber = readEnterpriseNumber(reading)
  // What hangs on somebody does not change them.
  readCustom(reading, options, [])
  const attach = { emails, phones, reference, enterpriseNumber }
  if (!emails.length && !phones.length && !reference && !enterpriseNumber && !base.ownId)
    return refused('no-key')
  const note = readNote(reading, options)
  const task = readTask(reading, options)
  if (!note && !task && !reading.isFlagged) return refused('nothing-to-attach')
  return {
    ...base,
    stage: 'lead',
    attach,
    note,
    ...(task && { task }),
    isFlagged: reading.isFlagged,
  }
}

type Names = { givenName: string; familyName: string; companyName: string }

function readNames(reading: Reading): Names {
  const company = reading.one('company')
  const fullName = reading.one('fullName')
  if (isYes(reading.one('isCompany'))) {
    // A company that names another one is part of it; we keep that as a remark.
    if (fullName && company && company !== fullName)
      reading.remarks.push(`${reading.all('company')[0]!.header}: ${company}`)
    return { givenName: '', familyName: '', companyName: fullName || company }
  }
  const together = reading.one('nameAfterCompany')
  if (together && !fullName) {
    const at = together.lastIndexOf(', ')
    return at < 0
      ? { ...splitName(together), companyName: company }
      : { ...splitName(together.slice(at + 2)), companyName: company || together.slice(0, at) }
  }
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
  if (givenName || familyName || !fullName) return { givenName, familyName, companyName: company }
  return { ...splitName(fullName), companyName: company }
}

/** "Peeters, Jan" as well as "Jan Van den Broeck". */
function splitName(fullName: string): { givenName: string; familyName: string } {
  const [family, given] = fullName.split(',').map((part) => part.trim())
  if (given) return { givenName: given, familyName: family! }
  const [first, ...rest] = fullName.split(/\s+/)
  return rest.length > 0
    ? { givenName: first!, familyName: rest.join(' ') }
    : { givenName: '', familyName: fullName }
}

function readEnterpriseNumber(reading: Reading): string {
  return readNumber(reading, 'enterpriseNumber')
}

/** A number that breaks its rule is left out and told, and stands in the note; one that may be a BSN stands nowhere. */
function readNumber(
  reading: Reading,
  field: 'enterpriseNumber' | 'otherNumber' | 'siteNumber',
): string {
  const typed = reading.text(field)
  if (!typed) return ''
  const read = (field === 'siteNumber' ? readSiteNumber : readCompanyNumber)(typed)
  if (!read.problem) return read.value.slice(0, 40)
  if (read.problem === 'maybe-bsn') {
    reading.tell('national-number', field, '')
    return ''
  }
  reading.tell('organisation-number-wrong', field, typed)
  reading.remarks.push(`${reading.all(field)[0]!.header}: ${typed}`)
  return ''
}

function withSite<T extends { addresses: object[] }>(reading: Reading, contact: T): T {
  const siteNumber = readNumber(reading, 'siteNumber')
  if (!siteNumber) return contact
  const [first = {}, ...others] = contact.addresses
  return { ...contact, addresses: [{ ...first, siteNumber }, ...others] }
}

function readSectorOf(reading: Reading): string {
  const typed = reading.one('sector')
  if (!typed) return ''
  const sector = readSector(typed)
  if (sector) return sector
  reading.tell('sector-unknown', 'sector', typed)
  reading.remarks.push(`${reading.all('sector')[0]!.header}: ${typed}`)
  return ''
}

function readWork(reading: Reading, options: DraftOptions): Work {
  const work = {
    jobTitle: reading.text('jobTitle'),
    department: reading.one('department').slice(0, 120),
    since: readAnyDay(reading, 'worksSince', options),
    until: readAnyDay(reading, 'workedUntil', options),
  }
  if (work.since === '' || work.until === '' || work.since <= work.until) return work
  reading.tell('day-impossible', 'workedUntil', reading.one('workedUntil'))
  return { ...work, until: '' }
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

function readPastDay(reading: Reading, field: ImportField, options: DraftOptions): string {
  const day = readAnyDay(reading, field, options)
  if (day <= options.today) return day
  const [{ header, value } = { header: '', value: '' }] = reading.all(field)
  reading.tell('day-in-future', field, value)
  reading.remarks.push(`${header}: ${value}`)
  return ''
}

function readAnyDay(
  reading: Reading,
  field: ImportField,
  { dayOrder, today }: DraftOptions,
): string {
  const [first] = reading.all(field)
  if (!first) return ''
  const { header, value: typed } = first
  const read = readDay(typed, dayOrder, Number(today.slice(0, 4)))
  if (read.kind === 'day') return read.day
  reading.remarks.push(`${header}: ${typed}`)
  reading.tell(read.why === 'impossible' ? 'day-impossible' : 'day-unreadable', field, typed)
  return ''
}

function readTask(reading: Reading, options: DraftOptions): Task | undefined {
  const title = reading.text('task')
  if (!title) return undefined
  return {
    title,
    dueOn: readAnyDay(reading, 'taskDue', options),
    isDone: isYes(reading.one('taskDone')),
  }
}

/** The remarks of a row as one note. With a national number in it nothing of the note is kept, unless the caller says so. */
function readNote(reading: Reading, options: DraftOptions): string {
  const notes = reading.all('note').map(({ value }) => value)
  for (const note of notes)
    if (FORMULA.test(note)) reading.tell('formula-kept-as-text', 'note', note)
  // Who wrote it and when, as it was elsewhere: here it is written by whoever imports, and today.
  const written = [readAnyDay(reading, 'noteDate', options), reading.one('noteAuthor')]
    .filter(Boolean)
    .join(' · ')
  const lines = [
    ...(written && notes.length > 0 ? [written] : []),
    ...notes,
    ...reading.all('remark').map(({ header, value }) => `${header}: ${value}`),
    ...reading.all('nationalNumber').map(({ header, value }) => `${header}: ${value}`),
    ...reading.remarks,
  ]
  const text = lines.join('\n')
  const holdsNumber = findNationalNumbers(text).length > 0 || reading.one('nationalNumber') !== ''
  if (holdsNumber && !options.keepsNationalNumbers) {
    reading.flag('note')
    return ''
  }
  if (text.length > NOTE_CHARACTERS_MAX) reading.tell('too-long', 'note', '')
  return text.slice(0, NOTE_CHARACTERS_MAX)
}
