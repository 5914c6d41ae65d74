import { MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { CompanyPage, PersonPage, RecordKind } from '../api/shapes.ts'
import { fieldWords } from '../language/fields.ts'
import { useWords, useWordsOf } from '../language/words.tsx'
import { useNamesOf } from './record-names.ts'
import { scrolledList } from './record-picker.tsx'

const TYPING_MS = 150
const FOUND_MAX = 12

/** Several customers of all one may see, found by typing: what a filter asks for. */
export function RecordsPicker({
  kind,
  values,
  set,
  ...input
}: {
  kind: RecordKind
  values: string[]
  set: (ids: string[]) => void
  'aria-label': string
  size: 'xs'
  className?: string
}) {
  const t = useWords()
  const f = useWordsOf(fieldWords)
  const [typed, setTyped] = useState('')
  const [known, setKnown] = useState<Readonly<Record<string, string>>>({})
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS)
  const found = useQuery({
    queryKey: [kind, 'choose', search],
    queryFn: ({ signal }) =>
      ask<CompanyPage | PersonPage>('GET', `/api/${kind}`, {
        query: { search, limit: FOUND_MAX },
        signal,
      }),
    placeholderData: keepPreviousData,
  })
  const items: { id: string; displayName: string }[] = found.data?.items ?? []
  // A filter that was kept names them by their ids only.
  const strangers = values.filter((id) => !known[id] && !items.some((one) => one.id === id))
  const asked = useNamesOf(strangers.map((id) => ({ kind, id })))
  const names = new Map<string, string>([
    ...strangers.map((id): [string, string] => [id, asked[id] ?? f('fieldNotVisible')]),
    ...Object.entries(known),
    ...items.map((one): [string, string] => [one.id, one.displayName]),
  ])
  const offered = new Set([...items.map(({ id }) => id), ...values])
  return (
    <MultiSelect
      {...scrolledList}
      {...input}
      searchable
      clearable
      data={[...offered].map((id) => ({ value: id, label: names.get(id) ?? id }))}
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      placeholder={values.length === 0 ? f('fieldTypeToSearch') : ''}
      nothingFoundMessage={t('nothingFound')}
      value={values}
      onChange={(ids) => {
        setKnown(Object.fromEntries(ids.map((id) => [id, names.get(id) ?? id])))
        setTyped('')
        set(ids)
      }}
    />
  )
}
