import { Button } from '@mantine/core'
import { IconMoodEmpty, IconUsersPlus } from '@tabler/icons-react'
import '../language/late-search.ts'
import { useWords } from '../language/words.tsx'
import { Empty } from '../parts/marks.tsx'
import type { ListView } from './grid.tsx'
import { isFiltered, noFilters, requestNew } from './list-memory.ts'

/** Nothing found, or nothing there yet: each with the next step. */
export default function NothingHere({ kind, records, state, change, open }: ListView) {
  const t = useWords()
  const { closest } = records
  if (isFiltered(state))
    return (
      <Empty icon={<IconMoodEmpty size={32} stroke={1.4} aria-hidden />} title={t('nothingFound')}>
        {closest.length > 0 ? (
          <div role="status">
            <p>{t('calledNearly')}</p>
            <div style={{ display: 'flex', flexWrap: 'wrap', justifyContent: 'center', gap: 8 }}>
              {closest.map(({ id, displayName }) => (
                <Button
                  key={id}
                  variant="light"
                  onClick={() => {
                    change({ search: displayName })
                    open(id)
                  }}
                >
                  {displayName}
                </Button>
              ))}
            </div>
          </div>
        ) : (
          <p>{t('nothingFoundText')}</p>
        )}
        <Button variant="default" onClick={() => change(noFilters)}>
          {t('clearFilters')}
        </Button>
      </Empty>
    )
  return (
    <Empty
      icon={<IconUsersPlus size={32} stroke={1.4} aria-hidden />}
      title={t(kind === 'people' ? 'noPeopleYet' : 'noCompaniesYet')}
    >
      <p>{t('noRecordsText')}</p>
      <div style={{ display: 'flex', gap: 8 }}>
        <Button component="a" href="/import">
          {t('importFile')}
        </Button>
        <Button variant="default" onClick={() => requestNew(kind)}>
          {t(kind === 'people' ? 'newPerson' : 'newCompany')}
        </Button>
      </div>
    </Empty>
  )
}
