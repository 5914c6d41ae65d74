import { Modal, TextInput, useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import {
  IconArrowRight,
  IconHelp,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconPlus,
  IconSearch,
  IconSun,
  IconTrash,
} from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useId, useState } from 'react'
import { ask } from '../api/client.ts'
import type { CompanyPage, PersonPage } from '../api/shapes.ts'
import '../language/late-search.ts'
import { useWords } from '../language/words.tsx'
import { requestNew } from '../list/list-memory.ts'
import { highlightIn } from '../parts/highlight-later.ts'
import { Initials } from '../parts/marks.tsx'
import { useSignOut } from './frame.tsx'
import { exchangePermissions, useMay } from './session.ts'
import { settingsTabs } from './settings-tabs.ts'

type Choice = {
  id: string
  group: string
  label: string
  hint?: string
  icon: ReactNode
  act: () => void
}

// Few enough that actions that match stay in sight below.
const PEOPLE_MAX = 5
const COMPANIES_MAX = 3
const TYPING_MS = 120

/** One box for records, lists and actions. Arrows move, Enter acts, Escape closes. */
export default function Palette({
  close,
  showHelp,
  showShortcuts,
}: {
  close: () => void
  showHelp: () => void
  showShortcuts: () => void
}) {
  const t = useWords()
  const listId = useId()
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const { records, isSearching } = useRecords(typed)
  const actions = useActions(showHelp, showShortcuts)
  const folded = fold(typed)
  // Untyped, only what one needs every day; the rest is found by its name.
  const choices = [
    ...records,
    ...actions.filter((one) =>
      folded === '' ? !one.id.startsWith('settings-') : fold(one.label).includes(folded),
    ),
  ]
  const active = Math.min(at, Math.max(0, choices.length - 1))
  useEffect(() => {
    document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [active, listId])
  const searched = typed.trim()
  useEffect(() => highlightIn('.k-palette', searched.length > 1 ? searched : ''), [searched])
  const choose = (choice: Choice | undefined) => {
    if (!choice) return
    close()
    choice.act()
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((active + step + choices.length) % Math.max(1, choices.length))
    } else if (event.key === 'Enter') {
      event.preventDefault()
      choose(choices[active])
    }
  }
  return (
    <Modal.Root
      opened
      onClose={close}
      centered={false}
      yOffset="12vh"
      size={560}
      // Whoever types on at once must not lose a letter to a fade.
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t('paletteLabel')}>
        <TextInput
          data-autofocus
          autoFocus
          size="md"
          variant="unstyled"
          px="sm"
          py={4}
          leftSection={<IconSearch size={17} aria-hidden />}
          leftSectionPointerEvents="none"
          leftSectionWidth={30}
          styles={{ input: { paddingLeft: 36 } }}
          placeholder={t('palettePlaceholder')}
          aria-label={t('paletteLabel')}
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={choices.length > 0 ? `${listId}-${active}` : undefined}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
        <div role="listbox" id={listId} aria-label={t('paletteLabel')} className="k-palette">
          {choices.map((choice, index) => (
            <Line
              key={choice.id}
              id={`${listId}-${index}`}
              choice={choice}
              isActive={index === active}
              isFirst={choice.group !== choices[index - 1]?.group}
              choose={() => choose(choice)}
            />
          ))}
        </div>
        {choices.length === 0 && (
          <p className="k-dim" style={{ padding: '4px 16px 14px', margin: 0 }} role="status">
            {isSearching ? t('paletteSearching') : t('paletteNothing')}
          </p>
        )}
      </Modal.Content>
    </Modal.Root>
  )
}

