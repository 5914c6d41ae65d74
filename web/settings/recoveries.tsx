import { Button, Checkbox, Group } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Recovery, ResetDone } from '../api/shapes.ts'
import { useNames, useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { Copy } from '../record/inline.tsx'
import '../language/late-access.ts'

export const recoveriesKey = ['recoveries']

function useRecoveries() {
  const queries = useQueryClient()
  const t = useWords()
  const { data } = useQuery({
    queryKey: recoveriesKey,
    queryFn: () => ask<{ items: Recovery[] }>('GET', '/api/recoveries'),
    staleTime: 0,
  })
  const refresh = () => queries.invalidateQueries({ queryKey: recoveriesKey })
  const stop = (one: Recovery) =>
    ask('DELETE', `/api/recoveries/${one.id}`)
      .then(() => tell(t('recoveryStopped')))
      .then(refresh)
      .catch((error: unknown) => tellRefusal(t, error))
  return { items: data?.items ?? [], refresh, stop }
}

/** What was asked about others' sign-in and is not over; a second administrator agrees here, or stops it. */
export function Recoveries() {
  const { user } = useSession()
  const { items, refresh, stop } = useRecoveries()
  const [links, setLinks] = useState<Record<string, string>>({})
  return items
    .filter((one) => one.userId !== user.id)
    .map((one) => (
      <RecoveryCard
        key={one.id}
        one={one}
        link={links[one.id]}
        stop={() => void stop(one)}
        agreed={(link) => {
          setLinks({ ...links, [one.id]: link })
          void refresh()
        }}
      />
    ))
}

function RecoveryCard({
  one,
  link,
  stop,
  agreed,
}: {
  one: Recovery
  link: string | undefined
  stop: () => void
  agreed: (link: string) => void
}) {
  const t = useWords()
  const names = useNames()
  const [hasSpoken, setSpoken] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const name = names.user(one.userId)
  const by = names.user(one.askedBy)
  const agree = () => {
    setBusy(true)
    ask<{ link: string }>('POST', `/api/recoveries/${one.id}/agree`)
      .then((reply) => agreed(reply.link))
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => setBusy(false))
  }
  return (
    <div className="k-card" style={{ marginBottom: 14 }} role="status">
      <p style={{ margin: '0 0 6px' }}>
        <strong>{t('recoveryAsked', { by, name })}</strong>
        <br />
        <span className="k-dim">{one.reason}</span>
      </p>
      {one.state === 'asked' && !one.mayAgree && (
        <p style={{ margin: '0 0 8px' }}>
          {t('recoveryWaiting', { when: t.instant(one.expiresAt) })}
        </p>
      )}
      {one.mayAgree && (
        <>
          <p style={{ margin: '0 0 8px' }}>{t('recoveryMustSee', { name })}</p>
          <Checkbox
            mb="sm"
            label={t('recoverySpoke', { name })}
            checked={hasSpoken}
            onChange={(event) => setSpoken(event.currentTarget.checked)}
          />
        </>
      )}
      {link && (
        <>
          <p style={{ margin: '0 0 6px' }}>{t('recoveryAgreedLink', { name, by })}</p>
          <Secret value={link} />
        </>
      )}
      {one.state === 'agreed' && !link && (
        <p style={{ margin: '0 0 6px' }}>
          {t('recoveryAgreed', { by: names.user(one.agreedBy), name })}
        </p>
      )}
      {one.code && (
        <>
          <p style={{ margin: '0 0 6px' }}>{t('recoveryCodeForYou', { name })}</p>
          <Secret value={one.code} />
        </>
      )}
      <Group gap="xs" mt="xs">
        {one.mayAgree && (
          <Button loading={isBusy} disabled={!hasSpoken} onClick={agree}>
            {t('agree')}
          </Button>
        )}
        <Button variant="default" onClick={stop}>
          {t('stopIt')}
        </Button>
      </Group>
    </div>
  )
}

/** The same for the one it is about, on their own page. */
export function OwnRecovery() {
  const t = useWords()
  const names = useNames()
  const { user } = useSession()
  const { items, stop } = useRecoveries()
  return items
    .filter((one) => one.userId === user.id)
    .map((one) => (
      <div key={one.id} className="k-card" style={{ marginBottom: 20 }} role="alert">
        <p style={{ margin: '0 0 8px' }}>{t('ownRecovery', { by: names.user(one.askedBy) })}</p>
        <Button onClick={() => void stop(one)}>{t('stopIt')}</Button>
      </div>
    ))
}

/** What came of resetting somebody's factors. */
export function ResetResult({ result }: { result: ResetDone }) {
  const t = useWords()
  if (result.kind === 'asked')
    return (
      <div className="k-card" style={{ marginBottom: 14 }} role="status">
        {t('resetAsked')}
      </div>
    )
  return (
    <div className="k-card" style={{ marginBottom: 14 }} role="status">
      <p style={{ margin: '0 0 6px' }}>{t('resetLinkText')}</p>
      <Secret value={result.link} />
      <p style={{ margin: '10px 0 6px' }}>{t(result.code ? 'resetCodeText' : 'resetCodeMailed')}</p>
      {result.code && <Secret value={result.code} />}
    </div>
  )
}

export function Secret({ value }: { value: string }) {
  return (
    <div className="k-value-line">
      <code style={{ overflowWrap: 'anywhere' }}>{value}</code>
      <Copy value={value} />
    </div>
  )
}
