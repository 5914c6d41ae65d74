import { MultiSelect } from '@mantine/core'
import { useState } from 'react'
import '../language/late-fields.ts'
import { useWords } from '../language/words.tsx'
import { sectorLabel, useFoundSectors, useSectorsOf } from '../parts/sectors.ts'
import { scrolledList } from './record-picker.tsx'

/** Divisions, groups and classes, found by typing: what a filter asks for, with everything under it. */
export function SectorsPicker({
  values,
  set,
  ...input
}: {
  values: string[]
  set: (codes: string[]) => void
  'aria-label': string
  size: 'xs'
  className?: string
}) {
  const t = useWords()
  const [typed, setTyped] = useState('')
  const found = useFoundSectors(typed)
  const chosen = useSectorsOf(values)
  const names = new Map([...chosen, ...found].map((one) => [one.code, sectorLabel(one, t)]))
  const offered = new Set([...found.map(({ code }) => code), ...values])
  return (
    <MultiSelect
      {...scrolledList}
      {...input}
      searchable
      clearable
      data={[...offered].map((code) => ({ value: code, label: names.get(code) ?? code }))}
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      placeholder={values.length === 0 ? t('fieldTypeToSearch') : ''}
      nothingFoundMessage={t('nothingFound')}
      value={values}
      onChange={(codes) => {
        setTyped('')
        set(codes)
      }}
    />
  )
}
