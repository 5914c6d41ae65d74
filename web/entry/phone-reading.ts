/** A phone number as it is typed: which country, how it is grouped, whether its length can be right. */
import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/min'

type PhoneReading = {
  /** Grouped as its country does. */
  shown: string
  /** Two letters; undefined where several countries share the code. */
  country: string | undefined
  problem: 'too-short' | 'too-long' | 'unlikely' | 'not-a-number' | undefined
}

/** Reads 0475 12 34 56 as a number of the country given. Undefined while nothing is typed. */
export function readPhone(typed: string, country: string): PhoneReading | undefined {
  const text = typed.trim()
  if (text === '') return undefined
  const region = isSupportedCountry(country) ? (country as CountryCode) : 'BE'
  // 00 is how Europe dials abroad.
  const parsed = parsePhoneNumberFromString(
    text.replace(/\(0\)/, '').replace(/^00\s?(?=[1-9])/, '+'),
    region,
  )
  if (!parsed) return { shown: text, country: undefined, problem: 'not-a-number' }
  return {
    shown: parsed.formatInternational(),
    country: parsed.country,
    problem: parsed.isValid() ? undefined : whatIsWrong(parsed.number),
  }
}

function whatIsWrong(number: string): PhoneReading['problem'] {
  const length = validatePhoneNumberLength(number)
  if (length === 'TOO_SHORT') return 'too-short'
  return length === 'TOO_LONG' ? 'too-long' : 'unlikely'
}
