import { Button, Textarea } from '@mantine/core'
import { IconUrgent } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { BreakGlass, Safeguards } from '../api/shapes.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tellRefusal } from '../parts/tell.tsx'
import { BreakGlassCard } from './break-glass-card.tsx'

const REASON_MIN = 10

/** Opening it, and looking afterwards at what others opened. */
export function BreakGlassSection() {
  const t = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const list = useQuery({
    queryKey: ['break-glass', 'list'],
    queryFn: () => ask<{ items: BreakGlass[] }>('GET', '/api/break-glass'),
    staleTime: 0,
  })
  const items = list.data?.items ?? []
  const refresh = () => void queries.invalidateQueries({ queryKey: ['break-glass'] })
  const isOpen = items.some((one) => one.isLive && one.isOfThisSession)
  if (!may('break-glass:use') && items.length === 0) return null
  return (
    <section className="k-approvals" aria-label={t('breakGlass')}>
      <h2 className="k-subtitle">
        <IconUrgent size={16} stroke={1.7} aria-hidden /> {t('breakGlass')}
      </h2>
      {may('break-glass:use') && !isOpen && <Opening />}
      {items.map((one) => (
        <BreakGlassCard key={one.id} one={one} refresh={refresh} />
      ))}
    </section>
  )
}

function Opening() {
  const t = useWords()
  const [isAsked, setAsked] = useState(false)
  const [reason, setReason] = useState('')
  const [isBusy, setBusy] = useState(false)
  const lasts = useQuery({
    queryKey: ['safeguards'],
    queryFn: () => ask<Safeguards>('GET', '/api/safeguards'),
  }).data?.breakGlassMinutes
  const open = async () => {
    setBusy(true)
    await ask('POST', '/api/break-glass', { body: { reason: reason.trim() } })
      // Every list and every right is another from now on.
      .then(() => location.assign('/people'))
      .catch((error: unknown) => tellRefusal(t, error))
    setBusy(false)
  }
  return (
    <>
      <p className="k-dim" style={{ marginTop: 0 }}>
        {t('breakGlassText', { minutes: lasts ?? '…' })}
      </p>
      {!isAsked && (
        <Button variant="default" onClick={() => setAsked(true)}>
          {t('breakGlassAsk')}
        </Button>
      )}
      {isAsked && (
        <form noValidate onSubmit={sentBy(() => void open())}>
          <Textarea
            autoFocus
            autosize
            minRows={2}
            label={t('askReason')}
            description={t('breakGlassReasonHint')}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button
            type="submit"
            mt="sm"
            loading={isBusy}
            disabled={reason.trim().length < REASON_MIN}
          >
            {t('breakGlassOpen')}
          </Button>
        </form>
      )}
    </>
  )
}
