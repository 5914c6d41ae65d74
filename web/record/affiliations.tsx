import { ActionIcon, Button, Group, Popover, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconX } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Affiliation, CompanyPage, PersonPage, RecordKind } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { Initials } from '../parts/marks.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { InlineText } from './inline.tsx'
import { QuickLink } from './quick-view.tsx'

const TYPING_MS = 150

type Tie = {
  affiliationId: string
  otherId: string
  name: string
  jobTitle: string
  rowVersion: number
}

/** Who works where, as what. The same list seen from either side. */
export function Affiliations({
  kind,
  id,
  canEdit,
}: {
  kind: RecordKind
  id: string
  canEdit: boolean
}) {
  const t = useWords()
  const queries = useQueryClient()
  const other: RecordKind = kind === 'people' ? 'companies' : 'people'
  const found = useQuery({
    queryKey: ['affiliations', kind, id],
    queryFn: () => ask<{ items: Affiliation[] }>('GET', `/api/${kind}/${id}/affiliations`),
  })
  const ties = (found.data?.items ?? []).map(
    (one): Tie => ({
      affiliationId: one.id,
      otherId: other === 'companies' ? one.companyId : one.personId,
      name: other === 'companies' ? one.companyName : one.personName,
      jobTitle: one.jobTitle,
      rowVersion: one.rowVersion,
    }),
  )
  const refresh = () => queries.invalidateQueries({ queryKey: ['affiliations'] })
  const tie = async (otherId: string, jobTitle: string) => {
    const [personId, companyId] = kind === 'people' ? [id, otherId] : [otherId, id]
    await ask('POST', `/api/people/${personId}/affiliations`, {
      body: { companyId, jobTitle },
    })
    await refresh()
  }
  const untie = (one: Tie) => {
    ask('DELETE', `/api/affiliations/${one.affiliationId}`)
      .then(async () => {
        await refresh()
        tellWithUndo(t, t('untied', { name: one.name }), () => tie(one.otherId, one.jobTitle))
      })
      .catch((error: unknown) => tellRefusal(t, error))
  }
  const retitle = async (one: Tie, jobTitle: string) => {
    try {
      await ask('PATCH', `/api/affiliations/${one.affiliationId}`, {
        body: { rowVersion: one.rowVersion, jobTitle },
      })
      await refresh()
      return true
    } catch (error) {
      tellRefusal(t, error)
      return false
    }
  }
  return (
    <div className="k-group">
      <h3>{t(other)}</h3>
      {ties.map((one) => (
        <div
          key={one.affiliationId}
          style={{
            display: 'grid',
            gridTemplateColumns: '26px minmax(0,1fr) minmax(0,1fr) 24px',
            alignItems: 'center',
            gap: 8,
            padding: '2px 8px',
          }}
        >
          <Initials name={one.name} id={one.otherId} isCompany={other === 'companies'} size={24} />
          <QuickLink kind={other} id={one.otherId} className="k-tie">
            {one.name}
          </QuickLink>
          <InlineText
            label={t('jobTitle')}
            value={one.jobTitle}
            placeholder={t('jobTitle')}
            canEdit={canEdit}
            save={(value) => retitle(one, value)}
          />
          {canEdit && (
            <ActionIcon
              size="sm"
              aria-label={t('removeValue', { value: one.name })}
              onClick={() => untie(one)}
            >
              <IconX size={13} />
            </ActionIcon>
          )}
        </div>
      ))}
      {canEdit && (
        <AddTie other={other} tie={tie} taken={new Set(ties.map((one) => one.otherId))} />
      )}
    </div>
  )
}

function AddTie({
  other,
  tie,
  taken,
}: {
  other: RecordKind
  tie: (otherId: string, jobTitle: string) => Promise<void>
  taken: Set<string>
}) {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const [jobTitle, setJobTitle] = useState('')
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS)
  const found = useQuery({
    queryKey: [other, 'choose', search],
    queryFn: ({ signal }) =>
      ask<CompanyPage | PersonPage>('GET', `/api/${other}`, {
        query: { search, limit: 20 },
        signal,
      }),
    enabled: isOpen,
    placeholderData: keepPreviousData,
  })
  const items: { id: string; displayName: string }[] = found.data?.items ?? []
  const options = items
    .filter((one) => !taken.has(one.id))
    .map((one) => ({ value: one.id, label: one.displayName }))
  const finish = async () => {
    if (!chosen) return
    try {
      await tie(chosen, jobTitle.trim())
      setOpen(false)
      setChosen(null)
      setJobTitle('')
      setTyped('')
    } catch (error) {
      tellRefusal(t, error)
    }
  }
  const label = t(other === 'companies' ? 'addCompany' : 'addPerson')
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      shadow="md"
      width={290}
      position="bottom-start"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button
          type="button"
          className="k-add"
          style={{ marginLeft: 8 }}
          onClick={() => setOpen(!isOpen)}
        >
          <IconPlus size={12} style={{ verticalAlign: -1 }} aria-hidden /> {label}
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void finish()
          }}
        >
          <Select
            searchable
            label={t(other === 'companies' ? 'company' : 'person')}
            data={options}
            filter={({ options: all }) => all}
            searchValue={typed}
            onSearchChange={setTyped}
            value={chosen}
            onChange={setChosen}
            nothingFoundMessage={t('nothingFound')}
            comboboxProps={{ withinPortal: false }}
          />
          <TextInput
            mt="xs"
            label={t('jobTitle')}
            value={jobTitle}
            onChange={(event) => setJobTitle(event.currentTarget.value)}
          />
          <Group mt="sm">
            <Button type="submit" size="compact-sm" disabled={!chosen}>
              {t('add')}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
