import { Radio } from '@mantine/core'
import type { Address, Choice, MergeField, Stage } from '../api/shapes.ts'
import { addressLine } from '../entry/address-format.ts'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { groupDigits } from '../parts/phone-number.ts'

/** One field of two customers: whose value stays, or both where there can be several. */
export function FieldRow({
  field,
  names,
  choice,
  choose,
}: {
  field: MergeField
  names: { kept: string; other: string }
  choice: Choice
  choose: (choice: Choice) => void
}) {
  const t = useWords()
  const show = useShowValue()
  const label = t.known(`field.${field.name}`) ?? field.name
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

/** A value of any field in words. */
export function useShowValue(): (field: string, value: unknown) => string {
  const t = useWords()
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
    if (field === 'ownerId') return names.user(String(value))
    if (field === 'teamId') return names.team(String(value))
    if (field === 'stage') return t(`stage.${value as Stage}`)
    if (field === 'birthday') return t.day(String(value))
    if (field === 'salutation') return t.known(`salutation.${value}`) ?? String(value)
    return Array.isArray(value) ? value.map(one).join('\n') : one(value)
  }
}
