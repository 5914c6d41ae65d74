import { electronicFormatIBAN, isValidIBAN } from 'ibantools'
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js'

/** E.164 when the number is valid in its country (or with its +); otherwise as typed. */
export function normalisePhone(text: string, country = 'BE'): string {
  const typed = text.trim()
  const parsed = parsePhoneNumberFromString(typed.replace(/\(0\)/, ''), country as CountryCode)
  if (!parsed?.isValid()) return typed
  return parsed.ext ? `${parsed.number};ext=${parsed.ext}` : parsed.number
}

export function isPhone(text: string): boolean {
  return /^\+\d{6,15}(;ext=\d+)?$/.test(text)
}

/** Lower case; undefined when it can be no address. */
export function normaliseEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase().normalize('NFC')
  return /^[^\s@;,<>"]+@[^\s@;,<>"]+\.[^\s@;,<>".]+$/.test(email) && email.length <= 254
    ? email
    : undefined
}

/** Without spaces, in capitals; undefined when its check digits are wrong. */
export function normaliseIban(text: string): string | undefined {
  const iban = electronicFormatIBAN(text) ?? ''
  return isValidIBAN(iban) ? iban : undefined
}
