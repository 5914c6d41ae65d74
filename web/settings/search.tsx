import { Switch } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { SearchChange, SearchState } from '../api/shapes.ts'
import '../language/late-search.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tellRefusal } from '../parts/tell.tsx'
import { NamePrefixes } from './name-prefixes.tsx'
import { Section } from './settings.tsx'

const key = ['search-state']
const LOOK_AGAIN_MS = 1_000
// Of a name without a letter there is nothing to find, so that a few may never be found.
const SELDOM_MS = 5_000
const MB = 1_048_576

/** What can be found, what that costs, and the switch for what people wrote. */
export default function SearchSettings() {
  const t = useWords()
  const queries = useQueryClient()
  // Until it is answered, whatever is looked up meanwhile.
  const [chosen, setChosen] = useState<boolean>()
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => ask<SearchState>('GET', '/api/search'),
    // Until every host did what the switch says.
    refetchInterval: ({ state }) => lookAgain(state.data),
  })
  const change = async (choice: Omit<SearchChange, 'rowVersion'>) => {
    if (!data) return
    setChosen(choice.isContentSearched)
    try {
      const saved = await ask<SearchState>('PATCH', '/api/search', {
        body: { rowVersion: data.rowVersion, ...choice },
      })
      queries.setQueryData(key, saved)
    } catch (error) {
      tellRefusal(t, error)
      await queries.invalidateQueries({ queryKey: key })
    } finally {
      setChosen(undefined)
    }
  }
  if (!data) return <Lines />
  const megabytes = (bytes: number) => t.number(Math.round(bytes / MB))
  const { contents } = data
  return (
    <Section title={t('searchSetting')} text={t('searchSettingText')}>
      {data.isIndexOff ? (
        <p role="status" style={{ margin: 0 }}>
          {t('searchOff')}
        </p>
      ) : (
        <>
          <p role="status" style={{ margin: '0 0 12px' }}>
            {data.isIndexReady
              ? t('searchReady', {
                  records: t.number(data.records),
                  memory: megabytes(data.memoryBytes),
                })
              : t('searchFilling', { share: Math.round(data.indexProgress * 100) })}
          </p>
          <Switch
            label={t('contentSearch')}
            description={t('contentSearchHint')}
            checked={chosen ?? data.isContentSearched}
            onChange={(event) => void change({ isContentSearched: event.currentTarget.checked })}
          />
          <p
            className="k-dim k-small"
            role="status"
            style={{ margin: '8px 0 0', maxWidth: '64ch' }}
          >
            {t(`contents.${contents}`, {
              texts: t.number(data.texts),
              size: t.number(Math.ceil(data.textBytes / MB)),
            })}
          </p>
        </>
      )}
      <NamePrefixes names={data.names} choose={change} />
    </Section>
  )
}

function lookAgain(data: SearchState | undefined): number | false {
  if (!isSettled(data)) return LOOK_AGAIN_MS
  return data && data.names.found < data.names.records ? SELDOM_MS : false
}

function isSettled(data: SearchState | undefined): boolean {
  if (!data || data.names.isWriting) return false
  if (data.isIndexOff) return true
  if (!data.isIndexReady) return false
  return data.contents === (data.isContentSearched ? 'on' : 'off')
}
