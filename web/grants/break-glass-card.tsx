import { Badge, Button, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { BreakGlass, OpenedRecords } from '../api/shapes.ts'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tellRefusal } from '../parts/tell.tsx'

/** One time that the glass was broken: why, what was opened, and who signed for it. */
export function BreakGlassCard({ one, refresh }: { one: BreakGlass; refresh: () => void }) {
  const t = useWords()
  const names = useNames()
  const [isShown, setShown] = useState(false)
  const state = one.isLive ? 'live' : one.reviewedAt ? 'reviewed' : 'waiting'
  const end = () =>
    ask('POST', `/api/break-glass/${one.id}/end`)
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(refresh)
  return (
    <article className="k-approval">
      <header>
        <strong>{names.user(one.userId)}</strong>
        <span className="k-dim k-small">
          {t('breakGlassFromTo', {
            from: t.instant(one.openedAt),
            to: t.instant(one.endedAt ?? one.endsAt),
          })}
        </span>
        <span style={{ flex: 1 }} />
        <Badge variant="light" color={state === 'live' ? 'red' : 'gray'} tt="none" fw={500}>
          {t(`breakGlass.${state}`)}
        </Badge>
      </header>
      <p>
        <span className="k-dim">{t('askReason')}: </span>
        {one.reason}
      </p>
      {one.reviewedBy && (
        <p className="k-dim k-small">
          {t('reviewedBy', { who: names.user(one.reviewedBy) })}: {one.review}
        </p>
      )}
      {one.isLive && (
        <Button variant="default" onClick={() => void end()}>
          {t('breakGlassEnd')}
        </Button>
      )}
      {one.mayReview && !isShown && <Button onClick={() => setShown(true)}>{t('review')}</Button>}
      {isShown && <Review one={one} refresh={refresh} />}
    </article>
  )
}

function Review({ one, refresh }: { one: BreakGlass; refresh: () => void }) {
  const t = useWords()
  const [review, setReview] = useState('')
  const [isBusy, setBusy] = useState(false)
  const opened = useQuery({
    queryKey: ['break-glass', one.id, 'openings'],
    queryFn: () => ask<OpenedRecords>('GET', `/api/break-glass/${one.id}/openings`),
  })
  const sign = async () => {
    setBusy(true)
    await ask('POST', `/api/break-glass/${one.id}/review`, { body: { review: review.trim() } })
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(refresh)
    setBusy(false)
  }
  if (!opened.data) return <Lines />
  const { items, listed } = opened.data
  const records = [...new Map(items.map((line) => [line.subject?.id, line])).values()]
  return (
    <>
      <p style={{ marginBottom: 4 }}>
        {t.count('breakGlassOpenedOne', 'breakGlassOpenedMany', records.length)}{' '}
        {listed > 0 && (
          <span className="k-dim">
            {t.count('breakGlassListedOne', 'breakGlassListedMany', listed)}
          </span>
        )}
      </p>
      <ul className="k-opened">
        {records.map((line) => (
          <li key={line.subject?.id ?? line.at}>
            {line.subject ? (
              <Link
                to={line.subject.kind === 'person' ? '/people/$id' : '/companies/$id'}
                params={{ id: line.subject.id }}
              >
                {line.name ?? t('aRecord')}
              </Link>
            ) : (
              t('aRecord')
            )}{' '}
            <span className="k-dim k-small">
              {t.instant(line.at)}
              {line.isOwn && ` · ${t('breakGlassOwn')}`}
            </span>
          </li>
        ))}
      </ul>
      <Textarea
        autosize
        minRows={2}
        label={t('reviewFound')}
        maxLength={2000}
        value={review}
        onChange={(event) => setReview(event.currentTarget.value)}
      />
      <Button
        mt="sm"
        loading={isBusy}
        disabled={review.trim().length < 3}
        onClick={() => void sign()}
      >
        {t('reviewSign')}
      </Button>
    </>
  )
}
