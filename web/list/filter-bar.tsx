import { CloseButton, Popover, TextInput } from '@mantine/core'
import { IconCheck, IconChevronDown, IconFilter, IconSearch, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, type RefObject, Suspense, useState } from 'react'
import { ask } from '../api/client.ts'
import type { Facets, Filter, RecordKind, Stage } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import { type Names, useNames } from '../frame/session.ts'
import { type Speak, useWords, type Word } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { GroupChip } from './group-chip.tsx'
import {
  type FilterName,
  filterNames,
  isFiltered,
  type ListState,
  noFilters,
} from './list-memory.ts'
import { languageName } from './value-names.ts'

const FilterBuilder = lazy(
  patient(async () => ({ default: (await import('./filter-builder.tsx')).FilterBuilder })),
)

const words: Record<FilterName, Word> = {
  stage: 'stage',
  owner: 'owner',
  team: 'team',
  tag: 'tag',
  city: 'city',
  language: 'customerLanguage',
}
// From here a short list of values is long enough to deserve a search box.
const SEARCHABLE_FROM = 9

export function FilterBar({
  kind,
  state,
  change,
  searchRef,
  leave,
}: {
  kind: RecordKind
  state: ListState
  change: (change: Partial<ListState>) => void
  searchRef: RefObject<HTMLInputElement | null>
  leave: () => void
}) {
  const t = useWords()
  const [isBuilding, setBuilding] = useState(false)
  const count = state.filter ? countConditions(state.filter) : 0
  return (
    <>
      <search className="k-filters">
        <TextInput
          ref={searchRef}
          className="k-search"
          size="xs"
          type="search"
          autoComplete="off"
          leftSection={<IconSearch size={15} aria-hidden />}
          placeholder={t(kind === 'people' ? 'searchPeople' : 'searchCompanies')}
          aria-label={t(kind === 'people' ? 'searchPeople' : 'searchCompanies')}
          value={state.search}
          onChange={(event) => change({ search: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Escape' && event.key !== 'ArrowDown' && event.key !== 'Enter') return
            event.preventDefault()
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
        {filterNames.map((name) => (
          <FilterChip key={name} kind={kind} name={name} state={state} change={change} />
        ))}
        <button
          type="button"
          className="k-chip"
          aria-expanded={isBuilding}
          onClick={() => setBuilding(!isBuilding)}
          {...(count > 0 ? { 'data-active': true } : {})}
        >
          <IconFilter size={13} aria-hidden />
          {count > 0 ? t('filterCount', { count }) : t('filter')}
        </button>
        <GroupChip kind={kind} state={state} change={change} />
        {isFiltered(state) && (
          <button type="button" className="k-chip" onClick={() => change(noFilters)}>
            <IconX size={13} aria-hidden />
            {t('clearFilters')}
          </button>
        )}
      </search>
      {isBuilding && (
        <Suspense>
          <FilterBuilder
            kind={kind}
            filter={state.filter}
            change={(filter) => {
              change({ filter })
              if (filter === null) setBuilding(false)
            }}
          />
        </Suspense>
      )}
    </>
  )
}

function countConditions(filter: Filter): number {
  if ('field' in filter) return 1
  return ('all' in filter ? filter.all : filter.any).reduce(
    (sum, one) => sum + countConditions(one),
    0,
  )
}

/** A filter value in words: stages and languages are codes, owners and teams are ids. */
function named(name: FilterName, value: string, t: Speak, names: Names): string {
  if (name === 'stage') return t(`stage.${value as Stage}`)
  if (name === 'owner') return names.user(value)
  if (name === 'team') return names.team(value)
  if (name === 'language') return languageName(value, t.language)
  return value
}

function FilterChip({
  kind,
  name,
  state,
  change,
}: {
  kind: RecordKind
  name: FilterName
  state: ListState
  change: (change: Partial<ListState>) => void
}) {
  const t = useWords()
  const names = useNames()
  const [isOpen, setOpen] = useState(false)
  const chosen = state[name]
  const label = t(words[name])
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
          {...(chosen.length > 0 ? { 'data-active': true } : {})}
        >
          {chosen.length === 0
            ? label
            : `${label}: ${named(name, chosen[0]!, t, names)}${chosen.length > 1 ? ` +${chosen.length - 1}` : ''}`}
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <FilterValues
          kind={kind}
          name={name}
          chosen={chosen}
          toggle={(value) =>
            change({
              [name]: chosen.includes(value)
                ? chosen.filter((one) => one !== value)
                : [...chosen, value],
            })
          }
        />
      </Popover.Dropdown>
    </Popover>
  )
}

function FilterValues({
  kind,
  name,
  chosen,
  toggle,
}: {
  kind: RecordKind
  name: FilterName
  chosen: string[]
  toggle: (value: string) => void
}) {
  const t = useWords()
  const names = useNames()
  const [typed, setTyped] = useState('')
  const facets = useQuery({
    queryKey: ['facets', kind],
    queryFn: () => ask<Facets>('GET', `/api/${kind}/facets`),
  })
  if (!facets.data) return <Lines count={4} />
  const all = facets.data[name]
  const shown = all.filter((one) =>
    named(name, one.value, t, names).toLowerCase().includes(typed.toLowerCase()),
  )
  return (
    <>
      {all.length >= SEARCHABLE_FROM && (
        <TextInput
          autoFocus
          size="xs"
          mb={6}
          placeholder={t('search')}
          aria-label={t('search')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <div style={{ maxHeight: 280, overflowY: 'auto' }}>
        {shown.map(({ value, count }) => (
          <button
            key={value}
            type="button"
            className="k-facet"
            aria-pressed={chosen.includes(value)}
            onClick={() => toggle(value)}
          >
            <span className="k-facet-name">{named(name, value, t, names)}</span>
            {chosen.includes(value) && <IconCheck size={14} aria-hidden />}
            <span className="k-dim k-small">{t.number(count)}</span>
          </button>
        ))}
        {shown.length === 0 && (
          <p className="k-dim k-small" style={{ margin: 8 }}>
            {facets.data.isIndexReady ? t('noValues') : t('index-loading')}
          </p>
        )}
      </div>
    </>
  )
}
