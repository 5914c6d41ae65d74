/** The number of a company, whichever is typed: which it is, the one spelling that is kept, and which rule it breaks. */
import { isEuVat } from './eu-vat.ts'
import { isBsn } from './national-number.ts'

export type CompanyNumberKind =
  | 'be'
  | 'be-site'
  | 'nl-vat'
  | 'nl-kvk'
  | 'nl-rsin'
  | 'nl-site'
  | 'eu-vat'
  | 'other'

/** Each has its sentence on the screens. */
const numberProblems = [
  'be-check',
  'be-length',
  'be-first',
  'be-site-check',
  'nl-vat-check',
  'nl-vat-form',
  'nl-kvk-length',
  'nl-rsin-check',
  'maybe-bsn',
  'eu-vat-check',
  'is-site',
  'no-site',
] as const
export type NumberProblem = (typeof numberProblems)[number]

export type CompanyNumber = {
  value: string
  kind: CompanyNumberKind
  problem?: NumberProblem
  /** What the check digits would have to be, where a rule says so. */
  expected?: string
}

const LABELS =
  /^(?:BTWNR|BTW|TVANR|TVA|VATNO|VAT|KBONR|KBO|BCE|CBE|ONDERNEMINGSNR|ONDERNEMINGSNUMMER|ONDNR|RPR)(?=[A-Z]{0,2}\d)/

/**
 * Sources: Crossroads Bank for Enterprises (an enterprise begins with 0 or 1, an establishment with 2 to 8; both end on
 * 97 less the remainder of the first eight digits); Dutch Chamber of Commerce (8 digits, an establishment 12, neither
 * with a check); Dutch tax office (RSIN by the eleven test, VAT numbers by that or, since 2020, by ISO 7064 modulo 97).
 */
export function readCompanyNumber(text: string): CompanyNumber {
  const plain = text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(LABELS, '')
  const belgian = /^BE(\d+)$/.exec(plain)?.[1]
  if (belgian) return readBelgian(belgian)
  const kvk = /^KVK(?:NR|NUMMER)?(\d+)$/.exec(plain)?.[1]
  if (kvk) return readKvk(kvk)
  const rsin = /^RSIN(\d+)$/.exec(plain)?.[1]
  if (rsin) return readRsin(rsin)
  const dutch = /^(?:NL)?(\d{9})B(\d{2})$/.exec(plain)
  if (dutch) return readDutchVat(`NL${dutch[1]}B${dutch[2]}`)
  if (/^NL\d{6,}/.test(plain)) return { value: plain, kind: 'nl-vat', problem: 'nl-vat-form' }
  if (/^(\d{8}|\d{12})$/.test(plain)) return readKvk(plain)
  if (/^\d{9}$/.test(plain)) return readNine(plain)
  if (/^\d{10}$/.test(plain)) return readBelgian(plain)
  const isRight = isEuVat(plain)
  if (isRight === undefined) return { value: asTyped(text), kind: 'other' }
  return { value: plain, kind: 'eu-vat', ...(isRight ? {} : { problem: 'eu-vat-check' as const }) }
}

/** Other countries' and registers' numbers keep their signs, without what people put between. */
function asTyped(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/[\s./-]/g, '')
}

function readBelgian(typed: string): CompanyNumber {
  if (typed.length !== 9 && typed.length !== 10)
    return { value: `BE${typed}`, kind: 'be', problem: 'be-length' }
  const digits = typed.padStart(10, '0')
  const expected = belgianCheck(digits)
  const isRight = digits.endsWith(expected)
  if (/^[2-8]/.test(digits))
    return isRight
      ? { value: digits, kind: 'be-site' }
      : { value: digits, kind: 'be-site', problem: 'be-site-check', expected }
  const value = `BE${digits}`
  if (digits.startsWith('9')) return { value, kind: 'be', problem: 'be-first' }
  return isRight ? { value, kind: 'be' } : { value, kind: 'be', problem: 'be-check', expected }
}

function belgianCheck(digits: string): string {
  return String(97 - (Number(digits.slice(0, 8)) % 97)).padStart(2, '0')
}

/** An old Belgian number without its zero; else perhaps an RSIN, and then just as well somebody's BSN: never guessed. */
function readNine(digits: string): CompanyNumber {
  const belgian = readBelgian(digits)
  if (!belgian.problem || !isBsn(digits)) return belgian
  return { value: digits, kind: 'nl-rsin', problem: 'maybe-bsn' }
}

function readRsin(digits: string): CompanyNumber {
  const value = `RSIN${digits}`
  // The eleven test of an RSIN is that of a BSN.
  return isBsn(digits)
    ? { value, kind: 'nl-rsin' }
    : { value, kind: 'nl-rsin', problem: 'nl-rsin-check' }
}

function readKvk(digits: string): CompanyNumber {
  if (digits.length === 12) return { value: digits, kind: 'nl-site' }
  return digits.length === 8
    ? { value: digits, kind: 'nl-kvk' }
    : { value: digits, kind: 'nl-kvk', problem: 'nl-kvk-length' }
}

function readDutchVat(value: string): CompanyNumber {
  return isBsn(value.slice(2, 11)) || isIso97(value)
    ? { value, kind: 'nl-vat' }
    : { value, kind: 'nl-vat', problem: 'nl-vat-check' }
}

/** Letters count from A = 10; the whole as one number leaves 1 over. */
function isIso97(text: string): boolean {
  const digits = [...text].map((sign) => Number.parseInt(sign, 36)).join('')
  return BigInt(digits) % 97n === 1n
}

/** The number of one site: a Belgian establishment unit, or a Dutch establishment. */
export function readSiteNumber(text: string): CompanyNumber {
  const read = readCompanyNumber(text)
  if (read.kind === 'be-site' || read.kind === 'nl-site') return read
  return { ...read, problem: 'no-site' }
}

/**
 * A Dutch VAT number as sole traders have it since 2020: right by modulo 97 and not by the eleven test. A proposal, no
 * more: one in eleven of them passes that test too, and a company's own may pass both.
 */
export function looksLikeSoleTrader(value: string): boolean {
  return /^NL\d{9}B\d{2}$/.test(value) && isIso97(value) && !isBsn(value.slice(2, 11))
}
