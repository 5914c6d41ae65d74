import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** +32475123456 → +32 475 12 34 56: grouped as its own country does. What is no whole number stays as it is. */
export function groupDigits(value: string): string {
  return parsePhoneNumberFromString(value)?.formatInternational() ?? value
}

/** `tel:` and the number without its spaces; an extension is dialled after a pause. */
export function telLink(value: string): string {
  const [number, extension] = value.split(';ext=')
  return `tel:${number!.replace(/[^+\d]/g, '')}${extension ? `,${extension}` : ''}`
}
