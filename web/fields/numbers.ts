import type { Language } from '../api/shapes.ts'

const localeOf = { nl: 'nl-BE', en: 'en-GB' } as const

/** A number as it is read, to its last digit; with its currency where it is money. */
export function sayNumber(value: string, language: Language, currency?: string): string {
  const shape: Intl.NumberFormatOptions = currency
    ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }
    : { maximumFractionDigits: 12 }
  try {
    return new Intl.NumberFormat(localeOf[language], shape).format(value as `${number}`)
  } catch {
    // Not a currency that this browser knows.
    return `${currency} ${value}`
  }
}

/** The same as somebody types it: a comma in Dutch, and nothing between thousands. */
export function plainNumber(value: string, language: Language): string {
  return language === 'nl' ? value.replace('.', ',') : value
}

/**
 * What somebody typed as a number, written with a point; undefined where it is none. "1.250" is a thousand in
 * Dutch and one and a quarter in English; where both signs stand, the last one parts the decimals.
 */
export function readNumber(typed: string, language: Language): string | undefined {
  const text = typed.replace(/[\s\u00a0\u202f'’€$£]/g, '')
  const decimal =
    text.includes(',') && text.includes('.')
      ? text[Math.max(text.lastIndexOf(','), text.lastIndexOf('.'))]!
      : onlySign(text, language)
  const thousands = decimal === ',' ? '.' : ','
  const groups = new RegExp(`^-?\\d{1,3}(\\${thousands}\\d{3})+(\\${decimal}\\d+)?$`)
  const plain = groups.test(text) ? text.replaceAll(thousands, '') : text
  const written = plain.replace(decimal, '.')
  return /^-?\d+(\.\d+)?$/.test(written) ? written : undefined
}

/** Of one sign alone: what it means in this language, unless it can't stand between thousands. */
function onlySign(text: string, language: Language): ',' | '.' {
  const own = language === 'nl' ? ',' : '.'
  const other = own === ',' ? '.' : ','
  const isBetweenThousands = new RegExp(`^-?\\d{1,3}(\\${other}\\d{3})+$`).test(text)
  return text.includes(other) && !isBetweenThousands ? other : own
}
