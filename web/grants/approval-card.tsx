import { Badge, Button, Group, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { Approval } from '../api/shapes.ts'
import { useNames, useRoleName, useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { AskedErasure, AskedRecordsList } from './asked-records.tsx'
import { previewText } from './preview-text.ts'

type Way = 'approve' | 'refuse'

/** One request: who, what, why, until when; and what the reader can do with it. */
export function ApprovalCard({
  one,
  decide,
  withdraw,
  doNow,
}: {
  one: Approval
  decide?: (way: Way, note: string) => Promise<unknown>
  withdraw?: () => Promise<unknown>
  doNow?: () => Promise<unknown>
}) {
  const t = useWords()
  const names = { ...useNames(), role: useRoleName() }
  const { user } = useSession()
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState<string>()
  const run = (what: string, act: () => Promise<unknown>) => {
    setBusy(what)
    void act().finally(() => setBusy(undefined))
  }
  const { state, preview, reason } = one
  const isOpen = state === 'asked' || state === 'approved'
  return (
    <article className="k-approval">
      <header>
        {one.askedBy !== user.id && <strong>{names.user(one.askedBy)}</strong>}
        <time className="k-dim k-small" dateTime={one.askedAt}>
          {t.instant(one.askedAt)}
        </time>
        <span style={{ flex: 1 }} />
        <Badge variant="light" color={state === 'approved' ? 'petrol' : 'gray'} tt="none" fw={500}>
          {t(`approval.${state}`)}
        </Badge>
      </header>
      <p className="k-preview">{preview ? previewText(t, names, preview) : t('record-damaged')}</p>
      {decide && one.mayDecide && preview && /^(trash-|erase$)/.test(preview.what) && (
        <AskedRecordsList id={one.id} />
      )}
      {withdraw && preview?.what === 'erase' && <AskedErasure facts={preview.facts} />}
      <p>
        <span className="k-dim">{t('askReason')}: </span>
        {reason}
      </p>
      {one.decidedBy && (
        <p className="k-dim k-small">
          {t(state === 'refused' ? 'refusedBy' : 'approvedBy', {
            who: names.user(one.decidedBy),
            at: t.instant(one.decidedAt ?? one.askedAt),
          })}
          {one.note && `: ${one.note}`}
        </p>
      )}
      {isOpen && (
        <p className="k-dim k-small">{t('approvalUntil', { until: t.instant(one.expiresAt) })}</p>
      )}
      {decide && state === 'asked' && !one.mayDecide && (
        <p className="k-dim k-small">{t('approvalNotYou')}</p>
      )}
      {decide && one.mayDecide && (
        <>
          <Textarea
            autosize
            minRows={1}
            label={t('approvalNote')}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Group mt="sm">
            <Button
              loading={busy === 'approve'}
              onClick={() => run('approve', () => decide('approve', note.trim()))}
            >
              {t('approve')}
            </Button>
            <Button
              variant="default"
              loading={busy === 'refuse'}
              onClick={() => run('refuse', () => decide('refuse', note.trim()))}
            >
              {t('refuse')}
            </Button>
          </Group>
        </>
      )}
      {withdraw && isOpen && (
        <Group mt="sm">
          {doNow && state === 'approved' && (
            <Button loading={busy === 'do'} onClick={() => run('do', doNow)}>
              {t('doNow')}
            </Button>
          )}
          <Button
            variant="default"
            loading={busy === 'withdraw'}
            onClick={() => run('withdraw', withdraw)}
          >
            {t('withdraw')}
          </Button>
        </Group>
      )}
    </article>
  )
}
