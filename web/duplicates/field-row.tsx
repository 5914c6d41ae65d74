import { Radio } from '@mantine/core'
import type {
  Address,
  Choice,
  CustomValue,
  MergeField,
  MergePreview,
  RecordKind,
  Stage,
} from '../api/shapes.ts'
import { addressLine } from '../entry/address-format.ts'
import {
  fieldNamed,
  MASK,
  sayValue,
  useCustomFields,
  useFieldLabel,
} from '../fields/custom-fields.ts'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { groupDigits } from '../parts/phone-number.ts'

/** One field of two customers: whose value stays, or both where there can be several. */
export function FieldRow({
  kind,
  field,
  names,
  recordNames,
  choice,
  choose,
}: {
  kind: RecordKind
  field: MergeField
  names: { kept: string; other: string }
  recordNames: MergePreview['customNames']
  choice: Choice
  choose: (choice: Choice) => void
}) {
  const t = useWords()
  const show = useShowValue(kind, recordNames)
  const label = useMergeLabel()(field.name)
  const option = (value: Choice, text: string, whose: string) => (
    <Radio
      name={`merge-${field.name}`}
      value={value}
      checked={choice === value}
      onChange={() => choose(value)}
      label={text}
      aria-label={`${label}: ${text} (${whose})`}
      styles={{ label: { overflowWrap: 'anywhere', whiteSpace: 'pre-line' } }}
    />
  )
  const chosen = (value: Choice) =>
    choice === value || choice === 'both' ? { 'data-chosen': true } : {}
  return (
    <tr>
      <th scope="row">{label}</th>
      <td {...chosen('kept')}>
        {option('kept', show(field.name, field.kept) || t('empty'), names.kept)}
      </td>
      <td {...chosen('other')}>
        {option('other', show(field.name, field.other) || t('empty'), names.other)}
      </td>
      <td className="k-both">
        {field.isMany ? option('both', t('mergeBoth'), t('mergeBoth')) : null}
      </td>
    </tr>
  )
}

/** What a field is called, the organisation's own too. */
export function useMergeLabel(): (name: string) => string {
  const t = useWords()
  const own = useFieldLabel()
  return (name) => t.known(`field.${name}`) ?? own(name) ?? name
}

/** A value of any field in words. */
export function useShowValue(
  kind: RecordKind,
  recordNames: MergePreview['customNames'],
): (field: string, value: unknown) => string {
  const t = useWords()
  const own = useCustomFields(kind)
  const names = useNames()
  const one = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return String(value ?? '')
    if ('value' in value) {
      const { value: text, label } = value as { value: string; label?: string }
      const shown = text.startsWith('+') ? groupDigits(text) : text
      return label ? `${shown} (${label})` : shown
    }
    return 'street' in value || 'city' in value
      ? addressLine(value as Address)
      : Object.values(value).filter(Boolean).join(', ')
  }
  return (field, value) => {
    if (value === '' || value === null || value === undefined) return ''
    const custom = fieldNamed(own, field)
    if (custom && value !== MASK) return sayValue(custom, value as CustomValue, t, recordNames)
    if (field === 'ownerId') return names.user(String(value))
    if (field === 'teamId') return names.team(String(value))
    if (field === 'stage') return t(`stage.${value as Stage}`)
    if (field === 'birthday') return t.day(String(value))
    if (field === 'salutation') return t.known(`salutation.${value}`) ?? String(value)
    return Array.isArray(value) ? value.map(one).join('\n') : one(value)
  }
}
