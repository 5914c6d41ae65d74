import { Button, Progress } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '../api/client.ts'
import type { Imported, ImportRun } from '../api/shapes.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'

const LOOK_AGAIN_MS = 700

export type RunRows = ImportRun & Pick<Imported, 'rows'>

/** How far an import is, as the server has it, with a way to stop it and to go on. */
export function Running({ importId, done }: { importId: string; done: (run: RunRows) => void }) {
  const t = useWords()
  const queries = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const run = useQuery({
    queryKey: ['imports', importId],
    queryFn: () => ask<RunRows>('GET', `/api/imports/${importId}`),
    refetchInterval: LOOK_AGAIN_MS,
    staleTime: 0,
  })
  const isDone = run.data?.state === 'done'
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once, when it is done
  useEffect(() => {
    const ended = run.data
    if (!isDone || !ended) return
    // Whoever saw it end here need not be told of it.
    const read = ask('POST', '/api/notifications/read', { body: { ids: [importId] } })
    void read
      .catch(() => {})
      .then(() => queries.invalidateQueries())
      .then(() => done(ended))
  }, [isDone])
  const change = async (what: 'pause' | 'resume') => {
    setBusy(true)
    try {
      await ask('POST', `/api/imports/${importId}/${what}`)
      await run.refetch()
    } catch (error) {
      tellRefusal(t, error)
    } finally {
      setBusy(false)
    }
  }
  const { state = 'running', read = 0, total = 0, secondsLeft = null } = run.data ?? {}
  const isRunning = state === 'running' || isDone
  const label = isRunning ? t('importing', { count: t.number(total) }) : t('importStopped')
  return (
    <>
      <p role="status">{label}</p>
      <Progress
        value={total > 0 ? (100 * read) / total : 0}
        animated={isRunning}
        aria-label={label}
      />
      <p className="k-dim k-small">
        {t('importingDone', { done: t.number(read), count: t.number(total) })}
        {isRunning && secondsLeft !== null && ` · ${timeLeft(t, secondsLeft)}`}
      </p>
      <p className="k-dim">
        {isRunning
          ? t('importLeave')
          : t(state === 'failed' ? 'importFailed' : 'importStoppedText')}
      </p>
      <div className="k-actions">
        <Button
          variant={isRunning ? 'default' : 'filled'}
          loading={isBusy}
          disabled={isDone || !run.data}
          leftSection={
            isRunning ? (
              <IconPlayerPause size={15} aria-hidden />
            ) : (
              <IconPlayerPlay size={15} aria-hidden />
            )
          }
          onClick={() => void change(isRunning ? 'pause' : 'resume')}
        >
          {t(isRunning ? 'pause' : 'resume')}
        </Button>
      </div>
    </>
  )
}

export function timeLeft(t: Speak, seconds: number): string {
  const time =
    seconds < 90
      ? t('timeSeconds', { count: Math.max(1, seconds) })
      : t('timeMinutes', { count: Math.round(seconds / 60) })
  return t('timeLeft', { time })
}
