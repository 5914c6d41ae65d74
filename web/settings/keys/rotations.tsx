import { Button, NumberInput, Progress } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api/client.ts'
import type { Keys, Rotation } from '../../api/shapes.ts'
import { useWords } from '../../language/words.tsx'
import { Lines } from '../../parts/marks.tsx'
import { tell, tellRefusal } from '../../parts/tell.tsx'
import { Section } from '../settings.tsx'

const WHAT = ['records', 'search', 'segments', 'organisation', 'algorithm'] as const
const LOOK_AGAIN_MS = 1_000
const key = ['keys']

export function Rotations() {
  const t = useWords()
  const queries = useQueryClient()
  const [rowsPerSecond, setRate] = useState<number>()
  const [busy, setBusy] = useState<string>()
  const keys = useQuery({
    queryKey: key,
    queryFn: () => ask<Keys>('GET', '/api/keys'),
    refetchInterval: ({ state }) => (state.data?.running ? LOOK_AGAIN_MS : false),
    staleTime: 0,
  })
  if (!keys.data) return <Lines />
  const { keystore, running, problem, last } = keys.data
  const begin = async (what: string) => {
    setBusy(what)
    const body = { what, ...(rowsPerSecond && { rowsPerSecond }) }
    await ask<Keys>('POST', '/api/keys/rotations', { body })
      .then((now) => {
        queries.setQueryData(key, now)
        tell(t('rotationBegun'))
      })
      .catch((error: unknown) => tellRefusal(t, error))
    setBusy(undefined)
  }
  return (
    <>
      <Section title={t('keystore')} text={t('keysText')}>
        {keystore.state === 'there' ? (
          <>
            <p>
              {t('keystoreThere', {
                count: t.number(keystore.segments),
                version: keystore.sealVersion,
              })}
            </p>
            <p>{t(keystore.isMirrored ? 'mirrorYes' : 'mirrorNo')}</p>
          </>
        ) : (
          <p role="alert">{t('keystoreAway')}</p>
        )}
      </Section>
      <Section title={t('rotations')} text={t('rotationsText')}>
        {running?.what === 'root' && <Running running={running} problem={problem} />}
        <NumberInput
          label={t('rate')}
          description={t('rateText')}
          placeholder="500"
          value={rowsPerSecond ?? ''}
          onChange={(next) => setRate(typeof next === 'number' ? next : undefined)}
          min={1}
          max={100_000}
          w={260}
          mb="md"
        />
        {WHAT.map((what) => {
          const newest = last.find((one) => one.what === what)
          return (
            <div key={what} className="k-card" style={{ marginBottom: 10 }}>
              <h3 style={{ margin: '0 0 4px', fontSize: 14 }}>{t(`rotation.${what}`)}</h3>
              <p style={{ margin: '0 0 6px' }}>{t(`rotationText.${what}`)}</p>
              <p className="k-dim k-small" style={{ margin: '0 0 8px' }}>
                {newest?.endedAt
                  ? t('rotationLast', { when: t.instant(newest.endedAt) })
                  : t('rotationNever')}
              </p>
              {newest && newest.unopened > 0 && (
                <p role="alert">
                  {t(
                    what === 'search' || what === 'algorithm'
                      ? `rotationUnopened.${what}`
                      : 'rotationUnopened.records',
                    { count: t.number(newest.unopened) },
                  )}
                </p>
              )}
              {running?.what === what && <Running running={running} problem={problem} />}
              <Button
                variant="default"
                leftSection={<IconRefresh size={15} aria-hidden />}
                aria-label={`${t('rotateNow')}: ${t(`rotation.${what}`)}`}
                disabled={running !== null || keystore.state === 'away'}
                loading={busy === what}
                onClick={() => void begin(what)}
              >
                {t('rotateNow')}
              </Button>
            </div>
          )
        })}
        <p className="k-dim">{t('rootByCommand')}</p>
      </Section>
    </>
  )
}

function Running({ running, problem }: { running: Rotation; problem: string | null }) {
  const t = useWords()
  const { what, done, total } = running
  const most = Math.max(done, total)
  const name = t('rotationNow', { what: t(`rotation.${what}`) })
  return (
    <div style={{ marginBottom: 10 }}>
      <p role="status" style={{ margin: '0 0 6px' }}>
        {name}
      </p>
      <Progress value={most > 0 ? (100 * done) / most : 0} animated aria-label={name} />
      <p className="k-dim k-small" style={{ margin: '6px 0 0' }}>
        {t('rotationDone', { done: t.number(done), total: t.number(most) })}
      </p>
      {problem && <p role="alert">{t('rotationStill', { why: problem })}</p>}
    </div>
  )
}
