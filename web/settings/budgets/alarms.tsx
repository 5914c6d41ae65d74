import { Badge, Button, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../../api/client.ts'
import type { Alarm } from '../../api/shapes.ts'
import { useNames, useSession } from '../../frame/session.ts'
import { useWords } from '../../language/words.tsx'
import { Lines } from '../../parts/marks.tsx'
import { Section } from '../settings.tsx'
import { alarmsQuery } from './queries.ts'
import { ReasonDialog } from './reason-dialog.tsx'

const outcomes = ['rightful', 'mistake', 'misuse', 'test'] as const

/** What somebody must look at stands first. */
export function Alarms() {
  const t = useWords()
  const names = useNames()
  const { user } = useSession()
  const queries = useQueryClient()
  const { data } = useQuery(alarmsQuery)
  const [reviewing, setReviewing] = useState<Alarm>()
  const [outcome, setOutcome] = useState<string>('rightful')
  if (!data) return <Lines count={2} />
  return (
    <Section title={t('alarms')} text={t('alarmsText')}>
      {data.items.length === 0 && <p className="k-dim">{t('noAlarms')}</p>}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {data.items.map((one) => (
          <li key={one.id} className="k-task" style={{ alignItems: 'center' }}>
            <span style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
              {t(`alarm.${one.kind}`, {
                who: names.user(one.userId),
                kind: one.budgetKind ? t(`budget.${one.budgetKind}`) : '',
              })}{' '}
              {one.isOverdue && (
                <Badge color="red" variant="light" tt="none" fw={500}>
                  {t('alarmOverdue')}
                </Badge>
              )}
              <br />
              <span className="k-dim k-small">
                <time dateTime={one.at}>{t.instant(one.at)}</time>
                {one.outcome && one.reviewedAt && (
                  <>
                    {' · '}
                    {t('alarmReviewed', {
                      outcome: t(`outcome.${one.outcome}`),
                      who: names.user(one.reviewedBy),
                      when: t.instant(one.reviewedAt),
                    })}
                    {one.note && `: ${one.note}`}
                  </>
                )}
                {one.canaryIds.map((id) => (
                  <span key={id}>
                    {' · '}
                    <Link to="/people/$id" params={{ id }}>
                      {t('canaryOne')}
                    </Link>
                  </span>
                ))}
              </span>
            </span>
            {!one.reviewedAt && one.userId !== user.id && (
              <Button variant="default" size="compact-md" onClick={() => setReviewing(one)}>
                {t('alarmReview')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {reviewing && (
        <ReasonDialog
          title={t('alarmReview')}
          label={t('alarmNote')}
          action={t('save')}
          least={0}
          close={() => setReviewing(undefined)}
          send={async (note) => {
            const { id, rowVersion } = reviewing
            await ask('POST', `/api/alarms/${id}/review`, { body: { outcome, note, rowVersion } })
            await queries.invalidateQueries({ queryKey: ['budgets'] })
          }}
        >
          <Select
            mb="sm"
            label={t('alarmOutcome')}
            allowDeselect={false}
            data={outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))}
            value={outcome}
            onChange={(next) => next && setOutcome(next)}
          />
        </ReasonDialog>
      )}
    </Section>
  )
}
