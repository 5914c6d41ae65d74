/** Fields of one's own making in a file: a column each, named as the organisation named it. */
import type { Who } from '#security/access/who.ts'
import type { RecordKind } from '../../field-catalogue.ts'
import { showTyped } from '../../field-values.ts'
import {
  type FieldDefinition,
  type FieldValue,
  type FieldValues,
  MASK,
} from '../../fields/contract.ts'
import type { ValueParts } from '../../record-values.ts'
import type { Columns } from './columns.ts'

export type ExportedFields = { fields: readonly FieldDefinition[]; language: 'nl' | 'en' }
type Line = {
  contact: { custom?: FieldValues }
  values: FieldValues
  names: ReadonlyMap<string, string>
}

/** Those the exporter's role sees. */
export function exportedFields(
  { fields }: Pick<ValueParts, 'fields'>,
  who: Who,
  kind: RecordKind,
): ExportedFields {
  return { fields: fields.seenBy(kind, who), language: who.language }
}

const labelOf = ({ label }: FieldDefinition, language: 'nl' | 'en') =>
  label[language] || label.nl || label.en

function heldIn({ id, sensitivity }: FieldDefinition, line: Line): FieldValue | undefined {
  return sensitivity === 'contact' ? line.contact.custom?.[id] : line.values[id]
}

/** Without the archived ones: nobody fills those in any more. A take-out has them all. */
export function customColumns<L extends Line>({ fields, language }: ExportedFields): Columns<L> {
  return fields
    .filter(({ isArchived }) => !isArchived)
    .map((field) => [
      { nl: labelOf(field, 'nl'), en: labelOf(field, 'en') },
      (line) => shown(field, line, language),
    ])
}

function shown(field: FieldDefinition, line: Line, language: 'nl' | 'en'): string {
  const value = heldIn(field, line)
  if (value === MASK) return MASK
  const text = showTyped(field, value, language)
  // By its id our own import knows the record again, by its name a person does.
  const name = isReference(field) ? line.names.get(text) : undefined
  return name ? `${name} (${text})` : text
}

const isReference = ({ kind }: FieldDefinition) => kind === 'person' || kind === 'company'

/** By label. A choice as its label, another record as its id and its name, everything else as it is kept. */
export function customObject(
  { fields, language }: ExportedFields,
  line: Line,
): Record<string, unknown> {
  const entries = fields.flatMap((field) => {
    const value = heldIn(field, line)
    return value === undefined ? [] : [[labelOf(field, language), open(field, value)] as const]
  })
  return Object.fromEntries(entries)

  function open(field: FieldDefinition, value: FieldValue): unknown {
    if (value === MASK) return MASK
    if (isReference(field)) return { id: value, name: line.names.get(String(value)) ?? null }
    if (field.kind === 'choice') return showTyped(field, value, language)
    if (field.kind === 'choices')
      return (value as string[]).map((id) => showTyped({ ...field, kind: 'choice' }, id, language))
    return value
  }
}
