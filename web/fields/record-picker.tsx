import { type ComboboxProps, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react'
import { ask } from '../api/client.ts'
import type { CompanyPage, PersonPage, RecordKind } from '../api/shapes.ts'
import '../language/late-fields.ts'
import { useWords } from '../language/words.tsx'

const TYPING_MS = 150
const FOUND_MAX = 12

/** A long list scrolls by itself: then it is known as the list of its box, which the keyboard moves through. */
export const scrolledList = {
  withScrollArea: false,
  styles: { options: { maxHeight: 260, overflowY: 'auto' as const } },
}

type Found = { id: string; displayName: string; email: string; city: string }

/** One customer of all one may see, found by typing. */
export function RecordPicker({
  kind,
  value,
  name,
  change,
  begun,
  onTyped,
  ...input
}: {
  kind: RecordKind
  value: string | null
  /** Of the one that is chosen, as far as it is known. */
  name: string | undefined
  change: (id: string | null, name: string) => void
  /** What somebody typed already before the box was there. */
  begun?: string | undefined
  onTyped?: (typed: string) => void
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void
  label?: ReactNode
  inputWrapperOrder?: ('label' | 'input' | 'description' | 'error')[]
  'aria-label'?: string
  description?: string | undefined
  error?: string | undefined
  size?: 'xs' | 'sm'
  required?: boolean
  autoFocus?: boolean
  onBlur?: () => void
  defaultDropdownOpened?: boolean
  onDropdownClose?: () => void
  comboboxProps?: ComboboxProps
}) {
  const t = useWords()
  const [typed, setTyped] = useState(name ?? '')
  const type = (text: string) => {
    setTyped(text)
    onTyped?.(text)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, after the box has set its own
  useEffect(() => {
    if (begun) type(begun)
  }, [])
  const [search] = useDebouncedValue(typed.trim() === name ? '' : typed.trim(), TYPING_MS)
  const found = useQuery({
    queryKey: [kind, 'choose', search],
    queryFn: ({ signal }) =>
      ask<CompanyPage | PersonPage>('GET', `/api/${kind}`, {
        query: { search, limit: FOUND_MAX },
        signal,
      }),
    placeholderData: keepPreviousData,
  })
  const items: Found[] = found.data?.items ?? []
  const about = new Map(items.map((one) => [one.id, [one.email, one.city]]))
  const options = items.map((one) => ({ value: one.id, label: one.displayName }))
  // What is chosen stays among them, or the box would show nothing.
  if (value && name && !options.some((one) => one.value === value))
    options.unshift({ value, label: name })
  return (
    <Select
      {...scrolledList}
      {...input}
      searchable
      clearable
      allowDeselect={false}
      data={options}
      filter={({ options: all }) => all}
      searchValue={typed}
      onSearchChange={type}
      value={value}
      placeholder={t('fieldTypeToSearch')}
      nothingFoundMessage={t('nothingFound')}
      renderOption={({ option }) => (
        <span>
          {option.label}{' '}
          <span className="k-dim k-small">
            {(about.get(option.value) ?? []).filter(Boolean).join(' · ')}
          </span>
        </span>
      )}
      onChange={(id) => change(id, options.find((one) => one.value === id)?.label ?? '')}
    />
  )
}
