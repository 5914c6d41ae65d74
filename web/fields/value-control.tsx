import { MultiSelect, Select, Textarea, TextInput } from '@mantine/core'
import { IconShieldLock } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import type { FieldDefinition, FieldKind } from '../api/shapes.ts'
import '../language/late-fields.ts'
import { useWords } from '../language/words.tsx'
import { DateField } from '../parts/date-field.tsx'
import { wordIn } from './custom-fields.ts'
import { RecordPicker, scrolledList } from './record-picker.tsx'
import type { FieldProblem, Typed } from './typed.ts'

/** The server refuses more; the box does not take it in the first place. */
const longest: Partial<Record<FieldKind, number>> = { text: 300, 'long-text': 10_000, link: 2_000 }
// From here a list is long enough to be searched.
const SEARCHABLE_FROM = 8

// Boxes beside each other stand on one line, whatever is said of them.
const helpBelow: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
]

type ControlOf = {
  field: FieldDefinition
  typed: Typed
  /** `name` where a customer was chosen. */
  change: (typed: Typed, name?: string) => void
  /** Of the customer that is referred to. */
  recordName?: string | undefined
  problem?: FieldProblem | undefined
  /** In a form with its label; in the dossier the label stands beside it. */
  isLabelled: boolean
  /** In a popover, whose trap for the focus a list of its own outside it would leave. */
  isInPlace?: boolean
  autoFocus?: boolean
  onBlur?: () => void
  onKeyDown?: (event: KeyboardEvent) => void
  /** A day was chosen in the calendar. */
  onPicked?: (day: string) => void
  /** The list of a choice closed, whether something was chosen or not. */
  onListClose?: () => void
}

/** The box to fill in one field of the organisation's own: each kind its own. */
export function ValueControl({
  field,
  typed,
  change,
  recordName,
  problem,
  isLabelled,
  isInPlace = false,
  onListClose,
  onPicked,
  ...events
}: ControlOf) {
  const t = useWords()
  const label = wordIn(field.label, t.language)
  const text = typeof typed === 'string' ? typed : ''
  const shared = {
    ...(isLabelled
      ? {
          label:
            field.sensitivity === 'confidential' ? (
              <>
                {label}{' '}
                <IconShieldLock size={13} stroke={1.8} className="k-confidential" aria-hidden />
              </>
            ) : (
              label
            ),
          description: wordIn(field.help, t.language) || undefined,
          inputWrapperOrder: helpBelow,
          required: field.isRequired,
        }
      : { 'aria-label': label, size: 'xs' as const }),
    error: problem && t(`problem.${problem}`),
    ...events,
  }
  const menu = {
    ...scrolledList,
    comboboxProps: { shadow: 'md' as const, withinPortal: !isInPlace },
    // In the dossier one click has said already that one wants to choose.
    defaultDropdownOpened: !isLabelled && !isInPlace,
  }
  const closing = onListClose ? { onDropdownClose: onListClose } : {}
  switch (field.kind) {
    case 'choice':
      return (
        <Select
          {...shared}
          {...menu}
          {...closing}
          data={optionsOf(field, [text], t.language)}
          value={text || null}
          clearable={!field.isRequired}
          allowDeselect={false}
          searchable={field.options.length > SEARCHABLE_FROM}
          nothingFoundMessage={t('nothingFound')}
          placeholder="–"
          onChange={(next) => change(next ?? '')}
        />
      )
    case 'choices':
      return (
        <MultiSelect
          {...shared}
          {...menu}
          data={optionsOf(field, Array.isArray(typed) ? typed : [], t.language)}
          value={Array.isArray(typed) ? typed : []}
          searchable={field.options.length > SEARCHABLE_FROM}
          nothingFoundMessage={t('nothingFound')}
          onChange={(next) => change(next)}
        />
      )
    case 'yes-no':
      return (
        <Select
          {...shared}
          {...menu}
          {...closing}
          data={[
            { value: 'yes', label: t('yes') },
            { value: 'no', label: t('no') },
          ]}
          value={text || null}
          clearable={!field.isRequired}
          allowDeselect={false}
          placeholder="–"
          onChange={(next) => change(next ?? '')}
        />
      )
    case 'person':
    case 'company': {
      const { onKeyDown: _, ...box } = shared
      return (
        <RecordPicker
          {...box}
          {...menu}
          {...closing}
          kind={field.kind === 'person' ? 'people' : 'companies'}
          value={text || null}
          name={recordName}
          change={(id, name) => change(id ?? '', name)}
        />
      )
    }
    case 'date': {
      const { onBlur, ...box } = shared
      return (
        <DateField
          {...box}
          value={text}
          change={change}
          passesWrong
          {...(onBlur ? { onLeave: () => onBlur() } : {})}
          {...(onPicked ? { picked: onPicked } : {})}
        />
      )
    }
    case 'long-text':
      return (
        <Textarea
          {...shared}
          autosize
          minRows={2}
          maxRows={12}
          maxLength={longest['long-text']}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
      )
    default:
      return (
        <TextInput
          {...shared}
          inputMode={
            field.kind === 'number' || field.kind === 'money'
              ? 'decimal'
              : field.kind === 'link'
                ? 'url'
                : 'text'
          }
          leftSection={field.kind === 'money' ? <small>{signOf(field.currency)}</small> : undefined}
          leftSectionWidth={field.kind === 'money' ? 34 : undefined}
          placeholder={field.kind === 'link' ? 'https://' : undefined}
          autoComplete="off"
          maxLength={longest[field.kind]}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
      )
  }
}

/** What may be chosen, and what stands there already though it was archived since. */
function optionsOf(field: FieldDefinition, chosen: string[], language: 'nl' | 'en') {
  return field.options
    .filter((one) => !one.isArchived || chosen.includes(one.id))
    .map((one) => ({ value: one.id, label: wordIn(one.label, language) }))
}

function signOf(currency: string): string {
  try {
    return (
      new Intl.NumberFormat('nl-BE', {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
      })
        .formatToParts(0)
        .find((part) => part.type === 'currency')?.value ?? currency
    )
  } catch {
    // Half typed.
    return currency
  }
}
