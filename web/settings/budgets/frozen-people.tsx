import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api/client.ts'
import type { Freeze } from '../../api/shapes.ts'
import { useNames, useSession } from '../../frame/session.ts'
import { type Speak, useWords } from '../../language/words.tsx'
import { Initials, Lines } from '../../parts/marks.tsx'
import { Section } from '../settings.tsx'
import { freezesQuery } from './queries.ts'
import { ReasonDialog } from './reason-dialog.tsx'

export function FrozenPeople() {
  const t = useWords()
  const names = useNames()
  const { user } = useSession()
  const queries = useQueryClient()
  const { data } = useQuery(freezesQuery)
  const [letting, setLetting] = useState<Freeze>()
  if (!data) return <Lines count={2} />
  return (
    <Section title={t('frozenPeople')} text={t('frozenPeopleText')}>
      {!data.items.some((one) => !one.liftedAt) && <p className="k-dim">{t('nobodyFrozen')}</p>}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {data.items.map((one) => (
          <li key={one.id} className="k-task" style={{ alignItems: 'center' }}>
            <Initials name={names.user(one.userId)} id={one.userId} size={26} />
            <span style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
              {names.user(one.userId)}{' '}
              <span className="k-dim">{t('frozenWhen', { when: t.instant(one.since) })}</span>
              <br />
              <span className="k-dim k-small">
                {whyOf(t, one, names.user(one.by) || t('openingSystem'))}
                {one.liftedAt && (
                  <>
                    {' · '}
                    {t('lifted', {
                      who: names.user(one.liftedBy) || t('openingSystem'),
                      when: t.instant(one.liftedAt),
                      reason: one.liftReason ?? '',
                    })}
                  </>
                )}
              </span>
            </span>
            {!one.liftedAt && one.userId !== user.id && (
              <Button variant="default" size="compact-md" onClick={() => setLetting(one)}>
                {t('letGo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {letting && (
        <ReasonDialog
          title={t('letGoOf', { name: names.user(letting.userId) })}
          text={t('letGoText')}
          label={t('reasonWhy')}
          action={t('letGo')}
          close={() => setLetting(undefined)}
          send={async (reason) => {
            const { id, rowVersion } = letting
            await ask('POST', `/api/freezes/${id}/lift`, { body: { reason, rowVersion } })
            await queries.invalidateQueries({ queryKey: ['budgets'] })
          }}
        />
      )}
    </Section>
  )
}

function whyOf(t: Speak, { why, reason }: Freeze, who: string): string {
  return t(`frozenWhy.${why}`, { who, reason: reason ?? '' })
}
