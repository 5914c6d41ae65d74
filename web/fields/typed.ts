import type { CustomValue, FieldDefinition, Language } from '../api/shapes.ts'
import { safeAddress } from '../parts/safe-address.ts'
import { plainNumber, readNumber } from './numbers.ts'

/** What can be wrong with a value, as the server says it too. */
export const problems = [
  'needed',
  'number',
  'money',
  'day',
  'link',
  'option',
  'too-long',
  'unknown',
  'archived',
  'record',
] as const
export type FieldProblem = (typeof problems)[number]

/** A value while somebody is at it: what stands in the box, the ids of options, `yes`, `no` or nothing. */
export type Typed = string | string[]
export const nothingTyped = (field: FieldDefinition): Typed => (field.kind === 'choices' ? [] : '')
export const isNothing = (typed: Typed): boolean =>
  typeof typed === 'string' ? typed.trim() === '' : typed.length === 0

export function typedOf(
  field: FieldDefinition,
  value: CustomValue | null | undefined,
  language: Language,
): Typed {
  if (value === null || value === undefined) return nothingTyped(field)
  if (Array.isArray(value)) return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return field.kind === 'number' || field.kind === 'money'
    ? plainNumber(String(value), language)
    : String(value)
}

/** As the server takes it, or why it will not; null empties the field. */
export function readTyped(
  field: FieldDefinition,
  typed: Typed,
  language: Language,
): { value: CustomValue | null } | { problem: FieldProblem } {
  if (isNothing(typed)) return field.isRequired ? { problem: 'needed' } : { value: null }
  if (typeof typed !== 'string') return { value: typed }
  const text = typed.trim()
  if (field.kind === 'yes-no') return { value: text === 'yes' }
  if (field.kind === 'number') {
    const read = readNumber(text, language)
    return read === undefined ? { problem: 'number' } : { value: Number(read) }
  }
  if (field.kind === 'money') {
    const read = readNumber(text, language)
    const [whole, cents = ''] = read?.split('.') ?? []
    return read === undefined || cents.length > 2
      ? { problem: 'money' }
      : { value: `${whole}.${cents.padEnd(2, '0')}` }
  }
  if (field.kind === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(text)) return { problem: 'day' }
  if (field.kind === 'link') return readLink(text)
  return { value: text }
}

/** An address somebody typed without saying how it is reached: a mailbox, a telephone, else a page. */
function readLink(text: string): { value: string } | { problem: FieldProblem } {
  // Another way than those that are safe; "voorbeeld.example:8080" only names a port.
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text) && !/^(https?|mailto|tel):/i.test(text))
    return { problem: 'link' }
  const way = /^[^\s/:]+@[^\s/]+$/.test(text)
    ? 'mailto:'
    : /^\+?[\d\s/.-]{8,}$/.test(text)
      ? 'tel:'
      : 'https://'
  const written = /^(https?|mailto|tel):/i.test(text) ? text : way + text.replaceAll(' ', '')
  return safeAddress(written) ? { value: written } : { problem: 'link' }
}
