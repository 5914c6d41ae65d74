import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { CompanyPage, PersonPage, RecordKind } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'

const TYPING_MS = 150
export type Chosen = { id: string; name: string }

/** Somebody, found by typing. */
export function RecordSelect({
  kind,
  chosen,
  choose,
  without,
}: {
  kind: RecordKind
  chosen: Chosen | null
  choose: (next: Chosen | null) => void
  without?: ReadonlySet<string>
}) {
  const t = useWords()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS)
  const found = useQuery({
    queryKey: [kind, 'choose', search],
    queryFn: ({ signal }) =>
      ask<CompanyPage | PersonPage>('GET', `/api/${kind}`, {
        query: { search, limit: 20 },
        signal,
      }),
    placeholderData: keepPreviousData,
  })
  const items: { id: string; displayName: string }[] = found.data?.items ?? []
  const options = items
    .filter((one) => !without?.has(one.id))
    .map((one) => ({ value: one.id, label: one.displayName }))
  return (
    <Select
      searchable
      label={t(kind === 'companies' ? 'company' : 'person')}
      data={options}
      filter={({ options: all }) => all}
      searchValue={typed}
      onSearchChange={setTyped}
      value={chosen?.id ?? null}
      onChange={(id, option) => choose(id && option ? { id, name: option.label } : null)}
      nothingFoundMessage={t('nothingFound')}
      comboboxProps={{ withinPortal: false }}
    />
  )
}
