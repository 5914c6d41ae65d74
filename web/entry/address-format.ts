/** How each country writes an address. What stands in a record stays as it was typed; this only shows and tidies. */
import { getCountries } from 'libphonenumber-js/min'
import { formatAddress } from 'localized-address-format'
import { postcodeValidator, postcodeValidatorExistsForCountry } from 'postcode-validator'
import type { Address, Language } from '../api/shapes.ts'

/** Of an organisation in the Low Countries most addresses are here: what is offered first. */
const NEAR = ['BE', 'NL', 'LU', 'FR', 'DE', 'GB']
export const HOME = 'BE'

const isCode = (country: string) => /^[A-Z]{2}$/.test(country)

/** "Nederland" for NL; what is no code stays as it is. */
export function countryName(country: string, language: Language): string {
  if (!isCode(country)) return country
  return new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? country
}

/** Every country by its name, those nearby first. */
export function countryOptions(language: Language): { value: string; label: string }[] {
  const named = (value: string) => ({ value, label: countryName(value, language) })
  const others = getCountries()
    .filter((code) => !NEAR.includes(code) && isCode(code))
    .map(named)
    .sort((a, b) => a.label.localeCompare(b.label, language))
  return [...NEAR.map(named), ...others]
}

/** The lines of an envelope below the name: street, then postcode and city in the country's order, then the country. */
export function addressLines(address: Address, language: Language): string[] {
  const lines = formatAddress({
    ...(isCode(address.country) ? { postalCountry: address.country } : { postalCountry: HOME }),
    addressLines: [address.street].filter(Boolean),
    locality: address.city,
    postalCode: address.postalCode,
  })
  const written = lines.join(' ')
  // A country that writes it in parts we don't keep, as Japan: then what is there, street first.
  const isWhole = [address.street, address.postalCode, address.city].every((part) =>
    written.includes(part),
  )
  const place = [address.postalCode, address.city].filter(Boolean).join(' ')
  return [
    ...(isWhole ? lines : [address.street, place]),
    countryName(address.country, language),
  ].filter(Boolean)
}

/** The same on one line, for lists and sentences. */
export function addressLine(address: Address): string {
  const place = [address.postalCode, address.city].filter(Boolean).join(' ')
  return [address.street, place, address.country].filter(Boolean).join(', ')
}

/** Whether the city comes before the postcode, as in Great Britain and the United States. */
export function isCityFirst(country: string): boolean {
  if (!isCode(country)) return false
  const [city, code] = ['city', 'code']
  const written = formatAddress({ postalCountry: country, locality: city, postalCode: code }).join()
  return written.indexOf(city) < written.indexOf(code)
}

/** Whether this can be a postcode of the country; undefined where no rule is known or nothing was typed. */
export function isPostalCode(postalCode: string, country: string): boolean | undefined {
  if (!postalCode || !isCode(country) || !postcodeValidatorExistsForCountry(country))
    return undefined
  return postcodeValidator(postalCode, country)
}

// Where a space or a dash belongs, for codes that are often typed without.
const TIDY: Record<string, [RegExp, string]> = {
  NL: [/^([1-9]\d{3})([A-Z]{2})$/, '$1 $2'],
  GB: [/^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$/, '$1 $2'],
  IE: [/^([A-Z]\d[\dW])([A-Z\d]{4})$/, '$1 $2'],
  SE: [/^(\d{3})(\d{2})$/, '$1 $2'],
  CZ: [/^(\d{3})(\d{2})$/, '$1 $2'],
  SK: [/^(\d{3})(\d{2})$/, '$1 $2'],
  GR: [/^(\d{3})(\d{2})$/, '$1 $2'],
  PL: [/^(\d{2})(\d{3})$/, '$1-$2'],
  PT: [/^(\d{4})(\d{3})$/, '$1-$2'],
  CA: [/^([A-Z]\d[A-Z])(\d[A-Z]\d)$/, '$1 $2'],
}

/** 1012ab → 1012 AB, B-9000 → 9000: as the country writes it. What does not fit is left as it was typed. */
export function tidyPostalCode(typed: string, country: string): string {
  const text = typed.trim()
  // The letter of the car before it is how it was once written from abroad.
  const bare = text
    .toUpperCase()
    .replace(new RegExp(`^(${country}|${country[0] ?? ''})[- ]+(?=\\d)`), '')
  const rule = TIDY[country]
  const together = bare.replace(/[\s.-]/g, '')
  if (rule?.[0].test(together)) return together.replace(...rule)
  return isPostalCode(bare, country) ? bare : text
}

/** The country that a postcode can only be of, when none was chosen: 1012 AB is Dutch. */
export function countryOfPostalCode(postalCode: string): string | undefined {
  return /^[1-9]\d{3}\s?[a-z]{2}$/i.test(postalCode.trim()) ? 'NL' : undefined
}

/** A map of it on a site outside Kluis; nothing is asked there before somebody follows the link. */
export function mapAddress(address: Address, language: Language): string {
  const text = addressLines(address, language).join(', ')
  return `https://www.openstreetmap.org/search?query=${encodeURIComponent(text)}`
}
