import { Autocomplete } from '@mantine/core'
import { useWords } from '../language/words.tsx'
import { type LabelledKind, labelKept, labelOptions, labelShown } from './labels.ts'

/** What a value is for: chosen from the usual words, or typed. */
export function LabelField({
  kind,
  value,
  change,
  ariaLabel,
  size = 'xs',
}: {
  kind: LabelledKind
  value: string
  change: (next: string) => void
  /** Without it the field has its name above it. */
  ariaLabel?: string
  size?: 'xs' | 'sm'
}) {
  const t = useWords()
  return (
    <Autocomplete
      size={size}
      {...(ariaLabel ? { 'aria-label': ariaLabel } : { label: t('label') })}
      placeholder={t(ariaLabel ? 'label' : 'labelPlaceholder')}
      maxLength={40}
      // All of them whatever stands there: choosing another is the point.
      filter={({ options }) => options}
      data={labelOptions(kind, t)}
      value={labelShown(value, t)}
      onChange={(typed) => change(labelKept(typed, t))}
      comboboxProps={{ withinPortal: false }}
    />
  )
}
