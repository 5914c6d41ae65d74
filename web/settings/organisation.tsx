import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { ask } from '../api/client.ts'
import type { Organisation } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import { sessionQuery } from '../frame/session.ts'
import '../language/late-grants.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { InlineText } from '../record/inline.tsx'
import { MailServer } from './mail.tsx'
import { Section } from './settings.tsx'

const Safeguards = lazy(patient(() => import('../grants/safeguards.tsx')))
const SearchSettings = lazy(patient(() => import('./search.tsx')))
const key = ['organisation']

export function OrganisationSettings() {
  const t = useWords()
  const queries = useQueryClient()
  const organisation = useQuery({
    queryKey: key,
    queryFn: () => ask<Organisation>('GET', '/api/organisation'),
  })
  const change = async (edit: Partial<Organisation>): Promise<boolean> => {
    const now = queries.getQueryData<Organisation>(key)
    if (!now) return false
    try {
      const saved = await ask<Organisation>('PATCH', '/api/organisation', {
        body: { rowVersion: now.rowVersion, ...edit },
      })
      queries.setQueryData(key, saved)
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
      tell(t('saved'))
      return true
    } catch (error) {
      tellRefusal(t, error)
      return false
    }
  }
  if (!organisation.data) return <Lines />
  return (
    <>
      <Section title={t('organisationName')}>
        <InlineText
          label={t('organisationName')}
          value={organisation.data.name}
          canEdit
          save={(name) => change({ name })}
        />
      </Section>
      <Suspense fallback={<Lines />}>
        <Safeguards />
      </Suspense>
      <Suspense fallback={<Lines />}>
        <SearchSettings />
      </Suspense>
      <MailServer />
    </>
  )
}