function Line({
  id,
  choice,
  isActive,
  isFirst,
  choose,
}: {
  id: string
  choice: Choice
  isActive: boolean
  isFirst: boolean
  choose: () => void
}) {
  return (
    <>
      {isFirst && (
        <div className="k-dim k-small" role="presentation" style={{ padding: '8px 8px 4px' }}>
          {choice.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the box above keeps the focus and takes the keys */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={isActive}
        className="k-facet"
        style={isActive ? { background: 'var(--k-selected)' } : {}}
        onClick={choose}
      >
        {choice.icon}
        <span className="k-facet-name">{choice.label}</span>
        {choice.hint && <span className="k-facet-hint k-dim k-small">{choice.hint}</span>}
      </div>
    </>
  )
}

function useRecords(typed: string): { records: Choice[]; isSearching: boolean } {
  const t = useWords()
  const navigate = useNavigate()
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS)
  const shared = { enabled: search.length > 1, placeholderData: keepPreviousData }
  const people = useQuery({
    queryKey: ['people', 'palette', search],
    queryFn: ({ signal }) =>
      ask<PersonPage>('GET', '/api/people', { query: { search, limit: PEOPLE_MAX }, signal }),
    ...shared,
  })
  const companies = useQuery({
    queryKey: ['companies', 'palette', search],
    queryFn: ({ signal }) =>
      ask<CompanyPage>('GET', '/api/companies', {
        query: { search, limit: COMPANIES_MAX },
        signal,
      }),
    ...shared,
  })
  if (search.length < 2) return { records: [], isSearching: false }
  const near = (kind: 'people' | 'companies', found: PersonPage | CompanyPage | undefined) =>
    (found?.closest ?? []).map(
      ({ id, displayName }): Choice => ({
        id,
        group: t('calledNearly'),
        label: displayName,
        icon: <Initials name={displayName} id={id} size={22} isCompany={kind === 'companies'} />,
        act: () => void navigate({ to: `/${kind}/$id`, params: { id } }),
      }),
    )
  const line = (
    kind: 'people' | 'companies',
    one: { id: string; displayName: string; email: string; city: string; company?: string },
  ): Choice => ({
    id: one.id,
    group: t(kind),
    label: one.displayName,
    hint: one.company || one.email || one.city,
    icon: (
      <Initials name={one.displayName} id={one.id} size={22} isCompany={kind === 'companies'} />
    ),
    act: () => void navigate({ to: `/${kind}/$id`, params: { id: one.id } }),
  })
  const records = [
    ...(people.data?.items ?? []).map((one) => line('people', one)),
    ...(companies.data?.items ?? []).map((one) => line('companies', one)),
  ]
  return {
    records:
      records.length > 0
        ? records
        : [...near('people', people.data), ...near('companies', companies.data)],
    isSearching: people.isFetching || companies.isFetching,
  }
}

function useActions(showHelp: () => void, showShortcuts: () => void): Choice[] {
  const t = useWords()
  const may = useMay()
  const navigate = useNavigate()
  const { setColorScheme } = useMantineColorScheme()
  const leave = useSignOut()
  const go = (
    to:
      | '/people'
      | '/companies'
      | '/tasks'
      | '/duplicates'
      | '/approvals'
      | '/import'
      | '/settings'
      | '/people/trash'
      | '/companies/trash',
    label: string,
    icon: ReactNode,
  ): Choice => ({
    id: to,
    group: t('paletteGo'),
    label,
    icon,
    act: () => void navigate({ to }),
  })
  const does = (id: string, label: string, icon: ReactNode, act: () => void): Choice => ({
    id,
    group: t('paletteActions'),
    label,
    icon,
    act,
  })
  const bin = <IconTrash size={16} aria-hidden />
  const arrow = <IconArrowRight size={16} aria-hidden />
  const create = (kind: 'people' | 'companies') => () => {
    requestNew(kind)
    void navigate({ to: `/${kind}` })
  }
  return [
    go('/people', t('people'), arrow),
    go('/companies', t('companies'), arrow),
    go('/tasks', t('tasks'), arrow),
    ...(may('people:edit') ? [go('/duplicates', t('duplicates'), arrow)] : []),
    go('/approvals', t('approvals'), arrow),
    ...(exchangePermissions.some(may) ? [go('/import', t('importExport'), arrow)] : []),
    go('/settings', t('settings'), arrow),
    ...settingsTabs(may).map(([tab, word]) => ({
      ...go('/settings', `${t('settings')}: ${t(word)}`, arrow),
      id: `settings-${tab}`,
      act: () => void navigate({ to: '/settings', search: { tab } }),
    })),
    go('/people/trash', `${t('trash')}: ${t('people')}`, bin),
    go('/companies/trash', `${t('trash')}: ${t('companies')}`, bin),
    ...(may('people:create')
      ? [does('new-person', t('newPerson'), <IconPlus size={16} aria-hidden />, create('people'))]
      : []),
    ...(may('companies:create')
      ? [
          does(
            'new-company',
            t('newCompany'),
            <IconPlus size={16} aria-hidden />,
            create('companies'),
          ),
        ]
      : []),
    does('light', `${t('theme')}: ${t('themeLight')}`, <IconSun size={16} aria-hidden />, () =>
      setColorScheme('light'),
    ),
    does('dark', `${t('theme')}: ${t('themeDark')}`, <IconMoon size={16} aria-hidden />, () =>
      setColorScheme('dark'),
    ),
    does('help', t('help'), <IconHelp size={16} aria-hidden />, showHelp),
    does('keys', t('shortcuts'), <IconKeyboard size={16} aria-hidden />, showShortcuts),
    does('leave', t('signOut'), <IconLogout size={16} aria-hidden />, leave),
  ]
}

/** Without accents and capitals, so that "export" is found by "Éxp". */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
