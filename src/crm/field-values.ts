/**
 * Values of fields of one's own making: what is kept, what is typed and what is shown. Pure, and the one place: the
 * dossier, cells, bulk changes and imports all ask here.
 */
import { type DayOrder, readDay } from '#platform/normalise.ts'
import {
  type FieldDefinition,
  type FieldKind,
  type FieldOption,
  type FieldValue,
  LINK_MAX,
  LONG_TEXT_MAX,
  OPTIONS_MAX,
  TEXT_MAX,
} from './fields/contract.ts'

export type ValueProblem =
  | 'needed'
  | 'text'
  | 'number'
  | 'money'
  | 'day'
  | 'link'
  | 'option'
  | 'too-long'
  | 'unknown'
  | 'archived'
  | 'record'
export type Checked = { value: FieldValue } | { isEmpty: true } | { problem: ValueProblem }
/** As much of a definition as its values are checked by. */
export type Kinded = Pick<FieldDefinition, 'kind' | 'options'>

const SHORT_KINDS = new Set<FieldKind>(['number', 'money', 'date', 'yes-no'])
const SHORT_MAX = 64
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
// Fifteen digits are exact in a number, and the cents of money with them.
const MONEY = /^(-?)0*(\d{1,13})(?:\.(\d{1,2}))?$/
const LINK = /^(https?:\/\/[^/\s@]+(?:[/?#]\S*)?|mailto:\S+|tel:[+\d]\S*)$/i

/**
 * One spelling for what is the same; a value that was checked comes out as it went in. `held` is what the record has
 * already: an option that was archived since may stay, and can't be chosen anew.
 */
export function checkValue(
  field: Kinded,
  given: FieldValue | null,
  held?: FieldValue | undefined,
): Checked {
  if (given === null) return { isEmpty: true }
  switch (field.kind) {
    case 'text':
      return checkText(given, TEXT_MAX, (text) => text.replace(/\s+/gu, ' '))
    case 'long-text':
      return checkText(given, LONG_TEXT_MAX, (text) => text.replace(/\r\n?/g, '\n'))
    case 'link': {
      const checked = checkText(given, LINK_MAX, (text) => text)
      // What is no address of these kinds could be a program that runs when it is clicked.
      return 'value' in checked && !LINK.test(checked.value as string)
        ? { problem: 'link' }
        : checked
    }
    case 'number':
      if (given === '') return { isEmpty: true }
      return typeof given === 'number' && isExact(given)
        ? // Minus nothing is nothing.
          { value: given === 0 ? 0 : given }
        : { problem: 'number' }
    case 'money':
      return checkMoney(given)
    case 'date': {
      if (given === '') return { isEmpty: true }
      return typeof given === 'string' && isDay(given) ? { value: given } : { problem: 'day' }
    }
    case 'choice':
      if (given === '') return { isEmpty: true }
      return typeof given === 'string' && mayChoose(field.options, given, held)
        ? { value: given }
        : { problem: 'option' }
    case 'choices': {
      if (!Array.isArray(given)) return given === '' ? { isEmpty: true } : { problem: 'option' }
      if (!given.every((id) => mayChoose(field.options, id, held))) return { problem: 'option' }
      const chosen = new Set(given)
      const ids = field.options.map(({ id }) => id).filter((id) => chosen.has(id))
      return ids.length > 0 ? { value: ids } : { isEmpty: true }
    }
    case 'yes-no':
      if (given === '') return { isEmpty: true }
      return typeof given === 'boolean' ? { value: given } : { problem: 'option' }
    case 'person':
    case 'company':
      if (given === '') return { isEmpty: true }
      return typeof given === 'string' && UUID.test(given.toLowerCase())
        ? { value: given.toLowerCase() }
        : { problem: 'record' }
  }
}

function checkText(given: FieldValue, max: number, settle: (text: string) => string): Checked {
  if (typeof given !== 'string') return { problem: 'text' }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is left out
  const plain = given.replace(/[\u0000-\u0008\u000b-\u000c\u000e-\u001f\u007f]/g, '')
  const text = settle(plain.normalize('NFC')).trim()
  if (text === '') return { isEmpty: true }
  return text.length > max ? { problem: 'too-long' } : { value: text }
}

function checkMoney(given: FieldValue): Checked {
  if (given === '') return { isEmpty: true }
  const [, minus, units, cents = ''] = (typeof given === 'string' && MONEY.exec(given)) || []
  if (units === undefined) return { problem: 'money' }
  const amount = `${units}.${cents.padEnd(2, '0')}`
  return { value: minus && amount !== '0.00' ? `-${amount}` : amount }
}

/** What a number holds digit by digit, and shows without a power of ten. */
function isExact(given: number): boolean {
  const size = Math.abs(given)
  return size === 0 || (size >= 1e-6 && size < 1e15)
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
}

function mayChoose(options: readonly FieldOption[], id: string, held: FieldValue | undefined) {
  const option = options.find((one) => one.id === id)
  if (!option) return false
  const isHeld = Array.isArray(held) ? held.includes(id) : held === id
  return !option.isArchived || isHeld
}

export type Reading = {
  language: 'nl' | 'en'
  dayOrder?: DayOrder
  thisYear: number
  /** A workbook holds numbers as numbers: there a point is never one of thousands. */
  isNumberPlain?: boolean
}

/** What somebody typed in a cell or a file has in it: a label or an id, ja or yes, 1.234,56, 25/11/2026. */
export function readTyped(
  field: Kinded,
  typed: string,
  reading: Reading,
  held?: FieldValue | undefined,
): Checked {
  const text = typed.trim()
  if (text === '') return { isEmpty: true }
  // A cell of a file can be a megabyte: nothing here looks at more than a value can be.
  if (text.length > (SHORT_KINDS.has(field.kind) ? SHORT_MAX : LONG_TEXT_MAX))
    return { problem: 'too-long' }
  switch (field.kind) {
    case 'text':
    case 'long-text':
      return checkValue(field, typed)
    case 'link':
      return checkValue(field, /^www\.\S+$/i.test(text) ? `https://${text}` : text)
    case 'number': {
      const number = readDecimal(text, reading)
      return number === undefined ? { problem: 'number' } : checkValue(field, Number(number))
    }
    case 'money': {
      const amount = readDecimal(text.replace(/[€$£]|\b[A-Z]{3}\b/g, '').trim(), reading)
      // A third decimal is no cent; those of a workbook's own sums are rounding.
      if (amount === undefined) return { problem: 'money' }
      return checkValue(field, amount.replace(/(\.\d\d)0+$/, '$1'))
    }
    case 'date': {
      const read = readDay(text, reading.dayOrder ?? 'day-first', reading.thisYear)
      return read.kind === 'day' ? checkValue(field, read.day) : { problem: 'day' }
    }
    case 'yes-no': {
      const answer = readYesNo(text)
      return answer === undefined ? { problem: 'option' } : { value: answer }
    }
    case 'choice': {
      const id = optionOf(field.options, text)
      return id ? checkValue(field, id, held) : { problem: 'option' }
    }
    case 'choices': {
      // A label may hold a comma itself: the whole is looked at first.
      const whole = optionOf(field.options, text)
      const parts =
        text.includes(';') || text.includes('\n') ? text.split(/[;\n]/) : text.split(',')
      if (parts.length > OPTIONS_MAX) return { problem: 'option' }
      const ids = whole
        ? [whole]
        : parts
            .map((part) => part.trim())
            .filter(Boolean)
            .map((part) => optionOf(field.options, part))
      return ids.every((id) => id !== undefined)
        ? checkValue(field, ids as string[], held)
        : { problem: 'option' }
    }
    case 'person':
    case 'company':
      // As our own export writes it: the name, and the id behind it.
      return checkValue(field, /\(([0-9a-f-]{36})\)$/i.exec(text)?.[1] ?? text)
  }
}

/** By its id, or by its label in either language; of two with one label the one that can still be chosen. */
function optionOf(options: readonly FieldOption[], text: string): string | undefined {
  let words = wordsOfOptions.get(options)
  if (!words) {
    words = new Map()
    for (const option of options)
      for (const word of [option.id, fold(option.label.nl), fold(option.label.en)]) {
        const before = words.get(word)
        if (word && (!before || (before.isArchived && !option.isArchived))) words.set(word, option)
      }
    wordsOfOptions.set(options, words)
  }
  return (words.get(text.toLowerCase()) ?? words.get(fold(text)))?.id
}
// An import asks the same options for each of its rows.
const wordsOfOptions = new WeakMap<readonly FieldOption[], Map<string, FieldOption>>()

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()
}

const YES = new Set('ja j yes y true waar oui o vrai 1 x v'.split(' '))
const NO = new Set('nee neen n no false onwaar non faux nein 0'.split(' '))

function readYesNo(text: string): boolean | undefined {
  const word = fold(text)
  return YES.has(word) ? true : NO.has(word) ? false : undefined
}

/**
 * A number as it is written here: in Dutch a comma before the decimals and points between thousands, in English the
 * reverse. A sign that can only be the other one is taken for that. Undefined for what is no number.
 */
export function readDecimal(
  typed: string,
  { language, isNumberPlain }: Reading,
): string | undefined {
  const text = typed.replace(/[\s\u00a0\u202f']/g, '').replace(/^\u2212/, '-')
  if (isNumberPlain && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return plainOf(text)
  if (!/^-?[\d.,]+$/.test(text) || !/\d/.test(text)) return undefined
  const [decimal, thousands] = language === 'nl' ? [',', '.'] : ['.', ',']
  const last = { point: text.lastIndexOf('.'), comma: text.lastIndexOf(',') }
  const inGroups = (sign: string, whole: string) =>
    new RegExp(`^-?\\d{1,3}(\\${sign}\\d{3})+$`).test(whole)
  let mark = ''
  if (last.point >= 0 && last.comma >= 0) mark = last.point > last.comma ? '.' : ','
  else if (text.includes(decimal)) mark = decimal
  else if (text.includes(thousands) && !inGroups(thousands, text)) mark = thousands
  const at = mark ? text.lastIndexOf(mark) : text.length
  const other = mark === '.' ? ',' : mark === ',' ? '.' : thousands
  const [whole, decimals] = [text.slice(0, at), text.slice(at + 1)]
  if (whole.includes(mark || decimal) && !inGroups(mark || decimal, whole)) return undefined
  // Several of the sign of decimals, and nothing behind them, are thousands written the other way.
  if (mark && whole.includes(mark))
    return inGroups(mark, text) ? text.replaceAll(mark, '') : undefined
  if (whole.includes(other) && !inGroups(other, whole)) return undefined
  if (!/^\d*$/.test(decimals)) return undefined
  const units = whole.replaceAll(other, '') || '0'
  return `${units === '-' ? '-0' : units}${decimals ? `.${decimals}` : ''}`
}

function plainOf(text: string): string {
  const number = Number(text)
  return /e/i.test(text) || !Number.isSafeInteger(Math.trunc(number)) ? String(number) : text
}

/** As a cell or a file shows it; `readTyped` in the same language reads the same value from it. */
export function showTyped(
  field: Kinded,
  value: FieldValue | undefined,
  language: 'nl' | 'en',
): string {
  if (value === undefined) return ''
  const labelOf = (id: string) => {
    const label = field.options.find((one) => one.id === id)?.label
    return (label && (label[language] || label.nl || label.en)) ?? ''
  }
  switch (field.kind) {
    case 'number': {
      const text = String(value)
      return language === 'nl' ? text.replace('.', ',') : text
    }
    case 'money':
      return language === 'nl' ? String(value).replace('.', ',') : String(value)
    case 'yes-no':
      return language === 'nl' ? (value ? 'ja' : 'nee') : value ? 'yes' : 'no'
    case 'choice':
      return labelOf(String(value))
    case 'choices':
      return (value as string[]).map(labelOf).join('; ')
    default:
      return String(value)
  }
}
