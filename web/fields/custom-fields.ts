import { queryOptions, useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { CustomValue, FieldDefinition, Language, RecordKind } from '../api/shapes.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { plainNumber, sayNumber } from './numbers.ts'

const MINUTES_5 = 300_000

/** Those that this role sees, of people and of companies, archived ones too. */
export const customFieldsQuery = queryOptions({
  queryKey: ['custom-fields'],
  queryFn: () => ask<{ items: FieldDefinition[] }>('GET', '/api/fields'),
  staleTime: MINUTES_5,
})

/** What stands for a confidential value that is there. */
export const MASK = '••••'
export const recordKindOf = { people: 'person', companies: 'company' } as const

/** The fields an organisation made itself, in its order. */
export function useCustomFields(kind: RecordKind): FieldDefinition[] {
  const items = useQuery(customFieldsQuery).data?.items ?? []
  return items
    .filter((one) => one.recordKind === recordKindOf[kind])
    .sort((one, other) => one.position - other.position)
}

/** In the reader's language, or in the other where it has only that one. */
export const wordIn = (both: { nl: string; en: string }, language: Language): string =>
  both[language] || both.nl || both.en

/** What lists, filters and changes call a field of the organisation's own. */
export const nameOf = (field: FieldDefinition): string => `custom.${field.id}`

export function fieldNamed(
  fields: readonly FieldDefinition[],
  name: string,
): FieldDefinition | undefined {
  return fields.find((one) => nameOf(one) === name)
}

/** The name of a field as somebody reads it; the organisation's own too. */
export function useFieldLabel(): (name: string) => string | undefined {
  const { language } = useWords()
  const items = useQuery(customFieldsQuery).data?.items ?? []
  return (name) => {
    const field = fieldNamed(items, name)
    return field && wordIn(field.label, language)
  }
}

export function optionLabel(field: FieldDefinition, id: string, t: Speak): string {
  const option = field.options.find((one) => one.id === id)
  return option ? wordIn(option.label, t.language) : id
}

/** A value as it is read. `names` are those of the records that values refer to. */
export function sayValue(
  field: FieldDefinition,
  value: CustomValue | null | undefined,
  t: Speak,
  names: Readonly<Record<string, string>> = {},
): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value)) return value.map((one) => optionLabel(field, one, t)).join(', ')
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (field.kind === 'choice') return optionLabel(field, String(value), t)
  if (field.kind === 'date') return t.day(String(value))
  if (field.kind === 'number') return sayNumber(String(value), t.language)
  if (field.kind === 'money') return sayNumber(String(value), t.language, field.currency)
  if (field.kind === 'person' || field.kind === 'company') return names[String(value)] ?? ''
  return String(value)
}

/** The same as it is typed over or copied to a spreadsheet: numbers without signs around them. */
export function writeValue(
  field: FieldDefinition,
  value: CustomValue | null | undefined,
  t: Speak,
  names?: Readonly<Record<string, string>>,
): string {
  if (value === null || value === undefined) return ''
  if (field.kind === 'number' || field.kind === 'money')
    return plainNumber(String(value), t.language)
  if (field.kind === 'date') return String(value)
  return sayValue(field, value, t, names)
}
