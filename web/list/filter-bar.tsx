import { CloseButton, Popover, ScrollArea, TextInput } from '@mantine/core'
import { IconCheck, IconChevronDown, IconSearch, IconX } from '@tabler/icons-react'
import { type RefObject, useState } from 'react'
import type { RecordKind, Row } from '../api/shapes.ts'
import { useNames } from '../frame/session.ts'
import { useWords, type Word } from '../language/words.tsx'
import { stages } from '../record/stages.ts'
import { abilities, type FilterName, isFiltered, type ListState, noFilters } from './list-memory.ts'

const words: Record<FilterName, Word> = { stage: 'stage', owner: 'owner', tag: 'tag', city: 'city' }
const SUGGESTIONS_MAX = 40

export function FilterBar({
  kind,
  state,
  change,
  rows,
  searchRef,
  leave,
}: {
  kind: RecordKind
  state: ListState
  change: (change: Partial<ListState>) => void
  rows: Row[]
  searchRef: RefObject<HTMLInputElement | null>
  leave: () => void
}) {
  const t = useWords()
  const { canSearch, filters } = abilities[kind]
  return (
    <search className="k-filters">
      {canSearch && (
        <TextInput
          ref={searchRef}
          className="k-search"
          size="xs"
          type="search"
          autoComplete="off"
          leftSection={<IconSearch size={15} aria-hidden />}
          placeholder={t('searchPeople')}
          aria-label={t('searchPeople')}
          value={state.search}
          onChange={(event) => change({ search: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (!['Escape', 'ArrowDown', 'Enter'].includes(event.key)) return
            event.preventDefault()
            event.stopPropagation()
            event.currentTarget.blur()
            if (event.key !== 'Escape') leave()
          }}
          rightSection={
            state.search && (
              <CloseButton
                size="xs"
                aria-label={t('clearSearch')}
                onClick={() => change({ search: '' })}
              />
            )
          }
        />
      )}
      {filters.map((name) => (
        <FilterChip key={name} name={name} state={state} change={change} rows={rows} />
      ))}
      {isFiltered(state) && (
        <button type="button" className="k-chip" onClick={() => change(noFilters)}>
          <IconX size={13} aria-hidden />
          {t('clearFilters')}
        </button>
      )}
    </search>
  )
}

type Choice = { value: string; label: string }

/** Stages and owners are known; tags and cities are sealed, so the rows at hand suggest them. */
function useChoices(name: FilterName, rows: Row[]): Choice[] {
  const t = useWords()
  const names = useNames()
  if (name === 'stage') return stages.map((value) => ({ value, label: t(`stage.${value}`) }))
  if (name === 'owner') return names.colleagues.map((one) => ({ value: one.id, label: one.name }))
  const found = rows.flatMap((row) => (name === 'tag' ? row.tags : row.city ? [row.city] : []))
  return [...new Set(found)]
    .sort((a, b) => a.localeCompare(b))
    .map((value) => ({ value, label: value }))
}

function FilterChip({
  name,
  state,
  change,
  rows,
}: {
  name: FilterName
  state: ListState
  change: (change: Partial<ListState>) => void
  rows: Row[]
}) {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const choices = useChoices(name, rows)
  const chosen = state[name]
  const label = t(words[name])
  const choose = (value: string) => {
    change({ [name]: value === chosen ? '' : value })
    setOpen(false)
  }
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      width={240}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button
          type="button"
          className="k-chip"
          onClick={() => setOpen(!isOpen)}
          {...(chosen ? { 'data-active': true } : {})}
        >
          {chosen
            ? `${label}: ${choices.find((one) => one.value === chosen)?.label ?? chosen}`
            : label}
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <Choices
          choices={choices}
          chosen={chosen}
          choose={choose}
          isOpenEnded={name === 'tag' || name === 'city'}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

function Choices({
  choices,
  chosen,
  choose,
  isOpenEnded,
}: {
  choices: Choice[]
  chosen: string
  choose: (value: string) => void
  isOpenEnded: boolean
}) {
  const t = useWords()
  const [typed, setTyped] = useState('')
  const shown = choices.filter((one) =>
    one.label.toLowerCase().includes(typed.trim().toLowerCase()),
  )
  const submit = () => {
    if (isOpenEnded && typed.trim()) choose(typed.trim())
    else if (shown[0]) choose(shown[0].value)
  }
  return (
    <>
      {(isOpenEnded || choices.length > 8) && (
        <TextInput
          size="xs"
          mb={6}
          placeholder={t('typeValue')}
          aria-label={t('typeValue')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') submit()
          }}
        />
      )}
      <ScrollArea.Autosize mah={280}>
        {shown.slice(0, SUGGESTIONS_MAX).map(({ value, label }) => (
          <button
            key={value}
            type="button"
            className="k-facet"
            aria-pressed={value === chosen}
            onClick={() => choose(value)}
          >
            <span>{label}</span>
            {value === chosen && <IconCheck size={14} aria-hidden />}
          </button>
        ))}
        {shown.length === 0 && (
          <p className="k-dim k-small" style={{ margin: 8 }}>
            {typed ? t('pressEnter') : t('noValues')}
          </p>
        )}
      </ScrollArea.Autosize>
    </>
  )
}
