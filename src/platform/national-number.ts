export type NationalNumberKind = 'rijksregister' | 'bsn'
export type FoundNumber = { kind: NationalNumberKind; start: number; end: number }

const BELGIAN = /(?<![\d+])\d{2}[. /]?\d{2}[. /]?\d{2}[- ./]{0,3}\d{3}[. /-]?\d{2}(?!\d)/g
// 123456782, 1234.56.782, 123.456.782. A Dutch number may begin with 0, but then so does every phone number.
const DUTCH =
  /(?<![\d+]|\d[. /-])(?:\d{4}[. -]?\d{2}[. -]?\d{3}|\d{3}[. -]\d{3}[. -]\d{3})(?![\d]|[. -]\d{2,3}(?!\d))/g

/** Belgian national numbers and Dutch BSNs in free text, by their check digits, with and without punctuation. */
export function findNationalNumbers(text: string): FoundNumber[] {
  const found: FoundNumber[] = []
  for (const match of text.matchAll(BELGIAN))
    if (isBelgianNationalNumber(match[0].replace(/\D/g, '')))
      found.push(spot('rijksregister', match))
  for (const match of text.matchAll(DUTCH)) {
    if (found.some((one) => match.index < one.end && one.start < match.index + match[0].length))
      continue
    const before = text.slice(Math.max(0, match.index - 30), match.index)
    if (isBsn(match[0].replace(/\D/g, '')) && mayBeBsn(match[0], before))
      found.push(spot('bsn', match))
  }
  return found.sort((a, b) => a.start - b.start)
}

/** The text with each digit of such a number blotted out: for what must be shown or kept without it. */
export function maskNationalNumbers(text: string): string {
  let masked = text
  for (const { start, end } of findNationalNumbers(text))
    masked =
      masked.slice(0, start) + masked.slice(start, end).replace(/\d/g, '•') + masked.slice(end)
  return masked
}

function spot(kind: NationalNumberKind, match: RegExpExecArray): FoundNumber {
  return { kind, start: match.index, end: match.index + match[0].length }
}

/** One in eleven phone numbers passes the test too: a leading 0 or a word for a phone needs the word for a BSN. */
function mayBeBsn(typed: string, before: string): boolean {
  if (/bsn|burgerservice|sofi/i.test(before)) return true
  if (
    /(tel|gsm|phone|fax|mobiel|nummer van|kvk|btw|vat|order|factuur|invoice)\D{0,12}$/i.test(before)
  )
    return false
  return !typed.startsWith('0') && !/[\p{L}]$/u.test(before)
}

/** Eleven digits. Source: national register; 97 less the remainder of the first nine, with a 2 before them since 2000. */
function isBelgianNationalNumber(digits: string): boolean {
  if (!/^\d{11}$/.test(digits)) return false
  // Numbers for people who are in no register have their month raised by 20 or 40.
  const month = Number(digits.slice(2, 4)) % 20
  if (month > 12 || Number(digits.slice(4, 6)) > 31) return false
  const [base, check] = [digits.slice(0, 9), Number(digits.slice(9))]
  return 97 - (Number(base) % 97) === check || 97 - (Number(`2${base}`) % 97) === check
}

/** Nine digits that pass the "elfproef", the last one counted negative. */
export function isBsn(digits: string): boolean {
  if (!/^\d{9}$/.test(digits) || Number(digits) === 0) return false
  const sum = [...digits].reduce(
    (total, digit, i) => total + Number(digit) * (i === 8 ? -1 : 9 - i),
    0,
  )
  return sum % 11 === 0
}
