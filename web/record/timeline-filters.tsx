import { Chip, CloseButton, Select, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import type { TimelineKind } from '../api/shapes.ts'
import { useMay, useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import '../language/late.ts'

export type TimelineFilter = { search: string; by: string | null; kinds: TimelineKind[] }
export const noFilter: TimelineFilter = { search: '', by: null, kinds: [] }

export function isFiltered({ search, by, kinds }: TimelineFilter): boolean {
  return search.trim() !== '' || by !== null || kinds.length > 0
}

export function TimelineFilters({
  filter,
  change,
  isOfNotes,
}: {
  filter: TimelineFilter
  change: (filter: TimelineFilter) => void
  isOfNotes: boolean
}) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const kinds: TimelineKind[] = [
    'note',
    ...(may('tasks:see') ? (['task'] as const) : []),
    ...(may('files:see') ? (['file'] as const) : []),
    'change',
    'tie',
    'import',
  ]
  return (
    <search className="k-timeline-filters">
      <TextInput
        size="xs"
        type="search"
        autoComplete="off"
        leftSection={<IconSearch size={15} aria-hidden />}
        placeholder={t('searchDossier')}
        aria-label={t('searchDossier')}
        value={filter.search}
        onChange={(event) => change({ ...filter, search: event.currentTarget.value })}
        rightSection={
          filter.search && (
            <CloseButton
              size="xs"
              aria-label={t('clearSearch')}
              onClick={() => change({ ...filter, search: '' })}
            />
          )
        }
      />
      <Select
        size="xs"
        clearable
        placeholder={t('byAnyone')}
        aria-label={t('byColleague')}
        data={names.colleagues.map((one) => ({ value: one.id, label: one.name }))}
        value={filter.by}
        onChange={(by) => change({ ...filter, by })}
        clearButtonProps={{ 'aria-label': t('byAnyone') }}
      />
      {!isOfNotes && (
        <Chip.Group
          multiple
          value={filter.kinds}
          onChange={(chosen) => change({ ...filter, kinds: chosen as TimelineKind[] })}
        >
          <fieldset aria-label={t('timelineFilters')} className="k-timeline-kinds">
            {kinds.map((one) => (
              <Chip key={one} value={one} size="xs" variant="outline">
                {t(`show.${one}`)}
              </Chip>
            ))}
          </fieldset>
        </Chip.Group>
      )}
    </search>
  )
}
